"""The form of a quiz: its rules, and its paper as chosen questions or as rules for drawing them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from learnhub.kernel.house import house
from learnhub.quizzes import review
from learnhub.quizzes.access import LONGEST_CODE
from learnhub.quizzes.models import Counts, Mode, Quiz
from learnhub.quizzes.pace import Navigation
from learnhub.quizzes.series import Series
from learnhub.quizzes.setup import (
    LONGEST_LIMIT,
    LONGEST_QUESTION,
    MOST_ATTEMPTS,
    MOST_TRIES,
    SHORTEST_QUESTION,
    Settings,
)
from learnhub.quizzes.tries import Behaviour
from learnhub.web.boxes import Boxes
from learnhub.web.decimals import FiniteField
from learnhub.web.quizzes.moments import UntilField
from learnhub.web.unit_choice import UnitField
from question_bank.fractions import fraction, from_percent, written

QUOTAS = 6
"""Rows for rules of drawing that the form shows."""

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""As browsers send a local date and time."""

MODES = [(Mode.PRACTICE, _l("Practice")), (Mode.TEST, _l("Test")), (Mode.EXAM, _l("Exam"))]
COUNTS = [
    (Counts.BEST, _l("The best attempt")),
    (Counts.LAST, _l("The last attempt")),
    (Counts.FIRST, _l("The first attempt")),
    (Counts.MEAN, _l("The mean of all attempts")),
]
MARKINGS = [
    ("all_or_nothing", _l("All right or nothing")),
    ("half_for_partly", _l("Half for partly right")),
    ("per_option", _l("Per option")),
]
NAVIGATIONS = [
    (Navigation.FREE, _l("Freely, back and forth")),
    (Navigation.SEQUENTIAL, _l("Page after page, with no way back")),
]
BEHAVIOURS = [
    (Behaviour.AT_END, _l("All together, after handing in")),
    (Behaviour.AT_ONCE, _l("One by one, as soon as the member asks")),
    (Behaviour.TRIES, _l("One by one, with several tries")),
    (Behaviour.CHALLENGE, _l("As a challenge: until the first that is not right")),
]
SERIES = [
    (Series.NONE, _l("No")),
    (Series.DAILY, _l("Every day, with new questions")),
    (Series.WEEKLY, _l("Every week, with new questions")),
    (Series.TOPIC, _l("As practice on a topic, at any time")),
]
REVIEWS = [
    ("", _l("As the mode has it")),
    (Mode.PRACTICE, _l("Everything right after handing in")),
    (Mode.TEST, _l("Marks after handing in, right answers after the close")),
    (Mode.EXAM, _l("Answers and marks after the close only")),
]


class QuotaForm(Form):  # type: ignore[misc]
    """A rule of drawing: so many questions of that description. An empty number leaves the rule out."""

    count = IntegerField(_l("How many"), [Optional(), NumberRange(1, 500)])
    category = SelectField(_l("Category"), [Optional()], validate_choice=False)
    kind = SelectField(_l("Kind"), [Optional()], validate_choice=False)
    low = IntegerField(_l("Difficulty from"), [Optional(), NumberRange(1, 5)])
    high = IntegerField(_l("Difficulty to"), [Optional(), NumberRange(1, 5)])
    mark = FiniteField(_l("Marks each"), [Optional(), NumberRange(0, 1000)], places=None)


