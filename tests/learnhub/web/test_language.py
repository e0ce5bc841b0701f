"""Numbers with their nouns, days in sentences, and what stands between things, as each language has it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import refresh

from learnhub.kernel.words import Message, _
from learnhub.web.language import bound, in_marks, in_points, last_day, say, sentences, series, when
from learnhub.web.templating import MID_DOT, facts


@pytest.mark.parametrize(
    ("language", "half", "one", "two"),
    [("en", "0.5 marks", "1 mark", "2 marks"), ("zh", "0.5分", "1分", "2分")],
)
def test_marks_have_the_form_of_their_number(app: Flask, language: str, half: str, one: str, two: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert [in_marks(value) for value in (500, 1000, 2000)] == [half, one, two]


def test_points_say_whether_they_were_gained(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert [in_points(value) for value in (0, 1, -1, 1200)] == ["0 points", "1 point", "-1 point", "1,200 points"]
        assert [in_points(value, gain=True) for value in (1, -2)] == ["+1 point", "-2 points"]


def test_what_ends_before_a_day_is_told_by_its_last(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert last_day(date(2026, 6, 1)) == "May\u00a031,\u00a02026"


@pytest.mark.parametrize(("language", "shown"), [("en", "Dec\u00a02,\u00a02026"), ("zh", "2026年12月2日")])
def test_a_day_in_a_sentence_is_written_as_the_reader_writes_it(app: Flask, language: str, shown: str) -> None:
    inner = _("%(name)s, from %(old)s to %(new)s, as of %(day)s.", name="A", old="B", new="C", day="2026-12-02")
    stored = Message.from_json(inner.to_json())
    with app.test_request_context(headers={"Accept-Language": language}):
        assert shown in say(stored)
        assert shown in say(_("%(where)s: %(what)s", where="x", what=inner))
        assert shown in say(_("Nothing is known yet as at %(day)s.", day=date(2026, 12, 2)))
        assert "2026-13-40" in say(_("Nothing is known yet as at %(day)s.", day="2026-13-40"))
    assert "2026-12-02" in str(stored), "without a reader it stays as it is kept"


def test_things_and_sentences_stand_side_by_side(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        refresh()
        assert series(["甲", "乙"]) == "甲、乙"
        assert sentences(["一。", "二。"]) == "一。二。"
    with app.test_request_context(headers={"Accept-Language": "en"}):
        refresh()
        assert series(["a", "b", "c"]) == "a, b, c"
        assert sentences(["One.", "Two."]) == "One. Two."


def test_no_line_breaks_between_a_date_and_its_time_or_after_the_dot_of_a_title(app: Flask) -> None:
    moment = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    for language in ("en", "zh"):
        with app.test_request_context(headers={"Accept-Language": language}):
            refresh()
            assert "2026" in when(moment)
            assert " " not in when(moment)
    assert bound("One \u00b7 two") == "One \u00b7\u00a0two"
    assert bound(None) is None


def test_of_several_facts_those_that_are_there_stand_each_as_a_whole() -> None:
    shown = f'<span class="whole">a</span>{MID_DOT}<span class="whole">b &amp; c</span>'
    assert str(facts(["a", None, "b & c"])) == shown
    assert facts([]) == ""
