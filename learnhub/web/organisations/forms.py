"""Forms about units, members and roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from learnhub.audit.trail import Actor
from learnhub.identity import members
from learnhub.journeys import stand_in
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.mapping.places import Place
from learnhub.organisations.models import RoleGrant
from learnhub.organisations.permissions import Permission
from learnhub.web.boxes import Boxes
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


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """Where a unit is on the map."""

    longitude = StringField(
        _l("Longitude"),
        [Optional(), Length(max=80)],
        description=_l("Degrees east in WGS 84, such as 102.71; or both numbers at once: 102.71, 25.04."),
        render_kw={"autocomplete": "off"},
    )
    latitude = StringField(
        _l("Latitude"),
        [Optional(), Length(max=40)],
        description=_l("Degrees north, such as 25.04."),
        render_kw={"autocomplete": "off"},
    )

    @classmethod
    def of(cls, place: Place | None) -> PlaceForm:
        """The form of a place that is known, or an empty one."""
        return cls(
            formdata=None,
            longitude=f"{place.longitude:.6f}".rstrip("0").rstrip(".") if place else "",
            latitude=f"{place.latitude:.6f}".rstrip("0").rstrip(".") if place else "",
        )


class OutlineForm(FlaskForm):  # type: ignore[misc]
    """The outline behind the map."""

    file = FileField(
        _l("Outline"),
        [FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".geojson,.json"},
        description=_l("GeoJSON in WGS 84: polygons and lines, up to 5 MB."),
    )


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Where a unit goes, and from which day on."""

    to = UnitField(_l("Parent unit"))
    on = DateField(_l("First day"), [Optional()], description=_l("Leave empty for today."))


class TermForm(FlaskForm):  # type: ignore[misc]
    """Who holds which post, from when to when."""

    post = StringField(_l("Post"), [DataRequired(_l("Name the post.")), Length(max=80)])
    member = StringField(
        _l("Number or sign-in name of the member"), [DataRequired(_l("Name a member.")), Length(max=64)]
    )
    starts_on = DateField(_l("First day"), [DataRequired(_l("Enter the first day."))])
    last_day = DateField(_l("Last day"), [Optional()])
    ordinal = IntegerField(_l("Number of the term"), [Optional(), NumberRange(1, 999)])
    how = SelectField(_l("How chosen"), choices=[("elected", _l("Elected")), ("appointed", _l("Appointed"))])


class KindForm(FlaskForm):  # type: ignore[misc]
    """A kind of unit."""

    key = StringField(
        _l("Code"),
        [DataRequired(_l("Enter a code.")), Length(max=32)],
        description=_l("Lower-case letters and digits. Files and units refer to it, so it cannot be changed later."),
    )
    name_zh = StringField(_l("Name in Chinese"), [Optional(), Length(max=60)])
    name_en = StringField(_l("Name in English"), [Optional(), Length(max=60)])
    below = Boxes(
        _l("Can be under"), choices=[], description=_l("Tick none, and it can be under any unit or at the top.")
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
    role = SelectField(_l("Role"), choices=[])
    starts_on = DateField(_l("First day"), [Optional()], description=_l("Leave empty for at once."))
    ends_on = DateField(_l("Last day"), [Optional()], description=_l("Leave empty for no end date."))


class StandingForm(FlaskForm):  # type: ignore[misc]
    """A member retires, leaves or comes back."""

    act = RadioField(_l("What happens"), [DataRequired(_l("Choose what happens."))], choices=[])
    on = DateField(_l("From which day"), [DataRequired(_l("Enter a day."))])
    unit = StringField(
        _l("Code of the unit"),
        [Optional(), Length(max=64)],
        description=_l("Where the member belongs from that day on."),
        render_kw={"autocomplete": "off"},
    )
    reason = StringField(_l("Reason"), [Optional(), Length(max=200)])


class ErasureForm(FlaskForm):  # type: ignore[misc]
    """The number of the member whose data are erased, typed as a second question."""

    number = StringField(
        _l("The member's number, typed"),
        [DataRequired(_l("Type the member's number.")), Length(max=64)],
        render_kw={"autocomplete": "off"},
    )
    sure = BooleanField(_l("I know that this can't be undone."), [DataRequired(_l("Confirm that this is meant."))])


class DeputyForm(FlaskForm):  # type: ignore[misc]
    """Who stands in for somebody, and on which days."""

    member = StringField(
        _l("Number or sign-in name of the deputy"), [DataRequired(_l("Name a member.")), Length(max=64)]
    )
    first = DateField(_l("First day"), [Optional()], description=_l("Leave empty for today."))
    last = DateField(
        _l("Last day"),
        [DataRequired(_l("Choose the last day."))],
        description=_l("At most 90 days from today. It ends by itself, and you can end it earlier."),
    )
    reason = StringField(_l("Reason"), [Optional(), Length(max=200)], description=_l("Holiday, for example."))

    def pass_on(self, actor: Actor, held: RoleGrant, now: datetime) -> RoleGrant:
        """Do what the form asks for; refused with a sentence otherwise."""
        try:
            deputy = members.find_member(self.member.data.strip())
        except NotFound:
            raise NotFound(_("There is no such member in your reach.")) from None
        first = self.first.data or local_date(now, house.zone)
        return stand_in.pass_on(actor, held, deputy, first, self.last.data, now, reason=self.reason.data or "")


class OwnDeputyForm(DeputyForm):
    """A deputy for one of my own roles."""

    grant = SelectField(_l("Which role"), choices=[])


class CustomRoleForm(FlaskForm):  # type: ignore[misc]
    """A custom role: its names in both languages, and what it may do."""

    name_zh = StringField(_l("Name in Chinese"), [DataRequired(_l("Enter a name.")), Length(max=64)])
    name_en = StringField(_l("Name in English"), [DataRequired(_l("Enter a name.")), Length(max=64)])
    permissions = SelectMultipleField(
        _l("Permissions of the role"), choices=[(str(one), str(one)) for one in Permission], validators=[Optional()]
    )


class MergeForm(FlaskForm):  # type: ignore[misc]
    """Into which unit another passes, from which day on, and whether its roles are given there."""

    to = UnitField(_l("Passes into"))
    on = DateField(_l("First day"), [Optional()], description=_l("Leave empty for today."))
    keep_roles = BooleanField(_l("Give these roles on the other unit, with the same end"))


class CloseForm(FlaskForm):  # type: ignore[misc]
    """From which day on a unit is closed, and where its members go."""

    to = UnitField(_l("Move members to"), [Optional()])
    on = DateField(_l("First day"), [Optional()], description=_l("Leave empty for today."))


class SplitForm(FlaskForm):  # type: ignore[misc]
    """The new unit, who goes along, and from which day on."""

    unit_code = StringField(_l("Code"), [DataRequired(_l("Enter a code.")), Length(max=64)])
    name = StringField(_l("Name of the unit"), [DataRequired(_l("Enter a name.")), Length(max=160)])
    kind = SelectField(_l("Kind"))
    on = DateField(_l("First day"), [Optional()], description=_l("Leave empty for today."))
