"""Notes above the questions of a paper, and keys that answer its parts without numbers or with numbers in brackets."""

from __future__ import annotations

import pytest

from question_bank.formats import text as plain_text
from question_bank.formats.fields.blanks import blanks_of
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told

_CHOICE = "1.火警电话是（ B ）。\nA.110\nB.119\n2.雨往下落。（√）\n"
_OF_CHOICE = [["110", "*119"], [True]]


@pytest.mark.parametrize("name", ["考生须知：", "注意事项", "说明：", "【答题说明】"])
@pytest.mark.parametrize("heading", ["一、混合题（每题2分）\n", ""])
def test_a_list_of_notes_above_the_questions_is_none_of_them(name: str, heading: str) -> None:
    reading = read_text(f"安全考试卷\n{name}\n1.满分100分。\n2.用黑色签字笔\n作答。\n\n{heading}{_CHOICE}")
    assert [one[2] for one in told(reading)] == _OF_CHOICE
    assert "line 2 to line 5 were taken for notes on the paper, not for questions." in map(str, reading.warnings)


def test_notes_may_begin_behind_their_name_and_be_numbered_in_brackets() -> None:
    for notes in ("注意事项：1.满分100分。\n2.不得作弊。\n", "须知\n（1）满分100分。\n（2）不得作弊。\n"):
        reading = read_text(notes + _CHOICE)
        assert [one[2] for one in told(reading)] == _OF_CHOICE


def test_a_list_that_asks_or_has_nothing_below_it_is_no_notes() -> None:
    alone = plain_text.read("答题要求\n1.请简述消防。\n2.请简述急救。\n")
    assert [one.kind for one in alone.questions] == ["essay", "essay"]
    asked = read_text("考试说明\n1.水是____。\n答案：液体\n2.冰是____。\n答案：固体\n一、判断题\n1.雨往下落。（√）\n")
    assert [one[2] for one in told(asked)] == [[["液体"]], [["固体"]], [True]]


def test_a_note_that_speaks_of_its_questions_sets_no_kind() -> None:
    reading = read_text(f"说明：每题只有一个正确答案，请将答案填在括号内。\n{_CHOICE}")
    assert [one[2] for one in told(reading)] == _OF_CHOICE


_IN_BRACKETS = "（1）火警电话是（ ）\nA.110\nB.119\n（2）水由氢和____组成。\n（3）雨往上落。\n（4）谈谈你的看法。\n"


@pytest.mark.parametrize(
    "key",
    [
        "答案：（1）B （2）氧 （3）错",
        "答案：（1）B （2）氧 （3）错 （4）言之有理即可",
        "参考答案\n（1）B\n（2）氧\n（3）错",
    ],
)
def test_a_key_may_number_its_answers_in_brackets_as_the_questions_are(key: str) -> None:
    reading = read_text(f"{_IN_BRACKETS}{key}\n")
    assert [one[2] for one in told(reading)][:3] == [["110", "*119"], [["氧"]], [False]]
    assert (told(reading)[3][0], reading.refused) == ("essay", [])


def test_points_of_the_last_answer_answer_no_choice_above_it() -> None:
    reading = read_text("（1）火警电话是（ ）\nA.110\nB.119\n（2）谈谈看法。\n答案：（1）申报 （2）评审\n")
    assert ([one[0] for one in told(reading)], reasons(reading)) == (["essay"], ["The question has no answer."])


_IN_PARTS = (
    "一、选择题\n1.火警电话是（ ）\nA.110\nB.119\n2.急救电话是（ ）\nA.110\nB.120\nC.119\n"
    "二、判断题\n3.雨往下落。\n4.水往上流。\n"
)


@pytest.mark.parametrize(
    "key",
    [
        "答案：一、BB\n二、√×",
        "答案\n一、B B\n二、√ ×",
        "参考答案\n一、选择题：BB\n二、判断题：√×",
        "参考答案\n一、选择题\nBB\n二、判断题\n√×",
    ],
)
def test_a_key_may_answer_each_part_without_numbers(key: str) -> None:
    reading = read_text(f"{_IN_PARTS}{key}\n")
    assert [one[2] for one in told(reading)] == [["110", "*119"], ["110", "*120", "119"], [True], [False]]
    assert (reading.refused, reading.warnings) == ([], [])


def test_answers_of_a_part_that_are_too_few_or_run_together_answer_nothing() -> None:
    assert [one[2] for one in told(read_text(f"{_IN_PARTS}参考答案\n一、B\n二、√×\n"))] == [[True], [False]]
    several = _IN_PARTS.replace("选择题", "多选题")
    assert len(read_text(f"{several}参考答案\n一、BB\n二、√×\n").refused) == 2
    assert read_text(f"{several}参考答案\n一、AB BC\n二、√×\n").refused == []


def test_a_figure_right_behind_a_number_may_begin_a_sentence_with_a_blank() -> None:
    reading = read_text("1.水是____。\n2.5S管理始于____。\n3.冰是____。\n答案：\n1.液体\n2.整理\n3.固体\n")
    assert [one[1:] for one in told(reading)][1] == ("5S管理始于____。", [["整理"]])


@pytest.mark.parametrize("answer", ["振动　介质", "振动\xa0介质", "振动 介质"])
def test_a_wide_or_fixed_space_parts_the_answers_of_blanks(answer: str) -> None:
    assert blanks_of(answer, 2) == [["振动"], ["介质"]]
