"""QTI 1.2 as more programs write it: Sakai, ILIAS, D2L, ATutor, old pools of Blackboard, and small exporters."""

from __future__ import annotations

from html import escape

import pytest

from question_bank.formats import read
from tests.question_bank.formats.test_qti_first import (
    choice,
    equal,
    field,
    html,
    item,
    one,
    picture,
    quiz,
    refused,
    rules,
    weights,
    when,
    zipped,
)
from tests.question_bank.formats.test_qti_places import said


def tells(asked: str, name: str, score: str = "") -> str:
    worth = f'<setvar varname="SCORE" action="Add">{score}</setvar>' if score else ""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{name}"/>'
    return f"<respcondition><conditionvar>{asked}</conditionvar>{worth}{shown}</respcondition>"


def group(ident: str, prompt: str, name: str = "ident") -> str:
    labels = choice("a", "b").partition("<render_choice>")[2].partition("</render_choice>")[0]
    return f'<response_grp {name}="{ident}">{html(prompt)}<render_choice>{labels}</render_choice></response_grp>'


def test_sakai_tells_the_right_option_only_by_its_feedback_inside_one_block() -> None:
    block = f'<flow class="Block">{html("Which?")}<material><matimage uri=""/></material>{choice("a", "b")}</flow>'
    scored = rules(tells(equal("a"), "InCorrect", "0"), tells(equal("b"), "Correct", "0"), top="4")
    reading = read(quiz(item(block, scored, "Multiple Choice")), "quiz.xml")
    (draft,) = reading.questions
    assert (draft.stem_html, weights(draft), draft.mark) == ("Which?", ["0", "1"], 4000)
    assert not reading.warnings


SAKAI = {"TEXT_FORMAT": "HTML"}


def adds(asked: str, score: str = "0") -> str:
    return when(f"<or>{asked}</or>", score, "Add")


def test_blanks_of_sakai_that_earn_nothing_share_the_mark_and_part_their_texts() -> None:
    asked = html("Roses are") + field("FIB00") + html("and violets") + field("FIB01")
    scored = rules(adds(equal("red|crimson", "FIB00")), adds(equal("blue", "FIB01")), top="4")
    draft = one(asked, scored, qmd_itemtype="Fill In the Blank", **SAKAI)
    assert (draft.kind, draft.mark) == ("fill_in", 4000)
    texts = [[answer["text"] for answer in blank["answers"]] for blank in draft.content["blanks"]]
    assert texts == [["red", "crimson"], ["blue"]]


@pytest.mark.parametrize(
    ("written", "answer"), [("4.9|5.1", {"low": "4.9", "high": "5.1"}), ("5", {"value": "5", "tolerance": "0"})]
)
def test_a_number_of_sakai_is_one_value_or_the_ends_of_a_range(written: str, answer: dict[str, str]) -> None:
    asked = html("How fast?") + field("FIN00").replace("render_fib", "render_fin")
    draft = one(asked, rules(adds(equal(written, "FIN00"))), qmd_itemtype="Numeric Response", **SAKAI)
    assert (draft.kind, draft.content["answers"]) == ("numerical", [{**answer, "fraction": "1"}])


def test_targets_of_sakai_name_the_sources_that_go_to_them() -> None:
    named = {"MS-1": "Emma", "MS-2": "1984", "MT-A": "Austen", "MT-B": "Orwell"}
    labels = "".join(
        f'<response_label ident="{ident}"{" match_group=" + chr(34) * 2 if ident < "MT" else ""}>{html(text)}'
        "</response_label>"
        for ident, text in named.items()
    )
    group = f'<response_grp ident="MT01" rcardinality="Ordered"><render_choice>{labels}</render_choice></response_grp>'
    asked = [(source, target) for source in ("MS-1", "MS-2") for target in ("MT-A", "MT-B")]
    joined = {("MS-1", "MT-A"), ("MS-2", "MT-B")}
    scored = rules(*(when(equal(s, t), "5" if (s, t) in joined else "0", "Add") for s, t in asked), top="10")
    draft = one(html("Who wrote it?") + group, scored, qmd_itemtype="Matching", **SAKAI)
    pairs = [(pair["html"], pair["match_html"]) for pair in draft.content["pairs"]]
    assert (draft.mark, pairs) == (10000, [("Emma", "Austen"), ("1984", "Orwell")])


def test_several_options_told_right_share_the_mark() -> None:
    scored = rules(tells(equal("a"), "Correct", "0"), tells(equal("c"), "Correct", "0"), top="4")
    asked = html("Which?") + choice("a", "b", "c", cardinality="Multiple")
    assert weights(one(asked, scored)) == ["1/2", "0", "1/2"]


