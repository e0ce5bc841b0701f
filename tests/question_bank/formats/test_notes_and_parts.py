"""Notes above the questions of a paper, and keys that answer its parts without numbers or with numbers in brackets."""

from __future__ import annotations

import pytest

from question_bank.formats import text as plain_text
from question_bank.formats.fields.blanks import blanks_of
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told

_CHOICE = "1.火警电话是（ B ）。\nA.110\nB.119\n2.雨往下落。（√）\n"
_OF_CHOICE = [["110", "*119"], [True]]


@pytest.mark.parametrize("name", ["考生须知：", "注意事项", "说明：", "【答题说明】"])
@pytest.mark.parametrize("heading", ["一、混合题（每题2分）\n", ""])
def test_a_list_of_notes_above_the_questions_is_none_of_them(name: str, heading: str) -> None:
    reading = read_text(f"安全考试卷\n{name}\n1.满分100分。\n2.用黑色签字笔\n作答。\n\n{heading}{_CHOICE}")
    assert [one[2] for one in told(reading)] == _OF_CHOICE
    assert "line 2 to line 5 were taken for notes on the paper, not for questions." in map(str, reading.warnings)


def test_notes_may_begin_behind_their_name_and_be_numbered_in_brackets() -> None:
    for notes in ("注意事项：1.满分100分。\n2.不得作弊。\n", "须知\n（1）满分100分。\n（2）不得作弊。\n"):
        reading = read_text(notes + _CHOICE)
        assert [one[2] for one in told(reading)] == _OF_CHOICE


def test_a_list_that_asks_or_has_nothing_below_it_is_no_notes() -> None:
    alone = plain_text.read("答题要求\n1.请简述消防。\n2.请简述急救。\n")
    assert [one.kind for one in alone.questions] == ["essay", "essay"]
    asked = read_text("考试说明\n1.水是____。\n答案：液体\n2.冰是____。\n答案：固体\n一、判断题\n1.雨往下落。（√）\n")
    assert [one[2] for one in told(asked)] == [[["液体"]], [["固体"]], [True]]


def test_a_note_that_speaks_of_its_questions_sets_no_kind() -> None:
    reading = read_text(f"说明：每题只有一个正确答案，请将答案填在括号内。\n{_CHOICE}")
    assert [one[2] for one in told(reading)] == _OF_CHOICE


_IN_BRACKETS = "（1）火警电话是（ ）\nA.110\nB.119\n（2）水由氢和____组成。\n（3）雨往上落。\n（4）谈谈你的看法。\n"


@pytest.mark.parametrize(
    "key",
    [
        "答案：（1）B （2）氧 （3）错",
        "答案：（1）B （2）氧 （3）错 （4）言之有理即可",
        "参考答案\n（1）B\n（2）氧\n（3）错",
    ],
)
def test_a_key_may_number_its_answers_in_brackets_as_the_questions_are(key: str) -> None:
    reading = read_text(f"{_IN_BRACKETS}{key}\n")
    assert [one[2] for one in told(reading)][:3] == [["110", "*119"], [["氧"]], [False]]
    assert (told(reading)[3][0], reading.refused) == ("essay", [])


def test_points_of_the_last_answer_answer_no_choice_above_it() -> None:
    reading = read_text("（1）火警电话是（ ）\nA.110\nB.119\n（2）谈谈看法。\n答案：（1）申报 （2）评审\n")
    assert ([one[0] for one in told(reading)], reasons(reading)) == (["essay"], ["The question has no answer."])


_IN_PARTS = (
    "一、选择题\n1.火警电话是（ ）\nA.110\nB.119\n2.急救电话是（ ）\nA.110\nB.120\nC.119\n"
    "二、判断题\n3.雨往下落。\n4.水往上流。\n"
)


@pytest.mark.parametrize(
    "key",
    [
        "答案：一、BB\n二、√×",
        "答案\n一、B B\n二、√ ×",
        "参考答案\n一、选择题：BB\n二、判断题：√×",
        "参考答案\n一、选择题\nBB\n二、判断题\n√×",
    ],
)
def test_a_key_may_answer_each_part_without_numbers(key: str) -> None:
    reading = read_text(f"{_IN_PARTS}{key}\n")
    assert [one[2] for one in told(reading)] == [["110", "*119"], ["110", "*120", "119"], [True], [False]]
    assert (reading.refused, reading.warnings) == ([], [])


