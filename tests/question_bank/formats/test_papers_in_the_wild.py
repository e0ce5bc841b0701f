"""Shapes of papers that people type and platforms export: read as a careful reader would, or said not to be known."""

from __future__ import annotations

import json

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told

SEASON = ("single_choice", "一年有几季？", ["三", "*四"])
"""What most of these texts ask, read right."""


def warned(reading: Reading) -> list[str]:
    return [str(one) for one in reading.warnings]


@pytest.mark.parametrize(
    "text",
    [
        "1. 一年有几季？\nA三B四C五\n答案：B\n",
        "1. 一年有几季？\nA.3B.4C.5\n答案：B\n",
        "1. 一年有几季？\nA、A.三\nB、B.四\nC、C.五\n答案：B\n",
        "1. 一年有几季？\n• A. 三\n• B. 四\n• C. 五\n答案：B\n",
        "1. 一年有几季？\nA. 三\nB. 四 ✅\nC. 五\n",
        "1. 一年有几季？\nA. 三\nv B. 四\nC. 五\n",
        "1. 一年有几季？〔 B 〕\nA. 三\nB. 四\nC. 五\n",
        "【1·单选题】一年有几季？\nA. 三\nB. 四\nC. 五\n答案：B\n",
        "1,一年有几季？\nA. 三\nB. 四\nC. 五\n答案：B\n",
        "1.77.一年有几季？\nA. 三\nB. 四\nC. 五\n答案：B\n",
        "1. 一年有几季？\nA. 三\nB. 四\nC. 五\n正确答案:B 我的答案:C\n",
        "1. 一年有几季？（答案：B）\nA. 三\nB. 四\nC. 五\n",
        "1、单选题：\n一年有几季？\n选项：\nA:三\nB:四\nC:五\n答案: 【四\n",
        "1. 一年有几季？\nA、三 B、\n四 C、五\n答案：B\n",
    ],
)
def test_ways_of_writing_options_and_the_right_one(text: str) -> None:
    reading = read_text(text)
    (found,) = told(reading)
    assert (found[0], found[1].partition("？")[0]) == ("single_choice", "一年有几季")
    assert found[2] in (["三", "*四", "五"], ["3", "*4", "5"])
    assert reading.refused == []


def test_figures_with_points_are_options_too() -> None:
    reading = read_text("1. 盐水要多浓？\nA.5%\nB.0.9%\nC.1.5%\n答案：B\n2. 几分钟？\nA、1 分\nB、1.5 分\n答案：B\n")
    assert told(reading) == [
        ("single_choice", "盐水要多浓？", ["5%", "*0.9%", "1.5%"]),
        ("single_choice", "几分钟？", ["1 分", "*1.5 分"]),
    ]


def test_letters_that_a_question_speaks_of_are_no_options() -> None:
    reading = read_text("1. 口诀A、B、C里的A指什么？\nA. 看\nB. 听\n答案：A\n")
    assert told(reading) == [("single_choice", "口诀A、B、C里的A指什么？", ["*看", "听"])]


@pytest.mark.parametrize("answer", ["B。春夏秋冬。", "B（春夏秋冬）", "B — 春夏秋冬"])
def test_a_remark_behind_the_letters_explains_and_is_shown(answer: str) -> None:
    reading = read_text(f"1. 一年有几季？\nA. 三\nB. 四\n答案：{answer}\n")
    assert told(reading) == [SEASON]
    assert "春夏秋冬" in reading.questions[0].explanation_html
    assert warned(reading) == ["line 1: the text behind the answer was taken for its explanation."]


def test_a_letter_beside_the_text_of_another_option_is_refused() -> None:
    reading = read_text("1. 一年有几季？\nA. 三\nB. 四\n答案：A) 四\n")
    assert (told(reading), len(reasons(reading))) == ([], 1)


def test_a_verdict_with_what_would_be_right_is_one() -> None:
    reading = read_text("一、判断题\n1. 一年有三季。（ ）\n答案：（×）应改为四季。\n")
    assert told(reading) == [("true_false", "一年有三季。（ ）", [False])]
    assert "应改为四季" in reading.questions[0].explanation_html


