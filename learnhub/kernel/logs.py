"""Logs as lines of JSON on standard error: one event a line, times in UTC, tracebacks without anybody's values."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import structlog


def configure() -> None:
    """Set the form of all log lines. Local variables never stand in them: a form or a password may be among those."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("event"),
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _line(event: dict[str, Any], **options: Any) -> str:
    return orjson.dumps(event, default=options.get("default", str), option=orjson.OPT_NON_STR_KEYS).decode()
