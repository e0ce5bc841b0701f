"""JSON of course platforms, card decks and banks of exercises: weights, numbers as objects, cases, words to choose."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.formats.listing import as_json
from question_bank.formats.sheets import columns
from tests.question_bank.formats.json_items import RYE, all_of, read_json, reasons, which

WORDS = ["oak", "rye", "tin", "elm"]


def test_a_blank_with_words_to_choose_from_is_a_choice() -> None:
    lettered = [{"label": "ABCD"[n], "text": word} for n, word in enumerate(WORDS)]
    asked = {"type": "选词填空", "content": "Bread is made of ____.", "options": lettered, "answer": "B"}
    assert all_of([asked, {"type": "选词填空", "content": "一片____海。", "answer": "蓝"}]) == [
        RYE,
        ("fill_in", [[{"text": "蓝", "fraction": 1}]], 1),
    ]


def test_words_for_several_blanks_by_letter_are_refused() -> None:
    asked = {"type": "选词填空", "content": "____ and ____.", "options": WORDS, "answer": "C,A"}
    assert reasons(read_json([asked])) == ["A question of the kind “Cloze” can't be told from such a text."]


def _of_course(kind: str, answers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "question_name": "Q",
        "question_type": f"{kind}_question",
        "question_text": "Which?",
        "answers": answers,
    }


def test_options_weigh_all_or_nothing() -> None:
    answers = [{"text": "oak", "weight": 0.0}, {"text": "rye", "weight": 100.0}]
    truths = [{"text": "True", "weight": 0}, {"text": "False", "weight": 100}]
    found = [_of_course("multiple_choice", answers), _of_course("true_false", truths), _of_course("essay", [])]
    found.append(_of_course("short_answer", [{"text": "rye", "weight": 100}, {"text": "Rye corn", "weight": 100}]))
    reading = read_json(found)
    assert [(one["kind"], one["answers"], one["stem"]) for one in map(as_json, reading.questions)] == [
        ("single_choice", ["rye"], "Which?"),
        ("true_false", [False], "Which?"),
        ("essay", [], "Which?"),
        ("short_answer", [{"text": "rye", "fraction": 1}, {"text": "Rye corn", "fraction": 1}], "Which?"),
    ]


def test_parts_of_a_weight_are_no_flags() -> None:
    answers = [{"text": "oak", "weight": 50}, {"text": "rye", "weight": 50}]
    assert reasons(read_json([_of_course("multiple_choice", answers)])) == ["The question has no answer."]


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ([{"value": 1.5, "correct": True}, {"type": "default", "feedback": "No"}], {"value": "1.5", "tolerance": "0"}),
        ([{"exact": 3, "margin": 0.5, "weight": 100}], {"value": "3", "tolerance": "0.5"}),
        ([{"range": [2, 4], "correct": True}, {"range": [4, 9], "correct": False}], {"low": "2", "high": "4"}),
    ],
)  # fmt: skip
def test_numbers_answer_as_objects(answers: list[dict[str, Any]], value: dict[str, str]) -> None:
    reading = read_json([{"question": "How many?", "type": "numeric", "answers": answers}])
    assert not reading.refused
    assert {name: reading.questions[0].content["answers"][0][name] for name in value} == value


def test_a_range_alone_answers() -> None:
    reading = read_json([{"question": "How many?", "type": "numerical", "answer": {"min": 1, "max": 3}}])
    assert reading.questions[0].content["answers"][0]["low"] == "1"


def test_two_numbers_that_are_right_are_not_one_answer() -> None:
    answers = [{"type": "value", "value": n, "correct": True} for n in (1, 2)]
    assert len(read_json([{"question": "How many?", "type": "numeric", "answers": answers}]).refused) == 1


def test_letters_in_a_list_stand_for_an_empty_answer() -> None:
    assert all_of([which(answer="", correctArray=["B"])]) == [RYE]


def test_a_sentence_is_no_short_answer() -> None:
    said = [
        {"type": "short_answer", "question": "为何？", "answer": text}
        for text in ("参考要点：天气转暖等。", "天气转暖")
    ]
    assert [draft.kind for draft in read_json(said).questions] == ["essay", "short_answer"]


def test_what_calls_itself_a_case_is_one_with_its_text() -> None:
    long = "某市粮食产量一百万吨，比上年增长百分之五，蔬菜产量两百万吨。"
    for above in ({"type": "材料题", "content": "短文。"}, {"type": "综合", "content": long}, {"content": long}):
        (draft,) = read_json([{"index": 1, **above, "questions": [which(), which(2)]}]).questions
        assert (draft.kind, draft.stem_html) == ("case", above["content"])


@pytest.mark.parametrize(
    "above",
    [
        {"type": "材料题", "title": "三、材料题"},
        {"chapter": "第一章", "content": "本章介绍了粮食与蔬菜的种植，以及它们在各地的产量和价格。"},
        {"content": "本大题共20小题，每小题2分，共40分。在每小题列出的备选项中选出一个。"},
    ],
)
def test_a_heading_with_questions_below_is_no_case(above: dict[str, Any]) -> None:
    assert [draft.kind for draft in read_json([{**above, "questions": [which(), which(2)]}]).questions] == [
        "single_choice"
    ] * 2


def test_questions_under_the_name_of_a_case_are_read_each() -> None:
    assert all_of({"材料题": [which()]}) == [RYE]


def test_options_may_stand_in_an_object_beside_the_answer() -> None:
    found = {"type": "single_choice", "stem": "哪个？", "answer": ["1"], "metas": {"choices": ["oak", "rye"]}}
    first = {"type": "choice", "stem": "哪些？", "answer": ["0", "1"], "metas": {"choices": ["oak", "rye"]}}
    assert [answers for _kind, answers, _mark in all_of([found, first])] == [["rye"], ["oak", "rye"]]


def test_hash_signs_part_the_texts_of_right_options() -> None:
    assert all_of([which(options="oak\nrye\ntin", answer="oak#tin", type="multiple")]) == [
        ("multiple_choice", ["oak", "tin"], 1)
    ]


def test_two_sides_of_a_card_are_a_question_and_its_answer() -> None:
    cards = [{"front": "What is bread made of?", "back": "Rye"}, {"front": "为何？", "back": "天气转暖，冰雪融化。"}]
    assert all_of({"deck": "A", "cards": cards}) == [
        ("short_answer", [{"text": "Rye", "fraction": 1}], 1),
        ("essay", [], 1),
    ]


def test_the_type_may_stand_under_any_of_its_names() -> None:
    pairs = [{"left": "oak", "right": "tree"}, {"left": "rye", "right": "grass"}]
    found = [
        {"question": "Match.", "question_type": "matching", "options": pairs, "correct_answer": [0, 1]},
        {"question": "Order.", "questionType": "ordering", "options": WORDS, "correct_answer": [1, 0, 2, 3]},
    ]
    kinds = [(draft.kind, draft.content) for draft in read_json(found).questions]
    assert [kind for kind, _content in kinds] == ["matching", "ordering"]
    assert [(one["html"], one["match_html"]) for one in kinds[0][1]["pairs"]] == [("oak", "tree"), ("rye", "grass")]
    assert [one["html"] for one in kinds[1][1]["items"]] == ["rye", "oak", "tin", "elm"]


def test_pairs_in_another_order_than_the_answer_are_refused() -> None:
    pairs = [{"left": "oak", "right": "grass"}, {"left": "rye", "right": "tree"}]
    asked = {"question": "Match.", "type": "matching", "options": pairs, "correct_answer": [1, 0]}
    assert len(read_json([asked]).refused) == 1


def test_an_empty_answer_beside_a_full_one_says_nothing() -> None:
    counted = [{**which(n), "answer": n, "correct_answer_text": None} for n in (0, 1)]
    asked = [{"correct_answer": one.pop("answer"), **one} for one in counted]
    assert [answers for _kind, answers, _mark in all_of(asked)] == [["tin"], ["rye"]]


def test_the_right_choice_is_named_by_its_id() -> None:
    choices = [{"id": n, "text": word} for n, word in enumerate(WORDS, 1)]
    assert all_of([{"prompt": "Which?", "choices": choices, "correct_choice_id": 2}]) == [RYE]


def test_a_list_with_one_verdict_is_that_verdict() -> None:
    assert all_of([{"title": "天是蓝的。", "type": 4, "correctAnswerList": ["true"]}]) == [("true_false", [True], 1)]


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [("(n-1)/2", ["(n-1)/2"]), ("2/(a+b)", ["2/(a+b)"]), ("colour (UK)/color (US)", ["colour (UK)", "color (US)"])],
)
def test_a_quotient_is_one_answer(answer: str, accepted: list[str]) -> None:
    ((_kind, answers, _mark),) = all_of([{"type": "填空题", "question": "It is ____.", "answer": answer}])
    assert [one["text"] for one in answers[0]] == accepted


@pytest.mark.parametrize("label", ["答案：", "【答案】", "正确答案: "])
def test_an_answer_with_its_label(label: str) -> None:
    asked = [
        {"type": "判断题", "question": "天是蓝的。", "answer": label + "正确"},
        {"type": "填空题", "question": "天是____的。", "answer": label + "蓝"},
        {"type": "简答题", "question": "天？", "answer": label + "蓝"},
    ]
    reading = read_json(asked)
    assert [draft.content for draft in reading.questions[::2]] == [
        {"answer": True, "feedback_true_html": "", "feedback_false_html": ""},
        {"least": 0, "most": 0, "template": "", "marker_html": "蓝", "rubric": []},
    ]
    assert [one["text"] for one in reading.questions[1].content["blanks"][0]["answers"]] == ["蓝"]


DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_pictures_inside_of_the_file_and_pictures_as_options_are_shown() -> None:
    options = [
        {"label": "A", "text": "", "image": "https://a.example/1.png"},
        {"label": "B", "text": "B", "image": DOT},
    ]
    reading = read_json([which(image=DOT), which(2, options=options)])
    assert (reading.warnings, reading.refused) == ([], [])
    assert "<img" in reading.questions[0].stem_html
    assert ["<img" in one["html"] for one in reading.questions[1].content["options"]] == [True, True]


def test_names_of_fields_are_looked_at_once_for_all_questions_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    found = columns._place
    monkeypatch.setattr(columns, "_place", lambda *told: (seen.append(1), found(*told))[1])
    columns._kept.cache_clear()
    columns.role_of.cache_clear()
    counts = []
    for many in (3, 300):
        assert len(all_of([which(n) for n in range(many)])) == many
        counts.append(len(seen))
    assert counts[1] == counts[0]


def test_an_index_of_nothing_is_no_answer() -> None:
    asked = {"type": "填空题", "question": "天是____的。", "options": [], "answerIndex": -1, "answer": "蓝"}
    bare = {**asked, "answer": ""}
    reading = read_json([asked, bare])
    assert [one["text"] for one in reading.questions[0].content["blanks"][0]["answers"]] == ["蓝"]
    assert reasons(reading) == ["The question has no answer."]


def test_options_as_pairs_of_letter_and_text() -> None:
    assert all_of([which(options=[["A", "oak"], ["B", "rye"], ["C", 3]])]) == [RYE]


def test_what_a_question_is_called_is_no_code_of_it() -> None:
    reading = read_json([which(code="ID-06"), which(2, code="print(1)")])
    assert [draft.stem_html for draft in reading.questions] == [
        "Which is 1?",
        "Which is 2?<pre><code>print(1)</code></pre>",
    ]


@pytest.mark.parametrize(
    "said", ["“<script>alert(1)</script>”属于", "输入<img src=x onerror=alert(1)>属于", "<title>网页</title>的作用是"]
)
def test_what_a_question_about_pages_quotes_is_shown(said: str) -> None:
    assert as_json(read_json([which(content="", question=said)]).questions[0])["stem"] == said


def test_a_type_that_nobody_knows_without_options_is_for_a_person_to_mark() -> None:
    reading = read_json(
        [{"type": "句子改错", "content": "他把书放在桌。", "options": [], "answer": "桌上"}, which(type="单选题")]
    )
    assert [draft.kind for draft in reading.questions] == ["essay", "single_choice"]
    assert [str(one) for one in reading.warnings] == ["/0: the type 句子改错 is not known; taken for an essay."]


def test_a_wide_stroke_parts_what_is_accepted() -> None:
    ((_kind, answers, _mark),) = all_of([{"type": "填空题", "question": "____。", "answer": "直流的水波／水流"}])
    assert [one["text"] for one in answers[0]] == ["直流的水波", "水流"]


def test_options_as_objects_of_a_letter_each() -> None:
    assert all_of([which(options=[{"A": "oak"}, {"B": "rye"}, {"C": "tin"}])]) == [RYE]


def test_a_text_beside_a_number_says_from_where_it_counts() -> None:
    asked = {"question": "Which?", "options": WORDS, "correct_option": 1, "correct_answer": "rye"}
    assert all_of([asked]) == [RYE]
    assert reasons(read_json([{**asked, "correct_answer": "elm"}])) != []


@pytest.mark.parametrize(("stem", "shown"), [("谁？（ B ）", "谁？（  ）"), ("在（ B ）中选", "在（  ）中选")])
def test_brackets_that_give_the_answer_away_are_emptied(stem: str, shown: str) -> None:
    assert [one.stem_html for one in read_json([which(question=stem)]).questions] == [shown]


def test_brackets_that_say_another_answer_cost_the_question() -> None:
    said = "The brackets of the question say A, its answer elsewhere B."
    assert reasons(read_json([which(question="谁？（ A ）")])) == [said]
    assert [one.stem_html for one in read_json([which(question="维生素（B）是？")]).questions] == ["维生素（B）是？"]


def test_an_answer_names_the_number_printed_before_an_option() -> None:
    options = [{"label": str(n), "text": word} for n, word in enumerate(WORDS, 1)]
    assert all_of([which(options=options, answer="2")]) == [RYE]


@pytest.mark.parametrize(("stem", "answer"), [("____、____", "麦/树"), ("（1）____（2）____", "(1)麦(2)树")])
def test_a_text_for_each_blank(stem: str, answer: str) -> None:
    ((_kind, answers, _mark),) = all_of([{"type": "填空题", "question": stem, "answer": answer}])
    assert [[one["text"] for one in blank] for blank in answers] == [["麦"], ["树"]]


def test_a_unit_is_no_text_for_each_blank() -> None:
    asked = {"type": "填空题", "question": "____、____", "answer": "km/h"}
    assert reasons(read_json([asked])) == ["The stem has 2 blanks, the answer 0."]


def test_options_of_a_form_show_their_labels() -> None:
    options = [{"value": letter, "label": word} for letter, word in zip("abcd", WORDS, strict=True)]
    named = [{"value": f"v-{word}", "label": word} for word in WORDS]
    assert all_of([which(options=options, answer="b"), which(2, options=named, answer="v-rye")]) == [RYE, RYE]


def test_matches_by_place_belong_to_two_lists() -> None:
    asked = {"type": "matching", "question": "Match.", "left": ["oak", "rye"], "right": ["grass", "tree"]}
    (draft,) = read_json([{**asked, "matches": {"0": 1, "1": 0}}]).questions
    assert [(one["html"], one["match_html"]) for one in draft.content["pairs"]] == [("oak", "tree"), ("rye", "grass")]
    assert len(read_json([{**asked, "matches": {"x": 1, "y": 0}}]).refused) == 1


@pytest.mark.parametrize("answer", ["Rye.", "The correct answer is B"])
def test_an_answer_in_a_sentence(answer: str) -> None:
    assert all_of([which(answer=answer)]) == [RYE]


@pytest.mark.parametrize(("scores", "right"), [([0, 2], ["rye"]), ([1, 2], None), ([0, 0], None)])
def test_the_only_option_with_a_score_is_right(scores: list[int], right: list[str] | None) -> None:
    options = [{"text": word, "score": score} for word, score in zip(["oak", "rye"], scores, strict=True)]
    reading = read_json([{"question": "Which?", "options": options}])
    assert [as_json(one)["answers"] for one in reading.questions] == ([right] if right else [])
    assert any("only option with a score" in str(one) for one in reading.warnings) == bool(right)


def test_scores_of_a_file_with_a_scale_are_no_key() -> None:
    def asked(scores: list[int]) -> dict[str, object]:
        options = [{"text": word, "score": score} for word, score in zip(["no", "so", "yes"], scores, strict=True)]
        return {"question": "Tired?", "options": options}

    reading = read_json([asked([0, 0, 2]), asked([0, 1, 2])])
    assert (reading.questions, len(reading.refused)) == ([], 2)


def test_lists_with_a_usual_name_are_no_chapters() -> None:
    read = read_json({"questions": [which(answer="A")], "more": [which(answer="B")]}).questions
    assert [as_json(one)["category"] for one in read] == ["", ""]


@pytest.mark.parametrize("name", ["feedback", "rationale", "解析"])
def test_what_options_say_of_themselves_is_their_feedback(name: str) -> None:
    options = [{"text": "oak", name: "A tree."}, {"text": "rye", name: "<b>A grass.</b>"}, {"text": "ice"}]
    (draft,) = read_json([which(options=options, answer="B")]).questions
    told = [one.get("feedback_html", "") for one in draft.content["options"]]
    assert told == ["A tree.", "<b>A grass.</b>", ""]
