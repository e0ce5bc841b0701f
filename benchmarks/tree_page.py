"""A level of the tree and a search in it, with many units and members, against a read by key."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from benchmarks.harness import analyse, application, best_of, options, report
from learnhub.identity.models import Member
from learnhub.kernel.db import db, reading
from learnhub.organisations import browsing, headcounts, unit_index, units
from learnhub.organisations.models import Membership, Unit, UnitGram, UnitPath
from learnhub.organisations.permissions import GRANTED, Permission, Role
from learnhub.organisations.scope import Held, Scope

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PER_UNIT = 50
"""Members of each unit."""
PER_LEVEL = 25
"""Units below each."""
PAGES = 40


def populate(top: Unit, first: int, members: int, person: Callable[[int], dict[str, Any]] | None = None) -> list[int]:
    """Units below a top, each with fifty members, who are as `person` makes them; the ids of the units."""
    person = person or plain_member
    count = max(members // PER_UNIT, 1)
    ids = [first + n for n in range(count)]
    paths = [[top.id]]
    for n, unit_id in enumerate(ids):
        paths.append([unit_id, *paths[n // PER_LEVEL]])
    named = [(f"C{unit_id}", f"第{n}支部") for n, unit_id in enumerate(ids)]
    words = [unit_index.words_of(*one) for one in named]
    _write(Unit, (_unit(ids[n], *named[n], words[n], paths[n + 1][1]) for n in range(count)))
    _write(UnitPath, (_path(at, one, paths[n + 1][0]) for n in range(count) for at, one in enumerate(paths[n + 1])))
    _write(UnitGram, (row for n in range(count) for row in unit_index.gram_rows(ids[n], words[n])))
    _write(Member, (person(first + n) for n in range(members)))
    joined = NOW.date().replace(month=1, day=1)
    _write(
        Membership,
        (
            {"id": first + n, "member_id": first + n, "unit_id": ids[n % count], "primary": True, "starts_on": joined}
            for n in range(members)
        ),
    )
    return ids


def _unit(unit_id: int, code: str, name: str, words: str, parent_id: int) -> dict[str, Any]:
    row = {"id": unit_id, "code": code, "name": name, "kind": "branch", "parent_id": parent_id, "position": 0}
    return {**row, "words": words, "created_at": NOW}


def _path(depth: int, above_id: int, below_id: int) -> dict[str, Any]:
    return {"above_id": above_id, "below_id": below_id, "depth": depth}


def plain_member(member_id: int) -> dict[str, Any]:
    """The row of a member who is called like all others."""
    row = {"id": member_id, "number": f"N{member_id}", "sign_in_name": f"n{member_id}", "name": "Member"}
    return {**row, "state": "active", "test": False, "created_at": NOW}


def _write(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    while part := list(islice(rows, 20_000)):
        db.session.execute(insert(model), part)
        db.session.commit()


def cost(ids: list[int], look: Callable[[int], Any]) -> float:
    """CPU seconds of one look, each at another unit."""
    chosen = random.Random(1).sample(ids, min(PAGES, len(ids)))

    def looks() -> None:
        for unit_id in chosen:
            look(unit_id)
            db.session.rollback()

    looks()
    return best_of(3, looks) / len(chosen)


def measured(scope: Scope, ids: list[int]) -> dict[str, float]:
    """CPU milliseconds of a level, of a search, of counting everybody, and of a read by key."""

    def level(unit_id: int) -> None:
        browsing.path_in(scope, Permission.SEE_MEMBERS, unit_id)
        browsing.level(browsing.directly_below(unit_id), 0, 50)
        headcounts.headcounts(NOW).of(unit_id)

    def find(unit_id: int) -> None:
        query = browsing.found(scope, Permission.SEE_MEMBERS, f"第{unit_id % len(ids)}支")
        if query is not None:
            browsing.level(query, 0, 50)

    def count() -> None:
        headcounts.forget()
        headcounts.headcounts(NOW)

    def key(unit_id: int) -> None:
        db.session.execute(select(Unit.name).where(Unit.id == unit_id)).one()

    counting = best_of(2, count)
    seconds = {"level": cost(ids, level), "search": cost(ids, find), "counting": counting, "key": cost(ids, key)}
    return {f"cpu_ms_{name}": 1000 * value for name, value in seconds.items()}


def main() -> None:
    """Measure at a hundredth of the size, then at the whole."""
    asked = options("tree_page", 1_000_000, 20_000, __doc__ or "")
    with application(asked), reading():
        top = units.new_unit("HQ", "Committee", NOW)
        held = Held(str(Role.SECRETARY), top.id, GRANTED[Role.SECRETARY])
        scope = Scope(0, NOW, (held,), ())
        ids = populate(top, 1_000_000, max(asked.size // 100, 2000))
        analyse()
        small = measured(scope, ids)
        ids += populate(db.session.get_one(Unit, top.id), 100_000_000, asked.size)
        analyse()
        whole = measured(scope, ids)
        report(
            asked,
            ratio=whole["cpu_ms_level"] / whole["cpu_ms_key"],
            goal="at most 20, growth under 2",
            baseline="read by primary key",
            **whole,
            growth=whole["cpu_ms_level"] / small["cpu_ms_level"],
            growth_of_search=whole["cpu_ms_search"] / small["cpu_ms_search"],
        )


if __name__ == "__main__":
    main()
