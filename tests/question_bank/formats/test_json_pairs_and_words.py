"""JSON banks whose names are questions, whose types nobody shares, or that hold nothing but texts and answers."""

from __future__ import annotations

import json
from typing import Any

from question_bank.formats import read
from question_bank.formats.listing import as_json


def _read(found: Any) -> Any:
    return read(json.dumps(found, ensure_ascii=False).encode(), "bank.json")


def _all(found: Any) -> list[tuple[str, str, list[Any]]]:
    """Of each question the kind, the text and the answers."""
    return [(one["kind"], one["stem"], one["answers"]) for one in map(as_json, _read(found).questions)]


def _reasons(reading: Any) -> list[str]:
    return [str(one.reason) for one in reading.refused]


def _item(stem: str, **more: Any) -> dict[str, Any]:
    return {"question": stem, "options": ["锡器", "黑麦", "橡木"], "answer": "B", **more}


# Names that are questions


def test_a_name_stands_above_its_options_in_a_line_and_its_answer() -> None:
    bank = {
        "1.酿酒用的谷物是_____。": ["A.锡器 B.黑麦 C.橡木", "B.黑麦"],
        "2.1937年建成的桥是_____。": ["A.石桥 B.钱塘江大桥", "B.钱塘江大桥"],
        "3.桶用什么做成_____？": ["A.橡木 B.铁", "A.橡木"],
    }
    assert _all(bank) == [
        ("single_choice", "酿酒用的谷物是_____。", ["黑麦"]),
        ("single_choice", "1937年建成的桥是_____。", ["钱塘江大桥"]),
        ("single_choice", "桶用什么做成_____？", ["橡木"]),
    ]


def test_lists_of_two_texts_that_hold_no_options_are_no_questions() -> None:
    words = {"question": "哪个？", "options": ["锡器", "黑麦"], "answer": "A", "tags": {"谷物种类": ["黑麦", "燕麦"]}}
    assert [kind for kind, _stem, _answers in _all([words])] == ["single_choice"]


def test_one_name_whose_answer_is_none_of_its_options_costs_the_others_nothing() -> None:
    bank = {"酒是什么做的|黑麦|铁": "黑麦", "桶是什么做的|橡木|铁": "橡木", "锅是什么做的|橡木|铁": "锡"}
    reading = _read(bank)
    assert [one["answers"] for one in map(as_json, reading.questions)] == [["黑麦"], ["橡木"]]
    assert len(reading.refused) == 1


def test_names_with_options_and_no_answers_are_refused_one_by_one() -> None:
    reading = _read({"酒是什么做的？|黑麦|铁": "", "天是蓝的。|正确|错误": ""})
    assert _reasons(reading) == ["The question has no answer."] * 2


def test_numbers_of_questions_are_cut_before_years_and_not_before_decimals() -> None:
    items = [_item("1.哪个？"), _item("2.2018年的谷物是哪个？"), _item("3.还有哪个？")]
    assert [stem for _kind, stem, _answers in _all(items)] == ["哪个？", "2018年的谷物是哪个？", "还有哪个？"]
    sums = [_item("1.5千克是哪个？"), _item("2.5千克是哪个？"), _item("3.一共是哪个？")]
    assert [stem for _kind, stem, _answers in _all(sums)][:2] == ["1.5千克是哪个？", "2.5千克是哪个？"]


# Fields and types that nobody shares


def test_brackets_of_any_form_show_which_field_asks() -> None:
    items = [{"main": f"【】是第{n}种谷物。", "options": ["A．锡器", "B．黑麦"], "answer": "B．黑麦"} for n in "一二"]
    reading = _read(items)
    assert [one["answers"] for one in map(as_json, reading.questions)] == [["黑麦"], ["黑麦"]]
    assert [str(one) for one in reading.warnings] == ["Told by what they hold: the fields main. Please check."]


def test_a_case_with_options_and_an_answer_of_its_own_is_a_choice() -> None:
    items = [_item(f"【案例】某人酿酒{n}次，用什么？", type="case", answer=[n]) for n in (0, 1)]
    assert _all(items) == [
        ("single_choice", "【案例】某人酿酒0次，用什么？", ["锡器"]),
        ("single_choice", "【案例】某人酿酒1次，用什么？", ["黑麦"]),
    ]


def test_two_questions_that_ran_together_are_refused() -> None:
    options = ["A. 锡器", "B. 黑麦\n答案：A\n2.桶是什么做的？", "C. 橡木"]
    reading = _read([_item("哪个？"), _item("酒是什么做的？", options=options)])
    assert len(reading.questions) == 1
    assert _reasons(reading) == ["An option holds an answer of its own: two questions have run together."]


def test_two_rows_of_a_table_that_ran_together_are_refused() -> None:
    table = (
        '题干,选项A,选项B,答案\n酒是什么做的？,锡器,"黑麦\n正确答案：A\n2.桶是什么做的？",B\n桶是什么做的？,橡木,铁,A\n'
    )
    reading = read(table.encode(), "bank.csv")
    assert [one["answers"] for one in map(as_json, reading.questions)] == [["橡木"]]
    assert _reasons(reading) == ["An option holds an answer of its own: two questions have run together."]


