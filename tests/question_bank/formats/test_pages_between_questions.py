"""What stands between the questions of a page: parts under any name, who set the paper, wishes, notes, dates."""

from __future__ import annotations

import pytest

from question_bank.formats import Reading, read
from tests.question_bank.formats.test_unseen_shapes import read_text, told
from tests.question_bank.formats.test_word_as_teachers_write import paper
from tests.question_bank.formats.test_word_layouts import of_word

OPTIONS = ("A. 甲木", "B. 乙木")


def of_lines(*lines: str) -> Reading:
    return read(of_word(paper(*lines)), "paper.docx")


def test_parts_under_any_name_end_the_option_above() -> None:
    lines = ["一、积累与运用", "1. 首都是____。", "2. 问甲（  ）", *OPTIONS, "二、拓展提高", "3. 问乙（  ）", *OPTIONS]
    reading = of_lines(*lines, "参考答案", "一、积累与运用", "1.北京", "2.A", "二、拓展提高", "3.B")
    assert [one[2] for one in told(reading)] == [[["北京"]], ["*甲木", "乙木"], ["甲木", "*乙木"]]
    assert [one.category for one in reading.questions] == ["一、积累与运用"] * 2 + ["二、拓展提高"]


def test_a_kind_may_stand_behind_the_name_of_a_part() -> None:
    reading = of_lines("一、党章（单选）", "1. 问甲（ A ）", *OPTIONS, "二、纪律（多选题）", "1. 问乙（ A ）", *OPTIONS)
    assert [one.kind for one in reading.questions] == ["single_choice", "multiple_choice"]


def test_a_part_named_by_its_kind_follows_one_of_another_name() -> None:
    reading = of_lines("一、积累", "1. 问甲（ A ）", *OPTIONS, "二、简答题", "2. 简述甲。", "答：一二三")
    assert [(one.kind, one.category) for one in reading.questions] == [("single_choice", "一、积累"), ("essay", "")]


def test_lists_counted_in_an_answer_are_no_parts() -> None:
    answer = ["答：", "一、加强领导", "1.成立机构", "2.明确职责", "二、抓好落实", "1.督促检查"]
    reading = of_lines("一、单选题", "1. 问甲（ A ）", *OPTIONS, "二、简答题", "2. 简述措施。", *answer)
    assert [one.kind for one in reading.questions] == ["single_choice", "essay"]


@pytest.mark.parametrize("stop", ["一、单选题。", "一、单选题：", "一、单选题"])
def test_a_heading_may_end_with_a_stop(stop: str) -> None:
    reading = of_lines("1. 甲对乙。（对）", stop, "1. 问甲（ A ）", *OPTIONS)
    assert [one.kind for one in reading.questions] == ["true_false", "single_choice"]
    assert reading.warnings == []


@pytest.mark.parametrize(
    "lines",
    [
        ["祝大家考试顺利！"],
        ["出题人：张三    审核人：李四"],
        ["命题：人力资源部", "2024年5月8日"],
        ["安全环保部", "2024年5月8日"],
        ["（完）"],
        ["———试卷结束———"],
        ["请看清题意再往下作答。"],
    ],
)
def test_lines_that_end_a_page_are_no_option(lines: list[str]) -> None:
    reading = of_lines("单选题", "1. 这里问的是甲还是乙呢（ A ）", *OPTIONS, *lines)
    assert told(reading)[0][2] == ["*甲木", "乙木"]
    assert lines[0] in str([str(one) for one in reading.warnings])


def test_lines_that_end_a_page_explain_no_answer() -> None:
    questions = ["1. 问甲（  ）", *OPTIONS, "2. 问乙（  ）", *OPTIONS]
    reading = of_lines("一、单选题", *questions, "答案：", "1.A 2.B", "安全环保部", "2024年5月8日")
    assert [one.explanation_html for one in reading.questions] == ["", ""]
    reading = of_lines("1. 甲对乙。", "答案：错", "祝考试成功！")
    assert reading.questions[0].explanation_html == ""


