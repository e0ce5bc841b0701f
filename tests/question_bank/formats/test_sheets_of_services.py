"""Import templates of exam services and schools as they come back filled in: hidden sheets, answers in questions."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from question_bank.formats import read
from tests.question_bank.formats.sheets import csv_read, listed, read_sheet, right, right_texts

HEAD = ["题目", "A", "B", "答案"]


def test_a_hidden_sheet_is_left_out_with_a_word() -> None:
    book = Workbook()
    shown = book.active
    shown.append(HEAD)
    shown.append(["首都是（ ）", "上海", "北京", "B"])
    for name, rows in (("旧题", [HEAD, ["旧的题", "甲", "乙", "A"]]), ("空", [])):
        hidden = book.create_sheet(name)
        hidden.sheet_state = "hidden"
        for row in rows:
            hidden.append(row)
    data = BytesIO()
    book.save(data)
    reading = read(data.getvalue(), "bank.xlsx")
    assert len(reading.questions) == 1
    assert [str(one) for one in reading.warnings] == ["The sheet 旧题 is hidden and was left out."]


def test_a_sheet_named_after_its_kind_has_its_answers_in_the_questions() -> None:
    reading = read_sheet(["序号", "题目"], [1, "北京是首都。（√）"], [2, "上海是首都。（×）"], name="判断题")
    assert [draft.content["answer"] for draft in reading.questions] == [True, False]


def test_options_of_a_cell_with_other_signs_between_them() -> None:
    reading = read_sheet(
        ["type", "title", "options", "answer"],
        ["single", "首都", "上海$北京$广州", "B"],
        ["multiple", "直辖市", "上海#北京#广州", "AB"],
    )
    assert [right(question) for question in listed(reading)] == [["北京"], ["上海", "北京"]]


def test_answers_as_lists_in_the_quotes_of_python() -> None:
    reading = csv_read("题目,答案\n一个是（    ），一个是（    ）。,\"['正面战场', '敌后战场']\"\n")
    blanks = reading.questions[0].content["blanks"]
    assert [blank["answers"][0]["text"] for blank in blanks] == ["正面战场", "敌后战场"]
    packed = csv_read("题目,选项,答案\n首都,\"['上海', '北京']\",B\n")
    assert right_texts(packed) == [["北京"]]


def test_a_row_that_does_not_say_what_it_asks_for_comes_in_with_a_remark() -> None:
    reading = read("题干,答案\n天为什么是蓝的？,\n地球是圆的,对\n".encode(), "bank.csv")
    assert [one.kind for one in reading.questions] == ["essay", "true_false"]
    assert [str(one) for one in reading.warnings] == [
        "line 2: nothing says what is asked for; it was taken for an essay question."
    ]


def test_words_for_no_options_and_strokes_between_options() -> None:
    reading = read_sheet(
        ["题目", "题型", "选项", "答案"],
        ["方式有中断和___。", "填空题", "无", "DMA"],
        ["哪个？", "单选题", "A. 甲 / B. 乙 / C. 丙", "B"],
        ["天是蓝的。", "判断题", "正确 / 错误", "正确"],
    )
    assert [draft.kind for draft in reading.questions] == ["fill_in", "single_choice", "true_false"]
    assert [one["html"] for one in reading.questions[1].content["options"]] == ["甲", "乙", "丙"]


def test_a_type_of_its_own_with_options_is_a_choice_with_a_word() -> None:
    head = ["题型", "题目", "A", "B", "答案"]
    reading = read_sheet(head, ["拼读练习", "读什么？", "ba", "ab", "A"], ["情景计算", "还剩几颗？", "7颗", "8颗", "B"])
    assert right_texts(reading) == [["ba"], ["8颗"]]
    assert [str(one) for one in reading.warnings] == ["Sheet1!2: the type 拼读练习 is not known; taken for a choice."]


def test_the_answers_of_choices_and_of_blanks_stand_in_two_columns() -> None:
    reading = read_sheet(
        ["题型", "题目", "选项A", "选项B", "正确选项", "答案"],
        ["选择题", "哪个？", "甲", "乙", "B", None],
        ["填空题", "3+5=____", None, None, None, "8"],
    )
    assert [one["fraction"] for one in reading.questions[0].content["options"]] == ["0", "1"]
    assert reading.questions[1].content["blanks"][0]["answers"][0]["text"] == "8"


def test_a_verdict_with_its_reason_and_one_with_its_legend() -> None:
    reading = csv_read(
        "题型,题目,答案\n判断题,水是干的。,错误。水是湿的。\n判断题,水是湿的。,Y（Y表示正确，N表示错误）\n"
    )
    assert [draft.content["answer"] for draft in reading.questions] == [False, True]
    assert reading.questions[0].explanation_html == "水是湿的。"


def test_an_interval_is_one_answer() -> None:
    reading = csv_read('题型,题目,答案\n填空题,值域是____,"[-1,2]"\n')
    (blank,) = reading.questions[0].content["blanks"]
    assert [one["text"] for one in blank["answers"]] == ["[-1,2]"]


def test_what_survey_services_put_between_answers_and_numbers_as_cells_hold_them() -> None:
    reading = read_sheet(
        ["题型", "题目", "选项", "答案"],
        ["多选题", "直辖市？", "上海┋苏州┋天津", "上海┋天津"],
        ["判断题", "天是蓝的。", None, "1.0"],
        ["是非题", "水是干的。", None, "非"],
        ["单选题", "首都是（ ）\nA.上海\nB.北京", None, "B.北京"],
        ["填空题", "与的反面是____", None, "非"],
    )
    many, judged, denied, single, filled = (draft.content for draft in reading.questions)
    assert [one["fraction"] for one in many["options"]] == ["1/2", "0", "1/2"]
    assert (judged["answer"], denied["answer"]) == (True, False)
    assert [one["fraction"] for one in single["options"]] == ["0", "1"]
    assert filled["blanks"][0]["answers"][0]["text"] == "非"


def test_the_answer_of_an_essay_in_the_place_of_its_first_option() -> None:
    reading = read_sheet(["题目", "题型", "选项A", "选项B", "答案"], ["说说春天。", "简答题", "花开了。", None, None])
    assert reading.questions[0].content["marker_html"] == "花开了。"


def test_options_under_heads_alike_stand_in_their_order() -> None:
    head = ["Type", "Title", "Correct", "Choice", "Choice", "Choice"]
    reading = read_sheet(
        head,
        ["MCQ", "Which melts?", "2", "iron", "ice", "sand"],
        ["MCQ", "Which two swim?", "1,3", "cod", "cat", "eel"],
    )
    assert right_texts(reading) == [["ice"], ["cod", "eel"]]


def test_an_open_question_with_a_short_answer_is_marked_by_it() -> None:
    head = ["Question", "Question Type", "Correct Answer"]
    reading = read_sheet(
        head,
        ["What measures heat?", "Open-ended", "thermometer"],
        ["What did you learn?", "Open-ended", "Answers vary"],
        ["Why is it cold?", "open question", "Because the sun is low in winter."],
    )
    assert [question["kind"] for question in listed(reading)] == ["short_answer", "essay", "essay"]
    assert [str(one) for one in reading.warnings] == [
        "Sheet1!2: an open question with a short answer; taken for a short answer."
    ]


def test_a_number_is_the_text_of_an_option_where_the_table_answers_with_texts() -> None:
    head = ["Question", "Option 1", "Option 2", "Option 3", "Answer"]
    by_text = read_sheet(head, ["Who wrote it?", "Ann", "Bob", "Cy", "Bob"], ["How many?", "2", "3", "4", "3"])
    assert right_texts(by_text) == [["Bob"], ["3"]]
    by_number = read_sheet(head, ["Who wrote it?", "Ann", "Bob", "Cy", "2"], ["How many?", "2", "3", "4", "3"])
    assert right_texts(by_number) == [["Bob"], ["4"]]
    unclear = read_sheet(head, ["Is it so?", "True", "False", "", "True"], ["How many?", "2", "3", "4", "3"])
    assert "both the number and the text" in str(unclear.refused[0].reason)


def test_digits_run_together_name_numbered_options() -> None:
    head = ["题目", "题型", "选项1", "选项2", "选项3", "选项4", "答案"]
    reading = read_sheet(
        head,
        ["水上运动有", "多选", "跳水", "游泳", "滑冰", "赛艇", 124],
        ["国球是", "单选", "足球", "乒乓球", "", "", 2],
    )
    assert right_texts(reading) == [["跳水", "游泳", "赛艇"], ["乒乓球"]]


def test_digits_run_together_are_refused_where_the_options_may_count_from_nought() -> None:
    head = ["题目", "题型", "选项1", "选项2", "选项3", "选项4", "答案"]
    reading = read_sheet(
        head,
        ["水上运动有", "多选", "跳水", "游泳", "滑冰", "赛艇", "013"],
        ["球类有", "多选", "跑", "足球", "跳", "排球", "13"],
    )
    assert (len(reading.refused), reading.questions) == (2, [])


def test_one_choice_with_digits_run_together_is_no_single_choice_in_silence() -> None:
    reading = read_sheet(
        ["题目", "题型", "选项1", "选项2", "选项3", "答案"], ["国球是", "单选", "足球", "乒乓球", "篮球", "12"]
    )
    assert reading.refused or reading.warnings


CODED = [
    ["题干", "类型", "选项A", "选项B", "答案"],
    ["下雨时", "2", "打伞", "晒太阳", "A"],
    ["冰能", "3", "融化", "结块", "AB"],
    ["冰是热的", "1", "", "", "错"],
    ["水的化学式是____", "4", "", "", "H2O"],
    ["什么是霜？", "5", "", "", "水汽凝成的冰晶"],
]


def test_a_code_of_a_type_follows_from_the_order_of_the_others() -> None:
    reading = read_sheet(*CODED)
    kinds = ["single_choice", "multiple_choice", "true_false", "fill_in", "essay"]
    assert [question["kind"] for question in listed(reading)] == kinds
    assert [str(one) for one in reading.warnings] == [
        "The type 5 is not explained; by the order of the others it was taken for “Essay”."
    ]


def test_a_code_that_no_usual_order_bears_out_stays_refused() -> None:
    swapped = [[row[0], {"2": "4", "4": "2"}.get(row[1], row[1]), *row[2:]] for row in CODED]
    assert [refusal.where for refusal in read_sheet(*swapped).refused] == ["Sheet1!6"]
    few = [CODED[0], *CODED[3:]]
    assert [refusal.where for refusal in read_sheet(*few).refused] == ["Sheet1!4"]


def test_stars_before_answers_and_short_codes_of_ispring_are_read() -> None:
    reading = read_sheet(
        ["Question Type (TF/MC/MR/TI/MG/SEQ/NUMG)", "Question Text", "Answer 1", "Answer 2", "Answer 3", "Points"],
        ["MC", "Which grows?", "*moss", "iron", "chalk", 1],
        ["MR", "Which fly?", "*bat", "dog", "*owl", 2],
        ["TF", "Ice is hot.", "True", "*False", "", 1],
        ["TI", "What is frozen water?", "ice", "snow", "", 1],
        ["SEQ", "From small to large.", "ant", "cat", "cow", 1],
        ["MG", "What shines when?", "sun|day", "moon|night", "", 1],
        ["NUMG", "How many legs has an ant?", "=6", "", "", 1],
        ["NUMG", "How warm is a hand?", "30..36", "", "", 1],
    )
    found = listed(reading)
    kinds = ["single_choice", "multiple_choice", "true_false", "short_answer", "ordering", "matching"]
    assert [question["kind"] for question in found] == [*kinds, "numerical", "numerical"]
    assert [right(question) for question in found[:2]] == [["moss"], ["bat", "owl"]]
    assert reading.questions[2].content["answer"] is False
    assert [answer["text"] for answer in reading.questions[3].content["answers"]] == ["ice", "snow"]
    assert [item["html"] for item in reading.questions[4].content["items"]] == ["ant", "cat", "cow"]
    assert [pair["match_html"] for pair in reading.questions[5].content["pairs"]] == ["day", "night"]
    low_and_high = reading.questions[7].content["answers"][0]
    assert (low_and_high["low"], low_and_high["high"], reading.questions[1].mark) == ("30", "36", 2000)


def test_starred_answers_without_known_codes_stay_refused() -> None:
    head = ["Question Type", "Question Text", "Answer 1", "Answer 2"]
    assert len(read_sheet(head, ["ABC", "Which grows?", "*moss", "iron"]).refused) == 1


def test_types_of_forms_and_the_default_mark_are_known() -> None:
    reading = read_sheet(
        ["Question Type", "Question", "Answers", "defaultmark"],
        ["SHORT TEXT", "What is frozen water?", "ice", 2],
        ["PARAGRAPH", "Describe a storm.", "", 5],
    )
    assert [(draft.kind, draft.mark) for draft in reading.questions] == [("short_answer", 2000), ("essay", 5000)]


def test_stars_before_options_are_the_answers_of_a_sheet_without_a_column_of_them() -> None:
    reading = read_sheet(
        ["QuestionType", "QuestionText", "Choice1", "Choice2", "Choice3", "Explanation"],
        ["SA", "Which is hottest?", "*sun", "ice", "snow", "Stars are hot."],
        ["MA", "Which are round?", "*ball", "box", "* coin", ""],
    )
    assert [(question["kind"], right(question)) for question in listed(reading)] == [
        ("single_choice", ["sun"]),
        ("multiple_choice", ["ball", "coin"]),
    ]
    untyped = read_sheet(
        ["题目", "选项A", "选项B", "选项C"], ["一年有几季？", "两季", "*四季", ""], ["夏季有", "*6月", "*7月", "1月"]
    )
    assert [right(question) for question in listed(untyped)] == [["四季"], ["6月", "7月"]]


def test_stars_in_a_few_options_are_those_of_a_program() -> None:
    rows = ["question,option A,option B", "Which points?,*p is a value,p is one", "Which is whole?,int,float"]
    reading = csv_read("\n".join(rows))
    assert (reading.questions, len(reading.refused)) == ([], 2)


def test_stars_before_all_options_or_beside_a_column_of_answers_say_nothing() -> None:
    head = ["题目", "选项A", "选项B"]
    assert [refusal.where for refusal in read_sheet(head, ["天是", "*蓝的", "*绿的"]).refused] == ["Sheet1!2"]
    listed_beside = listed(read_sheet([*head, "答案"], ["天是", "蓝的", "*绿的", "A"]))
    assert [right(question) for question in listed_beside] == [["蓝的"]]


def test_numbers_of_options_bear_out_the_order_of_codes() -> None:
    reading = read_sheet(
        ["题干", "题型", "选项1", "选项2", "选项3", "答案"],
        ["细胞的能量工厂是", "1", "线粒体", "核糖体", "细胞核", "1"],
        ["真核细胞含有", "2", "细胞核", "拟核", "细胞膜", "1,3"],
        ["病毒没有细胞结构", "3", "", "", "", "正确"],
        ["水的化学式是____", "4", "", "", "", "H2O"],
        ["简述光合作用", "5", "", "", "", "绿色植物利用光能合成有机物"],
    )
    kinds = ["single_choice", "multiple_choice", "true_false", "fill_in", "essay"]
    assert [draft.kind for draft in reading.questions] == kinds


def test_types_of_learnworlds_are_known() -> None:
    reading = read_sheet(
        ["Type", "Question", "CorAns", "Answer1", "Answer2", "Answer3"],
        ["TMC", "Which is a colour?", "2", "loud", "green", "seven"],
        ["TMCMA", "Which are numbers?", "1,3", "one", "dog", "two"],
        ["TTF", "Grass is green.", "True", "", "", ""],
        ["TSA", "Opposite of up?", "down", "", "", ""],
    )
    kinds = ["single_choice", "multiple_choice", "true_false", "short_answer"]
    assert [draft.kind for draft in reading.questions] == kinds


def test_options_of_a_correct_order_stand_in_it() -> None:
    reading = read_sheet(
        ["Slide type", "Question", "Option 1", "Option 2", "Option 3", "Correct answer"],
        ["Pick answer", "Largest planet?", "Mars", "Jupiter", "Venus", "2"],
        ["Correct order", "Near to far", "Venus", "Earth", "Mars", ""],
    )
    assert [draft.kind for draft in reading.questions] == ["single_choice", "ordering"]
    assert [item["html"] for item in reading.questions[1].content["items"]] == ["Venus", "Earth", "Mars"]
