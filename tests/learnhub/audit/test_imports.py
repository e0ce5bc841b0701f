"""The register of imports."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.audit import imports
from learnhub.audit.models import Import
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.authorship import works
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from tests.makers import new_member, new_staff, small_tree

REPORT = {
    "imported": 2,
    "refused": [{"where": "line 3", "reason": _("The row %(n)s is empty.", n=3)}],
    "warnings": [_("Look at %(where)s.", where="line 5")],
}


def brought(actor: Actor, now: datetime, unit_id: int | None = None) -> Import:
    return imports.preview("questions", "gift", "a.gift", "0" * 64, REPORT, actor, "demo", unit_id, now)


def test_reasons_come_back_as_messages(app: Flask, now: datetime) -> None:
    row = brought(SYSTEM, now)
    db.session.commit()
    assert imports.read_back(row) == REPORT


def test_an_import_is_accepted_once_and_taken_back_once(app: Flask, now: datetime) -> None:
    row = brought(SYSTEM, now)
    with pytest.raises(Refused):
        imports.require_standing(row)
    imports.accept(row, REPORT, [7, 8], now)
    with pytest.raises(Refused):
        imports.accept(row, REPORT, [9], now)
    imports.require_standing(row)
    imports.mark_undone(row, now + timedelta(minutes=1))
    with pytest.raises(Refused):
        imports.require_standing(row)
    assert row.object_ids == ["7", "8"]


@pytest.mark.parametrize("name", ["import:17", "17", 17, " import:17 "])
def test_a_name_says_which_import(name: str | int) -> None:
    assert imports.id_of(name) == 17


@pytest.mark.parametrize("name", ["", "import:", "import:x", "export:17", "import:0", "9" * 19, "import:-1", "²"])
def test_another_name_names_nothing(name: str) -> None:
    with pytest.raises(NotFound):
        imports.id_of(name)


def test_an_import_is_seen_by_who_made_it_and_by_administrators_above(app: Flask, now: datetime) -> None:
    tree = small_tree()
    maker = new_staff(Role.INSTRUCTOR, tree["B1"])
    row = brought(Actor(maker), now, tree["B1"].id)
    others = [new_staff(Role.INSTRUCTOR, tree["B1"]), new_staff(Role.ADMINISTRATOR, tree["B2"]), new_member(tree["B1"])]
    for person in (maker, new_staff(Role.ADMINISTRATOR, tree["HQ"])):
        assert works.visible_import(scope_of(person.id, now), row.id) == row
        assert works.visible_imports(scope_of(person.id, now)) == [row]
    for person in others:
        assert works.visible_imports(scope_of(person.id, now)) == []
        with pytest.raises(NotFound):
            works.visible_import(scope_of(person.id, now), row.id)
