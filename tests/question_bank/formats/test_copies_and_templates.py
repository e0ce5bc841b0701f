"""Texts as services give them out: pages copied from course platforms, templates of question imports, keys by part."""

from __future__ import annotations

import pytest

from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told

COPIED = """### 一. 单选题（共2题）

*1*

【单选题】

植物的叶主要做什么？( )

- A、

  吸水

- B、

  光合作用

我的答案：

A

**0.0**分

正确答案：

B

*2*

【单选题】属于可再生能源的是( )

*A、*[煤炭](javascript:void(0))*B、*[风能](javascript:void(0))

我的答案：

B

**20.0**分

正确答案：

B

[*AI讲解*](javascript:;)

### 二. 判断题（共1题）

*3*

【判断题】青蛙是爬行动物。( )

我的答案：

对

**0.0**分

正确答案：

错
"""


def test_a_page_of_a_course_platform_saved_as_markdown() -> None:
    reading = read_text(COPIED)
    assert told(reading) == [
        ("single_choice", "植物的叶主要做什么？( )", ["吸水", "*光合作用"]),
        ("single_choice", "属于可再生能源的是( )", ["煤炭", "*风能"]),
        ("true_false", "青蛙是爬行动物。( )", [False]),
    ]
    assert (reading.refused, reading.warnings) == ([], [])


def test_numbers_alone_above_their_questions() -> None:
    reading = read_text(
        "单选题\n1\n世卫组织的缩写是（ ）\nA.WTO\nB.WHO\n答案：B\n2\n联合国总部在（ ）\nA.纽约\nB.巴黎\n答案：A\n"
    )
    assert told(reading) == [
        ("single_choice", "世卫组织的缩写是（ ）", ["WTO", "*WHO"]),
        ("single_choice", "联合国总部在（ ）", ["*纽约", "巴黎"]),
    ]


def test_numbers_alone_that_answer_are_no_questions() -> None:
    reading = read_text("1. 三加四等于____。\n答案：\n7\n2. 五加三等于____。\n答案：\n8\n")
    assert [one[2] for one in told(reading)] == [[["7"]], [["8"]]]


def test_a_type_and_a_mark_above_each_question() -> None:
    reading = read_text(
        "1. 单选题 (2分)\n说法正确的是\nA  甲\nB  乙\n正确答案: A\n\n"
        "2. 填空题 (4分)\n插入端称为 [填空1]，删除端称为 [填空2]。\n正确答案:\n填空1: 队尾\n填空2: 队头\n\n"
        "3. 主观题 (10分)\n写出快速排序的思想。\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["*甲", "乙"]),
        ("fill_in", [["队尾"], ["队头"]]),
        ("essay", []),
    ]
    assert [draft.mark for draft in reading.questions] == [2000, 4000, 10000]


def test_types_marks_and_answers_in_tags_behind_the_question() -> None:
    reading = read_text(
        "1.属于直辖市的是 [单选题] [分值：5]\nA.南京\nB.重庆(正确答案)\n\n"
        "2、哪些行为节约用水？[多选题][答案：A,C][分值：10]\nA. 淘米水浇花\nB. 长流水\nC. 一水多用\n\n"
        "3、节约粮食人人有责。[判断题][答案：对][分值：2]\n\n4、上一句是____。[填空题][答案：谁知盘中餐][分值：3]\n"
    )
    assert told(reading) == [
        ("single_choice", "属于直辖市的是", ["南京", "*重庆"]),
        ("multiple_choice", "哪些行为节约用水？", ["*淘米水浇花", "长流水", "*一水多用"]),
        ("true_false", "节约粮食人人有责。", [True]),
        ("fill_in", "上一句是____。", [["谁知盘中餐"]]),
    ]
    assert [draft.mark for draft in reading.questions] == [5000, 10000, 2000, 3000]


@pytest.mark.parametrize("answer", ["【答案】（松）（竹）", "第一空：松\n第二空：竹", "答案：第1空：松；第2空：竹"])
def test_each_blank_has_its_own_answer(answer: str) -> None:
    reading = read_text(f"1、岁寒二友指____和____。\n{answer}\n2、对吗？\n答案：对\n")
    assert told(reading)[0][2] == [["松"], ["竹"]]


