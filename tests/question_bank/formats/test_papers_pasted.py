"""Papers of exam sites and trainers as they are pasted: lines that lost their breaks, parts, pairs, keys and labels."""

from __future__ import annotations

import pytest

from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text, told


def test_figures_and_explanations_right_behind_each_other() -> None:
    reading = read_text(
        "1.火警电话是（）。A.110B.119C.120答案：B\n2.可以浇水的是（）。A.电器B.木材C.油答案：B解析：木材能用水扑救。\n"
    )
    assert [one[2] for one in told(reading)] == [["110", "*119", "120"], ["电器", "*木材", "油"]]
    assert as_json(reading.questions[1])["explanation"] == "木材能用水扑救。"


def test_parts_of_an_english_paper_with_marks_for_the_whole() -> None:
    reading = read_text(
        "I. Choose the best answer. (5 points)\n1. I ______ a bath.\n   A. take   B. took\n\n"
        "II. Reading comprehension. (4 points)\nTom lives in a small village, and walks to the school by the sea.\n"
        "2. How does Tom go to school?\n   A. By bus.   B. On foot.\n\n"
        "III. Complete the sentences. (4 points)\n3. He is tall enough ______ (reach) it.\n\n"
        "Keys:\nI. 1. B\nII. 2. B\nIII. 3. to reach\n"
    )
    bath, village, shelf = map(as_json, reading.questions)
    assert bath["answers"] == ["took"]
    assert village["stem"].startswith("Tom lives in a small village")
    assert [one["answers"] for one in village["questions"]] == [["On foot."]]
    assert shelf["answers"] == [[{"text": "to reach", "fraction": 1}]]


def test_sides_without_numbers_that_the_answer_names() -> None:
    (question,) = map(
        as_json,
        read_text(
            "四、连线题\n5. 把动物与住处连起来。\n蜜蜂　　　　A. 蜂房\n燕子　　　　B. 水里\n鲤鱼　　　　C. 屋檐\n"
            "【答案】蜜蜂—A　燕子—C　鲤鱼—B\n"
        ).questions,
    )
    assert [tuple(pair.values()) for pair in question["answers"]] == [
        ("蜜蜂", "蜂房"),
        ("燕子", "屋檐"),
        ("鲤鱼", "水里"),
    ]


def test_single_words_between_lines_one_after_the_other() -> None:
    reading = read_text("二、填空题\n1. 四季是__春__、__夏__、__秋__、__冬__。\n2. 三色是红、__黄__、__蓝__。\n")
    assert [one[2] for one in told(reading)] == [[["春"], ["夏"], ["秋"], ["冬"]], [["黄"], ["蓝"]]]
    assert len(reading.warnings) == 1


def test_scores_below_the_options_of_a_course_page() -> None:
    reading = read_text(
        "1\n单选(2分)\n下列是水果的是\n得分/总分\nA.\n白菜\nB.\n苹果\n2.00/2.00\n正确答案：B你选对了\n"
        "2\n判断(1分)\n苹果是水果。\n得分/总分\nA.\n对\n1.00/1.00\nB.\n错\n正确答案：A你选对了\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["白菜", "*苹果"]),
        ("true_false", [True]),
    ]
    assert [draft.mark for draft in reading.questions] == [2000, 1000]


def test_a_key_of_figures_and_steps_below_the_numbers_of_parts() -> None:
    reading = read_text(
        "一、填空。\n1. 9×5=（  ），6÷2=（  ）。\n2. 底8高5，面积是（  ）。\n二、解决问题。（每题5分，共10分）\n"
        "1. 甲有24本，是乙的2倍，乙有几本？\n2. 长3宽2，面积是多少？\n"
        "参考答案：\n一、1. 45；3   2. 40\n二、1. 24÷2=12（本）\n2. （3×2）=6\n"
    )
    found = list(map(as_json, reading.questions))
    assert [[one["text"] for one in blank] for blank in found[0]["answers"]] == [["45"], ["3"]]
    assert [one["for_marker"]["text"] for one in found[2:]] == ["24÷2=12（本）", "（3×2）=6"]


def test_titles_of_papers_that_name_a_kind_in_brackets() -> None:
    reading = read_text(
        "安全题库（单选题）\n1. 先做什么？\nA 报警\nB 拍照\n答案：A\n安全题库（判断题）\n1. 室内可以吸烟。\n答案：错\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["*报警", "拍照"]),
        ("true_false", [False]),
    ]


