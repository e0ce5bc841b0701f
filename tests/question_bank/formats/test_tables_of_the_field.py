"""Tables as people and services give them out: traditional heads, notes in heads, shifted rows, marks beside scores."""

from __future__ import annotations

import pytest

from question_bank.formats import Reading, read
from tests.question_bank.formats.sheets import csv_read, listed, read_sheet, right_texts
from tests.question_bank.formats.test_unseen_shapes import reasons, told


def _notes(reading: Reading) -> list[str]:
    return [str(one) for one in reading.warnings]


def test_heads_types_and_verdicts_in_traditional_characters() -> None:
    reading = csv_read(
        "題號,題型,題目,選項A,選項B,選項C,正確答案,詳解,配分\n"
        "1,單選題,哪個發光？,太陽,月亮,地球,A,恆星,2\n"
        "2,複選題,哪些是行星？,地球,太陽,火星,AC,,2\n"
        "3,是非題,鯨是魚。,,,,X,,1\n"
        "4,是非題,鯨會呼吸。,,,,○,,1\n"
        "5,填充題,鯨用____呼吸。,,,,肺,,2\n"
        "6,申論題,鯨為何浮出水面？,,,,要換氣,,5\n"
    )
    assert told(reading) == [
        ("single_choice", "哪個發光？", ["*太陽", "月亮", "地球"]),
        ("multiple_choice", "哪些是行星？", ["*地球", "太陽", "*火星"]),
        ("true_false", "鯨是魚。", [False]),
        ("true_false", "鯨會呼吸。", [True]),
        ("fill_in", "鯨用____呼吸。", [["肺"]]),
        ("essay", "鯨為何浮出水面？", []),
    ]
    assert [one.mark for one in reading.questions] == [2000, 2000, 1000, 1000, 2000, 5000]


def test_japanese_heads_count_their_options() -> None:
    reading = csv_read("問題,選択肢1,選択肢2,選択肢3,正解,解説\n光るのは？,月,太陽,地球,2,恒星です\n")
    assert (right_texts(reading), reading.questions[0].explanation_html) == ([["太陽"]], "恒星です")


def test_a_system_of_taiwan_explains_its_codes_in_the_heads() -> None:
    heads = [
        "題組",
        "題型:\n(1)是非\n(2)單選\n(3)複選\n(4)填充\n(5)問答",
        "題目",
        "答案\n若為是非題:\n(1)答案為是\n(2)答案為否",
        "選項1\n若為填充題:\n(1)不分大小寫\n(2)區分大小寫",
        "選項2",
        "選項3",
    ]
    reading = read_sheet(
        ["version: 4"],
        heads,
        ["", "2", "哪個發光？", "1", "太陽", "月亮"],
        ["", "3", "哪些是行星？", "1,3", "地球", "太陽", "火星"],
        ["", "1", "鯨是魚。", "2"],
        ["", "1", "鯨會呼吸。", "1"],
        ["", "4", "鯨用[*肺*]呼吸，生活在[*海*]裡。", "", "2"],
        ["", "5", "鯨為何浮出水面？", "要換氣"],
    )
    assert told(reading) == [
        ("single_choice", "哪個發光？", ["*太陽", "月亮"]),
        ("multiple_choice", "哪些是行星？", ["*地球", "太陽", "*火星"]),
        ("true_false", "鯨是魚。", [False]),
        ("true_false", "鯨會呼吸。", [True]),
        ("fill_in", "鯨用____呼吸，生活在____裡。", [["肺"], ["海"]]),
        ("essay", "鯨為何浮出水面？", []),
    ]


@pytest.mark.parametrize(
    ("head", "yes", "no"),
    [
        ("答案(正確請填1，錯誤請填2)", "1", "2"),
        ("答案（1表示对，0表示错）", "1", "0"),
        ("答案（0为正确 1为错误）", "0", "1"),
    ],
)
def test_a_head_says_which_digit_is_right(head: str, yes: str, no: str) -> None:
    reading = read_sheet(["題目", head], ["鯨是魚。", no], ["鯨會呼吸。", yes])
    assert [one.content["answer"] for one in reading.questions] == [False, True]


