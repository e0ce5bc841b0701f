"""What the demo's members were told: a secretary's reminders, a released mark, an invitation; some have read it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import select

from learnhub.audit.trail import Actor
from learnhub.demo.content import Taught
from learnhub.demo.people import People
from learnhub.journeys import remind
from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.notices import inbox, outbox
from learnhub.notices.models import Delivery, Kind
from learnhub.quizzes.models import Attempt

READ = 0.7
"""The share of those who read an older notice."""
INVITATION = ("周五下午学习交流会", "周五下午三点在三楼会议室交流学习体会，请带上你的笔记。")


def tell(people: People, taught: Taught, now: datetime, seed: random.Random) -> None:
    """Send the notices of the last weeks; the newest two of the account `member` are still unread."""
    secretary, branch = people.secretaries[0], people.branches[0]
    fellows = [member for member in people.members[:100] if people.unit_of[member.id] == branch.id]
    first = remind.members_behind(Actor(secretary), branch, _days_ago(now, 30))
    if first.notice_id is not None:
        _read_by_most(first.notice_id, _days_ago(now, 30), seed)
    title, text = INVITATION
    invitation = outbox.send(
        [member.id for member in fellows if member.id != secretary.id],
        source=f"message:demo:{branch.id}",
        kind=Kind.MESSAGE,
        title=title,
        text=text,
        now=_days_ago(now, 8),
        unit_id=branch.id,
        sender_id=secretary.id,
    )
    _read_by_most(invitation.notice_id, _days_ago(now, 8), seed)
    inbox.read_all(people.member.id, _days_ago(now, 7))
    check = taught.checks[taught.courses[0].id]
    sat = db.session.scalars(select(Attempt.member_id).where(Attempt.quiz_id == check.id).distinct())
    outbox.send(
        sat,
        source=f"marks:{check.id}",
        kind=Kind.MESSAGE,
        title=_("The marks are released"),
        text=_("The marks of “%(quiz)s” can be seen now.", quiz=check.title),
        now=_days_ago(now, 3),
        path=f"/quizzes/{check.slug}",
    )
    remind.one_member(Actor(secretary), people.member, _days_ago(now, 2))


def _days_ago(now: datetime, days: int) -> datetime:
    """Nine in the morning, some days ago."""
    return start_of_day(local_date(now, house.zone) - timedelta(days=days), house.zone) + timedelta(hours=9)


def _read_by_most(notice_id: int, since: datetime, seed: random.Random) -> None:
    members = db.session.scalars(
        select(Delivery.member_id).where(Delivery.notice_id == notice_id).order_by(Delivery.member_id)
    ).all()
    for member_id in members:
        if seed.random() < READ:
            inbox.read(member_id, notice_id, since + timedelta(minutes=seed.randint(5, 3 * 1440)))
