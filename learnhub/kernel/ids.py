"""Ids made by the application: 63-bit integers, roughly ordered by time, unique without asking the database."""

from __future__ import annotations

import os
import secrets
import threading
import time

EPOCH_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z in milliseconds since 1970: the zero of the time part."""

NODE_BITS = 10
COUNTER_BITS = 12


class IdMaker:
    """41 bits of milliseconds, 10 bits of node, 12 bits of counter.

    A process takes a random node number, anew after a fork, so that workers on one machine do not collide.
    When the clock steps back or a millisecond is used up, the maker goes on from the last id it gave.
    """

    def __init__(self, node: int | None = None) -> None:
        self._lock = threading.Lock()
        self._node = secrets.randbelow(1 << NODE_BITS) if node is None else node
        self._last = 0

    def new(self) -> int:
        """The next id: greater than every id this maker gave before."""
        tick = max(time.time_ns() // 1_000_000 - EPOCH_MS, 0) << COUNTER_BITS
        with self._lock:
            self._last = max(tick, self._last + 1)
            ms, counter = self._last >> COUNTER_BITS, self._last & ((1 << COUNTER_BITS) - 1)
            return (ms << (NODE_BITS + COUNTER_BITS)) | (self._node << COUNTER_BITS) | counter


_maker = IdMaker()


def new_id() -> int:
    """A fresh id from this process's maker."""
    return _maker.new()


def _after_fork() -> None:
    global _maker
    _maker = IdMaker()


os.register_at_fork(after_in_child=_after_fork)
