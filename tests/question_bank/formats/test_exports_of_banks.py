"""Exports of item banks and authoring tools as they are: their own words for scores, places, pairs and texts."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.reading import Reading
from tests.question_bank.formats import test_qti_first as first
from tests.question_bank.formats import test_qti_second as second
from tests.question_bank.formats.test_exports_of_platforms import h5p, moodle, noted, only, weights

# QTI 1.2: items under no assessment, with points that are added up


def bank(presentation: str, rules: str, **fields: str) -> Reading:
    made = first.item(presentation, f"<resprocessing><outcomes><decvar/></outcomes>{rules}</resprocessing>", **fields)
    return read(f"<questestinterop>{made}</questestinterop>".encode(), "q.xml")


def adds(condition: str, points: str) -> str:
    return (
        f'<respcondition continue="Yes"><conditionvar>{condition}</conditionvar>'
        f'<setvar action="Add">{points}</setvar></respcondition>'
    )


def is_(value: str, ident: str = "r", more: str = "") -> str:
    return f'<varequal respident="{ident}"{more}>{value}</varequal>'


def test_points_for_wrong_options_left_out_become_a_cost_of_choosing_them() -> None:
    rules = adds(is_("a"), "1") + adds(f"<not>{is_('b')}</not>", "1") + adds(is_("c"), "1")
    reading = bank(first.html("Which swim?") + first.choice("a", "b", "c", cardinality="Multiple"), rules)
    found = only(reading)
    assert (found.mark, weights(found)) == (3000, [("A", 0.5), ("B", -0.5), ("C", 0.5)])
    assert "cost marks when chosen" in noted(reading)


def test_wrong_options_left_out_that_earn_more_than_right_ones_are_refused() -> None:
    rules = adds(is_("a") + is_("c"), "1") + adds(f"<not>{is_('b')}</not>", "1") + adds(is_("b") + is_("c"), "1")
    reading = bank(first.html("Which swim?") + first.choice("a", "b", "c", cardinality="Multiple"), rules)
    assert reading.refused


def test_places_of_an_order_may_be_counted_from_nought() -> None:
    names = ("wake", "eat", "work")
    rules = "".join(adds(is_(name, more=f' index="{at}"'), "1") for at, name in enumerate(names))
    shown = first.choice("eat", "work", "wake", cardinality="Ordered")
    reading = bank(first.html("In which order?") + shown, rules)
    found = only(reading)
    assert (found.mark, found.content["scoring"]) == (3000, "per_place")
    assert as_json(found)["answers"] == ["WAKE", "EAT", "WORK"]
    assert noted(reading) == ""


PAIRS = (
    '<response_grp ident="r" rcardinality="Multiple"><render_choice>'
    '<response_label ident="2" match_max="1" match_group="1,3"><material><mattext>dog</mattext></material>'
    '</response_label><response_label ident="4" match_max="1" match_group="1,3"><material><mattext>carp</mattext>'
    '</material></response_label><response_label ident="1"><material><mattext>barks</mattext></material>'
    '</response_label><response_label ident="3"><material><mattext>swims</mattext></material></response_label>'
    "</render_choice></response_grp>"
)


def pair(both: str, points: str = "2") -> str:
    return adds(f'<varsubset respident="r">{both}</varsubset>', points)


def test_pairs_of_one_response_are_a_matching() -> None:
    reading = bank(first.html("Join.") + PAIRS, pair("1,2") + pair("3,4"))
    found = only(reading)
    assert (found.kind, found.mark, noted(reading)) == ("matching", 4000, "")
    assert as_json(found)["answers"] == [{"text": "dog", "match": "barks"}, {"text": "carp", "match": "swims"}]


def test_where_a_thing_to_be_joined_belongs_nowhere_the_others_are_the_prompts() -> None:
    surplus = '<response_label ident="6" match_max="1" match_group="1,3"><material><mattext>cat</mattext></material>'
    pairs = PAIRS.replace('<response_label ident="1">', f'{surplus}</response_label><response_label ident="1">')
    found = only(bank(first.html("Join.") + pairs, pair("2,1") + pair("4,3")))
    assert as_json(found)["answers"] == [{"text": "barks", "match": "dog"}, {"text": "swims", "match": "carp"}]
    assert [one["html"] for one in found.content["distractors"]] == ["cat"]


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (pair("1,2") + pair("3,2") + pair("3,4"), "several right choices"),
        (pair("1,2"), "no right choice"),
        (pair("1,3") + pair("3,4"), "can't be told"),
        (pair("1,9") + pair("3,4"), "can't be told"),
    ],
)
def test_pairs_that_leave_open_what_is_right_are_refused(rules: str, why: str) -> None:
    (refusal,) = bank(first.html("Join.") + PAIRS, rules).refused
    assert why in str(refusal.reason)


def test_a_list_inside_a_text_is_chosen_from_and_a_number_lies_between_its_limits() -> None:
    options = first.choice("0", "1", ident="g").partition("<render_choice>")[2].partition("</render_choice>")[0]
    options = options.replace(">0<", ">inland<").replace(">1<", ">at sea<")
    number = '<response_num ident="n"><render_fib fibtype="Decimal" minnumber="3" maxnumber="4"/></response_num>'
    shown = (
        "<flow><material><mattext>The town lies </mattext></material>"
        f'<response_str ident="g"><render_choice>{options}</render_choice></response_str>'
        f"<material><mattext> with </mattext></material>{number}<material><mattext> towers.</mattext></material></flow>"
    )
    rules = adds(is_("inland", "g"), "1") + adds(is_("at sea", "g"), "0") + adds(is_("3.3", "n"), "1")
    found = only(bank(shown, rules, ILIAS_VERSION="5.4"))
    assert (found.stem_html, found.mark) == ("The town lies [[1]] with [[2]] towers.", 2000)
    menu, typed = as_json(found)["parts"]
    assert [one["fraction"] for one in menu["options"]] == [1, 0]
    assert (typed["answers"][0]["low"], typed["answers"][0]["high"]) == (3.0, 4.0)
    plain = as_json(only(bank(shown, rules)))["parts"][1]["answers"][0]
    assert (plain["value"], plain["tolerance"]) == (3.3, 0.0)


def test_names_in_brackets_whose_choices_are_all_right_are_typed() -> None:
    shown = first.html("A [hot] [drink].") + "".join(
        first.choice(*labels, ident=ident, prompt=f"<material><mattext>{name}</mattext></material>")
        for ident, name, labels in (
            ("response_1", "hot", ("warm", "boiling")),
            ("response_2", "drink", ("tea", "chai")),
        )
    )
    conditions = [
        first.when(is_(label, ident), "50", action="Add")
        for ident, labels in (("response_1", ("warm", "boiling")), ("response_2", ("tea", "chai")))
        for label in labels
    ]
    found = only(read(first.quiz(first.item(shown, first.rules(*conditions))), "q.xml"))
    assert (found.kind, found.stem_html) == ("fill_in", "A ____ ____.")
    assert [one["text"] for one in as_json(found)["answers"][1]] == ["TEA", "CHAI"]


def test_a_highest_score_below_nought_says_nothing() -> None:
    shown = first.html("Which?") + first.choice("a", "b")
    made = first.item(shown, first.rules(first.when(is_("a"), "SCORE.max"), top="1"), qmd_absolutescore_max="-1.0")
    assert only(read(first.quiz(made), "q.xml")).mark == 1000


def test_a_wrong_option_may_cost_marks_where_no_lowest_score_is_said() -> None:
    rules = adds(is_("a"), "0.5") + adds(is_("b"), "-0.5")
    found = only(bank(first.html("Which?") + first.choice("a", "b"), rules))
    assert (found.mark, weights(found)) == (500, [("A", 1), ("B", -1)])
    floored = first.rules(first.when(is_("a"), "1"), first.when(is_("b"), "-1"), top="1", least="0")
    kept = only(read(first.quiz(first.item(first.html("Which?") + first.choice("a", "b"), floored)), "q.xml"))
    assert weights(kept) == [("A", 1), ("B", 0)]


def test_a_question_of_a_named_type_without_anything_to_answer_is_refused_by_its_name() -> None:
    (refusal,) = bank(first.html("Add v1 and v2."), "", QUESTIONTYPE="FormulaQuestion").refused
    assert "FormulaQuestion" in str(refusal.reason)


def test_what_is_only_shown_is_a_description() -> None:
    made = first.item(first.html("Read on."), first.rules(), kind="Presentation Only")
    found = only(read(first.quiz(made), "q.xml"))
    assert (found.kind, found.stem_html) == ("description", "Read on.")


# QTI 2 and 3


def test_an_item_that_asks_nothing_does_not_keep_the_others_out() -> None:
    reading = second.look(second.item(second.response("single", "identifier", "A"), ""))
    assert [str(one.reason) for one in reading.refused] == ["The question has no text."]


ORDER = (
    '<orderInteraction responseIdentifier="RESPONSE"><prompt>In which order?</prompt>'
    + "".join(f'<simpleChoice identifier="{name}">{name.lower()}</simpleChoice>' for name in ("B", "C", "A"))
    + "</orderInteraction>"
)


def place(number: int, name: str, wanted: str = "") -> str:
    wanted = wanted or f'<baseValue baseType="identifier">{name}</baseValue>'
    return (
        f'<responseCondition><responseIf><match><index n="{number}"><variable identifier="RESPONSE"/></index>{wanted}'
        '</match><setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
        '<baseValue baseType="float">1</baseValue></sum></setOutcomeValue></responseIf></responseCondition>'
    )


def test_an_order_may_be_told_place_by_place() -> None:
    rules = "".join(place(number, name) for number, name in enumerate("ABC", 1))
    declared = second.response("ordered", "identifier")
    reading = second.look(second.item(declared, ORDER, f"<responseProcessing>{rules}</responseProcessing>"))
    found = only(reading)
    assert (as_json(found)["answers"], found.mark, noted(reading)) == (["a", "b", "c"], 3000, "")
    assert found.content["scoring"] == "per_place"
    twice = rules + place(2, "C")
    assert "every item once" in second.refused(
        second.item(declared, ORDER, f"<responseProcessing>{twice}</responseProcessing>")
    )


def nested(inner: str) -> str:
    return (
        '<responseProcessing><responseCondition><responseIf><match><variable identifier="ONE"/>'
        '<correct identifier="ONE"/></match>'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
        f"{inner}</responseIf></responseCondition></responseProcessing>"
    )


def test_a_part_that_counts_only_with_another_keeps_its_own_marks() -> None:
    declared = second.response("single", "identifier", "A", ident="ONE") + second.response(
        "single", "identifier", "B", ident="TWO"
    )
    inner = (
        '<responseCondition><responseIf><match><variable identifier="TWO"/><correct identifier="TWO"/></match>'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue>'
        "</responseIf></responseCondition>"
    )
    body = second.choices("A", "B", ident="ONE") + second.choices("A", "B", ident="TWO")
    reading = second.look(second.item(declared, body, nested(inner)))
    assert [one["mark"] for one in only(reading).content["questions"]] == [1000, 1000]
    assert "only together with others" in noted(reading)


def text_with(rule: str, base: str = "string") -> str:
    mapped: dict[str, str] = {"more": "3", "More": "3"} if base == "string" else {"7": "3"}
    declared = second.response("single", base, next(iter(mapped)), mapped=mapped)
    body = '<p>Less is <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    value = f'<setOutcomeValue identifier="SCORE">{rule}</setOutcomeValue>'
    return second.item(declared, body, f"<responseProcessing>{value}</responseProcessing>")


def test_near_spellings_of_a_mapping_are_noted_and_near_numbers_refused() -> None:
    rule = '<mapTolResponse xmlns="http://example.org/own" identifier="RESPONSE" tolerance="2"/>'
    reading = second.look(text_with(rule))
    found = only(reading)
    assert (found.mark, [one["text"] for one in as_json(found)["answers"]]) == (3000, ["more"])
    assert "Near spellings count" in noted(reading)
    assert "mapTolResponse" in second.refused(text_with(rule, "integer"))


def test_ends_of_a_range_that_the_file_leaves_out_are_noted() -> None:
    declared = second.response("single", "float", "100")
    body = '<p>It boils at <textEntryInteraction responseIdentifier="RESPONSE"/>.</p>'

    def rule(**bounds: str) -> str:
        said = "".join(f' {name}="{value}"' for name, value in bounds.items())
        return (
            f'<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="1 1"{said}>'
            '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal>'
            '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
            "</responseIf></responseCondition></responseProcessing>"
        )

    assert noted(second.look(second.item(declared, body, rule()))) == ""
    reading = second.look(second.item(declared, body, rule(includeLowerBound="false")))
    assert only(reading).kind == "numerical"
    assert "ends of the range" in noted(reading)


def test_an_open_range_notes_its_ends() -> None:
    declared = second.response("single", "integer")
    body = '<p>A number: <textEntryInteraction responseIdentifier="RESPONSE"/></p>'

    def bound(name: str, value: int) -> str:
        return f'<{name}><variable identifier="RESPONSE"/><baseValue baseType="integer">{value}</baseValue></{name}>'

    for low, high, says in (("gte", "lte", False), ("gt", "lte", True)):
        reading = second.look(
            second.item(
                declared,
                body,
                f"<responseProcessing><responseCondition><responseIf><and>{bound(low, 7)}{bound(high, 9)}</and>"
                '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
                "</responseIf></responseCondition></responseProcessing>",
            )
        )
        assert only(reading).kind == "numerical"
        assert ("ends of the range" in noted(reading)) is says


def test_marks_for_a_reading_voice_change_nothing_that_is_shown() -> None:
    spoken = '<p xmlns:s="http://www.w3.org/2001/10/synthesis">Say <s:sub alias="hello">hi</s:sub>.</p>'
    found = second.one(second.SINGLE.replace("<p>Look.</p>", spoken))
    assert "<sub" not in found.stem_html
    assert "hi" in found.stem_html


def test_words_between_the_prompt_and_the_first_piece_stay() -> None:
    body = (
        '<hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>Mark it.</prompt>The '
        '<hottext identifier="A">cat</hottext> saw a <hottext identifier="B">mouse</hottext>.</hottextInteraction>'
    )
    found = second.one(second.item(second.response("multiple", "identifier", "A"), body))
    assert found.stem_html.endswith("The [[1]] saw a [[2]].</p>")


# Moodle XML, GIFT and H5P


def test_typed_answers_that_cost_marks_are_only_wrong() -> None:
    def answer(worth: str, text: str) -> str:
        return f'<answer fraction="{worth}"><text>{text}</text><tolerance>0</tolerance></answer>'

    text = "{1:NUMERICAL:~%100%2:0~%-50%*} and {1:SHORTANSWER:=tea~%-25%mud}"
    reading = moodle(
        f'<question type="cloze"><name><text>A</text></name><questiontext><text>{text}</text></questiontext>'
        "</question>",
        '<question type="numerical"><name><text>B</text></name><questiontext><text>1+1?</text></questiontext>'
        f"{answer('100', '2')}{answer('-50', '3')}</question>",
    )
    assert not reading.refused
    parts = [[one["fraction"] for one in part["answers"]] for part in as_json(reading.questions[0])["parts"]]
    assert parts == [[1, 0], [1, 0]]
    assert [one["fraction"] for one in as_json(reading.questions[1])["answers"]] == [1, 0]
    assert "Typed answers of 2 questions cost marks there" in noted(reading)


def test_the_right_side_of_a_pair_says_how_it_is_written() -> None:
    reading = read(b"Join {\n=[html]<b>cat</b> -> [plain] mews\n=dog -> [markdown]*barks*\n}", "x.gift")
    pairs = as_json(only(reading))["answers"]
    assert [one["match"] for one in pairs] == ["mews", "<em>barks</em>"]


@pytest.mark.parametrize(
    "params",
    [
        {"text": "The sky is *blue*."},
        {"text": "<p>The sky is *blue*.</p>", "questions": "<p>Fill in.</p>"},
        {"content": "The sky is *blue*."},
        {"text": "The sky is *blue*.", "questions": ["blue"]},
        {"text": "The sky is *blue*.", "questions": ["<p>The sky is *blue*.</p>"]},
    ],
)
def test_blanks_stand_in_the_task_or_twice_but_are_asked_once(params: dict[str, Any]) -> None:
    found = only(h5p("H5P.Blanks", params))
    assert "blue" not in found.stem_html
    assert found.stem_html.count("The sky is ____.") == 1


def marked(text: str) -> list[Any]:
    found = only(h5p("H5P.MarkTheWords", {"taskDescription": "<p>Verbs?</p>", "textField": text}))
    return [one["text"] for one in as_json(found)["options"]]


def test_punctuation_behind_a_marked_word_is_no_word() -> None:
    assert marked("She *runs*, he *sings*.") == ["She", "runs", "he", "sings"]
    assert marked("a *+* b = c") == ["a", "+", "b", "=", "c"]


def test_a_branch_of_a_story_has_no_right_answer() -> None:
    node = {"library": "H5P.BranchingQuestion 1.0", "params": {"branchingQuestion": {"question": "Where to?"}}}
    judged = {"library": "H5P.TrueFalse 1.8", "params": {"question": "Rain is wet.", "correct": "true"}}
    story = {"branchingScenario": {"content": [{"type": node}, {"type": judged}]}}
    reading = h5p("H5P.BranchingScenario", story)
    assert [one.kind for one in reading.questions] == ["true_false"]
    assert "H5P.BranchingQuestion: It has no right answer" in str(reading.refused[0].reason)