# Words to type


def test_texts_and_answers_alone_ask_for_words() -> None:
    pairs = [("酒是什么做的", "黑麦"), ("桶是什么做的", "橡木"), ("一桶有几升", "225")]
    reading = _read([{"question": text, "answer": answer} for text, answer in pairs])
    assert [one["kind"] for one in map(as_json, reading.questions)] == ["short_answer"] * 3
    assert len(reading.warnings) == 3


def test_where_an_answer_is_a_letter_the_options_were_lost_and_words_may_be_theirs() -> None:
    reading = _read([{"question": "酒是什么做的", "answer": "黑麦"}, {"question": "桶是什么做的", "answer": "B"}])
    assert reading.questions == []
    assert len(reading.refused) == 2


def test_what_asked_to_choose_among_things_that_are_gone_asks_for_no_words() -> None:
    pairs = [("酒是什么做的", "黑麦"), ("以下哪个不是谷物", "锡器"), ("Which of the following is rye?", "this one")]
    pairs.append(("译出下面的句子：酒是黑麦做的", "Whisky is made of rye"))
    reading = _read([{"question": text, "answer": answer} for text, answer in pairs])
    assert [one["stem"][:2] for one in map(as_json, reading.questions)] == ["酒是", "译出"]
    assert len(reading.refused) == 2


def test_a_product_of_brackets_fills_one_blank() -> None:
    for answer in ("(x+2)(x-2)", "2(a+b)(a-b)", "（y+1）（y−1）"):
        found = _all([{"question": "因式分解：____", "type": "填空题", "answer": answer}])
        assert [[one["text"] for one in blank] for blank in found[0][2]] == [[answer]]


# Answers in other places


def _accepted(question: dict[str, Any]) -> list[list[str]]:
    """Of each blank the texts that are accepted."""
    read = as_json(_read([question]).questions[0])
    return [[one["text"] for one in blank] for blank in read["answers"]]


def test_accepted_answers_stand_beside_an_answer_of_any_name() -> None:
    one = {"type": "fill", "content": "英文简称是____。", "options": [], "standard_answer": "CNC"}
    assert _accepted({**one, "accepted_answers": ["CNC", "CNC系统"]}) == [["CNC", "CNC系统"]]
    assert _accepted({**one, "accepted_answers": []}) == [["CNC"]]
    held = {"type": "fill-blank", "content": "水有固体、____和气体。", "correctAnswer": {"q": "液态"}}
    assert _accepted({**held, "multiAnswers": {"q": ["液态", "液体"]}}) == [["液态", "液体"]]
    assert _accepted({**held, "multiAnswers": None}) == [["液态"]]


def test_accepted_answers_of_several_blanks_are_for_each_of_them() -> None:
    two = {"type": "fill", "content": "先____，后____。", "standard_answer": "甲；乙"}
    assert _accepted({**two, "accepted_answers": ["丙；丁"]}) == [["甲", "丙"], ["乙", "丁"]]
    assert _reasons(_read([{**two, "accepted_answers": ["丙"]}])) == [
        "The answer is written in a way that is not known here."
    ]


def test_an_answer_one_level_deeper_is_no_option_and_no_reason() -> None:
    assert _all([_item("哪个？", answer={"q": "C"})]) == [("single_choice", "哪个？", ["橡木"])]
    for held in ({"A": "对"}, {"explanation": "因为如此。"}, {"score": "2"}, {"甲": "对"}):
        reading = _read([_item("哪个？", answer=held)])
        assert not reading.questions
        assert _reasons(reading) == ["The answer is written in a way that is not known here."]


def test_letters_alone_are_the_answer_beside_lettered_options() -> None:
    options = {"A": "锡器", "B": "黑麦", "C": "橡木"}
    one = {"typeName": "多选题", "topic": "哪些？", "answerList": ["A", "C"], "optionMap": [options]}
    verdict = {"typeName": "判断题", "topic": "天蓝。", "answerList": ["B"], "optionMap": {"A": "对", "B": "错"}}
    assert _all([one, verdict]) == [
        ("multiple_choice", "哪些？", ["锡器", "橡木"]),
        ("true_false", "天蓝。", [False]),
    ]
    assert _reasons(_read([{**one, "answerList": ["A", "E"]}, verdict])) == ["The question has no answer."]
    assert _all([_item("哪个？", options=[options])]) == [("single_choice", "哪个？", ["黑麦"])]


def test_a_chapter_with_the_name_of_a_kind_in_its_own_holds_choices() -> None:
    bank = {"常识判断": [_item("哪个？")], "判断推理": [{"q": "天是蓝的。", "options": ["对", "错"], "answer": "A"}]}
    assert _all(bank) == [("single_choice", "哪个？", ["黑麦"]), ("true_false", "天是蓝的。", [True])]


def test_points_below_a_line_with_a_colon_are_read_by_a_marker() -> None:
    assert _all([{"question": "有哪些形式？", "answer": "常见形式：\n理论学习\n志愿服务"}])[0][0] == "essay"
