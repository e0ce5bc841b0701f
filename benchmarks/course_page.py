"""The page of a course with forty lessons, and with four hundred, against the smallest page there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from benchmarks.harness import application, best_of, options, report
from courses.models import Course, CourseModule, Lesson
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity import members
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations import memberships, units
from learnhub.organisations.models import Unit

PASSWORD = "plain sailing 7"
PAGES = 100
LONG = 10
"""How many times as long the long course is."""
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def apart(work: Callable[[], Any]) -> Any:
    """Carry out work in a thread of its own, where each request gets a context of its own, as on a server."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def new_course(slug: str, lessons: int, unit: Unit) -> None:
    """A published course of the unit, ten lessons to a module."""
    course = Course(slug=slug, title=slug, state="published", created_at=JOINED, updated_at=JOINED)
    db.session.add(course)
    db.session.flush()
    for start in range(0, lessons, 10):
        module = CourseModule(course_id=course.id, position=start, title=f"Module {start}")
        db.session.add(module)
        db.session.flush()
        db.session.add_all(
            Lesson(
                course_id=course.id,
                module_id=module.id,
                position=n + 1,
                slug=f"lesson-{n}",
                title=f"Lesson {n}",
                kind="text",
                body_html="<p>Some text.</p>" * 100,
            )
            for n in range(start, min(start + 10, lessons))
        )
    works.own(Work.COURSE, course.id, unit.id, JOINED)


def sign_in(client: FlaskClient, name: str) -> None:
    """Sign in as a person does."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert found
    form = {"csrf_token": found.group(1), "name": name, "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303


def cost(client: FlaskClient, path: str) -> float:
    """CPU seconds of a page."""

    def look() -> None:
        for _page in range(PAGES):
            assert client.get(path).status_code == 200

    apart(look)
    return best_of(3, lambda: apart(look)) / PAGES


def statements(client: FlaskClient, path: str) -> int:
    """How many statements a page takes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    apart(lambda: client.get(path))
    event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def main() -> None:
    """Measure both courses and the page that says that the server lives."""
    asked = options("course_page", 40, 40, __doc__ or "")
    with application(asked) as app:
        unit = units.new_unit("HQ", "Committee", JOINED)
        member = members.new_member("N1", "Member", utcnow(), password=PASSWORD)
        memberships.join_unit(member, unit, JOINED.date())
        new_course("short", asked.size, unit)
        new_course("long", asked.size * LONG, unit)
        db.session.commit()
        db.session.remove()
        client = app.test_client()
        apart(lambda: sign_in(client, "N1"))
        page, long_page, bare = (cost(client, path) for path in ("/courses/short", "/courses/long", "/healthz"))
        report(
            asked,
            ratio=bare / page,
            goal="at most 3 ms and 8 statements",
            baseline="the smallest page",
            cpu_ms_per_page=page * 1000,
            cpu_ms_per_page_ten_times_as_long=long_page * 1000,
            cpu_ms_of_the_smallest=bare * 1000,
            statements=statements(client, "/courses/short"),
            statements_ten_times_as_long=statements(client, "/courses/long"),
        )


if __name__ == "__main__":
    main()
