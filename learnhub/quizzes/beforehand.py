"""Papers drawn beforehand: for who waits in the lobby, and for who may come when a quiz opens in a few minutes.

Reading a bank and drawing by a blueprint is most of what a start costs, so the clock does it while members wait. What
is kept is the drawing alone, the seed and the questions in their versions: the rules, the order of options and the
deadline are those of the moment at which the member starts. It is given to its member once, and only as long as it is
what would be drawn now; otherwise, and where there is none, the start draws for itself. No page and no count reads it:
a drawing that nobody began with was seen by nobody and used by nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ForeignKey, String, Table, and_, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member, MemberState
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import BigInt, Model, db, reading, unit_of_work
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import upsert
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, UnitPath
from learnhub.quizzes import papers, seen
from learnhub.quizzes.models import Attempt, LobbyPlace, Quiz, QuizWindow
from learnhub.quizzes.papers import Chosen
from learnhub.quizzes.series import GRAINS, Series
from question_bank import drawing
from question_bank.drawing import Candidate

AHEAD = timedelta(minutes=10)
"""So long before a quiz opens its papers begin to be drawn."""
GOOD_FOR = timedelta(hours=1)
BATCH = 50
"""Papers drawn from one reading of the bank, and kept by one transaction."""


class DrawnPaper(Model):
    """What was drawn for a member who has not started yet; gone when they do, or an hour later."""

    __tablename__ = "drawn_paper"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), primary_key=True)
    seed: Mapped[int] = mapped_column(BigInt)
    questions: Mapped[list[Any]]
    """[{"question": "…", "version": "…", "mark": thousandths}]; empty where none could be drawn: the start says why."""
    basis: Mapped[str] = mapped_column(String(64))
    """Digest of the blueprint and of what its questions were to the drawing."""
    drawn_at: Mapped[datetime]


DRAWN: Table = DrawnPaper.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Drawn:
    """A drawing that still holds."""

    seed: int
    chosen: list[Chosen]


def is_drawn(quiz: Quiz) -> bool:
    """Whether each attempt draws its own paper: a fixed one, and a set that everybody has, cost too little."""
    return "blueprint" in quiz.paper and not (Series(quiz.series) in GRAINS and quiz.same_for_all)


_TAKE = (
    delete(DRAWN)
    .where(DRAWN.c.member_id == bindparam("of_member"), DRAWN.c.quiz_id == bindparam("of_quiz"))
    .returning(DRAWN.c.seed, DRAWN.c.questions, DRAWN.c.basis, DRAWN.c.drawn_at)
)


def take(quiz: Quiz, member_id: int, seen_lately: frozenset[int], now: datetime) -> Drawn | None:
    """What was drawn for a member, who starts now; None without it, and when it is not what would be drawn today.

    It goes with the transaction that starts the attempt: if that fails, it is there for the next try.
    """
    asked = {"of_member": member_id, "of_quiz": quiz.id}
    row = db.session.connection().execute(_TAKE, asked).one_or_none()
    if row is None or not row.questions or row.drawn_at < now - GOOD_FOR:
        return None
    today = local_date(now, house.zone)
    chosen = [Chosen(int(one["question"]), int(one["version"]), int(one["mark"])) for one in row.questions]
    ids = {one.question_id for one in chosen}
    if ids & seen_lately or local_date(row.drawn_at, house.zone) != today:
        return None
    if _basis(quiz.paper, drawing.candidates(_banks(quiz), on=today, only=ids)) != row.basis:
        return None
    return Drawn(row.seed, chosen)


def draw_next(now: datetime) -> int:
    """Draw for up to a batch of those who wait or may come soon, the next in the lobby first; for how many it was."""
    db.session.rollback()
    with reading():
        found = _waiting() or _coming(now)
        rows = _draw(*found, now) if found is not None else []
        db.session.rollback()
    if rows:
        with unit_of_work():
            db.session.execute(upsert(DRAWN).on_conflict_do_nothing(), rows)
    return len(rows)


def _draw(quiz: Quiz, member_ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """Rows for these members, from one reading of the bank."""
    today, days = local_date(now, house.zone), papers.seen_within(quiz.paper)
    pool = drawing.candidates(_banks(quiz), on=today)
    lately = seen.questions(member_ids, now - timedelta(days=days)) if days else {}
    rows = []
    for member_id in member_ids:
        seed = secrets.randbelow(papers.LARGEST_SEED)
        try:
            drawn = drawing.draw(quiz.paper["blueprint"], pool, seed, lately.get(member_id, frozenset()))
        except Refused:
            drawn = []
        questions = [
            {"question": str(one.question_id), "version": str(one.version_id), "mark": mark} for one, mark in drawn
        ]
        basis = _basis(quiz.paper, [one for one, _mark in drawn])
        row = {"member_id": member_id, "quiz_id": quiz.id, "seed": seed, "questions": questions}
        rows.append({**row, "basis": basis, "drawn_at": now})
    return rows


def _banks(quiz: Quiz) -> list[int]:
    return [int(bank) for bank in quiz.paper.get("banks", [])]


def _basis(paper: dict[str, Any], drawn: Iterable[Candidate]) -> str:
    """What a drawing rests on: an edit of the blueprint or of one of its questions gives another digest."""
    asked = [
        [one.question_id, one.version_id, one.category, sorted(one.tags), one.kind, one.difficulty, one.source]
        for one in sorted(drawn, key=lambda one: one.question_id)
    ]
    return hashlib.sha256(orjson.dumps([paper, asked], option=orjson.OPT_SORT_KEYS)).hexdigest()


Batch = tuple[Quiz, Sequence[int]]


def _waiting() -> Batch | None:
    """A quiz, and the next of those in its lobby for whom nothing is drawn."""
    quizzes = select(Quiz).where(Quiz.id.in_(select(LobbyPlace.quiz_id)))
    for quiz in filter(is_drawn, db.session.scalars(quizzes)):
        members = db.session.scalars(
            select(LobbyPlace.member_id)
            .where(LobbyPlace.quiz_id == quiz.id, ~_has(LobbyPlace.member_id, quiz.id))
            .order_by(LobbyPlace.id)
            .limit(BATCH)
        ).all()
        if members:
            return quiz, members
    return None


def _coming(now: datetime) -> Batch | None:
    """A quiz that opens soon, for all or for a unit, and some of the members who may then come for the first time."""
    soon = and_(Quiz.opens_at > now, Quiz.opens_at <= now + AHEAD)
    units_soon = and_(QuizWindow.opens_at > now, QuizWindow.opens_at <= now + AHEAD)
    rows = db.session.execute(
        select(Quiz, QuizWindow.unit_id, QuizWindow.opens_at)
        .outerjoin(QuizWindow, and_(QuizWindow.quiz_id == Quiz.id, units_soon))
        .where(Quiz.published, or_(soon, QuizWindow.unit_id.is_not(None)))
        .order_by(Quiz.opens_at, Quiz.id)
    ).all()
    for quiz, unit_id, _opens_at in rows:
        if not is_drawn(quiz):
            continue
        for_all = quiz.opens_at is not None and now < quiz.opens_at <= now + AHEAD
        members = _members_below(quiz.unit_id if for_all else unit_id, quiz.id, now)
        if members:
            return quiz, members
    return None


def _members_below(unit_id: int, quiz_id: int, now: datetime) -> Sequence[int]:
    below = select(UnitPath.below_id).where(UnitPath.above_id == unit_id)
    query = (
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.unit_id.in_(below),
            holds_on(local_date(now, house.zone)),
            Member.state == MemberState.ACTIVE,
            ~exists().where(Attempt.member_id == Membership.member_id, Attempt.quiz_id == quiz_id),
            ~_has(Membership.member_id, quiz_id),
        )
        .distinct()
        .limit(BATCH)
    )
    return db.session.scalars(query).all()


def _has(member_id: Any, quiz_id: int) -> Any:
    return exists().where(DRAWN.c.member_id == member_id, DRAWN.c.quiz_id == quiz_id)


def forget(now: datetime) -> None:
    """Remove what was drawn for who never came."""
    db.session.execute(delete(DRAWN).where(DRAWN.c.drawn_at < now - GOOD_FOR))
