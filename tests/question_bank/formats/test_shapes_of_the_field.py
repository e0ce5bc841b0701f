"""Shapes that files of the field have, each in a small case of its own: read right, or refused, never guessed."""

from __future__ import annotations

import json
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.papers.one_line import questions_in
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told


def listed(text: str, name: str = "a.txt") -> list[dict[str, object]]:
    return [as_json(one) for one in read(text.encode(), name).questions]


def test_a_paper_without_line_breaks() -> None:
    reading = read_text(
        "1. 安全电压是（ ） A. 36V B. 220V 答案：A 解析：见标准。 2. 地球是圆的。 答案：正确 3. 首都是____。 答案：北京"
    )
    assert told(reading) == [
        ("single_choice", "安全电压是（ ）", ["*36V", "220V"]),
        ("true_false", "地球是圆的。", [True]),
        ("fill_in", "首都是____。", [["北京"]]),
    ]
    assert [one.where for one in reading.questions] == ["line 1", "line 1, question 2", "line 1, question 3"]


@pytest.mark.parametrize(
    "line",
    [
        "1. 先断电。2. 再施救。3. 最后呼救。这样做对不对，请说明理由，并举出两个你自己见过的例子来。答案：对",
        "1. 甲乙丙丁戊己庚辛。答案：对 答案：错 2. 子丑寅卯辰巳午未申酉戌亥。答案：对 3. 东南西北。",
    ],
)
def test_a_list_inside_a_question_does_not_part_it(line: str) -> None:
    assert questions_in(line) == [line]


def test_numbers_that_run_into_figures_and_a_key_of_letters_with_texts() -> None:
    reading = read_text(
        "1.220V是什么电压？\nA. 低压\nB. 高压\n2.36V是什么电压？\nA. 低压\nB. 高压\n"
        "3. 谁发明了电灯？\nA. 爱迪生\nB. 牛顿\n"
        "参考答案：1.A 低压 2.A 低压 3.A 爱迪生\n"
    )
    assert told(reading) == [
        ("single_choice", "220V是什么电压？", ["*低压", "高压"]),
        ("single_choice", "36V是什么电压？", ["*低压", "高压"]),
        ("single_choice", "谁发明了电灯？", ["*爱迪生", "牛顿"]),
    ]


def test_a_figure_that_counts_nothing_stays_in_its_question() -> None:
    reading = read_text("1. 水的密度是多少？\n3.14不是答案。\nA. 1.0\nB. 3.14\n答案：A\n")
    assert told(reading) == [("single_choice", "水的密度是多少？\n3.14不是答案。", ["*1.0", "3.14"])]


def test_bold_points_below_a_question_are_the_right_ones() -> None:
    reading = read_text(
        "## 测验\n\n1. 哪些是偶数？\n   - **2**\n   - 3\n   - **4**\n\n2. 首都是哪里？\n   - 上海\n   - **北京**\n"
    )
    assert [one[2] for one in told(reading)] == [["*2", "3", "*4"], ["上海", "*北京"]]


def test_a_bold_word_in_a_list_that_answers_nothing_makes_no_options() -> None:
    reading = read_text("1. 说说安全措施。\n- **断电**\n- 呼救\n答案：断电、呼救\n2. 首都是哪里？\n答案：北京\n")
    assert [one[0] for one in told(reading)] == ["short_answer", "short_answer"]


def test_the_mark_in_a_tag_behind_a_code() -> None:
    (question,) = listed(
        "**第1题**（kp_014）[选择题, 5分]\n\n水是什么？\n\nA. 液体\nB. 石头\n\n> 答案：A\n\n## 完\n", "a.md"
    )
    assert (question["kind"], question["marks"], question["stem"]) == ("single_choice", 5, "（kp_014）水是什么？")


def test_a_key_belongs_to_the_part_whose_open_questions_it_names() -> None:
    reading = read_text(
        "一、单选题\n1. 甲？\nA. 一\nB. 二\n答案：A\n2. 乙？\nA. 一\nB. 二\n"
        "一、单选题\n1. 丙？\nA. 三\nB. 四\n2. 丁？\nA. 三\nB. 四\n参考答案\n一、单选题\n1.B\n2.A\n"
    )
    assert [one[2] for one in told(reading)] == [["*一", "二"], ["三", "*四"], ["*三", "四"]]
    assert reasons(reading) == ["The question has no answer."]


def test_a_list_below_the_word_answer_is_the_key_of_all_questions_without_one() -> None:
    reading = read_text("一、填空题\n1. 首都是____。\n2. 水在____度沸腾。\n答案：\n1. 北京\n2. 100\n")
    assert [one[2] for one in told(reading)] == [[["北京"]], [["100"]]]


def test_more_numbered_answers_than_blanks_are_refused() -> None:
    reading = read_text("一、填空题\n1. 首都是____。\n答案：(1)北京 (2)上海\n")
    assert told(reading) == []
    assert reasons(reading) == ["The stem has 1 blanks, the answer 2."]