def test_a_letter_that_answers_ends_with_its_place_and_date() -> None:
    reading = of_lines(
        "一、简答题", "1. 写一则通知。", "答案：", "各科室请于今日下午到三楼开会。", "办公室", "2024年5月8日"
    )
    assert "办公室" in str(reading.questions[0].content)


def test_an_option_that_was_broken_goes_on() -> None:
    long = "B. 从业人员发现直接危及人身安全的紧急情况时有权停止"
    reading = read_text(f"1. 哪一个说法是对的？（ B ）\nA. 甲\n{long}\n作业并且撤离\n2. 甲对乙。（对）\n")
    assert told(reading)[0][2][1].endswith("作业并且撤离")
    reading = read_text("1. 哪一个说法是对的呢还是都不对？（ B ）\nA. 甲\nB. 乙，\n还是丙\n2. 甲对乙。（对）\n")
    assert told(reading)[0][2][1].endswith("还是丙")


def test_a_key_of_all_parts_may_stand_in_one_line() -> None:
    questions = ["一、选择题", "1. 问甲（  ）", *OPTIONS, "2. 问乙（  ）", *OPTIONS, "二、填空题", "3. 水是____。"]
    reading = of_lines(*questions, "参考答案：1．B 2．A 3．H2O")
    assert [one[2] for one in told(reading)] == [["甲木", "*乙木"], ["*甲木", "乙木"], [["H2O"]]]


def test_a_list_in_one_line_of_an_answer_is_no_question() -> None:
    reading = of_lines(
        "简答题", "3. 简述甲。", "答：1.贯彻规章；2.组织开会；3.检查隐患；4.制止违章行为。", "4. 简述乙。", "答：略"
    )
    assert len(reading.questions) == 2
    assert not reading.refused


def test_a_number_written_twice_is_two_spellings() -> None:
    reading = of_lines("1. 热线是____。", "答案：400-800-1234/4008001234", "2. 一半是____。", "答案：1/2")
    assert [one[2] for one in told(reading)] == [[["400-800-1234", "4008001234"]], [["1/2"]]]


def test_parts_may_say_what_they_earn_and_begin_with_a_text() -> None:
    lines = ["一、积累与运用（2分）", "1．首都是______。", "2．国花是______。", "二、阅读与理解（4分）"]
    lines += ["他每天清晨骑着自行车送信，三十年如一日。", "3．文中的“他”是（  ）", *OPTIONS]
    lines += ["三、习作（30分）", "4．以“我的家乡”为题写一篇作文。"]
    reading = of_lines(*lines, "参考答案", "1．北京", "2．牡丹", "3．B")
    kinds = [(one.kind, one.mark, one.category) for one in reading.questions]
    assert kinds[0] == ("fill_in", 1000, "一、积累与运用")
    assert kinds[-1] == ("essay", 30_000, "三、习作")
    assert [one[2] for one in told(reading)][:3] == [[["北京"]], [["牡丹"]], ["甲木", "*乙木"]]


def test_a_key_in_one_line_may_hold_a_number_with_a_point() -> None:
    questions = [
        "一、选择题",
        "1. 问甲（  ）",
        *OPTIONS,
        "2. 问乙（  ）",
        *OPTIONS,
        "二、填空题",
        "3. 二的根乘二是____。",
    ]
    reading = of_lines(*questions, "答案：1．B  2．A  3．2.828")
    assert [one[2] for one in told(reading)] == [["甲木", "*乙木"], ["*甲木", "乙木"], [["2.828"]]]


def test_lines_for_those_who_mark_are_no_answer() -> None:
    reading = of_lines("一、填空题", "1. 体制是____。", "答案：垂直领导", "阅卷人：            复核人：")
    assert told(reading)[0][2] == [["垂直领导"]]


