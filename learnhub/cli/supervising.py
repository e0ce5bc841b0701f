"""What keeps a server up: its web processes and its clock are started anew when something kills them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog

GIVES_UP_AFTER = 5
WITHIN = 60.0
"""A server that ended so often within so many seconds is not started again: something is wrong with it."""
PAUSE = 0.5
"""Seconds until the next start."""
LONG_PAUSE = 10.0
"""Seconds until a clock starts again that ended in order: it was asked to, and so is the server most likely."""

log = structlog.get_logger()


def keep_up(make: Callable[[], Any]) -> None:
    """Serve with what `make` gives (a Granian) until somebody asks it to end.

    Granian itself starts a worker again that died, and ends with all its workers when one dies twice within seconds, as
    it may when memory is short: then a new one is started. SystemExit when it gives up; RuntimeError when its address
    can't be had.
    """
    ends: deque[float] = deque(maxlen=GIVES_UP_AFTER)
    while True:
        server = make()
        try:
            server.serve()
        except (SystemExit, RuntimeError) as end:
            never_ran = isinstance(end, RuntimeError) and not ends
            ends.append(time.monotonic())
            too_often = len(ends) == GIVES_UP_AFTER and ends[-1] - ends[0] < WITHIN
            if never_ran or too_often or server.interrupt_signal:
                raise
        else:
            return
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)  # who asks it to end in this moment is heard too
        log.error("the web processes ended again and again; they are started anew")
        time.sleep(PAUSE)


class Clock:
    """`learnhub jobs` as a child, started again when it ends before it is asked to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._child = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "learnhub.cli", "jobs", "--parent", str(os.getpid())])

    def _watch(self) -> None:
        while True:
            code = self._child.wait()
            if self._asked.wait(PAUSE if code else LONG_PAUSE):
                return
            log.error("the clock ended; it is started anew", code=code)
            with self._lock:
                if self._asked.is_set():
                    return
                self._child = self._start()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        with self._lock:
            self._asked.set()
        self._child.send_signal(signal.SIGTERM)
        self._child.wait(10)