def test_what_stands_below_the_answers_of_blanks_explains_them() -> None:
    (question,) = listed(
        "1. 索引用于____列，权衡____。\n\n答案：长文本（或 TEXT/字符串）、选择性\n\n索引适合 URL、邮箱等字段。\n"
    )
    answers = question["answers"]
    assert isinstance(answers, list)
    assert [[one["text"] for one in blank] for blank in answers] == [["长文本", "TEXT", "字符串"], ["选择性"]]
    assert question["explanation"] == "索引适合 URL、邮箱等字段。"


def test_true_and_false_as_the_two_options() -> None:
    reading = read_text(
        "4.1 检查储粮 判断题 (共70题)\n1. 粮堆导热。 A.正确 B.错误 答案：B\n2. 要测温。 A.对 B.错 答案：A\n"
    )
    assert told(reading) == [("true_false", "粮堆导热。", [False]), ("true_false", "要测温。", [True])]


def test_the_answer_of_somebody_is_no_part_of_the_key() -> None:
    reading = read_text(
        "三、论述题\n1. 论述矛盾。\n【答案】对立统一。\n\n### 我的答案\n1. 我的理解一。\n2. 我的理解二。\n"
    )
    assert [as_json(one)["for_marker"] for one in reading.questions] == [{"text": "对立统一。", "rubric": []}]


@pytest.mark.parametrize("word", ["Respuesta", "RESPUESTA CORRECTA", "Réponse", "Antwort", "Resposta", "Ответ"])
def test_the_word_for_answer_in_other_languages(word: str) -> None:
    reading = read_text(f"1. 2 + 2 = ?\nA) 3\nB) 4\n{word}: B\n2. 2 + 1 = ?\nA) 3\nB) 4\n{word}: A\n")
    assert [one[2] for one in told(reading)] == [["3", "*4"], ["*3", "4"]]


def test_questions_that_are_titles_with_their_answers_below() -> None:
    reading = read_text(
        "### 何为隔离？\n参考答案：各有内存，靠消息通信；互不影响。\n\n"
        "### 何为取舍？\n参考答案：简洁与灵活之间的取舍。\n"
    )
    assert [one[:2] for one in told(reading)] == [("essay", "何为隔离？"), ("essay", "何为取舍？")]


def test_an_answer_in_italics() -> None:
    reading = read_text(
        "1. **何为对齐？**\n\n   *参考答案：让回答合人意；可验证。*\n\n"
        "2. **何为税？**\n\n   *参考答案：对齐的代价；可权衡。*\n"
    )
    assert [as_json(one)["for_marker"]["text"] for one in reading.questions] == [
        "让回答合人意；可验证。",
        "对齐的代价；可权衡。",
    ]


def test_options_of_json_as_pairs_and_marks_of_a_part() -> None:
    paper = {
        "sections": [
            {
                "title": "一、单选题（每题3分）",
                "questions": [{"content": "甲？", "options": [["一", False], ["二", True]]}],
            },
            {"title": "二、判断题", "questions": [{"content": "乙。", "answer": "对", "满分": 2}]},
        ]
    }
    first, second = listed(json.dumps(paper), "a.json")
    assert (first["answers"], first["marks"]) == (["二"], 3)
    assert (second["answers"], second["marks"]) == ([True], 2)


def test_an_equals_sign_inside_a_word_of_gift() -> None:
    (question,) = listed("How?{\n  =Set header=True first\n  ~Leave a=b\n  ~Stop\n}\n", "a.gift")
    assert question["options"] == [
        {"text": "Set header=True first", "fraction": 1},
        {"text": "Leave a=b", "fraction": 0},
        {"text": "Stop", "fraction": 0},
    ]
    assert len(listed("Two plus two{=four=4}\n", "a.gift")[0]["answers"]) == 2  # type: ignore[arg-type]


def test_what_a_wrong_option_takes_away_from_a_single_right_one() -> None:
    def label(name: str) -> str:
        return f'<response_label ident="{name}"><material><mattext>{name}</mattext></material></response_label>'

    def rule(name: str, worth: int) -> str:
        return (
            f'<respcondition><conditionvar><varequal respident="R">{name}</varequal></conditionvar>'
            f'<setvar varname="que_score" action="Add">{worth}</setvar></respcondition>'
        )

    item = (
        '<item ident="q"><presentation><material><mattext>Which?</mattext></material>'
        '<response_lid ident="R" rcardinality="Multiple"><render_choice>'
        f"{label('a')}{label('b')}{label('c')}</render_choice></response_lid></presentation><resprocessing><outcomes>"
        '<decvar varname="que_score" minvalue="0" maxvalue="100"/></outcomes>'
        f"{rule('a', -50)}{rule('b', 100)}{rule('c', -50)}</resprocessing></item>"
    )
    paper = f'<assessment ident="t" title="t"><section ident="s">{item}</section></assessment>'
    (question,) = listed(f"<questestinterop>{paper}</questestinterop>", "a.xml")
    assert [option["fraction"] for option in question["options"]] == [-0.5, 1, -0.5]  # type: ignore[attr-defined]


