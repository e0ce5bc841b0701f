"""Papers in the forms of programs and publishers, and headings, keys and numbers that papers write otherwise."""

from __future__ import annotations

import pytest

from question_bank.formats import Reading, read
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told


def read_lines(text: str) -> Reading:
    return read(text.encode(), "paper.txt", "text")


def test_types_by_code_above_the_number() -> None:
    reading = read_text(
        "Title: One\n1) Which?\n@ So it is.\na. this\n*b. that\n\nType: T/F\n2) Iron is a metal.\n*a. True\nb. False\n"
        "\nType: MR\n3. Which two?\n*a. one\n*b. two\nc. three\n\nType: E\n4) Say why.\na. Because of this.\n\n"
        "Type: F\n5) The unit is\na. hertz\nb. Hz\n\nType: F\n6) The _a_ and the _b_.\na. sun\nb. moon\n\n"
        "Type: MT\n7) Match.\na. force = newton\nb. work = joule\n"
    )
    assert [one[0] for one in told(reading)] == [
        "single_choice", "true_false", "multiple_choice", "essay", "short_answer", "fill_in", "matching",
    ]  # fmt: skip
    assert told(reading)[5][1:] == ("The ____ and the ____.", [["sun"], ["moon"]])
    assert [one.explanation_html for one in reading.questions][:2] == ["So it is.", ""]
    assert reasons(reading) == []


def test_a_type_and_its_question_in_one_line() -> None:
    reading = read_lines("Title: One Category: Maps 1. Which?\n~ So it is.\na) this\n*b) that\n")
    assert told(reading) == [("single_choice", "Which?", ["this", "*that"])]
    assert (reading.questions[0].category, reading.questions[0].explanation_html) == ("Maps", "So it is.")


def test_what_publishers_write_below_their_questions() -> None:
    reading = read_text(
        "MULTIPLE CHOICE\n1. Which?\na. this\nb. that\nANS:\tB\tPTS:\t2\tDIF:\tEasy\tREF:\tp. 8\n\n"
        "TRUE/FALSE\n2. Iron is a metal.\nANS:\tT\tPTS:\t1\nCOMPLETION\n3. The sun is a ______.\nANS:\tstar\nPTS:\t1\n"
    )
    assert [one[2] for one in told(reading)] == [["this", "*that"], [True], [["star"]]]
    assert (reading.questions[0].mark, reading.questions[0].source) == (2000, "p. 8")
    reading = read_text(
        "1) Which?\nA) this\nB) that\nAnswer:  A\nDiff: 3   Page Ref: 41\nTopic:  Maps\nObjective: 2-1\n"
    )
    assert told(reading) == [("single_choice", "Which?", ["*this", "that"])]
    assert (reading.questions[0].category, reading.questions[0].explanation_html) == ("Maps", "")


def test_the_section_of_answers_of_publishers() -> None:
    reading = read_text(
        "Multiple Choice\n____\t1.\tWhich?\na.\tthis\nb.\tthat\n\nTrue/False\n____\t2.\tIron is a metal.\n\n"
        "Completion\n\t3.\tThe sun is a ________.\n\nAnswer Section\n\nMULTIPLE CHOICE\n"
        "1.\tANS:\tB\tPTS:\t1\tDIF:\tEasy\n\nTRUE/FALSE\n2.\tANS:\tF\tPTS:\t1\n\n"
        "COMPLETION\n3.\tANS:\tstar\n\nPTS:\t1\tREF:\tp. 8\n"
    )
    assert told(reading) == [
        ("single_choice", "Which?", ["this", "*that"]),
        ("true_false", "Iron is a metal.", [False]),
        ("fill_in", "The sun is a ________.", [["star"]]),
    ]
    assert reasons(reading) == []


def test_options_counted_by_small_romans() -> None:
    reading = read_text("1. Where?\n(i) here\n(ii) there\nAnswer: (ii)\n2. Who?\n(i) we\n(ii) you\nAnswer: i\n")
    assert [one[2] for one in told(reading)] == [["here", "*there"], ["*we", "you"]]


