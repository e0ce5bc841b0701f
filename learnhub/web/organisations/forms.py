"""Forms about units, members and roles."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

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
    kind = SelectField(_l("Kind"))


class RenameForm(FlaskForm):  # type: ignore[misc]
    """A unit's name."""

    name = StringField(_l("Name of the unit"), [DataRequired(_l("Enter a name.")), Length(max=160)])


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Where a unit goes, and from which day on."""

    to = UnitField(_l("Stands below"))
    on = DateField(_l("From (empty: today)"), [Optional()])


class TermForm(FlaskForm):  # type: ignore[misc]
    """Who holds which post, from when to when."""

    post = StringField(_l("Post"), [DataRequired(_l("Name the post.")), Length(max=80)])
    member = StringField(
        _l("Number or sign-in name of the member"), [DataRequired(_l("Name a member.")), Length(max=64)]
    )
    starts_on = DateField(_l("First day"), [DataRequired(_l("Enter the first day."))])
    last_day = DateField(_l("Last day"), [Optional()])
    ordinal = IntegerField(_l("Number of the term"), [Optional(), NumberRange(1, 999)])
    how = SelectField(_l("How"), choices=[("elected", _l("elected")), ("appointed", _l("appointed"))])


class KindForm(FlaskForm):  # type: ignore[misc]
    """A kind of unit."""

    key = StringField(
        _l("Key"),
        [DataRequired(_l("Enter a key.")), Length(max=32)],
        description=_l("Small letters and digits; files and units name it, so it does not change."),
    )
    name_zh = StringField(_l("Name in Chinese"), [Optional(), Length(max=60)])
    name_en = StringField(_l("Name in English"), [Optional(), Length(max=60)])
    below = StringField(
        _l("Stands below"),
        [Optional(), Length(max=400)],
        description=_l("Keys of kinds, with spaces between; empty: any."),
    )
    posts = TextAreaField(
        _l("Posts"), [Optional(), Length(max=4000)], description=_l("One on each line."), render_kw={"rows": 5}
    )


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