def test_blanks_whose_answers_only_feedback_tells_are_no_essay() -> None:
    both = tells(equal("ink", "x") + equal("pen", "y"), "AllCorrect")
    draft = one(html("Use") + field("x") + html("and") + field("y"), rules(both))
    assert draft.kind == "fill_in"
    assert [blank["answers"][0]["text"] for blank in draft.content["blanks"]] == ["ink", "pen"]
    assert "No accepted answer" in refused(html("Use") + field(), rules(tells(equal("ink"), "other")))


def test_prompts_beside_their_responses_are_sides_of_a_matching() -> None:
    asked = html("Match.") + html("Red") + choice("a", "b", ident="x") + html("Blue") + choice("a", "b", ident="y")
    scored = rules(when(equal("a", "x"), "50", "Add"), when(equal("b", "y"), "50", "Add"))
    draft = one(asked, scored, "matching_question")
    assert draft.stem_html == "Match."
    assert [(pair["html"], pair["match_html"]) for pair in draft.content["pairs"]] == [("Red", "A"), ("Blue", "B")]


def test_groups_are_a_matching_whatever_their_kind_is_called() -> None:
    scored = rules(when(equal("a", "x"), "1", "Add"), when(equal("b", "y"), "1", "Add"))
    draft = one(html("Match.") + group("x", "Red") + group("y", "Blue"), scored, qmd_itemtype="Logical Groups")
    assert (draft.kind, len(draft.content["pairs"])) == ("matching", 2)


def test_groups_of_d2l_are_named_as_its_rules_name_them() -> None:
    scored = rules(when(equal("a", "x"), "1", "Add", "D2L_Correct"), when(equal("b", "y"), "1", "Add", "D2L_Correct"))
    asked = html("Match.") + group("x", "Red", "respident") + group("y", "Blue", "respident")
    draft = one(asked, scored, qmd_questiontype="Matching", qmd_weighting="3")
    assert (draft.kind, draft.mark) == ("matching", 3000)


def test_a_list_of_d2l_that_calls_itself_one_choice_asks_for_one_option() -> None:
    asked = html("Which?") + choice("a", "b", "c", cardinality="Multiple")
    scored = rules(when(equal("a"), "0.0"), when(equal("b"), "100.0"), when(equal("c"), "0.0"))
    assert one(asked, scored, qmd_questiontype="Multiple Choice").kind == "single_choice"
    assert one(asked, scored, qmd_questiontype="Multi-Select").kind == "multiple_choice"


def test_what_d2l_counts_as_right_is_the_score() -> None:
    right = [when(equal(option), "1", "Add", "D2L_Correct") for option in "ac"]
    wrong = [when(equal("b"), "1", "Add", "D2L_Incorrect")]
    counted = when("<other/>", "D2L_Correct", "Set", "que_score")
    asked = html("Which two?") + choice("a", "b", "c", cardinality="Multiple")
    draft = one(asked, rules(*right, *wrong, counted, name="que_score"), qmd_questiontype="Multi-Select")
    assert (draft.kind, weights(draft)) == ("multiple_choice", ["1/2", "0", "1/2"])


def test_each_blank_of_d2l_is_counted_for_itself() -> None:
    asked = html("The heart has") + field("x") + html("chambers and") + field("y") + html("atria.")
    answers = [("four", "x", 1), ("4", "x", 1), ("two", "y", 2)]
    scored = rules(
        *(when(equal(text, blank), "100", "Set", f"Blank_{n}") for text, blank, n in answers), name="Blank_1"
    )
    draft = one(asked, scored, qmd_questiontype="Fill in the Blanks", qmd_weighting="2")
    texts = [[answer["text"] for answer in blank["answers"]] for blank in draft.content["blanks"]]
    assert (draft.kind, draft.mark, texts) == ("fill_in", 2000, [["four", "4"], ["two"]])


def test_an_order_of_d2l_says_the_place_of_each_thing() -> None:
    asked = choice("a", "b", "c", cardinality="Ordered").replace("response_lid ident", "response_grp respident")
    asked = asked.replace("/response_lid", "/response_grp")
    places = {"a": "2", "b": "3", "c": "1"}
    right = [when(equal(place, thing), "1", "Add", "D2L_Correct") for thing, place in places.items()]
    wrong = [when(f"<not>{equal(p, t)}</not>", "1", "Add", "D2L_Incorrect") for t, p in places.items()]
    draft = one(html("Sort.") + asked, rules(*right, *wrong, name="D2L_Correct"), qmd_questiontype="Ordering")
    assert draft.kind == "ordering"
    assert [thing["html"] for thing in draft.content["items"]] == ["C", "A", "B"]


