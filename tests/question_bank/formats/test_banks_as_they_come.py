"""Chinese banks as they are found: numbers for titles, heads of pages, answers without a word, types by their names."""

from __future__ import annotations

import io
import json
from typing import Any

import docx
import pytest
from docx.shared import RGBColor

from question_bank.formats import Reading, read
from question_bank.formats.papers.lone_letters import answers_alone
from tests.question_bank.formats.sheets import csv_read, read_sheet, right_texts
from tests.question_bank.formats.test_unseen_shapes import told


def _json(*items: dict[str, Any]) -> Reading:
    return read(json.dumps(list(items), ensure_ascii=False).encode(), "bank.json")


def _text(text: str) -> Reading:
    return read(text.encode(), "bank.txt")


def _notes(reading: Reading) -> str:
    return " ".join(str(one) for one in reading.warnings)


def _labelled(title: str, type_: str, topic: str, right: str, *texts: str) -> dict[str, Any]:
    options = [
        {"id": letter, "title": f"【{letter}】 {text}", "subId": "7"}
        for letter, text in zip("ABCD", texts, strict=False)
    ]
    return {"id": "7", "know": "", "title": title, "type": type_, "topic": topic, "right": right, "answers": options}


def test_a_number_for_a_title_is_no_question() -> None:
    reading = _json(
        _labelled("第1题(单选)", "radio", "哪个发光？", "A", "太阳", "月亮"),
        _labelled("第2题(多选)", "checkbox", "哪些是行星？", "AC", "地球", "太阳", "火星"),
        _labelled("第3题(判断)", "radio", "月亮自己发光。", "B", "正确", "错误"),
    )
    assert told(reading) == [
        ("single_choice", "哪个发光？", ["*太阳", "月亮"]),
        ("multiple_choice", "哪些是行星？", ["*地球", "太阳", "*火星"]),
        ("true_false", "月亮自己发光。", [False]),
    ]


def test_a_title_that_asks_stays_the_question() -> None:
    item = {"title": "哪个发光？", "topic": "天文", "options": ["太阳", "月亮"], "answer": "A"}
    assert told(_json(item)) == [("single_choice", "哪个发光？", ["*太阳", "月亮"])]


@pytest.mark.parametrize("said", ["A:水星;C:木星;", "A：水星；C：木星", "A.水星、C.木星"])
def test_letters_and_texts_of_several_options_name_them_all(said: str) -> None:
    text = f"1. (多选题) 哪些是行星？\nA. 水星\nB. 月亮\nC. 木星\n正确答案：{said}\n"
    assert told(_text(text)) == [("multiple_choice", "哪些是行星？", ["*水星", "月亮", "*木星"])]


def test_texts_of_options_may_hold_what_parts_them() -> None:
    text = "1. (多选题) 哪些对？\nA. 甲；乙\nB. 丙\nC. 丁\n正确答案：A:甲；乙;C:丁;\n"
    assert told(_text(text)) == [("multiple_choice", "哪些对？", ["*甲；乙", "丙", "*丁"])]


def test_letters_parted_as_a_survey_service_does() -> None:
    head = ["题目", "题型", "选项1", "选项2", "选项3", "正确选项"]
    assert right_texts(read_sheet(head, ["哪些是行星？", "多选", "水星", "月亮", "木星", "A┋C"])) == [["水星", "木星"]]


def test_options_that_a_sign_joins_to_the_question() -> None:
    reading = csv_read(
        "题目,题目类型,答案,分数\n哪些是协议？&TCP/IP&SCSI&桌子,1,TCP/IP&SCSI,5\n最大的是（）。&地球&太阳,0,太阳,5\n"
    )
    assert told(reading) == [
        ("multiple_choice", "哪些是协议？", ["*TCP/IP", "*SCSI", "桌子"]),
        ("single_choice", "最大的是（）。", ["地球", "*太阳"]),
    ]


def test_an_empty_list_is_no_answer() -> None:
    reading = csv_read("title,answer\n首都是（    ）。,['北京']\n错误的有（    ）。,[]\n")
    assert ([one.where for one in reading.questions], [one.where for one in reading.refused]) == (
        ["line 2"],
        ["line 3"],
    )