def test_a_blank_may_be_answered_in_more_than_one_way() -> None:
    (question, *_rest) = told(read_text("1.核心部件是____。\n第一空：CPU;中央处理器\n2.对吗？\n答案：对\n"))
    assert question[2] == [["CPU", "中央处理器"]]


def test_unnumbered_questions_each_with_a_type_in_hooks() -> None:
    reading = read_text(
        "【单选】哪一年？A.2004 B.2008 【答案】B 【难度】易\n【多选】球类？A.篮球 B.游泳 C.足球 【答案】AC 【难度】中\n"
        "【判断】马拉松全程约42公里。【答案】√ 【难度】易\n"
    )
    assert [one[2] for one in told(reading)] == [["2004", "*2008"], ["*篮球", "游泳", "*足球"], [True]]


def test_an_answer_far_behind_its_blank() -> None:
    reading = read_text("1. 唐代的两位是___、___。   答：韩愈、柳宗元\n2. 对吗？\n答案：对\n")
    assert told(reading)[0] == ("fill_in", "唐代的两位是___、___。", [["韩愈"], ["柳宗元"]])


def test_an_english_passage_belongs_to_its_questions() -> None:
    reading = read_text(
        "Read the passage and answer questions 1-2.\nTom lives in London.\n1. Where?\nA. Rome\nB. London\n"
        "2. Who?\nA. Tom\nB. Ann\nKeys: 1. B  2. A\n"
    )
    (case,) = [as_json(one) for one in reading.questions]
    assert (case["kind"], [[a for a in one["answers"]] for one in case["questions"]]) == ("case", [["London"], ["Tom"]])


def test_the_rule_below_the_head_of_a_table_is_no_question() -> None:
    reading = read_text("| 题型 | 题目 | 选项 | 答案 |\n|---|---|:---:|---|\n| 判断 | 对吗？ | | 错 |\n", "a.md")
    assert (told(reading), reasons(reading)) == ([("true_false", "对吗？", [False])], [])


def test_what_a_platform_says_behind_the_right_answer() -> None:
    reading = read_text(
        "1单选(2分)\n顺序存储的是\nA.链表\nB.数组\n正确答案：B你选对了\n"
        "2多选(2分)\n稳定的有\nA.冒泡\nB.快速\nC.归并\n正确答案：A、C你错选为A、B、C\n"
    )
    assert told(reading) == [
        ("single_choice", "顺序存储的是", ["链表", "*数组"]),
        ("multiple_choice", "稳定的有", ["*冒泡", "快速", "*归并"]),
    ]
    assert [draft.mark for draft in reading.questions] == [2000, 2000]


def test_a_number_a_type_and_letters_each_on_a_line_of_its_own() -> None:
    reading = read_text(
        "单元测试\n1\n单选题(5分)\n实行什么原则？\nA\n集中\nB\n分权\n本题总得分：5分\n正确答案：A\n"
        "2\n判断题(5分)\n地球是圆的。\nA\n对\nB\n错\n本题总得分：0分\n正确答案：A\n"
    )
    assert told(reading) == [
        ("single_choice", "实行什么原则？", ["*集中", "分权"]),
        ("true_false", "地球是圆的。", [True]),
    ]
    assert [draft.mark for draft in reading.questions] == [5000, 5000]


def test_parts_of_an_english_paper() -> None:
    reading = read_text(
        "Part I  Vocabulary (2 points each)\n1. He ______ here.\nA) live   B) lives\n\nPart II  True or False\n"
        "2. Rome is in Italy.\n\nPart III  Translation\n3. One must try.\n\nKeys:\n1. B\n2. T\n3. Il faut essayer.\n"
    )
    assert [one[:2] for one in told(reading)] == [
        ("single_choice", "He ______ here."),
        ("true_false", "Rome is in Italy."),
        ("essay", "One must try."),
    ]
    assert [draft.mark for draft in reading.questions] == [2000, 1000, 1000]


@pytest.mark.parametrize("stem", ["Part A of the circuit is open. Is it safe?", "Section 2 says what?"])
def test_a_sentence_about_a_part_is_no_heading(stem: str) -> None:
    (question,) = told(read_text(f"1. Look.\n{stem}\nA. yes, it is\nB. it is not\nAnswer: B\n"))
    assert question[1] == f"Look.\n{stem}"


