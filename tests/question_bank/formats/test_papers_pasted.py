"""Papers of exam sites and trainers as they are pasted: cases with points, lines that lost their breaks."""

from __future__ import annotations

from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text, told


def test_points_of_a_case_are_no_questions_of_their_own() -> None:
    reading = read_text(
        "三、不定项选择题\n【资料】甲店五月发生如下业务：\n（1）5日，购入布料。\n（2）18日，卖出衣服。\n"
        "要求：根据上述资料，分析回答下列小题。\n4.根据资料（1），甲店（ ）。\nA.得到布料\nB.得到衣服\n【答案】A\n"
        "5.根据资料（2），甲店（ ）。\nA.得到布料\nB.卖出衣服\n【答案】B\n"
    )
    (case,) = map(as_json, reading.questions)
    assert case["stem"].endswith("（1）5日，购入布料。\n（2）18日，卖出衣服。\n要求：根据上述资料，分析回答下列小题。")
    assert [one["answers"] for one in case["questions"]] == [["得到布料"], ["卖出衣服"]]


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


CASES = (
    "案例一：\n楼上漏水，住户甲不交费用。\n问题：\n1、甲做得对吗？\n2、谁来修？\n参考答案：\n1、不对。应当分开处理。\n"
    "2、楼上住户。\n\n案例二：\n住户乙的狗咬伤了人。\n问题：\n1、乙应承担什么责任？\n参考答案：\n1、赔偿损失。\n"
)


def test_answers_below_each_case_go_to_their_questions() -> None:
    reading = read_text(f"五、案例分析题（每题15分，共30分）\n\n{CASES}")
    first, second = map(as_json, reading.questions)
    assert first["stem"] == "楼上漏水，住户甲不交费用。"
    assert [one["for_marker"]["text"] for one in first["questions"]] == ["不对。应当分开处理。", "楼上住户。"]
    assert [one["for_marker"]["text"] for one in second["questions"]] == ["赔偿损失。"]
    assert [first["marks"], second["marks"]] == [15, 15]
    assert reading.warnings == []


def test_marks_of_cases_that_no_heading_counts_are_told() -> None:
    reading = read_text(f"五、案例分析题（每题15分）\n\n{CASES}")
    assert [draft.mark for draft in reading.questions] == [15000, 15000]
    assert [str(note) for note in reading.warnings] == [
        "line 3: the marks in the heading were taken for each case, not for each question.",
        "line 12: the marks in the heading were taken for each case, not for each question.",
    ]
