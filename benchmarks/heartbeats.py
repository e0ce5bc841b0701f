"""One beat of a lesson's page, from the member's clock to the sum of the day, against one upsert and commit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam

from benchmarks.harness import application, best_of, options, report
from courses.models import Course, CourseModule, Lesson
from learnhub.identity import members
from learnhub.journeys import study_lesson
from learnhub.kernel.db import db
from learnhub.kernel.sql import upsert
from learnhub.organisations import memberships, units
from learnhub.study_time import beats
from learnhub.study_time.models import StudyClock

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ROUNDS = 6
ONLINE = 100_000


def lesson() -> Lesson:
    """A lesson of a course, completed when its reader says so."""
    course = Course(slug="c", title="Course", state="published", created_at=NOW, updated_at=NOW)
    db.session.add(course)
    db.session.flush()
    module = CourseModule(course_id=course.id, position=1, title="Module")
    db.session.add(module)
    db.session.flush()
    made = Lesson(course_id=course.id, module_id=module.id, position=1, slug="l", title="Lesson", kind="text")
    db.session.add(made)
    db.session.commit()
    return made


class Clock:
    """The moment of the next round: twenty seconds on, so that every beat credits something."""

    def __init__(self) -> None:
        self.now = NOW

    def tick(self) -> datetime:
        """The next moment."""
        self.now += timedelta(seconds=20)
        return self.now


def main() -> None:
    """Measure a beat of the record, a beat of the journey (which the API calls), and the bare upsert."""
    asked = options("heartbeats", 500, 200, __doc__ or "")
    with application(asked):
        unit = units.new_unit("HQ", "Committee", NOW)
        people = [members.new_member(f"N{n}", f"Member {n}", NOW) for n in range(asked.size)]
        for person in people:
            memberships.join_unit(person, unit, NOW.date().replace(month=1, day=1))
        unit_id, ids = unit.id, [person.id for person in people]
        read = lesson()
        lesson_id, course_id, clock = read.id, read.course_id, Clock()
        table = StudyClock.__table__
        made = upsert(table).values(member_id=bindparam("member_id"), credited_until=bindparam("credited_until"))
        bare = made.on_conflict_do_update(
            index_elements=["member_id"], set_={"credited_until": made.excluded.credited_until}
        )

        def record() -> None:
            now = clock.tick()
            for member_id in ids:
                beats.beat(member_id, "tab", lesson_id, course_id, unit_id, now)
                db.session.commit()

        def journey() -> None:
            now = clock.tick()
            for member_id in ids:
                study_lesson.beat(member_id, db.session.get_one(Lesson, lesson_id), "tab", now)
                db.session.commit()

        def upserts() -> None:
            now = clock.tick()
            for member_id in ids:
                db.session.connection().execute(bare, {"member_id": member_id, "credited_until": now})
                db.session.commit()

        record()
        journey()
        costs = [best_of(ROUNDS, work) / len(ids) for work in (record, journey)]
        base = best_of(ROUNDS, upserts) / len(ids)
        report(
            asked,
            ratio=base / costs[0],
            goal="below 0.05 cores at 100k online on PostgreSQL, by the design for many",
            baseline="one upsert and commit",
            cpu_ms_per_beat=costs[0] * 1000,
            cpu_ms_per_beat_with_progress=costs[1] * 1000,
            cpu_ms_per_upsert=base * 1000,
            cores_at_100k_online=ONLINE / beats.EVERY.total_seconds() * costs[0],
        )


if __name__ == "__main__":
    main()
