"""What posting points costs: key, chain and balances of six periods, against a bare insert and commit."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, insert, text

from benchmarks.harness import application, best_of, cpu_seconds, options, report
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import Membership
from learnhub.points import ledger
from learnhub.points.ledger import LEDGER

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
MEMBERS = 200

_sources = itertools.count()


def post(member_id: int) -> None:
    """One post through the ledger, committed."""
    ledger.post(
        member_id,
        kind="gift",
        source_id=f"gift:{next(_sources)}",
        points=1,
        reason=_("A gift"),
        occurred_at=NOW,
        now=NOW,
    )
    db.session.commit()


def bare_table() -> Table:
    """A table with the ledger's columns and neither key, index nor guard."""
    bare = Table("bare", MetaData(), *(Column(column.name, column.type) for column in LEDGER.columns))
    bare.create(db.engine)
    return bare


def database_level(sample: dict[str, Any], rounds: int) -> tuple[float, float]:
    """CPU seconds of a bare insert and of the ledger's own writing statements, prepared text, each round committed."""
    seen: list[tuple[str, Any]] = []

    from sqlalchemy import event

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    post(sample["member_id"])
    bare = bare_table()
    db.session.execute(insert(bare), [sample])
    db.session.commit()
    event.remove(db.engine, "before_cursor_execute", note)
    *posting, plain = seen
    raw = db.engine.raw_connection()
    cursor = raw.cursor()
    begin, commit = ("BEGIN IMMEDIATE", "COMMIT") if db.engine.dialect.name == "sqlite" else ("", "")

    def run(statements: list[tuple[str, Any]]) -> None:
        for n in range(rounds):
            if begin:
                cursor.execute(begin)
            for statement, parameters in statements:
                cursor.execute(statement, _renewed(statement, parameters, n))
            if commit:
                cursor.execute(commit)
            else:
                raw.commit()

    run(posting)
    costs = [cpu_seconds(lambda: run([plain])), cpu_seconds(lambda: run(posting))]
    raw.close()
    return costs[0] / rounds, costs[1] / rounds


def _renewed(statement: str, parameters: Any, n: int) -> Any:
    """The parameters of an insert into the ledger with a key of its own; others as they are."""
    del n
    if not statement.startswith("INSERT INTO ledger ("):
        return parameters
    number = next(_sources)
    if isinstance(parameters, dict):
        return {**parameters, "id": number, "sequence": 10_000_000 + number, "source_id": f"raw:{number}"}
    names = [name.strip() for name in statement[statement.index("(") + 1 : statement.index(")")].split(",")]
    fresh = dict(zip(names, parameters, strict=False))
    fresh |= {"id": number, "sequence": 10_000_000 + number, "source_id": f"raw:{number}"}
    return tuple(fresh[name] for name in names)


def main() -> None:
    """Measure through the application and at the level of the database."""
    asked = options("ledger_post", 4000, 1000, __doc__ or "")
    with application(asked):
        unit = units.new_unit("HQ", "Committee", NOW)
        ids = list(range(1_000_000, 1_000_000 + MEMBERS))
        fields = {"state": "active", "test": False, "created_at": NOW}
        rows = [{"id": i, "number": f"N{i}", "sign_in_name": f"n{i}", "name": f"Member {i}", **fields} for i in ids]
        db.session.execute(insert(Member), rows)
        belongs = {"unit_id": unit.id, "primary": True, "starts_on": NOW.date().replace(month=1)}
        db.session.execute(insert(Membership), [{"id": i, "member_id": i, **belongs} for i in ids])
        db.session.commit()
        chance = random.Random(1)
        bare = Table("bare_through", MetaData(), *(Column(column.name, column.type) for column in LEDGER.columns))
        bare.create(db.engine)
        post(ids[0])
        sample = dict(db.session.execute(LEDGER.select()).one()._mapping)
        db.session.commit()

        def plain() -> None:
            for _n in range(asked.size // 4):
                db.session.execute(insert(bare), [sample])
                db.session.commit()

        def posts() -> None:
            for _n in range(asked.size // 4):
                post(chance.choice(ids))

        plain()
        through = best_of(3, plain) / (asked.size // 4), best_of(3, posts) / (asked.size // 4)
        db.session.remove()
        insert_cost, post_cost = database_level(sample, asked.size)
        count = db.session.scalar(text("SELECT count(*) FROM ledger"))
        report(
            asked,
            ratio=insert_cost / post_cost,
            goal="at least 0.50 at the level of the database",
            baseline="bare insert and commit",
            cpu_ms_per_post_database=post_cost * 1000,
            cpu_ms_per_insert_database=insert_cost * 1000,
            cpu_ms_per_post=through[1] * 1000,
            cpu_ms_per_insert=through[0] * 1000,
            ratio_through_the_application=through[0] / through[1],
            entries=count,
        )


if __name__ == "__main__":
    main()