def test_sides_side_by_side() -> None:
    reading = read_text("一、匹配题\n1. 配一配。\n1. 甲\tA. 二\n2. 乙\tB. 一\nC. 三\n答案：1-B 2-A\n")
    (draft,) = reading.questions
    assert [(one["html"], one["match_html"]) for one in draft.content["pairs"]] == [("甲", "一"), ("乙", "二")]
    assert [one["html"] for one in draft.content["distractors"]] == ["三"]


def test_numbers_of_a_chapter_and_a_place() -> None:
    reading = read_lines("1-1 谁？（A）\nA. 甲\nB. 乙\n1-2 对吗？（√）\n2-1 几？（B）\nA. 一\nB. 二\n")
    assert [one[1] for one in told(reading)] == ["谁？（  ）", "对吗？（  ）", "几？（  ）"]


def test_question_of_so_many() -> None:
    reading = read_text(
        "Question 1 of 2\nWhich?\nA. a\nB. b\nAnswer: B\n\nQuestion 2 of 2\nWho?\nA. c\nB. d\nAnswer: A\n"
    )
    assert [one[1] for one in told(reading)] == ["Which?", "Who?"]


def test_a_star_behind_the_right_option_and_one_behind_a_question_of_a_form() -> None:
    reading = read_text("1. Which is it? *\nA) this\nB) that*\n2. Who?\nA) you*\nB) we\n")
    assert told(reading) == [
        ("single_choice", "Which is it?", ["this", "*that"]),
        ("single_choice", "Who?", ["*you", "we"]),
    ]


def test_marks_by_the_numbers_of_questions() -> None:
    text = "一、计算题（共2小题，第1小题6分，第2小题8分，共14分）\n1．求一。\n答：甲\n2．求二。\n答：乙\n"
    assert [one.mark for one in read_text(text).questions] == [6000, 8000]
    text = "一、选择题（第1～2题为单选题，每题2分；第3题为多选题，每题4分）\n"
    text += "".join(f"{n}．谁？\nA．甲\nB．乙\n答案：{a}\n" for n, a in ((1, "A"), (2, "B"), (3, "AB")))
    assert [one.mark for one in read_text(text).questions] == [2000, 2000, 4000]


def test_a_mark_before_the_bracket_to_fill() -> None:
    reading = read_text("1．不正确的一项是（3分）（   ）\nA．甲\nB．乙\n答案：A\n")
    assert (reading.questions[0].stem_html, reading.questions[0].mark) == ("不正确的一项是（   ）", 3000)


@pytest.mark.parametrize("heading", ["抢答题（每题20分）", "请判断下列说法是否正确，对的打√（每题20分）"])
def test_rounds_and_tasks_are_headings(heading: str) -> None:
    reading = read_text(f"必答题（每题10分）\n1、哪一年？\n答：1982年\n{heading}\n1、是这样。\n答：对\n")
    assert [(one.mark, one.kind == "true_false") for one in reading.questions] == [(10000, False), (20000, True)]


def test_a_part_by_a_roman_number_with_its_key() -> None:
    reading = read_text(
        "I. 单项选择（每小题1分）\n1. Who?\nA. we\tB. you\n2. Which?\nA. it\tB. he\nII. 适当形式填空（每小题2分）\n"
        "3. They ____ (play).\nKeys:\nI. 1-2 BA\nII. 3. played\n"
    )
    assert [one[2] for one in told(reading)] == [["we", "*you"], ["*it", "he"], [["played"]]]
    assert [one.mark for one in reading.questions] == [1000, 1000, 2000]


def test_a_key_of_parts_without_points_and_of_circled_numbers() -> None:
    reading = read_text("一、选择题\n1．谁？\nA．甲  B．乙\n2．几？\nA．一  B．二\n答案\n一、1A 2B\n")
    assert [one[2] for one in told(reading)] == [["*甲", "乙"], ["一", "*二"]]
    reading = read_text("试题（B）\n一、单选题\n1. 谁？\n① 甲 ② 乙\n2. 几？\n① 一 ② 二\n答案：\n一、1.① 2.②\n")
    assert [one[2] for one in told(reading)] == [["*甲", "乙"], ["一", "*二"]]


