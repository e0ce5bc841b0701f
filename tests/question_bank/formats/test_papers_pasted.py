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
