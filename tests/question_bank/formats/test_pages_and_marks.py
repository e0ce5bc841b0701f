"""Pages of Markdown and papers of Word: fences that hold options, answers in italics, colours, letters run together."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from question_bank.formats import read
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told
from tests.question_bank.formats.test_word_layouts import of_word


def options(text: str, name: str = "paper.md") -> list[object]:
    return [one[2] for one in told(read_text(text, name))]


@pytest.mark.parametrize("row", ["A Argon B Methane C Helium", "A氩气 B甲烷 C氦气", "A氩气B甲烷C氦气"])
def test_options_on_one_line_need_no_points_behind_their_letters(row: str) -> None:
    found = options(f"1. 哪个是甲烷？\n{row}\n答案：B\n")
    assert [one.startswith("*") for one in found[0]] == [False, True, False]  # type: ignore[attr-defined]


def test_a_letter_that_comes_twice_parts_nothing() -> None:
    reading = read_text("1. 哪个？\nA vitamin B B vitamin C C vitamin D\n答案：B\n")
    assert reading.questions == []


def test_fences_may_hold_options_and_answers() -> None:
    among = "\n\n```\nA 冬天\nB 春天\n```\n\n"
    text = f"#### 01 哪个暖？{among}```answer\nB\n```\n\n#### 02\n\n哪个冷？{among}答案：A\n"
    assert options(text) == [["冬天", "*春天"], ["*冬天", "春天"]]


def test_code_in_a_fence_stays_code() -> None:
    reading = read_text("# 题\n1. 印出什么？\n```\nA = 1\nprint(A)\n```\nA. 1\nB. 2\n答案：A\n", "a.md")
    assert "print(A)" in reading.questions[0].stem_html


def test_lines_in_italics_below_each_question_answer_it() -> None:
    text = "一、判断题\n1.水是湿的。\n*对*\n\n2.火是冷的。\n*错，火是热的。*\n"
    reading = read_text(text)
    assert [one[2] for one in told(reading)] == [[True], [False]]
    assert reading.questions[1].explanation_html == "火是热的"


def test_what_is_bold_at_the_end_of_lines_that_ask_answers_them() -> None:
    text = (
        "1. Which protocol sends mail? **SMTP**\n2. Who wrote it: **Ann Lee**\n"
        "3. Which is warm? (a) ice (b) fire (c) snow — **Ans: (b)**\n"
    )
    assert [(one[0], one[1]) for one in told(read_text(text, "a.md"))] == [
        ("short_answer", "Which protocol sends mail?"),
        ("short_answer", "Who wrote it:"),
        ("single_choice", "Which is warm?"),
    ]


def test_an_answer_may_be_chosen_by_a_verb_or_set_as_a_formula() -> None:
    assert options("1. 哪个暖？\nA、冬\nB、春\n答案选B\n2. 哪个冷？（ $A$ ）\nA、冬\nB、春\n") == [
        ["冬", "*春"],
        ["*冬", "春"],
    ]


def test_the_answer_may_begin_what_is_folded_away() -> None:
    folded = "<details>\n<summary>查看解析</summary>\n\n- 本题参考答案：B\n- 春天暖。\n\n</details>\n"
    text = f"## 第1题\n\n哪个暖（ ）\n\nA. 冬  \nB. 春  \n\n{folded}"
    assert options(text) == [["冬", "*春"]]


def test_a_scenario_above_the_question_is_its_beginning() -> None:
    scenario = "## Question 1\n\n**Scenario**: It is hot.\n\n**Question**: What helps?\n\n"
    text = f"{scenario}A) Ice\nB) Fire\n\n**Correct Answer: A**\n"
    reading = read_text(text, "a.md")
    assert [one[2] for one in told(reading)] == [["*Ice", "Fire"]]
    assert "It is hot." in reading.questions[0].stem_html


def test_a_line_of_hooks_tells_type_and_answer() -> None:
    text = "[单选][B]\n哪个暖\n[A]冬\n[B]春\n[解析]春天暖\n\n[判断][对]\n水是湿的\n"
    assert [(one[0], one[2]) for one in told(read_text(text))] == [
        ("single_choice", ["冬", "*春"]),
        ("true_false", [True]),
    ]


def test_a_number_may_touch_the_text_behind_it() -> None:
    text = "1.哪个暖？\nA、冬\nB、春\n答案：B\n解析：春天暖。\n2哪个冷？\nA、冬\nB、春\n答案：A\n"
    assert options(text) == [["冬", "*春"], ["*冬", "春"]]


def test_two_answers_to_one_question_are_two_questions_in_one_and_refused() -> None:
    text = "1.哪个暖？\nA、冬\nB、春\n答案：B\n解析：春天暖。\n那么哪个冷呢\n答案：A\n"
    assert reasons(read_text(text)) == [
        "The next question stands on a line of this one; begin a new line where it begins."
    ]


def test_brackets_behind_the_name_of_a_function_are_no_blank() -> None:
    reading = read_text("1. 为什么 `open()` 需要参数？\n答案：因为要知道打开哪个文件，以及怎样打开它。\n")
    assert [draft.kind for draft in reading.questions] == ["essay"]


def test_lists_that_ask_nothing_are_no_questions_of_a_paper_that_asks() -> None:
    text = "## 练习\n\n1. 哪个暖？\nA. 冬\nB. 春\n答案：B\n\n## 步骤\n\n1. 打开门窗通风\n2. 关闭电源开关\n"
    reading = read_text(text, "a.md")
    assert [one[1] for one in told(reading)] == ["哪个暖？"]
    assert len(reading.warnings) == 1


@pytest.mark.parametrize("color", [RGBColor(0, 176, 80), RGBColor(0, 112, 192)])
def test_any_colour_marks_the_right_option(color: RGBColor) -> None:
    document = docx.Document()
    for line in ("1. 哪个暖？", "A. 冬", "B. 春"):
        run = document.add_paragraph().add_run(line)
        if line.startswith("B"):
            run.font.color.rgb = color
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [["冬", "*春"]]


def test_red_beside_another_colour_marks_nothing_for_certain() -> None:
    document = docx.Document()
    for line, color in (
        ("1. 哪个暖？", None),
        ("A. 冬", RGBColor(255, 0, 0)),
        ("B. 春", RGBColor(0, 176, 80)),
        ("C. 秋", None),
    ):
        run = document.add_paragraph().add_run(line)
        if color:
            run.font.color.rgb = color
    assert reasons(read(of_word(document), "a.docx")) == ["The question has no answer."]


def test_shading_marks_as_a_highlight_does() -> None:
    document = docx.Document()
    for line in ("1. 哪个暖？", "A. 冬", "B. 春"):
        run = document.add_paragraph().add_run(line)
        if line.startswith("B"):
            shade = OxmlElement("w:shd")
            shade.set(qn("w:fill"), "FFFF00")
            run._r.get_or_add_rPr().append(shade)
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [["冬", "*春"]]


def test_what_is_underlined_in_a_sentence_without_an_answer_fills_its_blank() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. 长江流入")
    paragraph.add_run("东海").underline = True
    paragraph.add_run("。")
    document.add_paragraph("2. 黄河流入哪里？答案：渤海")
    first = read(of_word(document), "a.docx").questions[0]
    assert (first.kind, [one["text"] for one in first.content["blanks"][0]["answers"]]) == ("fill_in", ["东海"])


def test_ticked_boxes_without_letters() -> None:
    assert options("1. 哪些是水果（多选）\n☑ 苹果\n□ 白菜\n☑ 香蕉\n") == [["*苹果", "白菜", "*香蕉"]]


def test_a_key_may_name_the_parts_of_the_paper_before_its_answers() -> None:
    text = "一、选择题\n1. 哪个暖？\nA. 冬\nB. 春\n二、判断题\n1. 水是湿的。（ ）\n2. 火是冷的。（ ）\n"
    key = "参考答案\n一、选择题：1. B\n二、判断题：1. √；2. ×\n"
    assert options(text + key, "a.txt") == [["冬", "*春"], [True], [False]]


def test_the_number_of_a_question_comes_again_before_its_answer() -> None:
    text = "1.哪个暖？\nA.冬 B.春\n1.B【解析】春天暖。\n2.哪个冷？\nA.冬 B.春\n2.A【解析】冬天冷。\n"
    assert options(text, "a.txt") == [["冬", "*春"], ["*冬", "春"]]


def test_a_box_before_an_article_has_no_letter() -> None:
    assert options("# Q\n1. What is it?\n- [ ] A book\n- [x] A name\n\n2. Who?\n- [x] Ann\n- [ ] Bob\n") == [
        ["A book", "*A name"],
        ["*Ann", "Bob"],
    ]


def test_options_in_fields_of_their_own_and_behind_dashes() -> None:
    text = "【题型】单选题\n【题目】哪个暖？\n【选项A】冬\n【选项B】春\n【答案】B\n"
    assert options(text, "a.txt") == [["冬", "*春"]]
    text = "题目：哪个暖？\n选项：A-冬 B-春\n答案：B\n\n题目：哪个冷？\n选项：A-冬 B-春\n答案：A\n"
    assert options(text, "a.txt") == [["冬", "*春"], ["*冬", "春"]]


def test_sections_may_be_counted_before_their_questions() -> None:
    text = "### 6.1问题1：为什么下雨？\n\n答案：云里的水滴太重，就落下来了。\n\n"
    text += "### 6.2问题2：为什么刮风？\n\n答案：空气冷热不同，所以流动。\n"
    assert [draft.kind for draft in read_text(text, "a.md").questions] == ["essay", "essay"]


def test_parts_of_the_same_kind_are_answered_in_their_order() -> None:
    text = "一、名词解释\n1. 党性\n二、论述题\n1. 谈谈作风。\n参考答案\n一、名词解释\n1. 党性是固有的本性。\n"
    reading = read_text(f"{text}二、论述题\n1. 要点：\n（1）联系实际。\n（2）联系群众。\n")
    assert [draft.stem_html for draft in reading.questions] == ["党性", "谈谈作风。"]
    assert [draft.content["marker_html"][:4] for draft in reading.questions] == ["党性是固", "要点：<"]


def test_letters_as_pictures() -> None:
    assert options("**Q1: 哪个暖？**\n🅰️ 冬\n🅱️ 春\n✅ 答案：🅱️\n") == [["冬", "*春"]]


def test_short_lines_of_which_one_is_the_answer_are_options_and_the_sender_hears_of_it() -> None:
    reading = read_text("1. 哪个是金属\n铁块\n木头\n清水\n答案：铁块\n2. 水是湿的。（√）\n")
    assert told(reading)[0] == ("single_choice", "哪个是金属", ["*铁块", "木头", "清水"])
    assert len(reading.warnings) == 1


def test_a_picture_before_the_heading_of_a_key_is_no_part_of_it() -> None:
    asked = "### 一、选择题\n\n**1. 哪个暖（  ）**\n\nA. 冬  \nB. 春  \n\n**2. 哪个冷（  ）**\n\nA. 冬  \nB. 春  \n\n"
    key = "## 📋 答案与解析\n\n### 一、选择题\n\n1. **B** - 春天暖\n\n2. **A** - 冬天冷\n"
    assert options(asked + key) == [["冬", "*春"], ["*冬", "春"]]


def test_a_key_may_be_a_table_below_its_own_heading() -> None:
    asked = "## 7. 练习题\n\n### 选择题\n\n**1. 哪个暖？**\n- A. 冬\n- B. 春\n\n**2. 哪个冷？**\n- A. 冬\n- B. 春\n\n"
    rows = "| 题号 | 答案 | 解析 |\n|---|---|---|\n| 1 | **B** | 春天暖 |\n| 2 | **A** | 冬天冷 |\n"
    key = f"## 8. 练习题答案\n\n### 选择题答案\n\n{rows}"
    reading = read_text(asked + key, "a.md")
    assert [one[2] for one in told(reading)] == [["冬", "*春"], ["*冬", "春"]]
    assert [draft.explanation_html for draft in reading.questions] == ["春天暖", "冬天冷"]


def test_fields_may_stand_between_the_number_and_the_question() -> None:
    first = "1. **Question Type:** Multiple Choice  \n   **Difficulty:** Hard  \n   **Question:** What is warm?  \n"
    second = "2. **Question Type:** True/False  \n   **Question:** Ice is warm.  \n\n"
    text = f"### Quiz\n\n{first}   A. Ice  \n   B. Fire  \n\n{second}"
    key = "#### Answer Key\n\n1. Correct option: B  \n   Explanation: Fire burns.\n\n2. Correct answer: False  \n"
    reading = read_text(text + key, "a.md")
    assert [(one[1], one[2]) for one in told(reading)] == [
        ("What is warm?", ["Ice", "*Fire"]),
        ("Ice is warm.", [False]),
    ]


def test_lines_to_write_on_are_no_answer() -> None:
    text = "## Part A: True/False\n\n1. Ice is cold.\n2. Fire is cold.\n\n"
    text += "## Part B: Short Answer\n\n3. Why is ice cold?\n\n**Answer**:\n__________________\n\n"
    key = "## Answer Key (Instructor Use Only)\n\n### Part A: True/False\n1. **T** - It is.\n2. **F** - It burns.\n"
    key += "\n### Part B: Short Answer\n3. Because its parts hardly move, and so it is cold.\n"
    reading = read_text(text + key)
    assert [draft.kind for draft in reading.questions] == ["true_false", "true_false", "essay"]


def test_what_is_told_about_a_page_above_it_is_no_question() -> None:
    above = '---\ntitle: "名字"\ntype: "choice"\noptions:\n  A: "冬"\n  B: "春"\ncorrect_answer: "B"\n---\n'
    asked = "## 题目描述\n\n哪一个暖？\n\n### 题目内容\n\nA. 冬\nB. 春\n\n### 解析\n\n**正确答案：B**\n\n"
    told_of_options = "逐个看：\n\n- **选项 A（错误）**：冬天冷\n\n- **选项 B（正确）**：春天暖\n"
    reading = read_text(above + asked + told_of_options, "a.md")
    assert [(one[1], one[2]) for one in told(reading)] == [("哪一个暖？", ["冬", "*春"])]


def test_names_of_parts_as_titles_below_a_number_with_a_picture() -> None:
    head = "## 第 3 题 🟢\n\n**类型：** 判断题  \n\n### 题目\n\n水是湿的。\n\n"
    among = "**选项：**\n- A. ✅ 正确\n- B. ❌ 错误\n\n"
    key = "### ✅ 正确答案：A（正确）\n\n### 📖 解析\n\n它流动。\n\n"
    folded = f"<details>\n<summary>查看答案</summary>\n\n{key}</details>\n"
    reading = read_text(head + among + folded, "a.md")
    assert told(reading) == [("true_false", "水是湿的。", [True])]
    assert "它流动。" in reading.questions[0].explanation_html


def test_an_answer_may_end_the_line_of_its_options() -> None:
    text = "第一题 哪个暖（　）。A.冬 B.春 C.雪 答案 B\n第二题 哪个冷（　）。A.冬 B.春 C.夏 答案 A\n"
    assert options(text, "a.txt") == [["冬", "*春", "雪"], ["*冬", "春", "夏"]]


def test_hooks_at_the_beginning_of_a_paper_do_not_make_it_json() -> None:
    assert options("[[PDF PAGE 1]]\n一、单选题\n1. 哪个暖？\nA. 冬\nB. 春\n答案：B\n", "a.txt") == [["冬", "*春"]]


def test_a_sentence_behind_the_letter_explains_it_where_it_is_like_no_option() -> None:
    asked = "1. Which layer routes?\n\nA. Physical\nB. Network\n\nAnswer: B. "
    reading = read_text(f"{asked}Routers work at layer 3.\n", "a.md")
    assert told(reading)[0][2] == ["Physical", "*Network"]
    assert "Routers" in reading.questions[0].explanation_html
    assert reasons(read_text(f"{asked}Physical layers do not route.\n", "a.md"))


def test_a_picture_before_the_number_is_no_part_of_the_question() -> None:
    text = "### 🟢 **Question 1:** Which is warm?\n\n**A)** winter\n**B)** summer\n\n**✅ Correct Answer: B) summer**\n"
    assert told(read_text(text, "a.md")) == [("single_choice", "Which is warm?", ["winter", "*summer"])]


@pytest.mark.parametrize("label", ["*Answer*: B", "*Answer:* B", "_Answer_: B"])
def test_the_label_of_an_answer_may_be_in_italics(label: str) -> None:
    assert options(f"**1. Which is warm?**\nA) winter\nB) summer\n{label}\n") == [["winter", "*summer"]]


def test_points_with_round_brackets_are_boxes_where_one_is_empty() -> None:
    text = (
        "## Quiz\n\n1. Water is wet.\n   - (x) True\n   - ( ) False\n\n2. Fire is wet.\n   - ( ) True\n   - (x) False\n"
    )
    assert [one[2] for one in told(read_text(text, "a.md"))] == [[True], [False]]


def test_headings_may_count_their_questions_and_code_in_a_key_is_no_part_of_the_answer() -> None:
    asked = "## Multiple Choice Questions (1 questions)\n\n1. Which is warm?\n   a) winter\n   b) summer\n\n"
    judged = "## True/False Questions (1 questions)\n\n2. Ice is cold. (True/False)\n\n"
    filled = "## Fill in the Blank Questions (1 questions)\n\n3. The `_____` function counts.\n\n"
    key = "## Answer Key\n\n**Multiple Choice:**\n1. b) summer\n\n**True/False:**\n2. True\n\n"
    last = "**Fill in the Blank:**\n3. `range()`\n"
    reading = read_text(asked + judged + filled + key + last, "a.md")
    assert [one.kind for one in reading.questions] == ["single_choice", "true_false", "fill_in"]
    assert reading.questions[2].content["blanks"][0]["answers"][0]["text"] == "range()"


def test_how_something_is_done_is_told_in_words_and_marked_by_people() -> None:
    reading = read_text(
        "1. **Question:** How can you undo it?\n\n   **Answer:** Use the command: `git reset`\n", "a.md"
    )
    assert [one.kind for one in reading.questions] == ["essay"]


def test_the_letter_with_its_text_may_end_in_a_point_above_what_explains_it() -> None:
    asked = (
        "**Q1.** Which is warm?\n\n- A) winter\n- B) summer\n\n<details>\n<summary>Answer and explanation</summary>\n\n"
    )
    assert options(f"{asked}**B) summer.**\n\nIt is hot.\n\n- A) is cold.\n\n</details>\n") == [["winter", "*summer"]]


def test_a_sentence_that_begins_with_the_text_of_its_option_names_it() -> None:
    asked = "**Question 1**\nWhich is warm?\n*   A) Winter\n*   B) Summer\n*   **Correct Answer:** "
    assert options(f"{asked}B) Summer (in the north) is warm.\n") == [["Winter", "*Summer"]]
    assert reasons(read_text(f"{asked}B) Winter is what most people say.\n", "a.md"))


def test_options_in_one_line_that_cannot_be_told_apart_make_no_essay() -> None:
    among = '- **Options:** `["winter", "summer"]`\n- **Correct Answer:** `summer`\n- **Feedback Correct:** `Yes`\n'
    reading = read_text(f"#### Question 1\n- **Prompt:** `Which is warm?`\n{among}", "a.md")
    assert reading.questions == []
    assert len(reading.refused) == 1


def test_a_heading_that_counts_its_questions_and_a_sentence_that_speaks_of_them() -> None:
    reading = read_text(
        "判断题2道\n1. 天是蓝的。（√）\n2. 这是判断题。（×）\n多选题1道\n1. 哪些（ ）\nA. 甲 B. 乙 C. 丙\n答案：AC\n"
    )
    assert [draft.kind for draft in reading.questions] == ["true_false", "true_false", "multiple_choice"]


def test_what_somebody_chose_and_numbers_kept_from_being_a_list() -> None:
    text = "\\1. [多选题]\n\n哪些？\n\nA.\n\n甲\n\nB.\n\n乙\n\n正确答案：AB\n选择答案：A\n\n"
    text += "\\2. [判断题]\n\n对吗？\n\n正确答案：错\n"
    reading = read_text(text, "a.md")
    assert [draft.kind for draft in reading.questions] == ["multiple_choice", "true_false"]
    assert [draft.explanation_html for draft in reading.questions] == ["", ""]


def test_an_explanation_that_begins_with_the_answer_below_a_numbered_name() -> None:
    text = "8.多层跳出\n\n题目：哪些方法可以？\n\nA. 返回\n\nB. 判断\n\n答案解析： 正确答案：AB\n\n都可以。\n"
    reading = read_text(text)
    assert [(draft.stem_html, draft.kind) for draft in reading.questions] == [("哪些方法可以？", "multiple_choice")]


def test_wrong_options_with_labels() -> None:
    text = "第1题\n题目内容：栈是？\n正确选项：后进先出\n错误选项1：先进先出\n错误选项2：随机\n解析：见书。\n"
    assert options(text, "a.txt") == [["*后进先出", "先进先出", "随机"]]
    assert read_text(text).questions[0].explanation_html == "见书。"


def test_an_answer_with_the_number_of_its_question_right_below_the_options() -> None:
    one = "%d. 哪个（）\n\nA. 甲\n\nB. 乙\n\n%d. 答案 %s 解析 由题意知，故选。\n\n"
    found = told(read_text(one % (3, 3, "B") + one % (4, 4, "A"), "a.md"))
    assert [question[2] for question in found] == [["甲", "*乙"], ["*甲", "乙"]]
