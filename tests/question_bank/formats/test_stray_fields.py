"""Fields of questions under names, or written in ways, that few others use: marks, answers, options, pairs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import sourced
from question_bank.formats.sourced import Asked


def _read(text: str, name: str = "bank.json") -> Any:
    return sourced.read(text.encode(), name, Asked("auto", None), "", at_desk=True).reading


def _bank(*items: dict[str, Any]) -> Any:
    return _read(json.dumps(list(items), ensure_ascii=False))


def _right(draft: Any) -> list[str]:
    return [one["html"] for one in draft.content["options"] if one["fraction"] != "0"]


def _notes(reading: Any) -> str:
    return " ".join(str(one) for one in reading.warnings)


CHOICE = {"type": "单选题", "question": "哪个发光？", "options": ["太阳", "月亮"], "answer": "A"}


@pytest.mark.parametrize("name", ["questionSumscore", "itemScore", "本题分"])
def test_a_mark_under_a_name_of_its_own_is_taken_and_told(name: str) -> None:
    reading = _bank({**CHOICE, name: 4})
    assert (reading.questions[0].mark, name in _notes(reading)) == (4000, True)


@pytest.mark.parametrize("name", ["userScore", "difficultyScore", "scoreRate", "得分", "passScore"])
def test_a_score_that_is_no_mark_is_left_alone(name: str) -> None:
    reading = _bank({**CHOICE, name: 4})
    assert (reading.questions[0].mark, reading.warnings) == (1000, [])


def test_two_scores_that_differ_tell_no_mark() -> None:
    assert _bank({**CHOICE, "itemScore": 4, "blockScore": 2}).questions[0].mark == 1000


def test_a_column_of_marks_is_taken_whatever_its_head() -> None:
    table = "题型,题干,选项A,选项B,答案,%s\n单选题,哪个发光？,太阳,月亮,A,3\n"
    reading = _read(table % "单题分值", "bank.csv")
    assert (reading.questions[0].mark, "单题分值" in _notes(reading)) == (3000, True)
    assert _read(table % "试卷总分", "bank.csv").questions[0].mark == 1000


def test_lists_that_stand_as_json_in_texts_are_read() -> None:
    reading = _bank(
        {"title": "哪个发光？", "options": '["太阳", "月亮"]', "correct": "[0]"},
        {"title": "哪些是行星？", "options": '["地球", "太阳", "火星"]', "correct": "[0,2]"},
    )
    assert [_right(one) for one in reading.questions] == [["太阳"], ["地球", "火星"]]


def test_lists_that_a_script_writes_as_texts_are_read() -> None:
    texts = """options: JSON.stringify(["地球", "太阳", "火星"]), answer: JSON.stringify(["A", "C"])"""
    item = "{question: '哪些是行星？', " + texts + "}"
    assert _right(_read(f"module.exports = [{item}]", "bank.js").questions[0]) == ["地球", "火星"]


def test_an_interval_is_the_text_of_an_option() -> None:
    options = [{"label": "A", "value": "[1,2]"}, {"label": "B", "value": "[0,3]"}]
    item = {"question": "定义域是？", "questionLatex": "x", "options": options, "correctAnswer": "[0,3]"}
    (draft,) = _bank(item).questions
    assert (draft.stem_html, _right(draft)) == ("定义域是？", ["[0,3]"])


def test_what_is_accepted_as_well_is_an_answer() -> None:
    item = {"type": "fill", "stem": "水的化学式是____。", "answer_key": "H2O", "answer_accept": ["H2O", "一氧化二氢"]}
    (draft,) = _bank(item).questions
    assert [one["text"] for one in draft.content["blanks"][0]["answers"]] == ["H2O", "一氧化二氢"]


def test_texts_for_one_blank_that_are_not_alike_are_told() -> None:
    item = {"type": "填空题", "question": "省会有____。", "answer": ["武汉", "长沙"]}
    assert "武汉；长沙" in _notes(_bank(item))
    assert not _bank({**item, "answer": ["Wuhan", "wuhan"]}).warnings


def test_the_number_of_an_option_in_its_text_answers() -> None:
    item = {"question": "哪些是行星？", "options": ["1. 太阳", "2. 地球", "3. 火星"], "answer": "2, 3"}
    assert _right(_bank(item).questions[0]) == ["2. 地球", "3. 火星"]


def test_a_verdict_as_a_number_is_refused_where_numbers_count_options() -> None:
    counted = {"type": "SINGLE", "title": "哪个发光？", "options": ["太阳", "月亮"], "answer": ["0"]}
    judged = {"type": "JUDGE", "title": "太阳发光。", "options": [], "answer": ["0"]}
    reading = _bank(counted, {**counted, "answer": ["1"], "title": "哪个不发光？"}, judged)
    assert (len(reading.questions), [one.where for one in reading.refused]) == (2, ["/2"])
    assert _bank({**judged, "answer": "0"}).questions[0].content["answer"] is False


def test_an_answer_in_words_that_is_explained_is_an_essay() -> None:
    reading = _bank({"question": "怎样设计一个图书馆的关系模式？", "answer": "三个实体", "analysis": "先找实体。"})
    assert (reading.questions[0].kind, "essay" in _notes(reading)) == ("essay", True)


def test_options_on_the_line_of_the_question_are_read() -> None:
    item = {"type": "choice", "text": "Is this Tom's? Yes, it's ____. A. he  B. his  C. him", "answer": "B"}
    (draft,) = _bank(item).questions
    assert (draft.stem_html, _right(draft)) == ("Is this Tom's? Yes, it's ____.", ["his"])


def test_one_option_that_begins_like_a_letter_keeps_it() -> None:
    item = {**CHOICE, "question": "哪个能建？", "options": ["a.zip", "why?.txt"]}
    assert _right(_bank(item).questions[0]) == ["a.zip"]


def test_an_explanation_in_a_solution_belongs_to_the_question() -> None:
    (draft,) = _bank({**CHOICE, "solution": {"analysis": "月亮反光。"}}).questions
    assert draft.explanation_html == "月亮反光。"


def test_a_name_that_is_an_id_asks_nothing() -> None:
    item = {"name": "que1", "desc": "延时小于(   )秒。", "options": ["1", "2"], "answer": "A"}
    assert _bank(item).questions[0].stem_html.startswith("延时小于")


def test_pairs_are_told_by_the_letters_and_numbers_of_both_sides() -> None:
    item = {"type": "连线题", "question": "连线", "left": ["A. 李白", "B. 杜甫"], "right": ["1. 诗史", "2. 诗仙"]}
    (draft,) = _bank({**item, "answer": "A-2, B-1"}).questions
    assert [(one["html"], one["match_html"]) for one in draft.content["pairs"]] == [("李白", "诗仙"), ("杜甫", "诗史")]
    assert not _bank({**item, "answer": "A-2, B-3"}).questions


def test_a_kind_with_a_colon_before_a_question_is_no_heading() -> None:
    text = "### 3. 判断题：水往低处流动。（5分）\n\n- A. 正确\n- B. 错误\n\n> 答案：A\n"
    text += "\n### 4. 单选题：哪个冷？\n\n- A. 冰\n- B. 火\n\n> 答案：A\n"
    found = [(one.kind, one.stem_html, one.mark) for one in _read(text, "paper.md").questions]
    assert found == [("true_false", "水往低处流动。", 5000), ("single_choice", "哪个冷？", 1000)]


def test_blanks_are_cut_at_a_stroke_between_spaces() -> None:
    (draft,) = _bank({"type": "填空题", "question": "设____为____。", "answer": "shutdown / graceful mode"}).questions
    assert [blank["answers"][0]["text"] for blank in draft.content["blanks"]] == ["shutdown", "graceful mode"]


@pytest.mark.parametrize("key", ["answer", "correct_answer"])
def test_a_title_beside_a_text_is_the_question_only_where_it_asks(key: str) -> None:
    item = {"options": ["A. 4", "B. 5"], key: "B"}
    (named,) = _bank({"title": "质数", "content": "下列是质数的是（ ）", **item}).questions
    (asked,) = _bank({"title": "哪一个是质数？", "content": "请选择正确答案。", **item}).questions
    assert named.stem_html == "下列是质数的是（ ）"
    assert ("哪一个是质数？" in asked.stem_html, "请选择正确答案" in asked.stem_html) == (True, True)
