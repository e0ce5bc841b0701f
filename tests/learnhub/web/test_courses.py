"""Courses for members, as pages and through the API."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from courses.models import Asset, Course, Lesson
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.learning.models import LessonProgress
from learnhub.points import rules
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_course, new_member, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def member(app: Flask, client: FlaskClient, now: datetime) -> Member:
    tree = small_tree()
    rules.ensure_default_rules(now, date(2026, 1, 1))
    new_course("open", unit=tree["HQ"])
    new_course("foreign", unit=tree["B2"])
    member = new_member(tree["B1"], password=PASSWORD)
    db.session.commit()
    sign_in(client, member.number)
    return member


def test_the_catalogue_shows_what_reaches_me_and_nothing_else(client: FlaskClient, member: Member) -> None:
    page = client.get("/courses").get_data(as_text=True)
    assert "Course open" in page
    assert "Course foreign" not in page
    assert client.get("/courses/foreign").status_code == 404
    assert client.get("/courses/foreign/lessons/lesson-1").status_code == 404
    assert "Course open" in client.get("/courses?q=open").get_data(as_text=True)


def test_taking_a_course_leads_through_its_lessons_to_the_end(client: FlaskClient, member: Member) -> None:
    csrf = {"csrf_token": token(client, "/courses/open")}
    where = client.post("/courses/open/enrolment", data=csrf).headers["Location"]
    for n in (1, 2, 3):
        assert where.endswith(f"/courses/open/lessons/lesson-{n}")
        assert f"Text {n}" in client.get(where).get_data(as_text=True)
        where = client.post(where + "/done", data=csrf).headers["Location"]
    assert where.endswith("/courses/open")
    page = client.get(where).get_data(as_text=True)
    assert 'value="3" max="3"' in page
    assert db.session.scalars(select(LessonProgress.completed_at)).all().count(None) == 0


def test_a_lesson_that_wants_time_says_what_is_missing(client: FlaskClient, member: Member) -> None:
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == "lesson-1")).first()
    assert lesson is not None
    for one in db.session.scalars(select(Lesson)):
        one.completion_rule, one.completion_seconds = "time", 60
    csrf = {"csrf_token": token(client, "/courses/open/lessons/lesson-1")}
    answer = client.post("/courses/open/lessons/lesson-1/done", data=csrf)
    assert answer.status_code == 422
    assert "60" in answer.get_data(as_text=True)


def test_a_page_of_a_course_takes_nine_statements_at_any_number_of_lessons(
    client: FlaskClient, member: Member, statements
) -> None:
    client.get("/courses/open")
    with statements() as seen:
        client.get("/courses/open")
    small = len(seen)
    new_course("big", lessons=60)
    course = db.session.scalars(select(Lesson).where(Lesson.title == "Lesson 60")).one()
    from learnhub.authorship import works
    from learnhub.authorship.models import Work
    from learnhub.organisations.units import root

    works.own(Work.COURSE, course.course_id, root().id, datetime(2026, 1, 1, tzinfo=house.zone))
    with statements() as seen:
        assert client.get("/courses/big").status_code == 200
    assert len(seen) == small <= 9


def new_asset(path: str, content: bytes, media_type: str) -> Asset:
    course_id = db.session.scalars(select(Course.id).where(Course.slug == "open")).one()
    stored = house.files.put(content)
    asset = Asset(course_id=course_id, path=path, digest=stored.digest, media_type=media_type, size=stored.size)
    db.session.add(asset)
    db.session.commit()
    return asset


def test_w11_a_video_is_served_in_pieces(client: FlaskClient, member: Member) -> None:
    new_asset("v.mp4", bytes(range(256)) * 40, "video/mp4")
    whole = client.get("/courses/open/assets/v.mp4")
    assert (whole.status_code, whole.content_length, whole.headers["Accept-Ranges"]) == (200, 10_240, "bytes")
    piece = client.get("/courses/open/assets/v.mp4", headers={"Range": "bytes=256-511"})
    assert (piece.status_code, piece.data) == (206, bytes(range(256)))
    assert piece.headers["Content-Range"] == "bytes 256-511/10240"
    assert client.get("/courses/open/assets/v.mp4", headers={"Range": "bytes=99999-"}).status_code == 416
    etag = whole.headers["ETag"]
    assert client.get("/courses/open/assets/v.mp4", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("x.html", "text/html"),
        ("x.svg", "image/svg+xml"),
        ("x.xml", "application/xml"),
        ("表格.xlsx", "application/zip"),
    ],
)
def test_w11_what_could_run_is_only_ever_a_download(
    client: FlaskClient, member: Member, path: str, media_type: str
) -> None:
    new_asset(path, b"<script>alert(1)</script>", media_type)
    answer = client.get(f"/courses/open/assets/{path}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_w11_a_name_cannot_break_out_of_its_header(client: FlaskClient, member: Member) -> None:
    new_asset('a"; filename="evil.html', b"x", "text/plain")
    header = client.get('/courses/open/assets/a"; filename="evil.html').headers["Content-Disposition"]
    assert header.count('"') == 2


def test_w11_files_come_from_the_second_origin_where_there_is_one(client: FlaskClient, member: Member) -> None:
    new_asset("v.mp4", b"0123456789", "video/mp4")
    config = client.application.config["LEARNHUB"]
    config.files_origin = "http://files.localhost"
    try:
        answer = client.get("/courses/open/assets/v.mp4")
        assert answer.status_code == 302
        there = answer.headers["Location"]
        assert there.startswith("http://files.localhost/files/")
        stranger = client.application.test_client()
        path = there.removeprefix("http://files.localhost")
        served = stranger.get(path, base_url="http://files.localhost")
        assert served.data == b"0123456789"
        assert "Set-Cookie" not in served.headers
        assert stranger.get(path.replace("/files/", "/files/x"), base_url="http://files.localhost").status_code == 404
        new_asset("a.vtt", b"WEBVTT\n", "text/vtt")
        assert client.get("/courses/open/assets/a.vtt").status_code == 200, "captions come from the page's own origin"
        new_asset("a.pdf", b"%PDF-1.7\n", "application/pdf")
        there = client.get("/courses/open/assets/a.pdf").headers["Location"].removeprefix("http://files.localhost")
        policy = stranger.get(there, base_url="http://files.localhost").headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'self' http://localhost")
    finally:
        config.files_origin = ""


def test_beats_arrive_through_the_api_and_claims_are_not_asked(client: FlaskClient, member: Member) -> None:
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == "lesson-1").order_by(Lesson.id)).first()
    assert lesson is not None
    headers = {"X-CSRFToken": token(client, "/courses/open")}
    url = f"/api/v1/lessons/{lesson.id}/beats"
    answer = client.post(url, json={"tab": "t", "played": None}, headers=headers)
    assert answer.status_code == 200
    assert answer.get_json()["today_seconds"] == 0
    assert client.post(url, json={"tab": "t", "seconds": 3600}, headers=headers).status_code == 422
    foreign = db.session.scalars(select(Lesson).order_by(Lesson.id.desc())).first()
    assert foreign is not None
    assert client.post(f"/api/v1/lessons/{foreign.id}/beats", json={"tab": "t"}, headers=headers).status_code == 404


def test_the_api_lists_courses_page_by_page(client: FlaskClient, member: Member) -> None:
    from learnhub.organisations.units import root

    for n in range(4):
        new_course(f"more-{n}", unit=root())
    slugs, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/v1/courses", query_string={"limit": 2, "cursor": cursor}).get_json()
        slugs += [item["slug"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert slugs == ["more-0", "more-1", "more-2", "more-3", "open"]
    found = client.get("/api/v1/courses").get_json()["items"][0]
    course = client.get(f"/api/v1/courses/{found['id']}").get_json()
    assert len(course["modules"][0]["lessons"]) == 3
    lesson = course["modules"][0]["lessons"][0]
    text = client.get(f"/api/v1/courses/{found['id']}/lessons/{lesson['id']}").get_json()
    assert text["body_html"] == "<p>Text 1</p>"
