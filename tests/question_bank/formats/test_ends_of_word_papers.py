"""What stands around the questions of a Word paper: who signs it, signs nobody sees, a part of one question."""

from __future__ import annotations

import pytest

from tests.question_bank.formats.test_unseen_shapes import told
from tests.question_bank.formats.test_word_as_teachers_write import of, paper


def stems(*lines: str) -> list[str]:
    return [one[1] for one in told(of(paper(*lines)))]


JUDGED = ("一、判断题", "1. 党员应当按期交纳党费。（ √ ）", "2. 车间里可以吸烟。（ × ）")


@pytest.mark.parametrize(
    "below",
    [
        ("出题人：支部书记　王××", "2024年5月"),
        ("命题人：护理部 李××",),
        ("宣传委员：陈××",),
        ("安全员：赵某", "2024年5月6日"),
        ("某某医院护理部", "2024年3月"),
        ("祝大家取得好成绩！",),
    ],
)
def test_who_signs_a_paper_is_no_part_of_its_last_judgement(below: tuple[str, ...]) -> None:
    reading = of(paper(*JUDGED, *below))
    assert [one[1] for one in told(reading)][-1] == "车间里可以吸烟。（  ）"
    assert below[0][:6] in " ".join(map(str, reading.warnings))


def test_an_office_below_a_gap_signs_the_paper() -> None:
    assert (
        stems("一、填空题", "1. 坚持（人民至上）的立场。", "2. 坚持（自信自立）。", "宣传委员：陈××")[-1].count("陈")
        == 0
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("一、写作题（20分）", "1. 请按下面的要点写一份通知。", "联系人：张三"),
        ("一、单选题", "1. 下列落款正确的是哪一个？", "联系人：张三", "A. 甲", "B. 乙", "答案：A"),
    ],
)
def test_an_office_inside_a_question_stays_in_it(lines: tuple[str, ...]) -> None:
    assert "联系人：张三" in stems(*lines)[0]


def test_signs_that_nobody_sees_hide_no_number_and_no_heading() -> None:
    reading = of(
        paper(
            "保密知识测试题",
            "\u200b一、单选题（每题3分）",
            "\ufeff１．\u00a0密级分为几级（\u00a0Ｂ\u00a0）",
            "Ａ．二级\u00a0\u00a0\u00a0Ｂ．三级\u00a0\u00a0\u00a0Ｃ．四级",
            "\u200b２．涉密载体由谁销毁（Ａ）",
            "Ａ．专门机构\u00a0\u00a0\u00a0Ｂ．废品站",
            "二、判断题",
            "１．\u200b涉密人员离岗要脱密。（√）",
        )
    )
    assert [one[1] for one in told(reading)] == [
        "密级分为几级（  ）",
        "涉密载体由谁销毁（  ）",
        "涉密人员离岗要脱密。（  ）",
    ]
    assert [one.mark for one in reading.questions][:2] == [3000, 3000]


def test_a_part_may_hold_one_question_without_a_number() -> None:
    reading = of(paper(*JUDGED, "二、论述题（20分）", "结合实际，谈谈如何做好独居老人的关爱服务。"))
    assert reading.questions[-1].kind == "essay"
    assert reading.questions[-1].mark == 20_000
    assert any("without a number" in str(one) for one in reading.warnings)


def test_what_stands_above_counted_questions_is_none() -> None:
    reading = of(paper("一、简答题", "请结合实际谈谈下列问题。", "1. 什么是民主集中制？", "2. 简述党的宗旨。"))
    assert len(reading.questions) == 2
