"""Parts `（1）…` of a question about a text, answered together, and verdicts that stand before the numbers."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text, told

TEXT = "1. 阅读下列材料，回答问题。（12分）\n材料：甲村种树。\n"


def parts(text: str) -> list[Any]:
    (case,) = [as_json(one) for one in read_text(text).questions]
    return [case["kind"], case["marks"], *((one["stem"], one["for_marker"]["text"]) for one in case["questions"])]


@pytest.mark.parametrize(
    "answer",
    [
        "答案：（1）绿化。（2）造福后人。",
        "【答案】（1）绿化。\n（2）造福后人。",
        "参考答案：\n(1) 绿化。\n(2) 造福后人。",
    ],
)
def test_parts_that_are_answered_together_are_the_questions_of_a_case(answer: str) -> None:
    found = parts(f"{TEXT}（1）这是什么？（4分）\n（2）为什么？（8分）\n{answer}\n")
    assert found == ["case", 12, ("这是什么？", "绿化。"), ("为什么？", "造福后人。")]


def test_a_word_before_the_parts_begins_no_question() -> None:
    found = parts(f"{TEXT}问题：（1）这是什么？（4分）\n（2）为什么？（8分）\n答案：（1）绿化。（2）造福后人。\n")
    assert found == ["case", 12, ("这是什么？", "绿化。"), ("为什么？", "造福后人。")]


@pytest.mark.parametrize(
    "rest",
    [
        "（1）这是什么？\n（2）为什么？\n答案：（1）绿化。（2）造福后人。",
        "（1）这是什么？（4分）\n（2）为什么？（8分）\n答案：绿化，造福后人。",
        "（1）这是什么？（4分）\n（2）为什么？（8分）\n答案：（1）绿化。（2）造福后人。（3）增收。",
    ],
)
def test_parts_without_marks_or_answers_of_their_own_stay_one_question(rest: str) -> None:
    (draft,) = read_text(f"{TEXT}{rest}\n").questions
    assert (draft.kind, draft.mark) == ("essay", 12000)


def test_steps_of_a_sum_stay_one_question() -> None:
    (draft,) = read_text("一、计算题\n1. 进价80元。\n（1）求毛利。\n（2）求利润。\n解：（1）20（2）10\n").questions
    assert draft.kind == "essay"


def test_verdicts_before_the_numbers() -> None:
    reading = read_text("一、判断题\n√ 1、水往低处流。\n× 2、火是冷的。\n✓3. 冰是水。\n")
    assert [one[1:3] for one in told(reading)] == [
        ("水往低处流。", [True]),
        ("火是冷的。", [False]),
        ("冰是水。", [True]),
    ]
    assert (reading.refused, reading.warnings) == ([], [])


def test_keys_below_each_part_answer_their_own_part() -> None:
    asked = "\nA. 一  B. 二\n"
    reading = read_text(
        f"一、A1型题\n1. 甲{asked}答案：B\n"
        f"二、B1型题\n（2～3题共用备选答案）\nA. 一\nB. 二\n2. 乙\n3. 丙\n答案：2.A 3.B\n"
        f"三、A2型题\n4. 丁{asked}5. 戊{asked}答案：4.B 5.A\n"
    )
    assert [one[2] for one in told(reading)] == [
        ["一", "*二"],
        ["*一", "二"],
        ["一", "*二"],
        ["一", "*二"],
        ["*一", "二"],
    ]
    assert reading.refused == []


def test_what_a_line_refers_to_is_the_text_of_its_questions() -> None:
    reading = read_text(
        "一、单选题\n1. 甲（ B ）\nA. 一 B. 二\n二、综合题（本题4分）\n乙公司6月取得收入100万元。\n另有支出20万元。\n"
        "要求：根据上述资料，回答下列问题。\n"
        "1. 结余多少万元？\nA. 80 B. 100\n答案：A\n2. 收入是多少万元？\nA. 80 B. 100\n答案：B\n"
    )
    (case,) = [as_json(one) for one in reading.questions[1:]]
    assert case["stem"].startswith("乙公司6月取得收入100万元。\n另有支出20万元。")
    assert [one["answers"] for one in case["questions"]] == [["80"], ["100"]]