def test_headings_in_traditional_characters_and_circles() -> None:
    reading = read_text(
        "一、單選題（每題4分）\n( B ) 1. 何者會飛？\n(A) 牛 (B) 鳥\n"
        "二、是非題（每題2分）\n( ○ ) 2. 鳥會飛。\n( × ) 3. 牛會飛。\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["牛", "*鳥"]),
        ("true_false", [True]),
        ("true_false", [False]),
    ]
    assert [draft.mark for draft in reading.questions] == [4000, 2000, 2000]


def test_sides_that_a_key_at_the_end_answers() -> None:
    reading = read_text(
        "SECTION A: MATCHING (3 marks)\n1. Match each animal with its home.\n"
        "   1. Bee      a. river\n   2. Fish     b. hive\n"
        "SECTION B: SHORT ANSWER (4 marks each)\n2. Why do bees dance?\n\nANSWER KEY\n1. 1-b, 2-a\n"
        "2. They tell the others where food is.\n"
    )
    assert [tuple(pair.values()) for pair in as_json(reading.questions[0])["answers"]] == [
        ("Bee", "hive"),
        ("Fish", "river"),
    ]


def test_labels_in_traditional_characters() -> None:
    reading = read_text(
        "1. 何者會飛？\n(A) 牛\n(B) 鳥\n正確答案：B\n解釋：鳥有翅膀。\n\n"
        "2. 何者會游泳？（複選）\n(A) 魚\n(B) 鴨\n(C) 雞\n參考答案：AB\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["牛", "*鳥"]),
        ("multiple_choice", ["*魚", "*鴨", "雞"]),
    ]
    assert as_json(reading.questions[0])["explanation"] == "鳥有翅膀。"


def test_notes_to_the_marker_are_no_answer_to_compare_with() -> None:
    reading = read_text("1. 谈谈你的看法。\n答案：言之成理即可。\n\n2. 说说你的理由。\n答案：写出两点，意思对即可。\n")
    assert [draft.kind for draft in reading.questions] == ["essay", "essay"]


def test_braces_of_formulas_stay_in_markdown() -> None:
    reading = read_text(
        "# 周测\n\n1\\. 已知 $A=\\{1,2\\}$，则 $A$ 有几个元素？\n\nA. $\\{1\\}$\n\nB. 两个\n\n**答案：** B\n",
        "paper.md",
    )
    assert told(reading) == [("single_choice", "已知 $A=\\{1,2\\}$，则 $A$ 有几个元素？", ["$\\{1\\}$", "*两个"])]


