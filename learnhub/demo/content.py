"""What the demo organisation teaches and asks: three courses, a bank of 120 questions, and its quizzes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from courses import authoring as course_authoring
from courses import catalogue, packages, storing
from courses.models import Course, Lesson
from learnhub.authorship.models import Ownership, Work
from learnhub.demo import sources
from learnhub.demo.people import People
from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.quizzes.models import Counts, Mode, Quiz
from learnhub.quizzes.series import Series
from learnhub.quizzes.tries import Behaviour
from question_bank import authoring, formats, paper_sets
from question_bank.models import Bank

FOLDER = Path(__file__).parent / "content"
COURSES = ("information-literacy", "network-security", "writing-a-notice")
QUESTION_FILES = ("questions.gift", "questions-fill-in.csv", "questions-arranged.json")
ARRANGED = ("matching", "ordering", "select_text", "drag_text", "cloze")
TOPICS = {
    "information-literacy": ("信息素养", "信息素养 · 结业测验"),
    "network-security": ("网络安全", "网络安全常识 · 结业测验"),
    "writing-a-notice": ("公文写作", "Writing a notice · final check"),
}


@dataclass
class Taught:
    """What there is to learn, for the demo's history."""

    courses: list[Course]
    lessons: dict[int, list[Lesson]]
    """By course id, in order."""
    checks: dict[int, Quiz]
    """The closing quiz of each course."""
    daily: Quiz
    exam: Quiz
    bank: Bank


def bring(people: People, now: datetime) -> Taught:
    """Read the content as any instructor would bring it, and make the quizzes."""
    begun = start_of_day(local_date(now, house.zone) - timedelta(days=95), house.zone) + timedelta(hours=9)
    bank = _bank(people, begun)
    courses, lessons, checks = [], {}, {}
    for slug in COURSES:
        reading = packages.read(FOLDER / "courses" / slug)
        assert reading.course is not None, reading.refused
        stored = storing.store(reading.course, begun)
        course_authoring.publish(stored.course, begun)
        _own(Work.COURSE, stored.course.id, people, begun)
        courses.append(stored.course)
        outline = catalogue.outline(stored.course)
        lessons[stored.course.id] = [lesson for chapter in outline.chapters for lesson in chapter.lessons]
        topic, title = TOPICS[slug]
        checks[stored.course.id] = _quiz(
            f"{slug}-check",
            title,
            people,
            bank,
            [(10, topic)],
            begun,
            lesson_id=stored.quizzes.get(f"{slug}-check"),
            time_limit_seconds=15 * 60,
            attempts_allowed=3,
        )
    daily = _quiz(
        "daily", "每日一练", people, bank, [(5, None)], begun,
        kind="single_choice", mode=Mode.PRACTICE, questions_per_page=5, exclude_days=7, series=Series.DAILY,
    )  # fmt: skip
    _quiz(
        "match-and-order", "连线、排序与填空练习", people, bank, [(1, None)] * len(ARRANGED), begun,
        kind=ARRANGED, mode=Mode.PRACTICE, questions_per_page=1,
        behaviour=Behaviour.TRIES, tries=3, penalty="1/3",
    )  # fmt: skip
    _quiz(
        "challenge", "知识闯关", people, bank, [(10, None)], begun,
        kind="single_choice", mode=Mode.PRACTICE, series=Series.TOPIC, behaviour=Behaviour.CHALLENGE,
    )  # fmt: skip
    exam = _quiz(
        "year-exam", "年度知识考试", people, bank, [(7, "信息素养"), (7, "网络安全"), (6, "公文写作")], begun,
        mode=Mode.EXAM, time_limit_seconds=30 * 60, attempts_allowed=2, counts=Counts.BEST,
        opens_at=now - timedelta(days=14), closes_at=now + timedelta(days=16),
    )  # fmt: skip
    _papers(bank, begun)
    sources.write(bank, begun)
    db.session.flush()
    return Taught(courses, lessons, checks, daily, exam, bank)


def _bank(people: People, now: datetime) -> Bank:
    bank = authoring.create_bank("demo", "云岭学习题库", now)
    _own(Work.BANK, bank.id, people, now)
    for name in QUESTION_FILES:
        reading = formats.read((FOLDER / name).read_bytes(), name)
        assert not reading.refused, reading.refused
        authoring.add_questions(bank, reading.questions, now)
    return bank


def _papers(bank: Bank, now: datetime) -> None:
    """Two papers alike for those who sit on paper."""
    topics = [{"count": 5, "category": topic, "mark": 5000} for topic in ("信息素养", "网络安全", "公文写作")]
    blueprint = {"quotas": topics, "total_marks": 75_000, "variants": 2}
    paper_sets.make(bank, "年度知识考试（纸质卷）", blueprint, 20, now)


def _own(work: Work, work_id: int, people: People, now: datetime) -> None:
    db.session.add(Ownership(work=work, work_id=work_id, unit_id=people.committee.id, since=now))


def _quiz(
    slug: str,
    title: str,
    people: People,
    bank: Bank,
    quotas: list[tuple[int, str | None]],
    now: datetime,
    *,
    kind: str | tuple[str, ...] | None = None,
    exclude_days: int | None = None,
    **fields: object,
) -> Quiz:
    kinds = kind if isinstance(kind, tuple) else (kind,) * len(quotas)
    blueprint = {
        "quotas": [
            {"count": count, "category": category, "kind": asked, "mark": 1000}
            for (count, category), asked in zip(quotas, kinds, strict=True)
        ],
        "exclude_seen_days": exclude_days,
    }
    paper = {"banks": [str(bank.id)], "blueprint": blueprint}
    quiz = Quiz(slug=slug, title=title, unit_id=people.committee.id, paper=paper, created_at=now, **fields)
    db.session.add(quiz)
    db.session.flush()
    return quiz
