"""Units pass into another or close: members, works and roles go where it was shown, and the past keeps its sums."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import change_tree, close_unit, merge_units, transfer_member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.periods import parse_period
from learnhub.kernel.words import _
from learnhub.notices.models import Delivery
from learnhub.organisations import memberships, roles, terms, transfers, units
from learnhub.organisations.models import Membership, RoleGrant, TransferState, Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from learnhub.points import ledger
from learnhub.transcripts import numbers, spans
from tests.makers import JOINED, NOW, new_course, new_member, new_staff, new_unit, small_tree

TODAY = date(2026, 11, 22)


def belongs(unit: Unit, day: date) -> list[str]:
    query = select(Membership.member_id).where(Membership.unit_id == unit.id, memberships.holds_on(day))
    return sorted(str(one) for one in db.session.scalars(query))


def homes(member_id: int, day: date) -> list[str]:
    rows = db.session.execute(
        select(Unit.code, Membership.primary, Membership.post)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.member_id == member_id, memberships.holds_on(day))
        .order_by(Unit.code)
    )
    return [f"{code}{'*' if primary else ''}{':' + post if post else ''}" for code, primary, post in rows]


def numbers_of(unit: Unit, period: str, now: datetime) -> list[tuple[str, int]]:
    lines = numbers.sheet(unit, spans.of_period(parse_period(period), now))
    return [(line.number, line.points) for line in lines]


def test_members_go_on_in_the_target_with_their_posts_and_once(app: Flask, now: datetime) -> None:
    tree = small_tree()
    plain, double, guest, gone = (new_member(tree["B2"]) for _n in range(4))
    db.session.scalars(select(Membership).where(Membership.member_id == plain.id)).one().post = "Treasurer"
    memberships.join_unit(double, tree["B1"], JOINED, primary=False, post="Adviser")
    host = new_member(tree["B1"])
    memberships.join_unit(host, tree["B2"], JOINED, primary=False)
    memberships.join_unit(guest, tree["HQ"], JOINED, primary=False)
    memberships.transfer(gone, tree["HQ"], TODAY - timedelta(days=2))
    on = TODAY - timedelta(days=10)
    shown = merge_units.look(tree["B2"], tree["B1"], on, now)
    assert (shown.members, shown.already_there) == (5, 2)
    merge_units.merge(SYSTEM, tree["B2"], tree["B1"], on, now)
    assert homes(plain.id, TODAY) == ["B1*:Treasurer"]
    assert homes(double.id, TODAY) == ["B1*:Adviser"]
    assert homes(host.id, TODAY) == ["B1*"]
    assert homes(guest.id, TODAY) == ["B1*", "HQ"]
    assert homes(gone.id, TODAY - timedelta(days=5)) == ["B1*"], "who left since was there for some days"
    assert homes(gone.id, TODAY) == ["HQ*"]
    assert homes(double.id, on - timedelta(days=1)) == ["B1:Adviser", "B2*"], "the past stays"
    assert belongs(tree["B2"], on) == []
    assert tree["B2"].closed_on == on


def test_the_past_of_a_merged_unit_keeps_its_sums(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B2"])
    earned = datetime(2026, 10, 5, 4, 0, tzinfo=NOW.tzinfo)
    ledger.post(
        member.id, kind="lesson_completed", source_id="lesson:1", points=2, reason=_("x"), occurred_at=earned, now=now
    )
    before = numbers_of(tree["B2"], "2026-10", now), numbers_of(tree["HQ"], "2026-10", now)
    assert before[0] == [(member.number, 2)]
    merge_units.merge(SYSTEM, tree["B2"], tree["B1"], date(2026, 11, 1), now)
    assert (numbers_of(tree["B2"], "2026-10", now), numbers_of(tree["HQ"], "2026-10", now)) == before
    assert numbers_of(tree["B1"], "2026-10", now) == []
    assert numbers_of(tree["B2"], "2026-11", now) == []
    assert [number for number, _points in numbers_of(tree["B1"], "2026-11", now)] == [member.number]


def test_units_below_works_terms_and_trail_follow(app: Flask, now: datetime) -> None:
    tree = small_tree()
    holder = new_member(tree["B1"])
    course = new_course("owned", unit=tree["B1"])[0].course_id
    term = terms.begin(SYSTEM, tree["B1"], "Leader", holder, date(2026, 1, 1), now)
    shown = merge_units.merge(SYSTEM, tree["B1"], tree["B2"], TODAY, now)
    assert ([one.code for one in shown.below], shown.owned.courses, shown.terms) == (["B1a"], 1, 1)
    assert tree["B1a"].parent_id == tree["B2"].id
    assert works.owner_unit_id(Work.COURSE, course) == tree["B2"].id
    db.session.refresh(term)
    assert term.ends_on == TODAY
    traced = select(AuditEntry.unit_id).where(AuditEntry.action == "unit.merged")
    assert set(db.session.scalars(traced)) == {tree["B1"].id, tree["B2"].id}


@pytest.mark.parametrize("keep", [False, True])
def test_roles_end_and_are_given_on_the_target_when_that_was_ticked(app: Flask, now: datetime, keep: bool) -> None:
    tree = small_tree()
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    actor = Actor(admin)
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    own = roles.grant(SYSTEM, admin, Role.INSTRUCTOR, tree["B1"], now)
    end = now + timedelta(days=60)
    lasting = new_member(tree["B1"])
    roles.grant(SYSTEM, lasting, Role.SECRETARY, tree["B1"], now, ends_at=end)
    merge_units.merge(actor, tree["B1"], tree["B2"], TODAY, now, keep_roles=keep)
    on_target = select(RoleGrant.member_id, RoleGrant.ends_at).where(RoleGrant.unit_id == tree["B2"].id)
    found = {member_id: ends_at for member_id, ends_at in db.session.execute(on_target)}
    assert found == ({secretary.id: None, lasting.id: end} if keep else {})
    assert not scope_of(secretary.id, now).reaches(Permission.SEE_MEMBERS, tree["B1"].id)
    assert scope_of(secretary.id, now).reaches(Permission.SEE_MEMBERS, tree["B2"].id) is keep
    db.session.refresh(own)
    assert own.ends_at == now
    told = set(db.session.scalars(select(Delivery.member_id)))
    assert told == {secretary.id, lasting.id}


def test_open_transfers_go_on_with_the_target_and_those_between_lapse(app: Flask, now: datetime) -> None:
    tree = small_tree()
    tree["B3"] = new_unit("B3", tree["HQ"])
    old, other = new_staff(Role.SECRETARY, tree["B1"]), new_staff(Role.SECRETARY, tree["B3"])

    def asked(by: Any, number: str, to: str) -> Any:
        wanted = transfers.Wanted(tree[to], TODAY)
        return transfer_member.ask_from_afar(scope_of(by.id, now), Actor(by), number, wanted, now)

    def asked_out(member: Any, to: str) -> Any:
        return transfer_member.ask(scope_of(old.id, now), Actor(old), member, transfers.Wanted(tree[to], TODAY), now)

    leaving, across, coming = new_member(tree["B1"]), new_member(tree["B1"]), new_member(tree["B3"])
    out, between = asked_out(leaving, "B3"), asked_out(across, "B2")
    into = asked(old, coming.number, "B1")
    shown = merge_units.merge(SYSTEM, tree["B1"], tree["B2"], TODAY, now)
    assert (shown.passing, shown.lapsing) == (2, 1)
    assert (out.from_unit_id, into.to_unit_id) == (tree["B2"].id, tree["B2"].id)
    assert (between.state, between.lapse) == (TransferState.LAPSED, "closed")
    transfer_member.consent(scope_of(other.id, now), Actor(other), out.id, now)
    assert homes(leaving.id, TODAY) == ["B3*"]


def test_a_merger_that_can_not_be_is_refused(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for unit, target, on in (
        ("HQ", "B1", TODAY),
        ("B1", "B1", TODAY),
        ("B1", "B1a", TODAY),
        ("B1", "B2", TODAY + timedelta(days=1)),
        ("B1", "B2", TODAY - timedelta(days=400)),
    ):
        with pytest.raises(Refused):
            merge_units.merge(SYSTEM, tree[unit], tree[target], on, now)
    merge_units.merge(SYSTEM, tree["B1"], tree["B2"], TODAY, now)
    for unit, target in (("B1", "B2"), ("B2", "B1")):
        with pytest.raises(Refused):
            merge_units.merge(SYSTEM, tree[unit], tree[target], TODAY, now)


def test_a_unit_with_members_or_units_below_does_not_close(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B2"])
    for code in ("HQ", "B1", "B2"):
        with pytest.raises(Refused):
            close_unit.close(SYSTEM, tree[code], TODAY, now)
    memberships.transfer(member, tree["B1"], TODAY)
    with pytest.raises(Refused):
        close_unit.close(SYSTEM, tree["B2"], TODAY - timedelta(days=1), now)
    close_unit.close(SYSTEM, tree["B2"], TODAY, now)
    assert tree["B2"].closed_on == TODAY


def test_nothing_new_begins_in_a_closed_unit(app: Flask, now: datetime) -> None:
    tree = small_tree()
    closed, member = tree["B2"], new_member(tree["B1"])
    secretary = new_member(tree["B1"])
    roles.grant(SYSTEM, secretary, Role.SECRETARY, closed, now)
    close_unit.close(SYSTEM, closed, TODAY, now)
    assert roles.grants_of(secretary.id, now) == []
    for attempt in (
        lambda: memberships.join_unit(member, closed, TODAY, primary=False),
        lambda: memberships.transfer(member, closed, TODAY),
        lambda: roles.grant(SYSTEM, member, Role.SECRETARY, closed, now),
        lambda: terms.begin(SYSTEM, closed, "Leader", member, TODAY, now),
        lambda: transfers.destination("B2"),
        lambda: units.new_unit("N", "New", now, parent=closed),
        lambda: works.own(Work.COURSE, 1, closed.id, now),
        lambda: change_tree.move(SYSTEM, tree["B1a"], closed, TODAY, now),
        lambda: change_tree.move(SYSTEM, closed, tree["B1"], TODAY, now),
    ):
        with pytest.raises(Refused):
            attempt()
        db.session.expire_all()
    close_unit.reopen(SYSTEM, closed, now)
    memberships.transfer(member, closed, TODAY)
    assert homes(member.id, TODAY) == ["B2*"]


spans_of_days = st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(1, 20)))


@pytest.mark.sqlite_only
@given(
    primary=st.lists(
        st.tuples(st.sampled_from(["B1", "B2", "HQ"]), st.integers(0, 15), st.integers(1, 15)), max_size=3
    ),
    additional=st.lists(st.tuples(st.sampled_from(["B1", "B2"]), spans_of_days), max_size=3),
    back=st.integers(0, 40),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_member_is_lost_or_in_two_primary_units(
    app: Flask, now: datetime, primary: Any, additional: Any, back: int
) -> None:
    try:
        tree, member, first = small_tree(), new_member(), TODAY - timedelta(days=40)
        for at, (code, gap, length) in enumerate(primary):
            starts = first + timedelta(days=gap)
            first = starts + timedelta(days=length)
            ends = None if at == len(primary) - 1 else first
            memberships.join_unit(member, tree[code], starts, ends_on=ends)
        for code, (gap, length) in additional:
            starts = TODAY - timedelta(days=40 - gap)
            ends = starts + timedelta(days=length) if length else None
            memberships.join_unit(member, tree[code], starts, primary=False, ends_on=ends)
        days = [TODAY - timedelta(days=45) + timedelta(days=n) for n in range(100)]
        before = {day: homes(member.id, day) for day in days}
        on = TODAY - timedelta(days=back)
        merge_units.merge(SYSTEM, tree["B1"], tree["B2"], on, now)
        for day in days:
            after, was = homes(member.id, day), before[day]
            if day < on:
                assert after == was
                continue
            assert sum(one.endswith("*") for one in after) == sum(one.endswith("*") for one in was)
            moved = {one.replace("B1", "B2").rstrip("*") for one in was}
            assert {one.rstrip("*") for one in after} == moved
    finally:
        db.session.rollback()
        db.session.remove()


def test_a_merger_of_many_takes_few_statements(app: Flask, now: datetime, statements: Any) -> None:
    tree = small_tree()
    for _n in range(30):
        new_member(tree["B1"])
    with statements() as counted:
        merge_units.look(tree["B1"], tree["B2"], TODAY, now)
    few = len(counted)
    for _n in range(60):
        new_member(tree["B1"])
    with statements() as counted:
        merge_units.look(tree["B1"], tree["B2"], TODAY, now)
    assert len(counted) == few
    assert db.session.scalar(select(func.count()).where(Membership.unit_id == tree["B1"].id)) == 90
