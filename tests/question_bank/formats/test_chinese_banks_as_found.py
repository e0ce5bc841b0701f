"""Banks of Chinese quiz pages and mini programs: scripts that hold code beside data, answers said twice, long rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json
from tests.question_bank.formats.sheets import csv_read


def _read(found: Any, name: str = "bank.json") -> Any:
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return read(text.encode(), name)


def _right(reading: Any) -> list[Any]:
    return [one["answers"] for one in map(as_json, reading.questions)]


def _reasons(reading: Any) -> list[str]:
    return [str(one.reason) for one in reading.refused]


def _item(**more: Any) -> dict[str, Any]:
    return {"question": "哪个是金属？", "options": ["铁", "木", "水"], **more}


WHOLE = "{question: '哪个是金属？', options: ['铁', '木'], answer: 'A'}"
WORKED_OUT = "{question: '哪个能浮？', options: make(2), answer: 'A'}"


def test_a_list_that_is_no_plain_data_is_told_beside_others() -> None:
    script = (
        f"const easy = [{WHOLE}];\nconst hard = [\n  {WORKED_OUT},\n  {WHOLE},\n];\nexport default [...easy, ...hard]"
    )
    reading = _read(script, "bank.js")
    assert _right(reading) == [["铁"], ["铁"]]
    assert [one.where for one in reading.refused] == ["/hard/0"]
    assert "Line 3" in _reasons(reading)[0]


@pytest.mark.parametrize("entry", [WORKED_OUT, "choice('哪一个能浮在水上？', ['木', '铁'], 0)"])
def test_a_list_of_which_nothing_is_plain_is_told_too(entry: str) -> None:
    reading = _read(f"const easy = [{WHOLE}];\nconst hard = [{entry}];", "bank.js")
    assert len(reading.questions) == 1
    assert len(reading.refused) == 1


def test_lists_that_ask_nothing_are_not_told() -> None:
    pages = "const routes = [{path: '/', title: 'Home', component: () => import('./a')}, {path: '/b', load: f(1)}];"
    reading = _read(f"const easy = [{WHOLE}];\n{pages}", "bank.js")
    assert len(reading.questions) == 1
    assert not reading.refused


def test_questions_inside_of_what_is_worked_out_are_read() -> None:
    parts = f"const parts = [{{name: t('x'), questions: [{WHOLE}]}}];"
    assert _right(_read(parts, "bank.js")) == [["铁"]]


def test_the_state_of_a_page_is_data() -> None:
    assert _right(_read(f"const [questions, setQuestions] = useState([{WHOLE}]);", "bank.tsx")) == [["铁"]]


DIFFERING = (
    _item(answer="A", answers=["A", "B"]),
    _item(answer="A", correct="B"),
    _item(answer="铁", correctAnswer="木"),
    {"question": "铁是金属", "type": "判断题", "answer": "对", "correct": False},
    {
        "question": "哪个？",
        "options": [{"text": "铁", "correct": True}, {"text": "木", "correct": False}],
        "answer": "B",
    },
)


@pytest.mark.parametrize("item", DIFFERING)
def test_answers_that_differ_are_refused(item: dict[str, Any]) -> None:
    reading = _read([item, _item(answer="A")])
    assert _right(reading) == [["铁"]]
    assert len(reading.refused) == 1


AGREEING = (
    _item(answer="A", correctAnswer="铁"),
    _item(answer="A", answers=["铁"]),
    _item(answer="A", explanation="B", userAnswer="B"),
    _item(answer="", correct="A"),
)


@pytest.mark.parametrize("item", AGREEING)
def test_answers_that_agree_are_one(item: dict[str, Any]) -> None:
    assert _right(_read([item])) == [["铁"]]


FOUND = (
    {"title": "测试1", "description": "哪个是金属？", "choices": ["铁", "木"], "answer": "A"},
    {"describe": "哪个是金属", "option": ["铁", "木"], "solution": "A", "answer": "", "mark": False, "score": 1},
    {"quContent": "哪个是金属", "quA": "铁", "quB": "木", "quAnswer": "A", "quType": "0"},
    {"question": "哪个是金属", "option": {"A": "铁", "B": "木"}, "true": "A"},
    {"question": "哪个是金属", "options": [{"id": "1a", "text": "铁"}, {"id": "1b", "text": "木"}], "answers": ["1a"]},
    {
        "content": "哪个是金属",
        "optionList": [[{"k": "A", "content": "铁"}], [{"k": "B", "content": "木"}]],
        "answer": [["A"]],
    },
)


@pytest.mark.parametrize("item", FOUND)
def test_other_names_and_places(item: dict[str, Any]) -> None:
    reading = _read([item])
    assert not reading.refused
    assert [as_json(one)["stem"].rstrip("？") for one in reading.questions] == ["哪个是金属"]
    assert _right(reading) == [["铁"]]


def test_ids_of_options_that_are_numbers_may_look_like_letters() -> None:
    options = [{"id": "1a", "content": "3"}, {"id": "1b", "content": "4"}]
    assert _right(_read([{"question": "2 + 2 = ?", "options": options, "answer": "1b"}])) == [["4"]]


def test_what_each_question_earns_above_a_list() -> None:
    reading = _read({"every_score": 5, "data": [_item(answer="A")]})
    assert [one["marks"] for one in map(as_json, reading.questions)] == [5]


def test_points_listed_in_a_sentence_are_not_typed() -> None:
    item = {
        "type": "short_answer",
        "stem": "简述它的内容",
        "referenceAnswer": "兴办工业企业；建立新式学堂；派出留学人员。",
    }
    reading = _read([item])
    assert [one.kind for one in reading.questions] == ["essay"]


# Tables


def test_a_comma_in_a_text_without_quotes_shifts_nothing_in_silence() -> None:
    reading = csv_read(
        "题型,题干,选项A,选项B,答案,解析\n"
        "单选题,哪个是金属,铁,木,A,铁是,木不是\n"
        "填空题,点(1,2)的横坐标是____,,,1,看第一个\n"
        "判断题,铁是金属,,,对,是\n"
        "填空题,水是____,,,H2O,是\n"
    )
    assert [one.where for one in reading.refused] == ["line 3"]
    assert [as_json(one)["explanation"] for one in reading.questions] == ["铁是,木不是", "是", "是"]


def test_notes_beyond_the_head_of_all_rows_are_notes() -> None:
    reading = csv_read("题型,题干,答案\n填空题,水是____,H2O,旧题\n填空题,盐是____,NaCl,新题\n")
    assert len(reading.questions) == 2
    assert not reading.refused


def test_a_question_in_two_columns_is_both() -> None:
    reading = csv_read(
        "题干,题目内容,选项A,选项B,答案\n材料的性质,哪个是金属？,铁,木,A\n材料的性质,哪个能浮？,铁,木,B\n"
    )
    assert [as_json(one)["stem"].split() for one in reading.questions] == [
        ["材料的性质", "哪个是金属？"],
        ["材料的性质", "哪个能浮？"],
    ]


@pytest.mark.parametrize("held", ['{"answer": "A"}', '{"answer": ["A"]}', "{'答案': 'A'}"])
def test_an_answer_inside_of_an_object_in_a_cell(held: str) -> None:
    quoted = held.replace('"', '""')
    reading = csv_read(f'题目类型,题目内容,选项A,选项B,正确答案\nSINGLE,哪个是金属？,铁,木,"{quoted}"\n')
    assert _right(reading) == [["铁"]]