def test_answers_of_a_part_that_are_too_few_or_run_together_answer_nothing() -> None:
    assert [one[2] for one in told(read_text(f"{_IN_PARTS}参考答案\n一、B\n二、√×\n"))] == [[True], [False]]
    several = _IN_PARTS.replace("选择题", "多选题")
    assert len(read_text(f"{several}参考答案\n一、BB\n二、√×\n").refused) == 2
    assert read_text(f"{several}参考答案\n一、AB BC\n二、√×\n").refused == []


def test_a_figure_right_behind_a_number_may_begin_a_sentence_with_a_blank() -> None:
    reading = read_text("1.水是____。\n2.5S管理始于____。\n3.冰是____。\n答案：\n1.液体\n2.整理\n3.固体\n")
    assert [one[1:] for one in told(reading)][1] == ("5S管理始于____。", [["整理"]])


@pytest.mark.parametrize("answer", ["振动　介质", "振动\xa0介质", "振动 介质"])
def test_a_wide_or_fixed_space_parts_the_answers_of_blanks(answer: str) -> None:
    assert blanks_of(answer, 2) == [["振动"], ["介质"]]


_MIXED = (
    "一、基础知识（每题3分）\n1.天空的颜色是（ A ）\nA.蓝\nB.黑\n"
    "二、默写（每空1分）\n2.海内存知己，____。\n3.____，自缘身在最高层。\n"
    "三、名著阅读（5分）\n4.简要概括祥林嫂的形象。\n"
)


@pytest.mark.parametrize("name", ["\n【答案】", "\n答案：", "参考答案"])
def test_what_is_answered_in_its_brackets_waits_for_no_key(name: str) -> None:
    key = "2.天涯若比邻\n3.不畏浮云遮望眼\n4.勤劳善良，受尽压迫的妇女。\n"
    reading = read_text(f"{_MIXED}{name}\n{key}")
    assert [one[2] for one in told(reading)][:3] == [["*蓝", "黑"], [["天涯若比邻"]], [["不畏浮云遮望眼"]]]
    assert [(one.kind, one.mark) for one in reading.questions][3] == ("essay", 5000)
    assert reading.warnings == []


def test_answers_of_several_questions_below_the_last_are_never_its_own() -> None:
    reading = read_text(f"{_MIXED}【答案】\n3.不畏浮云遮望眼\n4.勤劳善良，受尽压迫的妇女。\n")
    assert reasons(reading)[-1].startswith("The answers of several questions stand below this one")
    assert [one[2] for one in told(reading)] == [["*蓝", "黑"]]


