"""The demo's courses: read without a remark, a lesson of each kind, small enough to ship."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from courses import authoring, catalogue, packages
from courses.models import LessonKind
from learnhub.demo.content import ARRANGED
from question_bank.formats import gift, objects

CONTENT = Path(__file__).parents[2] / "learnhub" / "demo" / "content"
SLUGS = ("information-literacy", "network-security", "writing-a-notice")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_demo_course_is_read_without_a_remark(slug: str) -> None:
    reading = packages.read(CONTENT / "courses" / slug)
    assert (reading.refused, reading.warnings) == ([], [])
    course = reading.course
    assert course
    assert course.slug == slug
    assert course.cover in course.assets
    assert 2 <= len(course.modules) <= 3
    assert 6 <= len(course.lessons) <= 9
    assert [lesson.quiz for lesson in course.lessons if lesson.quiz] == [f"{slug}-check"]


def test_there_is_a_lesson_of_each_kind_and_one_course_in_english() -> None:
    courses = [packages.read(CONTENT / "courses" / slug).course for slug in SLUGS]
    assert {lesson.kind for course in courses if course for lesson in course.lessons} == set(LessonKind)
    assert [course.language for course in courses if course] == ["zh_Hans", "zh_Hans", "en"]


def test_the_video_has_its_length_and_its_captions() -> None:
    course = packages.read(CONTENT / "courses" / SLUGS[0]).course
    assert course
    video = course.assets["media/four-moves.mp4"]
    assert 40 <= (video.seconds or 0) <= 60
    assert video.details["captions"] == [{"path": "media/four-moves.zh.vtt", "language": "zh"}]
    english = packages.read(CONTENT / "courses" / SLUGS[2]).course
    assert english
    assert 40 <= (english.assets["media/two-notices.mp3"].seconds or 0) <= 50


def test_the_content_is_small() -> None:
    sizes = {path: path.stat().st_size for path in CONTENT.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 3_000_000
    assert max(size for path, size in sizes.items() if path.suffix == ".png") < 30_000


def test_demo_courses_are_stored_and_a_second_time_change_nothing(app: Flask, now: datetime) -> None:
    for turn in range(2):
        for slug in SLUGS:
            with packages.read(CONTENT / "courses" / slug) as reading:
                assert reading.course
                done = authoring.store(reading.course, now)
            assert done.created is (turn == 0)
            assert done.updated == 0
    lesson = catalogue.lesson(catalogue.find("information-literacy"), "four-moves")
    files = catalogue.files_of(lesson)
    assert files.main
    assert files.main.media_type == "video/mp4"
    assert [track.path for track in files.captions] == ["media/four-moves.zh.vtt"]


def test_there_are_120_questions_of_every_kind_in_nine_categories() -> None:
    reading = gift.read((CONTENT / "questions.gift").read_text(encoding="utf-8"))
    assert reading.refused == []
    kinds = Counter(str(question.kind) for question in reading.questions)
    assert set(kinds) == {"single_choice", "multiple_choice", "true_false", "short_answer", "numerical"}
    arranged = objects.read((CONTENT / "questions-arranged.json").read_text(encoding="utf-8"))
    assert arranged.refused == []
    assert Counter(str(question.kind) for question in arranged.questions) == dict.fromkeys(ARRANGED, 2)
    asked = [*reading.questions, *arranged.questions]
    assert set(Counter(question.category for question in asked).values()) == {12}
    assert all(question.explanation_html for question in asked)
    with (CONTENT / "questions-fill-in.csv").open(encoding="utf-8-sig", newline="") as file:
        blanks = list(csv.DictReader(file))
    assert all(row["题干"].count("____") == row["答案"].count("|") + 1 for row in blanks)
    assert len(asked) + len(blanks) == 120
