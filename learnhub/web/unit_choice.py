"""The field in which a form asks for a unit: a list while the reach is short, else a code or name that is looked up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from wtforms import SelectField, ValidationError
from wtforms.widgets import Select as SelectWidget
from wtforms.widgets import TextInput

from learnhub.kernel.db import db
from learnhub.organisations import browsing, unit_index
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import scope
from learnhub.web.language import translated as _

LISTED = 50
"""So many units stand in a list; of more one is written."""
NAMED = 5
"""Units that a refusal names when several fit."""


class UnitField(SelectField):  # type: ignore[misc]
    """A unit in reach; `data` is its code once the form is valid."""

    data: Any
    description: Any

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, choices=[], **more)
        self._reach: Select[int] | None = None
        self._empty: str | None = None

    def offer(self, permission: Permission, *, without: Select[int] | None = None, empty: str | None = None) -> None:
        """Say whose units may be chosen; `without` takes some out, `empty` is what an empty choice is called.

        Closed units are not offered, but for the one that is chosen already.
        """
        self._empty = empty
        self._reach = scope().unit_ids(permission)
        query = select(Unit).where(Unit.id.in_(self._reach), or_(Unit.closed_on.is_(None), Unit.code == self.data))
        if without is not None:
            query = query.where(Unit.id.not_in(without))
        listed = list(db.session.scalars(query.order_by(Unit.position, Unit.code).limit(LISTED + 1)))
        if len(listed) <= LISTED:
            first = [] if empty is None else [("", empty)]
            self.choices = first + [(unit.code, unit.name) for unit in listed]
            self.type, self.widget = "SelectField", SelectWidget()
            return
        self.type, self.widget, self.validate_choice = "StringField", TextInput(), False
        self.description = self.description or _("Write the code or the name of the unit.")
        self.render_kw = {"autocomplete": "off", "maxlength": "160"}

    def _value(self) -> str:
        """What a text field shows."""
        return self.data or ""

    def pre_validate(self, form: Any) -> None:
        """Look up what was written."""
        if not isinstance(self.widget, TextInput):
            super().pre_validate(form)
            return
        text = (self.data or "").strip()
        if text or self._empty is None:
            self.data = self._looked_up(text)

    def _looked_up(self, text: str) -> str:
        reach = select(Unit).where(
            Unit.id.in_(self._reach if self._reach is not None else []),
            or_(Unit.closed_on.is_(None), Unit.code == text),
        )
        exact = reach.where(or_(Unit.code == text, Unit.name == text)).order_by(Unit.code != text).limit(NAMED + 1)
        found = list(db.session.scalars(exact))
        if found and (len(found) == 1 or found[0].code == text):
            return str(found[0].code)
        matching = unit_index.matching(text)
        if not found and matching is not None:
            like = reach.where(Unit.id.in_(matching)).order_by(Unit.code).limit(NAMED + 1)
            found = list(db.session.scalars(like))
        if len(found) == 1:
            return str(found[0].code)
        if not found:
            raise ValidationError(_("There is no such unit in your reach."))
        raise ValidationError(_("Several units fit. Enter the code: %(units)s.", units=self._named(found)))

    @staticmethod
    def _named(found: list[Unit]) -> str:
        above = browsing.above_of(scope(), Permission.LEARN, [unit.id for unit in found[:NAMED]])
        named = [f"{unit.code} ({above.get(unit.id, '')} › {unit.name})".replace("( › ", "(") for unit in found[:NAMED]]
        return ", ".join(named) + (" …" if len(found) > NAMED else "")