def test_answers_of_circles_and_crosses_alone_are_verdicts() -> None:
    reading = csv_read("question,answer\n鯨是魚？,x\n鯨會呼吸？,o\n")
    assert [(one.kind, one.content["answer"]) for one in reading.questions] == [
        ("true_false", False),
        ("true_false", True),
    ]
    choices = csv_read("question,A,B,answer\n鲸的字母？,o,x,A\n")
    assert choices.questions[0].kind == "single_choice"


def test_a_service_numbers_its_heads_and_has_a_column_for_each_letter() -> None:
    heads = [
        "2. Question Type:",
        "3. Question:",
        "Answer A:",
        "Answer B:",
        "Answer C:",
        "Correct Answer",
        "Correct Answer",
    ]
    reading = read_sheet(
        ["Instructions:", "Please fill in the quiz."],
        heads,
        ["Multiple choice", "Which shine?", "Sun", "Moon", "Sirius", "A", "C"],
        ["Multiple choice", "Which reflects?", "Sun", "Moon", "", "B", ""],
        ["Open-ended", "Symbol of water?", "H2O", "h2o", "", "", ""],
    )
    assert told(reading)[:2] == [
        ("multiple_choice", "Which shine?", ["*Sun", "Moon", "*Sirius"]),
        ("single_choice", "Which reflects?", ["Sun", "*Moon"]),
    ]
    open_ended = reading.questions[2]
    assert (open_ended.kind, [one["text"] for one in open_ended.content["answers"]]) == ("short_answer", ["H2O", "h2o"])


def test_letters_before_the_name_of_an_option() -> None:
    reading = read_sheet(
        ["Question Text", "(A) Option", "(B) Option", "Right option"], ["Which shines?", "Sun", "Moon", "A"]
    )
    assert right_texts(reading) == [["Sun"]]


def test_a_letter_in_each_of_several_columns_of_answers() -> None:
    reading = read_sheet(
        ["标题", "练习"],
        ["题干", "题型", "选择项1", "选择项2", "选择项3", "解析", "答案1", "答案2"],
        ["哪个发光？", "单选题", "太阳", "月亮", None, "恒星", "A"],
        ["哪些是行星？", "多选题", "地球", "太阳", "火星", "", "A", "C"],
        ["鲸是鱼。", "判断题", None, None, None, "", "错误"],
        ["鲸用____呼吸，生活在____里。", "填空题", None, None, None, "", "肺", "海"],
    )
    assert told(reading) == [
        ("single_choice", "哪个发光？", ["*太阳", "月亮"]),
        ("multiple_choice", "哪些是行星？", ["*地球", "太阳", "*火星"]),
        ("true_false", "鲸是鱼。", [False]),
        ("fill_in", "鲸用____呼吸，生活在____里。", [["肺"], ["海"]]),
    ]


def test_a_verdict_under_the_head_of_an_option_is_the_answer() -> None:
    reading = csv_read(
        "题型,题目,选项A,选项B,选项C,选项D,答案,解析\n"
        "判断题,鲸是鱼。,,错误,,鲸是哺乳动物。\n"
        "判断题,鲸会呼吸。,正确,错误,,,A,\n"
        "判断题,鲸会飞。,正确,错误,,,,\n"
    )
    first, second = reading.questions
    assert (first.content["answer"], first.explanation_html, second.content["answer"]) == (
        False,
        "鲸是哺乳动物。",
        True,
    )
    assert _notes(reading) == [
        "line 2: the answer 错误 stands in the column of an option; it was taken for the answer."
    ]
    assert reasons(reading) == ["The question has no answer."]


