"""Questions that are nearly the same, inside one file and beside each other."""

from __future__ import annotations

from question_bank.finding import within
from question_bank.finding.differing import Piece, in_order_of, marked, text_for_people


def words(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.differs]


def test_texts_of_a_file_are_like_the_likest_before_them() -> None:
    texts = {
        1: "火警电话是哪个号码，发现火灾时应当立即拨打",
        2: "安全出口应当保持畅通，任何人不得占用或者锁闭",
        3: "火警电话是哪一个号码，发现火灾时应当立即拨打",
        4: "火警电话是哪一个号码，发现火灾时应当立刻拨打",
    }
    found = within.like_before(texts)
    assert {number: near.question_id for number, near in found.items()} == {3: 1, 4: 3}
    assert all(near.share < 1 for near in found.values())


def test_what_is_left_out_is_like_others_but_nothing_is_like_it() -> None:
    texts = dict.fromkeys((1, 2, 3), "members must not persist in the error that was shown to them")
    assert {number: near.question_id for number, near in within.like_before(texts, {1}).items()} == {3: 2}


def test_only_the_words_that_differ_are_marked() -> None:
    there, here = marked("The member must persist.", "The member must not persist.")
    assert words(there) == []
    assert words(here) == ["not "]
    assert "".join(piece.text for piece in here) == "The member must not persist."


def test_chinese_differs_sign_by_sign() -> None:
    there, here = marked("发现火灾应当报警", "发现火灾不得报警")
    assert (words(there), words(here)) == (["应当"], ["不得"])


def test_options_and_answers_are_told_with_what_is_right() -> None:
    content = {"options": [{"html": "<b>one</b>", "fraction": "1"}, {"html": "two", "fraction": "0"}]}
    assert text_for_people("T", "<p>Which?</p>", content) == "T\nWhich?\none ✓\ntwo"
    assert text_for_people("", "Is it?", {"answer": True}) == "Is it?\n✓"
    blanks = {"blanks": [{"answers": [{"text": "a", "fraction": "1/2"}]}]}
    assert text_for_people("", "____", blanks) == "____\na ✓ 1/2"


def test_options_in_another_order_do_not_differ() -> None:
    right, wrong = {"html": "<b>119</b>", "fraction": "1"}, {"html": "110", "fraction": "0"}
    one, other = {"options": [right, wrong]}, {"options": [wrong, {"html": "120", "fraction": "0"}, right]}
    there = text_for_people("", "Fire?", in_order_of(other, one))
    assert there.splitlines() == ["Fire?", "119 ✓", "110", "120"]
    assert in_order_of({"answer": True}, one) == {"answer": True}