def test_an_essay_of_d2l_keeps_its_key_and_the_text_to_begin_with() -> None:
    after = (
        f"<initial_text><initial_text_material>{html('Dear')}</initial_text_material></initial_text>"
        f"<answer_key><answer_key_material>{html('Three points')}</answer_key_material></answer_key>"
    )
    draft = one(html("Write.") + field(), "", after=after, qmd_questiontype="Long Answer")
    assert (draft.content["template"], draft.content["marker_html"]) == ("Dear", "Three points")


@pytest.mark.parametrize("name", ["qmd_maximumscore", "points"])
def test_the_mark_may_stand_under_other_names(name: str) -> None:
    fields = {name: "3"}
    assert one(html("Which?") + choice("a", "b"), rules(when(equal("a"))), **fields).mark == 3000


def test_a_score_without_a_condition_is_the_mark_of_an_essay() -> None:
    alone = '<resprocessing><setvar varname="SCORE">20.0</setvar></resprocessing>'
    assert one(html("Write."), alone, "essay_question").mark == 20000


def test_a_number_is_one_by_the_name_of_its_kind() -> None:
    numeric = {"qmd_itemtype": "Numerical"}
    assert one(html("How many?") + field(), rules(when(equal("6"))), **numeric).kind == "numerical"
    assert one(html("Name it.") + field(), rules(when(equal("six"))), **numeric).kind == "short_answer"
    assert "values drawn" in refused(html("{v} km?") + field(), rules(), qmd_itemtype="Calculation")


@pytest.mark.parametrize(
    ("labels", "ids"), [(("Verdadero", "Falso"), ("x", "y")), (("Sim", "Nem"), ("q1_true", "q1_false"))]
)
def test_right_and_wrong_in_other_languages(labels: tuple[str, str], ids: tuple[str, str]) -> None:
    asked = choice(*ids)
    for label, ident in zip(labels, ids, strict=True):
        asked = asked.replace(f"<mattext>{ident.upper()}<", f"<mattext>{label}<")
    draft = one(html("Cold?") + asked, rules(when(equal(ids[1]))), "true_false_question")
    assert (draft.kind, draft.content["answer"]) == ("true_false", False)


def test_letters_name_options_that_have_no_names() -> None:
    asked = choice("x", "y").replace(' ident="x"', "").replace(' ident="y"', "")
    reading = read(quiz(item(html("Which?") + asked, rules(when(equal("B"))))), "quiz.xml")
    assert weights(reading.questions[0]) == ["0", "1"]
    assert "in their order" in said(reading)


def test_rules_may_ask_of_a_name_that_nothing_bears() -> None:
    scored = rules(when(equal("a", "other"), "0", "Add"), when(equal("b", "other"), "2", "Add"))
    reading = read(quiz(item(html("Which?") + choice("a", "b"), scored)), "quiz.xml")
    assert weights(reading.questions[0]) == ["0", "1"]
    assert "nothing bears" in said(reading)


def test_rules_that_take_everything_back_unless_a_wrong_option_is_chosen() -> None:
    scored = rules(when(f"<not>{equal('a')}</not>", "0"), when(equal("b")), when(f"<not>{equal('c')}</not>", "0"))
    reading = read(quiz(item(html("Which?") + choice("a", "b", "c"), scored)), "quiz.xml")
    assert weights(reading.questions[0]) == ["0", "1", "0"]
    assert "no marks to any answer" in said(reading)


def test_blank_options_that_nothing_rewards_are_left_out() -> None:
    asked = choice("a", "b", "c").replace("<mattext>C</mattext>", "<mattext/>")
    reading = read(quiz(item(html("Which?") + asked, rules(when(equal("a"))))), "quiz.xml")
    assert weights(reading.questions[0]) == ["1", "0"]
    assert "without a text" in said(reading)


def test_a_field_may_be_called_a_list() -> None:
    asked = field().replace("response_str", "response_lid")
    assert one(html("Say") + asked, rules(when(equal("yes")))).content["answers"][0]["text"] == "yes"


def test_blanks_stand_where_they_are_when_the_text_does_not_name_them() -> None:
    asked = html("Sky is") + field("x") + html("and grass is") + field("y") + html(".")
    scored = rules(when(equal("blue", "x"), "50", "Add"), when(equal("green", "y"), "50", "Add"))
    draft = one(asked, scored, "fill_in_multiple_blanks_question")
    assert draft.stem_html == "Sky is ____ and grass is ____."


def test_general_feedback_explains_though_only_the_right_answer_shows_it() -> None:
    told = '<displayfeedback linkrefid="general_fb"/>'
    after = f'<itemfeedback ident="general_fb">{html("Count on.")}</itemfeedback>'
    draft = one(html("Which?") + choice("a", "b"), rules(when(equal("a"), more=told)), after=after)
    assert draft.explanation_html == "Count on."
    assert not any(option["feedback_html"] for option in draft.content["options"])


