"""Makers: the smallest thing of each kind that a test can ask for."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, text

from courses.models import Course, CourseModule, Lesson
from learnhub.audit.trail import SYSTEM
from learnhub.authorship.models import Ownership, Work
from learnhub.identity import members
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations import memberships, roles, unit_index, units
from learnhub.organisations.models import Unit, UnitGram, UnitPath
from learnhub.organisations.permissions import Role

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
JOINED = date(2026, 1, 1)
PASSWORD = "plain sailing 7"

_numbers = itertools.count(1)


def new_unit(code: str | None = None, parent: Unit | None = None, **fields: Any) -> Unit:
    """A unit, named after its code."""
    code = code or f"U{next(_numbers)}"
    return units.new_unit(code, fields.pop("name", f"Unit {code}"), NOW, parent=parent, **fields)


def new_member(
    unit: Unit | None = None, name: str | None = None, *, password: str | None = None, **fields: Any
) -> Member:
    """A member, who belongs to the unit if one is given."""
    n = next(_numbers)
    member = members.new_member(
        fields.pop("number", f"M{n:05d}"), name or f"Member {n}", NOW, password=password, **fields
    )
    if unit is not None:
        memberships.join_unit(member, unit, JOINED)
    return member


def new_staff(role: Role, unit: Unit, **fields: Any) -> Member:
    """A member of the unit who holds a role on it."""
    member = new_member(unit, **fields)
    roles.grant(SYSTEM, member, role, unit, NOW)
    return member


def small_tree() -> dict[str, Unit]:
    """HQ with the branches B1 and B2; B1 has the team B1a."""
    tree = {"HQ": new_unit("HQ", kind="committee")}
    tree["B1"] = new_unit("B1", tree["HQ"])
    tree["B2"] = new_unit("B2", tree["HQ"])
    tree["B1a"] = new_unit("B1a", tree["B1"])
    return tree


WORTH_COUNTING = 1000
"""Rows after which the database counts what it holds, as it does by itself in use; plans without that take a minute."""


def grown_tree(top: Unit, count: int, prefix: str = "T") -> list[int]:
    """So many units below a top, twenty-five below each, by bulk inserts; their ids, level by level."""
    ids = [new_id() for _n in range(count)]
    paths = [[top.id]]
    rows: dict[Any, list[dict[str, Any]]] = {Unit: [], UnitPath: [], UnitGram: []}
    for n, unit_id in enumerate(ids):
        above = paths[n // 25]
        paths.append([unit_id, *above])
        code, name = f"{prefix}{n}", f"支部{n}"
        words = unit_index.words_of(code, name)
        unit = {"id": unit_id, "code": code, "name": name, "kind": "branch", "parent_id": above[0], "position": 0}
        rows[Unit].append({**unit, "words": words, "created_at": NOW})
        rows[UnitPath] += [{"above_id": one, "below_id": unit_id, "depth": at} for at, one in enumerate(paths[-1])]
        rows[UnitGram] += unit_index.gram_rows(unit_id, words)
    for model, many in rows.items():
        db.session.execute(insert(model), many)
    if count >= WORTH_COUNTING:
        db.session.execute(text("ANALYZE"))
    return ids


def new_course(slug: str = "course", lessons: int = 3, unit: Unit | None = None, **fields: Any) -> list[Lesson]:
    """A published course of one module, owned by the unit if one is given; its lessons, completed when marked."""
    course = Course(slug=slug, title=f"Course {slug}", state="published", created_at=NOW, updated_at=NOW)
    db.session.add(course)
    db.session.flush()
    module = CourseModule(course_id=course.id, position=1, title="Module")
    db.session.add(module)
    db.session.flush()
    made = [
        Lesson(
            **{
                "course_id": course.id,
                "module_id": module.id,
                "position": n,
                "slug": f"lesson-{n}",
                "title": f"Lesson {n}",
                "kind": "text",
                "body_html": f"<p>Text {n}</p>",
                **fields,
            }
        )
        for n in range(1, lessons + 1)
    ]
    db.session.add_all(made)
    if unit is not None:
        db.session.add(Ownership(work=Work.COURSE, work_id=course.id, unit_id=unit.id, since=NOW))
    db.session.flush()
    return made