def test_a_row_that_explains_the_columns_is_no_question() -> None:
    reading = csv_read(
        "題目,選項1,選項2,答案\n哪個發光？,太陽,月亮,1\n說明：請勿刪除標題列。,答案請填數字,請填網址,1\n"
    )
    assert (right_texts(reading), _notes(reading)) == (
        [["太陽"]],
        ["line 3: this row explains the table; it was left out."],
    )


def test_answers_that_can_count_nothing_are_the_texts_of_options() -> None:
    reading = csv_read("question,option1,option2,option3,answer\n1+1=?,1,2,3,2\n1+2=?,2,3,4,3\n3+3=?,4,5,6,6\n")
    assert right_texts(reading) == [["2"], ["3"], ["6"]]
    doubtful = csv_read("question,option1,option2,option3,answer\n1+2=?,2,3,4,3\n")
    assert reasons(doubtful) == ["The answer 3 is both the number and the text of an option."]


def test_an_option_among_right_and_wrong_is_refused_wherever_it_stands() -> None:
    reading = csv_read("题目,A,B,C,D,答案\n哪个发光？,月亮,月亮,太阳,太阳,C\n")
    assert reasons(reading) == ["The same option stands among the right and the wrong ones: 太阳"]


def test_texts_in_quotes_behind_a_space() -> None:
    reading = csv_read('question,options,answer\nWhich shines?, "Sun|Moon, the",A\n"Which reflects?","Sun|Moon",B\n')
    assert [[one["text"] for one in question["options"]] for question in listed(reading)] == [
        ["Sun", "Moon, the"],
        ["Sun", "Moon"],
    ]


def test_heads_of_banks_whose_question_is_called_text() -> None:
    reading = csv_read(
        "text,option1_text,option2_text,correctIndex,imagePath\n哪个发光？,太阳,月亮,0,a.jpg\n哪个反光？,太阳,月亮,1,\n"
    )
    assert right_texts(reading) == [["太阳"], ["月亮"]]
    assert "“imagePath” names pictures" in _notes(reading)[0]


def test_words_that_a_table_asks_for_are_short_answers_with_a_note() -> None:
    reading = csv_read("题目,答案\n12 × 12 = ?,144\n法国的首都？,巴黎\n金的符号？,Au\n哪个正确？,B\n地球是圆的,1\n")
    assert [one.kind for one in reading.questions] == ["short_answer"] * 3
    assert [str(one.where) for one in reading.refused] == ["line 5", "line 6"]
    assert _notes(reading)[0] == "line 2: nothing says of what kind this is; taken for a short answer."


def test_small_numbers_alone_may_count_options_that_are_lost() -> None:
    assert csv_read("题目,答案\n哪一个？,1\n哪一项？,3\n").questions == []


def test_a_row_without_options_among_choices_asks_for_words() -> None:
    reading = csv_read("question,option1,option2,answer\n哪个发光？,太阳,月亮,1\n5的平方？,,,25\n3的平方？,,,3\n")
    assert [one.kind for one in reading.questions] == ["single_choice", "short_answer"]
    assert len(reading.refused) == 1


def test_a_type_of_its_own_with_a_long_answer_is_an_essay_with_a_note() -> None:
    reading = csv_read(
        "题型,题目,答案\n实例题,甲可以请求返还吗？,交付之前所有权没有移转，因此甲不可以请求丙返还这辆车。\n怪题,几岁？,三\n"
    )
    assert ([one.kind for one in reading.questions], len(reading.refused)) == (["essay"], 1)
    assert _notes(reading) == ["line 2: the type 实例题 is not known; taken for an essay."]