def test_ilias_says_hints_and_depths_its_own_way() -> None:
    depth = '<material><mattext label="answerdepth">0</mattext></material></response_label>'
    asked = choice("0", "1", cardinality="Ordered").replace("</response_label>", depth)
    right = [when(f'<varequal respident="r" index="{n}">{n}</varequal>', "1", "Add") for n in (0, 1)]
    hint = '<solutionhint index="1" points="0"><p>Start low</p></solutionhint>'
    draft = one(html("Sort.") + asked, rules(*right), after=hint)
    assert [thing["html"] for thing in draft.content["items"]] == ["0", "1"]
    assert "Start low" in draft.hints[0]


@pytest.mark.parametrize(("right", "wrong"), [("yes", "no"), ("true", "false")])
def test_either_or_of_blackboard_shows_words(right: str, wrong: str) -> None:
    names = (f"yes_no.{right}", f"yes_no.{wrong}")
    asked = choice(*names)
    for name in names:
        asked = asked.replace(name.upper(), name)
    bb = item(html("Hot?") + asked, rules(when(equal(names[0]))), "Either/Or")
    options = read(quiz(bb), "quiz.xml").questions[0].content["options"]
    assert [option["html"] for option in options] == ["Yes", "No"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("@X@EmbeddedFile.location@X@map.png", "res00001__map_DOT_png"),
        ("@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-12_1", "csfiles__home_dir__map___xid-12_1_DOT_png"),
    ],
)
def test_pictures_of_blackboard_are_found(source: str, name: str) -> None:
    name = name.replace("map___xid", "map_xid")
    source_of = item(html(f'<img src="{source}">Where?') + choice("a", "b"), rules(when(equal("a"))))
    reading = read(zipped(**{"res00001_DOT_dat": quiz(source_of), name: picture()}), "pool.zip")
    assert "/bank-files/" in reading.questions[0].stem_html
    assert not reading.warnings


def entry(tag: str, ident: str, place: int, text: str) -> str:
    return f'<{tag} id="{ident}" position="{place}"><TEXT>{escape(text)}</TEXT></{tag}>'


def asks(kind: str, ident: str, *entries: str, key: str = "") -> str:
    body = f'<BODY><TEXT>{ident}?</TEXT><FLAGS><ISHTML value="true"/></FLAGS></BODY>'
    graded = f"<GRADABLE><FEEDBACK_WHEN_CORRECT>Well</FEEDBACK_WHEN_CORRECT>{key}</GRADABLE>" if key else ""
    return f'<QUESTION_{kind} id="{ident}">{body}{"".join(entries)}{graded}</QUESTION_{kind}>'


def right(*pairs: str) -> str:
    named = [pair.split() for pair in pairs]
    return "".join(
        f'<CORRECTANSWER answer_id="{one[0]}"' + (f' choice_id="{one[1]}"' if one[1:] else "") + "/>" for one in named
    )


def test_old_pools_of_blackboard_are_read() -> None:
    two = (entry("ANSWER", "b", 2, "Second"), entry("ANSWER", "a", 1, "First"))
    choices = (entry("CHOICE", "x", 1, "One"), entry("CHOICE", "y", 2, "Two"))
    listed = "".join(f'<QUESTION id="{name}"/>' for name in ("single", "several", "typed", "match", "order", "essay"))
    pool = (
        f'<POOL><TITLE value="Old"/><QUESTIONLIST>{listed}</QUESTIONLIST>'
        + asks("ESSAY", "essay", entry("ANSWER", "a", 1, "Model"))
        + asks("MULTIPLECHOICE", "single", *two, key=right("b"))
        + asks("MULTIPLEANSWER", "several", *two, key=right("a", "b"))
        + asks("FILLINBLANK", "typed", entry("ANSWER", "a", 1, "H<sub>2</sub>O"), entry("ANSWER", "b", 2, "water"))
        + asks("MATCH", "match", *two, *choices, key=right("a y", "b x"))
        + asks("ORDER", "order", *two, key=right("b", "a"))
        + asks("HOTSPOT", "spot")
        + "</POOL>"
    )
    for reading in (read(pool.encode(), "res.xml"), read(zipped(res00001_DOT_dat=pool), "pool.zip")):
        single, several, typed, match, order, essay = reading.questions
        assert [option["html"] for option in single.content["options"]] == ["First", "Second"]
        assert (weights(single), single.category) == (["0", "1"], "Old")
        assert single.content["options"][1]["feedback_html"] == "Well"
        assert weights(several) == ["1/2", "1/2"]
        assert [answer["text"] for answer in typed.content["answers"]] == ["H2O", "water"]
        assert [pair["match_html"] for pair in match.content["pairs"]] == ["Two", "One"]
        assert [thing["html"] for thing in order.content["items"]] == ["Second", "First"]
        assert essay.content["marker_html"] == "Model"
        assert "hotspot" in str(reading.refused[0].reason)
