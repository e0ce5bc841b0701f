"""Papers as training offices keep them: several in a file, answers between lines, copies of pages."""

from __future__ import annotations

from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told


def test_a_type_in_brackets_right_behind_a_number() -> None:
    reading = read_text(
        "1【单选】哪个会飞？\nA.鱼\nB.鸟\n答案：B\n2（多选）哪些是水果？\nA.梨\nB.桃\nC.铁\n答案：AB\n"
        "3【判断】铁比水重。\n答案：√\n4【填空】水由氢和____组成。\n答案：氧；氧元素\n"
    )
    assert told(reading) == [
        ("single_choice", "哪个会飞？", ["鱼", "*鸟"]),
        ("multiple_choice", "哪些是水果？", ["*梨", "*桃", "铁"]),
        ("true_false", "铁比水重。", [True]),
        ("fill_in", "水由氢和____组成。", [["氧", "氧元素"]]),
    ]


def test_an_answer_that_begins_as_the_name_of_an_explanation_does() -> None:
    reading = read_text("1. 简述步骤。\n答案：分析题目，列出条件，再求解。\n2. 简述用途。\n答案解析：见下一章。\n")
    assert [one.content["marker_html"] for one in reading.questions] == ["分析题目，列出条件，再求解。", ""]
    assert reading.questions[1].explanation_html == "见下一章。"


def test_answers_between_lines_where_every_sentence_has_them() -> None:
    reading = read_text("二、填空题\n1.水由__氢气__和__氧气__组成。\n2.冰在__0__度融化。\n")
    assert told(reading) == [
        ("fill_in", "水由____和____组成。", [["氢气"], ["氧气"]]),
        ("fill_in", "冰在____度融化。", [["0"]]),
    ]
    assert "between lines" in str(reading.warnings[-1])


def test_empty_blanks_hold_no_answers_between_them() -> None:
    for text in (
        "1.水由____和____组成。\n2.冰在____度，水在____度。\n",
        "1.水由__氢气__组成。\n2.冰在____度融化。\n",
        "1.__年__月__日__时开会。\n2.__组织__会议。\n",
    ):
        assert read_text(f"二、填空题\n{text}").questions == []


def test_numbers_by_chapter_and_place_with_a_point() -> None:
    reading = read_text(
        "1 选择题\n1.1 哪个会飞( )。\n(A)鱼；(B)鸟。\n答案：B\n1.2 哪个是金属( )。\n(A)铁；(B)木。\n答案：A\n"
        "2 判断题\n2.1 铁比水重。( )\n答案：√\n"
    )
    assert [one[0] for one in told(reading)] == ["single_choice", "single_choice", "true_false"]
    assert [one[2] for one in told(reading)][:2] == [["鱼", "*鸟。"], ["*铁", "木。"]]


def test_points_of_an_answer_by_chapter_begin_no_question() -> None:
    reading = read_text(
        "一、简答题\n1. 怎么做？\n答案：\n1.1 先看\n1.2 再想\n1.3 后写\n2. 为什么？\n答案：因为有用。\n"
    )
    assert len(reading.questions) == 2
    assert "1.3 后写" in reading.questions[0].content["marker_html"]


def test_a_review_copied_from_a_page() -> None:
    reading = read_text(
        "题目1\n还未作答\n满分10.00\n哪个会飞？\n选择一项：\nA. 鱼\nB. 鸟\n反馈\n你的回答不正确\n正确答案是：鸟\n\n"
        "题目2\n不正确\n获得5.00分中的0.00分\n标记题目\n题干\n铁比水轻。\n选择一项：\n对\n错\n反馈\n正确的答案是“错”。\n"
    )
    assert told(reading) == [("single_choice", "哪个会飞？", ["鱼", "*鸟"]), ("true_false", "铁比水轻。", [False])]
    assert [one.mark for one in reading.questions] == [10000, 5000]
    assert reading.warnings == []


def test_an_english_review_copied_from_a_page() -> None:
    reading = read_text(
        "Question 1\nNot yet answered\nMarked out of 2.00\nFlag question\nQuestion text\nWhich flies?\nSelect one:\n"
        "a. Fish\nb. Bird\nFeedback\nYour answer is incorrect.\nThe correct answer is: Bird\n\n"
        "Question 2\nIncorrect\nMark 0.00 out of 1.00\nIce is hot.\nSelect one:\nTrue\nFalse\n"
        "The correct answer is 'False'.\n"
    )
    assert told(reading) == [
        ("single_choice", "Which flies?", ["Fish", "*Bird"]),
        ("true_false", "Ice is hot.", [False]),
    ]
    assert [one.mark for one in reading.questions] == [2000, 1000]