def test_a_key_that_begins_behind_its_label() -> None:
    reading = read_text(
        "阅读下面的诗歌，完成1—2题。\n空山新雨后。\n1．谁？\nA．甲\nB．乙\n2．为何？\n【答案】1．B\n2．因为静。\n"
    )
    (draft,) = reading.questions
    assert [one["kind"] for one in draft.content["questions"]] == ["single_choice", "short_answer"]


def test_a_correction_behind_the_verdict_explains() -> None:
    reading = read_text("一、判断改错题\n1. 病毒由细胞构成。（×）改正：没有细胞。\n")
    assert told(reading) == [("true_false", "病毒由细胞构成。（  ）", [False])]
    assert reading.questions[0].explanation_html == "改正：没有细胞。"


def test_parts_on_one_line_are_one_question() -> None:
    reading = read_text("一、计算题\n1．进价80元。\n（1）求毛利；（2）求利润。\n解：（1）20\n（2）10\n")
    (draft,) = reading.questions
    assert (draft.kind, draft.stem_html) == ("essay", "进价80元。<br>（1）求毛利；（2）求利润。")


def test_circled_numbers_with_a_point_part_the_answers_of_blanks() -> None:
    reading = read_text("1．每隔____秒，用____。\n【答案】    ①. 0.02    ②. 交流\n")
    assert told(reading)[0][2] == [["0.02"], ["交流"]]


def test_words_for_gaps_of_single_sentences() -> None:
    reading = read_text("一、选词填空\n1. You ____ it.\n2. She ____ it.\n答案：1. have 2. has\n")
    assert [(one[0], one[2]) for one in told(reading)] == [("fill_in", [["have"]]), ("fill_in", [["has"]])]


def test_options_of_nothing_or_with_one_letter_twice_are_refused() -> None:
    reading = read_text("1. 谁？\nA. 甲\nA. 乙\nB. 丙\n答案：A\n2. 几？\nA. |\nB. |\n答案：A\n")
    assert reading.questions == []
    assert len(reading.refused) == 2


def test_a_row_of_data_gives_no_options() -> None:
    reading = read_text("1. 记录如下：\n次数 | 1 | 2\n长度 | 2.5 | 2.6\n应记为____cm。\n答案：2.6\n")
    assert told(reading)[0][0] == "fill_in"


def test_questions_about_a_passage_in_english() -> None:
    reading = read_text(
        "Reading Comprehension (2 points each)\nQuestions 1 to 2 are based on the following passage.\nA cat sat.\n"
        "1. Who sat?\nA) a dog\nB) a cat\n2. What did it do?\nA) sat\nB) ran\nKey: 1. B  2. A\n"
    )
    (draft,) = reading.questions
    assert (draft.kind, draft.mark) == ("case", 4000)


def test_true_or_false_before_a_statement_is_no_part_of_it() -> None:
    assert told(read_text("1. True or False: Iron is a metal.\nAnswer: True\n"))[0][1] == "Iron is a metal."


def test_papers_in_vietnamese() -> None:
    reading = read_text("Câu 1: Thành phố nào?\nA. Huế\nB. Hà Nội\nĐáp án: B\nCâu 2: Ai?\nA. Tôi\nB. Anh\nĐáp án: A\n")
    assert [one[1:] for one in told(reading)] == [("Thành phố nào?", ["Huế", "*Hà Nội"]), ("Ai?", ["*Tôi", "Anh"])]


def test_a_number_in_another_style_counts_on() -> None:
    reading = read_text("1、谁？\nA. 甲\nB. 乙\n答案：A\n2) （判断）是。\n答案：×\n")
    assert [one[2] for one in told(reading)] == [["*甲", "乙"], [False]]
    points = "1、谈谈。\n答案：\n1) 一；\n2) 二。\n2、说说。\n答案：\n1) 三；\n2) 四。\n"
    assert [one[0] for one in told(read_text(points))] == ["essay", "essay"]


