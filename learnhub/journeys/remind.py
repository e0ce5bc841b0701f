"""A secretary reminds who is behind with the year's study hours: nobody twice on one day, and it leaves a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, period_at
from learnhub.kernel.words import Message, _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations import memberships, units
from learnhub.organisations.models import Unit
from learnhub.transcripts import numbers, spans
from learnhub.transcripts.spans import Span

SOURCE = "reminder:hours:"
HOURS = "/hours"
"""The page that a reminder leads to."""
TITLES_BEFORE = (_("Your study hours"),)
"""What reminders were called before: those that were sent keep it, so the catalogues do."""
MOST_MEMBERS = 5_000
"""Members of a unit that are looked at by one click."""


@dataclass(frozen=True)
class Reminded:
    """What reminding came to: how many were reminded now, how many had been today, and the day's notice."""

    reminded: int
    before: int
    notice_id: int | None


def members_behind(actor: Actor, unit: Unit, now: datetime) -> Reminded:
    """Remind the members of a unit, and below, who did less than half of what they owe this year."""
    span = _year(now)
    if numbers.count(unit, span) > MOST_MEMBERS:
        raise Refused(
            _("%(unit)s has more than %(n)s members. Remind the units below it.", unit=unit.name, n=MOST_MEMBERS)
        )
    late = [line.member_id for line in numbers.behind(unit, span) if line.member_id != actor.id]
    return _remind(actor, late, unit.id, f"unit:{unit.id}", _behind_text(span), now)


def one_member(actor: Actor, member: Member, now: datetime) -> Reminded:
    """Remind one member of the year's study hours."""
    if member.id == actor.id:
        raise Refused(_("This is you. Reminders go to others."))
    span = _year(now)
    text = (
        _behind_text(span)
        if numbers.of_member(member.id, span).behind
        else _("Please look at your study hours of %(year)s.", year=span.key)
    )
    unit_id = memberships.primary_unit_id(member.id, now)
    return _remind(actor, [member.id], unit_id, f"member:{member.id}", text, now)


def chosen_members(actor: Actor, unit: Unit, member_ids: Sequence[int], now: datetime) -> Reminded:
    """Remind the chosen members of a unit, and below; who does not belong there today is left out."""
    if not member_ids:
        raise Refused(_("Choose at least one member."))
    there = memberships.members_of(units.below(unit.id), local_date(now, house.zone))
    wanted = select(Member.id).where(Member.id.in_(set(member_ids[:MOST_MEMBERS])), Member.id.in_(there))
    found = [one for one in db.session.scalars(wanted.order_by(Member.id)) if one != actor.id]
    if not found:
        raise Refused(_("None of the chosen members can be reminded: reminders go to others who belong here today."))
    text = _("Please look at your study hours of %(year)s.", year=_year(now).key)
    return _remind(actor, found, unit.id, f"unit:{unit.id}", text, now, kind="chosen:")


def _year(now: datetime) -> Span:
    return spans.of_period(period_at(now, Grain.YEAR, house.zone), now)


def _behind_text(span: Span) -> Message:
    return _("You have less than half of the study hours that you owe for %(year)s.", year=span.key)


def _remind(
    actor: Actor,
    member_ids: Sequence[int],
    unit_id: int | None,
    whom: str,
    text: Message,
    now: datetime,
    *,
    kind: str = "",
) -> Reminded:
    day = local_date(now, house.zone)
    source = f"{SOURCE}{kind}{whom}:{day.isoformat()}"
    known = outbox.reached_since(member_ids, SOURCE, start_of_day(day, house.zone))
    wanted = [one for one in member_ids if one not in known]
    if not wanted:
        return Reminded(0, len(known), outbox.by_source(source))
    sent = outbox.send(
        wanted,
        source=source,
        kind=Kind.REMINDER,
        title=_("Study hours reminder"),
        text=text,
        now=now,
        path=HOURS,
        unit_id=unit_id,
        sender_id=actor.id,
    )
    done = Reminded(sent.new, len(known) + sent.before, sent.notice_id)
    object_kind, object_id = whom.split(":")
    record(
        actor,
        "reminder.sent",
        object_kind,
        object_id,
        now,
        unit_id=unit_id,
        reminded=done.reminded,
        reminded_before=done.before,
        notice=str(sent.notice_id),
    )
    return done
