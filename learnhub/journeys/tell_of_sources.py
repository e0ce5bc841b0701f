"""A source is over: who looks after the bank is told how many questions no new paper gets."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.house import house
from learnhub.kernel.words import n_
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from question_bank import sources
from question_bank.models import Bank, Question, QuestionState, Source

LOOKS_BACK = timedelta(days=30)
"""How long after its last day a source is still told of, should the clock have stood still."""


def tell_due(now: datetime) -> None:
    """Tell of every source that went out of force lately, once each."""
    day = local_date(now, house.zone)
    since = day - LOOKS_BACK
    over = or_(Source.valid_until.between(since, day - timedelta(days=1)), Source.superseded_on.between(since, day))
    for source_id in db.session.scalars(select(Source.id).where(over).order_by(Source.id)).all():
        with unit_of_work():
            tell(db.session.get_one(Source, source_id), now)


def tell(source: Source, now: datetime) -> int:
    """Tell who looks after the bank that questions rest on a source that is over today; to how many it went."""
    day = local_date(now, house.zone)
    reason = sources.why_stale(source, None, day)
    count = _left_out(source, day)
    if reason is None or not count:
        return 0
    bank = db.session.get_one(Bank, source.bank_id)
    sent = outbox.send(
        works.editors(Work.BANK, bank.id, now),
        source=f"source:{source.id}:{source.superseded_on or source.valid_until}",
        kind=Kind.REMINDER,
        title=reason,
        text=n_(
            "%(n)s question of the bank %(bank)s rests on it, and no new paper gets it. Change it, or say that it "
            "still holds.",
            "%(n)s questions of the bank %(bank)s rest on it, and no new paper gets them. Change them, or say that "
            "they still hold.",
            count,
            bank=bank.title,
        ),
        now=now,
        path=f"/desk/banks/{bank.slug}?source={source.id}&stale=yes",
    )
    return sent.new


def _left_out(source: Source, day: date) -> int:
    count = (
        select(func.count())
        .select_from(Question)
        .join(Source, Source.id == Question.source_id)
        .where(Source.id == source.id, Question.state == QuestionState.PUBLISHED, sources.stale_on(day))
    )
    return db.session.scalar(count) or 0
