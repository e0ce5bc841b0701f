"""Answer keys as papers have them: by part, by chapter, in an appendix, on one line for questions of every kind."""

from __future__ import annotations

import pytest

from question_bank.formats.listing import as_json
from question_bank.formats.papers.keys import is_key_heading
from tests.question_bank.formats.test_unseen_shapes import read_text, told


def test_a_key_by_parts_with_their_kinds() -> None:
    reading = read_text(
        "一、单选\n1、题一（）\nA、甲 B、乙\n2、题二（）\nA、甲 B、乙\n二、判断\n1、题三\n2、题四\n\n"
        "答案\n一、单选：1、B；2、A\n二、判断：1、正确；2、错误\n"
    )
    assert [one[2] for one in told(reading)] == [["甲", "*乙"], ["*甲", "乙"], [True], [False]]


def test_an_appendix_is_the_key() -> None:
    reading = read_text(
        "一、选择题\n1. 甲（  ）\n A．一   B．二\n二、判断题\n（   ）2. 乙。\n三、填空题\n3. ____和____。\n"
        "附：参考答案\n一、1.B\n二、2.×\n三、3.性状  遗传\n"
    )
    assert [one[2] for one in told(reading)] == [["一", "*二"], [False], [["性状"], ["遗传"]]]


def test_a_key_with_the_sections_of_an_english_paper() -> None:
    reading = read_text(
        "Section A: Multiple Choice (1 mark each)\n\n1. Signed in:\n(a) 1066  (b) 1215\n\nSection B: True/False\n\n"
        "2. It came in 1348.\n\nSection C: Short Answer (5 marks each)\n\n3. Explain one cause.\n4. Who won?\n\n"
        "Answer Key\n\nSection A\n1. (b)\n\nSection B\n2. True\n\n"
        "Section C\n3. The alliances drew states in.\n4. Nelson\n"
    )
    assert [(draft.kind, draft.mark) for draft in reading.questions] == [
        ("single_choice", 1000),
        ("true_false", 1000),
        ("essay", 5000),
        ("short_answer", 5000),
    ]
    assert (reading.refused, reading.warnings) == ([], [])


def test_numbers_with_colons_in_a_key() -> None:
    reading = read_text(
        "一、判断题：\n1.甲。\n二、填空题：\n2.海内存知己，____。\n3.对影成____。\n参考答案：\n1：正确\n2：天涯若比邻\n3：三人\n"
    )
    assert [one[2] for one in told(reading)] == [[True], [["天涯若比邻"]], [["三人"]]]


def test_a_key_by_chapters_and_their_parts() -> None:
    reading = read_text(
        "第一章 绪论\n一、单选题\n1．标志是\nA．甲  B．乙\n二、简答题\n1．简述分类。\n"
        "第二章 感觉\n一、单选题\n1．明适应\nA．快  B．慢\n二、判断题\n1．感受性越高。\n\n参考答案\n"
        "第一章\n一、1．A\n二、1．过程和个性。\n第二章\n一、1．B\n二、1．√\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["*甲", "乙"]),
        ("essay", []),
        ("single_choice", ["快", "*慢"]),
        ("true_false", [True]),
    ]


def test_a_key_in_one_line_for_questions_of_every_kind() -> None:
    reading = read_text(
        "1.没有错别字的是(  )(3分)\nA.甲 B.乙 C.丙\n2.默写。(4分)\n(1)春眠____。\n(2)____霜。\n3.作文。(30分)\n"
        "答案:1.BC 2.(1)不觉晓 (2)地上 3.略\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("multiple_choice", ["甲", "*乙", "*丙"]),
        ("fill_in", [["不觉晓"], ["地上"]]),
        ("essay", []),
    ]
    assert [draft.mark for draft in reading.questions] == [3000, 4000, 30000]


def test_a_key_on_the_last_line_answers_all_parts() -> None:
    reading = read_text("一、单选题\n1. 甲（ ）\nA. 一 B. 二\n二、判断题\n2. 乙。（ ）\n答案：1.B  2.×\n")
    assert [one[2] for one in told(reading)] == [["一", "*二"], [False]]


def test_words_below_each_other_in_a_key() -> None:
    reading = read_text("填空题\n1. An ______ a day.\n2. She is ______ than me.\n答案\n1 apple\n2 older\n")
    assert [one[2] for one in told(reading)] == [[["apple"]], [["older"]]]


def test_one_answer_for_the_questions_of_a_case() -> None:
    reading = read_text(
        "1. 阅读下列材料，回答（1）～（2）题。\n参与率由60%提升到95%。\n（1）提升了（   ）个百分点。\nA. 25  B. 35\n"
        "（2）请提出一条建议。\n答案：（1）B （2）加强宣传。\n"
    )
    (case,) = [as_json(one) for one in reading.questions]
    assert [(one["kind"], one["answers"]) for one in case["questions"]] == [("single_choice", ["35"]), ("essay", [])]


@pytest.mark.parametrize(
    "heading",
    [
        "《办公软件》期末考试试卷（A卷）参考答案及评分标准",
        "2023-2024学年第一学期期末考试《办公软件》（B）标准答案",
        "办公软件考核试题——参考答案",
        "《办公软件》答案",
    ],
)
def test_a_key_repeats_the_name_of_its_paper(heading: str) -> None:
    reading = read_text(
        "一、单选题\n1. 甲（  ）\nA. 一  B. 二\n2. 乙（  ）\nA. 一  B. 二\n二、简答题\n1. 简述丙。\n"
        f"{heading}\n一、单选题\n1. B  2. A\n二、简答题\n1. 答：丙有两点。\n"
    )
    assert [one[2] for one in told(reading)] == [["一", "*二"], ["*一", "二"], []]
    assert [as_json(one).get("for_marker", {}).get("text") for one in reading.questions][2] == "丙有两点。"
    assert (reading.refused, reading.warnings) == ([], [])


def test_a_title_that_asks_for_an_answer_is_no_heading_of_a_key() -> None:
    assert not is_key_heading("下列关于《背影》的说法，正确答案是")
    assert not is_key_heading("1.《章程》规定的答案")


@pytest.mark.parametrize("said", ["说明事物是联系的。", "分析法和综合法", "解释权归属立法机关"])
def test_an_answer_may_begin_with_a_word_that_names_explanations(said: str) -> None:
    (draft,) = read_text(f"一、简答题\n1. 简述甲。\n答案：{said}\n").questions
    assert as_json(draft)["for_marker"]["text"] == said


def test_a_name_of_an_explanation_behind_the_word_for_answer_is_none() -> None:
    (draft,) = read_text("1. 甲（ B ）\nA. 一  B. 二\n答案解析：二大于一。\n").questions
    assert as_json(draft)["explanation"] == "二大于一。"


@pytest.mark.parametrize("below", ["答案与解析：B。二大于一。", "【答案及解析】\nB。二大于一。"])
def test_one_label_for_the_answer_and_its_explanation(below: str) -> None:
    (draft,) = read_text(f"1. 甲（  ）\nA. 一  B. 二\n{below}\n").questions
    assert (as_json(draft)["answers"], as_json(draft)["explanation"]) == (["二"], "二大于一。")
