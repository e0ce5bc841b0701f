"""A roster fills the organisation's own fields: found by name, checked by kind, masked, written, and put back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import Member
from learnhub.journeys import import_roster, undo_import
from learnhub.kernel.db import db
from learnhub.organisations import roles
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile import fields, records
from learnhub.organisations.profile.models import ChangedBy, Kind, MemberChange, MemberField, MemberValue, SeenBy
from learnhub.organisations.roster import lines
from learnhub.organisations.roster.asking import Asked
from tests.makers import new_staff, small_tree

CARD = "110101199003074514"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def own(tree: dict[str, Unit], now: datetime) -> dict[str, MemberField]:
    """Fields of each kind that matters; the identity number is sensitive, the file's place is for administrators."""

    def add(zh: str, en: str, kind: Kind = Kind.TEXT, **rules: Any) -> MemberField:
        return fields.add(SYSTEM, {"zh_Hans": zh, "en": en}, now, kind=kind, **rules)

    above = {"seen_by": SeenBy.ADMINISTRATOR, "changed_by": ChangedBy.ADMINISTRATOR}
    return {
        "degree": add("学历", "Degree", Kind.CHOICE, choices=["本科", "硕士"]),
        "since": add("入党日期", "Admitted on", Kind.DATE),
        "trained": add("已培训", "Trained", Kind.YES_NO),
        "card": add("身份证号", "Identity number", sensitive=True),
        "shelf": add("档案位置", "Shelf", **above),
    }


def table(*rows: str) -> bytes:
    return "\n".join([*rows, ""]).encode()


def bring(unit: Unit, now: datetime, *rows: str, actor: Actor = SYSTEM, **asked: Any) -> import_roster.Report:
    return import_roster.carry_out(
        table(*rows), "r.csv", unit=unit, actor=actor, now=now, asked=Asked(**asked) if asked else None
    )


def look(unit: Unit, now: datetime, *rows: str, actor: Actor = SYSTEM, **asked: Any) -> import_roster.Looked:
    return import_roster.look(table(*rows), "r.csv", unit=unit, actor=actor, now=now, asked=Asked(**asked))


def values_of(number: str, own: dict[str, MemberField]) -> dict[str, str | None]:
    member = db.session.scalars(select(Member).where(Member.number == number)).one()
    found = records.values_of(member, own.values())
    return {name: found[one.id] for name, one in own.items() if found[one.id]}


def test_columns_are_found_by_name_in_both_languages_and_by_key(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime
) -> None:
    titles = f"姓名,工号,学历,Admitted On,{own['trained'].key},身份证号（必填）"
    row = f"甲,001,硕士,2020年7月1日,是,{CARD}"
    report = bring(tree["B1"], now, titles, row)
    assert (report["imported"], report["refused"]) == (1, [])
    assert values_of("001", own) == {"degree": "硕士", "since": "2020-07-01", "trained": "yes", "card": CARD}
    again = bring(tree["B1"], now, titles, row)
    assert (again["skipped"], again["undo"]) == (1, None), "the same twice changes nothing"


def test_a_column_is_chosen_or_left_out_by_hand(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime
) -> None:
    rows = ("姓名,工号,文化程度,入党日期", "甲,001,本科,2020-07-01")
    assert look(tree["B1"], now, *rows).reading.details == {own["since"].key: 3}
    chosen = {own["degree"].key: 2, own["since"].key: None, "nothing": 1}
    bring(tree["B1"], now, *rows, details=chosen)
    assert values_of("001", own) == {"degree": "本科"}
    assert Asked.from_json(Asked(details=chosen).as_json()).details == chosen


@pytest.mark.parametrize(
    ("title", "cell", "why"),
    [
        ("学历", "博士后", "Choose one of the list."),
        ("入党日期", "去年", "is not a date"),
        ("已培训", "也许", "Choose one of the list."),
        ("身份证号", "1" * 300, "at most 200 characters"),
    ],
)
def test_what_a_field_can_not_hold_refuses_the_row(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime, title: str, cell: str, why: str
) -> None:
    report = bring(tree["B1"], now, f"姓名,工号,{title}", f"甲,001,{cell}", "乙,002,")
    assert (report["imported"], len(report["refused"])) == (1, 1)
    reason = str(report["refused"][0]["reason"])
    assert why in reason
    assert title in reason


