"""Several nodes on one database, and a front door that sends each call to one of them, as a load balancer does."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.hall import Hall
from tests.chaos.sitters import Log, Sitter
from tests.server import Server


@dataclass
class FrontDoor:
    """The nodes that take calls now, in turn. A node that is restarted is taken out before and put back when ready."""

    servers: list[Server]
    lock: threading.Lock = field(default_factory=threading.Lock)
    turn: int = 0

    def port(self) -> int:
        """The node whose turn it is."""
        with self.lock:
            self.turn += 1
            return self.servers[self.turn % len(self.servers)].port

    @contextmanager
    def without(self, server: Server) -> Iterator[None]:
        """No new call goes to this node inside."""
        with self.lock:
            self.servers = [one for one in self.servers if one is not server]
        yield
        with self.lock:
            self.servers = [*self.servers, server]


class CountingSitter(Sitter):
    """A member behind the front door, who counts how often a call had to be tried again."""

    def __init__(self, hall: Hall, door: FrontDoor, token: str, seed: int, log: Log, deadline: float) -> None:
        super().__init__(hall, token, seed, log, deadline)
        self.door = door
        self.retries = 0

    def port(self) -> int:
        """Where the next call goes."""
        return self.door.port()

    def failed(self, status: int) -> None:
        """A call without an answer, or with one that says: later."""
        self.retries += status != 429


def rolling_restart(door: FrontDoor, servers: Sequence[Server]) -> int:
    """Restart one node after another while the others serve; gives how many."""
    for server in servers:
        with door.without(server):
            server.stop()
            server.start()
    return len(servers)
