"""The list of a unit's members: found by any part of name, number or phone by an index; long lists in its order."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, or_, select, text, true, update

from learnhub.identity import finding
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations import belonging
from learnhub.organisations.at_day import today
from learnhub.organisations.belonging import Belonging
from learnhub.organisations.models import Membership, Unit
from tests.makers import new_member, small_tree

LETTERS = "王小明李 aNn0017-+🎉'\"%_é"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def found(unit: Unit, search: str, now: datetime, *, by_phone: bool = True) -> set[str]:
    return {row.Member.number for row in Belonging(unit, search, today(now), by_phone=by_phone).rows("number", 0, 500)}


def bring(unit: Unit, now: datetime, *people: tuple[str, str, str | None]) -> None:
    """Members by one statement, as a roster writes them: no object of the application sees them come."""
    ids = [new_id() for _one in people]
    rows = [
        {"id": one, "number": number, "sign_in_name": f"s{one}", "name": name, "phone": phone, "created_at": now}
        for one, (number, name, phone) in zip(ids, people, strict=True)
    ]
    db.session.execute(insert(Member), [{**row, "state": "active", "test": False, "tours_seen": ""} for row in rows])
    own = {"unit_id": unit.id, "primary": True, "post": "", "starts_on": now.date()}
    db.session.execute(insert(Membership), [{"id": new_id(), "member_id": one, **own} for one in ids])


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("王小明", {"N-1001"}),
        ("小明", {"N-1001", "N-1003"}),
        ("明", {"N-1001", "N-1003"}),
        ("n-10", {"N-1001", "N-1002", "N-1003"}),
        ("N-", {"N-1001", "N-1002", "N-1003"}),
        ("8765", {"N-1002"}),
        ("02", {"N-1002"}),
        ("anna mül", {"x7"}),
        ("🎉", {"x7"}),
        ("%", {"x8"}),
        ("王明", set()),
        ("nobody", set()),
        ('"; DROP', set()),
        ("\x1f", set()),
    ],
)
def test_any_part_of_a_name_number_or_phone_finds_who_has_it(
    tree: dict[str, Unit], now: datetime, search: str, numbers: set[str]
) -> None:
    people = [("N-1001", "王小明", None), ("N-1002", "李四", "13800008765"), ("N-1003", "赵小明", "+86 139")]
    bring(tree["B1a"], now, *people, ("x7", "Anna Müller🎉", None), ("x8", "100% 对", None))
    bring(tree["B2"], now, ("f1", "王小明", "13800008765"))
    assert found(tree["B1"], search, now) == numbers
    assert "f1" not in found(tree["B1"], search, now)


def test_a_phone_that_is_not_to_be_seen_finds_nobody(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now, ("N1", "李四", "13800008765"))
    assert found(tree["B1"], "0000876", now)
    assert not found(tree["B1"], "0000876", now, by_phone=False)


def test_the_index_follows_every_change_whoever_makes_it(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], number="N1", name="王小明")
    assert found(tree["B1"], "王小明", now) == {"N1"}
    member.name, member.phone = "李大华", "13912340000"
    db.session.flush()
    assert not found(tree["B1"], "王小明", now)
    assert found(tree["B1"], "1234000", now) == {"N1"}
    db.session.execute(update(Member).where(Member.id == member.id).values(number="ABC", phone=None, locale="en"))
    assert found(tree["B1"], "abc", now) == {"ABC"}
    assert not found(tree["B1"], "1234000", now)
    db.session.execute(delete(Membership).where(Membership.member_id == member.id))
    db.session.execute(delete(Member).where(Member.id == member.id))
    assert finding_of("abc") == 0


def test_two_texts_of_one_question_do_not_get_into_each_other_s_way(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now, ("N1", "王小明", None), ("N2", "李大华", None), ("N3", "赵四", None))
    either = [finding.holds(one, lambda member, text=one: member.name == text) for one in ("王小明", "李大华")]
    asked = db.session.query(Member.number).where(or_(*either))
    assert {number for (number,) in asked} == {"N1", "N2"}


def finding_of(search: str) -> int:
    """How many members the index alone gives."""
    return db.session.query(Member).where(finding.holds(search, lambda _member: true())).count()


@pytest.mark.sqlite_only
def test_nothing_of_who_was_taken_out_stays_in_sqlite_s_index(tree: dict[str, Unit], now: datetime) -> None:
    for n in range(30):
        member = new_member(tree["B1"], number=f"N{n}", name="王小明")
        member.phone = f"1390000{n:04d}"
    db.session.flush()
    ids = [one for (one,) in db.session.query(Member.id)]
    db.session.execute(update(Member).values(name="李"))
    db.session.execute(delete(Membership))
    db.session.execute(delete(Member).where(Member.id.in_(ids)))
    words = "王小明".encode().hex().upper()
    left = text("SELECT count(*) FROM member_fts WHERE member_fts MATCH :words").bindparams(words=words)
    assert db.session.scalar(left) == 0


@pytest.mark.sqlite_only
@given(
    name=st.text(LETTERS + "ÄßŁＡ\n", min_size=1, max_size=8), phone=st.none() | st.text("0123456789-+ ", max_size=12)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_roster_writes_into_the_index_is_what_a_trigger_writes(app: Flask, name: str, phone: str | None) -> None:
    row = finding.TERMS.replace("ROW.name", ":name").replace("ROW.number", "'N-7'").replace("ROW.phone", ":phone")
    by_trigger = db.session.scalar(text("SELECT " + row).bindparams(name=name, phone=phone))
    assert sorted(by_trigger.split()) == sorted(finding.terms(name, "N-7", phone).split())


def test_the_index_follows_whoever_is_written_at_once(tree: dict[str, Unit], now: datetime) -> None:
    changed = new_member(tree["B1"], number="N1", name="王小明")
    gone = new_member(number="N2", name="王大明")
    db.session.flush()
    with finding.at_once([changed.id, gone.id]) as come:
        db.session.execute(update(Member).where(Member.id == changed.id).values(name="李四"))
        db.session.execute(delete(Member).where(Member.id == gone.id))
        bring(tree["B1"], now, ("N3", "赵小明", None))
        come.extend(db.session.scalars(select(Member.id).where(Member.number == "N3")))
    assert finding_of("王小明") == finding_of("王大明") == 0
    assert found(tree["B1"], "赵小明", now) == {"N3"}
    assert found(tree["B1"], "李四", now) == {"N1"}
    new_member(tree["B1"], number="N4", name="孙小明")
    assert found(tree["B1"], "小明", now) == {"N3", "N4"}, "the triggers work again"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(st.text(LETTERS, min_size=1, max_size=8), st.none() | st.text("0123456789-+ ", max_size=12)),
        min_size=1,
        max_size=6,
    ),
    search=st.text(LETTERS, min_size=1, max_size=4).filter(lambda one: one.strip() == one),
)
def test_who_is_found_is_who_a_look_at_everybody_finds(
    app: Flask, people: list[tuple[str, str | None]], search: str
) -> None:
    now = datetime.fromisoformat("2026-11-22T02:00:00+00:00")
    tree = small_tree()
    named = [(f"T{n}", name, phone) for n, (name, phone) in enumerate(people)]
    bring(tree["B1"], now, *named)
    small = search.lower()
    right = {number for number, *texts in named if any(small in (one or "").lower() for one in (number, *texts))}
    assert found(tree["HQ"], search, now) == right
    db.session.rollback()


def test_a_long_list_is_read_in_the_order_of_an_index_and_a_short_one_in_any(
    tree: dict[str, Unit], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(tree["B1"], now, *((f"N{n:02d}", f"{'乙甲丙'[n % 3]}{n}", None) for n in range(20)))
    bring(tree["B2"], now, *((f"M{n:02d}", f"外{n}", None) for n in range(20)))
    short = Belonging(tree["B1"], "", today(now), by_phone=True)
    assert (short.total, short.long) == (20, False)
    in_order = {key: [one.Member.number for one in short.rows(key, 5, 10)] for key in belonging.ORDERS}
    down = [one.Member.number for one in short.rows("name", 0, 10, down=True)]
    searched = [one.Member.number for one in Belonging(tree["B1"], "N1", today(now), by_phone=True).rows("name", 0, 9)]
    monkeypatch.setattr(belonging, "MOST", 8)
    long = Belonging(tree["B1"], "", today(now), by_phone=True)
    assert (long.total, long.long) == (9, True)
    for key in belonging.WALKED:
        assert [one.Member.number for one in long.rows(key, 5, 10)] == in_order[key]
    assert [one.Member.number for one in long.rows("name", 0, 10, down=True)] == down
    wide = Belonging(tree["B1"], "N1", today(now), by_phone=True)
    assert wide.long
    assert [one.Member.number for one in wide.rows("name", 0, 9)] == searched