def test_the_preview_shows_the_change_and_masks_what_is_sensitive(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime
) -> None:
    titles = "姓名,工号,学历,身份证号"
    bring(tree["B1"], now, titles, f"甲,001,本科,{CARD}")
    rows = (titles, "甲,001,硕士,110101199003074999")
    looked = look(tree["B1"], now, *rows)
    one = looked.plan.rows[0]
    assert str(one.verdict) == "changed"
    assert one.changes == {own["degree"].key: ("本科", "硕士"), own["card"].key: ("110****4514", "110****4999")}
    kept = lines.keep(looked.plan.lines(looked.finder))
    shown = lines.page(kept, "", 0, 5)[0]
    assert "19900307" not in str(vars(shown)), "no sensitive value stands in the file of lines"
    other = look(tree["B1"], now, titles, "甲,001,硕士,110200200001014999")
    assert other.plan.rows[0].changes == one.changes
    assert other.plan.digest() != looked.plan.digest(), "what is written is what was looked at"


def test_history_tells_of_it_and_taking_back_restores(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime
) -> None:
    titles = "姓名,工号,学历,身份证号"
    bring(tree["B1"], now - timedelta(days=2), titles, f"甲,001,本科,{CARD}", "乙,002,,")
    rows = ("甲,001,硕士,110101199003074999", "乙,002,硕士,", "新,003,本科,9")
    report = bring(tree["B1"], now, titles, *rows)
    assert (report["imported"], report["updated"]) == (1, 2)
    told = db.session.scalars(select(MemberChange).where(MemberChange.field_id == own["card"].id)).one()
    assert (told.before, told.after, told.source) == (None, None, report["undo"].replace("import", "roster"))
    assert records.plain(told.after, told.sealed_after) == "110101199003074999"
    second = db.session.scalars(select(Member).where(Member.number == "002")).one()
    records.write(second, own["degree"], "本科", now, made_by=None, source="profile")
    done = undo_import.undo(report["undo"], SYSTEM, now + timedelta(hours=1))
    assert (done["withdrawn"], done["restored"]) == (1, 1)
    assert values_of("001", own) == {"degree": "本科", "card": CARD}
    assert values_of("002", own) == {"degree": "本科"}, "what somebody changed since stays"
    assert db.session.scalars(select(Member).where(Member.number == "003")).all() == []
    assert len(db.session.scalars(select(MemberValue)).all()) == 3


def test_fields_of_administrators_are_theirs_to_bring(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime
) -> None:
    rows = ("姓名,工号,部门,学历,Shelf", "甲,001,B1,本科,A7")
    secretary = Actor(new_staff(Role.SECRETARY, tree["B1"]))
    bring(tree["B1"], now, *rows, actor=secretary)
    assert values_of("001", own) == {"degree": "本科"}, "the column is not read"
    chief = Actor(new_staff(Role.ADMINISTRATOR, tree["B1"]))
    bring(tree["B1"], now, *rows, actor=chief)
    assert values_of("001", own) == {"degree": "本科", "shelf": "A7"}
    assert chief.member is not None
    roles.grant(SYSTEM, chief.member, Role.SECRETARY, tree["HQ"], now)
    rows = ("姓名,工号,部门,Shelf", "甲,001,B1,A8", "乙,002,B2,A9", "丙,003,B2,")
    report = bring(tree["B1"], now, *rows, actor=chief)
    assert (report["imported"], report["updated"]) == (1, 1)
    assert "administrators of the unit only" in str(report["refused"][0]["reason"])


def test_a_thousand_rows_with_details_take_few_statements(
    tree: dict[str, Unit], own: dict[str, MemberField], now: datetime, statements: Any
) -> None:
    titles = "姓名,工号,学历,入党日期"
    with statements() as first:
        bring(tree["B1"], now, titles, *(f"学员{n},N{n:05d},本科,2020-07-01" for n in range(900)))
    with statements() as second:
        bring(tree["B1"], now, titles, *(f"学员{n},N{n:05d},硕士,2020-07-01" for n in range(900)))
    assert len(first) < 25
    assert len(second) < 25