@pytest.mark.parametrize(
    ("heads", "marks", "found"),
    [
        ("得分", ("2", "2"), [2000, 2000]),
        ("总分", ("2", "5"), [2000, 5000]),
        ("总分", ("100", "100"), [1000, 1000]),
        ("得分", ("0", "2"), [1000, 1000]),
        ("得分,我的答案", ("2,A", "2,B"), [1000, 1000]),
        ("得分,总分,我的答案", ("0,2,B", "3,3,B"), [2000, 3000]),
        ("得分,总分", ("3,2", "3,3"), [1000, 1000]),
    ],
)
def test_scores_that_can_only_be_those_of_the_questions_are_marks(
    heads: str, marks: tuple[str, str], found: list[int]
) -> None:
    reading = csv_read(f"题目,A,B,答案,{heads}\n哪个发光？,太阳,月亮,A,{marks[0]}\n哪个反光？,太阳,月亮,B,{marks[1]}\n")
    assert [one.mark for one in reading.questions] == found
    assert len(reading.warnings) == 1


def test_texts_that_are_as_many_as_the_one_blank_asks_for_are_its_parts() -> None:
    reading = csv_read("题型,题目,答案\n填空题,三种原色是____。,红；黄；蓝\n填空题,鲸用____呼吸。,肺；肺脏器官\n")
    assert reasons(reading) == ["The one blank asks for 3 things: give it a blank for each, or all in one text."]
    assert _notes(reading) == ["line 3: each of these was taken for an answer of the one blank: 肺；肺脏器官"]


def test_a_table_without_heads_may_leave_out_numbers() -> None:
    rows = [
        "1,Which shines?,Sun,Moon,Sun,,",
        "2,Which reflects?,Sun,Moon,Moon,,",
        "9,Which is ours?,Earth,Mars,Earth,,",
    ]
    assert right_texts(read("\n".join(rows).encode(), "quiz.csv")) == [["Sun"], ["Moon"], ["Earth"]]


def test_heads_in_other_languages() -> None:
    reading = csv_read("Pregunta,Respuesta 1,Respuesta 2,Respuesta correcta\n¿Qué brilla?,Sol,Luna,1\n")
    assert right_texts(reading) == [["Sol"]]
    assert right_texts(csv_read("Câu hỏi,Lựa chọn A,Lựa chọn B,Đáp án đúng\nCái nào?,Mặt trời,Trăng,A\n")) == [
        ["Mặt trời"]
    ]


def test_an_answer_may_name_the_head_of_its_option() -> None:
    reading = csv_read("题目,option_1,option_2,option_3,answer\n哪个发光？,月亮,太阳,地球,option_2\n")
    assert right_texts(reading) == [["太阳"]]
    several = csv_read("题型,题目,选项A,选项B,选项C,答案\n多选题,哪些是行星？,地球,太阳,火星,选项A、选项C\n")
    assert right_texts(several) == [["地球", "火星"]]


def test_a_head_says_from_where_its_answers_count() -> None:
    assert right_texts(csv_read("question,choice1,choice2,choice3,answer_0based\n哪个发光？,月亮,太阳,地球,1\n")) == [
        ["太阳"]
    ]
    assert right_texts(csv_read("题目,A,B,C,答案（从1开始）\n哪个发光？,月亮,太阳,地球,2\n")) == [["太阳"]]


def test_heads_name_the_part_of_the_question_and_types_stand_behind_their_codes() -> None:
    reading = csv_read(
        "题型代码,试题（题干）,试题（选项A）,试题（选项B）,正确答案,难度代码\n"
        "B（单选题）,哪个发光？,太阳,月亮,A,5（困难）\n"
        "C（判断题）,鲸是鱼。,,,错误,2\n"
        "T（填空题）,鲸用什么呼吸？,,,肺,2\n"
    )
    assert [one.kind for one in reading.questions] == ["single_choice", "true_false", "fill_in"]
    assert [one.difficulty for one in reading.questions] == [5, 2, 2]


def test_numbers_of_verdicts_count_as_the_other_answers_of_the_file() -> None:
    heads = "题目,选项A,选项B,选项C,答案,类型\n"
    counted = '哪些是行星？,地球,太阳,火星,"1,3",multiple\n'
    reading = csv_read(f"{heads}{counted}鲸是鱼。,,,,2,judgment\n鲸会呼吸。,,,,1,judgment\n")
    assert [one.content["answer"] for one in reading.questions[1:]] == [False, True]
    assert _notes(reading)
    assert reasons(csv_read(f"{heads}鲸是鱼。,,,,2,judgment\n"))


