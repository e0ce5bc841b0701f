"""Cases of papers as they are pasted: their points, passages, marks, and keys below each or at the end."""

from __future__ import annotations

from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text

CASES = (
    "案例一：\n楼上漏水，住户甲不交费用。\n问题：\n1、甲做得对吗？\n2、谁来修？\n参考答案：\n1、不对。应当分开处理。\n"
    "2、楼上住户。\n\n案例二：\n住户乙的狗咬伤了人。\n问题：\n1、乙应承担什么责任？\n参考答案：\n1、赔偿损失。\n"
)


def test_points_of_a_case_are_no_questions_of_their_own() -> None:
    reading = read_text(
        "三、不定项选择题\n【资料】甲店五月发生如下业务：\n（1）5日，购入布料。\n（2）18日，卖出衣服。\n"
        "要求：根据上述资料，分析回答下列小题。\n4.根据资料（1），甲店（ ）。\nA.得到布料\nB.得到衣服\n【答案】A\n"
        "5.根据资料（2），甲店（ ）。\nA.得到布料\nB.卖出衣服\n【答案】B\n"
    )
    (case,) = map(as_json, reading.questions)
    assert case["stem"].endswith("（1）5日，购入布料。\n（2）18日，卖出衣服。\n要求：根据上述资料，分析回答下列小题。")
    assert [one["answers"] for one in case["questions"]] == [["得到布料"], ["卖出衣服"]]


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


def test_parts_of_a_medical_case_are_its_questions() -> None:
    (case,) = map(
        as_json,
        read_text(
            "一、病例分析题\n1.患者胸痛。\n问题：\n（1）最可能的诊断是什么？\n（2）如何护理？\n答案：\n（1）心绞痛。\n（2）卧床休息，吸氧。\n"
        ).questions,
    )
    assert [one["for_marker"]["text"] for one in case["questions"]] == ["心绞痛。", "卧床休息，吸氧。"]


def test_passages_with_their_own_questions_and_one_key() -> None:
    reading = read_text(
        "Reading Test\n\nPassage 1\nBirds fly south in autumn to find food.\n\n1. Why do birds fly south?\n"
        "A. For food\nB. For fun\n\nPassage 2\nBees live in colonies.\n\n"
        "2. Where do bees live?\nA. In rivers\nB. In colonies\n\n"
        "Answers: 1. A 2. B\n"
    )
    cases = list(map(as_json, reading.questions))
    assert [one["stem"] for one in cases] == ["Birds fly south in autumn to find food.", "Bees live in colonies."]
    assert [one["answers"] for one in cases] == [[["For food"]], [["In colonies"]]]


def test_what_is_asked_about_a_text_in_the_same_number() -> None:
    reading = read_text(
        "四、材料分析题\n6．材料：甲上课时睡觉，乙罚甲站着。\n问题：请分析乙的做法。\n【答案】做法不当。\n"
    )
    (question,) = map(as_json, reading.questions)
    assert question["stem"].endswith("请分析乙的做法。")
    assert question["for_marker"]["text"] == "做法不当。"


def test_a_key_by_parts_below_the_last_case_is_not_that_of_the_case() -> None:
    reading = read_text(
        "一、选择题\n1．会飞的是（　）\nA．鸟　　B．牛\n二、填空题\n2．鱼生活在________。\n三、材料解析题\n"
        "3．阅读下列材料，回答问题。\n材料一：牛吃草。\n（1）牛吃什么？\n（2）牛住哪里？\n（3）牛做什么？\n\n"
        "参考答案\n一、1．A\n二、2．水中\n三、3．（1）草。（2）草原。（3）耕地。\n"
    )
    bird, fish, cow = map(as_json, reading.questions)
    assert (bird["answers"], fish["answers"][0][0]["text"]) == (["鸟"], "水中")
    assert [one["for_marker"]["text"] for one in cow["questions"]] == ["草。", "草原。", "耕地。"]


def test_cases_that_are_only_counted() -> None:
    case = "（{n}）\n{text}。\n根据以上资料，回答下列问题：\n{at}．谁在飞（　）。\nA．鸟\nB．牛\n【答案】A\n\n"
    reading = read_text(
        "案例分析练习\n\n"
        + case.format(n="一", text="某地有一只鸟在飞", at=1)
        + case.format(n="二", text="某地又有一只鸟在飞", at=2)
    )
    assert [as_json(one)["stem"].split("\n")[0] for one in reading.questions] == [
        "某地有一只鸟在飞。",
        "某地又有一只鸟在飞。",
    ]


def test_more_cases_than_two_digits_count() -> None:
    cases = "".join(
        f"案例{n}：\n第{n}号仓库起火。\n1、原因是什么？\n2、如何处理？\n参考答案：\n1、老化。\n2、断电。\n"
        for n in (99, 100, 101)
    )
    reading = read_text(f"五、案例分析题（每题10分，共30分）\n{cases}")
    assert [as_json(one)["stem"] for one in reading.questions] == [f"第{n}号仓库起火。" for n in (99, 100, 101)]