def test_a_part_without_choices_and_parts_named_by_a_task_end_the_part_above() -> None:
    reading = read_text(
        "一、选择题\n1.天空的颜色是（ ）\nA.蓝\nB.黑\n二、非选择题（共6分）\n2.水由氢和____组成。\n"
        "参考答案\n1.A\n2.氧\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [("single_choice", ["*蓝", "黑"]), ("fill_in", [["氧"]])]
    assert reading.questions[1].mark == 6000
    tasks = "一、选一选\n1.天空是（ ）\nA.蓝\nB.黑\n[答案] A\n二、判一判\n2.雨往上落。\n[答案] ×\n"
    tasks += "三、说一说\n3.你怎样省水？\n"
    assert [one[0] for one in told(read_text(tasks))] == ["single_choice", "true_false", "essay"]
    assert not any("explanation" in str(one) for one in read_text(tasks).warnings)


def test_letters_in_square_brackets_behind_the_stem_answer_a_choice() -> None:
    reading = read_text("1.天空是（ ）的。 【 A 】\nA.蓝  B.黑\n2.雪是（ ）的。[B]\nA.红  B.白\n")
    assert [one[1:] for one in told(reading)] == [
        ("天空是（ ）的。", ["*蓝", "黑"]),
        ("雪是（ ）的。", ["红", "*白"]),
    ]


def test_a_line_of_the_key_may_set_nothing_between_number_and_answer() -> None:
    reading = read_text(
        "单选题 每题5分\n1．天空是（ ）\nA．蓝  B．黑\n2．雪是（ ）\nA．红  B．白\n"
        "判断题 每题5分\n3．雨往上落。（ ）\n4．冰会化。（ ）\n"
        "\n答案\n单选题：1A 2B\n判断题：3× 4√\n"
    )
    assert [one[2] for one in told(reading)] == [["*蓝", "黑"], ["红", "*白"], [False], [True]]
    assert (reading.refused, reading.warnings) == ([], [])


def test_figures_may_answer_the_numbers_of_a_key_in_one_line() -> None:
    reading = read_text("三、填空题\n1、每日通风不少于____次。\n2、配比按____执行。\n答案：1、2 2、说明书\n")
    assert [one[2] for one in told(reading)] == [[["2"]], [["说明书"]]]


def test_questions_may_be_numbered_by_words_in_brackets_below_their_parts() -> None:
    reading = read_text(
        "一、单选题（每题2分）\n（一）天空是（ ）。\nA. 蓝   B. 黑\n答案：A\n"
        "（二）雪是（ ）。\nA. 红   B. 白\n答案：B\n"
        "二、判断题（每题1分）\n（三）雨往上落。\n答案：错误\n"
    )
    assert [one[2] for one in told(reading)] == [["*蓝", "黑"], ["红", "*白"], [False]]
    assert [one.mark for one in reading.questions] == [2000, 2000, 1000]


_EXAM = (
    "一、填空\n1、不伤害自己、____、____。\n2、夹角为____度。\n二、选择\n1、应戴（ ）。\nA、手套  B、帽子\n"
    "三、问答（每题8分）\n1、技术措施有哪些？\n"
)


@pytest.mark.parametrize("name", ["答案：", "\n答案：", "参考答案"])
def test_a_key_of_parts_that_count_anew_may_begin_with_the_part(name: str) -> None:
    key = "一、1、不伤害他人；不被他人伤害  2、60\n二、1、A\n三、1、停电、验电、接地，并悬挂标示牌。\n"
    reading = read_text(f"{_EXAM}{name}\n{key}")
    assert [one[2] for one in told(reading)][:3] == [
        [["不伤害他人"], ["不被他人伤害"]],
        [["60"]],
        ["*手套", "帽子"],
    ]
    assert ([one.kind for one in reading.questions][3], reading.refused) == ("essay", [])


def test_wide_points_and_wide_spaces_part_the_answers_of_a_key() -> None:
    reading = read_text(
        "一、填空题\n1．1平方米＝（  ）平方分米。\n2．商是（  ），余数是（  ）。\n3．一年有（  ）个月。\n"
        "二、解决问题。（每题5分）\n4．每盒50支，24盒有多少支？\n"
        "参考答案\n一、1．100　2．5；4　3．12\n二、4．24×50＝1200（支）\n"
    )
    assert [one[2] for one in told(reading)][:3] == [[["100"]], [["5"], ["4"]], [["12"]]]
    assert (reading.questions[3].kind, reading.questions[3].mark) == ("essay", 5000)


def test_a_key_of_blanks_may_have_several_answers_on_each_of_its_lines() -> None:
    stems = "一、填空题\n1.水是____。\n2.冰是____。\n3.雪是____。\n4.雾是____。\n答案\n"
    reading = read_text(f"{stems}1.液体，常温 2.固体\n3.固体 4.液滴\n")
    assert [one[2] for one in told(reading)] == [[["液体，常温"]], [["固体"]], [["固体"]], [["液滴"]]]


def test_an_answer_that_holds_the_next_one_is_refused() -> None:
    reading = read_text("1.说明水。\n答案：分为 2.液体\n2.说明冰。\n3.说明雪。\n答案：白色\n")
    assert reasons(reading)[0].startswith("The answer of the next question stands on a line of this one's")


def test_an_answer_line_below_the_last_part_may_be_the_key_of_all_parts() -> None:
    reading = read_text(
        "单选题：\n1.天空是（ ）。\nA.蓝\nB.黑\n判断题：\n2.雨往上落。\n简答题：\n3.什么是雨？\n\n"
        "答案：1.A 2.× 3.雨是从云中降落的水滴。\n"
    )
    assert [one[2] for one in told(reading)][:2] == [["*蓝", "黑"], [False]]
    assert (reading.questions[2].kind, reading.refused) == ("essay", [])


def test_types_above_the_numbers_are_of_what_stands_below_them() -> None:
    text = (
        "题型：单选题\n1.天空是（ ）。\nA.蓝\nB.黑\n答案：A\n2.雪是（ ）。\nA.红\nB.白\n答案：B\n"
        "题型：判断题\n3.雨往上落。\n答案：错误\n题型：填空题\n4.冰是____。\n答案：固体\n"
    )
    kinds = ["single_choice", "single_choice", "true_false", "fill_in"]
    assert [one[0] for one in told(read_text(text))] == kinds
    below = "1.天空是（ ）。\nA.蓝\nB.黑\n答案：A\n题型：单选题\n2.雨往上落。\n答案：错误\n题型：判断题\n"
    assert [one[0] for one in told(read_text(below))] == ["single_choice", "true_false"]


def test_a_heading_may_say_what_a_whole_right_answer_earns() -> None:
    reading = read_text("二、多选题：全部选对得4分，选不全得2分，有选错得0分。\n1.雪是（ AC ）。\nA.白  B.红  C.冷\n")
    assert reading.questions[0].mark == 4000