def test_a_third_verdict_repeats_the_right_one() -> None:
    reading = csv_read("题型,题目,选项A,选项B,选项C,答案,分值\n判断题,鲸是鱼。,正确,错误,错误,,2\n")
    assert told(reading) == [("true_false", "鲸是鱼。", [False])]
    assert _notes(reading)
    three = csv_read("题型,题目,选项A,选项B,选项C,答案\n判断题,鲸是鱼。,正确,错误,不知道,\n")
    assert reasons(three)


def test_options_of_one_cell_with_spaces_around_their_letters() -> None:
    reading = csv_read("题干,选项,正确答案\n哪个发光？,A 太阳 B 月亮,A\nWhich one?,A big dog B cat C bird,B\n")
    assert right_texts(reading) == [["太阳"], ["cat"]]


def test_an_essay_with_an_option_and_a_letter_is_refused() -> None:
    assert reasons(csv_read("题型,题目,选项A,选项B,答案\n问答,哪个发光？,太阳,,B\n"))


def test_notes_that_anki_exports_as_text() -> None:
    text = (
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
        "a1\tBasic\t天文::恒星\t最近的恒星&nbsp;是？\t<b>太阳</b>\t基础 常识\n"
        "a2\tCloze\t天文\t地球的卫星是{{c1::月亮}}，恒星是{{c2::太阳::发光}}。\t\t\n"
    )
    reading = read(text.encode(), "notes.txt")
    first, second = reading.questions
    assert (first.kind, first.stem_html) == ("short_answer", "最近的恒星 是？")
    assert [one["text"] for one in first.content["answers"]] == ["太阳"]
    assert told(reading)[1] == ("fill_in", "地球的卫星是____，恒星是____。", [["月亮"], ["太阳"]])
    assert second.tags == ()
    assert (first.category, first.tags, first.where) == ("天文/恒星", ("基础", "常识"), "line 7")
    plain = read("#separator:comma\n#tags column:1\n常识,最近的恒星是？,太阳\n".encode(), "notes.csv")
    assert [one.tags for one in plain.questions] == [("常识",)]
    assert right_texts(
        read("#separator:tab\n题型\t题干\tA\tB\t答案\n单选\t哪个发光？\t太阳\t月亮\tA\n".encode(), "a.tsv")
    ) == [["太阳"]]


def test_options_stand_in_the_rows_below_their_question() -> None:
    reading = read_sheet(
        ["题型", "答案", "问题"],
        ["单选题", "A", "哪个发光？"],
        ["", "", "A. 太阳"],
        ["", "", "B. 月亮"],
        ["多选题", "AC", "哪些是行星？"],
        ["", "", "A. 地球"],
        ["", "", "B. 太阳"],
        ["", "", "C. 火星"],
        ["判断题", "错", "鲸是鱼。"],
    )
    assert told(reading) == [
        ("single_choice", "哪个发光？", ["*太阳", "月亮"]),
        ("multiple_choice", "哪些是行星？", ["*地球", "太阳", "*火星"]),
        ("true_false", "鲸是鱼。", [False]),
    ]


def test_two_forms_of_one_text_answer_one_blank_that_the_question_does_not_show() -> None:
    heads = "题型,题目,答案\n"
    reading = csv_read(f"{heads}填空,最近的恒星叫什么？,太阳星|太阳\n填空,它离我们多少光分？,8分|8\n")
    assert [told(reading)[n][2] for n in (0, 1)] == [[["太阳星", "太阳"]], [["8分", "8"]]]
    assert len(_notes(reading)) == 2
    apart = csv_read(f"{heads}填空,从小到大是？,1|10\n填空,最近的恒星和卫星是？,太阳|月亮\n")
    assert [told(apart)[n][2] for n in (0, 1)] == [[["1"], ["10"]], [["太阳"], ["月亮"]]]