def test_questions_that_are_all_numbered_one() -> None:
    text = (
        "1. 谁写了《江南春》？（A）\nA、 杜牧\nB、 李白\n解析：唐诗。\n\n"
        "1. 谁写了《贾生》？（B）\nA、 杜甫\nB、 李商隐\n解析：也是唐诗。\n"
    )
    assert told(_text(text)) == [
        ("single_choice", "谁写了《江南春》？（  ）", ["*杜牧", "李白"]),
        ("single_choice", "谁写了《贾生》？（  ）", ["杜甫", "*李商隐"]),
    ]


def test_the_head_of_each_page_belongs_to_no_question() -> None:
    head = "某省安全管理人员考核第六批题库"
    text = (
        f"1.吊索应当与\n{head}\n吊点相符。\nA.正确 B.错误\n正确答案：A\n"
        f"2.可以超载。\nA.正确 B.错误\n{head}\n正确答案：B\n"
        f"第 3 页 共 9 页\n3.应当验收。\nA.正确 B.错误\n正确答案：A\n{head}\n"
    )
    reading = _text(text)
    assert [(one[0], one[2]) for one in told(reading)] == [("true_false", [x]) for x in (True, False, True)]
    assert head not in "".join(one.stem_html + one.explanation_html for one in reading.questions)


def test_right_and_wrong_below_sentences_without_numbers() -> None:
    text = "职业道德是职业中的社会道德。\n正确答案：正确\n解析：略\n\n算法应当保密。\n正确答案：错误\n"
    assert told(_text(text)) == [
        ("true_false", "职业道德是职业中的社会道德。", [True]),
        ("true_false", "算法应当保密。", [False]),
    ]


def test_right_and_wrong_in_brackets_on_lines_of_their_own() -> None:
    text = "280、登高作业必须穿绝缘鞋。\n（错误）\n281、剔凿作业必须戴眼罩。\n（正确）\n"
    assert [one[2] for one in told(_text(text))] == [[False], [True]]


def test_a_letter_alone_below_the_options_answers() -> None:
    text = "0 新闻要实事求是\nA：正确\nB：错误\nA\n\n1 可以超载行驶。\nA：正确\nB：错误\nB\n"
    assert [one[2] for one in told(_text(text))] == [[True], [False]]


@pytest.mark.parametrize(
    ("line", "above", "told_by_it"), [("B", "B. 地球", True), ("C", "B. 地球", False), ("B", "地球", False)]
)
def test_only_the_letter_of_an_option_that_is_there_answers(line: str, above: str, told_by_it: bool) -> None:
    assert answers_alone(line, above) is told_by_it


def test_what_somebody_answered_is_no_part_of_a_question() -> None:
    text = "四. 简答题（共 1 题，5.0 分）\n41. (简答题, 5.0 分)\n什么是顺序图?\n\n我的答案：\n描述交互的图。\n"
    assert [(one[0], one[1]) for one in told(_text(text))] == [("essay", "什么是顺序图?")]


def test_letters_that_markdown_escapes() -> None:
    text = "分别构造二叉排序树，不同的是（ ）。\n\nA\\. （1,2,3）\nB\\. （3,2,1）\n\n正确答案：B\n"
    assert told(_text(text))[0][2] == ["（1,2,3）", "*（3,2,1）"]


def test_types_in_hooks_begin_questions() -> None:
    text = (
        "【单选题】输出是什么？\n\n- `A` :  `1`\n- `B` :  `2`\n\n"
        "<details>\n<summary>查看答案</summary>\n\n**正确答案：B**\n\n"
        "知识点：\n\n1. 先算左边；\n2. 再算右边。\n\n</details>\n\n---\n\n"
        "【单选题】哪个发光？\n\nA. 太阳\n\nB. 月亮\n\n**正确答案：A**\n"
    )
    reading = _text(text)
    assert [one[2] for one in told(reading)] == [["`1`", "*`2`"], ["*太阳", "月亮"]]
    assert "先算左边" in reading.questions[0].explanation_html


def test_a_type_that_nobody_knows_beside_options_is_told() -> None:
    reading = _text("## 第 7 题\n\n**类型：** 代码输出题\n\n输出是？\n\n- A. 1\n- B. 2\n\n答案：B\n")
    assert (told(reading)[0][2], "代码输出题" in _notes(reading)) == (["1", "*2"], True)


def test_the_key_with_explanations_of_a_school_paper() -> None:
    text = (
        "1．哪个发光？\nA．太阳  B．月亮\n2．首都是____。\n参考答案与试题解析\n"
        "1．【答案】A\n【解析】略\n2．【答案】北京\n【解析】略\n"
    )
    assert [one[0] for one in told(_text(text))] == ["single_choice", "fill_in"]


