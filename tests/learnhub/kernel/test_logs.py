"""Log lines: one JSON object each, and nobody's values in a traceback."""

from __future__ import annotations

import json

import pytest
import structlog

from learnhub.kernel import logs


def test_an_error_s_line_holds_the_traceback_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    password = "hunter2-not-for-logs"  # noqa: F841
    try:
        raise RuntimeError("it broke")
    except RuntimeError:
        structlog.get_logger().exception("unforeseen error", id="abc")
    (line,) = capsys.readouterr().err.strip().splitlines()
    event = json.loads(line)
    assert (event["event"], event["id"], event["level"]) == ("unforeseen error", "abc", "error")
    assert "it broke" in event["exception"]
    assert "hunter2" not in line


def test_a_line_cannot_be_forged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("sign in", name='x"\n{"event": "forged"}')
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
