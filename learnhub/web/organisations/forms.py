"""Forms about units, members and roles."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from learnhub.web.unit_choice import UnitField


class MemberForm(FlaskForm):  # type: ignore[misc]
    """A new member of a unit."""

    number = StringField(_l("Number"), [DataRequired(_l("Enter the member's number.")), Length(max=64)])
    name = StringField(_l("Name"), [DataRequired(_l("Enter the member's name.")), Length(max=120)])
    post = StringField(_l("Post"), [Optional(), Length(max=80)])
    starts_on = DateField(_l("Belongs to the unit from"), [Optional()])
    password = StringField(
        _l("First password"),
        [Optional(), Length(max=256)],
        description=_l("Tell it to the member; they change it after signing in. Empty: nobody can sign in yet."),
        render_kw={"autocomplete": "off"},
    )


class UnitForm(FlaskForm):  # type: ignore[misc]
    """A unit below another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="below", **kwargs)

    code = StringField(_l("Code"), [DataRequired(_l("Enter a code.")), Length(max=64)])
    name = StringField(_l("Name of the unit"), [DataRequired(_l("Enter a name.")), Length(max=160)])
    kind = SelectField(
        _l("Kind"), choices=[("branch", _l("branch")), ("committee", _l("committee")), ("team", _l("team"))]
    )


class RenameForm(FlaskForm):  # type: ignore[misc]
    """A unit's name and place."""

    name = StringField(_l("Name of the unit"), [DataRequired(_l("Enter a name.")), Length(max=160)])
    parent = UnitField(_l("Stands below"))


class RoleForm(FlaskForm):  # type: ignore[misc]
    """A role for a member on this unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="role", **kwargs)

    member = StringField(
        _l("Number or sign-in name of the member"), [DataRequired(_l("Name a member.")), Length(max=64)]
    )
    role = SelectField(
        _l("Role"),
        choices=[
            ("instructor", _l("instructor")),
            ("secretary", _l("secretary")),
            ("administrator", _l("administrator")),
        ],
    )
    ends_on = DateField(_l("Until (empty: without end)"), [Optional()])
