"""Forms about transfers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional


class _DayAndReason(FlaskForm):  # type: ignore[misc]
    effective_on = DateField(_l("First day in the new unit"), [DataRequired(_l("Choose a day."))])
    reason = StringField(_l("Reason"), [Optional(), Length(max=300)])


class AskForm(_DayAndReason):
    """A member is to go to another unit."""

    from_unit = SelectField(_l("Old unit"), choices=[])
    to_unit = StringField(_l("Code or name of the new unit"), [DataRequired(_l("Name the new unit.")), Length(max=160)])
    field_order = ("from_unit", "to_unit", "effective_on", "reason")


class ReceiveForm(_DayAndReason):
    """A member is to come to this unit."""

    number = StringField(
        _l("The member's number"),
        [DataRequired(_l("Enter the member's number.")), Length(max=64)],
        description=_l("The old unit is asked. Until it agrees you see nothing of the member but this number."),
    )
    field_order = ("number", "effective_on", "reason")


class RefuseForm(FlaskForm):  # type: ignore[misc]
    """Saying no."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="refuse", **kwargs)

    reason = StringField(_l("Why not?"), [DataRequired(_l("Say why, so that the others know.")), Length(max=300)])
