"""What questions rest on: the sources of a bank, whether each is in force on a day, and what took its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import Message, _
from question_bank.models import GONE, Bank, Question, QuestionState, Source

LONGEST_NAME = 200
LONGEST_CHAIN = 50
"""Sources that took each other's place, one after another."""


def clean_name(name: str) -> str:
    """A source's name with single spaces."""
    return " ".join(name.split())[:LONGEST_NAME].rstrip()


def ids_of(bank_id: int, names: Iterable[str]) -> dict[str, int]:
    """Ids of the sources with these (clean) names, those that are missing made."""
    wanted = {name for name in names if name}
    if not wanted:
        return {}
    query = select(Source.name, Source.id).where(Source.bank_id == bank_id, Source.name.in_(sorted(wanted)))
    found = {str(name): int(source_id) for name, source_id in db.session.execute(query)}
    missing: list[dict[str, Any]] = [
        {"id": new_id(), "bank_id": bank_id, "name": name} for name in sorted(wanted - set(found))
    ]
    if missing:
        made = db.session.execute(upsert(Source.__table__).on_conflict_do_nothing(), missing)
        found |= {str(row["name"]): int(row["id"]) for row in missing}
        if made.rowcount != len(missing):  # type: ignore[attr-defined]  # somebody else made some at the same time
            found = {str(name): int(source_id) for name, source_id in db.session.execute(query)}
    return found


def of_bank(bank: Bank) -> list[tuple[Source, int]]:
    """The sources of a bank by name, each with the number of its questions that are not retired."""
    count = (
        select(func.count())
        .select_from(Question)
        .where(Question.source_id == Source.id, Question.state.not_in(GONE))
        .correlate(Source)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Source, count).where(Source.bank_id == bank.id).order_by(Source.name, Source.id))
    return [(source, number) for source, number in rows]


def find(bank: Bank, source_id: int) -> Source:
    """A source of the bank; NotFound when there is none of that id."""
    found = db.session.get(Source, source_id)
    if found is None or found.bank_id != bank.id:
        raise NotFound(_("There is no such source."))
    return found


def write(
    bank: Bank,
    source: Source | None,
    *,
    name: str,
    valid_from: date | None,
    valid_until: date | None,
    superseded_by: str = "",
    superseded_on: date | None = None,
    today: date,
) -> Source:
    """A new source, or what is known of one from now on. `superseded_by` names another source, made if need be.

    Without a day it is superseded from the other one's first day on, else from today. Refused, with the reason, when
    the name is taken or the days contradict each other.
    """
    name, follower = clean_name(name), clean_name(superseded_by)
    _check(bank, source, name, valid_from, valid_until, follower)
    if source is None:
        source = Source(id=new_id(), bank_id=bank.id, name=name)
        db.session.add(source)
    source.name, source.valid_from, source.valid_until = name, valid_from, valid_until
    source.superseded_by = source.superseded_on = None
    db.session.flush()
    if follower:
        next_one = db.session.get_one(Source, ids_of(bank.id, [follower])[follower])
        _check_no_circle(source, next_one)
        source.superseded_by = next_one.id
        source.superseded_on = superseded_on or next_one.valid_from or today
        db.session.flush()
    return source


def _check(
    bank: Bank, source: Source | None, name: str, valid_from: date | None, valid_until: date | None, follower: str
) -> None:
    if not name:
        raise Refused(_("Give the source a name."))
    twin = db.session.scalar(select(Source.id).where(Source.bank_id == bank.id, Source.name == name))
    if twin is not None and (source is None or twin != source.id):
        raise Refused(_("The bank has a source of this name already."))
    if valid_from and valid_until and valid_until < valid_from:
        raise Refused(_("A source ends after it begins."))
    if follower == name:
        raise Refused(_("A source can't take its own place."))


def _check_no_circle(source: Source, next_one: Source) -> None:
    at: Source | None = next_one
    for _step in range(LONGEST_CHAIN):
        if at is None:
            return
        if at.id == source.id:
            raise Refused(_("These sources would take each other's place in a circle."))
        at = db.session.get(Source, at.superseded_by) if at.superseded_by else None


def newest(source: Source) -> Source:
    """What stands in a source's place now, by the chain of those that took it; the source itself if nothing does."""
    at = source
    for _step in range(LONGEST_CHAIN):
        if at.superseded_by is None:
            break
        at = db.session.get_one(Source, at.superseded_by)
    return at


def stale_on(day: date) -> ColumnElement[bool]:
    """The condition (Question joined with its Source) that a question's source is not in force on a day.

    What somebody confirmed after its source was over counts as in force; a source not yet in force can't be confirmed.
    """
    superseded = and_(
        Source.superseded_on <= day,
        or_(Question.confirmed_on.is_(None), Question.confirmed_on < Source.superseded_on),
    )
    over = and_(
        Source.valid_until < day, or_(Question.confirmed_on.is_(None), Question.confirmed_on <= Source.valid_until)
    )
    return or_(
        func.coalesce(Source.valid_from > day, False), func.coalesce(superseded, False), func.coalesce(over, False)
    )


def why_stale(source: Source | None, confirmed_on: date | None, day: date) -> Message | None:
    """Why a question of that source is left out of new papers on a day, in words; None when it is not."""
    if source is None:
        return None
    if source.valid_from is not None and source.valid_from > day:
        return _("%(source)s is not in force before %(day)s.", source=source.name, day=source.valid_from.isoformat())
    since = source.superseded_on
    if since is not None and since <= day and (confirmed_on is None or confirmed_on < since):
        follower = db.session.get(Source, source.superseded_by) if source.superseded_by else None
        return _(
            "%(source)s was superseded by %(other)s on %(day)s.",
            source=source.name,
            other=follower.name if follower else "…",
            day=since.isoformat(),
        )
    last = source.valid_until
    if last is not None and last < day and (confirmed_on is None or confirmed_on <= last):
        return _("%(source)s was in force until %(day)s.", source=source.name, day=last.isoformat())
    return None


def count_stale(bank_ids: Iterable[int], day: date) -> dict[int, int]:
    """By bank, how many published questions are left out of new papers on a day; one statement."""
    rows = db.session.execute(
        select(Question.bank_id, func.count())
        .join(Source, Source.id == Question.source_id)
        .where(Question.bank_id.in_(list(bank_ids)), Question.state == QuestionState.PUBLISHED, stale_on(day))
        .group_by(Question.bank_id)
    )
    return {bank_id: count for bank_id, count in rows}
