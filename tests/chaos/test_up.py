"""A server whose processes are killed again and again is there again, until it is asked to end."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.server import Server, set_up


def children(server: Server, *, clock: bool) -> list[psutil.Process]:
    """The web processes of a server, or its clock."""
    assert server.process is not None
    alive = []
    for child in psutil.Process(server.process.pid).children():
        try:
            words = child.cmdline()
        except psutil.Error:
            continue
        if words and ("jobs" in words) == clock and "resource_tracker" not in " ".join(words):
            alive.append(child)
    return alive


def waits_for(found: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(server: Server) -> bool:
    try:
        return urllib.request.urlopen(f"{server.url}/readyz", timeout=1).status == 200
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_e20_a_server_whose_only_worker_and_clock_are_killed_again_and_again_comes_back(tmp_path: Path) -> None:
    server = Server(tmp_path)
    set_up(server, demo=False)
    server.start()
    try:
        (clock,) = children(server, clock=True)
        clock.kill()
        for _kill in range(3):
            (worker,) = children(server, clock=False)
            worker.kill()
            worker.wait(10)
            waits_for(lambda: children(server, clock=False) and answers(server))
        waits_for(lambda: [one for one in children(server, clock=True) if one.pid != clock.pid])
        assert "started anew" in (tmp_path / "server.log").read_text()
        assert server.process is not None
        assert server.process.poll() is None
    finally:
        server.stop()
    assert server.process.poll() == 0, "it ends when it is asked to"


@pytest.mark.timeout(60)
def test_an_address_that_is_taken_is_told_in_words(tmp_path: Path) -> None:
    server = Server(tmp_path)
    set_up(server, demo=False)
    with socket.create_server(("127.0.0.1", server.port)):
        told = server.command("serve", "--port", str(server.port), "--no-jobs", check=False)
    assert told.returncode == 1
    assert f"127.0.0.1:{server.port} can't be had" in told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
