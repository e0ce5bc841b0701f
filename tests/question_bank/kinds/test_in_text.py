"""Places in a text: found in its words, never inside a tag."""

from __future__ import annotations

import pytest

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.kinds.in_text import blanked, check_places, split


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("no place", ["no place"]),
        ("[[1]]", ["", 1, ""]),
        ("<p>A [[2]] b <b>[[1]]</b></p>", ["<p>A ", 2, " b <b>", 1, "</b></p>"]),
        ('<img alt="a > [[1]]"> [[1]]', ['<img alt="a > [[1]]"> ', 1, ""]),
        ('<a title="[[2]]" href="/x">[[1]]</a>', ['<a title="[[2]]" href="/x">', 1, "</a>"]),
        ("1 < 2 [[1]] 3 > 2", ["1 < 2 ", 1, " 3 > 2"]),
        ("[[a]] [[1000]] [1]", ["[[a]] [[1000]] [1]"]),
    ],
)
def test_a_text_is_split_at_its_places(text: str, pieces: list[str | int]) -> None:
    assert split(text) == pieces
    assert "".join(f"[[{piece}]]" if isinstance(piece, int) else piece for piece in split(text)) == text


@pytest.mark.parametrize(
    ("text", "count"), [("[[1]]", 2), ("[[1]] [[1]]", 1), ("[[2]]", 1), ("", 1), ("[<b>[1]</b>]", 1), ("[[1]]", 0)]
)
def test_each_place_stands_in_the_text_once(text: str, count: int) -> None:
    with pytest.raises(Refused):
        check_places(text, count)
    check_places("<p>[[2]] and [[1]]</p>", 2)


def test_a_place_only_in_a_picture_s_words_is_no_place() -> None:
    draft = QuestionDraft("select_text", '<img src="a.png" alt="[[1]]">', {"segments": [{"html": "a", "right": True}]})
    with pytest.raises(Refused):
        cleaned(draft)


def test_a_list_shows_a_line_in_place_of_a_place() -> None:
    assert blanked("The capital is [[1]], not [[2]].") == "The capital is ____, not ____."
