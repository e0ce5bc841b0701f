"""Who arrives in the lobby of a process at the same moment is written in one transaction: thousands come in seconds,
and a commit for each would be what they wait for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from learnhub.kernel.db import db, unit_of_work
from learnhub.quizzes import lobby


@dataclass
class Arrival:
    """A member who comes to a quiz."""

    quiz_id: int
    member_id: int
    at: datetime
    written: bool = False

    def write(self) -> None:
        """Stand at the end of the lobby."""
        lobby.arrive(self.quiz_id, self.member_id, self.at)


class Arrivals:
    """Those of a process that are not written yet. Whoever finds nobody writing writes for all who wait by then."""

    def __init__(self) -> None:
        self._waiting: list[Arrival] = []
        self._list = threading.Lock()
        self._writing = threading.Lock()

    def write(self, arrival: Arrival) -> None:
        """Return when the arrival is in the database, committed.

        What the request did so far is rolled back before it waits: it must hold nothing that the writer waits for.
        """
        db.session.rollback()
        with self._list:
            self._waiting.append(arrival)
        with self._writing:
            if arrival.written:
                return
            with self._list:
                batch, self._waiting = self._waiting, []
            try:
                self._write(batch)
            except SQLAlchemyError:
                self._write([arrival])

    @staticmethod
    def _write(batch: list[Arrival]) -> None:
        """All of them or none: where one can't be written, each writes itself when its turn comes."""
        with unit_of_work():
            for one in batch:
                one.write()
        for one in batch:
            one.written = True
