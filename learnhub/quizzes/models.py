"""Quizzes, attempts with their frozen papers, answers and every version of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.models import Lesson
from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import BigInt, Id, Json, Model
from learnhub.kernel.ids import new_id
from learnhub.organisations.models import Unit
from question_bank.models import Question, QuestionVersion


class Mode(StrEnum):
    """What a quiz is for."""

    PRACTICE = "practice"
    TEST = "test"
    EXAM = "exam"


class Counts(StrEnum):
    """Which attempt counts when there are several."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    MEAN = "mean"


class AttemptState(StrEnum):
    """Open while it takes answers; closed once and for all afterwards."""

    OPEN = "open"
    CLOSED = "closed"


class Quiz(Model):
    """A quiz: its paper (fixed or drawn), its clock and its rules. It belongs to a unit and reaches all below."""

    __tablename__ = "quiz"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    introduction_html: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey(Lesson.id), index=True)
    mode: Mapped[str] = mapped_column(String(16), default=Mode.TEST)
    published: Mapped[bool] = mapped_column(default=True)
    paper: Mapped[dict[str, Any]] = mapped_column(Json)
    """Fixed: {"questions": [{"id": "…", "mark": thousandths}]}. Drawn: {"blueprint": …}, see question_bank/drawing."""
    time_limit_seconds: Mapped[int | None]
    grace_seconds: Mapped[int] = mapped_column(default=5)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    last_close_at: Mapped[datetime | None]
    """The latest close of any unit and of any time granted past the close; None where there is none but `closes_at`."""
    attempts_allowed: Mapped[int | None]
    wait_seconds: Mapped[int] = mapped_column(default=0)
    """Between one attempt's end and the next one's start."""
    counts: Mapped[str] = mapped_column(String(8), default=Counts.BEST)
    pass_percent: Mapped[int] = mapped_column(default=60)
    shuffle_questions: Mapped[bool] = mapped_column(default=False)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    questions_per_page: Mapped[int] = mapped_column(default=5)
    """0: all on one."""
    multiple_marking: Mapped[str] = mapped_column(String(16), default="all_or_nothing")
    review: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """When what is shown: {"after": ["response", "correctness", …], "closed": […]}; see quizzes/review.py."""
    navigation: Mapped[str] = mapped_column(String(16), default="free")
    """free or sequential; see quizzes/pace.py."""
    series: Mapped[str] = mapped_column(String(8), default="")
    """Whether it comes again with new questions: daily, weekly, topic or empty; see quizzes/series.py."""
    same_for_all: Mapped[bool] = mapped_column(default=True)
    """Of a daily or weekly set: whether everybody has the same questions."""
    question_seconds: Mapped[int | None]
    """For each question, counted from when its page is first shown; only where there is no way back."""
    behaviour: Mapped[str] = mapped_column(String(16), default="at_end")
    """When answers are marked; see quizzes/tries.py."""
    tries: Mapped[int] = mapped_column(default=1)
    """Of each question, where answers may be tried again."""
    penalty: Mapped[str] = mapped_column(String(32), default="0")
    """What each try before takes off: an exact fraction of the mark, such as "1/3"."""
    access_code: Mapped[str] = mapped_column(String(40), default="")
    """Asked for when an attempt begins; empty for none. Kept as it is written, since instructors give it out."""
    addresses: Mapped[list[str]] = mapped_column(Json, default=list)
    """Address ranges (CIDR) from which it may be sat; empty for anywhere."""
    created_at: Mapped[datetime]

    @property
    def closed_for_all_at(self) -> datetime | None:
        """When the last member who may sit it has to be done; None for a quiz that never closes."""
        if self.closes_at is None or self.last_close_at is None:
            return self.closes_at
        return max(self.closes_at, self.last_close_at)


class Attempt(Model):
    """One member's attempt: the row that every save touches, so that no save can pass a close unseen."""

    __tablename__ = "attempt"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    """The member's primary unit when it started."""
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default=AttemptState.OPEN)
    preview: Mapped[bool] = mapped_column(default=False)
    layout: Mapped[dict[str, Any]] = mapped_column(Json)
    """The frozen paper: {"seed": …, "slots": [{"question", "version", "order": [option keys], "mark"}]}, with
    the rules that it is marked by: "grace" in seconds, "marking" of multiple choice, "pass_percent", and those of its
    clock: "limit" in seconds and "closes" (an instant), null for none; "way" where it does not go
    freely (quizzes/pace.py)."""
    started_at: Mapped[datetime]
    deadline: Mapped[datetime | None]
    extra_seconds: Mapped[int] = mapped_column(default=0)
    """Granted beyond the limit, in all."""
    past_close_seconds: Mapped[int] = mapped_column(default=0)
    """Of it: by how much the grants move the close for this attempt."""
    reopened: Mapped[int] = mapped_column(default=0)
    """How often time was granted after its clock had ended it."""
    page: Mapped[int] = mapped_column(default=1)
    """Where its member is, if there is no way back."""
    page_since: Mapped[datetime | None]
    """When its page was first shown, where each question has its time."""
    page_extra_seconds: Mapped[int] = mapped_column(default=0)
    """Granted to its page since it was shown; the next one begins with none."""
    fixed: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Slots whose answers were checked and stand."""
    flags: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Slots that its member wants to look at again."""
    last_saved_at: Mapped[datetime | None]
    saves: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(16), default="")
    """member, request (the first that touched it overdue), sweeper or check (an answer that ended it)."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of the responses that were marked: what the receipt shows."""
    score: Mapped[int | None]
    """None until the close, and as long as an answer waits for a person's mark; so is `passed`."""
    full_marks: Mapped[int]
    passed: Mapped[bool | None]
    waits: Mapped[int] = mapped_column(default=0)
    """How many answers of a closed attempt wait for a person's mark."""
    marks: Mapped[list[Any]] = mapped_column(Json, default=list)
    """After the close, per slot: {"mark": thousandths, "correctness": "right" | "partly" | "wrong" | "blank"}; what a
    person marks is "by_hand" until then (its mark is what needs no person), and has "by_hand": true afterwards."""

    quiz: Mapped[Quiz] = relationship(viewonly=True, lazy="raise_on_sql")
    """Read along where an attempt is found by its member, so that its quiz takes no statement of its own."""

    __table_args__ = (
        UniqueConstraint("quiz_id", "member_id", "number"),
        Index(
            "uq_attempt_open",
            "quiz_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempt_open_deadline",
            "deadline",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_quiz_id_state", "quiz_id", "state"),
        Index(
            "ix_attempt_quiz_id_waits",
            "quiz_id",
            sqlite_where=text("waits > 0"),
            postgresql_where=text("waits > 0"),
        ),
    )


class LobbyPlace(Model):
    """A member who waits to start a quiz when too many come at once; gone once they have started."""

    __tablename__ = "lobby_place"

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    id: Mapped[int] = mapped_column(BigInt, unique=True)
    """Made on arrival, so that it orders the queue."""
    arrived_at: Mapped[datetime]
    admitted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_lobby_place_waiting",
            "id",
            sqlite_where=text("admitted_at IS NULL"),
            postgresql_where=text("admitted_at IS NULL"),
        ),
    )


