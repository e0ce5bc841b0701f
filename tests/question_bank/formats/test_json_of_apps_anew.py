"""JSON of quiz apps: types by other names, choices that are verdicts, and marks left before a question."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json


def _read(found: Any, name: str = "bank.json") -> Any:
    return read(json.dumps(found, ensure_ascii=False).encode(), name)


def _all(found: Any) -> list[tuple[str, list[Any]]]:
    """Of each question the kind and the answers."""
    reading = _read(found)
    assert not reading.refused
    return [(one["kind"], one["answers"]) for one in map(as_json, reading.questions)]


def _kahoot(*choices: tuple[str, bool]) -> dict[str, Any]:
    said = [{"answer": text, "correct": right} for text, right in choices]
    return {"questions": [{"type": "quiz", "question": "Rye is a grass.", "time": 20000, "choices": said}]}


def test_a_kahoot_of_true_and_false_asks_whether_it_is_so() -> None:
    assert _all(_kahoot(("True", True), ("False", False))) == [("true_false", [True])]
    assert _all(_kahoot(("对", False), ("错", True))) == [("true_false", [False])]
    assert _all(_kahoot(("True", True), ("Unknown", False))) == [("single_choice", ["True"])]


def test_an_input_with_options_is_chosen_from() -> None:
    found = [{"question": "Which?", "type": "input", "options": ["oak", "rye"], "answer": one} for one in ("rye", "A")]
    assert _all(found) == [("single_choice", ["rye"]), ("single_choice", ["oak"])]


@pytest.mark.parametrize("said", ["input", "text_input"])
def test_what_is_typed_in_is_a_short_answer(said: str) -> None:
    found = [{"question": "Which grain?", "type": said, "correctAnswer": "rye"}]
    assert _all(found) == [("short_answer", [{"fraction": 1, "text": "rye"}])]


@pytest.mark.parametrize(
    ("stem", "shown"),
    [("** 哪种粮食？( )", "哪种粮食？( )"), ("**Which** grain?", "**Which** grain?"), ("** a ** b?", "** a ** b?")],
)
def test_stars_that_a_number_left_behind_are_no_part_of_a_question(stem: str, shown: str) -> None:
    reading = _read([{"content": stem, "options": ["rye", "oak"], "answer": "A"}])
    assert as_json(reading.questions[0])["stem"] == shown


def _trivia(stem: str, kind: str, right: str, *wrong: str) -> list[dict[str, Any]]:
    return [{"type": kind, "question": stem, "correct_answer": right, "incorrect_answers": list(wrong)}]


ENCODED = (
    _trivia("Which%20is%20100%25%20rye%3F", "multiple", "Rye%20bread", "Oak", "Tin%20%26%20ore"),
    _trivia("Which+is+100%25+rye%3F", "multiple", "Rye+bread", "Oak", "Tin+%26+ore"),
    _trivia("V2hpY2ggaXMgMTAwJSByeWU/", "bXVsdGlwbGU=", "UnllIGJyZWFk", "T2Fr", "VGluICYgb3Jl"),
)


@pytest.mark.parametrize("found", ENCODED)
def test_encoded_texts_of_open_trivia_are_decoded(found: Any) -> None:
    one = as_json(_read({"response_code": 0, "results": found}).questions[0])
    assert (one["stem"], one["answers"]) == ("Which is 100% rye?", ["Rye bread"])
    assert [option["text"] for option in one["options"]] == ["Rye bread", "Oak", "Tin & ore"]


def test_a_percent_in_a_question_is_no_code() -> None:
    one = as_json(_read(_trivia("Is 100%25 a number?", "multiple", "no", "yes", "both")).questions[0])
    assert one["stem"] == "Is 100%25 a number?"


def test_a_nested_question_keeps_its_text() -> None:
    parts = [{"type": "Select", "content": "Which?", "options": ["rye", "oak"], "answer": "A"}]
    assert [kind for kind, _ in _all([{"type": "Nested", "content": "A short text.", "questions": parts}])] == ["case"]


def test_what_stands_for_an_answer_is_none() -> None:
    assert _all([{"type": "short-answer", "content": "何为粮食？", "answer": "略"}]) == [("essay", [])]
    reading = _read([{"type": "填空题", "content": "粮食有____。", "answer": "（略）"}])
    assert [str(one.reason) for one in reading.refused] == ["The question has no answer."]


def _react(*answers: str) -> list[dict[str, Any]]:
    more = {"answerSelectionType": "single", "correctAnswer": "2", "questionType": "text"}
    return [{"question": "Rye is a tree.", "answers": list(answers), **more}]


def _quizizz(*texts: str) -> list[dict[str, Any]]:
    options = [{"text": text} for text in texts]
    structure = {"kind": "MCQ", "query": {"text": "Rye is a tree."}, "options": options, "answer": 1}
    return [{"type": "MCQ", "structure": structure}]


@pytest.mark.parametrize("found", [_react("True", "False"), _quizizz("对", "错"), _trivia("?", "multiple", "错", "对")])
def test_a_choice_of_true_and_false_is_no_choice(found: Any) -> None:
    assert _all(found) == [("true_false", [False])]


@pytest.mark.parametrize(
    "found", [_react("tin", "oak"), _quizizz("tin", "oak"), _trivia("?", "multiple", "oak", "tin")]
)
def test_other_choices_of_two_are_choices(found: Any) -> None:
    assert _all(found) == [("single_choice", ["oak"])]


def test_texts_in_two_languages_are_read_in_one() -> None:
    options = [{"text_ko": "호밀", "text_en": "rye", "isCorrect": True}, {"text_ko": "참", "text_en": "oak"}]
    found = _read([{"question_ko": "어느?", "question_en": "Which?", "answerOptions": options}])
    one = as_json(found.questions[0])
    assert (one["stem"], one["answers"]) == ("Which?", ["rye"])
    assert [str(told) for told in found.warnings] == ["The texts stand in several languages; en was read."]
    hindi = {"question_hi": "कौन?", "question_en": "Which?", "option_a": "rye", "option_b": "oak"}
    assert _all([{**hindi, "correct_answer": "A"}]) == [("single_choice", ["rye"])]


def test_questions_called_phrases_are_read() -> None:
    found = [
        {"type": "CHOICE", "phrase": "Which?", "correctAnswer": "rye", "answerOptions": ["oak", "rye"]},
        {"type": "FREE_INPUT", "phrase": "What?", "correctAnswer": "rye"},
        {"type": "SORT", "phrase": "By age", "correctAnswer": ["a", "b"], "answerOptions": ["b", "a"]},
    ]
    typed = [{"fraction": 1, "text": "rye"}]
    assert _all(found) == [("single_choice", ["rye"]), ("short_answer", typed), ("ordering", ["a", "b"])]


def _numbered(right: str, *options: str) -> dict[str, Any]:
    return {"questionTitle": "How many?", "rightAnswer": right} | {f"option{n}": t for n, t in enumerate(options, 1)}


def test_a_digit_among_answers_that_are_texts_is_a_text() -> None:
    texts = [_numbered("127", "100", "127"), _numbered("rye", "rye", "oak")]
    assert _all([*texts, _numbered("2", "2", "1", "8")])[2] == ("single_choice", ["2"])
    refused = _read([texts[0], _numbered("2", "2", "1", "8"), _numbered("1", "2", "1", "8")]).refused
    assert len(refused) == 2


def test_wrong_options_may_be_called_false() -> None:
    assert _all([{"Q": "Which?", "rightAnswer": "rye", "false1": "oak", "false2": "tin"}]) == [
        ("single_choice", ["rye"])
    ]


def test_a_slider_of_kahoot_is_a_number() -> None:
    within = {"start": 0, "end": 10, "step": 1, "correct": 4, "tolerance": 1}
    found = {"questions": [{"type": "slider", "question": "How many?", "time": 10000, "choiceRange": within}]}
    one = as_json(_read(found).questions[0])
    assert (one["kind"], one["answers"][0]["low"], one["answers"][0]["high"]) == ("numerical", 3, 5)
    del within["correct"]
    assert [str(one.reason) for one in _read(found).refused] == ["The question has no answer."]


LONG_TEXT = "Rye grows on poor soils, wheat on good ones, and both are sown in autumn."


@pytest.mark.parametrize("name", ["paragraph_text", "body_of_it"])
def test_the_long_text_beside_a_title_is_what_a_case_is_about(name: str) -> None:
    part = {"question_text": "Which?", "a": "rye", "b": "oak", "correct": "a"}
    case = {"type": "bunch", "title": "Directions (Q1-Q2)", name: LONG_TEXT, "sub_questions": [part, part]}
    one = as_json(_read([case]).questions[0])
    assert (one["kind"], one["stem"], one["answers"]) == ("case", LONG_TEXT, [["rye"], ["rye"]])


def test_a_group_without_a_text_holds_questions_of_their_own() -> None:
    part = {"question_text": "Which?", "a": "rye", "b": "oak", "correct": "a"}
    assert _all([{"type": "single", "title": "", "sub_questions": [part]}]) == [("single_choice", ["rye"])]


def _game(kind: str, answers: Any) -> dict[str, Any]:
    return {"question": "Which?", "time": "20", "type": kind, "answers": answers}


def test_games_of_classquiz_are_read() -> None:
    right, wrong = {"right": True, "answer": "rye", "color": None}, {"right": False, "answer": "oak", "color": None}
    games = [_game("ABCD", [right, wrong]), _game("CHECK", [right, {**right, "answer": "a"}])]
    reading = _read({"questions": [*games, _game("TEXT", [{"answer": "rye", "case_sensitive": False}])]})
    kinds = [as_json(one)["kind"] for one in reading.questions]
    assert kinds == ["single_choice", "multiple_choice", "short_answer"]
    assert [str(told) for told in reading.warnings] == [
        "/questions/0: the type ABCD is not known; taken for a choice.",
        "/questions/1: the type CHECK is not known; taken for a choice.",
    ]
    one = as_json(_read([_game("RANGE", {"min": 0, "max": 9, "min_correct": 4, "max_correct": 6})]).questions[0])
    assert (one["answers"][0]["low"], one["answers"][0]["high"]) == (4, 6)
    assert not _read([_game("VOTING", [{"answer": "rye"}, {"answer": "oak"}])]).questions


def test_pairs_of_two_lists_and_of_a_matrix_are_read() -> None:
    pairs = [{"left": "rye", "right": "grass"}, {"left": "oak", "right": "tree"}]
    lists = {"leftItems": ["rye", "oak"], "rightItems": ["tree", "ore", "grass"], "correctAnswers": pairs}
    one = as_json(_read([{"type": "matching", "content": "Match", **lists}]).questions[0])
    assert [(pair["text"], pair["match"]) for pair in one["answers"]] == [("rye", "grass"), ("oak", "tree")]
    assert sorted(option["text"] for option in one["options"]) == ["grass", "ore", "tree"]
    rows = {"rows": ["rye", {"value": "o", "text": "oak"}], "columns": ["grass", "tree"]}
    matrix = {"type": "matrix", "name": "q", "title": "Match", **rows, "correctAnswer": {"rye": "grass", "o": "tree"}}
    one = as_json(_read({"elements": [matrix]}).questions[0])
    assert [(pair["text"], pair["match"]) for pair in one["answers"]] == [("rye", "grass"), ("oak", "tree")]


def test_items_of_an_order_stand_in_it() -> None:
    assert _all([{"type": "ordering", "question": "By age", "orderItems": ["a", "b", "c"]}]) == [
        ("ordering", ["a", "b", "c"])
    ]


def test_options_with_texts_in_languages_beside_a_letter() -> None:
    options = [{"key": "A", "en": "rye", "ml": "റൈ"}, {"key": "B", "en": "oak", "ml": "ഓക്ക്"}]
    found = [{"text": {"en": "Which?", "ml": "ഏത്?"}, "options": options, "correctOption": "A"}]
    assert _all(found) == [("single_choice", ["rye"])]


def test_options_named_after_their_type_and_options_within_options() -> None:
    named = {"questionText": "Which?", "mcqOption1": "tin", "mcqOption2": "rye", "mcqCorrectAnswer": "2"}
    assert _all([named]) == [("single_choice", ["rye"])]
    options = [{"optionText": {"optionText": text}, "isCorrect": text == "rye"} for text in ("tin", "rye")]
    assert _all([{"quesText": "Which?", "options": options}]) == [("single_choice", ["rye"])]


def test_answers_by_the_numbers_of_blanks() -> None:
    found = {
        "Type": "FillBlank",
        "Body": "[填空1]是[填空2]",
        "Options": [],
        "Answers": {"1": ["2", "二"], "2": ["偶数"]},
    }
    answers = _all([found])[0][1]
    assert [[one["text"] for one in blank] for blank in answers] == [["2", "二"], ["偶数"]]


def test_answers_to_type_that_are_objects_with_a_text() -> None:
    found = {"question": "Which?", "type": "short_answer"}
    assert _all([{**found, "answers": [{"text": "rye", "isCorrect": True}]}])[0][0] == "short_answer"
    for more in ({"isCorrect": False}, {"fraction": 0.5}, {"blank": 2}):
        assert _read([{**found, "answers": [{"text": "rye", **more}]}]).refused


def test_an_answer_in_a_paragraph_of_html_is_its_text() -> None:
    typed = {"question": "Which?", "type": "short_answer", "answer": "<p>rye</p>"}
    assert _all([typed]) == [("short_answer", [{"fraction": 1, "text": "rye"}])]
    asked = {
        "questionText": "What is rye?",
        "answerContent": "<p>A tall grass of poor soils, grown for its grains.</p>",
    }
    assert [as_json(one)["answers"] for one in _read([asked]).questions] == [[]]


def _lettered(answer: str, *options: str) -> dict[str, Any]:
    return {"question": "Which?", "answer": answer} | {f"option{'ABCD'[n]}": text for n, text in enumerate(options)}


def test_a_letter_among_answers_that_are_letters_is_a_letter() -> None:
    sure = [_lettered("A", "tin", "rye"), _lettered("B", "tin", "rye")]
    assert _all([*sure, _lettered("C", "B", "C", "A")])[2] == ("single_choice", ["A"])
    assert len(_read([sure[0], _lettered("C", "B", "C", "A")]).refused) == 1
    assert len(_read([*sure, _lettered("rye", "tin", "rye"), _lettered("C", "B", "C", "A")]).refused) == 1


def test_the_number_of_a_card_is_no_answer() -> None:
    found = [{"key": 1, "question": "Goat", "answer": "yagi"}, {"key": 2, "question": "Cat", "answer": "neko"}]
    assert [one[0]["text"] for _kind, one in _all(found)] == ["yagi", "neko"]


def test_fields_in_letters_for_chinese_words_are_read() -> None:
    single = {
        "tigan": "哪种粮食？",
        "tixing": "单选题",
        "xuanxiang1": "铁",
        "xuanxiang2": "麦",
        "daan": "B",
        "defen": 2,
    }
    assert _all([single]) == [("single_choice", ["麦"])]
    assert as_json(_read([single]).questions[0])["marks"] == 2
    assert _all([{"1": {"mcq": "Which?", "options": {"a": "tin", "b": "rye"}, "correct": "b"}}]) == [
        ("single_choice", ["rye"])
    ]
    assert _all([{"question": "Which?", "correct": "rye", "falseOne": "oak", "falseTwo": "tin"}]) == [
        ("single_choice", ["rye"])
    ]


def test_a_level_that_nobody_chose_is_no_difficulty() -> None:
    assert as_json(_read([{**_lettered("A", "tin", "rye"), "level": 0}]).questions[0])["difficulty"] == 3


def test_options_counted_from_nought_are_all_read() -> None:
    first = {"question": "Which?", "choice0": "tin", "choice1": "rye", "choice2": "oak"}
    assert _all([{**first, "answer": 1}]) == [("single_choice", ["rye"])]
    assert _all([{**first, "answer": "C"}, {**first, "answer": "rye"}])[0] == ("single_choice", ["oak"])
    beyond = [{**first, "answer": 3}, {**first, "answer": 1}]
    assert _all(beyond) == [("single_choice", ["oak"]), ("single_choice", ["tin"])]


@pytest.mark.parametrize(
    "options",
    [{"option1": "tin", "option2": "rye", "option3": "oak"}, {"options": {"1": "tin", "2": "rye", "3": "oak"}}],
)
def test_answers_that_count_from_nought_whatever_the_options_are_called(options: dict[str, Any]) -> None:
    item = {"question": "Which?", **options}
    assert [one for _kind, one in _all([{**item, "answer": 0}, {**item, "answer": 1}])] == [["tin"], ["rye"]]
    assert [one for _kind, one in _all([{**item, "answer": 3}, {**item, "answer": 1}])] == [["oak"], ["tin"]]


def test_a_nought_for_false_beside_a_field_that_is_empty_counts_nothing() -> None:
    verdict = {"question": "Rye is a metal.", "option1": "True", "option2": "False", "option3": "", "answer": 0}
    choice = {"question": "Which?", "option1": "tin", "option2": "rye", "option3": "oak", "answer": 3}
    assert _all([verdict, choice]) == [("true_false", [False]), ("single_choice", ["oak"])]


def test_numbers_beside_options_by_letters_count_them() -> None:
    item = {"question": "Which?", "options": {"A": "tin", "B": "rye", "C": "oak"}}
    assert [one for _kind, one in _all([{**item, "answer": 0}, {**item, "answer": 1}])] == [["tin"], ["rye"]]
    assert _read([{**item, "answer": 1}, {**item, "answer": 2}]).questions == []
    assert _all([{**item, "answer": "B"}]) == [("single_choice", ["rye"])]


def test_alternatives_that_hold_the_answer_are_options() -> None:
    item = {"question": "Which?", "alternatives": ["tin", "rye", "oak"]}
    for answer in ("rye", "B", "B. rye"):
        assert _all([{**item, "answer": answer}]) == [("single_choice", ["rye"])]
    also = {"question": "Which?", "answer": "rye", "alternatives": ["the rye", "Secale cereale"]}
    assert _all([also]) == [
        ("short_answer", [{"fraction": 1, "text": t} for t in ("rye", "the rye", "Secale cereale")])
    ]


def test_a_digit_for_each_option_says_whether_it_is_right() -> None:
    item = {"question": "Which are grains?", "options": ["tin", "rye", "wheat", "oak"]}
    assert _all([{**item, "answer": [0, 1, 1, 0]}]) == [("multiple_choice", ["rye", "wheat"])]


def test_0_and_1_of_true_and_false_alone_are_told() -> None:
    item = {"question": "雪是白的。", "type": "判断题", "options": ["正确", "错误"]}
    told = "The answers count the options; they were taken to count from 0. Please check."
    assert [str(one) for one in _read([{**item, "answer": 0}, {**item, "answer": 1}]).warnings] == [told]
    choice = {"question": "Which?", "type": "单选题", "options": ["tin", "rye", "oak"], "answer": 0}
    assert not _read([{**item, "answer": 0}, choice]).warnings


def test_options_in_languages_with_a_default_are_read_in_it() -> None:
    choices = [{"value": value, "text": {"default": text, "de": "…"}} for value, text in (("r", "rye"), ("o", "oak"))]
    title = {"default": "Which?", "de": "Welche?"}
    found = {
        "elements": [{"type": "radiogroup", "name": "q", "title": title, "choices": choices, "correctAnswer": "r"}]
    }
    one = as_json(_read(found).questions[0])
    assert (one["stem"], one["answers"]) == ("Which?", ["rye"])


def test_lists_named_after_a_kind_say_it() -> None:
    found = {"judgeList": [{"title": "雪是白的。", "answer": "1"}], "trueFalse": [{"q": "Ice is hot.", "a": False}]}
    assert _all(found) == [("true_false", [True]), ("true_false", [False])]
