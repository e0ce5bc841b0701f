"""QTI 2 and 3: places in pictures, lists that are paired with themselves, what is embedded, and hidden texts."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from question_bank.formats import read
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_qti_second import (
    MAP,
    MATCH,
    SINGLE,
    as_third,
    choices,
    item,
    look,
    one,
    package,
    refused,
    response,
    weights,
)

PICTURE = '<object type="image/png" data="map.png" width="100" height="80">A map</object>'
PLACES = "".join(f'<hotspotChoice shape="circle" coords="{x},40,8" identifier="P{x}"/>' for x in (20, 50, 80))
HOTSPOT = item(
    response("single", "identifier", "P50"),
    f'<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Where is it?</prompt>{PICTURE}{PLACES}'
    "</hotspotInteraction>",
)


def drawn(size: tuple[int, int] = (100, 80)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()


def packed(source: str, **files: Any) -> Reading:
    named = {name.replace("_", "."): data for name, data in files.items()}
    return read(package({"item.xml": source, **named}), "quiz.zip")


def said(reading: Reading) -> str:
    return " ".join(str(warning) for warning in reading.warnings)


@pytest.mark.parametrize("source", [HOTSPOT, as_third(HOTSPOT)])
def test_places_without_names_get_numbers_on_the_picture(source: str) -> None:
    reading = packed(source, map_png=drawn((200, 160)))
    (draft,) = reading.questions
    assert draft.kind == "single_choice"
    assert [(o["html"], o["fraction"]) for o in draft.content["options"]] == [("1", "0"), ("2", "1"), ("3", "0")]
    assert draft.stem_html.startswith("<p>Where is it?</p><p><img")
    assert 'alt="A map"' in draft.stem_html
    (picture,) = reading.files.values()
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.size == (200, 160)
        assert len(opened.getcolors(10_000) or []) > 2
    assert "numbers here, which were drawn on it" in said(reading)


def test_places_with_names_go_by_them_and_without_a_picture_by_where_they_are() -> None:
    named = HOTSPOT
    for x, name in ((20, "West"), (50, "Middle"), (80, "East")):
        named = named.replace(f'identifier="P{x}"', f'identifier="P{x}" hotspotLabel="{name}"')
    assert [o["html"] for o in one(named).content["options"]] == ["West", "Middle", "East"]
    assert next(o["html"] for o in one(HOTSPOT).content["options"]) == "1 (circle 20,40,8)"
    assert "by their coordinates" in said(look(HOTSPOT))


def test_places_are_put_in_order_and_given_what_belongs_there() -> None:
    order = item(
        response("ordered", "identifier", "P80", "P20", "P50"),
        f'<graphicOrderInteraction responseIdentifier="RESPONSE">{PICTURE}{PLACES}</graphicOrderInteraction>',
    )
    (draft,) = packed(order, map_png=drawn()).questions
    assert (draft.kind, [one["html"] for one in draft.content["items"]]) == ("ordering", ["3", "1", "2"])
    spots = PLACES.replace("hotspotChoice", "associableHotspot").replace('identifier="P', 'matchMax="1" identifier="P')
    labels = '<gapText identifier="A" matchMax="1">north</gapText><gapImg identifier="B" matchMax="1"/>'
    labels += '<gapText identifier="C" matchMax="1">south</gapText><gapText identifier="D" matchMax="1">sea</gapText>'
    gaps = item(
        response("multiple", "directedPair", "A P20", "B P50", "C P80"),
        f'<graphicGapMatchInteraction responseIdentifier="RESPONSE"><prompt>Name them.</prompt>{PICTURE}{labels}{spots}'
        "</graphicGapMatchInteraction>",
    )
    (draft,) = packed(gaps, map_png=drawn()).questions
    assert [(p["html"], p["match_html"]) for p in draft.content["pairs"]] == [
        ("1", "north"),
        ("2", "B"),
        ("3", "south"),
    ]
    assert [one["html"] for one in draft.content["distractors"]] == ["sea"]


def test_a_list_paired_with_itself_is_a_matching_where_each_belongs_to_one() -> None:
    inner = "".join(
        f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name.lower()}</simpleAssociableChoice>'
        for name in ("A", "B", "C", "D", "E")
    )
    body = f'<associateInteraction responseIdentifier="RESPONSE"><prompt>Pair.</prompt>{inner}</associateInteraction>'
    pairs = response("multiple", "pair", "A C", "D B", mapped={"A C": "1", "B D": "1"})
    draft = one(item(pairs, body, MAP))
    assert [(p["html"], p["match_html"]) for p in draft.content["pairs"]] == [("a", "c"), ("d", "b")]
    assert [one["html"] for one in draft.content["distractors"]] == ["e"]
    assert "several others" in refused(item(response("multiple", "pair", "A C", "C B"), body))


def test_what_an_object_holds_stands_for_a_missing_picture_and_pages_come_in() -> None:
    held = '<div><object type="image/svg" data="a.svg"><object type="image/png" data="a.png"><p>Dear Sam</p></object>'
    draft = one(SINGLE.replace("<p>Look.</p>", f"{held}</object></div>"))
    assert "<p>Dear Sam</p>" in draft.stem_html
    assert "object" not in draft.stem_html
    page = SINGLE.replace("<p>Look.</p>", '<object type="text/html" data="text.html"/>')
    html = "<html><head><title>T</title></head><body><p>Once upon a time.</p></body></html>"
    (draft,) = packed(page, text_html=html).questions
    assert draft.stem_html == "Once upon a time.<p>Which?</p>"


def test_what_is_shown_on_request_is_a_hint_and_what_follows_the_question_stays_behind_it() -> None:
    draft = one(
        SINGLE.replace("</choiceInteraction>", '</choiceInteraction><infoControl title="Help">Think.</infoControl>')
    )
    assert draft.hints == ("Think.",)
    assert "Think." not in draft.stem_html
    draft = one(SINGLE.replace("</choiceInteraction>", "</choiceInteraction><p>After.</p>"))
    assert draft.stem_html == "<p>Look.</p><p>Which?</p><p>After.</p>"


def test_feedback_that_is_hidden_for_a_value_is_told_to_the_others() -> None:
    told = '<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier"/>'
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/>"
        "<correct identifier='RESPONSE'/></match><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1"
        "</baseValue></setOutcomeValue></responseIf></responseCondition>"
        "<setOutcomeValue identifier='F'><variable identifier='RESPONSE'/></setOutcomeValue></responseProcessing>"
    )
    modal = "<modalFeedback outcomeIdentifier='F' identifier='B' showHide='hide'>It is b.</modalFeedback>"
    modal += "<modalFeedback outcomeIdentifier='F' identifier='never' showHide='hide'>For all.</modalFeedback>"
    source = item(response("single", "identifier", "B") + told, "<p>Look.</p>" + choices("A", "B"), rules + modal)
    draft = one(source)
    assert [o["feedback_html"] for o in draft.content["options"]] == ["It is b.", ""]
    assert draft.explanation_html == "For all."


def test_feedback_in_an_option_is_its_own_though_it_is_said_to_hide() -> None:
    hidden = "<feedbackInline outcomeIdentifier='F' identifier='A' showHide='hide'>No, a.</feedbackInline>"
    modal = "<modalFeedback outcomeIdentifier='F' identifier='A' showHide='hide'>No, a.</modalFeedback>"
    source = SINGLE.replace(">a</simpleChoice>", f">a {hidden}</simpleChoice>")
    draft = one(source.replace("</assessmentItem>", f"{modal}</assessmentItem>"))
    assert [o["feedback_html"] for o in draft.content["options"]] == ["No, a.", ""]


def test_a_value_that_is_printed_is_left_out_of_feedback_but_refuses_a_question() -> None:
    modal = "<modalFeedback outcomeIdentifier='F' identifier='B' showHide='hide'>You have <printedVariable "
    modal += "identifier='SCORE'/> points.</modalFeedback></assessmentItem>"
    reading = look(SINGLE.replace("</assessmentItem>", modal))
    assert reading.questions[0].explanation_html == "You have … points."
    assert "worked out for each member" in said(reading)
    assert "<printedVariable>" in refused(SINGLE.replace("Look.", "<printedVariable identifier='SCORE'/>"))


def test_an_item_to_try_again_is_read_as_answered_once_unless_something_is_asked_later() -> None:
    adaptive = SINGLE.replace('adaptive="false"', 'adaptive="true"')
    assert weights(one(adaptive)) == ["0", "1"]
    assert "answered once" in said(look(adaptive))
    later = '<feedbackBlock outcomeIdentifier="F" identifier="x" showHide="show">'
    nested = adaptive.replace("<choiceInteraction", f"{later}<choiceInteraction").replace(
        "</choiceInteraction>", "</choiceInteraction></feedbackBlock>"
    )
    assert "asked only after an answer" in refused(nested)


def test_feedback_of_an_option_is_what_choosing_it_tells() -> None:
    told = '<outcomeDeclaration identifier="F" cardinality="multiple" baseType="identifier"/>'

    def adding(test: str, ident: str) -> str:
        return (
            f"<responseCondition><responseIf>{test}<setOutcomeValue identifier='F'><multiple><variable identifier='F'/>"
            f"<baseValue baseType='identifier'>{ident}</baseValue></multiple></setOutcomeValue></responseIf>"
            "</responseCondition>"
        )

    def chosen(name: str) -> str:
        return f"<member><baseValue baseType='identifier'>{name}</baseValue><variable identifier='RESPONSE'/></member>"

    rules = (
        "<responseProcessing><setOutcomeValue identifier='SCORE'><mapResponse identifier='RESPONSE'/></setOutcomeValue>"
        + adding(f"<not>{chosen('A')}</not>", "missing")
        + adding(chosen("C"), "wrong")
        + "</responseProcessing>"
    )
    modal = "<modalFeedback outcomeIdentifier='F' identifier='missing' showHide='show'>A too.</modalFeedback>"
    modal += "<modalFeedback outcomeIdentifier='F' identifier='wrong' showHide='show'>Not c.</modalFeedback>"
    mapped = response("multiple", "identifier", "A", "B", mapped={"A": "1", "B": "1", "C": "-1"})
    draft = one(item(mapped + told, "<p>Look.</p>" + choices("A", "B", "C", most=0), rules + modal))
    assert [o["feedback_html"] for o in draft.content["options"]] == ["", "", "Not c."]
    assert draft.explanation_html == "A too."


def test_a_hotspot_without_places_and_a_match_without_text_are_told() -> None:
    assert "no places" in refused(HOTSPOT.replace(PLACES, ""))
    sets = "".join(
        f'<simpleMatchSet><simpleAssociableChoice identifier="{a}" matchMax="1">{a}</simpleAssociableChoice>'
        f'<simpleAssociableChoice identifier="{b}" matchMax="1">{b}</simpleAssociableChoice></simpleMatchSet>'
        for a, b in (("A", "B"), ("X", "Y"))
    )
    source = item(
        response("multiple", "directedPair", "A X", "B Y"),
        f'<matchInteraction responseIdentifier="RESPONSE">{sets}</matchInteraction>',
        MATCH,
    )
    assert one(source).stem_html == "T"
    assert "its title stands there" in said(look(source))


def test_what_a_file_hides_is_no_part_of_an_option() -> None:
    hidden = choices("A", "B").replace(">a<", '><p>a</p><div style="display: none">x</div><')
    reading = look(item(response("single", "identifier", "A"), f"<p>Look.</p>{hidden}", MATCH))
    assert [option["html"] for option in reading.questions[0].content["options"]] == ["a", "b"]
    assert "the file hides" in said(reading)


def test_the_choice_for_no_answer_in_lists_of_openolat_is_left_out() -> None:
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="0">{n}</simpleAssociableChoice>' for n in names)
        + "</simpleMatchSet>"
        for names in (("A1", "B2"), ("unanswered3", "right4", "wrong5"))
    )
    match = (
        '<matchInteraction class="match_true_false" responseIdentifier="RESPONSE"><prompt>True?</prompt>'
        f"{sets}</matchInteraction>"
    )
    both = one(item(response("multiple", "directedPair", "A1 right4", "B2 wrong5"), match, MATCH))
    assert [pair["match_html"] for pair in both.content["pairs"]] == ["right4", "wrong5"]
    assert "distractors" not in both.content
    same = one(item(response("multiple", "directedPair", "A1 right4", "B2 right4"), match, MATCH))
    assert [choice["html"] for choice in same.content["distractors"]] == ["wrong5"]