class QuizForm(FlaskForm):  # type: ignore[misc]
    """Everything that an author decides about a quiz."""

    title = StringField(_l("Title"), [DataRequired(_l("Give the quiz a title.")), Length(max=200)])
    introduction = TextAreaField(_l("Introduction"), [Optional(), Length(max=20_000)])
    unit = UnitField(_l("Unit"), description=_l("The quiz reaches this unit and all below it."))
    lesson = SelectField(_l("Lesson it completes"))
    mode = SelectField(_l("Mode"), choices=MODES, default=Mode.TEST)
    published = BooleanField(_l("Members see it"), default=True)

    source = RadioField(
        _l("Questions"),
        choices=[("drawn", _l("Drawn by rules, anew for each attempt")), ("fixed", _l("The same for everybody"))],
        default="drawn",
    )
    quotas = FieldList(FormField(QuotaForm), min_entries=QUOTAS, max_entries=QUOTAS)
    exclude_seen_days = IntegerField(
        _l("Leave out what the member saw in the last days"), [Optional(), NumberRange(0, 3660)]
    )
    chosen = Boxes(_l("Chosen questions"), validate_choice=False)
    mark = FiniteField(_l("Marks for each chosen question"), [Optional(), NumberRange(0, 1000)], places=None, default=1)

    minutes = IntegerField(_l("Time limit in minutes"), [Optional(), NumberRange(1, LONGEST_LIMIT // 60)])
    opens_at = DateTimeLocalField(_l("Opens"), [Optional()], format=MOMENTS)
    closes_at = UntilField(_l("Closes"), [Optional()], format=MOMENTS)
    attempts_allowed = IntegerField(_l("Attempts allowed"), [Optional(), NumberRange(1, MOST_ATTEMPTS)])
    wait_minutes = IntegerField(_l("Minutes between attempts"), [Optional(), NumberRange(0, 525_600)])
    counts = SelectField(_l("Which attempt counts"), choices=COUNTS)
    pass_percent = IntegerField(_l("Pass mark in percent"), [InputRequired(), NumberRange(0, 100)], default=60)
    review = SelectField(_l("What is shown afterwards"), choices=REVIEWS)
    multiple_marking = SelectField(_l("Marking of multiple choice"), choices=MARKINGS)
    shuffle_questions = BooleanField(_l("Shuffle the questions"))
    shuffle_options = BooleanField(_l("Shuffle the options"), default=True)
    questions_per_page = IntegerField(_l("Questions on a page"), [InputRequired(), NumberRange(0, 100)], default=5)
    series = SelectField(_l("Repeats"), choices=SERIES, default=Series.NONE)
    same_for_all = BooleanField(_l("Everybody has the same questions that day or week"), default=True)
    question_seconds = IntegerField(
        _l("Seconds for each question"), [Optional(), NumberRange(SHORTEST_QUESTION, LONGEST_QUESTION)]
    )
    behaviour = SelectField(_l("Answers are marked"), choices=BEHAVIOURS, default=Behaviour.AT_END)
    tries = IntegerField(_l("Tries"), [Optional(), NumberRange(2, MOST_TRIES)], default=3)
    penalty = StringField(
        _l("Each further try takes off, in percent"), [Optional(), Length(max=30)], default="33.33333"
    )
    navigation = SelectField(_l("Navigation"), choices=NAVIGATIONS, default=Navigation.FREE)

    access_code = StringField(_l("Access code"), [Optional(), Length(max=LONGEST_CODE)])
    addresses = TextAreaField(_l("Networks"), [Optional(), Length(max=5000)])

    def settings(self, bank_id: int, quiz: Quiz | None = None) -> Settings:
        """What the form says, as the domain takes it. Questions that are on the quiz's paper keep differing marks."""
        return Settings(
            title=self.title.data or "",
            paper=self._paper(bank_id, differing_marks(quiz)),
            introduction_html=self.introduction.data or "",
            mode=self.mode.data,
            lesson_id=int(self.lesson.data) if self.lesson.data else None,
            published=bool(self.published.data),
            time_limit_seconds=self.minutes.data * 60 if self.minutes.data else None,
            opens_at=instant_of(self.opens_at.data),
            closes_at=instant_of(self.closes_at.data),
            attempts_allowed=self.attempts_allowed.data or None,
            wait_seconds=(self.wait_minutes.data or 0) * 60,
            counts=self.counts.data,
            pass_percent=self.pass_percent.data,
            shuffle_questions=bool(self.shuffle_questions.data),
            shuffle_options=bool(self.shuffle_options.data),
            questions_per_page=self.questions_per_page.data,
            multiple_marking=self.multiple_marking.data,
            review=review.PRESETS[self.review.data] if self.review.data else {},
            navigation=self.navigation.data,
            series=self.series.data,
            same_for_all=bool(self.same_for_all.data),
            question_seconds=self.question_seconds.data or None,
            behaviour=self.behaviour.data,
            tries=(self.tries.data or 3) if self.behaviour.data == Behaviour.TRIES else 1,
            penalty=self._penalty(),
            access_code=self.access_code.data or "",
            addresses=(self.addresses.data or "").splitlines(),
        )

    def _penalty(self) -> str:
        """What a further try takes off, as an exact fraction: 33.33333 is a third."""
        if self.behaviour.data != Behaviour.TRIES:
            return "0"
        return written(from_percent((self.penalty.data or "0").rstrip("%％ ")))

    def _paper(self, bank_id: int, kept: dict[str, int]) -> dict[str, Any]:
        if self.source.data == "fixed":
            mark = _thousandths(self.mark.data)
            wanted = [one for one in self.chosen.data or [] if str(one).isdecimal() and len(one) < 20]
            return {
                "banks": [str(bank_id)],
                "questions": [{"id": str(one), "mark": kept.get(str(one), mark)} for one in wanted],
            }
        quotas = []
        for row in self.quotas:
            if not row.count.data:
                continue
            low, high = row.low.data, row.high.data
            quotas.append(
                {
                    "count": row.count.data,
                    "category": row.category.data or None,
                    "kind": row.kind.data or None,
                    "difficulty": [low or 1, high or 5] if low or high else None,
                    "mark": _thousandths(row.mark.data),
                }
            )
        blueprint = {"quotas": quotas, "exclude_seen_days": self.exclude_seen_days.data or None}
        return {"banks": [str(bank_id)], "blueprint": blueprint}


def differing_marks(quiz: Quiz | None) -> dict[str, int]:
    """The marks of a fixed paper whose questions are not all worth the same; the form has one field for them."""
    marks = {one["id"]: int(one["mark"]) for one in (quiz.paper.get("questions", []) if quiz is not None else [])}
    return marks if len(set(marks.values())) > 1 else {}


def values_of(quiz: Quiz) -> dict[str, Any]:
    """The fields of the form for a quiz that is there."""
    blueprint, fixed = quiz.paper.get("blueprint"), quiz.paper.get("questions", [])
    return {
        "title": quiz.title,
        "introduction": quiz.introduction_html,
        "lesson": str(quiz.lesson_id or ""),
        "mode": quiz.mode,
        "published": quiz.published,
        "source": "drawn" if blueprint else "fixed",
        "quotas": [_quota(one) for one in (blueprint or {}).get("quotas", [])],
        "exclude_seen_days": (blueprint or {}).get("exclude_seen_days"),
        "chosen": [one["id"] for one in fixed],
        "mark": _marks(fixed[0]["mark"]) if fixed else 1,
        "minutes": quiz.time_limit_seconds // 60 if quiz.time_limit_seconds else None,
        "opens_at": _local(quiz.opens_at),
        "closes_at": _local(quiz.closes_at),
        "attempts_allowed": quiz.attempts_allowed,
        "wait_minutes": quiz.wait_seconds // 60 or None,
        "counts": quiz.counts,
        "pass_percent": quiz.pass_percent,
        "review": review.preset_of(quiz.review),
        "multiple_marking": quiz.multiple_marking,
        "shuffle_questions": quiz.shuffle_questions,
        "shuffle_options": quiz.shuffle_options,
        "questions_per_page": quiz.questions_per_page,
        "navigation": quiz.navigation,
        "series": quiz.series,
        "same_for_all": quiz.same_for_all,
        "question_seconds": quiz.question_seconds,
        "behaviour": quiz.behaviour,
        "tries": quiz.tries if quiz.tries > 1 else 3,
        "penalty": percent_of(quiz.penalty) if quiz.behaviour == Behaviour.TRIES else "33.33333",
        "access_code": quiz.access_code,
        "addresses": "\n".join(quiz.addresses),
    }


def _quota(stored: dict[str, Any]) -> dict[str, Any]:
    low, high = stored.get("difficulty") or (None, None)
    mark = stored.get("mark")
    return {
        "count": stored["count"],
        "category": stored.get("category") or "",
        "kind": stored.get("kind") or "",
        "low": low,
        "high": high,
        "mark": _marks(1000 if mark is None else mark),
    }


def _marks(thousandths: int) -> Decimal:
    """Marks as people write them: 1, 0.5."""
    return Decimal(thousandths) / 1000


def percent_of(exact: str) -> str:
    """An exact fraction in percent, with so many places that reading it again gives the same fraction."""
    shown = f"{100 * float(fraction(exact)):.5f}"
    return shown.rstrip("0").rstrip(".")


def _thousandths(value: Any) -> int:
    return 1000 if value is None else int(value * 1000)


def instant_of(local: datetime | None) -> datetime | None:
    """A wall-clock time of the organisation as an instant."""
    return local.replace(tzinfo=house.zone).astimezone(UTC) if local is not None else None


def _local(instant: datetime | None) -> datetime | None:
    return instant.astimezone(house.zone).replace(tzinfo=None, microsecond=0) if instant is not None else None
