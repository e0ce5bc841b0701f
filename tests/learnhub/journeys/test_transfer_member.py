"""Transfers: who may ask, both units agree, the day, what comes to nothing, and what stays hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.boards import standings
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import import_roster, transfer_member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from learnhub.kernel.periods import ALL_TIME, parse_period
from learnhub.learning.models import Enrolment
from learnhub.notices import inbox
from learnhub.organisations import memberships, roles, transfer_reach
from learnhub.organisations.models import Membership, Transfer, Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import Scope, scope_of
from learnhub.organisations.transfers import Wanted
from learnhub.transcripts import document, numbers, spans
from tests.at_once import at_once
from tests.learnhub.boards.earning import earn
from tests.makers import new_course, new_member, new_staff, small_tree

TODAY = date(2026, 11, 22)


@dataclass
class Two:
    """Two branches with a secretary each, an administrator above, and a member of the first."""

    tree: dict[str, Unit]
    old: Member
    new: Member
    above: Member
    member: Member
    now: datetime

    def scope(self, who: Member, now: datetime | None = None) -> Scope:
        return scope_of(who.id, now or self.now)

    def ask(self, who: Member, to: str = "B2", on: date = TODAY, **more: Any) -> Transfer:
        wanted = Wanted(self.tree[to], on, "moves house")
        return transfer_member.ask(self.scope(who), Actor(who), self.member, wanted, self.now, **more)

    def wish(self, on: date = TODAY) -> Transfer:
        return self.ask(self.member, on=on, own_wish=True)

    def from_afar(self, number: str, who: Member | None = None, to: str = "B2") -> Transfer:
        who = who or self.new
        wanted = Wanted(self.tree[to], TODAY)
        return transfer_member.ask_from_afar(self.scope(who), Actor(who), number, wanted, self.now)

    def consent(self, who: Member, row: Transfer, now: datetime | None = None) -> Transfer:
        return transfer_member.consent(self.scope(who, now), Actor(who), row.id, now or self.now)

    def home(self, now: datetime | None = None) -> str:
        unit_id = memberships.primary_unit_id(self.member.id, now or self.now)
        return next(code for code, unit in self.tree.items() if unit.id == unit_id)

    def told(self, who: Member) -> list[str]:
        return [f"{one.title}: {one.text}" for one in inbox.of_member(who.id)[0]]


@pytest.fixture
def two(app: Flask, now: datetime) -> Two:
    tree = small_tree()
    return Two(
        tree,
        new_staff(Role.SECRETARY, tree["B1"], name="Old"),
        new_staff(Role.SECRETARY, tree["B2"], name="New"),
        new_staff(Role.ADMINISTRATOR, tree["HQ"], name="Above"),
        new_member(tree["B1"], name="Wang", number="W1"),
        now,
    )


def test_the_old_unit_asks_the_new_one_agrees_and_the_member_belongs_there(two: Two) -> None:
    row = two.ask(two.old)
    assert (row.state, row.side, two.home()) == ("released", "old", "B1")
    assert two.consent(two.new, row).state == "done"
    assert two.home() == "B2"
    assert (row.released_by, row.accepted_by) == (two.old.id, two.new.id)
    ends = db.session.scalars(
        select(Membership.ends_on).where(Membership.member_id == two.member.id, Membership.unit_id == two.tree["B1"].id)
    ).one()
    assert ends == TODAY, "the past stays as it was"


def test_a_member_s_own_wish_needs_both_units(two: Two) -> None:
    row = two.wish()
    assert row.state == "asked"
    with pytest.raises(NotAllowed):
        two.consent(two.member, row)
    assert two.consent(two.new, row).state == "accepted"
    assert two.home() == "B1"
    assert two.consent(two.old, row).state == "done"
    assert two.home() == "B2"


def test_who_manages_both_units_passes_it_in_one_step(two: Two) -> None:
    row = two.ask(two.above)
    assert (row.state, row.side, two.home()) == ("done", "both", "B2")


def test_a_planned_transfer_waits_for_its_day_and_the_clock(two: Two) -> None:
    tomorrow = two.now + timedelta(days=1)
    row = two.ask(two.old, on=TODAY + timedelta(days=1))
    assert two.consent(two.new, row).state == "agreed"
    db.session.commit()
    assert transfer_member.carry_out_due(two.now) == 0
    assert two.home() == "B1"
    assert transfer_member.carry_out_due(tomorrow) == 1
    assert (two.home(two.now), two.home(tomorrow)) == ("B1", "B2")
    assert transfer_member.carry_out_due(tomorrow) == 0, "once"


def test_the_day_lies_neither_in_a_closed_quarter_nor_before_joining_nor_years_ahead(two: Two) -> None:
    closed = date(2026, 9, 30)
    with pytest.raises(Refused, match="closed"):
        two.ask(two.old, on=closed)
    with pytest.raises(Refused, match="year ahead"):
        two.ask(two.old, on=TODAY + timedelta(days=400))
    with pytest.raises(Refused, match="day of joining"):
        two.ask(two.above, on=date(2025, 12, 31))
    assert two.ask(two.above, on=closed).state == "done", "an administrator of both may"


def test_a_quarter_that_closes_before_the_second_consent_is_not_reopened(two: Two) -> None:
    row = two.ask(two.old)
    db.session.commit()
    later = two.now + timedelta(days=45)
    transfer_member.carry_out_due(two.now + timedelta(days=29))
    with pytest.raises(Refused, match="closed"):
        two.consent(two.new, row, later)
    db.session.rollback()
    assert two.consent(two.above, row, later).state == "done"


def test_one_transfer_a_member_is_under_way_at_a_time(two: Two) -> None:
    first = two.wish()
    with pytest.raises(Refused, match="under way"):
        two.ask(two.old)
    transfer_member.withdraw(two.scope(two.member), Actor(two.member), first.id, two.now)
    assert two.ask(two.old).state == "released"


def test_a_deputy_agrees_for_the_unit_and_the_colleague_after_them_changes_nothing(two: Two) -> None:
    deputy = new_member(two.tree["HQ"], name="Deputy")
    roles.grant(SYSTEM, deputy, Role.SECRETARY, two.tree["B2"], two.now, ends_at=two.now + timedelta(days=7))
    row = two.ask(two.old, on=TODAY + timedelta(days=3))
    assert two.consent(deputy, row).accepted_by == deputy.id
    assert two.consent(two.new, row).accepted_by == deputy.id
    late = two.now + timedelta(days=8)
    with pytest.raises(NotFound):
        two.consent(deputy, row, late)


def test_a_refusal_says_why_and_closes(two: Two) -> None:
    row = two.ask(two.old)
    with pytest.raises(Refused, match="Say why"):
        transfer_member.refuse(two.scope(two.new), Actor(two.new), row.id, " ", two.now)
    with pytest.raises(Refused, match="Withdraw"):
        transfer_member.refuse(two.scope(two.old), Actor(two.old), row.id, "no", two.now)
    with pytest.raises(NotAllowed):
        transfer_member.withdraw(two.scope(two.new), Actor(two.new), row.id, two.now)
    transfer_member.refuse(two.scope(two.new), Actor(two.new), row.id, "No place", two.now)
    assert (row.state, row.answer, two.home()) == ("refused", "No place", "B1")
    with pytest.raises(Conflict):
        two.consent(two.new, row)


@pytest.mark.parametrize(("how", "cause"), [("moved", "moved"), ("left", "left")])
def test_who_moved_or_left_in_between_lets_it_lapse(two: Two, how: str, cause: str) -> None:
    row = two.ask(two.old, on=TODAY + timedelta(days=2))
    two.consent(two.new, row)
    if how == "moved":
        memberships.transfer(two.member, two.tree["B1a"], TODAY)
    else:
        two.member.state = MemberState.LEFT
    db.session.commit()
    assert transfer_member.carry_out_due(two.now) == 1
    assert (row.state, row.lapse) == ("lapsed", cause)
    assert two.home() == ("B1a" if how == "moved" else "B1")


def test_a_consent_after_a_roster_moved_the_member_lets_it_lapse(two: Two) -> None:
    row = two.ask(two.old)
    memberships.transfer(two.member, two.tree["HQ"], TODAY)
    assert two.consent(two.new, row).state == "lapsed"
    assert two.home() == "HQ"


def test_without_an_answer_it_lapses_after_thirty_days(two: Two) -> None:
    row = two.ask(two.old)
    db.session.commit()
    assert transfer_member.carry_out_due(two.now + timedelta(days=29)) == 0
    assert transfer_member.carry_out_due(two.now + timedelta(days=30)) == 1
    assert (row.state, row.lapse) == ("lapsed", "silence")


def test_an_additional_membership_moves_and_the_primary_stays(two: Two) -> None:
    memberships.join_unit(two.member, two.tree["B1a"], TODAY - timedelta(days=9), primary=False)
    row = two.ask(two.old, from_unit=two.tree["B1a"])
    assert two.consent(two.new, row).state == "done"
    held = [(one.primary, unit.code) for one, unit in memberships.open_memberships(two.member.id)]
    assert held == [(True, "B1"), (False, "B2")]
    again = two.ask(two.old)
    assert two.consent(two.new, again).state == "done"
    with pytest.raises(Refused, match="already"):
        two.ask(two.new, to="B2")


def test_asking_from_afar_answers_the_same_whether_or_not_there_is_such_a_member(two: Two) -> None:
    busy, homeless, left = (new_member(two.tree["B1"], number=number) for number in ("W2", "W3", "W4"))
    wanted = Wanted(two.tree["B1a"], TODAY + timedelta(days=9))
    transfer_member.ask(two.scope(two.old), Actor(two.old), busy, wanted, two.now)
    for one in memberships.open_memberships(homeless.id):
        one[0].ends_on = TODAY
    left.state = MemberState.LEFT
    db.session.flush()

    def seen(row: Transfer) -> tuple[Any, ...]:
        line = transfer_reach.line(two.scope(two.new), row.id)
        told = [text.replace(row.number, "N") for text in two.told(two.new)]
        return line.name, line.old_unit, line.waits, str(row.state), row.blind, told

    rows = [two.from_afar(number) for number in ("W1", "W2", "W3", "W4", "nobody")]
    assert {str(seen(row)) for row in rows} == {str((None, None, False, "accepted", True, []))}
    for number in ("W1", "nobody"):
        with pytest.raises(Refused, match="already"):
            two.from_afar(number)
    found = {one.transfer.number for one in transfer_reach.seen(two.scope(two.old))}
    assert "W1" in found
    assert "nobody" not in found
    with pytest.raises(NotFound):
        two.from_afar("W1", two.new, "B1")


def test_what_befalls_a_member_asked_for_from_afar_stays_hidden(two: Two) -> None:
    rows = [two.from_afar("W1"), two.from_afar("nobody")]
    two.member.state = MemberState.LEFT
    db.session.commit()
    assert transfer_member.carry_out_due(two.now) == 0
    assert [row.state for row in rows] == ["accepted", "accepted"]
    with pytest.raises(NotFound):
        two.consent(two.old, rows[0])
    assert transfer_member.carry_out_due(two.now + timedelta(days=30)) == 2
    assert {row.lapse for row in rows} == {"silence"}
    trails = db.session.scalars(
        select(AuditEntry).where(AuditEntry.object_kind == "transfer", AuditEntry.unit_id == two.tree["B2"].id)
    )
    acts: dict[str, list[Any]] = {}
    for one in trails:
        details = {key: value for key, value in one.details.items() if key != "number"}
        acts.setdefault(one.object_id, []).append((one.action, details))
    assert acts[str(rows[0].id)] == acts[str(rows[1].id)]


def test_the_name_is_told_when_the_old_unit_lets_go(two: Two) -> None:
    row = two.from_afar("W1")
    assert any("Wang, from Unit B1 to Unit B2" in text for text in two.told(two.old))
    assert any("Wang" in text for text in two.told(two.member))
    scope = two.scope(two.new)
    found = transfer_reach.page(transfer_reach.of_unit(scope, two.tree["B2"], search="Wang"))
    assert found == [], "a search does not find what is not shown"
    assert two.consent(two.old, row).state == "done"
    line = transfer_reach.line(scope, row.id)
    assert (line.name, line.old_unit) == ("Wang", two.tree["B1"])
    assert any("Wang" in text for text in two.told(two.new))


def test_everybody_concerned_is_told_but_who_acts(two: Two) -> None:
    row = two.ask(two.old, on=TODAY + timedelta(days=1))
    assert [len(two.told(one)) for one in (two.old, two.new, two.member, two.above)] == [0, 1, 1, 0]
    two.consent(two.new, row)
    assert [len(two.told(one)) for one in (two.old, two.new, two.member, two.above)] == [1, 1, 2, 0]
    assert "waits for an answer" in " ".join(two.told(two.new))
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == str(row.id))).all()
    assert sorted(acts) == ["transfer.agreed", "transfer.asked"]


def test_a_unit_without_a_secretary_is_answered_for_from_above(two: Two) -> None:
    lone = new_member(two.tree["B1a"])
    assert transfer_member.answering(two.tree["B1a"].id, two.now) == [two.old.id]
    assert transfer_member.answering(two.tree["HQ"].id, two.now) == [two.above.id]
    assert lone.id not in transfer_member.answering(two.tree["B2"].id, two.now)


def test_two_secretaries_who_press_at_the_same_time_move_the_member_once(app: Flask, two: Two) -> None:
    row = two.wish()
    transfer_id = row.id
    people = [two.old.id, two.new.id] * 2
    now = two.now

    def press(n: int) -> str:
        who = db.session.get_one(Member, people[n])
        return transfer_member.consent(scope_of(who.id, now), Actor(who), transfer_id, now).state

    results = at_once(app, press, 4)
    assert "done" in results
    assert all(isinstance(one, Conflict) or one in {"released", "accepted", "done"} for one in results), results
    db.session.expire_all()
    assert two.home() == "B2"
    count = len(db.session.scalars(select(Membership).where(Membership.member_id == two.member.id)).all())
    assert count == 2


def test_two_who_ask_at_the_same_time_leave_one_transfer(app: Flask, two: Two) -> None:
    member_id, unit_id, now = two.member.id, two.tree["B2"].id, two.now
    people = [two.old.id, member_id] * 3

    def press(n: int) -> int:
        who, member = db.session.get_one(Member, people[n]), db.session.get_one(Member, member_id)
        wanted = Wanted(db.session.get_one(Unit, unit_id), TODAY)
        own = who.id == member_id
        return transfer_member.ask(scope_of(who.id, now), Actor(who), member, wanted, now, own_wish=own).id

    results = at_once(app, press, 6)
    assert sum(isinstance(one, int) for one in results) == 1, results
    assert sum(isinstance(one, Refused) for one in results) == 5, results


def test_a_roster_and_a_consent_at_the_same_time_leave_one_home(app: Flask, two: Two) -> None:
    row = two.ask(two.old)
    data = "姓名,工号,部门\nWang,W1,B1a\n".encode()
    brought = import_roster.preview(data, "roster.csv", unit=two.tree["HQ"], actor=Actor(two.above), now=two.now)
    transfer_id, import_id, new_id, above_id, now = row.id, brought.id, two.new.id, two.above.id, two.now

    def press(n: int) -> str:
        if n % 2:
            who = db.session.get_one(Member, new_id)
            return transfer_member.consent(scope_of(who.id, now), Actor(who), transfer_id, now).state
        above = db.session.get_one(Member, above_id)
        found = import_roster.visible(scope_of(above.id, now), import_id, lock=True)
        import_roster.accept(found, Actor(above), now, although_missing=True)
        return "accepted"

    results = at_once(app, press, 2)
    assert results[1] == ("lapsed" if results[0] == "accepted" else "done"), results
    assert results[0] == "accepted" or isinstance(results[0], Conflict), results
    db.session.expire_all()
    held = memberships.open_memberships(two.member.id)
    assert [unit.code for _one, unit in held] == ["B1a" if results[0] == "accepted" else "B2"]


def test_b08_scores_stay_with_the_old_unit_and_the_member_s_total_is_whole(two: Two) -> None:
    earn(two.member, 5, two.now - timedelta(days=1), "before")
    before = standings.member_board(ALL_TIME, two.tree["B1"], now=two.now).rows
    two.consent(two.new, two.ask(two.old))
    earn(two.member, 3, two.now, "after")
    boards = {code: standings.member_board(ALL_TIME, two.tree[code], now=two.now) for code in ("HQ", "B1", "B2")}
    assert {code: [row.points for row in board.rows] for code, board in boards.items()} == {
        "HQ": [8],
        "B1": [5],
        "B2": [3],
    }
    assert [row.points for row in before] == [row.points for row in boards["B1"].rows]


def test_b08_the_sheet_of_the_period_before_still_shows_him_and_the_transcript_follows(two: Two) -> None:
    lessons = new_course(unit=two.tree["HQ"])
    done = two.now - timedelta(days=30)
    course_id = lessons[0].course_id
    db.session.add(Enrolment(member_id=two.member.id, course_id=course_id, enrolled_at=done, completed_at=done))
    earn(two.member, 5, done, "before")
    two.consent(two.new, two.ask(two.old))
    earn(two.member, 3, two.now, "after")
    october = spans.of_period(parse_period("2026-10"), two.now + timedelta(hours=1))
    year = spans.of_period(parse_period("2026"), two.now + timedelta(hours=1))

    def sheet(code: str, span: spans.Span) -> dict[str, int]:
        return {line.name: line.points for line in numbers.sheet(two.tree[code], span) if line.name == "Wang"}

    assert (sheet("B1", october), sheet("B2", october)) == ({"Wang": 5}, {})
    assert (sheet("B1", year), sheet("B2", year)) == ({}, {"Wang": 8})
    remark = [str(one) for line in numbers.sheet(two.tree["B2"], year) if line.name == "Wang" for one in line.remarks]
    assert any("Unit B1" in one for one in remark), "the sheet of the new unit says from where"
    facts = document.facts(two.member, year)
    assert (facts.line.points, facts.line.unit_code) == (8, "B2")
    assert [title for title, _hours, _at in facts.courses] == ["Course course"]
