"""Accepted texts of blanks given as numbered parts, each to its own blank; what fits none is refused."""

from __future__ import annotations

import pytest

from question_bank.formats.fields.blanks import blanks_of
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told

STEM = "1. 鲸用____呼吸，生活在____里。\n"
LUNGS = [["肺", "肺部"], ["海"]]


def accepted(answer: str, count: int = 2) -> list[list[str]]:
    return blanks_of(answer, count)


@pytest.mark.parametrize(
    "answer",
    [
        "答案：(1) 肺 / 肺部; (2) 海",
        "答案：（1）肺|肺部；（2）海",
        "答案：①肺；肺部 ②海",
        "答案：(2) 海; (1) 肺 / 肺部",
        "答案：(a) 肺/肺部; (b) 海",
        "答案：空1：肺/肺部；空2：海",
        "答案：空1：肺/肺部，空2：海",
        "答案：空1=肺/肺部；空2=海",
        "答案：空2：海 空1：肺/肺部",
        "答案：【空1】肺/肺部【空2】海",
        "答案：第一空：肺（肺部）；第二空：海",
        "答案：第1空：肺 或 肺部；第2空：海",
        "答案：肺或肺部；海",
        "答案：\n空1：肺/肺部\n空2：海",
        "空1：肺/肺部\n空2：海",
        "空1答案：肺/肺部\n空2答案：海",
        "答案1：肺/肺部\n答案2：海",
    ],
)
def test_each_part_is_of_its_own_blank(answer: str) -> None:
    reading = read_text(STEM + answer + "\n")
    assert reasons(reading) == []
    assert told(reading) == [("fill_in", "鲸用____呼吸，生活在____里。", LUNGS)]


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ("大于或等于；小于", [["大于或等于"], ["小于"]]),
        ("增加或减少；不变", [["增加或减少"], ["不变"]]),
        ("海、海洋；陆地", [["海", "海洋"], ["陆地"]]),
        ("甲、乙；丙", [["甲、乙"], ["丙"]]),
        ("1,100；2", [["1,100"], ["2"]]),
        ("①②；③④", [["①②"], ["③④"]]),
        ("(1)肺/(2)海", [["肺"], ["海"]]),
        ("酶（蛋白酶）；水（H2O）", [["酶", "蛋白酶"], ["水（H2O）"]]),
    ],
)
def test_what_is_one_text_stays_one(answer: str, texts: list[list[str]]) -> None:
    assert accepted(answer) == texts


@pytest.mark.parametrize("answer", ["(1) 肺; (3) 海", "空1：肺；空3：海", "(1) 肺 / 肺部; (2) 海; (3) 虾"])
def test_numbers_that_are_not_those_of_the_blanks_are_refused(answer: str) -> None:
    reading = read_text(f"{STEM}答案：{answer}\n")
    assert (reading.questions, len(reading.refused)) == ([], 1)


def test_a_type_in_hooks_makes_a_question_of_a_blank() -> None:
    reading = read_text("【填空题】鲸用____呼吸。\n答案：肺|肺部\n\n【填空题】鲸吃____。\n答案：磷虾\n")
    assert [one[2] for one in told(reading)] == [[["肺", "肺部"]], [["磷虾"]]]


def test_brackets_at_the_end_fill_the_blanks_before_them() -> None:
    reading = read_text("一、填空题\n1. 坚持____、____的方针。（预防为主；防治结合）\n")
    assert [one[2] for one in told(reading)] == [[["预防为主"], ["防治结合"]]]
    assert "预防为主；防治结合" in str(reading.warnings[0])


@pytest.mark.parametrize("behind", ["（每空1分；共2分）", "（填“大于”；“小于”）", "（甲；乙；丙）", "（甲；甲）"])
def test_brackets_that_tell_how_to_fill_in_are_no_answer(behind: str) -> None:
    assert read_text(f"一、填空题\n1. 坚持____、____的方针。{behind}\n").questions == []
