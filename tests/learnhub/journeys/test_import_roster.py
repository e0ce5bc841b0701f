"""A roster on its way in: judged row by row, written as shown or not at all, the same twice, taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.models import AuditEntry, Import, ImportState
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import Member
from learnhub.journeys import close_unit, import_roster, merge_units, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, Refused
from learnhub.organisations import memberships, units
from learnhub.organisations.models import Membership, RoleGrant, Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.roster import reversal
from learnhub.organisations.roster.asking import Asked
from learnhub.organisations.roster.columns import Field
from learnhub.organisations.roster.comparing import Verdict
from learnhub.organisations.scope import scope_of
from learnhub.points import ledger
from tests.at_once import at_once
from tests.learnhub.boards.earning import earn
from tests.makers import new_member, new_staff, new_unit, small_tree

TITLES = "姓名,工号,部门,职务,手机,邮箱"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def roster(*rows: str, titles: str = TITLES) -> bytes:
    return "\n".join([titles, *rows, ""]).encode()


def bring(unit: Unit, now: datetime, *rows: str, actor: Actor = SYSTEM, **asked: Any) -> import_roster.Report:
    return import_roster.carry_out(
        roster(*rows), "r.csv", unit=unit, actor=actor, now=now, asked=Asked(**asked) if asked else None
    )


def look(unit: Unit, now: datetime, *rows: str, actor: Actor = SYSTEM, **asked: Any) -> import_roster.Looked:
    return import_roster.look(roster(*rows), "r.csv", unit=unit, actor=actor, now=now, asked=Asked(**asked))


def verdicts(looked: import_roster.Looked) -> list[str]:
    return [str(one.verdict) for one in looked.plan.rows]


def reasons(report: import_roster.Report) -> list[str]:
    return [str(one["reason"]) for one in report["refused"]]


def member(number: str) -> Member:
    return db.session.scalars(select(Member).where(Member.number == number)).one()


def members() -> int:
    return db.session.scalar(select(func.count()).select_from(Member)) or 0


def changed(report: import_roster.Report) -> int:
    return int(report["imported"] + report["updated"])


def test_m01_the_same_file_twice_changes_nothing_the_second_time(tree: dict[str, Unit], now: datetime) -> None:
    rows = ("张三,001,B1,书记,13800000000,Zhang@X.cn", "李四,002,B1|B2,,,", "王五,003,Unit HQ/Unit B1/Unit B1a,,,")
    assert changed(bring(tree["HQ"], now, *rows)) == 3
    again = bring(tree["HQ"], now + timedelta(hours=1), *rows)
    assert (changed(again), again["skipped"], again["refused"], again["undo"]) == (0, 3, [], None)
    assert memberships.primary_unit_id(member("003").id, now) == tree["B1a"].id
    both = db.session.scalars(select(Membership.unit_id).where(Membership.member_id == member("002").id)).all()
    assert set(both) == {tree["B1"].id, tree["B2"].id}


def test_a_table_without_a_number_is_refused_at_once(tree: dict[str, Unit], now: datetime) -> None:
    with pytest.raises(Refused):
        import_roster.carry_out(
            roster("甲,a@x.cn", titles="姓名,邮箱"), "r.csv", unit=tree["B1"], actor=SYSTEM, now=now
        )
    row = import_roster.preview(
        roster("甲,a@x.cn", titles="姓名,邮箱"), "r.csv", unit=tree["B1"], actor=SYSTEM, now=now
    )
    looked = import_roster.mend(row, Asked(columns={Field.NUMBER: 1, Field.EMAIL: None}), SYSTEM, now)
    assert (looked.ready, verdicts(looked)) == (True, ["new"])


def test_m02_a_member_is_matched_by_number_never_by_name_or_address(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now, "张伟,001,,,,one@x.cn", "张伟,002,,,,two@x.cn")
    assert member("001").id != member("002").id
    bring(tree["B1"], now, "张伟,003,,,,one@x.cn")
    assert members() == 3
    assert member("001").email == "one@x.cn"


def test_m03_a_dry_run_lists_what_applying_does(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now, "甲,001,B1,,,", "乙,002,B1,,,", "丙,003,B1,,,", "丁,004,B1,,,")
    rows = ("甲,001,B1,,,", "乙二,002,B1,,,", "丙,003,B2,,,", "戊,005,B1,,,", "己,005,B1,,,")
    looked = look(tree["HQ"], now, *rows)
    assert verdicts(looked) == ["same", "changed", "transfer", "new", "refused"]
    assert looked.plan.rows[1].changes == {"name": ("乙", "乙二")}
    assert looked.plan.rows[2].changes == {"unit": ("Unit HQ › Unit B1", "Unit HQ › Unit B2")}
    assert [one.number for one in looked.plan.missing] == ["004"]
    assert members() == 4
    report = bring(tree["HQ"], now, *rows)
    assert (report["imported"], report["updated"], report["transferred"], report["skipped"]) == (1, 2, 1, 1)
    assert (report["missing"], report["missing_numbers"]) == (1, ["004"])
    assert member("004").state == "active"


def test_m03_what_was_looked_at_is_written_or_nothing(tree: dict[str, Unit], now: datetime) -> None:
    row = import_roster.preview(roster("甲,001,,,,"), "r.csv", unit=tree["B1"], actor=SYSTEM, now=now)
    bring(tree["B2"], now, "另一人,001,,,,")
    with pytest.raises(Conflict):
        import_roster.accept(row, SYSTEM, now)
    assert (member("001").name, row.state) == ("另一人", ImportState.PREVIEWED)


def test_m04_who_is_missing_is_flagged_and_needs_a_second_yes(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now, "甲,001,B1,,,", "乙,002,B1,,,", "丙,003,B2,,,")
    row = import_roster.preview(roster("甲,001,B1,,,"), "r.csv", unit=tree["HQ"], actor=SYSTEM, now=now)
    assert (row.report["missing_numbers"], row.report["present"]) == (["002"], 2)
    with pytest.raises(Refused):
        import_roster.accept(row, SYSTEM, now)
    import_roster.accept(row, SYSTEM, now, although_missing=True)
    assert memberships.primary_unit_id(member("002").id, now) == tree["B1"].id


def test_m05_an_import_grants_nothing_and_lowers_no_administrator(tree: dict[str, Unit], now: datetime) -> None:
    chief = new_staff(Role.ADMINISTRATOR, tree["B1"], number="A1", name="Chief")
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    before = db.session.scalar(select(func.count()).select_from(RoleGrant))
    data = roster("改名,A1,B1,admin", "新人,N1,B1,admin", titles="姓名,工号,部门,角色")
    report = import_roster.carry_out(data, "r.csv", unit=tree["B1"], actor=Actor(secretary), now=now)
    assert (report["imported"], len(report["refused"])) == (1, 1)
    assert db.session.scalar(select(func.count()).select_from(RoleGrant)) == before
    assert (member("A1").id, member("A1").name) == (chief.id, "Chief")
    assert scope_of(member("N1").id, now).has(Permission.ADMINISTER) is False


def test_m06_addresses_are_compared_in_their_normal_form(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now, "甲,001,,,１３８００００００００,Jia@Example.CN")
    assert (member("001").email, member("001").phone) == ("jia@example.cn", "13800000000")
    assert verdicts(look(tree["B1"], now, "甲,００１,,,13800000000,ｊｉａ@EXAMPLE.cn")) == ["same"]
    bring(tree["B1"], now, "甲,001,,,,new@example.cn")
    assert (members(), member("001").email) == (1, "new@example.cn")


def test_m07_of_two_imports_at_once_one_waits(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    unit_id = tree["B1"].id
    rows = [f"学员{n},N{n:03d},,,," for n in range(30)]

    def work(_n: int) -> int:
        return changed(bring(db.session.get_one(Unit, unit_id), now, *rows))

    assert sorted(at_once(app, work, 2)) == [0, 30]
    assert members() == 30


def test_m08_a_secretary_imports_into_the_own_subtree_only(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    new_member(tree["B2"], number="F1", name="Secret Name")
    report = bring(
        tree["B1"], now, "甲,001,B1a,,,", "乙,002,B2,,,", "丙,F1,B1,,,", "丁,003,Unit HQ,,,", actor=Actor(secretary)
    )
    assert report["imported"] == 1
    assert len(report["refused"]) == 3
    assert "Secret" not in str(report)
    with pytest.raises(NotAllowed):
        bring(tree["B2"], now, "甲,009,,,,", actor=Actor(secretary))
    units.move(tree["B1a"], tree["B2"])
    assert reasons(bring(tree["B1"], now, "戊,004,B1a,,,", actor=Actor(secretary))) != []


def test_b08_a_transfer_leaves_points_with_the_old_unit(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now - timedelta(days=9), "甲,001,B1,,,")
    earn(member("001"), 7, now - timedelta(days=3))
    bring(tree["HQ"], now, "甲,001,B2,,,")
    earn(member("001"), 5, now + timedelta(hours=1), "2")
    entries = db.session.execute(
        select(ledger.LEDGER.c.unit_id, ledger.LEDGER.c.points).where(ledger.LEDGER.c.member_id == member("001").id)
    ).all()
    assert {tuple(one) for one in entries} == {(tree["B1"].id, 7), (tree["B2"].id, 5)}


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("甲,,,,,", "missing"),
        (",001,,,,", "name is missing"),
        ("甲,1.38E+10,,,,", "shortened"),
        ("甲,001,没有这个支部,,,", "There is no unit"),
        ("甲,001,双胞胎,,,", "2 units"),
        ("甲,001,,,12ab,", "telephone"),
        ("甲,001,,,1.38E+10,", "shortened"),
        ("甲,001,,,,nobody", "e-mail"),
        ("甲,BOSS,,,,", "sign-in name"),
    ],
)
def test_a_row_that_can_t_be_taken_says_why(tree: dict[str, Unit], now: datetime, row: str, word: str) -> None:
    new_unit("T1", tree["B1"], name="双胞胎")
    new_unit("T2", tree["B2"], name="双胞胎")
    new_member(tree["B1"], number="X1", sign_in_name="boss")
    report = bring(tree["HQ"], now, row, "乙,002,B1,,,")
    assert report["imported"] == 1
    assert word in reasons(report)[0]


@pytest.mark.parametrize(
    "cell",
    ["T1", "t1", "Unit HQ-Unit B1-双胞胎", "Unit B1/双胞胎", "Unit B1 > 双胞胎", "Unit HQ＼双胞胎二", "ｕｎｉｔ　ｂ１"],
)
def test_a_unit_is_found_by_code_name_or_path(tree: dict[str, Unit], now: datetime, cell: str) -> None:
    new_unit("T1", tree["B1"], name="双胞胎")
    new_unit("T2", tree["B2"], name="双胞胎")
    new_unit("T3", tree["B2"], name="双胞胎二")
    assert bring(tree["HQ"], now, f"甲,001,{cell},,,")["refused"] == []


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-11-01", date(2026, 11, 1)), ("2026年11月", date(2026, 11, 1)), ("20261103", date(2026, 11, 3))],
)
def test_the_day_of_joining_is_read_as_people_write_it(
    tree: dict[str, Unit], now: datetime, written: str, day: date
) -> None:
    data = roster(f"甲,001,{written}", titles="姓名,工号,转入日期")
    import_roster.carry_out(data, "r.csv", unit=tree["B1"], actor=SYSTEM, now=now)
    assert db.session.scalars(select(Membership.starts_on)).all() == [day]


def test_rows_are_mended_and_left_out_before_they_are_accepted(tree: dict[str, Unit], now: datetime) -> None:
    data = roster("甲,001,B9,,,", "乙,002,B1,,,bad", "丙,003,B1,,,")
    row = import_roster.preview(data, "r.csv", unit=tree["HQ"], actor=SYSTEM, now=now)
    assert len(row.report["refused"]) == 2
    asked = Asked(rows={"line 2": {"unit": "B1"}, "line 3": None})
    looked = import_roster.mend(row, asked, SYSTEM, now)
    assert verdicts(looked) == ["new", "new"]
    report = import_roster.accept(row, SYSTEM, now)
    assert (report["imported"], report["refused"]) == (2, [])
    with pytest.raises(Refused):
        import_roster.mend(row, asked, SYSTEM, now)


def test_units_are_made_when_an_administrator_wants_it(tree: dict[str, Unit], now: datetime) -> None:
    rows = ("甲,001,新区/一队,,,", "乙,002,新区/二队,,,", "丙,003,Unit B1,,,")
    secretary = new_staff(Role.SECRETARY, tree["HQ"])
    with pytest.raises(Refused):
        bring(tree["HQ"], now, *rows, actor=Actor(secretary), create_units=True)
    report = bring(tree["HQ"], now, *rows, create_units=True)
    assert (report["imported"], report["refused"]) == (3, [])
    path = units.path(memberships.primary_unit_id(member("001").id, now) or 0)
    assert [unit.name for unit in path] == ["Unit HQ", "新区", "一队"]
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 4 + 3
    assert bring(tree["HQ"], now, *rows, create_units=True)["skipped"] == 3
    assert undo_import.undo(report["undo"], SYSTEM, now)["units"] == 3


def test_an_import_is_taken_back_and_can_be_brought_again(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now - timedelta(days=5), "甲,001,B1,组长,,", "乙,002,B1,,,")
    rows = ("甲甲,001,B2,书记,13800000000,", "乙,002,B1,委员,,", "新,003,B1,,,")
    report = bring(tree["HQ"], now, *rows)
    assert changed(report) == 3
    done = undo_import.undo(report["undo"], SYSTEM, now)
    assert (done["withdrawn"], done["restored"]) == (1, 1)
    assert (member("001").name, member("001").phone, members()) == ("甲", None, 2)
    held = db.session.scalars(select(Membership).order_by(Membership.member_id)).all()
    assert [(one.unit_id, one.post, one.ends_on) for one in held] == [
        (tree["B1"].id, "组长", None),
        (tree["B1"].id, "", None),
    ]
    assert changed(bring(tree["HQ"], now, *rows)) == 3
    with pytest.raises(Refused):
        undo_import.undo(report["undo"], SYSTEM, now)


def test_taking_back_leaves_what_somebody_changed_since(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now - timedelta(days=5), "甲,001,B1,,,")
    report = bring(tree["HQ"], now, "甲甲,001,B1,,13800000000,", "新,003,B1,,,")
    later = now + timedelta(days=3)
    member("001").name = "Somebody's own choice"
    earn(member("003"), 1, now)
    done = undo_import.undo(report["undo"], SYSTEM, later)
    assert (done["withdrawn"], done["left"]) == (0, 1)
    assert (member("001").name, member("001").phone) == ("Somebody's own choice", None)
    assert member("003").state == "left"
    assert memberships.primary_unit_id(member("003").id, now) == tree["B1"].id
    assert memberships.primary_unit_id(member("003").id, later) is None


@pytest.mark.parametrize("merged", [True, False])
def test_taking_back_brings_nobody_into_a_closed_unit(tree: dict[str, Unit], now: datetime, merged: bool) -> None:
    bring(tree["HQ"], now - timedelta(days=5), "甲,001,B2,,,", "乙,002,B1,,,")
    report = bring(tree["HQ"], now, "甲甲,001,B1,,,", "乙,002,B1a,,,")
    day = date(2026, 11, 23)
    later = now + timedelta(days=3)
    if merged:
        merge_units.merge(SYSTEM, tree["B2"], tree["HQ"], day, later)
    else:
        close_unit.close(SYSTEM, tree["B2"], day, later)
    done = undo_import.undo(report["undo"], SYSTEM, later)
    assert (done["restored"], done["unmoved"]) == (2, 1)
    assert memberships.primary_unit_id(member("001").id, later) == tree["B1"].id
    assert memberships.primary_unit_id(member("002").id, later) == tree["B1"].id
    assert member("001").name == "甲", "what else the row changed is put back"
    beyond = select(Membership.id).where(Membership.unit_id == tree["B2"].id, Membership.ends_on.is_(None))
    assert db.session.scalars(beyond).all() == []
    row = db.session.scalars(select(Import).where(Import.state == ImportState.UNDONE)).one()
    named = reversal.named(row.report["unmoved"])
    assert [(one.number, unit.code) for one, unit in named] == [("001", "B2")]


def test_who_moved_on_since_is_not_called_unmoved(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now - timedelta(days=5), "甲,001,B2,,,")
    report = bring(tree["HQ"], now, "甲,001,B1,,,")
    later = now + timedelta(days=3)
    memberships.transfer(member("001"), tree["HQ"], date(2026, 11, 24))
    close_unit.close(SYSTEM, tree["B2"], date(2026, 11, 23), later)
    assert "unmoved" not in undo_import.undo(report["undo"], SYSTEM, later)
    assert memberships.primary_unit_id(member("001").id, later) == tree["HQ"].id


def test_every_change_leaves_a_trace_at_the_member(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now - timedelta(days=5), "甲,001,B1,,,")
    bring(tree["HQ"], now, "甲,001,B2,,,")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.changed")).one()
    assert entry.object_id == str(member("001").id)
    assert entry.details["changes"] == {"unit": ["Unit HQ › Unit B1", "Unit HQ › Unit B2"]}


def test_a_transfer_before_the_day_of_joining_is_refused(tree: dict[str, Unit], now: datetime) -> None:
    titles = "姓名,工号,部门,转入日期"
    bring(tree["HQ"], now, "甲,001,B1,,,")
    data = roster("甲,001,B2,2020-01-01", titles=titles)
    report = import_roster.carry_out(data, "r.csv", unit=tree["HQ"], actor=SYSTEM, now=now)
    assert "before the day of joining" in reasons(report)[0]


def test_who_left_comes_back_under_the_old_number(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["HQ"], now - timedelta(days=5), "甲,001,B1,,,")
    old = member("001")
    old.state = "left"
    db.session.scalars(select(Membership)).one().ends_on = date(2026, 11, 20)
    db.session.flush()
    looked = look(tree["HQ"], now, "甲,001,B2,,,")
    assert looked.plan.counts == {Verdict.CHANGED: 1}
    bring(tree["HQ"], now, "甲,001,B2,,,")
    assert (member("001").id, member("001").state) == (old.id, "active")
    assert memberships.primary_unit_id(old.id, now) == tree["B2"].id


def test_a_thousand_rows_take_few_statements(tree: dict[str, Unit], now: datetime, statements: Any) -> None:
    rows = [f"学员{n},N{n:05d},B1,,," for n in range(1000)]
    with statements() as seen:
        bring(tree["HQ"], now, *rows)
    assert len(seen) < 20
    with statements() as seen:
        assert bring(tree["HQ"], now, *rows)["skipped"] == 1000
    assert len(seen) < 20
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1
