"""Pictures of courses: small, one shape, kept by their content, and only for those who may see the course."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from PIL import Image

from courses.models import Asset, Course
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.web.courses import covers
from tests.makers import PASSWORD, new_course, new_member, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def photo(width: int, height: int, form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(out, form)
    return out.getvalue()


def member_by_a_cover(app: Flask, content: bytes, unit: str = "B1") -> Visitor:
    """A member of B1, where a unit's course has this picture and another of B1 has none."""
    tree = small_tree()
    course = db.session.get(Course, new_course(unit=tree[unit])[0].course_id)
    assert course
    stored = house.files.put(content)
    asset = Asset(course_id=course.id, path="a.jpg", digest=stored.digest, media_type="image/jpeg", size=stored.size)
    db.session.add(asset)
    db.session.flush()
    course.cover_asset_id = asset.id
    new_course("plain", unit=tree["B1"])
    return Visitor(app, new_member(tree["B1"], password=PASSWORD))


@pytest.mark.parametrize(("width", "height", "form"), [(3000, 2000, "JPEG"), (300, 900, "PNG"), (16, 9, "GIF")])
def test_a_card_shows_the_picture_small_and_in_one_shape(app: Flask, width: int, height: int, form: str) -> None:
    visitor = member_by_a_cover(app, photo(width, height, form))
    address = re.search(r'<img class="cover" src="([^"]+)" alt="" width="400" height="225"', visitor.page("/courses"))
    assert address
    answer = visitor.get(address[1])
    assert answer.content_type == "image/webp"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert len(answer.data) < 45_000  # noise, the worst there is; photos take about 8 kB
    with Image.open(io.BytesIO(answer.data)) as shown:
        assert shown.size == covers.SIZE


def test_an_address_of_an_older_picture_is_not_kept_for_long(app: Flask) -> None:
    visitor = member_by_a_cover(app, photo(40, 40))
    assert visitor.get("/courses/course/cover.webp?v=older").headers["Cache-Control"] == "private, max-age=60"


@pytest.mark.parametrize("content", [b"no picture", b"\xff\xd8\xff\xe0broken", b""])
def test_what_is_no_picture_is_not_there(app: Flask, content: bytes) -> None:
    visitor = member_by_a_cover(app, content)
    assert visitor.get("/courses/course/cover.webp").status_code == 404


def test_a_picture_that_would_fill_the_memory_is_not_unpacked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covers, "MOST_PIXELS", 100)
    visitor = member_by_a_cover(app, photo(11, 11))
    assert visitor.get("/courses/course/cover.webp").status_code == 404


def test_a_foreign_unit_s_picture_and_a_course_without_one_are_not_there(app: Flask) -> None:
    visitor = member_by_a_cover(app, photo(40, 40), unit="B2")
    assert visitor.get("/courses/course/cover.webp").status_code == 404
    assert visitor.get("/courses/plain/cover.webp").status_code == 404
