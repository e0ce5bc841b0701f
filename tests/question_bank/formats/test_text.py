"""Plain text in the conventions of the field: each shape read as it is meant, nothing dropped in silence."""

from __future__ import annotations

import time
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json


def read_text(text: str) -> Reading:
    return read(text.encode(), "paper.txt", "text")


def told(reading: Reading) -> list[tuple[Any, ...]]:
    """Kind, stem, options with a star before the right ones, and other answers."""
    found = []
    for question in map(as_json, reading.questions):
        options = [("*" if option["fraction"] > 0 else "") + option["text"] for option in question["options"]]
        answers = [] if options else question["answers"]
        texts = [[a["text"] for a in one] if isinstance(one, list) else one for one in answers]
        found.append((question["kind"], question["stem"], options or texts))
    return found


def only(text: str) -> tuple[Any, ...]:
    reading = read_text(text)
    assert not reading.refused, [str(one.reason) for one in reading.refused]
    assert len(reading.questions) == 1
    return told(reading)[0]


NUMBERS = [
    "1.",
    "1．",
    "1、",
    "1)",
    "1）",
    "(1)",
    "（1）",
    "第1题",
    "第一题：",
    "一、",
    "【1】",
    "1 ",
    "Question 1:",
    "Q1.",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_question_may_be_numbered_in_any_way(number: str) -> None:
    second = number.replace("1", "2").replace("一", "二")
    text = "".join(f"{one} 哪一个？\nA. 甲\nB. 乙\n答案：B\n" for one in (number, second))
    assert told(read_text(text)) == [("single_choice", "哪一个？", ["甲", "*乙"])] * 2


def test_questions_without_numbers_stand_apart() -> None:
    text = "哪一个？\nA.甲\nB.乙\n答案：A\n\n对不对呢？\n答案：错\n\n还有哪些？\nA.甲\nB.乙\nC.丙\n答案：AC\n"
    assert [one[0] for one in told(read_text(text))] == ["single_choice", "true_false", "multiple_choice"]


OPTIONS = [
    "A. 甲\nB. 乙\nC. 丙",
    "A、甲\nB、乙\nC、丙",
    "A．甲  B．乙  C．丙",
    "A.甲B.乙C.丙",
    "(A) 甲 (B) 乙 (C) 丙",
    "（A）甲\t（B）乙\n（C）丙",
    "A) 甲\nB) 乙\nC) 丙",
    "Ａ．甲\nＢ．乙\nＣ．丙",
    "a. 甲\nb. 乙\nc. 丙",
    "A 甲\nB 乙\nC 丙",
    "A甲\nB乙\nC丙",
    "- A. 甲\n- B. 乙\n- C. 丙",
    "○ 甲\n○ 乙\n○ 丙",
]


@pytest.mark.parametrize("options", OPTIONS)
def test_options_may_be_written_in_any_way(options: str) -> None:
    assert only(f"1. 哪一个？\n{options}\n答案：B")[2] == ["甲", "*乙", "丙"]


def test_options_may_follow_the_stem_and_go_on_below() -> None:
    assert only("1. 哪一个？ A.甲 B.乙\nC.丙，\n还是丙\n答案：C") == (
        "single_choice",
        "哪一个？",
        ["甲", "乙", "*丙，\n还是丙"],
    )


ANSWERS = [
    "答案：B", "答案:B", "正确答案：B", "参考答案： B", "标准答案为B", "【答案】B", "[答案]B", "【正确答案】：B",
    "答案 B", "答：B", "Answer: B", "Correct answer: B", "正确选项：B", "答案：Ｂ。", "答案：B 解析：因为",
    "我的答案：A 正确答案：B",
]  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answer_may_be_worded_in_any_way(answer: str) -> None:
    assert only(f"1. 哪一个？\nA. 甲\nB. 乙\n{answer}")[2] == ["甲", "*乙"]


INSIDE = [
    "1. 哪一个（ B ）\nA. 甲\nB. 乙",
    "1. 哪（B）一个？\nA. 甲\nB. 乙",
    "1. 哪一个：B\nA. 甲\nB. 乙",
    "（B）1. 哪一个？\nA. 甲\nB. 乙",
    "1. 维生素（A）缺哪一个（ B ）\nA. 甲\nB. 乙",
    "【单选题】1、哪一个？\nA. 甲\nB. 乙\n答案：B",
    "1. 哪一个？【答案】B\nA. 甲\nB. 乙",
    "1. 哪一个？\nA. 甲\nB. 乙（正确答案）",
    "1. 哪一个？\nA. 甲\nB. 乙 √",
    "1. 哪一个？\n- [ ] A. 甲\n- [x] B. 乙",
    "# 卷\n1. 哪一个？\nA. 甲\n**B. 乙**",
]


@pytest.mark.parametrize("text", INSIDE)
def test_the_answer_may_stand_inside(text: str) -> None:
    assert only(text)[2] == ["甲", "*乙"]


KEYS = [
    "答案：1-3 ABC", "参考答案\n1-3 ABC", "参考答案：\n1.A 2.B 3.C", "答案：1.A 2.B 3.C", "1-3 A B C",
    "答案\n1、A\n2、B\n3、C", "| 题号 | 1 | 2 | 3 |\n|---|---|---|---|\n| 答案 | A | B | C |",
    "参考答案及解析\n1.【答案】A【解析】甲\n2.【答案】B\n3.【答案】C",
    "1～3：ABC", "Answer key:\n1. A\n2. B\n3. C",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_the_key_may_stand_at_the_end(key: str) -> None:
    text = "".join(f"{n}. 第{n}个\nA.甲 B.乙 C.丙\n" for n in (1, 2, 3)) + key
    assert [one[2] for one in told(read_text(text))] == [["*甲", "乙", "丙"], ["甲", "*乙", "丙"], ["甲", "乙", "*丙"]]


def test_a_key_with_headings_answers_each_section() -> None:
    text = (
        "第一章 总论\n一、单选题\n1、哪个（ ）\nA、甲\nB、乙\n2、哪个呢（ ）\nA、甲\nB、乙\n"
        "二、判断题\n1、对吗。（ ）\n三、问答题\n1、简述原则。\n2、简述理由。\n"
        "参考答案\n一、单选题\n1、A 2、B\n二、判断题\n1、×\n三、问答题\n1、（1）先甲\n（2）后乙\n2、没有"
    )
    reading = read_text(text)
    assert [one[2] for one in told(reading)[:3]] == [["*甲", "乙"], ["甲", "*乙"], [False]]
    assert [d.content["marker_html"] for d in reading.questions[3:]] == ["（1）先甲<br>（2）后乙", "没有"]
    assert {d.category for d in reading.questions} == {"第一章 总论"}
    assert not reading.warnings


def test_a_key_that_answers_what_is_not_there_is_told() -> None:
    reading = read_text("1. 哪个\nA.甲 B.乙\n2. 哪个呢\nA.甲 B.乙\n答案：1.A 2.B 7.A")
    assert ["question 7" in str(one) for one in reading.warnings] == [True]


HEADINGS = [
    ("一、单选题（每题2分，共20题）\n1. 哪个\nA.甲\nB.乙\n答案：A", "single_choice", 2000),
    ("二、多项选择题（本大题共5小题，每小题3分）\n1. 哪些\nA.甲\nB.乙\n答案：A", "multiple_choice", 3000),
    ("判断题（共10题，共15分）\n1. 对吗\n答案：√", "true_false", 1500),
    ("## 三、填空题（每空1分）\n1. ____和____\n答案：甲、乙", "fill_in", 2000),
    ("四、简答题\n1. 为何\n参考答案：因为", "essay", 1000),
    ("五、名词解释（每题5分）\n1. 民主\n答案：…", "essay", 5000),
    ("六、论述题\n1. 论民主", "essay", 1000),
    ("七、案例分析题\n1. 如何处理\n答案：一二三", "essay", 1000),
    ("八、排序题\n1. 排一排\nA. 甲\nB. 乙\n答案：B→A", "ordering", 1000),
    ("九、连线题\n1. 连一连\nA. 甲\nB. 乙\n(1) 一\n(2) 二\n答案：A-2；B-1", "matching", 1000),
    ("Multiple choice (2 points each)\n1. Which?\nA. x\nB. y\nAnswer: A", "single_choice", 2000),
]


@pytest.mark.parametrize(("text", "kind", "mark"), HEADINGS)
def test_a_heading_sets_kind_and_mark(text: str, kind: str, mark: int) -> None:
    reading = read_text(text)
    assert [(d.kind, d.mark) for d in reading.questions] == [(kind, mark)], [str(r.reason) for r in reading.refused]


INFERRED = [
    ("1. 问\nA.甲 B.乙\n答案：A", "single_choice"),
    ("1. 问\nA.甲 B.乙\n答案：AB", "multiple_choice"),
    ("1. 问\n答案：对", "true_false"),
    ("1. 问（√）", "true_false"),
    ("1. 是____。\n答案：甲", "fill_in"),
    ("1. 是（ ）。\n答案：甲", "fill_in"),
    ("1. 是什么？\n答案：甲", "short_answer"),
    ("1. 为什么？\n参考答案：因为甲", "essay"),
    ("1. 为什么？\n2. 何时？", "essay"),
    ("1.【多选题】问\nA.甲 B.乙\n答案：A", "multiple_choice"),
    ("1. 问（多选题，3分）\nA.甲 B.乙\n答案：A", "multiple_choice"),
    ("1. 问\nA.正确\nB.错误\n题型：判断题\n答案：B", "true_false"),
]


@pytest.mark.parametrize(("text", "kind"), INFERRED)
def test_the_kind_follows_from_the_answer(text: str, kind: str) -> None:
    reading = read_text(text)
    assert {d.kind for d in reading.questions} == {kind}, [str(r.reason) for r in reading.refused]


BLANKS = [
    ("____和____", "甲|乙/已", [["甲"], ["乙", "已"]]),
    ("（ ）和【】", "甲；乙", [["甲"], ["乙"]]),
    ("①____ ②____", "①甲 ②乙", [["甲"], ["乙"]]),
    ("__①__、__②__", "甲、乙", [["甲"], ["乙"]]),
    ("____、____、____", "甲 乙 丙", [["甲"], ["乙"], ["丙"]]),
    ("____", "1921年/一九二一年", [["1921年", "一九二一年"]]),
]


@pytest.mark.parametrize(("stem", "answer", "accepted"), BLANKS)
def test_blanks_share_out_the_answer(stem: str, answer: str, accepted: list[list[str]]) -> None:
    assert only(f"一、填空题\n1. {stem}\n答案：{answer}")[2] == accepted


def test_answers_may_stand_in_their_blanks() -> None:
    reading = read_text("一、填空题\n1. 国旗是【五星红旗】。\n2. 首都是（北京）。")
    assert told(reading) == [
        ("fill_in", "国旗是____。", [["五星红旗"]]),
        ("fill_in", "首都是____。", [["北京"]]),
    ]
    assert ["北京" in str(one) for one in reading.warnings] == [True]


def test_tails_say_more() -> None:
    tails = "【知识点】党史/一大\n难度：难\n分值：2.5\n标签：甲，乙\n出处：党章"
    found = as_json(read_text(f"1. 问\nA.甲 B.乙\n答案：A\n解析：第一行\n第二行\n{tails}").questions[0])
    assert (found["explanation"], found["category"], found["difficulty"]) == (
        "第一行\n第二行",
        "党史/一大",
        5,
    )
    assert (found["marks"], found["tags"]) == (2.5, ["甲", "乙"])
    assert (found["source"], found["clause"]) == ("党章", "")


def test_points_inside_an_answer_are_no_questions() -> None:
    text = "一、简答题\n1. 作风？\n参考答案：\n1. 联系实际\n2. 联系群众\n3. 批评\n2. 誓词？\n答：志愿\n"
    reading = read_text(text)
    assert [d.content["marker_html"] for d in reading.questions] == ["1. 联系实际<br>2. 联系群众<br>3. 批评", "志愿"]


def test_a_material_makes_a_case_of_its_questions() -> None:
    text = (
        "材料一：某公司发生事故。\n安全员未到岗。\n根据材料回答1-2题。\n1. 原因（ ）。\nA. 甲 B. 乙\n答案：A\n"
        "2. 应当如何？\nA. 甲 B. 乙\n答案：AB\n3. 别的（ ）\nA. 甲 B. 乙\n答案：B\n"
        "二、综合题\n4. 阅读材料：小王入职。\n（1）可以请假。\n答案：对\n（2）几天？\nA. 5 B. 10\n答案：A\n"
    )
    reading = read_text(text)
    assert not reading.refused
    assert [d.kind for d in reading.questions] == ["case", "single_choice", "case"]
    kinds = [[one["kind"] for one in d.content["questions"]] for d in (reading.questions[0], reading.questions[2])]
    assert kinds == [["single_choice", "multiple_choice"], ["true_false", "single_choice"]]
    assert "安全员未到岗" in reading.questions[0].stem_html


REFUSED = [
    ("1. 问（ ）\nA.甲\nB.乙", "no answer"),
    ("1. 问\nA.甲\nB.乙\n答案：C", "C, which is not there"),
    ("一、单选题\n1. 问\nA.甲\nB.乙\n答案：AB", "one right answer, not 2"),
    ("1. 问\n答案：B", "no options"),
    ("1. 一是____，二是____。\n答案：甲", "2 blanks"),
    ("1. 问\nA.甲\n答案：A", "only one option"),
    ("1. 问\nA.甲\nB.甲\n答案：A", "right and the wrong"),
    ("一、判断题\n1. 对吗\n答案：也许", "neither true nor false"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_cannot_be_told_is_refused_with_its_line(text: str, reason: str) -> None:
    reading = read_text(text + "\n\n二、选择题\n9. 好的\nA.甲\nB.乙\n答案：A")
    assert len(reading.questions) == 1
    assert [reason in str(one.reason) and one.where.startswith("line ") for one in reading.refused] == [True], (
        reading.refused
    )


def test_a_line_that_fits_nowhere_is_shown() -> None:
    reading = read_text("党建知识竞赛题库\n时间90分钟\n一、单选题\n1. 问\nA.甲\nB.乙\n答案：A")
    assert [str(one) for one in reading.warnings] == ["line 1 was not taken as part of a question: 党建知识竞赛题库"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_found(encoding: str) -> None:
    data = "一、单选题\n1. 党的生日是哪天？\nA. 七月一日\nB. 八月一日\n答案：A\n".encode(encoding)
    reading = read(data, "题库.txt")
    assert (reading.format, told(reading)[0][2]) == ("text", ["*七月一日", "八月一日"])


def test_prose_is_no_paper() -> None:
    with pytest.raises(Refused):
        read("今天天气很好。\n我们去公园。\n".encode(), "a.txt")


def test_a_long_paper_is_read_whole() -> None:
    text = "一、单选题\n" + "".join(f"{n}. 第{n}个？\nA. 甲\nB. 乙\n答案：B\n" for n in range(1, 501))
    assert len(read_text(text).questions) == 500


@pytest.mark.parametrize("sign", [" ", "\u3000", "\t", "_", "#", "-", "("])
def test_thousands_of_one_sign_are_read_at_once(sign: str) -> None:
    started = time.process_time()
    reading = read(
        f"1. 水{sign * 20_000}沸点\nA. 对\nB. 错\n答案：A\n一、综合{sign * 20_000}\n".encode(), "a.txt", format="text"
    )
    assert len(reading.questions) == 1
    assert time.process_time() - started < 5


def test_thousands_of_counted_lines_are_no_question() -> None:
    started = time.process_time()
    with pytest.raises(Refused):
        read("".join(f"一、读（{n}分）\n" for n in range(1500)).encode(), "a.txt")
    assert time.process_time() - started < 6