SETS = (
    "\n一、选择题\n1. {0}？\nA. 鱼   B. 鸟\n二、填空题\n1. 水是______。\n"
    "参考答案\n一、选择题\n1. {1}\n二、填空题\n1. {2}\n\n"
)


def test_each_of_several_papers_has_its_own_key() -> None:
    for names in (("第一套", "第二套"), ("模拟试卷（一）", "模拟试卷（二）"), ("A卷", "B卷")):
        text = f"{names[0]}{SETS.format('会飞', 'B', '液体')}{names[1]}{SETS.format('会游', 'A', '无色')}"
        reading = read_text(text)
        assert [one[2] for one in told(reading)] == [["鱼", "*鸟"], [["液体"]], ["*鱼", "鸟"], [["无色"]]]
        assert reading.refused == []


def test_papers_whose_keys_stand_at_the_end_are_read_together() -> None:
    paper = "一、选择题\n{0}. 哪个？\nA. 鱼   B. 鸟\n{1}. 谁？\nA. 甲   B. 乙\n"
    reading = read_text(f"第一套\n{paper.format(1, 2)}第二套\n{paper.format(3, 4)}参考答案\n1.A 2.B 3.B 4.A\n")
    assert [one[2] for one in told(reading)] == [["*鱼", "鸟"], ["甲", "*乙"], ["鱼", "*鸟"], ["*甲", "乙"]]


def test_a_line_below_the_text_of_a_blank_is_no_part_of_it() -> None:
    reading = read_text("1. 水是____。\n参考答案\n1. 液体\n最后一页\n")
    assert reading.questions == []
    assert "next line" in str(reasons(reading))


def test_statements_judged_in_hooks() -> None:
    reading = read_text("【判断题】\n1.铁比水轻。【×】\n2.冰是水。【√】\n")
    assert told(reading) == [("true_false", "铁比水轻。", [False]), ("true_false", "冰是水。", [True])]


def test_keys_of_several_papers_at_the_end() -> None:
    paper = "一、选择题\n1. 哪个？\nA. 鱼   B. 鸟\n2. 谁？\nA. 甲   B. 乙\n"
    for keys in (
        "第一套参考答案\n1.A 2.B\n第二套参考答案\n1.B 2.A\n",
        "参考答案\n第一套\n1.A 2.B\n第二套\n1.B 2.A\n",
        "第一套答案：\n1-2 AB\n第二套答案：\n1-2 BA\n",
    ):
        reading = read_text(f"第一套\n{paper}第二套\n{paper}{keys}")
        assert [one[2] for one in told(reading)] == [["*鱼", "鸟"], ["甲", "*乙"], ["鱼", "*鸟"], ["*甲", "乙"]]
        assert reading.refused == []


def test_answers_as_aiken_writes_them_in_a_paper_of_several_kinds() -> None:
    text = "1. Who?\nA. he\nB. it\nANSWER: A\n\n2. Ice is hot.\nANSWER: False\n\n3. Iron is a ____.\nANSWER: metal\n"
    reading = read_text(text)
    assert told(reading) == [
        ("single_choice", "Who?", ["*he", "it"]),
        ("true_false", "Ice is hot.", [False]),
        ("fill_in", "Iron is a ____.", [["metal"]]),
    ]
    text = "一、单选题（每题2分）\n1. 谁？\nA. 他\nB. 它\nANSWER: A\n2. 哪里？\nA. 这里\nB. 那里\nANSWER: B\n"
    assert [(one.stem_html, one.mark) for one in read_text(text).questions] == [("谁？", 2000), ("哪里？", 2000)]
    plain = "Who?\nA. he\nB. it\nANSWER: A\n\nWhere?\nA. here\nB. there\n"
    assert read_text(plain).format == "aiken"


def test_numbers_of_all_the_questions_of_an_aiken_text() -> None:
    text = "{}Who?\nA. he\nB. it\nANSWER: A\n\n{}2024 was?\nA. long\nB. short\nANSWER: B\n"
    reading = read_text(text.format("1. ", "2. "))
    assert (reading.format, [one[1] for one in told(reading)]) == ("aiken", ["Who?", "2024 was?"])
    assert [one[1] for one in told(read_text(text.format("", "2. ")))] == ["Who?", "2. 2024 was?"]
