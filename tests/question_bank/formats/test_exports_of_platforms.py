"""Exports of learning platforms as they are, with what each of them does in its own way."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from question_bank.authoring import QuestionDraft
from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.reading import Reading
from tests.question_bank import making
from tests.question_bank.formats import test_qti_first as first
from tests.question_bank.formats import test_qti_second as second


def only(reading: Reading) -> QuestionDraft:
    assert not reading.refused, [str(one.reason) for one in reading.refused]
    (draft,) = reading.questions
    return draft


def noted(reading: Reading) -> str:
    return " ".join(str(one) for one in reading.warnings)


def weights(draft: QuestionDraft) -> list[tuple[str, Any]]:
    return [(one["text"], one["fraction"]) for one in as_json(draft)["options"]]


# Blackboard and D2L


def blackboard(kind: str, condition: str, *labels: str, cardinality: str = "Single", partial: str = "false") -> Reading:
    fields = (
        f"<bbmd_questiontype>{kind}</bbmd_questiontype><bbmd_partialcredit>{partial}</bbmd_partialcredit>"
        "<qmd_absolutescore_max>2.0</qmd_absolutescore_max>"
    )
    options = first.choice(*labels, ident="response", cardinality=cardinality)
    scored = (
        '<resprocessing><outcomes><decvar maxvalue="2.0" minvalue="0.0" varname="SCORE"/></outcomes>'
        f"<respcondition><conditionvar><and>{condition}</and></conditionvar>"
        '<setvar action="Set" variablename="SCORE">SCORE.max</setvar></respcondition></resprocessing>'
    )
    body = f'<flow class="RESPONSE_BLOCK">{options}</flow>'
    return read(
        first.quiz(
            f"<item><itemmetadata>{fields}</itemmetadata><presentation>{first.html('Which?')}{body}</presentation>"
            f"{scored}</item>"
        ),
        "q.xml",
    )


def equals(value: str) -> str:
    return f'<varequal respident="response" case="No">{value}</varequal>'


def test_an_and_of_two_options_asks_for_several_though_it_says_single() -> None:
    condition = equals("a") + f"<not>{equals('b')}</not>" + equals("c")
    for kind in ("Multiple Answer", ""):
        found = only(blackboard(kind, condition, "a", "b", "c"))
        assert (found.kind, weights(found)) == ("multiple_choice", [("A", 0.5), ("B", 0), ("C", 0.5)])


def test_a_key_that_names_an_option_that_is_not_there_is_refused() -> None:
    reading = blackboard("Multiple Answer", equals("lost") + equals("b"), "a", "b", "c", "d")
    assert [str(one.reason) for one in reading.refused] == ["The answer names option lost, which is not there."]


def test_a_key_with_names_of_its_own_is_taken_in_order_with_a_note() -> None:
    condition = f"<not>{equals('x1')}</not>{equals('x2')}<not>{equals('x3')}</not>"
    reading = blackboard("Multiple Answer", condition, "a", "b", "c", cardinality="Multiple")
    assert weights(only(reading)) == [("A", 0), ("B", 1), ("C", 0)]
    assert "taken in their order" in noted(reading)


@pytest.mark.parametrize(("partial", "scoring"), [("true", "per_place"), ("false", "all_or_nothing")])
def test_an_order_earns_in_part_where_blackboard_says_so(partial: str, scoring: str) -> None:
    condition = equals("b") + equals("a") + equals("c")
    found = only(blackboard("Ordering", condition, "a", "b", "c", cardinality="Ordered", partial=partial))
    assert (as_json(found)["answers"], found.content["scoring"]) == (["B", "A", "C"], scoring)


def d2l(kind: str, presentation: str, rules: str, after: str = "") -> Reading:
    fields = "".join(
        f"<qti_metadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry></qti_metadatafield>"
        for name, value in (("qmd_questiontype", kind), ("qmd_weighting", "6.200000000"))
    )
    return read(
        (
            '<questestinterop><objectbank xmlns:d2l_2p0="http://example.org/d2l" ident="b"><section ident="s">'
            f'<item ident="i" d2l_2p0:page="1"><itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>'
            f"<presentation><flow>{presentation}</flow></presentation><resprocessing>{rules}</resprocessing>{after}"
            "</item></section></objectbank></questestinterop>"
        ).encode(),
        "q.xml",
    )


SETTINGS = "<response_extension><d2l_2p0:display_style>2</d2l_2p0:display_style></response_extension>"


def test_settings_of_d2l_beside_a_response_ask_nothing() -> None:
    rule = (
        '<respcondition><conditionvar><varequal respident="Q_LID">Q_A2</varequal><not><varequal respident="Q_LID">Q_A1'
        '</varequal></not></conditionvar><setvar action="Add">1</setvar></respcondition>'
    )
    options = first.choice("Q_A1", "Q_A2", ident="Q_LID", cardinality="Multiple")
    told = "<itemfeedback ident='Q_IF1'><material><mattext>Odd.</mattext></material></itemfeedback>"
    found = only(d2l("Multi-Select", first.html("Which is even?") + SETTINGS + options, rule, told))
    assert (found.kind, found.mark, weights(found)) == ("multiple_choice", 6200, [("Q_A1", 0), ("Q_A2", 1)])
    assert (as_json(found)["options"][0]["feedback"], found.explanation_html) == ("Odd.", "")


def test_several_fields_of_one_response_take_their_answers_in_any_order() -> None:
    field = (
        '<response_str ident="S" rcardinality="Single"><render_fib d2l_2p0:input_boxes="2" fibtype="String">'
        '<response_label ident="ANS"/></render_fib></response_str>'
    )
    rule = "".join(
        f'<respcondition><conditionvar><varequal respident="ANS" case="no">{word}</varequal></conditionvar>'
        '<setvar action="Set">50.000000000</setvar></respcondition>'
        for word in ("salt", "pepper")
    )
    found = only(d2l("Multi-Short Answer", first.html("Name two.") + field, rule))
    assert (found.kind, found.mark, found.stem_html.count("____")) == ("fill_in", 6200, 2)
    assert found.content["unordered"] == [[0, 1]]
    other = d2l(
        "Multi-Short Answer", first.html("Name two.") + field.replace("boxes='2'", "").replace('"2"', '"3"'), rule
    )
    assert "Several fields" in str(other.refused[0].reason)


def test_the_score_of_the_right_answer_is_the_mark_where_nothing_else_says_it() -> None:
    def rule(score: str) -> str:
        return (
            "<resprocessing><outcomes><decvar/></outcomes><respcondition><conditionvar>"
            f'<varequal respident="r">a</varequal></conditionvar><setvar action="Add">{score}</setvar></respcondition>'
            "</resprocessing>"
        )

    for score, mark in (("5", 5000), ("100", 1000), ("1", 1000)):
        found = only(read(first.quiz(first.item(first.html("Which?") + first.choice("a", "b"), rule(score))), "q.xml"))
        assert (found.mark, weights(found)) == (mark, [("A", 1), ("B", 0)])


# QTI 2 and 3


def test_one_template_for_two_things_asked_needs_both_right() -> None:
    declared = second.response("single", "identifier", "A", ident="C") + second.response(
        "single", "string", "tea", ident="T"
    )
    body = second.choices("A", "B", ident="C") + '<p>Drink <textEntryInteraction responseIdentifier="T"/>.</p>'
    reading = second.look(second.item(declared, body))
    found = only(reading)
    assert (found.kind, [one["kind"] for one in found.content["questions"]]) == (
        "case",
        ["single_choice", "short_answer"],
    )
    assert [one["mark"] for one in found.content["questions"]] == [500, 500]
    assert "only the whole answer earns" in noted(reading)


GAPS = (
    '<gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="W" matchMax="1">winter</gapText>'
    '<gapText identifier="S" matchMax="1">summer</gapText><p>From <gap identifier="G1"/> to <gap identifier="G2"/>.</p>'
    "</gapMatchInteraction>"
)


def test_a_key_that_its_own_scores_deny_is_refused() -> None:
    right = {"W G1": "1", "S G2": "2"}
    reading = second.look(
        second.item(second.response("multiple", "directedPair", *right, mapped=right), GAPS, second.MAP)
    )
    assert as_json(only(reading))["answers"] == ["winter", "summer"]
    denied = second.response("multiple", "directedPair", *right, mapped={**right, "W G2": "4"})
    assert "can't be told from the rules" in second.refused(second.item(denied, GAPS, second.MAP))


def test_marks_that_wrong_pairs_cost_are_told() -> None:
    right = {"W G1": "1", "S G2": "1"}
    for default, says in (("-1", True), ("0", False)):
        declared = second.response("multiple", "directedPair", *right, mapped=right, defaultValue=default)
        reading = second.look(second.item(declared, GAPS, second.MAP))
        assert only(reading).mark == 2000
        assert ("Wrong choices cost marks" in noted(reading)) is says


# Moodle XML


def moodle(*questions: str) -> Reading:
    return read(f"<?xml version='1.0'?><quiz>{''.join(questions)}</quiz>".encode(), "m.xml")


def gap_fill(text: str, *answers: str, wrong: str = "", **settings: str) -> str:
    said = {"delimitchars": "[]", "answerdisplay": "gapfill", **settings}
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in said.items())
    listed = [(100, one) for one in answers] + [(0, one) for one in wrong.split()]
    written = "".join(f'<answer fraction="{share}"><text>{one}</text></answer>' for share, one in listed)
    return (
        '<question type="gapfill"><name><text>G</text></name><questiontext format="html">'
        f"<text><![CDATA[{text}]]></text></questiontext><defaultgrade>2</defaultgrade>{fields}{written}</question>"
    )


def test_gap_fill_is_a_fill_in_with_its_own_brackets() -> None:
    found = only(moodle(gap_fill("<p>a[{0}] = [1]; b{one|two}</p>", delimitchars="{}")))
    assert (found.kind, found.stem_html, found.mark) == ("fill_in", "<p>a[____] = [1]; b____</p>", 2000)
    accepted = [[one["text"] for one in blank] for blank in as_json(found)["answers"]]
    assert accepted == [["0"], ["one", "two"]]


def test_gaps_that_share_words_which_count_once_stand_in_any_order() -> None:
    found = only(moodle(gap_fill("[salt|pepper] and [salt|pepper]", noduplicates="1")))
    assert found.content["unordered"] == [[0, 1]]
    assert [blank["answers"][0]["text"] for blank in found.content["blanks"]] == ["salt", "pepper"]
    reading = moodle(gap_fill("[a|b|c] and [a|b|c]", noduplicates="1"), gap_fill("It is [c.*t]"))
    assert ["as many words as gaps" in str(reading.refused[0].reason), "patterns" in str(reading.refused[1].reason)]
    assert len(reading.refused) == 2


def test_gap_fill_with_words_shown_is_dragged() -> None:
    found = only(moodle(gap_fill("[cats] like [fish]", "cats", "fish", wrong="stones", answerdisplay="dragdrop")))
    assert (found.kind, found.stem_html) == ("drag_text", "[[1]] like [[2]]")
    assert [one["html"] for one in found.content["choices"]] == ["cats", "fish", "stones"]


def test_a_question_whose_text_is_its_name_is_asked_by_its_name() -> None:
    answers = '<answer fraction="100"><text>Paris</text></answer><answer fraction="0"><text>Lyon</text></answer>'
    found = only(
        moodle(
            '<question type="multichoice"><name><text><![CDATA[Which city?]]></text></name><questiontext format="html">'
            f"<text><![CDATA[]]></text></questiontext><single>true</single>{answers}</question>"
        )
    )
    assert (found.title, found.stem_html, weights(found)) == ("", "Which city?", [("Paris", 1), ("Lyon", 0)])


# H5P


def h5p(library: str, content: Any, **files: bytes) -> Reading:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("h5p.json", json.dumps({"title": "t", "mainLibrary": library}))
        archive.writestr("content/content.json", json.dumps(content))
        for name, data in files.items():
            archive.writestr(f"content/media/{name}.png", data)
    return read(out.getvalue(), "x.h5p")


def test_pictures_inside_the_texts_of_a_package_come_along_or_are_missed() -> None:
    answers = [{"text": "<p>one</p>", "correct": True}, {"text": '<p><img src="media/a.png" alt="two"></p>'}]
    content = {"question": '<p>See <img src="media/b.png" style="width: 9px;"/></p>', "answers": answers}
    reading = h5p("H5P.MultiChoice", content, a=making.picture())
    found = only(reading)
    assert "b.png" in found.stem_html
    assert "<img" not in found.stem_html
    assert "/bank-files/" in found.content["options"][1]["html"]
    assert len(reading.files) == 1
    assert noted(reading) == "/: The file media/b.png is missing or can't be shown."


def test_a_picture_beside_a_text_file_is_missed() -> None:
    reading = read(b'::T::[html]See <img src\\="@@PLUGINFILE@@/m.jpg" alt\\="a map"> {T}', "x.gift")
    assert only(reading).stem_html == "See a map"
    assert "m.jpg is missing" in noted(reading)


def test_cards_say_what_is_to_be_done() -> None:
    content = {"description": "Which fruit?", "cards": [{"text": "Sour", "answer": "Lime"}], "caseSensitive": True}
    reading = h5p("H5P.Flashcards", content)
    assert only(reading).stem_html == "<p>Which fruit?</p>Sour"
    assert "Capitals count" in noted(reading)


def advanced(text: str, *blanks: dict[str, Any], **behaviour: Any) -> Reading:
    content = {"task": "<p>Fill in.</p>", "blanksText": text, "blanksList": list(blanks)}
    return h5p("H5P.AdvancedBlanks", {"content": content, "behaviour": behaviour})


def test_advanced_blanks_are_typed_or_chosen() -> None:
    cat = {
        "correctAnswerText": "cat/tom",
        "incorrectAnswersList": [{"incorrectAnswerText": "dog", "incorrectAnswerFeedback": "It meows."}],
    }
    reading = advanced("<p>The ___ is ____.</p>", cat, {"correctAnswerText": "here"}, spellingErrorBehaviour="accept")
    found = only(reading)
    assert (found.kind, found.stem_html) == ("fill_in", "<p>Fill in.</p><p>The ____ is ____.</p>")
    assert [one["fraction"] for one in as_json(found)["answers"][0]] == [1, 1, 0]
    assert "Near spellings" in noted(reading)
    found = only(
        advanced(
            "<p>The ___ is ___.</p>", cat, {"correctAnswerText": "here"}, mode="selection", selectAlternatives="all"
        )
    )
    chosen = [[one["html"] for one in part["content"]["options"]] for part in found.content["parts"]]
    assert (found.kind, chosen) == ("cloze", [["cat", "here", "dog"], ["here", "cat"]])
    assert "as many as" in str(advanced("no line", cat).refused[0].reason)


def test_options_that_say_the_same_are_noted() -> None:
    reading = read(b"Which sound?\nA) .\nB) .\nANSWER: A\n", "x.txt", "aiken")
    assert "say the same" in noted(reading)