def test_points_without_letters_are_options_when_the_answer_names_one() -> None:
    bulleted = read_text("1. Which is a fruit?\n- Stone\n- Pear\n- Chair\nAnswer: Pear\n", "paper.md")
    counted = read_text("1) Which is a fruit?\n   1. Stone\n   2. Pear\n   Answer: B\n")
    ends = read_text("1. 哪个是水果？\n石头\n梨（正确答案）\n椅子\n2. 哪个是鸟？\n麻雀（正确答案）\n青蛙\n")
    assert told(bulleted) == [("single_choice", "Which is a fruit?", ["Stone", "*Pear", "Chair"])]
    assert told(counted) == [("single_choice", "Which is a fruit?", ["Stone", "*Pear"])]
    assert told(ends) == [
        ("single_choice", "哪个是水果？", ["石头", "*梨", "椅子"]),
        ("single_choice", "哪个是鸟？", ["*麻雀", "青蛙"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Quiz\n\n### P1. Which is a fruit?\n\n- A) Stone\n- B) Pear\n\n**Answer:** B) Pear\n",
        "# Quiz\n\n> [!question] Q1. Which is a fruit?\n> - [ ] A. Stone\n> - [x] B. Pear\n",
        '# Quiz\n\n#### 1. Which is a fruit?\n\n<div class="letters" markdown>\n1. Stone\n2. Pear\n</div>\n\n'
        '??? question "Show Answer"\n    The correct answer is **B**. It grows.\n',
        "# Quiz\n\n1. Which is a fruit?\n\nA. Stone\nB. Pear\n\n::: details Answer\nB\n:::\n",
        "# Quiz\n\n1. Which is a fruit?\n\nA. Stone\nB. Pear\n\n**✅ Answer: B**\n",
        "# Quiz\n\n| 1. | Which is a fruit? |\n|---|---|\n| A. | Stone |\n| B. | Pear |\n| Answer: B |\n",
        "Question 1\nTopic: Plants\nWhich is a fruit?\nOptions:\nA. Stone\nB. Pear\nAnswer: B\n",
        "1. Which is a fruit?\nA. Stone\nB. Pear\nView Answer\nAnswer: B\n",
    ],
)
def test_markdown_and_its_folds_are_the_dress_of_a_question(text: str) -> None:
    assert told(read_text(text, "paper.md")) == [("single_choice", "Which is a fruit?", ["Stone", "*Pear"])]


def test_pairs_of_a_question_and_its_answer_in_a_line() -> None:
    reading = read_text("What falls from clouds? - ANSWER✔✔-Rain\nWhat do bees make? - ANSWER✔✔-Honey\n")
    assert told(reading) == [
        ("short_answer", "What falls from clouds?", [{"text": "Rain", "fraction": 1}]),
        ("short_answer", "What do bees make?", [{"text": "Honey", "fraction": 1}]),
    ]


def test_a_key_may_leave_out_the_points_and_answer_two_parts() -> None:
    paper = (
        "一、单选题\n1. 一？\nA. 甲 B. 乙\n2. 二？\nA. 丙 B. 丁\n"
        "二 多选题\n3. 三？\nA 戊 B 己 C 庚\n参考答案\n1B 2A 3AC\n"
    )
    assert told(read_text(paper)) == [
        ("single_choice", "一？", ["甲", "*乙"]),
        ("single_choice", "二？", ["*丙", "丁"]),
        ("multiple_choice", "三？", ["*戊", "己", "*庚"]),
    ]


def test_keys_named_by_kind_answer_the_questions_of_that_kind() -> None:
    paper = (
        "一、选择题\n1. 一？\nA. 甲\nB. 乙\n二、判断题\n1. 水是湿的。（ ）\n2. 火是冷的。（ ）\n"
        "选择题答案：\n1.B\n判断题答案：\n1.√ 2.×\n"
    )
    reading = read_text(paper)
    assert [one[0] for one in told(reading)] == ["single_choice", "true_false", "true_false"]
    assert told(reading)[0][2] == ["甲", "*乙"]
    assert [one[2] for one in told(reading)[1:]] == [[True], [False]]


def test_a_shared_stem_and_shared_options_belong_to_the_questions_they_name() -> None:
    case = read_text(
        "（1～2题共用题干）小王发热三天。\n1. 先做什么？\nA. 测体温\nB. 跑步\n答案：A\n"
        "2. 再做什么？\nA. 喝酒\nB. 喝水\n答案：B\n"
    )
    shared = read_text("（1～2题共用备选答案）\nA. 春\nB. 夏\nC. 冬\n1. 何时最热？\n答案：B\n2. 何时最冷？\n答案：C\n")
    (draft,) = case.questions
    assert (draft.kind, as_json(draft)["answers"]) == ("case", [["测体温"], ["喝水"]])
    assert told(shared) == [
        ("single_choice", "何时最热？", ["春", "*夏", "冬"]),
        ("single_choice", "何时最冷？", ["春", "夏", "*冬"]),
    ]


def test_a_missing_number_is_said_and_a_question_inside_another_is_refused() -> None:
    gap = read_text("1. 一？\nA. 甲\nB. 乙\n答案：A\n3. 三？\nA. 丙\nB. 丁\n答案：B\n")
    inside = read_text("1. 一？\nA. 甲\nB. 乙 2. 二？\nA. 丙\nB. 丁\n答案：B\n3. 三？\nA. 戊\nB. 己\n答案：A\n")
    assert "line 1: no question 2 was found below this one." in warned(gap)
    assert [one[1] for one in told(inside)] == ["三？"]
    assert reasons(inside) == ["The next question stands on a line of this one; begin a new line where it begins."]


def test_several_answered_lines_are_not_one_question() -> None:
    reading = read_text("一、判断题\n1. 水是湿的。（√）\n火是冷的。（×）\n冰是热的。（×）\n")
    assert told(reading) == []
    assert reasons(reading) == ["Several lines of the text end in an answer; is a number missing?"]


def test_what_nobody_calls_an_essay_is_taken_for_one_with_a_word() -> None:
    reading = read_text("1. 一年有几季？\nA. 三\nB. 四\n答案：B\n2. 说说你家乡的春天。\n")
    assert [one[0] for one in told(reading)] == ["single_choice", "essay"]
    assert any("taken for an essay question" in one for one in warned(reading))


def test_json_may_keep_the_question_one_level_down_or_its_options_in_a_text() -> None:
    nested = [
        {
            "type": "single",
            "content": {"stem": "一年有几季？", "options": [{"key": "A", "text": "三"}, {"key": "B", "text": "四"}]},
            "answer": {"correct": ["B"]},
        }
    ]
    flat = [{"question": "一年有几季？", "options": "A. 三, B. 四", "answer": "B", "type": "单选题"}]
    for form in (nested, flat):
        assert told(read(json.dumps(form).encode(), "paper.json")) == [SEASON]


def test_options_in_words_are_not_taken_for_letters() -> None:
    form = [{"question": "Which metal?", "options": ["Bronze", "Wood"], "answer": "Bronze"}]
    assert told(read(json.dumps(form).encode(), "paper.json")) == [
        ("single_choice", "Which metal?", ["*Bronze", "Wood"])
    ]


def test_a_list_that_asks_nothing_is_no_paper() -> None:
    with pytest.raises(Refused):
        read_text("Shopping\n• A. bread\n• B. milk\n")


def test_options_in_two_columns_are_read_down() -> None:
    reading = read_text("1. Which is a fruit?\nA. Stone. C. Pear.\nB. Chair. D. Lamp.\nAnswer: C\n")
    assert told(reading) == [("single_choice", "Which is a fruit?", ["Stone.", "Chair.", "*Pear.", "Lamp."])]


def test_an_answer_of_objects_is_refused() -> None:
    form = [{"title": "一年有几季？", "answers": [{"value": "0", "label": "三"}], "type": "填空题"}]
    reading = read(json.dumps([*form, {"title": "一加一？", "answer": "二", "type": "填空题"}]).encode(), "paper.json")
    assert [one[1] for one in told(reading)] == ["一加一？"]
    assert reasons(reading) == ["The answer is written in a way that is not known here."]


def test_the_first_option_may_stand_behind_the_stem() -> None:
    reading = read_text("1. 树上有什么。A.叶子\nB.石头\nC.瓦片\n答案：【A】\n")
    assert told(reading) == [("single_choice", "树上有什么。", ["*叶子", "石头", "瓦片"])]


def test_a_sentence_below_a_name_explains_it() -> None:
    reading = read_text(
        "1) What falls from clouds?\nAnswer: Rain\nIt falls when the drops in a cloud become too heavy.\n"
        "2) What do bees make?\nAnswer: Honey\n"
    )
    assert [(one[1], one[2]) for one in told(reading)] == [
        ("What falls from clouds?", [{"text": "Rain", "fraction": 1}]),
        ("What do bees make?", [{"text": "Honey", "fraction": 1}]),
    ]
    assert warned(reading) == ["line 1: the text behind the answer was taken for its explanation."]


def test_verdicts_in_hooks_are_verdicts() -> None:
    reading = read_text("一、判断题\n1.水是湿的。\n参考答案：【对】\n2.火是冷的。\n参考答案：【错】\n")
    assert [one[2] for one in told(reading)] == [[True], [False]]
