"""Health, readiness, metrics, and the administrator's page about the machine."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from learnhub.audit import job_runs
from learnhub.kernel.clock import utcnow
from learnhub.kernel.clock_watch import LARGEST_DIFFERENCE, database_now
from learnhub.kernel.db import at_hand, db
from learnhub.kernel.words import _ as lazy
from learnhub.organisations.permissions import Permission
from learnhub.web.context import arrived
from learnhub.web.guards import public, requires
from learnhub.web.health import metrics

area = Blueprint("health", __name__)

TASKS = {
    "close overdue attempts": lazy("Close overdue attempts"),
    "pay passes": lazy("Post points of passes whose marks are shown"),
    "give granted time": lazy("Apply granted time"),
    "draw papers beforehand": lazy("Draw papers in advance"),
    "mail sign-in codes": lazy("Send sign-in codes by mail"),
    "compare attempts": lazy("Compare answers of a quiz"),
    "watch the clocks": lazy("Compare the clocks"),
    "write exports": lazy("Write exports"),
    "work on rosters": lazy("Read and write long rosters"),
    "sign the ledger": lazy("Sign the ledger"),
    "carry out transfers": lazy("Carry out transfers"),
    "change the tree": lazy("Carry out planned changes of the tree"),
    "index questions": lazy("Index questions"),
    "tell of sources": lazy("Tell of sources that are over"),
    "clear files of banks": lazy("Clear away files of banks that nothing uses"),
    "tell deputies": lazy("Notify deputies"),
    "forget old counts": lazy("Forget old counts"),
}
"""The tasks of the clock by their names, in words."""
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
"""What the databases are called."""


@area.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """This process answers."""
    return jsonify({"status": "ok"})


@area.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """The database answers, has our tables, and its clock agrees with this machine's to a second."""
    checks = readiness()
    good = all(check["ok"] for check in checks.values())
    return jsonify({"status": "ready" if good else "not ready", "checks": checks}), 200 if good else 503


@area.get("/metrics")
@public
def figures() -> ResponseReturnValue:
    """Figures for Prometheus; they name endpoints, never people."""
    return Response(metrics.text(), mimetype="text/plain; version=0.0.4")


@area.get("/status")
@requires(Permission.ADMINISTER)
def status() -> ResponseReturnValue:
    """What an administrator wants to know at a glance: checks, engine, sizes."""
    rows = [
        (table.name, db.session.scalar(select(func.count()).select_from(table)))
        for table in db.metadata.sorted_tables
        if table.name in {"member", "unit", "course", "question", "quiz", "attempt", "ledger", "audit_entry"}
    ]
    runs = job_runs.latest()
    return render_template(
        "health/status.html",
        checks=readiness(),
        rows=rows,
        engine=ENGINES.get(db.engine.dialect.name, db.engine.dialect.name),
        runs=runs,
        clock=job_runs.clock_runs(runs, arrived()),
        tasks=TASKS,
    )


def readiness() -> dict[str, dict[str, Any]]:
    """Each check with its outcome."""
    try:
        with at_hand() as connection:
            moment = database_now(connection)
            connection.execute(text("SELECT 1 FROM member LIMIT 1"))
    except SQLAlchemyError as error:
        return {"database": {"ok": False, "error": type(error).__name__}}
    difference = abs(utcnow() - (moment or utcnow()))
    return {
        "database": {"ok": True},
        "clock": {
            "ok": difference <= LARGEST_DIFFERENCE,
            "difference_seconds": round(difference.total_seconds(), 3),
        },
    }
