"""JSON and scripts of quiz programs as they are found: marks, orders, blanks and answers in other places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats.listing import as_json
from tests.question_bank.formats.json_items import RYE, all_of, read_json, reasons, which

# Scripts


def test_members_of_enumerations_say_the_type() -> None:
    script = (
        "export const LIST: Q[] = [{id: 1, type: QuestionType.TRUE_FALSE, title: '天是蓝的。', answer: '√'},"
        " {id: 2, type: QuestionType.SINGLE_CHOICE, title: '哪个？', options: ['甲', '乙'], answer: 'B'}];"
    )
    assert all_of(script, "bank.ts") == [("true_false", [True], 1), ("single_choice", ["乙"], 1)]


CALLS = ("const list = ref([%s])", "Quiz.register({questions: [%s]});", "db.collection('q').insertMany([%s]);",
         "const list: Q[] = reactive<Q[]>([%s]);", 'window["BANK"] = [%s];')  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_data_inside_of_a_call_is_read(call: str) -> None:
    assert all_of(call % json.dumps(which()), "bank.js") == [RYE]


def test_what_a_program_works_out_beside_a_question_costs_it_nothing() -> None:
    item = "{id: uuid(), image: require('./a.png'), when: 1, createdAt: new Date(2020, 1), question: '哪个？',"
    script = (
        f"const list = [...others.map((a) => [a, 1]), {item} options: ['甲', '乙'], answer: 'B', onPick: () => go(1)}}]"
    )
    reading = read_json(script, "bank.js")
    assert [as_json(one)["answers"] for one in reading.questions] == [["乙"]]
    assert len(reading.warnings) == 1  # the picture


def test_a_script_is_no_paper() -> None:
    script = "export const list = [\n {id: 1, question: t('1. Which?'),\n  answer: 'A',\n  explanation: 'so'},\n]\n"
    with pytest.raises(Refused, match="no lists of plain data"):
        read_json(script, "bank.js")


MADE = (
    "const list = [make({type: 'single' as const, question: 'Which?', options: ['tin', 'rye'] as A, answer: 'B'})]",
    "const list = [new Question('Which?', ['tin', 'rye'], 'rye'), new Question('What?', ['oak', 'rye'], 'rye')]",
    "const list = [{question: 'Which?', options: ['tin', 'rye'], answer: 'B'} satisfies Item] as const;",
)


@pytest.mark.parametrize("script", MADE)
def test_questions_that_a_call_makes_and_types_behind_values(script: str) -> None:
    assert set(map(str, all_of(script, "bank.ts"))) == {str(RYE)}


# Where the options are counted from


def test_explanations_show_from_where_answers_count() -> None:
    items = [
        {"question": "一？", "options": ["铁矿", "水稻", "橡树"], "answer": 2, "explain": "水稻是粮食。"},
        {"question": "二？", "options": ["黄金", "小麦", "柳树"], "answer": 1, "explain": "黄金是金属。"},
    ]
    reading = read_json(items)
    assert [as_json(one)["answers"] for one in reading.questions] == [["水稻"], ["黄金"]]
    assert [str(one) for one in reading.warnings] == [
        "The answers count the options from 1, as the explanations show. Please check."
    ]


def test_explanations_that_show_both_tell_nothing() -> None:
    items = [
        {"question": "一？", "options": ["铁矿", "水稻", "橡树"], "answer": 2, "explain": "水稻是粮食。"},
        {"question": "二？", "options": ["黄金", "小麦", "柳树"], "answer": 1, "explain": "小麦是粮食。"},
    ]
    assert len(read_json(items).refused) == 2


def test_numbers_that_are_texts_too_count_where_others_have_to() -> None:
    items = [which(1, answer=0), which(2, answer=1), {"question": "2+1?", "options": ["2", "3", "1"], "answer": 1}]
    assert [answers for _kind, answers, _mark in all_of(items)] == [["tin"], ["rye"], ["3"]]


def test_several_numbers_count_where_one_of_them_has_to() -> None:
    items = [
        {"q": "False?", "opts": ["0", '"0"', "yes"], "correct": [0, 1]},
        {"q": "Loop?", "opts": ["a b", "c d"], "correct": 1},
    ]
    assert [answers for _kind, answers, _mark in all_of(items)] == [["0", '"0"'], ["c d"]]


def test_places_of_options_that_are_letters_are_no_texts() -> None:
    items = [{"question": "Objects?", "options": ["Java", "C", "Python"], "answer": [0, 2]}]
    assert all_of(items) == [("multiple_choice", ["Java", "Python"], 1)]


# Marks


def test_headings_between_questions_set_kind_and_mark() -> None:
    items = [
        {"type": "info", "info": "【单项选择题 共1题，每题2分】"},
        which(),
        "二、判断题（每题3分）",
        {"question": "天蓝", "answer": "T"},
    ]
    assert all_of(items) == [("single_choice", ["rye"], 2), ("true_false", [True], 3)]


PARTS = (
    ({"pointsPerCorrect": 5}, 5),
    ({"type": "一、单选题", "desc": "每题2分，共4分"}, 2),
    ({"name": "单选题", "score": 40, "count": 20}, 2),
    ({"name": "单选题", "score": 2, "count": 20}, 2),
)


@pytest.mark.parametrize(("part", "mark"), PARTS)
def test_what_stands_above_a_part_sets_the_mark(part: dict[str, Any], mark: int) -> None:
    assert [found for _kind, _answers, found in all_of({**part, "questions": [which(1), which(2)]})] == [mark, mark]


def test_a_score_of_each_or_of_all_is_told() -> None:
    reading = read_json({"单选题": {"score": 2, "questions": [which(1), which(2)]}})
    assert "单选题: a score stands above the questions" in str(reading.warnings[0])


def test_the_full_score_is_the_mark_beside_what_somebody_got() -> None:
    assert [mark for *_rest, mark in all_of([which(1, score=0, fullScore=2), which(2, score=1, full_score=4)])] == [
        2,
        4,
    ]


# Blanks


X, Z = {"accepted": ["x", "y"]}, {"answer": "z"}
BLANKS: tuple[dict[str, Any], ...] = (
    {"question": "__b2__ and __b1__", "blanks": [{"id": "b1", **X}, {"id": "b2", **Z}]},
    {"template": "_1_ and _2_", "blanks": [{"blankId": 1, **Z}, {"blankId": 2, "acceptedAnswers": ["x", "y"]}]},
    {"prompt": "Fill in:", "clozeText": "{{z}} and {{x}}", "blanks": [Z, X]},
    {"textWithBlanks": "___(1)___ and ___(2)___", "blanks": [Z, {"correctAnswer": "x", "acceptableVariants": ["y"]}]},
)


@pytest.mark.parametrize("item", BLANKS)
def test_blanks_that_are_objects_of_their_own(item: dict[str, Any]) -> None:
    ((kind, answers, _mark),) = all_of([{"type": "fill-blank", **item}])
    assert (kind, [[one["text"] for one in blank] for blank in answers]) == ("fill_in", [["z"], ["x", "y"]])


def test_one_blank_with_options_is_a_choice() -> None:
    item = {"text": "He was ___1___.", "blanks": [{"index": 1, "answer": "rye", "options": ["tin", "rye"]}]}
    assert all_of([item]) == [RYE]


def test_a_choice_below_a_heading_of_blanks_is_a_choice() -> None:
    assert all_of({"填空题": [which(question="It is ____.", answer="rye")]}) == [RYE]


def test_what_fills_a_blank_and_accepted_answers_alone() -> None:
    items = [{"type": "fill", "question": "It is ____.", "answers": ["H2O"], "correct": [0]},
             {"type": "fill", "question": "She ____ happy.", "acceptedAnswers": ["is"]}]  # fmt: skip
    assert [[one["text"] for one in answers[0]] for _kind, answers, _mark in all_of(items)] == [["H2O"], ["is"]]


# Orders and pairs


NAMED = [{"id": "x", "text": "a1"}, {"id": "y", "text": "b1"}, {"id": "z", "text": "c1"}]
ORDERS: tuple[dict[str, Any], ...] = (
    {"items": ["a1", "b1", "c1"], "correctOrder": [2, 0, 1]},
    {"items": ["a1", "b1", "c1"], "correctOrder": "C → A → B"},
    {"items": NAMED, "correctOrder": ["z", "x", "y"]},
    {"items": [{"text": "a1", "position": 2}, {"text": "b1", "position": 3}, {"text": "c1", "position": 1}]},
)


@pytest.mark.parametrize("item", ORDERS)
def test_orders_by_places_letters_and_ids(item: dict[str, Any]) -> None:
    assert all_of([{"type": "sort", "question": "In order?", **item}])[0][:2] == ("ordering", ["c1", "a1", "b1"])


def test_an_order_that_cannot_be_told_is_refused() -> None:
    reading = read_json(
        [{"type": "ordering", "question": "In order?", "items": ["a1", "b1"], "correctOrder": "by age"}]
    )
    assert (reading.questions, len(reading.refused)) == ([], 1)


def test_the_instruction_is_the_question_of_pairs() -> None:
    item = {
        "type": "matching",
        "instruction": "Match.",
        "leftColumn": ["1", "2"],
        "rightColumn": ["b", "a"],
        "correctPairs": [[0, 1], [1, 0]],
    }
    assert all_of([item])[0][:2] == ("matching", [{"text": "1", "match": "a"}, {"text": "2", "match": "b"}])


def test_the_sides_of_pairs_may_have_ids() -> None:
    left, right = [{"id": 1, "text": "cat"}, {"id": 2, "text": "dog"}], ["a. bark", "b. mew"]
    item = {"type": "matching", "question": "Match.", "columnA": left, "columnB": right, "answer": {"1": "b", "2": "a"}}
    assert all_of([item])[0][1] == [{"text": "cat", "match": "mew"}, {"text": "dog", "match": "bark"}]


# Answers and options in other places


ELSEWHERE = (
    {"options": {"options": [{"id": "x", "text": "tin"}, {"id": "y", "text": "rye"}]}, "solution": {"correct_id": "y"}},
    {"options": [["tin", "rye"]], "answer": "B"},
    {"options": ["A. 锡", "B. rye*"], "type": "单选"},
    {"options": ["tin", "rye（正确）"]},
    {"answerItemList": [{"isRight": False, "answerText": "tin"}, {"isRight": True, "answerText": "rye"}]},
    {"questionOptions": [{"content": "tin", "isCorrect": 0}, {"content": "rye", "isCorrect": 1}]},
)  # fmt: skip


@pytest.mark.parametrize("item", ELSEWHERE)
def test_options_and_answers_in_other_places(item: dict[str, Any]) -> None:
    assert all_of([{"question": "Which?", **item}]) == [RYE]


def test_empty_brackets_are_an_answer_where_they_are_an_option() -> None:
    assert all_of([{"question": "A list?", "options": ["()", "[]"], "answer": "[]"}])[0][1] == ["[]"]


def test_the_tolerance_of_a_number_counts() -> None:
    ((kind, (answer,), _mark),) = all_of([{"type": "number", "question": "How many?", "answer": 42, "tolerance": 2}])
    assert (kind, answer["low"], answer["high"]) == ("numerical", 40, 44)


def test_a_typed_answer_with_others_as_right_needs_no_type() -> None:
    item = {"prompt": "What is printed?", "code": "print(1)", "answer": "ACD", "aliases": ["ACD\n", "acd"]}
    ((kind, answers, _mark),) = all_of([item])
    assert (kind, [one["text"] for one in answers]) == ("short_answer", ["ACD", "acd"])


def test_pointers_are_no_marks_of_right_options() -> None:
    assert len(read_json([{"question": "Which?", "options": ["int*", "rye", "a*"], "type": "single"}]).refused) == 1


def test_sentences_to_judge_are_no_options_of_their_heading() -> None:
    part = {
        "title": "判断题（每题3分）",
        "list": [{"title": "天蓝", "correct": True}, {"title": "地方", "correct": False}],
    }
    assert all_of(part) == [("true_false", [True], 3), ("true_false", [False], 3)]


def test_options_that_stand_above_several_questions() -> None:
    asked = [{"prompt": "它长得（ ）。", "answer": "B"}, {"prompt": "它很（ ）。", "answer": "A"}]
    found = all_of({"title": "x", "options": {"A": "高高的", "B": "快快的"}, "questions": asked})
    assert [answers for _kind, answers, _mark in found] == [["快快的"], ["高高的"]]


def test_multiple_beside_multi_is_a_single_choice() -> None:
    items = [which(1, type="multi", answer=[0, 1]), which(2, type="multiple", answer=2)]
    assert [kind for kind, *_rest in all_of(items)] == ["multiple_choice", "single_choice"]


def test_content_beside_a_question_stands_above_it() -> None:
    (draft,) = read_json([which(question="How old is she?", content="My daughter is six.")]).questions
    assert as_json(draft)["stem"].split() == "My daughter is six. How old is she?".split()


def test_names_of_programs_are_no_questions() -> None:
    (draft,) = read_json(
        [{"name": "question1", "message": "Which?", "choices": ["tin", "rye"], "rightAnswer": "rye"}]
    ).questions
    assert as_json(draft)["stem"] == "Which?"
    with pytest.raises(Refused):
        read_json({"listItem": {"answer": "√", "issue": "The sky is blue."}})


def test_scores_of_parts_are_no_options() -> None:
    item = {
        "topic": "Annuities",
        "correct": ["C", "H"],
        "partial": [{"slot": 0, "answer": "C"}, {"slot": 1, "answer": "H"}],
    }
    assert read_json([item]).questions == []


def test_options_that_a_program_fills_are_refused() -> None:
    item = which(question="About {topic}?", options={"A": "{one}", "B": "{two}"})
    assert reasons(read_json([item])) == ["A program puts the numbers into this question."]


def test_a_long_sentence_is_read_by_a_marker() -> None:
    answer = "公转时，地球的大小相对于距离可以忽略；自转时，地球上各点运动的情况各不相同，不能用一点代替。"
    assert all_of([{"type": "short_answer", "question": "为什么？", "answer": answer}])[0][0] == "essay"


# Broken files


BROKEN = (
    '[\n%s,\n {"question": "他说"好？", "options": ["a b", "c d"], "answer": "A"},\n%s]',
    '{"questions": [%s, {"question": "x", "options": ["a b" "c d"]}, %s]}',
    '[%s, %s, {"question": "cut of',
    '{"one": [{"question": "x"y"}, %s], "two": [%s]}',
)


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_object_costs_only_itself(text: str) -> None:
    reading = read_json(text % (json.dumps(which(1)), json.dumps(which(2))))
    assert [as_json(one)["stem"] for one in reading.questions] == ["Which is 1?", "Which is 2?"]
    assert [one[:18] for one in reasons(reading)] == ["This is not JSON: "]


def test_pairs_of_quotes_inside_of_a_text_break_nothing() -> None:
    whole = ",".join(json.dumps(which(n)) for n in (1, 2, 3))
    marked = '{"question": "所谓"大同"是指？", "options": ["甲"一"", "乙\\"二\\""], "answer": "B"}'
    first = '{"question": ""四绝"是？", "options": ["甲", "乙"], "answer": "A"}'
    read = list(map(as_json, read_json(f"[{whole},\n{marked},\n{first}]").questions))[3:]
    assert [(one["stem"], one["answers"]) for one in read] == [
        ('所谓"大同"是指？', ['乙"二"']),
        ('"四绝"是？', ["甲"]),
    ]
    for doubtful in ('"他说"好", "行"吗？"', '"5"屏是？"', '"他说"好", 行"', '"甲\n"乙"丙？"', '"甲" "乙？"'):
        reading = read_json(f'[{whole},\n{{"question": {doubtful}, "options": ["甲", "乙"], "answer": "A"}}]')
        assert len(reading.questions) == 3
        assert [one[:18] for one in reasons(reading)] == ["This is not JSON: "]


def test_a_part_with_a_broken_question_is_refused_with_its_file() -> None:
    part = '{"title": "判断题（每题2分）", "questions": [{"question": "a"b"}, {"question": "天蓝", "answer": "T"}]}'
    with pytest.raises(Refused, match="This is not JSON"):
        read_json(f"[{part}, {json.dumps({'questions': [which()]})}, {json.dumps({'questions': [which()]})}]")
