"""Something happened that may earn points: the rule of that day pays, or the refusal is kept with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, case, func, select

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import Message, _
from learnhub.points import ledger, rules
from learnhub.points.ledger import LEDGER, Entry
from learnhub.points.models import RefusedEvent, RuleVersion
from learnhub.points.rules import Version


@dataclass(frozen=True)
class Outcome:
    """What an event came to: the entry that paid it, or the reason why nothing was paid."""

    entry: Entry | None = None
    refusal: Message | None = None

    @property
    def points(self) -> int:
        """The points of the entry; 0 when refused."""
        return self.entry.points if self.entry else 0

    @property
    def repeated(self) -> bool:
        """Whether the event had been paid before this call."""
        return self.entry is not None and self.entry.repeated


def happened(
    member_id: int,
    event: str,
    source_id: str,
    *,
    occurred_at: datetime,
    now: datetime,
    reason: Message,
    preview: bool = False,
) -> Outcome:
    """Pay an event by the rule of its day, up to the caps; the same event again gives the same outcome.

    `source_id` names what happened ("attempt:17"), `reason` says it to the member. Test members earn nothing; a
    preview earns nothing and leaves no trace.
    """
    if preview:
        return Outcome(refusal=_("A preview earns no points."))
    test = db.session.scalar(select(Member.test).where(Member.id == member_id))
    if test is None:
        raise NotFound(_("There is no such member."))
    day = local_date(occurred_at, house.zone)
    unit_id = ledger.earning_unit(member_id, occurred_at)
    version = rules.version_on(event, day)
    head = ledger.lock(member_id)
    known = _known(member_id, event, source_id)
    if known is not None:
        return known
    if test:
        amount, refusal = 0, _("Test accounts earn no points.")
    elif version is None or version.amount == 0:
        amount, refusal = 0, _("No rule pays for this.")
    else:
        amount, refusal = earned(version, *_paid_so_far(member_id, version, day))
    if not amount:
        return _refuse(member_id, event, source_id, version, occurred_at, refusal)
    assert version is not None
    return Outcome(
        ledger.append(
            head,
            kind=event,
            source_id=source_id,
            points=amount,
            reason=reason,
            occurred_at=occurred_at,
            now=now,
            unit_id=unit_id,
            rule_version=version.id,
        )
    )


def earned(version: Version, paid_that_day: int, paid_in_all: int) -> tuple[int, Message]:
    """The points an event earns after what was paid before, and the reason should they be none.

    What is left below a cap is paid, even if it is less than the rule's amount. Caps do not soften penalties.
    """
    if version.amount <= 0:
        return version.amount, _("The rule pays no points.")
    daily_left = version.amount if version.daily_cap is None else max(version.daily_cap - paid_that_day, 0)
    total_left = version.amount if version.total_cap is None else max(version.total_cap - paid_in_all, 0)
    if not daily_left:
        refusal = _("The daily cap of %(cap)s points was reached.", cap=version.daily_cap)
    else:
        refusal = _("The total cap of %(cap)s points was reached.", cap=version.total_cap)
    return min(version.amount, daily_left, total_left), refusal


def _known(member_id: int, event: str, source_id: str) -> Outcome | None:
    """The outcome of this event, if it was decided before."""
    entry = ledger.find_by_event(member_id, event, source_id)
    if entry is not None:
        return Outcome(entry)
    stored = db.session.scalar(
        select(RefusedEvent.reason).where(
            RefusedEvent.member_id == member_id, RefusedEvent.kind == event, RefusedEvent.source_id == source_id
        )
    )
    return Outcome(refusal=Message.from_json(stored)) if stored is not None else None


_IN_ALL = select(
    func.coalesce(func.sum(case((LEDGER.c.day == bindparam("on"), LEDGER.c.points), else_=0)), 0),
    func.coalesce(func.sum(LEDGER.c.points), 0),
).where(
    LEDGER.c.member_id == bindparam("member_id"),
    LEDGER.c.rule_version_id.in_(select(RuleVersion.id).where(RuleVersion.rule_id == bindparam("rule_id"))),
)
_THAT_DAY = _IN_ALL.where(LEDGER.c.day == bindparam("on"))


def _paid_so_far(member_id: int, version: Version, day: date) -> tuple[int, int]:
    """What a rule, in all its versions, paid a member on a day and in all; what was taken back is not counted."""
    if version.daily_cap is None and version.total_cap is None:
        return 0, 0
    query = _THAT_DAY if version.total_cap is None else _IN_ALL
    about = {"member_id": member_id, "rule_id": version.rule_id, "on": day}
    that_day, in_all = db.session.execute(query, about).one()
    return int(that_day), int(in_all)


def _refuse(
    member_id: int, event: str, source_id: str, version: Version | None, occurred_at: datetime, reason: Message
) -> Outcome:
    db.session.execute(
        upsert(RefusedEvent.__table__)
        .values(
            id=new_id(),
            member_id=member_id,
            kind=event,
            source_id=source_id,
            rule_version_id=version.id if version else None,
            occurred_at=occurred_at,
            reason=reason.to_json(),
        )
        .on_conflict_do_nothing()
    )
    return Outcome(refusal=reason)
