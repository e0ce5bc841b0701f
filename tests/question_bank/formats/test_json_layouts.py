"""JSON in the ways in which people write lists of questions: keys apart, ids, languages, texts as names, passages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import Reading, read
from tests.question_bank.formats.test_unseen_shapes import reasons, told


def read_json(found: Any) -> Reading:
    return read(json.dumps(found, ensure_ascii=False).encode(), "bank.json")


def options(found: Any) -> list[Any]:
    return [one[2] for one in told(read_json(found))]


ASKED = [
    {"id": "q1", "question": "春？", "options": ["冷", "暖"]},
    {"id": "q2", "question": "冬？", "options": ["冷", "暖"]},
]
TOLD = [["冷", "*暖"], ["*冷", "暖"]]


@pytest.mark.parametrize(
    "key",
    [
        {"q1": "B", "q2": "A"},
        {"q2": "A", "q1": "B"},
        [{"id": "q2", "answer": "A"}, {"id": "q1", "answer": "B"}],
        ["B", "A"],
        {"q1": {"answer": "B"}, "q2": {"answer": "A"}},
    ],
)
@pytest.mark.parametrize("name", ["answers", "answerKey", "答案"])
def test_answers_in_an_object_of_their_own(key: Any, name: str) -> None:
    assert options({"questions": ASKED, name: key}) == TOLD


def test_a_key_that_leaves_one_out_answers_nothing() -> None:
    reading = read_json({"questions": ASKED, "answers": {"q1": "B"}})
    assert (reading.questions, reasons(reading)) == ([], ["The question has no answer."] * 2)


def test_lists_side_by_side() -> None:
    asked = {"questions": ["春？", "冬？"], "options": [["冷", "暖"], ["冷", "暖"]], "correctAnswers": [2, 1]}
    assert options(asked) == TOLD


def test_the_text_of_a_question_may_be_the_name_of_its_object() -> None:
    assert options({"春天冷吗？": {"options": ["冷", "暖"], "answer": "暖"}}) == [["冷", "*暖"]]
    with pytest.raises(Exception, match="no questions"):
        read_json({"part1": {"options": ["冷", "暖"], "answer": "暖"}})


@pytest.mark.parametrize("key", ["correctAnswer", "rightOptionId"])
def test_answers_by_the_ids_of_options(key: str) -> None:
    among = [{"id": 701, "text": "冷"}, {"id": 702, "text": "暖"}]
    assert options([{"question": "春？", "options": among, key: 702}]) == [["冷", "*暖"]]


def test_small_ids_could_be_places_and_are_not_taken_for_names() -> None:
    among = [{"id": 1, "text": "冷"}, {"id": 2, "text": "暖"}, {"id": 3, "text": "热"}]
    reading = read_json([{"question": "春？", "options": among, "correctAnswer": 2}])
    assert (reading.questions, len(reading.refused)) == ([], 1)


def test_one_of_several_languages_is_read_and_named() -> None:
    asked = {
        "text": {"en": "Spring?", "zh": "春？"},
        "options": {"A": {"en": "cold", "zh": "冷"}, "B": {"en": "warm", "zh": "暖"}},
    }
    reading = read_json([{**asked, "correctAnswer": "B"}])
    assert told(reading) == [("single_choice", "春？", ["冷", "*暖"])]
    assert [one.params for one in reading.warnings] == [{"name": "zh"}]


def test_an_object_inside_may_hold_what_the_question_lacks() -> None:
    asked = {"title": "春？", "type": "单选题", "options": [{"key": "A", "text": "冷"}, {"key": "B", "text": "暖"}]}
    assert options([{**asked, "extra": {"correctOptionKey": "B"}}]) == [["冷", "*暖"]]
    inside = {"rightAnswer": "暖", "wrongAnswer1": "冷", "wrongAnswer2": "冰"}
    assert options([{"question": "春？", "answers": inside}]) == [["*暖", "冷", "冰"]]


def test_a_card_whose_back_begins_with_the_answer_is_a_question() -> None:
    card = {"front": "[单选题] 3、哪个暖？\nA、冬\nB、春", "back": "答案：B。\n解析：春天暖。"}
    reading = read_json([card])
    assert told(reading) == [("single_choice", "哪个暖？", ["冬", "*春"])]
    assert reading.questions[0].explanation_html == "春天暖。"


def test_types_that_name_something_else_are_what_the_questions_are_about() -> None:
    reading = read_json([{"type": "history", "question": "谁？", "options": ["甲", "乙"], "answer": "B"}])
    assert (told(reading)[0][0], reading.questions[0].category) == ("single_choice", "history")


def test_an_unknown_type_is_a_choice_where_the_answer_names_one_option_and_the_sender_hears_of_it() -> None:
    one = {"question": "谁？", "options": ["甲", "乙"], "answer": "B", "type": "single"}
    reading = read_json([{**one, "type": "riddle"}, {**one, "question": "何？"}])
    assert [draft.kind for draft in reading.questions] == ["single_choice", "single_choice"]
    assert [one.params for one in reading.warnings] == [{"where": "/0", "name": "riddle"}]


def test_an_unknown_type_with_another_answer_stays_unknown() -> None:
    one = {"question": "谁？", "options": ["甲", "乙"], "answer": "B", "type": "single"}
    reading = read_json([{**one, "type": "riddle", "answer": ["甲", "乙"]}, {**one, "question": "何？"}])
    assert (len(reading.questions), reasons(reading)) == (1, ["The type riddle is not known."])


@pytest.mark.parametrize(("kind", "name"), [("danxuan", "single_choice"), ("MCQs", "single_choice")])
def test_more_names_of_types(kind: str, name: str) -> None:
    assert told(read_json([{"type": kind, "question": "谁？", "options": ["甲", "乙"], "answer": "B"}]))[0][0] == name


def test_a_passage_and_code_and_a_picture_belong_to_the_question() -> None:
    asked = {"question": "印出什么？", "options": ["1", "2"], "answer": "B", "explanation": ""}
    stem = read_json([{**asked, "code": "for x in y:\n    z()"}]).questions[0].stem_html
    assert "<pre><code>for x in y:\n    z()</code></pre>" in stem
    assert read_json([{**asked, "passage": "很久以前。"}]).questions[0].stem_html.startswith("很久以前。")
    assert (
        'src="https://a.example/b.png"'
        in read_json([{**asked, "image": "https://a.example/b.png"}]).questions[0].stem_html
    )
    assert len(read_json([{**asked, "image": "img/b.png"}]).warnings) == 1


def test_a_question_of_a_form_unknown_here_is_refused_and_no_essay() -> None:
    among = [{"wording": "冷", "points": 0}, {"wording": "暖", "points": 1}]
    reading = read_json([{"questionContent": "春？", "type": 7, "candidates": among, "rightAnswer": ""}])
    assert (reading.questions, len(reading.refused)) == ([], 1)


def test_letters_that_do_not_run_on_from_a_are_no_options() -> None:
    reading = read_json([{"t": "math", "type": "fill", "q": "一加一得 ____", "blanks": [{"o": ["1", "2"], "a": 1}]}])
    assert (reading.questions, len(reading.refused)) == ([], 1)


def test_an_answer_with_its_reason_behind_it() -> None:
    asked = {
        "title": "封装",
        "body": "哪个暖？\nA. 冬天\nB. 春天",
        "answer": "B。因为春天暖。",
        "questionType": "选择题",
    }
    reading = read_json([asked])
    assert told(reading) == [("single_choice", "哪个暖？", ["冬天", "*春天"])]
    assert reading.questions[0].explanation_html == "因为春天暖。"


def test_a_word_that_looks_like_letters_is_the_option_that_says_it() -> None:
    asked = {"question": "哪个是名字？", "options": ["abc", "3abc", "a-b"], "answer": "abc", "type": "single"}
    assert options([asked]) == [["*abc", "3abc", "a-b"]]


def test_a_sentence_as_a_short_answer_is_for_the_marker() -> None:
    reading = read_json(
        [{"type": "short_answer", "question": "春天怎样？", "answer": "天气变暖，花开了，鸟也回来了。"}]
    )
    assert [draft.kind for draft in reading.questions] == ["essay"]


def test_a_text_beside_questions_is_what_they_are_about() -> None:
    asked = [{"question": "谁？", "options": ["狐狸", "老虎"], "answer": "A"}]
    story = "从前有一只狐狸住在山里，每天都到河边去看自己的影子，回来告诉大家它见到了谁。"
    assert [draft.kind for draft in read_json({"text": story, "questions": asked}).questions] == ["case"]
    assert [draft.kind for draft in read_json({"text": "第一套", "questions": asked}).questions] == ["single_choice"]


@pytest.mark.parametrize("among", [{"1": "冷", "2": "暖"}, {"option1": "冷", "option2": "暖"}])
def test_options_by_number_are_named_by_it(among: dict[str, str]) -> None:
    name = list(among)[1]
    assert options([{"question": "春？", "options": among, "answer": name}]) == [["冷", "*暖"]]


def test_questions_as_lists_of_three() -> None:
    assert options([["春？", ["冷", "暖"], 1], ["冬？", ["冷", "暖"], 0]]) == TOLD


def test_names_may_say_in_which_form_a_text_is_written() -> None:
    asked = {"type": "choice", "stemMd": "春？", "options": ["冷", "暖"], "answer": "B", "explanationMd": "春天暖。"}
    assert told(read_json([asked])) == [("single_choice", "春？", ["冷", "*暖"])]


def test_a_right_and_wrong_answers_under_short_names() -> None:
    assert options([{"question": "春？", "correct": "暖", "incorrect": ["冷", "冰"]}]) == [["*暖", "冷", "冰"]]


def test_what_is_empty_says_nothing() -> None:
    asked = {"question_type": "true_false", "question_text": "水湿？", "choices": None, "answer_index": None}
    assert options([{**asked, "answer_text": "true"}]) == [[True]]


def test_more_words_for_the_parts_of_a_question() -> None:
    asked = {"quesContent": "春？", "quesAnswer": "B", "quesAnalysis": "春天暖。"}
    among = [{"optKey": "A", "optValue": "冷"}, {"optKey": "B", "optValue": "暖"}]
    assert options([{**asked, "quesOptions": among}]) == [["冷", "*暖"]]


def test_an_answer_may_flag_each_option() -> None:
    assert options([{"question": "哪些暖？", "options": ["冬", "春", "夏"], "correct": [False, True, True]}]) == [
        ["冬", "*春", "*夏"]
    ]


def test_true_and_false_as_options_are_no_choice() -> None:
    reading = read_json([{"question": "水湿？", "options": [True, False], "answer": True}])
    assert [draft.kind for draft in reading.questions] == ["true_false"]


def test_questions_one_level_below_something_with_a_type_are_found() -> None:
    asked = [{"question": "春？", "options": ["冷", "暖"], "answer": "暖"}]
    section = {"type": "multiple-choice", "content": "试一试", "exercise": {"questions": asked}}
    assert options({"sections": [section]}) == [["冷", "*暖"]]


def test_two_lists_and_what_joins_them() -> None:
    asked = {"type": "matching", "question": "配对", "left": ["猫", "狗"], "right": ["喵", "汪"]}
    for answer in ({"answer": {"猫": "喵", "狗": "汪"}}, {"correctPairs": [[0, 0], [1, 1]]}):
        content = read_json([{**asked, **answer}]).questions[0].content
        assert [(one["html"], one["match_html"]) for one in content["pairs"]] == [("猫", "喵"), ("狗", "汪")]


def test_several_texts_for_one_blank_are_all_accepted() -> None:
    content = (
        read_json([{"type": "fill", "question": "一年有___天", "answer": ["365", "三百六十五"]}]).questions[0].content
    )
    assert [[one["text"] for one in blank["answers"]] for blank in content["blanks"]] == [["365", "三百六十五"]]


def test_options_by_letter_may_say_of_themselves_whether_they_are_right() -> None:
    among = {"A": {"text": "冷", "correct": False}, "B": {"text": "暖", "correct": True}}
    assert options([{"question": "春？", "choices": among}]) == [["冷", "*暖"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"题": "春？", "选": ["冷", "暖"], "答": "B"},
        {"q": "春？", "opts": ["冷", "暖"], "a": 1},
        {
            "content": "春？",
            "items": [{"prefix": "A", "content": "冷"}, {"prefix": "B", "content": "暖"}],
            "correct": "B",
        },
        {"subject": "春？", "A": "冷", "B": "暖", "right": "B"},
    ],
)
def test_names_of_one_sign_and_other_short_ones(asked: dict[str, Any]) -> None:
    first = {"q": "冬？", "opts": ["冷", "暖"], "a": 0}
    assert options([first, asked] if "opts" in asked else [asked])[-1] == ["冷", "*暖"]


def test_a_question_without_any_key_is_refused_and_never_lost() -> None:
    keyed = {"question": "冬？", "options": ["冷", "暖"], "answer": "A"}
    for unkeyed in ({"question": "春？"}, {"question": "春？", "answer": ""}, {"question": "春？", "解": {"a": 1}}):
        found = read_json([keyed, unkeyed])
        assert [one.kind for one in found.questions] == ["single_choice"]
        assert reasons(found) == ["The question has no answer."]
