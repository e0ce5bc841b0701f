"""Layouts of papers as people send them, each in a few lines: kinds, answers and stems as they are meant."""

from __future__ import annotations

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json

OPTIONS = "A、甲\nB、乙\nC、丙\n"


def told(text: str, name: str = "q.txt") -> list[tuple[str, str, str]]:
    """Of each question its kind, its stem, and the letters or the verdict that are right."""
    reading = read(text.encode(), name)
    assert not reading.refused, [(one.where, str(one.reason)) for one in reading.refused]
    found = []
    for draft in reading.questions:
        said = as_json(draft)
        right = "".join(chr(65 + n) for n, one in enumerate(said.get("options", [])) if one["fraction"])
        if draft.kind == "true_false":
            right = "T" if draft.content["answer"] else "F"
        found.append((draft.kind, str(said["stem"]), right))
    return found


def test_options_and_stems_keep_a_dot_of_their_own() -> None:
    text = "## 单选\n1.取星期几用\nA、.day\nB、.weekday\n答案:B\n\n2..shift(1) 表示\nA、前移\nB、后移\n答案:A\n"
    draft = read(text.encode(), "q.txt").questions[0]
    assert [one["html"] for one in draft.content["options"]] == [".day", ".weekday"]
    assert [one[1] for one in told(text)] == ["取星期几用", ".shift(1) 表示"]


def test_a_template_may_number_each_question_1() -> None:
    text = f"1.哪些？\n{OPTIONS}答案:AB\n标签:一、二\n类型:复选\n\n1.是吗\n答案:对\n解析:是\n\n"
    text += "1、四个字（）（）\n答案:红|黑\n"
    assert [(kind, right) for kind, _stem, right in told(text)] == [
        ("multiple_choice", "AB"),
        ("true_false", "T"),
        ("fill_in", ""),
    ]


def test_a_verdict_may_end_with_a_full_stop_or_stand_in_quotes() -> None:
    assert told("1.光速很快。\n答案:正确。\n")[0] == ("true_false", "光速很快。", "T")
    copied = "题目1\n病毒是程序。\n选择一项：\n对\n错\n正确的答案是“错”。\n"
    assert told(copied) == [("true_false", "病毒是程序。", "F")]
    assert told(
        "1.陈述()\n正确\n错误\n正确答案：\n错误\n解释说明：\n并非。\n2.甲()\n正确\n错误\n正确答案：\n正确\n"
    ) == [
        ("true_false", "陈述()", "F"),
        ("true_false", "甲()", "T"),
    ]


def test_brackets_with_a_name_in_them_are_no_answer() -> None:
    text = f"一、多选题\n1. 关于审计（Unified Auditing），正确的有（　）。\n{OPTIONS}答案：AB\n"
    assert told(text)[0][2] == "AB"
    assert told(text.replace("答案：AB\n", "").replace("（　）", "（ AC ）"))[0][2] == "AC"


def test_a_key_under_its_own_title_answers_one_open_question_of_each_kind() -> None:
    text = (
        f"## 单选题\n\n**5. 哪个？**\n{OPTIONS}\n## 判断题\n\n**1. 是吗。（　）**\n\n## 简答题\n\n**1. 简述甲。**\n\n"
        "## 参考答案\n\n单选题\n5. C\n\n判断题\n1. ×\n\n简答题\n1. 甲就是甲。\n"
    )
    assert [(kind, right) for kind, _stem, right in told(text)] == [
        ("single_choice", "C"),
        ("true_false", "F"),
        ("essay", ""),
    ]
    assert told("一、单选题（共1题）\n1. 1+1=?\nA. 1 B. 2\n参考答案\n1.【答案】B\n")[0][2] == "B"


def test_parts_of_a_question_may_be_labelled() -> None:
    text = "一、单选题\n1.【题目】1 + 1 = ?\n【选项】A. 1 B. 2\n【答案】B\n"
    text += "2.【题目】哪个？\n【选项】\nA. 一\nB. 二\n【答案】A\n"
    assert told(text) == [("single_choice", "1 + 1 = ?", "B"), ("single_choice", "哪个？", "A")]


def test_a_wide_point_after_a_number_counts_questions() -> None:
    text = "一、选择题\n1．计算：1+1=（  ）\nA．1  B．2\n【答案】B\n二、填空题\n2．3+1=____。\n【答案】4\n"
    assert [one[1] for one in told(text)] == ["计算：1+1=（  ）", "3+1=____。"]


def test_questions_without_numbers_may_call_themselves_second() -> None:
    text = "题干不带编号？\nA.甲\nB.乙\n答案：B\n\n第二题？\nA.甲\nB.乙\n答案：A\n"
    assert [(stem, right) for _kind, stem, right in told(text)] == [("题干不带编号？", "B"), ("第二题？", "A")]


def test_an_answer_before_the_number_belongs_to_it() -> None:
    text = "判断题\n( √ ) 1. 宪法是根本法。\n( × ) 2. 民法是根本法。\n单选题\n( B ) 3. 国体是\nA. 甲  B. 乙\n"
    assert [(stem, right) for _kind, stem, right in told(text)] == [
        ("宪法是根本法。", "T"),
        ("民法是根本法。", "F"),
        ("国体是", "B"),
    ]


def test_what_is_called_a_reference_answers_and_is_not_shown() -> None:
    drafts = read("四、简答题\n1、阐述原因。（10 分）\n\n参考：\n\n尺寸不对等等\n".encode(), "q.txt").questions
    assert [(one.kind, one.stem_html, one.mark) for one in drafts] == [("essay", "阐述原因。", 10_000)]
    assert "尺寸不对" in drafts[0].content["marker_html"]


@pytest.mark.parametrize("stem", ["请论述影响？", "简要说明原因。", "谈谈体会"])
def test_a_sentence_that_explains_is_for_the_marker(stem: str) -> None:
    assert told(f"1.{stem}\n答案:主权受到一定的制约；要求更高。\n\n2.首都在哪\n答案:北京\n")[0][0] == "essay"


def test_objects_with_a_text_and_a_type_are_questions_or_refused_never_dropped() -> None:
    asked = (
        '[{"type":"multi","text":"哪些？","options":["A．甲","B．乙"],"correctAnswer":"AB"},'
        '{"type":"judgment","text":"是吗","correctAnswer":"×"},{"type":"short","text":"内涵"},{"type":"single","body":"?"}]'
    )
    reading = read(asked.encode(), "q.json")
    assert [one.kind for one in reading.questions] == ["multiple_choice", "true_false"]
    assert [one.where for one in reading.refused] == ["/2", "/3"]