def test_notes_may_end_with_lines_to_fill_in() -> None:
    notes = ["考试说明：", "1. 本卷满分12分。", "2. 答案写在试卷上。", "姓名________ 工号________"]
    reading = of_lines(*notes, "一、单选题", "1. 问甲（ A ）", *OPTIONS)
    assert [one[2] for one in told(reading)] == [["*甲木", "乙木"]]


def test_parts_named_by_what_children_can_do() -> None:
    lines = ["一、我会选。", "1. 问甲（  ）", *OPTIONS, "2. 问乙（  ）", *OPTIONS, "二、我会填。", "1. 首都是____。"]
    lines += [
        "2. 国花是____。",
        "三、我会判断。",
        "1. 天是蓝的。（  ）",
        "2. 水是干的。（  ）",
        "参考答案",
        "一、我会选。",
    ]
    reading = of_lines(*lines, "1.A 2.B", "二、我会填。", "1.北京 2.牡丹", "三、我会判断。", "1.√ 2.×")
    assert [one[2] for one in told(reading)][2:] == [[["北京"]], [["牡丹"]], [True], [False]]
    assert reading.warnings == []


def test_numbers_of_pages_are_no_part_of_a_question() -> None:
    reading = of_lines("单选题", "1. 问甲（ A ）", *OPTIONS, "- 2 -", "2. 问乙（ B ）", *OPTIONS)
    assert [one[2] for one in told(reading)] == [["*甲木", "乙木"], ["甲木", "*乙木"]]


def test_lines_that_may_go_on_with_the_last_option_are_told() -> None:
    long = "B. 从业人员发现直接危及人身安全的紧急情况时有权停止"
    reading = of_lines("单选题", "1. 哪一个说法是对的？（ B ）", "A. 甲", long, "本题考查安全法。", "2. 甲对乙。（对）")
    assert "below the last option" in str(reading.warnings[0])


def test_the_title_on_both_of_two_counted_pages_is_no_text() -> None:
    title, page = "安全知识试卷", "第 {} 页 共 2 页"
    lines = [title, "1. 问甲（ B ）", *OPTIONS, page.format(1), title, "2. 问乙（ A ）", *OPTIONS, page.format(2)]
    assert [one[2] for one in told(read_text("\n".join(lines)))] == [["甲木", "*乙木"], ["*甲木", "乙木"]]


def test_which_edition_a_law_is_is_no_blank() -> None:
    reading = of_lines("一、填空题", "1. 《安全条例》（2019年修订）共有（五）章。", "2. 《规程》（试行）分（三）类。")
    assert [one[2] for one in told(reading)] == [[["五"]], [["三"]]]
    assert told(reading)[1][1].startswith("《规程》（试行）分")


def test_words_that_editions_are_told_by_may_be_asked_for() -> None:
    lines = [
        "1. 图书（出版）由（社里）负责。",
        "2. （试行）期为（一年）。",
        "3. （含氧量）约（21%）。",
        "4. （即位）的是（甲）。",
    ]
    reading = of_lines("一、填空题", *lines)
    assert [one[2][0] for one in told(reading)] == [["出版"], ["试行"], ["含氧量"], ["即位"]]


def test_parts_in_english_are_found_in_the_key() -> None:
    lines = ["Part I Choice", "1. Sky is?", "A. blue B. red", "Part II Choice", "1. Grass is?", "A. blue B. green"]
    reading = of_lines(*lines, "Answer key to the test", "Part I 1. A", "Part II 1. B")
    assert [one[2] for one in told(reading)] == [["*blue", "red"], ["blue", "*green"]]


def test_the_stop_behind_an_answer_is_not_part_of_it() -> None:
    reading = of_lines("一、填空题", "1. 首都是____。", "2. 国花是____。", "参考答案", "1. 北京。", "2. 牡丹。")
    assert [one[2] for one in told(reading)] == [[["北京"]], [["牡丹"]]]