class Answer(Model):
    """The current answer in a slot: `revision` is the server's count, `sequence` the client's."""

    __tablename__ = "answer"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    response: Mapped[dict[str, Any]] = mapped_column(Json)
    sequence: Mapped[int]
    revision: Mapped[int]
    saved_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


class AnswerVersion(Model):
    """Every answer that the server took, in order, and those that came too late (revision 0, `late`): not counted."""

    __tablename__ = "answer_version"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    revision: Mapped[int]
    sequence: Mapped[int]
    base: Mapped[int]
    response: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    redacted_by: Mapped[int | None]
    """The erasure for which the author's name was taken out of the response."""

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


append_only(AnswerVersion.__table__, redactable=("response",))  # type: ignore[arg-type]


class HandMark(Model):
    """A person's mark of an answer. Nothing is changed: of several for the same slot the newest one stands."""

    __tablename__ = "hand_mark"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Whose answer it is."""
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    parts: Mapped[list[Any]] = mapped_column(Json)
    """[{"key": of a case's question or "", "mark": thousandths, "levels": {criterion: level}}]."""
    comment: Mapped[str] = mapped_column(Text)
    """Plain text, for the member."""
    marker_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    at: Mapped[datetime]
    redacted_by: Mapped[int | None]
    """The erasure for which a name was taken out of the comment."""

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


append_only(HandMark.__table__, redactable=("comment",))  # type: ignore[arg-type]


class HandedInFile(Model):
    """A file that a member uploaded for an answer of an attempt; whether the answer names it is the answer's matter."""

    __tablename__ = "handed_in_file"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    slot: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    """Bytes."""
    media_type: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


class ReportState(StrEnum):
    """What became of a reported error."""

    WAITING = "waiting"
    FIXED = "fixed"
    NO_ERROR = "no_error"
    RETIRED = "retired"


class QuestionReport(Model):
    """A member says that a question of their attempt is wrong; who looks after the bank answers."""

    __tablename__ = "question_report"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    attempt_id: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id))
    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id))
    """The version that was asked."""
    reason: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default=ReportState.WAITING)
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),
        UniqueConstraint("member_id", "attempt_id", "question_id"),
        Index("ix_question_report_question_id_state", "question_id", "state"),
        Index("ix_question_report_member_id_at", "member_id", "at"),
    )


class QuizWindow(Model):
    """When a quiz is open for the members of a unit and of all below it, and how much longer they have.

    The nearest window above a member decides alone; what it leaves open is as the quiz has it.
    """

    __tablename__ = "quiz_window"

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    extra_seconds: Mapped[int] = mapped_column(default=0)
    set_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    set_at: Mapped[datetime]


class TimeGrant(Model):
    """More time, with its reason: for a member or for everybody of a unit and below, in one quiz or in all of them."""

    __tablename__ = "time_grant"

    id: Mapped[Id]
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey(Quiz.id))
    """None: in every quiz."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    seconds: Mapped[int]
    may_pass_close: Mapped[bool] = mapped_column(default=False)
    lasting: Mapped[bool] = mapped_column(default=False)
    """Also for attempts that begin later; otherwise for those that are open (or reopened) only."""
    reopens_from: Mapped[datetime | None]
    """Attempts whose clock ended them since then are opened again; None: what is closed stays closed."""
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    granted_at: Mapped[datetime]
    carried_out_at: Mapped[datetime | None]
    """When the last of the attempts that it is for had its time."""
    call_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Names the form that asked for it: sent twice, it is one grant."""

    __table_args__ = (
        Index(
            "ix_time_grant_waiting",
            "granted_at",
            sqlite_where=text("carried_out_at IS NULL"),
            postgresql_where=text("carried_out_at IS NULL"),
        ),
    )


class GrantedTime(Model):
    """An attempt has had the time of a grant: once, whatever is tried again."""

    __tablename__ = "granted_time"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grant_id: Mapped[int] = mapped_column(ForeignKey(TimeGrant.id), primary_key=True, autoincrement=False)
    seconds: Mapped[int]
    at: Mapped[datetime]
    reopened: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


append_only(GrantedTime.__table__)  # type: ignore[arg-type]
