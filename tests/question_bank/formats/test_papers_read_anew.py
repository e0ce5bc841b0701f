"""Papers that say nowhere how they are written: the reading that leaves most questions complete is kept."""

from __future__ import annotations

import pytest

from learnhub.kernel.errors import Refused
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told


def marker_texts(text: str) -> list[str]:
    return [one.content.get("marker_html", "") for one in read_text(text, "paper.md").questions]


def test_fields_in_a_fence_are_those_of_the_question_above() -> None:
    reading = read_text(
        "## 选择题\n\n### 1\n\n下列属于鸟类的是()\n\n- A 麻雀\n"
        "- B 蝙蝠\n\n```\n考点：动物\n答案：A\n解析：蝙蝠是哺乳动物。\n```\n\n"
        '### 2\n\n这段代码输出()\n```c\nputs("1");\n```\n- A 1\n- B 2\n\n```\n答案：A\n解析：照印。\n```\n',
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [["*麻雀", "蝙蝠"], ["*1", "2"]]
    assert [one.explanation_html for one in reading.questions] == ["蝙蝠是哺乳动物。", "照印。"]
    assert reading.refused == []


def test_a_verdict_below_a_sentence_is_its_answer() -> None:
    reading = read_text("## 判断题\n\n水在零度结冰。\nTrue\t\n\n鲸是鱼。\nFalse\n\n铁比水重。\nTrue\n", "paper.md")
    assert [one[2] for one in told(reading)] == [[True], [False], [True]]


def test_the_bold_one_of_two_points_is_the_verdict() -> None:
    reading = read_text(
        "## 判断\n\n水在零度结冰。\n\n- **对**\n- 错\n\n鲸是鱼。\n\n- 对\n- **错**\n\n"
        "## 自测\n\n1. 铁比水重。\n\n- **正确**\n- 错误\n",
        "paper.md",
    )
    assert [one[:1] + one[2:] for one in told(reading)] == [
        ("true_false", [True]),
        ("true_false", [False]),
        ("true_false", [True]),
    ]


def test_what_is_bold_in_a_part_of_blanks_belongs_into_them() -> None:
    reading = read_text("## 填空题\n\n1、水由**氢**和**氧**组成。\n\n2、**铁**能被磁铁吸引。\n", "paper.md")
    assert told(reading) == [
        ("fill_in", "水由____和____组成。", [["氢"], ["氧"]]),
        ("fill_in", "____能被磁铁吸引。", [["铁"]]),
    ]
    assert "bold" in str(reading.warnings[-1])


def test_a_text_below_a_title_that_asks_is_its_answer() -> None:
    text = (
        "## 名词解释\n\n### 1、溶解度\n\n一定温度下能溶解的量。\n\n"
        "## 简答题\n\n### 1、简述光合作用的条件\n\n* 光\n* 水\n\n"
        "### 2、阅读下面的材料\n\n材料说水会蒸发。\n"
    )
    assert marker_texts(text) == ["一定温度下能溶解的量。", "* 光<br>* 水", ""]
    assert "taken for their answers" in str(read_text(text, "paper.md").warnings)


def test_what_is_set_apart_below_a_question_is_its_answer() -> None:
    text = (
        "### Part 1\n\n1. 鲸是鱼。 (F)\n2. Why do leaves fall?\n\n"
        "    > They lose water.\n    >\n    > It is cold.\n\n3. 铁比水重。 (T)\n"
    )
    assert marker_texts(text) == ["", "They lose water.<br>It is cold.", ""]


def test_titles_that_say_answer_once_for_each_question_are_no_keys() -> None:
    reading = read_text(
        "## 第1题\n**【第1题】**  \n首都是（__）。\n\n**选项**  \nA、北京  \n"
        "B、上海\n\n---\n### 答案\n**A**\n\n### 解析\n定都于此。\n\n"
        "## 第2题\n**【第2题】**  \n最长的河是（__）。\n\n**选项**  \n"
        "A、黄河  \nB、长江\n\n---\n### 答案\n**B**\n\n### 解析\n1. 长江\n",
        "paper.md",
    )
    assert told(reading) == [
        ("single_choice", "首都是（__）。", ["*北京", "上海"]),
        ("single_choice", "最长的河是（__）。", ["黄河", "*长江"]),
    ]
    assert [one.category for one in reading.questions] == ["", ""]


def test_solutions_by_part_are_a_key() -> None:
    reading = read_text(
        "## 使用说明\n\n限时完成。\n\n# 试卷一\n\n## 一、填空题（10分）\n\n"
        "### 题目1\n水由______组成。\n\n---\n\n## 二、选择题（每题3分）\n\n"
        "### 题目1\n鲸是（ ）\n\nA. 鱼  \nB. 兽\n\n---\n\n"
        "# 试卷一 详细解答\n\n## 一、填空题 解答\n\n### 题目1 答案\n**答案**：氢和氧\n\n"
        "## 二、选择题 解答\n\n### 题目1 答案\n**答案**：B\n\n**解析**：用肺呼吸。\n",
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [[["氢和氧"]], ["鱼", "*兽"]]
    assert [one.mark for one in reading.questions] == [10000, 3000]
    assert [one.category for one in reading.questions] == ["", ""]


def test_a_and_b_judge_sentences_of_a_paper_without_options() -> None:
    reading = read_text("水在零度结冰。@@@正确答案：A\n鲸是鱼。@@@正确答案：B\n铁比水重。@@@正确答案：A\n")
    assert [one[2] for one in told(reading)] == [[True], [False], [True]]
    assert "A was taken for true" in str(reading.warnings)


def test_letters_beside_blanks_do_not_judge() -> None:
    reading = read_text("水在（ ）度结冰。@@@正确答案：A\n鲸是____。@@@正确答案：B\n铁比水重。@@@正确答案：A\n")
    assert reading.questions == []
    assert len(reading.refused) == 3


def test_a_reading_never_changes_what_was_sure() -> None:
    reading = read_text(
        "1. 鲸是（B）\nA. 鱼\nB. 兽\n2. 水在零度结冰。（√）\n3. 铁能浮吗\n> 不能\n4. 盐是____。\n", "paper.md"
    )
    assert [one[2] for one in told(reading)][:2] == [["鱼", "*兽"], [True]]


def test_a_list_of_questions_alone_is_a_paper() -> None:
    reading = read_text("1，NFS是什么？\n2，yum源怎么配置？\n3，mysql默认端口号\n4，NFS的端口号？\n")
    assert [one[0] for one in told(reading)] == ["essay"] * 4


def test_a_list_that_asks_nothing_is_none() -> None:
    with pytest.raises(Refused, match="can't be told"):
        read_text("1. 打开电源\n2. 按下开关\n3. 等待启动\n4. 登录系统\n")


def test_headings_may_name_the_numbers_of_their_questions() -> None:
    reading = read_text(
        "### 一、单选题（1-2）\n\n1. 鲸是？\n   A. 鱼\n   B. 兽\n\n"
        "### 二、判断题（闭卷）\n\n2. 铁比水重。\n\n3. 鲸是鱼。\n\n"
        "# ✅ 答案与解析（做完再看）\n\n### 一、单选题\n\n1. **B**\n"
        "   > 解析：用肺呼吸。\n\n### 二、判断题\n\n2. ✅ 正确\n3. ❌ 错误（是兽）\n",
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [["鱼", "*兽"], [True], [False]]
    assert reading.refused == []


@pytest.mark.parametrize(
    ("heading", "mark"), [("(2*3)", 3000), ("(3*2)", 3000), ("(3分*2)", 3000), ("(2题×3分)", 3000)]
)
def test_headings_may_multiply_questions_and_marks(heading: str, mark: int) -> None:
    reading = read_text(f"一、判断题 {heading}\n1. 铁比水重。（√）\n2. 鲸是鱼。（×）\n")
    assert [one.mark for one in reading.questions] == [mark, mark]


def test_a_product_that_counts_nothing_is_told() -> None:
    reading = read_text("一、判断题 (5*4)\n1. 铁比水重。（√）\n2. 鲸是鱼。（×）\n")
    assert [one.mark for one in reading.questions] == [1000, 1000]
    assert "does not tell how many marks" in str(reading.warnings)


def test_numbers_may_be_left_out() -> None:
    reading = read_text(
        "1. 说说你的看法\n4. 鲸是？\nA. 鱼\nB. 兽\n答案：B\n二、判断题\n1. 铁比水重。\n3. 鲸是鱼。\n答案：1.√ 3.×\n"
    )
    assert [one[2] for one in told(reading)][1:] == [["鱼", "*兽"], [True], [False]]


def test_a_key_answers_what_stands_above_it() -> None:
    reading = read_text(
        "1. 鲸是？\nA. 鱼\nB. 兽\n2. 铁能？\nA. 浮\nB. 沉\n\n答案：\n"
        "1. B ; 2. B ;\n\n## 思考题\n\n1. 水是？\nA. 酸\nB. 碱\n",
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [["鱼", "*兽"], ["浮", "*沉"]]
    assert reasons(reading) == ["The question has no answer."]


def test_a_dashed_line_may_end_a_part_without_numbers() -> None:
    reading = read_text(
        "## 多选\n\n- 哪些是鸟？\n\n  **A. 麻雀**\n\n  **B. 鸡**\n\n  C. 鲸\n\n-----------\n\n"
        "1. (判断题) 铁比水重。\n2. (判断题) 鲸是鱼。\n\n答案：\n1. T ; 2. F\n",
        "paper.md",
    )
    assert [one[1:] for one in told(reading)] == [
        ("哪些是鸟？", ["*麻雀", "*鸡", "鲸"]),
        ("铁比水重。", [True]),
        ("鲸是鱼。", [False]),
    ]


def test_a_line_underlined_is_a_title() -> None:
    reading = read_text(
        "第1关｜水\n=======\n1. 鲸是？\nA. 鱼\nB. 兽\n答案：B\n"
        "解析：用肺呼吸。\n\n第2关｜铁\n=======\n1. 铁能？\nA. 浮\nB. 沉\n答案：B\n"
    )
    assert [one.category for one in reading.questions] == ["第1关｜水", "第2关｜铁"]
    assert reading.questions[0].explanation_html == "用肺呼吸。"


def test_a_title_above_a_table_is_no_category() -> None:
    reading = read_text(
        "## 知识点\n\n| 题 | 点 |\n|---|---|\n| 1 | 水 |\n\n## 一、判断题\n\n1. 铁比水重。（√）\n", "paper.md"
    )
    assert [one.category for one in reading.questions] == [""]


def test_letters_may_be_followed_by_a_remark() -> None:
    reading = read_text("哪个是鸟？\n\nA. 鲸\nB. 鸡\nC. 鱼\n正确答案：B 有羽毛的才是鸟\n")
    assert [one[2] for one in told(reading)] == [["鲸", "*鸡", "鱼"]]
    assert reading.questions[0].explanation_html == "有羽毛的才是鸟"


def test_an_answer_may_stand_right_behind_the_last_option() -> None:
    reading = read_text(
        "1、施工单位应当提供（ ）。\nA、安全帽\tB、个人防护用品答案：B\n"
        "2、三同时不包括（ ）。\nA、设计\tB、策划\n答案：B\n"
    )
    assert [one[2] for one in told(reading)] == [["安全帽", "*个人防护用品"], ["设计", "*策划"]]


def test_the_point_of_a_number_may_stand_behind_the_bracket() -> None:
    reading = read_text(
        "8.（ ）应当验收。\nA.甲\nB.乙\n正确答案：B\n9（. ）应当备案。\nA.甲\n"
        "B.乙\n正确答案：B\n10《. 条例》规定（ ）。\nA.甲\nB.乙\n正确答案：B\n"
    )
    assert [one[2] for one in told(reading)] == [["甲", "*乙"]] * 3


def test_a_question_swallowed_by_an_explanation_is_refused() -> None:
    reading = read_text(
        "1. 甲（ ）\nA.子\nB.丑\n正确答案：B\n因为如此\nA.寅\nB.卯\n正确答案：B\n2. 乙（ ）\nA.子\nB.丑\n正确答案：A\n"
    )
    assert len(reading.questions) == 1
    assert "next question" in reasons(reading)[0]


def test_what_earns_marks_is_for_the_marker() -> None:
    text = (
        "**第1题**[简答题, 5分]\n\n请简述挥手。\n\n> 评分标准：  \n> - 正确（3分）  \n\n"
        "**第2题**[简答题, 5分]\n\n请简述握手。\n\n> 评分标准：  \n> - 正确（2分）\n"
    )
    assert [one.partition("<br>")[0] for one in marker_texts(text)] == ["- 正确（3分）", "- 正确（2分）"]


def test_programs_between_a_question_and_its_options_may_have_empty_lines() -> None:
    reading = read_text(
        "哪个对？\n\nA. 甲\nB. 乙\n正确答案：A\n\n如下程序运行结果( )\nint a = 1;\n"
        "int b = 2;\n\nprint(a);\n\nA. 1\nB. 2\n正确答案：A\n"
    )
    assert [one[2] for one in told(reading)] == [["*甲", "乙"], ["*1", "2"]]
    assert told(reading)[1][1].startswith("如下程序运行结果")


def test_coloured_and_highlighted_options_are_right() -> None:
    reading = read_text(
        "## 一、单选题\n\n**1. 鲸是什么?**\n\n- A. 鱼\n- B. <font color='red'>兽</font>\n\n"
        "**2. 鹰是什么?**\n\n- A. ==鸟==\n- B. 鱼\n\n"
        '**3. 蛙是什么?**\n\n- A. 鸟\n- B. <span style="color:#e00000">两栖动物</span>\n',
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [["鱼", "*兽"], ["*鸟", "鱼"], ["鸟", "*两栖动物"]]


def test_bold_labels_need_no_colon() -> None:
    reading = read_text(
        "**1.**[单选]\n\n```\n鲸是什么？\n```\n\n[ ] **鱼**\n\n"
        "[ ] **兽**未选\n\n**正确答案**兽\n\n**答案解析**它哺乳。\n\n"
        "**2.**[单选]\n\n```\n鹰是什么？\n```\n\n[ ] **鸟**未选\n\n[ ] **鱼**\n\n**正确答案**鸟\n",
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [["鱼", "*兽"], ["*鸟", "鱼"]]
    assert reading.questions[0].explanation_html == "它哺乳。"


def test_a_note_behind_a_sentence_belongs_in_its_blank() -> None:
    reading = read_text(
        "### Part 1\n\n1. Whales are fish. (F)\n2. The _____ barks. # dog\n3. A(n) _____ flies. # eagle (bird)\n",
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [[False], [["dog"]], [["eagle (bird)"]]]


def test_lines_below_sentences_without_numbers_are_their_answers() -> None:
    reading = read_text(
        "1921：开端\n\n首都是( )\n北京\n水在零度结冰.( )\n正确\n\n1922：发展 100%\n\n盐是( )做的\n氯和钠\n"
        "\n1934：长征\n1.铁生锈是因为( )\n氧气\n2.最大的岛是( )\n格陵兰\n3.最长的河是( )\n尼罗河\n"
    )
    assert [one.category for one in reading.questions] == ["1921：开端"] * 2 + ["1922：发展 100%"] + ["1934：长征"] * 3
    assert [one[2] for one in told(reading)][:3] == [[["北京"]], [True], [["氯和钠"]]]
    assert "taken for their answers" in str(reading.warnings)


def test_a_part_of_any_name_ends_the_question_above() -> None:
    reading = read_text("一、选择题\n\n1. 鲸是（B）\n\nA 鱼\n\nB 兽\n\n二、综合\n\n1. 简述光合作用的条件。\n")
    assert told(reading)[0][2] == ["鱼", "*兽"]
    assert [one.category for one in reading.questions] == ["", "二、综合"]


def test_tasks_below_a_text_are_about_it() -> None:
    reading = read_text(
        "## 五、综合应用题（共 1 道大题）\n\n### 应用题一（30 分）\n\n"
        "某校要开发一个二手书交易平台，有注册、上架、交易。"
        "请完成以下任务：\n\n1. 列出功能需求。（10 分）\n2. 绘制数据流图。（20 分）\n",
        "paper.md",
    )
    assert [(one.kind, one.mark) for one in reading.questions] == [("case", 30000)]


def test_a_list_of_questions_with_other_lines_is_a_paper() -> None:
    reading = read_text(
        "1. 请写出清除浮动的方法\n\n2. 上面的元素有边距。\n\t间距为多少？\n\n"
        "3. 逗号是否需要？\n\n4. 简述盒模型\n\n5. 什么是优雅降级\n"
    )
    assert [one.kind for one in reading.questions] == ["essay"] * 5


def test_other_lists_are_no_papers() -> None:
    with pytest.raises(Refused):
        read_text("1. 打开电源\n\t等一分钟\n2. 按下按钮\n3. 灯亮了吗？\n4. 关上盖子\n5. 拔下插头\n")
