"""Answer keys as papers have them: by part, by chapter, in an appendix, on one line for questions of every kind."""

from __future__ import annotations

from question_bank.formats.listing import as_json
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
