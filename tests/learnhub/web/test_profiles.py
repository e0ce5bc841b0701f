"""Details of members on their pages: one's own, those that a secretary keeps, the fields that an administrator sets."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile import fields, records
from learnhub.organisations.profile.models import ChangedBy, ChangeRequest, MemberField, SeenBy
from learnhub.organisations.scope import scope_of
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only
SECRET = "330106199001011234"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def sealed_field(now: datetime, **rules: Any) -> MemberField:
    rules = {"changed_by": ChangedBy.MEMBER, **rules}
    return fields.add(SYSTEM, {"en": "Identity", "zh_Hans": "证件"}, now, sensitive=True, **rules)


def test_a_wrong_value_is_named_and_nothing_of_the_form_is_kept(app: Flask, tree: Any, now: datetime) -> None:
    own = new_member(tree["B1"], password=PASSWORD)
    field = fields.add(SYSTEM, {"en": "Motto"}, now, changed_by=ChangedBy.MEMBER)
    member = Visitor(app, own)
    answer = member.post("/me/details", {f"field-{field.key}": "onwards", "field-phone": "call me"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="call me"' in page
    assert ">Phone</a>: Write a telephone number" in page
    assert records.values_of(own, [field])[field.id] is None


def test_a_sensitive_field_is_hidden_until_somebody_looks_which_is_written_down(
    app: Flask, tree: Any, now: datetime
) -> None:
    own, field = new_member(tree["B1"]), sealed_field(now)
    records.change(scope_of(own.id, now), Actor(own), own, field, SECRET)
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    page = secretary.page(f"/members/{own.id}/details")
    assert "330****1234" in page
    assert SECRET not in page
    assert SECRET in secretary.post(f"/members/{own.id}/fields/{field.id}/show").get_data(as_text=True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "field.shown")).one()
    assert (entry.object_id, entry.details) == (str(own.id), {"field": field.key})


def test_a_field_for_administrators_is_seen_by_nobody_else(app: Flask, tree: Any, now: datetime) -> None:
    own = new_member(tree["B1"], password=PASSWORD)
    field = fields.add(SYSTEM, {"en": "Remark"}, now, seen_by=SeenBy.ADMINISTRATOR, changed_by=ChangedBy.ADMINISTRATOR)
    secretary, admin = (
        new_staff(role, unit, password=PASSWORD)
        for role, unit in ((Role.SECRETARY, tree["B1"]), (Role.ADMINISTRATOR, tree["HQ"]))
    )
    assert "Remark" not in Visitor(app, own).page("/me/details")
    visitor = Visitor(app, secretary)
    assert "Remark" not in visitor.page(f"/members/{own.id}/details")
    assert visitor.post(f"/members/{own.id}/fields/{field.id}/show").status_code == 404
    assert "Remark" in Visitor(app, admin).page(f"/members/{own.id}/details/edit")


def test_a_secretary_changes_details_and_the_trail_names_the_fields(app: Flask, tree: Any, now: datetime) -> None:
    own, field = new_member(tree["B1"], phone="13800000001"), sealed_field(now)
    records.change(scope_of(own.id, now), Actor(own), own, field, SECRET)
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    address = f"/members/{own.id}/details/edit"
    assert SECRET not in secretary.page(address)
    form = {"field-name": own.name, "field-phone": "13800000009", "field-email": "", f"field-{field.key}": ""}
    assert secretary.post(address, form).status_code == 303
    assert own.phone == "13800000009"
    assert records.values_of(own, [field])[field.id] == SECRET, "left empty, it stays"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.changed")).one()
    assert entry.details == {"fields": ["phone"]}


def test_a_change_is_decided_from_the_list_of_the_unit(app: Flask, tree: Any, now: datetime) -> None:
    own = new_member(tree["B1a"], password=PASSWORD)
    Visitor(app, own).post("/me/details", {"field-phone": "13800000002"})
    asked = db.session.scalars(select(ChangeRequest)).one()
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    assert "13800000002" in secretary.page("/units/B1/changes")
    assert secretary.post(f"/changes/{asked.id}/refuse", {"unit": "B1", "reason": ""}).status_code == 422
    assert secretary.post(f"/changes/{asked.id}/approve", {"unit": "B1"}).headers["Location"] == "/units/B1/changes"
    assert own.phone == "13800000002"
    assert "13800000002" not in secretary.page("/units/B1/changes")


def test_a_photo_is_served_to_who_may_see_the_member(app: Flask, tree: Any, now: datetime) -> None:
    own, other = (new_member(tree["B1"], password=PASSWORD) for _one in range(2))
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "teal").save(out, "PNG")
    member = Visitor(app, own)
    form = {"photo": (io.BytesIO(out.getvalue()), "me.png")}
    address = f"/members/{own.id}/photo"
    assert member.post(address, form).status_code == 303
    answer = member.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert Visitor(app, other).get(address).status_code == 404
    assert member.post(address, {"photo": (io.BytesIO(b"<svg/>"), "me.png")}).status_code == 422
    assert member.post(address, {"remove": "1"}).status_code == 303
    assert member.get(address).status_code == 404


def test_an_administrator_configures_fields(app: Flask, tree: Any, now: datetime) -> None:
    admin = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    new = {"zh_Hans": "学历", "en": "Education", "kind": "choice", "choices": "Bachelor\nMaster"}
    rules = {"seen_by": "member", "changed_by": "approval"}
    assert admin.post("/fields", {**new, **rules, "changed_by": "administrator"}).status_code == 303
    field = fields.standing()[-1]
    assert (field.label["en"], field.choices) == ("Education", ["Bachelor", "Master"])
    assert admin.post("/fields", {**new, **rules, "choices": "one"}).status_code == 422
    nameless = admin.post("/fields", {**new, **rules, "zh_Hans": "", "en": ""})
    assert "Enter a name in Chinese or in English." in nameless.get_data(as_text=True)
    assert "One of the two names is enough." in admin.page("/fields")
    change = {"zh_Hans": "学历", "en": "Degree", "choices": "Bachelor\nMaster\nDoctor", **rules}
    assert admin.post(f"/fields/{field.id}", change).status_code == 303
    assert 'Degree <span class="meta">(optional)</span>' in admin.page("/me/details")
    assert admin.post(f"/fields/{field.id}/retire").status_code == 303
    assert "Degree" not in admin.page("/me/details")
    branch = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    assert branch.get("/fields").status_code == 403


def test_the_button_says_whether_a_secretary_decides(app: Flask, tree: Any, now: datetime) -> None:
    member = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    assert "Submit for approval" in member.page("/me/details")
    for one in fields.standing():
        if one.changed_by == ChangedBy.APPROVAL:
            one.changed_by = ChangedBy.MEMBER
    db.session.commit()
    assert "Submit for approval" not in member.page("/me/details")
