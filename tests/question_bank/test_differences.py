"""What went and what came between two versions of a question."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.differences import MOST_TOKENS, Piece, between, compare
from question_bank.models import QuestionVersion

TIME = datetime(2026, 11, 22, tzinfo=UTC)


def version(stem: str = "<p>Q</p>", content: dict[str, Any] | None = None, **more: Any) -> QuestionVersion:
    fields = {"title": "", "explanation_html": "", "hints": [], "mark": 1000, **more}
    return QuestionVersion(kind="single_choice", stem_html=stem, content=content or {}, created_at=TIME, **fields)


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        ("must persist", "must not persist", [], ["not "]),
        ("公务员应当回避", "公务员应当依法回避", [], ["依法"]),
        ("1998 年", "2018 年", ["1998"], ["2018"]),
        ("3.14", "3.15", ["3.14"], ["3.15"]),
        ("the same", "the same", [], []),
    ],
)
def test_words_numbers_and_characters_are_marked(old: str, new: str, gone: list[str], came: list[str]) -> None:
    before, after = compare(old, new)
    assert [text for piece, text in before if piece is Piece.GONE] == gone
    assert [text for piece, text in after if piece is Piece.NEW] == came


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_of_either_side_are_its_text(old: str, new: str) -> None:
    before, after = compare(old, new)
    assert "".join(text for _piece, text in before) == old
    assert "".join(text for _piece, text in after) == new
    same = [[text for piece, text in side if piece is Piece.SAME] for side in (before, after)]
    assert same[0] == same[1]


def test_a_long_text_is_compared_by_lines() -> None:
    old = "字\n" * (MOST_TOKENS + 1)
    before, after = compare(old, old + "新")
    assert before == [(Piece.SAME, old)]
    assert after[-1] == (Piece.NEW, "新")


def test_options_weights_marks_and_explanations_are_compared_and_keys_are_not() -> None:
    def options(*pairs: tuple[str, str], key: str) -> dict[str, Any]:
        return {"options": [{"key": key + text, "html": text, "fraction": share} for text, share in pairs]}

    old = version(content=options(("<p>A</p>", "1"), ("B", "0"), key="x"), explanation_html="Why", hints=["A"])
    new = version(content=options(("<p>A</p>", "0"), ("B", "1"), key="y"), hints=["A", "B"], mark=2500)
    parts = {str(part.label): part for part in between(old, new)}
    assert not parts["Question"].differs
    assert parts["Options and answers"].differs
    assert "".join(text for _piece, text in parts["Options and answers"].old) == "A · 100%\nB · 0%"
    assert parts["Explanation"].old == [(Piece.GONE, "Why")]
    assert parts["Hints"].new == [(Piece.SAME, "A"), (Piece.NEW, "\nB")]
    assert parts["Marks"].new == [(Piece.NEW, "2.5")]
    again = version(content=options(("<p>A</p>", "1"), ("B", "0"), key="z"), explanation_html="Why", hints=["A"])
    assert not any(part.differs for part in between(old, again))


def test_another_picture_is_a_difference() -> None:
    old, new = (version(f'<p>Look <img src="/bank-files/{name}.png"></p>') for name in "ab")
    assert next(part for part in between(old, new) if str(part.label) == "Question").differs


def test_settings_have_the_names_of_their_forms_and_signs_are_read() -> None:
    option = {"html": "&lt; 0 &amp; 1", "fraction": "1/2", "feedback_html": "<p>Why?</p>"}
    old = version(content={"options": [option], "negative": True})
    new = version(content={"answers": [{"text": "a &lt; b", "fraction": "1"}], "scoring": "exact", "odd": 3})
    (part,) = [one for one in between(old, new) if str(one.label) == "Options and answers"]
    assert "".join(text for _piece, text in part.old) == (
        "Wrong options take marks away: ✓\n< 0 & 1 · Feedback: Why? · 50%"
    )
    said = "".join(text for _piece, text in part.new)
    assert said == "a &lt; b · 100%\nodd: 3\nAn order that is not quite right earns: exact"
