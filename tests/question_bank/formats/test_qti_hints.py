"""Hints in QTI: by the elements of 1.2, by their names in 2.x and 3.0; general feedback stays the explanation."""

from __future__ import annotations

import pytest

from question_bank.authoring import QuestionDraft
from question_bank.formats import read, writing
from question_bank.formats.qti.items import names_hint
from tests.question_bank.formats import test_qti_first as first
from tests.question_bank.formats.test_exports_of_platforms import only

RULES = "<resprocessing><outcomes><decvar/></outcomes>{}</resprocessing>".format(
    '<respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar>'
    '<setvar action="Set">100</setvar></respcondition>'
)


def material(text: str) -> str:
    return f'<material><mattext texttype="text/html">{text}</mattext></material>'


def asked(feedback: str) -> QuestionDraft:
    made = first.item(first.html("Which swims?") + first.choice("a", "b"), RULES + feedback)
    reading = read(f"<questestinterop>{made}</questestinterop>".encode(), "q.xml")
    assert [str(one) for one in reading.warnings] == []
    return only(reading)


def test_levels_of_a_hint_are_hints() -> None:
    found = asked(
        f'<itemfeedback ident="more"><hint feedbackstyle="Multilevel"><hintmaterial>{material("It has fins")}'
        f"</hintmaterial><hintmaterial>{material('It has gills')}</hintmaterial></hint></itemfeedback>"
    )
    assert (found.hints, found.explanation_html) == (("It has fins", "It has gills"), "")


def test_a_hint_may_stand_beside_feedback_or_alone_in_the_item() -> None:
    found = asked(
        f'<itemfeedback ident="general_fb"><flow_mat>{material("Fish swim")}</flow_mat>'
        f"<hint><hintmaterial>{material('Look for fins')}</hintmaterial></hint></itemfeedback>"
    )
    assert (found.hints, found.explanation_html) == (("Look for fins",), "Fish swim")
    found = asked(f"<hint><flow_mat>{material('Look for fins')}</flow_mat></hint>")
    assert (found.hints, found.explanation_html) == (("Look for fins",), "")


def test_feedback_named_a_hint_is_one_and_general_feedback_explains() -> None:
    found = asked(
        f'<itemfeedback ident="hint_1"><flow_mat>{material("Look for fins")}</flow_mat></itemfeedback>'
        f'<itemfeedback ident="general_fb"><flow_mat>{material("Fish swim")}</flow_mat></itemfeedback>'
        f'<itemfeedback ident="general_incorrect_fb"><flow_mat>{material("Not so")}</flow_mat></itemfeedback>'
    )
    assert (found.hints, found.explanation_html) == (("Look for fins",), "Fish swim")
    assert [one["feedback_html"] for one in found.content["options"]] == ["", "Not so"]


ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false"
 timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>A</value></correctResponse></responseDeclaration>{declared}
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><p>Which swims?</p>{body}<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
<simpleChoice identifier="A">Cod</simpleChoice><simpleChoice identifier="B">Cat</simpleChoice></choiceInteraction>
{below}</itemBody><responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
{feedback}</assessmentItem>"""
THIRD = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"
 adaptive="false" time-dependent="false"><qti-response-declaration identifier="RESPONSE" cardinality="single"
 base-type="identifier"><qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="HINT" cardinality="single" base-type="identifier"/>
<qti-item-body><p>Which swims?</p><qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
<qti-simple-choice identifier="A">Cod</qti-simple-choice><qti-simple-choice identifier="B">Cat</qti-simple-choice>
</qti-choice-interaction></qti-item-body><qti-response-processing
 template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
<qti-modal-feedback outcome-identifier="HINT" identifier="h1" show-hide="show"><qti-content-body><p>Look for fins</p>
</qti-content-body></qti-modal-feedback></qti-assessment-item>"""
REQUEST = '<p><endAttemptInteraction responseIdentifier="HINTREQUEST" title="Show Hint"/></p>'
DECLARED = '<responseDeclaration identifier="HINTREQUEST" cardinality="single" baseType="boolean"/>'


@pytest.mark.parametrize(
    "item",
    [
        ITEM.format(
            declared="",
            body="",
            below="",
            feedback='<modalFeedback outcomeIdentifier="HINT" identifier="HINT" showHide="show"><p>Look for fins</p>'
            "</modalFeedback>",
        ),
        ITEM.format(
            declared=DECLARED,
            body="",
            below=f'<feedbackBlock outcomeIdentifier="FEEDBACK" identifier="hint" showHide="show"><p>Look for fins</p>'
            f"</feedbackBlock>{REQUEST}",
            feedback="",
        ),
        ITEM.format(
            declared="",
            body='<rubricBlock view="candidate" use="hint"><p>Look for fins</p></rubricBlock>',
            below="",
            feedback="",
        ),
        THIRD,
    ],
)
def test_what_the_later_versions_name_a_hint_is_one(item: str) -> None:
    reading = read(item.encode(), "item.xml")
    found = only(reading)
    assert ([hint.replace("<p>", "").replace("</p>", "").strip() for hint in found.hints]) == ["Look for fins"]
    assert ("fins" in found.stem_html, found.explanation_html, reading.warnings) == (False, "", [])


def test_hints_are_written_and_come_back() -> None:
    content = {"options": [{"html": "Cod", "fraction": "1"}, {"html": "Cat", "fraction": "0"}]}
    draft = QuestionDraft("single_choice", "Which swims?", content, hints=("Look for <b>fins</b>", "It is a fish"))
    written = writing.write([draft], "qti")
    assert (written.left_out, written.lost) == ([], [])
    assert only(read(written.data, "x.zip")).hints == draft.hints


@pytest.mark.parametrize(
    ("name", "says"),
    [
        *((one, True) for one in ("HINT", "hint2", "FB_HINT", "showHint", "Hint 1")),
        *((one, False) for one in ("general_fb", "hinterland", "chinthing", "FEEDBACK", None)),
    ],
)
def test_names_of_hints(name: str | None, says: bool) -> None:
    assert names_hint(name) is says
