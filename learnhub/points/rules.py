"""Which events pay what: rules, and their versions by date. A change never rewrites what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from learnhub.audit.trail import Actor, record
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.points.models import PointRule, RuleVersion

LARGEST_AMOUNT = 1000
LARGEST_CAP = 1_000_000


@dataclass(frozen=True)
class Seed:
    """A rule that every organisation begins with."""

    code: str
    amount: int
    daily_cap: int | None
    title: dict[str, str]


RULES = (
    Seed("lesson_completed", 2, 6, {"en": "Lesson completed", "zh_Hans": "完成课时"}),
    Seed("quiz_handed_in", 1, 3, {"en": "Quiz handed in", "zh_Hans": "提交测验"}),
    Seed("quiz_passed", 5, 10, {"en": "Quiz passed", "zh_Hans": "通过测验"}),
    Seed("first_sign_in", 1, None, {"en": "First sign-in of the day", "zh_Hans": "每日首次登录"}),
)
"""Each pays the event of the same name; amounts and caps are points."""


@dataclass(frozen=True)
class Version:
    """What a rule pays on a day: points, at most so many a day and in all (None: no cap)."""

    id: int
    rule_id: int
    code: str
    event: str
    title: dict[str, Any]
    number: int
    valid_from: date
    valid_until: date | None
    amount: int
    daily_cap: int | None
    total_cap: int | None


def ensure_default_rules(now: datetime, valid_from: date) -> list[PointRule]:
    """Make the rules of `RULES` that are missing, each with a first version from a day on; the ones made."""
    known = set(db.session.scalars(select(PointRule.code)))
    made = []
    for seed in RULES:
        if seed.code in known:
            continue
        rule = PointRule(code=seed.code, event=seed.code, title=dict(seed.title))
        db.session.add(rule)
        db.session.flush()
        db.session.add(
            RuleVersion(
                rule_id=rule.id,
                number=1,
                valid_from=valid_from,
                amount=seed.amount,
                daily_cap=seed.daily_cap,
                created_at=now,
            )
        )
        made.append(rule)
    db.session.flush()
    return made


def new_version(
    actor: Actor,
    rule: PointRule,
    amount: int,
    daily_cap: int | None,
    total_cap: int | None,
    valid_from: date,
    now: datetime,
) -> RuleVersion:
    """Change what a rule pays from a day on, today at the earliest: what was earned before stays as it was.

    Zero points end the rule. Refused for a day before one that is already planned, and for amounts out of bounds.
    """
    db.session.execute(locked(select(PointRule.id).where(PointRule.id == rule.id)))
    if not -LARGEST_AMOUNT <= amount <= LARGEST_AMOUNT:
        raise Refused(_("A rule pays at most %(n)s points for one event.", n=LARGEST_AMOUNT))
    for cap in (daily_cap, total_cap):
        if cap is not None and not 0 < cap <= LARGEST_CAP:
            raise Refused(_("A cap lies between 1 and %(n)s points; leave it empty for none.", n=LARGEST_CAP))
    if valid_from < local_date(now, house.zone):
        raise Refused(_("A rule changes from today on at the earliest. What was earned before stays as it was."))
    last = db.session.scalar(
        select(RuleVersion).where(RuleVersion.rule_id == rule.id).order_by(RuleVersion.number.desc()).limit(1)
    )
    if last is not None and valid_from < last.valid_from:
        raise Refused(
            _("A version from %(day)s is already planned. Choose that day or a later one.", day=last.valid_from)
        )
    version = RuleVersion(
        rule_id=rule.id,
        number=last.number + 1 if last else 1,
        valid_from=valid_from,
        amount=amount,
        daily_cap=daily_cap,
        total_cap=total_cap,
        created_at=now,
        created_by=actor.id,
    )
    db.session.add(version)
    db.session.flush()
    record(
        actor,
        "rule.changed",
        "rule",
        rule.code,
        now,
        version=version.number,
        amount=amount,
        daily_cap=daily_cap,
        total_cap=total_cap,
        valid_from=valid_from.isoformat(),
    )
    return version


def version_on(rule_or_event: str, day: date) -> Version | None:
    """The version that pays an event (or that a rule of that code has) on a day; None when nothing pays."""
    row = db.session.execute(
        _VERSIONS.where(
            or_(PointRule.event == rule_or_event, PointRule.code == rule_or_event), RuleVersion.valid_from <= day
        )
        .order_by(RuleVersion.valid_from.desc(), RuleVersion.number.desc(), PointRule.code)
        .limit(1)
    ).one_or_none()
    if row is None or (row.valid_until is not None and row.valid_until <= day):
        return None
    return Version(**row._mapping)


def version(version_id: int) -> Version:
    """The version of that id; NotFound otherwise."""
    row = db.session.execute(_VERSIONS.where(RuleVersion.id == version_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such version of a rule."))
    return Version(**row._mapping)


def rule_by_code(code: str) -> PointRule:
    """The rule of that code; NotFound otherwise."""
    rule = db.session.scalar(select(PointRule).where(PointRule.code == code))
    if rule is None:
        raise NotFound(_("There is no rule with the code “%(code)s”.", code=code))
    return rule


def every_version() -> list[Version]:
    """All versions of all rules, by rule, the newest first."""
    rows = db.session.execute(_VERSIONS.order_by(PointRule.code, RuleVersion.number.desc()))
    return [Version(**row._mapping) for row in rows]


_VERSIONS = select(
    RuleVersion.id,
    RuleVersion.rule_id,
    PointRule.code,
    PointRule.event,
    PointRule.title,
    RuleVersion.number,
    RuleVersion.valid_from,
    RuleVersion.valid_until,
    RuleVersion.amount,
    RuleVersion.daily_cap,
    RuleVersion.total_cap,
).join(PointRule, PointRule.id == RuleVersion.rule_id)