def test_true_and_false_chosen_by_letter_and_word() -> None:
    reading = read_text(
        "1. Bees fly.\nA. True\nB. False\nCorrect Answer: A. True\n\n2. Cows fly.\nA. True\nB. False\n"
        "Correct Answer: B. False\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [("true_false", [True]), ("true_false", [False])]


def test_a_part_that_is_one_question_of_pairs() -> None:
    reading = read_text(
        "一、填空（每题2分，共4分）\n1. It is ________.\n2. I ________.\n"
        "二、连线（共3分）\n1. 蜜蜂      A. fish\n2. 鱼      B. bee\n"
        "参考答案：\n一、1. cold  2. go\n二、1-B  2-A\n"
    )
    pairs = as_json(reading.questions[2])
    assert (pairs["stem"], pairs["marks"]) == ("连线", 3)
    assert [tuple(pair.values()) for pair in pairs["answers"]] == [("蜜蜂", "bee"), ("鱼", "fish")]


def test_clues_with_letters_above_the_options() -> None:
    reading = read_text(
        "## **Q1**\n\n**题目：**\n\n这是哪处？\n\n**线索：**\n\n"
        "A 建在水边。\n\nB 有灯。\n\n**选项：**\n\nA 灯塔\n\nB 粮仓\n\n"
        "**正确答案：**\n\nA 灯塔\n\n------\n\n"
        "## **Q2**\n\n**题目：**\n\n钟楼做什么用？\n\n**选项：**\n\nA 祭祀\n\nB 报时\n\n"
        "**正确答案：**\n\nB 报时\n",
        "paper.md",
    )
    assert [one[2] for one in told(reading)] == [["*灯塔", "粮仓"], ["祭祀", "*报时"]]
    assert "A. 建在水边。" in as_json(reading.questions[0])["stem"]


def test_everything_that_is_said_of_a_question_on_its_first_line() -> None:
    reading = read_text(
        "1. 【题型】单选【难度】难【题目】鸟在哪里？\nA. 天上\nB. 水里\n【答案】A【解析】鸟会飞。\n\n"
        "2. 【题型】判断【难度】易【题目】鱼会飞。\n【答案】错误【解析】鱼会游。\n"
    )
    assert told(reading) == [
        ("single_choice", "鸟在哪里？", ["*天上", "水里"]),
        ("true_false", "鱼会飞。", [False]),
    ]
    assert [as_json(one)["difficulty"] for one in reading.questions] == [5, 1]


def test_true_or_false_below_a_sentence_heads_no_part() -> None:
    reading = read_text(
        "1. Which one flies?\nA. Bee\nB. Cow\n\n2. Doors may be open.\nTrue / False\n\n3. List one bird.\n\n"
        "Answer Key:\n1. A\n2. False\n3. A robin (any suitable bird)\n"
    )
    assert [draft.kind for draft in reading.questions] == ["single_choice", "true_false", "essay"]


def test_options_in_brackets_of_the_stem() -> None:
    reading = read_text("选择题\n1、夜里应当开（大灯/小灯）。答案：大灯\n2、雾里（ B ）\nA、加速  B、减速\n")
    assert told(reading) == [
        ("single_choice", "夜里应当开（大灯/小灯）。", ["*大灯", "小灯"]),
        ("single_choice", "雾里（  ）", ["加速", "*减速"]),
    ]


def test_answers_in_italics_of_a_plain_text() -> None:
    reading = read_text(
        "1. (2 points) The mean of 2 and 4 is\n   a. 2\n   b. 3\n   *Answer: b*\n\n"
        "2. (3 points) Which fly?\n   a. bees\n   b. cows\n   c. birds\n   *Answers: a, c*\n\n"
        "3. (1 point) T/F: Cows fly.\n   *Answer: F*\n"
    )
    assert [(one[0], one[2]) for one in told(reading)] == [
        ("single_choice", ["2", "*3"]),
        ("multiple_choice", ["*bees", "cows", "*birds"]),
        ("true_false", [False]),
    ]
    assert [draft.mark for draft in reading.questions] == [2000, 3000, 1000]


@pytest.mark.parametrize("above", ["[3-4]\n", "（3～4题）\n", ""])
def test_options_once_above_the_questions_of_their_part(above: str) -> None:
    reading = read_text(
        "一、A型题\n1. 会飞的是\nA. 鸟 B. 牛\n2. 会游的是\nA. 鱼 B. 牛\n二、B型题（配伍选择题）\n"
        f"{above}A. 林中 B. 水中 C. 草原\n3. 鱼生活在\n4. 牛生活在\n答案\n1.A 2.A 3.B 4.C\n"
    )
    assert told(reading)[2:] == [
        ("single_choice", "鱼生活在", ["林中", "*水中", "草原"]),
        ("single_choice", "牛生活在", ["林中", "水中", "*草原"]),
    ]


def test_sides_below_the_names_of_their_columns() -> None:
    (question,) = read_text(
        "1. Match the animals in Column A with their homes in Column B.\nColumn A\n1. Bee\n2. Fish\n3. Bird\n"
        "Column B\na. nest\nb. hive\nc. river\nAnswer: 1-b, 2-c, 3-a\n"
    ).questions
    assert [tuple(pair.values()) for pair in as_json(question)["answers"]] == [
        ("Bee", "hive"),
        ("Fish", "river"),
        ("Bird", "nest"),
    ]


def test_a_product_turned_about_is_as_right() -> None:
    reading = read_text("一、填空\n1. 写成算式是（  ）。\n2. 方程的根是（  ）。\n答案：\n一、1. 5×4或4×5  2. 3或-3\n")
    assert [one[2] for one in told(reading)] == [[["5×4", "4×5"]], [["3或-3"]]]


def test_a_blank_below_a_title_of_sums() -> None:
    reading = read_text("建筑施工计算题\n\n1. 工作3小时共抽水____立方米。\n答案：150\n\n2. 计算工期。\n答案：54天\n")
    assert [draft.kind for draft in reading.questions] == ["fill_in", "essay"]


def test_kinds_in_hooks_before_the_lines_of_a_key() -> None:
    reading = read_text(
        "【单选题】\n1．会飞的是\nA．鸟　B．牛\n2．会游的是\nA．牛　B．鱼\n【多选题】\n1．动物有\nA．牛　B．鱼　C．树\n"
        "【参考答案】\n【单选题】1．A　2．B\n【多选题】1．AB\n"
    )
    assert [one[2] for one in told(reading)] == [["*鸟", "牛"], ["牛", "*鱼"], ["*牛", "*鱼", "树"]]


def test_a_title_that_names_the_kind_of_all_questions() -> None:
    reading = read_text("小学语文必背古诗填空\n\n1. 春眠不觉晓，（处处闻啼鸟）。\n2. （谁言寸草心），报得三春晖。\n")
    assert [one[2] for one in told(reading)] == [[["处处闻啼鸟"]], [["谁言寸草心"]]]


def test_true_and_false_in_brackets_at_the_end() -> None:
    reading = read_text("1. Bees fly. (True)\n2. Cows fly. (False)\n")
    assert told(reading) == [("true_false", "Bees fly.", [True]), ("true_false", "Cows fly.", [False])]


def test_parts_whose_task_is_a_whole_sentence() -> None:
    reading = read_text(
        "一、选择正确的答案。（每题2分，共2分）\n( A ) 1. I ____ Mike.\nA. am   B. is\n"
        "二、判断句子与短文是否相符，相符写T，不相符写F。（每题2分，共4分）\n"
        "My name is Mike. I often play football on Saturdays.\n"
        "( T ) 2. Mike plays football.\n( F ) 3. Mike plays chess.\n"
    )
    choice, case = map(as_json, reading.questions)
    assert choice["answers"] == ["am"]
    assert case["stem"].startswith("My name is Mike.")
    assert [one["answers"] for one in case["questions"]] == [[True], [False]]


def test_what_is_left_of_bold_before_a_question_is_cut() -> None:
    reading = read_text(
        "一、单选题\n1. ** 水是（  ）。\nA. 固体\nB. 液体\n[答案] B\n2. ** 2 ** 3 是几？\nA. 6\nB. 8\n[答案] B\n"
    )
    assert [one[1] for one in told(reading)] == ["水是（  ）。", "** 2 ** 3 是几？"]


def test_a_page_of_several_tests_counts_anew_and_skips_answers_that_are_not_shown() -> None:
    choice = "*1*\n【单选题】谁最早？\n*A、*[甲](javascript:void(0))*B、*[乙](javascript:void(0))\n"
    choice += "我的答案：\nA\n正确答案：\nA\n"
    essays = "".join(f"*{n}*\n【简答题】什么是{n}？\n我的答案：\n略\n正确答案：\n" for n in (2, 3))
    reading = read_text(f"### 第一章测验\n{choice}{essays}### 测试题\n{choice.replace('谁', '何')}")
    assert [(one[0], one[1]) for one in told(reading)] == [
        ("single_choice", "谁最早？"),
        ("essay", "什么是2？"),
        ("essay", "什么是3？"),
        ("single_choice", "何最早？"),
    ]


def test_an_answer_in_bold_letters_may_go_over_several_lines() -> None:
    text = "### 四、简答题\n\n1. 什么是水?\n\n   - **答案：一种液体。\n无色**\n\n"
    text += "2. 什么是冰?\n\n   - **答案：一种固体。**\n"
    (water, ice) = map(as_json, read_text(text, "a.md").questions)
    assert [one["for_marker"]["text"] for one in (water, ice)] == ["一种液体。\n无色", "一种固体。"]


def test_what_is_left_of_bold_before_a_question_is_cut_in_tables_too() -> None:
    table = "题型,题目,选项A,选项B,答案\n单选题,** 水是( ),固体,液体,B\n单选题,2 ** 3 是( ),6,8,B\n"
    assert [one[1] for one in told(read_text(table, "a.csv"))] == ["水是( )", "2 ** 3 是( )"]


def test_a_part_in_english_that_says_its_marks_ends_the_answer_above_it() -> None:
    reading = read_text(
        "I. Vocabulary (10 points)\n1. The sky is ____.\nA. blue B. red\nAnswer: A\nII. Writing (20 points)\n"
        "2. Write about your school.\nAnswer: free\nV. Translate (10 marks)\n"
        "3. 请翻译：天是蓝的。\nAnswer: The sky is blue.\n"
    )
    assert [as_json(one)["marks"] for one in reading.questions] == [10, 20, 10]
    assert as_json(reading.questions[1])["for_marker"]["text"] == "free"
