"""Fields of members: what may stand in them, who sees and changes them, what waits, what is sealed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, text

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import Member
from learnhub.journeys import decide_change, import_roster, undo_import
from learnhub.kernel import sealing
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.notices.models import Delivery
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.profile import fields, photos, records, values
from learnhub.organisations.profile.models import ChangedBy, ChangeRequest, Kind, MemberField, SeenBy
from learnhub.organisations.scope import scope_of
from tests.makers import new_member, new_staff, small_tree


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def field_of(key: str) -> MemberField:
    return next(one for one in fields.standing() if one.key == key)


def new_field(now: datetime, **rules: Any) -> MemberField:
    rules = {"changed_by": ChangedBy.MEMBER, **rules}
    return fields.add(SYSTEM, {"en": "Identity number", "zh_Hans": "证件号码"}, now, **rules)


def held(member: Member, field: MemberField) -> str | None:
    return records.values_of(member, [field])[field.id]


def ask(member: Member, key: str, text: str, now: datetime) -> ChangeRequest:
    assert records.propose(scope_of(member.id, now), Actor(member), member, field_of(key), text)
    return records.requests_of(member.id)[0]


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        (Kind.TEXT, "  one   two ", "one two"),
        (Kind.NUMBER, "１２.50", "12.5"),
        (Kind.NUMBER, "1,200", "1200"),
        (Kind.DATE, "2026/11/24", "2026-11-24"),
        (Kind.YES_NO, "yes", "yes"),
        (Kind.PHONE, "（０571）8888-1234", "057188881234"),
        (Kind.PHONE, "+86 138 0000 0000", "+8613800000000"),
        (Kind.EMAIL, "Lin@Example.org", "lin@example.org"),
        (Kind.TEXT, " ", None),
    ],
)
def test_a_value_is_stored_in_one_form(kind: Kind, written: str, stored: str | None) -> None:
    assert values.normal(MemberField(key="x", kind=kind, choices=[], required=False), written) == stored


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "NaN"),
        (Kind.DATE, "2026-02-30"),
        (Kind.CHOICE, "c"),
        (Kind.PHONE, "call me"),
        (Kind.EMAIL, "nobody"),
        (Kind.TEXT, "x" * 201),
        (Kind.TEXT, ""),
    ],
)
def test_what_does_not_fit_is_refused(kind: Kind, written: str) -> None:
    with pytest.raises(Refused):
        values.normal(MemberField(key="x", kind=kind, choices=["a", "b"], required=True), written)


def test_a_sensitive_value_is_shown_with_its_middle_hidden() -> None:
    shown = {
        (Kind.PHONE, "13812345678"): "138****5678",
        (Kind.EMAIL, "lin@example.org"): "l****@example.org",
        (Kind.NUMBER, "12345678901"): "****",
        (Kind.TEXT, "short"): "****",
    }
    for (kind, plain), hidden in shown.items():
        assert values.masked(MemberField(kind=kind, sensitive=True), plain) == hidden


def test_a_change_that_needs_approval_waits_and_then_happens(tree: dict[str, Unit], now: datetime) -> None:
    member, secretary = new_member(tree["B1"], phone="13800000001"), new_staff(Role.SECRETARY, tree["B1"])
    asked = ask(member, "phone", "138 0000 0002", now)
    assert member.phone == "13800000001"
    decide_change.approve(scope_of(secretary.id, now), Actor(secretary), asked)
    assert member.phone == "13800000002"
    line = records.history(member, fields.standing())[0]
    assert (line.before, line.after) == ("13800000001", "13800000002")
    assert (line.change.source, line.made_by, line.approved_by) == ("approval", member.name, secretary.name)
    assert db.session.scalar(select(Delivery.member_id)) == member.id
    with pytest.raises(Refused):
        decide_change.approve(scope_of(secretary.id, now), Actor(secretary), asked)


def test_a_change_that_is_turned_down_says_why_and_changes_nothing(tree: dict[str, Unit], now: datetime) -> None:
    member, secretary = new_member(tree["B1a"], phone="13800000001"), new_staff(Role.SECRETARY, tree["B1"])
    asked = ask(member, "phone", "13800000002", now)
    with pytest.raises(Refused):
        decide_change.refuse(scope_of(secretary.id, now), Actor(secretary), asked, "  ")
    decide_change.refuse(scope_of(secretary.id, now), Actor(secretary), asked, "Not reachable")
    assert (asked.state, asked.reason, member.phone) == ("refused", "Not reachable", "13800000001")
    assert records.history(member, fields.standing()) == []


def test_nobody_decides_their_own_change_or_one_out_of_reach(tree: dict[str, Unit], now: datetime) -> None:
    secretary, other = new_staff(Role.SECRETARY, tree["B1"]), new_staff(Role.SECRETARY, tree["B2"])
    asked = ask(secretary, "phone", "13800000002", now)
    own = scope_of(secretary.id, now)
    with pytest.raises(NotAllowed):
        records.approve(own, Actor(secretary), records.request_to_decide(own, asked.id))
    with pytest.raises(NotFound):
        records.request_to_decide(scope_of(other.id, now), asked.id)


def test_a_secretary_does_not_touch_the_details_of_an_administrator(tree: dict[str, Unit], now: datetime) -> None:
    secretary, admin = new_staff(Role.SECRETARY, tree["HQ"]), new_staff(Role.ADMINISTRATOR, tree["HQ"])
    with pytest.raises(NotAllowed):
        records.change(scope_of(secretary.id, now), Actor(secretary), admin, field_of("email"), "evil@example.org")
    assert records.change(scope_of(admin.id, now), Actor(admin), secretary, field_of("email"), "good@example.org")


def test_a_newer_proposal_takes_the_place_of_the_older(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], phone="13800000001")
    first = ask(member, "phone", "13800000002", now)
    second = ask(member, "phone", "13800000003", now + timedelta(minutes=1))
    assert (first.state, second.state) == ("withdrawn", "waiting")
    own = scope_of(member.id, now)
    assert not records.propose(own, Actor(member), member, field_of("phone"), "13800000003")
    records.withdraw(Actor(member), records.own_request(own, second.id), now)
    assert second.state == "withdrawn"


def test_members_change_only_what_is_theirs(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"])
    own = scope_of(member.id, now)
    hidden = new_field(now, seen_by=SeenBy.SECRETARY, changed_by=ChangedBy.SECRETARY)
    for field in (field_of("name"), hidden):
        with pytest.raises(NotAllowed):
            records.change(own, Actor(member), member, field, "New")
        with pytest.raises(NotAllowed):
            records.propose(own, Actor(member), member, field, "New")


def test_the_plain_value_of_a_sensitive_field_is_nowhere_in_the_database(
    app: Flask, tree: dict[str, Unit], now: datetime
) -> None:
    member = new_member(tree["B1"])
    secret, own = "330106199001011234", scope_of(member.id, now)
    at_once = new_field(now, sensitive=True)
    asked = new_field(now, sensitive=True, changed_by=ChangedBy.APPROVAL)
    assert records.change(own, Actor(member), member, at_once, secret)
    assert records.change(own, Actor(member), member, at_once, secret[::-1])
    assert records.propose(own, Actor(member), member, asked, secret)
    assert held(member, at_once) == secret[::-1]
    db.session.commit()
    for table in db.metadata.tables.values():
        rows = str([tuple(row) for row in db.session.execute(select(table))])
        assert secret not in rows, table.name
        assert secret[::-1] not in rows, table.name
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("SELECT 1"))
        path = str(db.engine.url.database)
        for suffix in ("", "-wal"):
            with open(path + suffix, "rb") as file:
                data = file.read()
            assert data is not None
            assert secret.encode() not in data


def test_a_new_key_reads_what_an_older_one_sealed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = sealing.seal("secret")
    monkeypatch.setattr(house, "field_keys", (sealing.make_key(), *house.field_keys))
    assert sealing.unseal(sealed) == "secret"
    monkeypatch.setattr(house, "field_keys", (sealing.make_key(),))
    with pytest.raises(Refused):
        sealing.unseal(sealed)


def test_the_list_of_waiting_changes_takes_the_same_statements_for_many(
    tree: dict[str, Unit], now: datetime, statements: Callable[[], Any]
) -> None:
    counts = []
    for many in (1, 12):
        for _one in range(many):
            ask(new_member(tree["B1"]), "phone", "13800000002", now)
        secretary = new_staff(Role.SECRETARY, tree["B1"])
        there = scope_of(secretary.id, now).member_ids(Permission.MANAGE_MEMBERS)
        db.session.expire_all()
        with statements() as seen:
            found = records.waiting(there, now)
            assert [one.unit.name for one in found if one.unit] == ["Unit B1"] * len(found)
        counts.append(len(seen))
    assert len(found) == 13
    assert counts[0] == counts[1] <= 4


def test_a_roster_leaves_history_and_the_trail_names_fields_only(
    tree: dict[str, Unit], now: datetime, statements: Callable[[], Any]
) -> None:
    people = [new_member(tree["B1"], number=f"N{n}", phone=f"1380000{n:04}") for n in range(30)]
    rows = "\n".join(f"{one.name},{one.number},1390000{n:04}" for n, one in enumerate(people))
    data = f"姓名,工号,手机\n{rows}\n".encode()
    with statements() as seen:
        report = import_roster.carry_out(data, "r.csv", unit=tree["B1"], actor=SYSTEM, now=now)
    assert sum("member_change" in one for one in seen) == 1
    line = records.history(people[0], fields.standing())[0]
    assert (line.before, line.after) == ("13800000000", "13900000000")
    assert line.change.source == report["undo"].replace("import", "roster")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.changed")).first()
    assert entry is not None
    assert entry.details == {"fields": ["phone"], "changes": {}}
    undo_import.undo(report["undo"], SYSTEM, now + timedelta(minutes=1))
    back = records.history(people[0], fields.standing())
    assert [one.after for one in back] == ["13800000000", "13900000000"]


def test_a_photo_is_kept_without_what_the_camera_wrote(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"])
    own, out = scope_of(member.id, now), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (900, 700), "teal").save(out, "JPEG", exif=exif)
    first = photos.put(own, Actor(member), member, out.getvalue())
    with house.files.open(first.digest) as file:
        data = file.read()
    assert b"Camera of somebody" not in data
    assert Image.open(io.BytesIO(data)).size == photos.SIZE
    for wrong in (b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", out.getvalue()[:100]):
        with pytest.raises(Refused):
            photos.put(own, Actor(member), member, wrong)
    photos.remove(own, Actor(member), member)
    assert photos.current(member.id) is None


def test_rules_that_contradict_each_other_are_refused(app: Flask, now: datetime) -> None:
    for rules in (
        {"seen_by": SeenBy.SECRETARY, "changed_by": ChangedBy.APPROVAL},
        {"seen_by": SeenBy.ADMINISTRATOR, "changed_by": ChangedBy.SECRETARY},
        {"kind": Kind.CHOICE, "choices": ["one"]},
    ):
        with pytest.raises(Refused):
            new_field(now, **rules)
    with pytest.raises(Refused):
        fields.retire(SYSTEM, field_of("phone"), now)


def test_a_retired_field_keeps_what_it_holds(tree: dict[str, Unit], now: datetime) -> None:
    member, field = new_member(tree["B1"]), new_field(now)
    records.change(scope_of(member.id, now), Actor(member), member, field, "kept")
    fields.retire(SYSTEM, field, now)
    assert field not in fields.standing()
    with pytest.raises(NotAllowed):
        records.change(scope_of(member.id, now), Actor(member), member, field, "lost")
    fields.restore(SYSTEM, field, now)
    fields.move(SYSTEM, field, True, now)
    assert [one.key for one in fields.standing()] == ["name", "phone", field.key, "email"]
    assert held(member, field) == "kept"
