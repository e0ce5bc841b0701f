"""Three months behind the demo organisation: who came, learned, sat quizzes and earned what, by the house's rules."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from courses.models import Course, Lesson, LessonKind
from learnhub.demo import sitting
from learnhub.demo.books import Books, write
from learnhub.demo.content import Taught
from learnhub.demo.people import People, history_days
from learnhub.identity.models import Member
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import _
from learnhub.learning.models import Enrolment, LessonProgress
from learnhub.points import rules
from learnhub.quizzes import closing, held_passes, papers
from learnhub.quizzes.held_passes import HeldPass
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState, Quiz
from learnhub.study_time.models import CreditRule, StudyClock, StudyDay, StudyInterval, YearlyTarget

WHOLE_STORIES = 120
"""Members with lessons, quizzes and answers; in the larger sizes everybody else only signs in and studies."""
NAMED_LESSONS = 13
"""Where the account `member` stands: one course completed, the next one half done."""
TARGET = 4_000
"""Thousandths of an hour that a member owes: the demo has three short courses, so less than the usual 32 hours."""
VARIANTS = 12
"""Papers drawn of each quiz; members share them."""


@dataclass
class Story:
    """One member's three months, as it is told."""

    member_id: int
    unit_id: int
    diligence: float
    skill: float
    whole: bool
    lessons: int
    """How many lessons they get to in these months."""
    done: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Course id → lessons completed."""
    finished: dict[int, datetime] = field(default_factory=dict)
    enrolled: dict[int, datetime] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    passed: set[int] = field(default_factory=set)
    clock: datetime | None = None
    interval_id: int | None = None


class Chronicle:
    """Rows of all tables that a story touches, until they are written."""

    def __init__(self, people: People, taught: Taught, seed: random.Random, now: datetime) -> None:
        self.people, self.taught, self.seed, self.now = people, taught, seed, now
        self.books = Books()
        self.rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.study: dict[tuple[int, date, int, int], int] = defaultdict(int)
        quizzes = [*taught.checks.values(), taught.daily, taught.exam]
        self.papers = {
            quiz.id: [papers.build(quiz, seed.randrange(2**40)) for _n in range(VARIANTS)] for quiz in quizzes
        }

    def day(self, story: Story, day: date) -> None:
        """One member's day, if they come at all."""
        weekend = day.weekday() >= 5
        if self.seed.random() > story.diligence * (0.5 if weekend else 1):
            return
        minute = self.seed.choice(
            (*range(7 * 60, 8 * 60 + 30), *range(12 * 60, 13 * 60 + 20), *range(19 * 60, 21 * 60))
        )
        moment = datetime.combine(day, time(minute // 60, minute % 60, self.seed.randrange(60)), house.zone).astimezone(
            UTC
        )
        self._earn(story, "first_sign_in", f"day:{day.isoformat()}", moment, _("First sign-in of the day"))
        moment += timedelta(seconds=self.seed.randint(20, 90))
        for _n in range(self.seed.choice((0, 0, 1, 1, 2)) if self.seed.random() < 0.6 else 0):
            moment = self._study(story, moment)
        if story.whole and self.seed.random() < 0.3:
            moment = self._sit(story, self.taught.daily, moment)
        if (
            story.whole
            and self._exam_is_open(moment)
            and story.attempts[self.taught.exam.id] == 0
            and self.seed.random() < 0.35
        ):
            self._sit(story, self.taught.exam, moment)

    def _exam_is_open(self, moment: datetime) -> bool:
        opens = self.taught.exam.opens_at
        return opens is not None and opens <= moment

    def _study(self, story: Story, moment: datetime) -> datetime:
        """The next lesson of the course that one is at: credited time, completion, and what it earns."""
        course = next((one for one in self.taught.courses if one.id not in story.finished), None)
        if course is None or sum(map(len, story.done.values())) >= story.lessons:
            return moment
        lesson = self._next_lesson(story, course)
        story.enrolled.setdefault(course.id, moment)
        seconds = int(lesson.nominal_seconds * self.seed.uniform(0.7, 1.3)) + self.seed.randint(20, 120)
        end = moment + timedelta(seconds=seconds)
        if lesson.kind == LessonKind.QUIZ and story.whole:
            end = self._sit(story, self.taught.checks[course.id], moment + timedelta(seconds=seconds // 4))
            if self.taught.checks[course.id].id not in story.passed:
                return end
        self._credit(story, course, lesson, moment, end)
        self._complete(story, course, lesson, moment, end)
        return end + timedelta(seconds=self.seed.randint(5, 40))

    def _next_lesson(self, story: Story, course: Course) -> Lesson:
        lessons = self.taught.lessons[course.id]
        return lessons[len(story.done[course.id])]

    def _credit(self, story: Story, course: Course, lesson: Lesson, start: datetime, end: datetime) -> None:
        story.interval_id, story.clock = new_id(), end
        self.rows[StudyInterval].append(
            {
                "member_id": story.member_id,
                "id": story.interval_id,
                "lesson_id": lesson.id,
                "course_id": course.id,
                "started_at": start,
                "ended_at": end,
                "present_seconds": int((end - start).total_seconds()) + self.seed.randint(0, 200),
            }
        )
        day = start.astimezone(house.zone).date()
        key = (story.member_id, day, course.id, story.unit_id)
        self.study[key] += int((end - start) / timedelta(milliseconds=1))

    def _complete(self, story: Story, course: Course, lesson: Lesson, start: datetime, end: datetime) -> None:
        by = "quiz" if lesson.kind == LessonKind.QUIZ else lesson.completion_rule
        self.rows[LessonProgress].append(
            {
                "member_id": story.member_id,
                "lesson_id": lesson.id,
                "course_id": course.id,
                "opened_at": start,
                "seen_at": end,
                "played": [],
                "position": 0,
                "completed_at": end,
                "completed_by": by,
            }
        )
        story.done[course.id].append(lesson.id)
        reason = _("Lesson completed: %(lesson)s", lesson=lesson.title)
        self._earn(story, "lesson_completed", f"lesson:{lesson.id}", end, reason)
        if len(story.done[course.id]) == len(self.taught.lessons[course.id]):
            story.finished[course.id] = end

    def _sit(self, story: Story, quiz: Quiz, start: datetime) -> datetime:
        """One attempt from start to receipt; the end of it."""
        number = story.attempts[quiz.id] + 1
        if quiz.attempts_allowed is not None and number > quiz.attempts_allowed:
            return start
        story.attempts[quiz.id] = number
        layout = self.seed.choice(self.papers[quiz.id])
        given = sitting.responses(layout, story.skill, self.seed)
        limit = quiz.time_limit_seconds
        pace = min(self.seed.uniform(14, 40), (limit or 10**6) * 0.9 / len(layout["slots"]))
        end = start + timedelta(seconds=pace * len(layout["slots"]) + 5)
        marked = closing.mark_paper(layout, given)
        attempt_id = new_id()
        key = {"member_id": story.member_id, "attempt_id": attempt_id}
        for slot, response in given.items():
            saved = start + timedelta(seconds=pace * slot)
            answer = {**key, "slot": slot, "response": response, "sequence": 1, "revision": 1, "saved_at": saved}
            self.rows[Answer].append(answer)
            self.rows[AnswerVersion].append({**answer, "id": new_id(), "base": 0, "recorded_at": saved, "late": False})
        self.rows[Attempt].append(
            {
                "member_id": story.member_id,
                "id": attempt_id,
                "quiz_id": quiz.id,
                "unit_id": story.unit_id,
                "number": number,
                "state": AttemptState.CLOSED,
                "preview": False,
                "layout": layout,
                "started_at": start,
                "deadline": start + timedelta(seconds=limit) if limit else None,
                "extra_seconds": 0,
                "last_saved_at": end - timedelta(seconds=5) if given else None,
                "saves": len(given),
                "submitted_at": end,
                "closed_at": end,
                "closed_by": "member",
                "digest": closing.digest(given),
                "score": marked.score,
                "full_marks": papers.full_marks(layout),
                "passed": marked.passed,
                "marks": marked.marks,
            }
        )
        self._pay_for(story, quiz, self.rows[Attempt][-1])
        return end + timedelta(seconds=self.seed.randint(5, 30))

    def _pay_for(self, story: Story, quiz: Quiz, made: dict[str, Any]) -> None:
        end, number = made["submitted_at"], made["number"]
        reason = _("Quiz handed in: %(quiz)s", quiz=quiz.title)
        self._earn(story, "quiz_handed_in", f"quiz:{quiz.id}:attempt:{number}", end, reason)
        if not made["passed"]:
            return
        if held_passes.waits(quiz, Attempt(started_at=made["started_at"]), end, self.now):
            key = {"member_id": story.member_id, "attempt_id": made["id"], "quiz_id": quiz.id}
            self.rows[HeldPass].append({**key, "id": new_id()})
        elif quiz.id not in story.passed:
            story.passed.add(quiz.id)
            self._earn(story, "quiz_passed", f"quiz:{quiz.id}", end, _("Quiz passed: %(quiz)s", quiz=quiz.title))

    def _earn(self, story: Story, event: str, source: str, moment: datetime, reason: Any) -> None:
        self.books.happened(story.member_id, story.unit_id, event, source, moment, reason)

    def write(self, stories: list[Story]) -> None:
        """Everything into the tables, parents first."""
        self.rows[Enrolment] = [
            {
                "member_id": story.member_id,
                "course_id": course_id,
                "enrolled_at": since,
                "ended_at": None,
                "completed_at": story.finished.get(course_id),
            }
            for story in stories
            for course_id, since in story.enrolled.items()
        ]
        self.rows[StudyClock] = [
            {"member_id": story.member_id, "credited_until": story.clock, "interval_id": story.interval_id}
            for story in stories
            if story.clock
        ]
        self.rows[StudyDay] = [
            {"member_id": member_id, "day": day, "course_id": course_id, "unit_id": unit_id, "milliseconds": credited}
            for (member_id, day, course_id, unit_id), credited in self.study.items()
        ]
        for model in (
            Enrolment,
            LessonProgress,
            StudyInterval,
            StudyClock,
            StudyDay,
            Attempt,
            HeldPass,
            Answer,
            AnswerVersion,
        ):
            write(model, self.rows[model])
        self.books.close()


def live(people: People, taught: Taught, now: datetime, seed: random.Random) -> None:
    """Write three months of history up to yesterday."""
    days = history_days(now)
    made = start_of_day(days[0] - timedelta(days=30), house.zone)
    rules.ensure_default_rules(made, days[0] - timedelta(days=30))
    _hours_rules(days)
    chronicle = Chronicle(people, taught, seed, now)
    stories = [_story(member, n, people, seed) for n, member in enumerate(people.members)]
    for story in stories:
        for day in days:
            chronicle.day(story, day)
    chronicle.write(stories)


def _story(member: Member, n: int, people: People, seed: random.Random) -> Story:
    named = member.id == people.member.id
    diligence = 0.75 if named else seed.choice((0.08, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85))
    skill = 0.8 if named else seed.uniform(0.45, 0.95)
    lessons = NAMED_LESSONS if named else seed.choice((4, 8, 12, 18, 25, 25))
    return Story(member.id, people.unit_of[member.id], diligence, skill, n < WHOLE_STORIES, lessons)


def _hours_rules(days: list[date]) -> None:
    write(CreditRule, [{"valid_from": date(days[0].year - 1, 1, 1), "minutes_per_hour": 45}])
    years = sorted({days[0].year, days[-1].year, days[-1].year + 1})
    write(
        YearlyTarget,
        [
            {"year": year, "role": role, "unit_id": 0, "hours": hours}
            for year in years
            for role, hours in (("member", TARGET), ("secretary", TARGET * 2))
        ],
    )
