"""Papers as course platforms, Markdown notes and hand-typed lists have them: read right, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json


def read_text(text: str, name: str = "paper.txt") -> Reading:
    return read(text.encode(), name)


def told(reading: Reading) -> list[tuple[Any, ...]]:
    """Kind, stem, and options with a star before the right ones, or the other answers."""
    found = []
    for question in map(as_json, reading.questions):
        options = [("*" if option["fraction"] > 0 else "") + option["text"] for option in question["options"]]
        answers = [[a["text"] for a in one] if isinstance(one, list) else one for one in question["answers"]]
        found.append((question["kind"], question["stem"], options or answers))
    return found


def reasons(reading: Reading) -> list[str]:
    return [str(one.reason) for one in reading.refused]


def test_what_a_platform_says_of_an_attempt_is_no_part_of_the_question() -> None:
    reading = read_text(
        "一. 单选题（共 2 题，2.0 分）\n"
        "1. (单选题, 1.0 分) 山的高处叫什么？\nA. 山顶\nB. 山脚\n我的答案:B正确答案:A\n答案解析：\n知识点：\n0.0分\n"
        "2. (单选题, 1.0 分) 水往哪里流？\nA. 高处\nB. 低处\n我的答案:正确答案:B\n答案解析：\n知识点：\n1.0分\n"
    )
    assert told(reading) == [
        ("single_choice", "山的高处叫什么？", ["*山顶", "山脚"]),
        ("single_choice", "水往哪里流？", ["高处", "*低处"]),
    ]
    assert [draft.category for draft in reading.questions] == ["", ""]


def test_letters_may_stand_alone_above_their_options() -> None:
    reading = read_text(
        "【第 1 题】\n1.单选题 (1分)\n一年有几季（）。\nA\n3\nB\n4\nC\n5\n本题得分： 1 分\n正确答案： B\n----------\n\n"
        "【第 2 题】\n2.多选题 (1分)\n哪些是颜色（）。\nA\n红\nB\n圆\nC\n绿\n"
        "本题得分： 0 分\n正确答案： A,C (少选不得分)\n"
    )
    assert told(reading) == [
        ("single_choice", "一年有几季（）。", ["3", "*4", "5"]),
        ("multiple_choice", "哪些是颜色（）。", ["*红", "圆", "*绿"]),
    ]
    assert reading.refused == []


def test_a_lone_letter_below_a_number_or_a_label_is_an_answer() -> None:
    reading = read_text("1. 一？\nA. 甲\nB. 乙\n答案：\nA\n2. 二？\nA. 丙\nB. 丁\n答案：\nB\n")
    assert told(reading) == [("single_choice", "一？", ["*甲", "乙"]), ("single_choice", "二？", ["丙", "*丁"])]


@pytest.mark.parametrize(
    ("sign", "answer"), [("❌", False), ("✔", True), ("✔️", True), ("✅", True), ("✘", False), ("✗", False)]
)
def test_coloured_signs_say_true_or_false(sign: str, answer: bool) -> None:
    below = read_text(f"1. 地球绕着太阳转。( )\n   true. 正确\n   false. 错误\n参考答案：{sign}\n")
    inside = read_text(f"1. 地球绕着太阳转。（{sign}）\n解释：见课本。\n2. 月亮绕着地球转。（{sign}）\n")
    assert told(below) == [("true_false", "地球绕着太阳转。( )", [answer])]
    assert [draft.content["answer"] for draft in inside.questions] == [answer, answer]


def test_signs_stand_in_keys() -> None:
    reading = read_text(
        "## 一、判断题\n\n1. 天在上。\n\n2. 地在天上。\n\n## 二、参考答案\n\n1. ✅\n2. ❌\n", "paper.md"
    )
    assert [draft.content["answer"] for draft in reading.questions] == [True, False]


def test_titles_of_a_markdown_paper_end_the_question_above_and_name_type_and_category() -> None:
    reading = read_text(
        "# 题集\n\n## 山川\n\n### S01【初级 · 易 · 单选】\n\n最高的是？\n\n- A. 山\n- B. 丘\n\n**答案：** A\n\n"
        "**解析：** 山高。\n\n"
        "---\n\n### S02【初级 · 易 · 多选】\n\n能流的有？\n\n- A. 河\n- B. 江\n- C. 石\n\n**答案：** A、B\n\n"
        "**解析：** 水流。\n\n---\n\n"
        "## 草木\n\n### C01【初级 · 易 · 判断】\n\n草是绿的。\n\n- A. 对\n- B. 错\n\n**答案：** 对\n",
        "paper.md",
    )
    assert told(reading) == [
        ("single_choice", "最高的是？", ["*山", "丘"]),
        ("multiple_choice", "能流的有？", ["*河", "*江", "石"]),
        ("true_false", "草是绿的。", [True]),
    ]
    assert [draft.explanation_html for draft in reading.questions] == ["山高。", "水流。", ""]
    assert [draft.category for draft in reading.questions] == ["山川", "山川", "草木"]


def test_options_may_stand_in_a_table_of_markdown_with_a_star_at_the_right_one() -> None:
    reading = read_text(
        "### Part 1\n\n1. Which one floats? It is \\_\\_\\_\\_.\n\n"
        "|      |      |       |\n| ---- | ---- | ----- |\n|      | a.   | stone |\n| *    | b.   | cork  |\n\n"
        "2. Cork sinks. (F)\n3. Stone sinks. (T)\n",
        "paper.md",
    )
    assert told(reading) == [
        ("single_choice", "Which one floats? It is ____.", ["stone", "*cork"]),
        ("true_false", "Cork sinks. （  ）", [False]),
        ("true_false", "Stone sinks. （  ）", [True]),
    ]


def test_numbered_lines_in_the_stem_of_a_choice_are_a_list_though_their_numbers_go_on() -> None:
    reading = read_text(
        "一、单选题（每题2分）\n1. 甲（ ）\nA. 子\nB. 丑\n答案：A\n"
        "2. 下列正确的是（ ）\n1.山高\n2.水低\n3.天大\nA. 12\nB. 23\n答案：B\n3. 丙（ ）\nA. 寅\nB. 卯\n答案：A\n"
    )
    assert [stem for _kind, stem, _options in told(reading)] == [
        "甲（ ）",
        "下列正确的是（ ）\n1.山高\n2.水低\n3.天大",
        "丙（ ）",
    ]


def test_a_question_without_its_answer_swallows_nothing_and_is_named() -> None:
    reading = read_text("1. 天在上。（√）\n解释：抬头看。\n9. 草会飞。（）\n解释：不会。\n10. 地在下。（√）\n")
    assert [stem for _kind, stem, _answer in told(reading)] == ["天在上。（  ）", "地在下。（  ）"]
    assert reasons(reading) == ["The question has no answer."]


def test_a_question_and_its_answer_may_share_a_line() -> None:
    labelled = read_text("题目：烘箱加热时可以打开。  答案：错误\n题目：要先断电。  答案：正确\n")
    parted = read_text("首都是（）。@@@正确答案：北京\n一周有（）天。@@@正确答案：7|七\n")
    assert [draft.content["answer"] for draft in labelled.questions] == [False, True]
    assert told(parted) == [("fill_in", "首都是（）。", [["北京"]]), ("fill_in", "一周有（）天。", [["7", "七"]])]


def test_an_option_with_its_letter_but_without_the_others_is_refused() -> None:
    reading = read_text(
        "题目：急救的原则是：  答案：C．先缓后急\n题目：插座离地几米？  答案：B．0.2\n题目：水是冷的。  答案：对\n"
    )
    assert told(reading) == [("true_false", "水是冷的。", [True])]
    assert reasons(reading) == [
        "The answer is C, but there are no options.",
        "The answer is B, but there are no options.",
    ]


def test_an_answer_may_be_folded_away_and_explained_below() -> None:
    reading = read_text(
        "## 1. Practice\n\n> A firm needs quotas. Which fits?\n>\n> A. Plan one\n> B. Plan two\n\n"
        "<details>\n<summary>Model answer</summary>\n\n**Answer: B.**\n\nOnly plan two has quotas.\n</details>\n",
        "paper.md",
    )
    assert [options for _kind, _stem, options in told(reading)] == [["Plan one", "*Plan two"]]
    assert reading.questions[0].explanation_html == "Only plan two has quotas."
    assert any("taken for its explanation" in str(one) for one in reading.warnings)


PROSE = (
    "Terms\n\n1. Definitions. You and your mean the same.\n\n"
    "   a) You may copy.\n   b) You may share.\n\n2. Limits apply to {all} of it.\n"
)
PROGRAM = "def f(x):\n    # 1. first\n    return {'a': f'{x}', 'b': {}}\n\nprint(f'{f(1)} {T}')\n"
TEMPLATE = "{% block a %}{{ title }}{# a comment #}{% endblock %}\n::before { color: red }\n"


@pytest.mark.parametrize(("text", "name"), [(PROSE, "LICENSE.txt"), (PROGRAM, "tool.txt"), (TEMPLATE, "page.txt")])
def test_prose_and_programs_are_no_questions(text: str, name: str) -> None:
    with pytest.raises(Refused, match="can't be told"):
        read_text(text, name)


@pytest.mark.parametrize(
    "text",
    [
        "Two plus two is {=four =4}.",
        "// note {x}\n::T1:: Sky is blue. {TRUE#yes}",
        "Pi? {#3.14:0.01}",
        "::Essay:: How are you? {}",
        "$CATEGORY: $course$/Law\n\n::D::Read this first.",
        "Q {1:MC:=a~b}",
    ],
)
def test_gift_is_known_by_its_answers(text: str) -> None:
    assert read_text(text).format == "gift"


def test_a_single_choice_of_gift_without_a_fully_right_option_is_told() -> None:
    reading = read_text("Who? {~%-50%A =%50%B =%50%C}\n\nWhich? {~%50%D =E}")
    assert [len(draft.content["options"]) for draft in reading.questions] == [3, 2]
    assert [str(one) for one in reading.warnings] == [
        "line 1: One option is to be chosen, but the best earns 50% of the mark."
    ]