def word(fill: docx.document.Document) -> bytes:
    out = BytesIO()
    fill.save(out)
    return out.getvalue()


def test_a_text_box_of_word_that_holds_questions_is_read_and_any_other_named() -> None:
    def box(*lines: str) -> str:
        inner = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        return (
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
            f"{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )

    document = docx.Document()
    document.add_paragraph()._p.append(parse_xml(box("1. 甲？", "A. 一", "B. 二", "答案：B")))
    document.add_paragraph("2. 乙？")
    document.add_paragraph()._p.append(parse_xml(box("得分", "评卷人")))
    for line in ("A. 三", "B. 四", "答案：A"):
        document.add_paragraph(line)
    reading = read(word(document), "a.docx")
    assert told(reading) == [("single_choice", "甲？", ["一", "*二"]), ("single_choice", "乙？", ["*三", "四"])]
    assert ["a text box was left out" in str(one) for one in reading.warnings] == [True]


def test_short_options_of_a_table_cell_and_a_red_one_behind_its_letter() -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for at, text in enumerate(("题号", "题目", "答案")):
        table.cell(0, at).text = text
    for at, text in enumerate(("1", "首选检查是（ ）\nA. CT\nB. MRI\nC. DR", "B")):
        table.cell(1, at).text = text
    assert told(read(word(document), "a.docx")) == [("single_choice", "首选检查是（ ）", ["CT", "*MRI", "DR"])]
    document = docx.Document()
    document.add_paragraph("1. 首选检查是（ ）")
    for text in ("A、 CT", "B、 ", "C、 DR"):
        document.add_paragraph(text)
    document.paragraphs[2].add_run("MRI").font.color.rgb = docx.shared.RGBColor(0xC0, 0, 0)
    assert told(read(word(document), "a.docx")) == [("single_choice", "首选检查是（ ）", ["CT", "*MRI", "DR"])]


def test_a_question_of_labelled_lines_with_its_options_in_one() -> None:
    reading = read_text(
        "问题：哪些做法有助于加载？\n选项：检查时间||启用证书||关闭校验\n答案：AB\n题型：多选\n\n"
        "问题：离线时仍可下载。\n选项：正确||错误\n答案：B\n题型：判断\n"
    )
    assert told(reading) == [
        ("multiple_choice", "哪些做法有助于加载？", ["*检查时间", "*启用证书", "关闭校验"]),
        ("true_false", "离线时仍可下载。", [False]),
    ]


def test_an_explanation_stays_with_the_question_above_a_label() -> None:
    reading = read_text(
        "【问题】甲？\nA.一\nB.二\n【答案】B\n【解析】因为二。\n\n【问题】简述乙。(6 分)\n【答案】\n第一。\n第二。\n"
    )
    first, second = map(as_json, reading.questions)
    assert (first["explanation"], second["explanation"], second["marks"]) == ("因为二。", "", 6)


def test_what_stands_in_hooks_above_a_number_belongs_to_no_question() -> None:
    reading = read_text(
        "1. 甲？\nA. 一\nB. 二\n答案：A\n解析：因为一。\n\n[实务·负债]\n2. 乙？\nA. 一\nB. 二\n答案：B\n"
    )
    assert [as_json(one)["explanation"] for one in reading.questions] == ["因为一。", ""]
    assert ["实务" in str(one) for one in reading.warnings] == [True]


def test_a_text_above_code_is_the_question_about_it() -> None:
    reading = read_text(
        "输出是什么？\n\n```go\nfunc main() {\n}\n```\n\n* A. 2\n* B. 3\n\n"
        "<details>\n\n<summary>答案</summary>\n\n参考答案：B。\n\n</details>\n"
    )
    assert told(reading) == [("single_choice", "输出是什么？\nfunc main() {\n}", ["2", "*3"])]


def test_a_question_on_the_fold_of_its_answer() -> None:
    fold = (
        "<b><details><summary>{n}. 何为{what}？</summary></b>\n\n参考答案：{what}的定义；很长的解释。\n\n</details>\n\n"
    )
    reading = read_text(fold.format(n=23, what="标准") + fold.format(n=24, what="区域"), "a.md")
    assert [one[:2] for one in told(reading)] == [("essay", "何为标准？"), ("essay", "何为区域？")]


def test_an_answer_with_a_unit_stays_whole() -> None:
    reading = read_text("1. 求该信源的熵。\n答案：H=2 bit/符号\n2. 会议在哪年？\n答案：1921年/一九二一年\n")
    accepted = [[one["text"] for one in as_json(question)["answers"]] for question in reading.questions]
    assert accepted == [["H=2 bit/符号"], ["1921年", "一九二一年"]]


def test_answers_of_gift_without_their_braces_are_no_description() -> None:
    reading = read(b"How?\n=Always\n=Ever\n~Never\n\nAnd here we rest.\n", "a.gift")
    assert [one.kind for one in reading.questions] == ["description"]
    assert reasons(reading) == ["The answers do not stand in braces: { before them, } behind."]
