"""The fields of the member base: which there are, in which order, and by which rules. For administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from learnhub.audit.trail import Actor, record
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import Message, _
from learnhub.organisations.profile.models import ChangedBy, Kind, MemberField, SeenBy

NAMES: dict[str, Message] = {"name": _("Name"), "phone": _("Phone"), "email": _("E-mail")}
"""What the built-in fields are called."""
KIND_NAMES: dict[Kind, Message] = {
    Kind.TEXT: _("One line of text"),
    Kind.LONG_TEXT: _("Several lines of text"),
    Kind.NUMBER: _("Number"),
    Kind.DATE: _("Date"),
    Kind.CHOICE: _("Choice from a list"),
    Kind.YES_NO: _("Yes or no"),
    Kind.PHONE: _("Telephone number"),
    Kind.EMAIL: _("E-mail address"),
}
SEEN_BY_NAMES: dict[SeenBy, Message] = {
    SeenBy.MEMBER: _("The member and everyone above"),
    SeenBy.SECRETARY: _("Secretaries and administrators"),
    SeenBy.ADMINISTRATOR: _("Administrators only"),
}
CHANGED_BY_NAMES: dict[ChangedBy, Message] = {
    ChangedBy.MEMBER: _("The member, at once"),
    ChangedBy.APPROVAL: _("The member, when a secretary approves"),
    ChangedBy.SECRETARY: _("Secretaries and administrators"),
    ChangedBy.ADMINISTRATOR: _("Administrators only"),
}
MOST = 60
"""So many fields at most: a page that people still read."""


def label_of(field: MemberField, language: str) -> Message | str:
    """What a field is called in a language."""
    return NAMES[field.key] if field.built_in else field.label.get(language) or next(iter(field.label.values()))


def standing() -> list[MemberField]:
    """The fields that are in use, in their order."""
    return [field for field in everything() if field.retired_at is None]


def everything() -> list[MemberField]:
    """All fields, the retired ones too."""
    return list(db.session.scalars(select(MemberField).order_by(MemberField.position, MemberField.id)))


def hidden(*, administrator: bool) -> frozenset[str]:
    """The keys of the built-in fields that only administrators see; for an administrator there are none."""
    if administrator:
        return frozenset()
    above = select(MemberField.key).where(MemberField.built_in, MemberField.seen_by == SeenBy.ADMINISTRATOR)
    return frozenset(db.session.scalars(above))


def find(field_id: int) -> MemberField:
    """The field of that id; NotFound otherwise."""
    field = db.session.get(MemberField, field_id)
    if field is None:
        raise NotFound(_("There is no such field."))
    return field


def add(
    actor: Actor, label: dict[str, str], now: datetime, *, kind: Kind = Kind.TEXT, sensitive: bool = False, **rules: Any
) -> MemberField:
    """A new field after all others. Kind and sensitivity are for good: what is stored depends on them."""
    if len(standing()) >= MOST:
        raise Refused(_("There are %(most)s fields already. Retire one first.", most=MOST))
    last = db.session.scalar(select(func.max(MemberField.position))) or 0
    field_id = new_id()
    field = MemberField(
        id=field_id, key=f"f{field_id}", kind=kind, sensitive=sensitive, position=last + 1, built_in=False, choices=[]
    )
    _set_rules(field, label, **rules)
    db.session.add(field)
    db.session.flush()
    record(actor, "field.added", "field", field.id, now, kind=str(kind), sensitive=sensitive, **_rules_of(field))
    return field


def change(actor: Actor, field: MemberField, label: dict[str, str], now: datetime, **rules: Any) -> None:
    """Other rules for a field; what is stored stays as it is."""
    before = _rules_of(field)
    _set_rules(field, label, **rules)
    db.session.flush()
    after = _rules_of(field)
    if before != after:
        record(actor, "field.changed", "field", field.id, now, before=before, after=after)


def _set_rules(
    field: MemberField,
    label: dict[str, str],
    *,
    choices: Sequence[str] = (),
    required: bool = False,
    seen_by: SeenBy = SeenBy.MEMBER,
    changed_by: ChangedBy = ChangedBy.APPROVAL,
) -> None:
    if not field.built_in:
        names = {language: " ".join(name.split())[:80] for language, name in label.items()}
        field.label = {language: name for language, name in names.items() if name}
        if not field.label:
            raise Refused(_("Enter a name in Chinese or in English."))
    field.choices = list(dict.fromkeys(one for text in choices if (one := " ".join(text.split())[:80])))
    if field.kind == Kind.CHOICE and len(field.choices) < 2:
        raise Refused(_("Write at least two choices, one on each line."))
    if seen_by is not SeenBy.MEMBER and changed_by in {ChangedBy.MEMBER, ChangedBy.APPROVAL}:
        raise Refused(_("Members can't change what they don't see. Choose who changes it among those who see it."))
    if seen_by is SeenBy.ADMINISTRATOR and changed_by is ChangedBy.SECRETARY:
        raise Refused(_("Secretaries can't change what they don't see. Let administrators change it."))
    if field.key == "name" and not required:
        raise Refused(_("The name is always required."))
    field.required, field.seen_by, field.changed_by = required, seen_by, changed_by


def _rules_of(field: MemberField) -> dict[str, Any]:
    return {
        "label": dict(field.label),
        "choices": list(field.choices),
        "required": field.required,
        "seen_by": str(field.seen_by),
        "changed_by": str(field.changed_by),
    }


def move(actor: Actor, field: MemberField, up: bool, now: datetime) -> None:
    """One place up or down."""
    order = everything()
    at = order.index(field)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for place, one in enumerate(order, start=1):
        one.position = place
    db.session.flush()
    record(actor, "field.moved", "field", field.id, now, up=up)


def retire(actor: Actor, field: MemberField, now: datetime) -> None:
    """A field is no longer shown or asked; what it holds and its history stay."""
    if field.built_in:
        raise Refused(_("This field is part of LearnHub and can't be retired."))
    if field.retired_at is None:
        field.retired_at = now
        db.session.flush()
        record(actor, "field.retired", "field", field.id, now)


def restore(actor: Actor, field: MemberField, now: datetime) -> None:
    """A retired field is in use again."""
    if field.retired_at is not None:
        field.retired_at = None
        db.session.flush()
        record(actor, "field.restored", "field", field.id, now)