def test_a_true_or_false_question_with_what_it_should_say() -> None:
    reading = read_text(
        "一、判断改错题（每题4分）\n1. 光在水中比在空气中快。（  ）\n答案：错误，应为慢\n2. 对吗？\n答案：正确\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [("true_false", [False]), ("true_false", [True])]
    assert (reading.questions[0].explanation_html, len(reading.warnings)) == ("应为慢", 1)


def test_sides_of_a_matching_on_one_line() -> None:
    (question,) = [
        as_json(one)
        for one in read_text(
            "一、连线题\n1. 配对：A.鲁迅 B.老舍 C.茅盾；①《子夜》 ②《呐喊》 ③《骆驼祥子》\n答案：A-②，B-③，C-①\n"
        ).questions
    ]
    assert [(one["text"], one["match"]) for one in question["answers"]] == [
        ("鲁迅", "《呐喊》"),
        ("老舍", "《骆驼祥子》"),
        ("茅盾", "《子夜》"),
    ]


def test_the_same_word_in_other_letters_is_another_way_to_write_it() -> None:
    assert told(read_text("1. 简称是（   ）。\n【答案】K8s/k8s\n2. 对吗？\n答案：对\n"))[0][2] == [["K8s", "k8s"]]


def test_letters_that_no_option_has_are_a_word() -> None:
    assert told(read_text("1. V = ____.\nAnswer: IR\n2. Is it?\nAnswer: true\n"))[0] == (
        "fill_in",
        "V = ____.",
        [["IR"]],
    )


def test_answers_with_their_texts_and_what_was_got_for_them() -> None:
    reading = read_text(
        "1. (单选题) 颁布于（ ）年。\nA. 1949\nB. 1954\n我的答案: A:1949;\n正确答案: B:1954;\n0分\n"
        "2. (多选题) 有（ ）。\nA. 甲\nB. 乙\nC. 丙\n我的答案: A:甲;\n正确答案: A:甲;C:丙;\n5分\n"
        "3. (判断题) 对吗。\nA. 对\nB. 错\n我的答案: 对\n正确答案: 对\n10分\n"
        "4. (填空题) 实行____原则。\n我的答案:\n(1) 分权\n正确答案:\n(1) 集中\n10分\n"
    )
    assert [one[2] for one in told(reading)] == [["1949", "*1954"], ["*甲", "乙", "*丙"], [True], [["集中"]]]
    assert (reading.refused, reading.warnings) == ([], [])


def test_an_answer_with_another_text_than_its_option_is_refused() -> None:
    reading = read_text("1. 颁布于（ ）年。\nA. 1949\nB. 1954\n正确答案: B:1949;\n2. 对吗？\n答案：对\n")
    assert (len(reading.questions), len(reading.refused)) == (1, 1)


def test_parts_with_marks_make_the_mark_of_their_question() -> None:
    reading = read_text(
        "1. 阅读材料。（12分）\n材料：略\n（1）是什么？（4分）\n（2）为什么？（8分）\n答案：略\n"
        "2. 回答问题。\n（1）甲？（3分）\n（2）乙？（4分）\n答案：略\n"
    )
    assert [draft.mark for draft in reading.questions] == [12000, 7000]
    assert told(reading)[0][1] == "阅读材料。\n材料：略\n（1）是什么？（4分）\n（2）为什么？（8分）"


def test_an_answer_in_brackets_behind_its_name() -> None:
    reading = read_text("(1) 恒等式是：\n(A) 甲\n(B) 乙\n答案 (A)\n(2) 分为：\n(A) 丙\n(B) 丁\n答案 (B)\n")
    assert [one[2] for one in told(reading)] == [["*甲", "乙"], ["丙", "*丁"]]


def test_what_stands_below_an_answer_is_about_its_own_question() -> None:
    reading = read_text(
        "题型：单选题\n题目：几个月？\nA：三\nB：六\n答案：B\n分值：2分\n解析：见法条。\n\n"
        "题型：多选题\n题目：有？\nA：甲\nB：乙\n答案：A,B\n分值：4分\n"
    )
    assert [(draft.kind, draft.mark) for draft in reading.questions] == [
        ("single_choice", 2000),
        ("multiple_choice", 4000),
    ]


def test_a_passage_below_a_heading_that_counts_passages() -> None:
    reading = read_text(
        "阅读理解（一）\n小区里新装了智能垃圾箱，居民投放可回收物可以积分，积分可以兑换日用品，三个月后可回收物增加了一倍。\n"
        "1. 新装的是什么？（ ）\nA. 垃圾箱  B. 路灯\n2. 兑换什么？（ ）\nA. 现金  B. 日用品\n答案：1.A 2.B\n"
    )
    (case,) = [as_json(one) for one in reading.questions]
    assert (case["kind"], [one["answers"] for one in case["questions"]]) == ("case", [["垃圾箱"], ["日用品"]])


def test_a_part_of_another_name_with_its_kind_in_brackets() -> None:
    reading = read_text(
        "一、必答题（单选）\n1、首次颁布于（    ）。\nA、1950年    B、1992年\n答案：A\n"
        "二、抢答题（判断）\n2、自愿加入工会。\n答案：对\n三、风险题（问答）\n3、四项职能？\n答案：维护\n"
    )
    assert [draft.kind for draft in reading.questions] == ["single_choice", "true_false", "essay"]
    assert reading.warnings == []


def test_points_in_english_and_a_question_for_the_marker() -> None:
    reading = read_text(
        "1. DNS? (1 pt)\nA. Name System\nB. Network\n\n2. List two private ranges. (4 pts)\n\nANSWERS\n1. A\n"
        "2. 10.0.0.0/8 and 192.168.0.0/16\n"
    )
    assert [(draft.kind, draft.mark) for draft in reading.questions] == [("single_choice", 1000), ("essay", 4000)]


def test_quoted_answers_without_other_markup() -> None:
    reading = read_text(
        "1. 编译型的？\n   A. Python\n   B. C\n   > 答案：B\n\n2. `rm` 是安全的。\n   > 答案：错误\n", "a.md"
    )
    assert [one[2] for one in told(reading)] == [["Python", "*C"], [False]]


def test_what_stands_below_its_label_is_the_question() -> None:
    reading = read_text(
        "题目1\n题型：判断\n内容：书号唯一。\n答案：错误\n\n题目2\n题型：填空\n内容：由____提出。\n答案：他\n"
    )
    assert [one[1] for one in told(reading)] == ["书号唯一。", "由____提出。"]


def test_two_tables_with_heads_of_their_own() -> None:
    reading = read_text(
        "| 题号 | 题目 | A | B | 答案 |\n| :-: | --- | --- | --- | :-: |\n| 1 | 端口 | 80 | 21 | A |\n\n判断题\n\n"
        "| 题号 | 题目 | 答案 |\n| --- | --- | --- |\n| 1 | 工作在二层 | √ |\n",
        "a.md",
    )
    assert [one[2] for one in told(reading)] == [["*80", "21"], [True]]
    assert reading.refused == []


def test_what_a_part_of_one_question_earns() -> None:
    reading = read_text(
        "一、简答题(5分)\n1、什么是三检制?\n答:自检、互检、专检。\n二、判断题(6分)\n1、甲。(√)\n2、乙。(×)\n"
    )
    assert [draft.mark for draft in reading.questions] == [5000, 1000, 1000]


def test_questions_counted_in_chinese_numerals() -> None:
    reading = read_text(
        "题目一\n冰城是？\nA 哈尔滨\nB 长春\n正确答案 A\n\n题目二\n天府是？\nA 江汉\nB 成都\n正确答案 B\n"
    )
    assert told(reading) == [
        ("single_choice", "冰城是？", ["*哈尔滨", "长春"]),
        ("single_choice", "天府是？", ["江汉", "*成都"]),
    ]


def test_two_letters_joined_by_and() -> None:
    reading = read_text("1. Which?\nA. Pie\nB. Line\nC. Loop\nCorrect answers: A and C\n2. True?\nAnswer: true\n")
    assert told(reading)[0][2] == ["*Pie", "Line", "*Loop"]


def test_a_sentence_to_the_reader_stays_in_its_answer() -> None:
    reading = read_text("1. 怎么办？\n答案：如果你没有选择，就先等待，再求助于老师和同学。\n2. 对吗？\n答案：对\n")
    assert "先等待" in reading.questions[0].content["marker_html"]
