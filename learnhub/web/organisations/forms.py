"""Forms about units, members and roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from learnhub.audit.trail import Actor
from learnhub.identity import members
from learnhub.journeys import stand_in
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.models import RoleGrant
from learnhub.organisations.permissions import Permission


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
    parent = SelectField(_l("Stands below"), choices=[])


class RoleForm(FlaskForm):  # type: ignore[misc]
    """A role for a member on this unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="role", **kwargs)

    member = StringField(
        _l("Number or sign-in name of the member"), [DataRequired(_l("Name a member.")), Length(max=64)]
    )
    role = SelectField(_l("Role"), choices=[])
    starts_on = DateField(_l("From (empty: at once)"), [Optional()])
    ends_on = DateField(_l("Until (empty: without end)"), [Optional()])


class StandingForm(FlaskForm):  # type: ignore[misc]
    """A member retires, leaves or comes back."""

    act = RadioField(_l("What is noted"), [DataRequired(_l("Choose what happens."))], choices=[])
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
    first = DateField(_l("First day (empty: today)"), [Optional()])
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
        _l("What it may do"), choices=[(str(one), str(one)) for one in Permission], validators=[Optional()]
    )