def test_letters_for_right_and_wrong_are_told() -> None:
    reading = csv_read("题型,题目,答案\n判断题,太阳发光。,A\n判断题,月亮自己发光。,B\n")
    assert ([one[2] for one in told(reading)], len(reading.warnings)) == ([[True], [False]], 1)
    reading = _text("一、判断题\n1. 太阳发光。\n答案：A\n2. 月亮自己发光。\n答案：B\n")
    assert ([one[2] for one in told(reading)], len(reading.warnings)) == ([[True], [False]], 1)


def test_a_quotation_mark_that_is_open_is_told() -> None:
    rows = ['1,"哪个发光？",太阳,月亮,A,"恒星。', '2,"哪个反光？",太阳,月亮,B,"卫星。"', '3,"哪个大？",太阳,月亮,A,""']
    reading = csv_read("\n".join(["id,question,optionA,optionB,answer,feedback", *rows]))
    assert right_texts(reading) == [["太阳"], ["月亮"], ["太阳"]]
    assert _notes(reading) == "line 2: a quotation mark is open; it was closed at the end of the line."
    broken = csv_read("\n".join(["id,question,optionA,optionB,answer,feedback", rows[0], "2,少一格", rows[1]]))
    assert "a cell holds the row below it" in _notes(broken)
    assert not csv_read('id,question,optionA,optionB,answer\n1,"哪个\n发光？",太阳,月亮,A\n').warnings


def test_a_column_of_types_is_told_by_what_it_holds() -> None:
    reading = csv_read(
        "TAB,TIMU,DAAN\n填空题,焊接接头低塌<--NRC-->mm为重伤。,0.5\n单选题,负责人由（）担当。,车间主任\n"
    )
    assert [one.kind for one in reading.questions] == ["fill_in", "fill_in"]
    assert "TAB" in _notes(reading)
    assert "line 3" in _notes(reading)


def test_a_question_of_which_all_options_are_red() -> None:
    document = docx.Document()
    for stem, right in (("甲？", "A"), ("乙？", "B"), ("丙？", "AB"), ("丁？", "A")):
        document.add_paragraph(stem, style="List Number")
        for letter in "AB":
            run = document.add_paragraph().add_run(f"{letter}. 第{letter}项")
            run.font.color.rgb = RGBColor(255, 0, 0) if letter in right else None
    out = io.BytesIO()
    document.save(out)
    assert told(read(out.getvalue(), "a.docx"))[2] == ("multiple_choice", "丙？", ["*第A项", "*第B项"])


def test_a_verdict_with_its_correction_is_no_text_to_type() -> None:
    reading = _text("1 {线路分为动力和配电线路。}  正确答案:F (应分为动力线路和照明线路)\n2 {水能灭火。}  正确答案:T\n")
    assert [(one[0], one[2]) for one in told(reading)] == [("true_false", [False]), ("true_false", [True])]
    reading = _text("1. 电容的单位是什么？\n答案：F (法拉第的简写)\n2. 水的化学式是什么？\n答案：H2O\n")
    assert "true_false" not in [one.kind for one in reading.questions]


def test_texts_below_numbered_questions_are_their_answers() -> None:
    parts = [f"{n}. {name}是什么？\n\n{name}是一种模式，用途很多。" for n, name in enumerate("甲乙丙", 1)]
    reading = _text("\n\n".join(parts))
    assert [(one.kind, one.stem_html) for one in reading.questions] == [("essay", f"{one}是什么？") for one in "甲乙丙"]
    assert [one.content["marker_html"] for one in reading.questions] == [
        f"{name}是一种模式，用途很多。" for name in "甲乙丙"
    ]


def test_a_line_below_each_blank_fills_it() -> None:
    reading = _text(
        "2020年，100%\n1.床位有()张.\n1000\n2.关键在( ).\n党\n3.组长是( ).\n某某\n\n2021年\n\n1.讲的是( ).\n水平\n"
    )
    said = [one.content["blanks"][0]["answers"][0]["text"] for one in reading.questions]
    assert said == ["1000", "党", "某某", "水平"]
    assert "taken for their answers" in _notes(reading)


def test_letters_before_options_in_fields_of_their_own() -> None:
    item = {"问题": "哪个发光？", "选项A": "A、太阳", "选项B": "B、月亮", "答案": "A"}
    assert told(_json(item)) == [("single_choice", "哪个发光？", ["*太阳", "月亮"])]
