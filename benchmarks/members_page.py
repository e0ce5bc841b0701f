"""The members' page of the topmost unit and searches in it, as a browser asks for them, at a tenth and at the whole."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import event

from benchmarks.harness import analyse, application, best_of, options, report
from benchmarks.tree_page import NOW, plain_member, populate
from learnhub.kernel.db import db
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from tests.makers import PASSWORD, new_staff
from tests.visiting import Visitor

FIRST = 1_000_000
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文志红春梅玉龙海燕云飞鹏宇"
PAGES = {
    "list": "members",
    "list_by_name": "members?sort=-name",
    "leaf_150": "members?page=150",
    "by_name": "members?q=王建国",
    "by_part_of_name": "members?q=建国",
    "by_number": f"members?q=N{FIRST + 77}",
    "by_digits_of_phone": "members?q=4711",
    "by_nothing_there": "members?q=nobody",
    "search_all": "search",
    "search_number": f"search?f0=number&o0=is&v0=N{FIRST + 77}",
    "search_name": "search?f0=name&o0=contains&v0=王建国",
}
"""Pages of the topmost unit."""


def person(member_id: int) -> dict[str, Any]:
    """A member with a Chinese name and a phone, always the same for an id."""
    chance = random.Random(member_id)
    name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(["", *GIVEN])
    return {**plain_member(member_id), "name": name, "phone": f"13{chance.randrange(10**9):09d}"}


def measured(visitor: Visitor, code: str) -> dict[str, float]:
    """CPU milliseconds of each page and how many statements it takes, the session's own included."""
    found: dict[str, float] = {}
    for name, page in PAGES.items():
        address = f"/units/{code}/{page}"
        visitor.page(address)
        found[f"cpu_ms_{name}"] = 1000 * best_of(3, lambda where=address: visitor.page(where))
        found[f"statements_{name}"] = _statements(visitor, address)
    return found


def _statements(visitor: Visitor, address: str) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        visitor.page(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def main() -> None:
    """Measure at a tenth of the size, then at the whole."""
    asked = options("members_page", 1_000_000, 20_000, __doc__ or "")
    with application(asked) as app:
        top = units.new_unit("HQ", "Committee", NOW)
        visitor = Visitor(app, new_staff(Role.SECRETARY, top, password=PASSWORD))
        top_id, code, tenth = top.id, top.code, max(asked.size // 10, 1000)
        populate(top, FIRST, tenth, person)
        analyse()
        small = measured(visitor, code)
        populate(db.session.get_one(Unit, top_id), 100_000_000, asked.size - tenth, person)
        analyse()
        whole = measured(visitor, code)
        growth = {name: whole[f"cpu_ms_{name}"] / small[f"cpu_ms_{name}"] for name in PAGES}
        report(
            asked,
            ratio=max(growth.values()),
            goal="growth under 2 for lists, no more statements",
            baseline="the same page at a tenth of the size",
            **whole,
            **{f"growth_{name}": value for name, value in growth.items()},
            more_statements=max(whole[f"statements_{name}"] - small[f"statements_{name}"] for name in PAGES),
        )


if __name__ == "__main__":
    main()