def test_a_type_before_the_number() -> None:
    reading = read_text("【单选】 1. 谁？\nA. 甲\nB. 乙\n答案：A\n【判断】 2. 是。\n答案：对\n")
    assert [one[:2] for one in told(reading)] == [("single_choice", "谁？"), ("true_false", "是。")]


def test_a_key_with_its_letters_in_brackets() -> None:
    reading = read_text("1. Who?\n(A) we\n(B) you\n2. Which?\n(A) it\n(B) he\nAnswer Key: 1. (B)  2. (A)\n")
    assert [one[2] for one in told(reading)] == [["we", "*you"], ["*it", "he"]]


def test_what_was_to_be_circled_is_no_part_of_a_statement() -> None:
    assert told(read_text("1. 水是湿的。（对/错）\n答案：对\n"))[0][1] == "水是湿的。"


def test_the_name_of_a_case_only_counts_it() -> None:
    reading = read_text("案例一\n甲发热三天。\n1. 首先做什么？\nA. 降温\nB. 吃饭\n答案：A\n")
    assert reading.questions[0].stem_html == "甲发热三天。"


def test_brackets_and_key_that_say_different_letters_are_refused() -> None:
    reading = read_text("1. 谁？（ B ）\nA. 甲\nB. 乙\n2. 几？（ A ）\nA. 一\nB. 二\n参考答案：1.A 2.A\n")
    assert told(reading) == [("single_choice", "几？（  ）", ["*一", "二"])]
    assert ["say B" in reason for reason in reasons(reading)] == [True]


def test_letters_on_a_line_before_the_number() -> None:
    reading = read_text(
        "__B__ 1. Which?\nA. this\nB. that\nTrue or false\n__T__ 2. Iron is a metal.\n____ 3. Ice is hot.\nAnswer: F\n"
    )
    assert [one[1:] for one in told(reading)] == [
        ("Which?", ["this", "*that"]),
        ("Iron is a metal.", [True]),
        ("Ice is hot.", [False]),
    ]


def test_numbers_right_before_their_questions() -> None:
    reading = read_lines("1哪个是水果（A）\nA苹果B桌子C石头\n2哪个是家具（B）\nA苹果B桌子C石头\n")
    assert [one[1] for one in told(reading)] == ["哪个是水果（  ）", "哪个是家具（  ）"]


def test_a_bonus_is_a_part_of_its_own() -> None:
    text = "一、单项选择题（每题3分）\n1. 谁？\nA. 甲\nB. 乙\n正确答案：B\n"
    reading = read_text(f"{text}附加题（10分）\n2. 写出三种。\n参考答案：一、二、三。\n")
    assert [(one.kind, one.mark) for one in reading.questions] == [("single_choice", 3000), ("essay", 10000)]


def test_an_explanation_that_ends_in_a_wide_point() -> None:
    assert told(read_text("1. 几？\nA. 一\nB. 二\n解析：定理，故选：B．\n"))[0][2] == ["一", "*二"]


def test_parts_of_primary_schools() -> None:
    text = "一、填一填。（每空1分，共4分）\n1. 大的是（  ），小的是（  ）。\n二、判一判。（每题1分）\n2. 是。（  ）\n"
    reading = read_text(f"{text}答案：\n1. 甲  乙\n2. ×\n")
    assert [(one.kind, one.mark) for one in reading.questions] == [("fill_in", 2000), ("true_false", 1000)]


def test_rows_of_a_passage_with_a_place_for_the_answer_before_them() -> None:
    text = "一、完形填空（每题1分）\nHe __1__ up and __2__ out.\n(  )1. A. gets  B. got\n(  )2. A. go  B. goes\n"
    (draft,) = read_text(f"{text}参考答案：1-2 AB\n").questions
    assert (draft.kind, draft.mark) == ("case", 2000)


def test_a_key_of_letters_and_words() -> None:
    text = "Part 1: Multiple Choice\n1. Which?\na. it\nb. he\nPart 2: True/False\n2. Ice is hot. ____\n"
    assert [one[2] for one in told(read_text(f"{text}ANSWER KEY\n1. b   2. False\n"))] == [["it", "*he"], [False]]
