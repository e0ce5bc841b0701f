"""Work from many threads at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError

from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db, unit_of_work
from question_bank import authoring


def at_once(app: Flask, work: Callable[[int], Any], times: int) -> list[Any]:
    """Carry out `work(0)` … `work(times - 1)` at once, each in a context and transaction of its own.

    What the test wrote before is committed. Results in order, or the exceptions. Who finds the database busy for
    too long asks again, as a browser does after a 503.
    """
    db.session.commit()
    gate, results = threading.Barrier(times), [None] * times

    def run(n: int) -> None:
        with app.app_context():
            gate.wait(30)
            for _try in range(10):
                try:
                    results[n] = work(n)
                    db.session.commit()
                    break
                except OperationalError as error:
                    db.session.rollback()
                    results[n] = error  # type: ignore[call-overload]
                except Exception as error:
                    db.session.rollback()
                    results[n] = error  # type: ignore[call-overload]
                    break
            db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def others_write(app: Flask, seconds: float = 4) -> None:
    """Somebody else writes at this moment, in the middle of long work, and need not wait until it is done."""
    written: list[bool] = []

    def write() -> None:
        with app.app_context(), unit_of_work():
            authoring.create_bank(f"meanwhile-{id(written)}", "Meanwhile", utcnow())
            written.append(True)

    other = threading.Thread(target=write, daemon=True)
    other.start()
    other.join(seconds)
    assert written, "others wait until it is done"
