"""Questions with their type in hooks or in a title, and a task list of Markdown below: a ticked box is right."""

from __future__ import annotations

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told

WHALE = ("single_choice", "下列属于哺乳动物的是（ ）", ["鲨鱼", "*鲸", "海龟"])
BAT = ("single_choice", "下列会飞的是（ ）", ["*蝙蝠", "企鹅"])
FIRST = "下列属于哺乳动物的是（ ）\n{}- [ ] 鲨鱼\n{}- [x] 鲸\n{}- [ ] 海龟\n"
SECOND = "下列会飞的是（ ）\n{}- [x] 蝙蝠\n{}- [ ] 企鹅\n"


@pytest.mark.parametrize(
    "paper",
    [
        "【单选题】{0}\n【单选题】{1}",
        "【单选题】\n{0}\n【单选题】\n{1}",
        "**【单选题】** {0}\n---\n\n**【单选题】** {1}",
        "### 【单选题】{0}\n### 【单选题】{1}",
        "### 单选题\n\n{0}\n{1}",
        "### 单选题\n{0}\n### 单选题\n{1}",
        "## 单选题\n\n#### {0}\n#### {1}",
    ],
)
def test_a_type_and_a_task_list_make_a_question(paper: str) -> None:
    text = paper.format(FIRST.format("", "", ""), SECOND.format("", ""))
    for written in (text, text.replace("（ ）\n-", "（ ）\n\n-"), text.replace("- [", "* [")):
        reading = read_text(written, "bank.md")
        assert (told(reading), reading.refused, reading.warnings) == ([WHALE, BAT], [], [])


@pytest.mark.parametrize("head", ["- 【单选题】{}- 【单选题】{}", "### 单选题\n\n- {}- {}"])
def test_the_questions_may_be_points_themselves(head: str) -> None:
    reading = read_text(head.format(FIRST.format(*["  "] * 3), SECOND.format(*["  "] * 2)), "bank.md")
    assert (told(reading), reading.refused) == ([WHALE, BAT], [])


def test_letters_alone_are_options_too() -> None:
    reading = read_text(
        "【单选题】哪个是元音（ ）\n- [x] A\n- [ ] B\n\n【多选题】哪些不是（ ）\n- [ ] A\n- [x] B\n- [x] C\n"
    )
    assert told(reading) == [
        ("single_choice", "哪个是元音（ ）", ["*A", "B"]),
        ("multiple_choice", "哪些不是（ ）", ["A", "*B", "*C"]),
    ]


def test_a_verdict_may_be_ticked() -> None:
    reading = read_text("【判断题】鲸是鱼。\n- [ ] 正确\n- [x] 错误\n\n> 解析：鲸是哺乳动物。\n")
    assert told(reading) == [("true_false", "鲸是鱼。", [False])]
    assert reading.questions[0].explanation_html == "鲸是哺乳动物。"


def test_a_line_set_in_below_a_box_goes_on_with_it() -> None:
    reading = read_text(
        "### 单选题\n\n下列属于哺乳动物的是（ ）\n\n- [x] 鲸\n  （须鲸与齿鲸）\n- [ ] 海龟\n\n"
        "### 填空题\n\n鲸用____呼吸。\n答案：肺\n"
    )
    assert told(reading)[0] == ("single_choice", "下列属于哺乳动物的是（ ）", ["*鲸\n（须鲸与齿鲸）", "海龟"])
    assert (len(reading.questions), reading.refused) == (2, [])


def test_without_a_tick_there_is_no_answer_and_without_a_type_no_question() -> None:
    reading = read_text("【单选题】下列会飞的是（ ）\n- [ ] 蝙蝠\n- [ ] 企鹅\n\n【单选题】" + SECOND.format("", ""))
    assert (reasons(reading), len(reading.questions)) == (["The question has no answer."], 1)
    with pytest.raises(Refused):
        read("【待办】今天\n- [x] 买菜\n- [ ] 洗衣\n".encode(), "todo.md")
