"""QTI 2.1 to 3.0: interactions become the kinds that say the same, scored as the rules of the file score them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from PIL import Image

from question_bank.authoring import QuestionDraft
from question_bank.formats import read
from question_bank.formats.reading import Reading

HEAD = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T" adaptive="false">'
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'


def item(declarations: str, body: str, processing: str = MATCH, head: str = HEAD) -> str:
    return f"{head}{declarations}{SCORE}<itemBody>{body}</itemBody>{processing}</assessmentItem>"


def response(
    kind: str, base: str, *right: str, ident: str = "RESPONSE", mapped: dict[str, str] | None = None, **bounds: str
) -> str:
    values = "".join(f"<value>{value}</value>" for value in right)
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    named = "".join(f' {name}="{value}"' for name, value in bounds.items())
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{worth}"/>' for key, worth in (mapped or {}).items())
    mapping = f"<mapping{named}>{entries}</mapping>" if mapped else ""
    return (
        f'<responseDeclaration identifier="{ident}" cardinality="{kind}" baseType="{base}">'
        f"{correct}{mapping}</responseDeclaration>"
    )


def choices(*names: str, most: int = 1, ident: str = "RESPONSE", prompt: str = "Which?") -> str:
    inner = "".join(f'<simpleChoice identifier="{name}">{name.lower()}</simpleChoice>' for name in names)
    return (
        f'<choiceInteraction responseIdentifier="{ident}" maxChoices="{most}"><prompt>{prompt}</prompt>{inner}'
        "</choiceInteraction>"
    )


def look(source: str) -> Reading:
    return read(source.encode(), "item.xml")


def one(source: str) -> QuestionDraft:
    reading = look(source)
    assert not reading.refused, [str(one.reason) for one in reading.refused]
    (draft,) = reading.questions
    return draft


def refused(source: str) -> str:
    (refusal,) = look(source).refused
    return str(refusal.reason)


def weights(draft: QuestionDraft) -> list[str]:
    return [option["fraction"] for option in draft.content["options"]]


def as_third(source: str) -> str:
    """The same item in the spelling of QTI 3."""
    kept = {"p", "b", "br", "img", "blockquote", "div", "span"}

    def kebab(name: str) -> str:
        return re.sub(r"(?<=[a-z])([A-Z])", lambda found: "-" + found.group(1).lower(), name)

    def tag(found: re.Match[str]) -> str:
        slash, name, rest = found.groups()
        if name in kept:
            return found.group()
        attributes = re.sub(r"([A-Za-z]+)=", lambda one: kebab(one.group(1)) + "=", rest)
        return f"<{slash}qti-{kebab(name)}{attributes}>"

    source = source.replace("imsqti_v2p1", "imsqtiasi_v3p0").replace(
        "qti_v2p1/rptemplates/match_correct", "match_correct.xml"
    )
    return re.sub(r"<(/?)([A-Za-z]+)([^<>]*)>", tag, source)


SINGLE = item(response("single", "identifier", "B"), "<p>Look.</p>" + choices("A", "B"))


def test_a_choice_is_read_from_every_version() -> None:
    for source in (
        SINGLE,
        SINGLE.replace("imsqti_v2p1", "imsqti_v2p2"),
        as_third(SINGLE),
        re.sub(r' xmlns="[^"]*"', "", SINGLE),
    ):
        found = one(source)
        assert (found.kind, found.stem_html) == ("single_choice", "<p>Look.</p><p>Which?</p>")
        assert found.title == "T"
        assert weights(found) == ["0", "1"]
        assert [option["html"] for option in found.content["options"]] == ["a", "b"]


def test_a_mapping_gives_each_option_its_weight_within_its_bounds() -> None:
    mapped = {"H": "1", "O": "1", "Cl": "-1"}
    declared = response(
        "multiple", "identifier", "H", "O", mapped=mapped, lowerBound="0", upperBound="2", defaultValue="-2"
    )
    found = one(item(declared, choices("H", "He", "O", "Cl", most=0), MAP))
    assert (found.kind, found.mark, weights(found)) == ("multiple_choice", 2000, ["1/2", "-1", "1/2", "-1/2"])


def test_one_of_two_words_for_true_and_false_is_a_judgement() -> None:
    found = one(
        item(
            response("single", "identifier", "t"), choices("t", "f").replace(">t<", ">True<").replace(">f<", ">False<")
        )
    )
    assert (found.kind, found.content["answer"]) == ("true_false", True)


def test_words_in_a_text_are_blanks_and_lists_in_a_text_are_a_cloze() -> None:
    entry = '<textEntryInteraction responseIdentifier="{}"/>'
    two = response("single", "string", "red", ident="A") + response("single", "string", "blue", ident="B")
    body = f"<p>Roses {entry.format('A')}, violets {entry.format('B')}.</p>"
    found = one(item(two, body, ""))
    assert (found.kind, found.stem_html) == ("fill_in", "Roses ____, violets ____.")
    single = one(item(response("single", "string", "York"), f"<p>Sun of {entry.format('RESPONSE')}!</p>"))
    assert (single.kind, single.stem_html) == ("short_answer", "Sun of ____!")
    listed = (
        '<inlineChoiceInteraction responseIdentifier="RESPONSE"><inlineChoice identifier="Y">York</inlineChoice>'
        '<inlineChoice identifier="G">Gloucester</inlineChoice></inlineChoiceInteraction>'
    )
    cloze = one(item(response("single", "identifier", "Y"), f"<p>Sun of {listed}!</p>"))
    assert (cloze.kind, cloze.stem_html) == ("cloze", "Sun of [[1]]!")


def test_numbers_keep_the_margins_of_the_rules() -> None:
    rules = (
        "<responseProcessing><responseCondition><responseIf>"
        '<equal toleranceMode="{}" tolerance="{}"><variable identifier="RESPONSE"/>'
        '<correct identifier="RESPONSE"/></equal>'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
        "</responseIf></responseCondition></responseProcessing>"
    )
    body = '<p>n? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    declared = response("single", "float", "50")
    absolute = one(item(declared, body, rules.format("absolute", "0.5 0.5")))
    assert absolute.content["answers"] == [{"value": "50", "tolerance": "0.5", "fraction": "1"}]
    relative = one(item(declared, body, rules.format("relative", "10 10")))
    assert relative.content["answers"] == [{"value": "50", "tolerance": "5", "fraction": "1"}]
    uneven = one(item(declared, body, rules.format("absolute", "1 2")))
    assert uneven.content["answers"] == [{"low": "49", "high": "52", "fraction": "1"}]


def test_pairs_become_a_match_and_gaps_are_filled_from_their_choices() -> None:
    def associable(*names: str) -> str:
        return "".join(
            f'<simpleAssociableChoice identifier="{n}" matchMax="4">{n}</simpleAssociableChoice>' for n in names
        )

    match = (
        '<matchInteraction responseIdentifier="RESPONSE"><prompt>Match</prompt>'
        f"<simpleMatchSet>{associable('a', 'b')}</simpleMatchSet>"
        f"<simpleMatchSet>{associable('x', 'y', 'z')}</simpleMatchSet>"
        "</matchInteraction>"
    )
    found = one(item(response("multiple", "directedPair", "a y", "b x", mapped={"a y": "1", "b x": "1"}), match, MAP))
    assert [(pair["html"], pair["match_html"]) for pair in found.content["pairs"]] == [("a", "y"), ("b", "x")]
    assert [one["html"] for one in found.content["distractors"]] == ["z"]
    gaps = (
        '<gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="W" matchMax="1">winter</gapText>'
        '<gapText identifier="S" matchMax="0">summer</gapText>'
        '<p>Now is the <gap identifier="G1"/> and <gap identifier="G2"/>.</p></gapMatchInteraction>'
    )
    found = one(item(response("multiple", "directedPair", "W G1", "S G2"), gaps))
    assert (found.kind, found.stem_html) == ("drag_text", "Now is the [[1]] and [[2]].")
    assert found.content["gaps"] == [0, 1]
    assert [choice["unlimited"] for choice in found.content["choices"]] == [False, True]


def test_an_order_is_compared_in_order() -> None:
    body = '<orderInteraction responseIdentifier="RESPONSE"><prompt>Order!</prompt>' + "".join(
        f'<simpleChoice identifier="{name}">{name}</simpleChoice>' for name in "ABC"
    )
    found = one(item(response("ordered", "identifier", "C", "A", "B"), body + "</orderInteraction>"))
    assert [entry["html"] for entry in found.content["items"]] == ["C", "A", "B"]
    assert found.content["scoring"] == "all_or_nothing"


def test_pieces_of_a_text_are_chosen() -> None:
    body = (
        '<hottextInteraction responseIdentifier="RESPONSE" maxChoices="1"><p>Sponsors '
        '<hottext identifier="A">of</hottext> the Games <hottext identifier="B">was</hottext> there.</p>'
        "</hottextInteraction>"
    )
    found = one(item(response("single", "identifier", "B"), body))
    assert (found.kind, found.stem_html) == ("select_text", "Sponsors [[1]] the Games [[2]] there.")
    assert [(piece["html"], piece["right"]) for piece in found.content["segments"]] == [("of", False), ("was", True)]


def test_several_things_asked_are_a_case_with_the_marks_of_the_rules() -> None:
    def adding(ident: str, worth: str) -> str:
        return (
            f'<responseCondition><responseIf><match><variable identifier="{ident}"/>'
            f'<correct identifier="{ident}"/></match>'
            '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
            f'<baseValue baseType="float">{worth}</baseValue></sum></setOutcomeValue></responseIf></responseCondition>'
        )

    declared = response("single", "identifier", "A", ident="R1") + response(
        "multiple", "identifier", "A", "C", ident="R2"
    )
    body = (
        "<p>A story.</p>"
        + choices("A", "B", ident="R1")
        + choices("A", "B", "C", most=0, ident="R2", prompt="Which ones?")
    )
    rules = f"<responseProcessing>{adding('R1', '1')}{adding('R2', '3')}</responseProcessing>"
    found = one(item(declared, body, rules))
    assert (found.kind, found.stem_html, found.mark) == ("case", "<p>A story.</p>", 4000)
    assert [(one["kind"], one["stem_html"], one["mark"]) for one in found.content["questions"]] == [
        ("single_choice", "Which?", 1000),
        ("multiple_choice", "Which ones?", 3000),
    ]


def test_what_earns_only_as_a_whole_is_told() -> None:
    both = (
        "<responseProcessing><responseCondition><responseIf><and>"
        '<match><variable identifier="A"/><correct identifier="A"/></match>'
        '<match><variable identifier="B"/><correct identifier="B"/></match></and>'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
        "</responseIf></responseCondition></responseProcessing>"
    )
    declared = response("single", "string", "x", ident="A") + response("single", "string", "y", ident="B")
    body = '<p><textEntryInteraction responseIdentifier="A"/> <textEntryInteraction responseIdentifier="B"/></p>'
    reading = look(item(declared, body, both))
    assert reading.questions[0].kind == "fill_in"
    assert "only the whole answer earns" in str(reading.warnings[0])


def test_feedback_is_told_to_whom_the_rules_tell_it() -> None:
    told = (
        '<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>',
        '<responseProcessing><setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/>'
        "</setOutcomeValue>"
        '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
        "</responseProcessing>"
        '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="A" showHide="show"><p>No.</p></modalFeedback>',
    )
    declared = response("single", "identifier", "B", mapped={"B": "1"}) + told[0]
    found = one(item(declared, choices("A", "B"), told[1]))
    assert [option["feedback_html"] for option in found.content["options"]] == ["No.", ""]


def test_formulas_are_tex_as_far_as_they_are_known_else_words() -> None:
    math = (
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:semantics><m:mi>x</m:mi>'
        '<m:annotation encoding="application/x-tex">x^2 &lt; 3</m:annotation></m:semantics></m:math>'
    )
    plain = '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML">'
    plain += "<m:mi>E</m:mi><m:mo>=</m:mo><m:maction><m:mi>m</m:mi></m:maction></m:math>"
    reading = look(item(response("single", "identifier", "A"), f"<p>{math} and {plain}</p>" + choices("A", "B")))
    assert reading.questions[0].stem_html.startswith("<p>\\(x^2 &lt; 3\\) and E = m</p>")
    assert "plain text: E = m" in str(reading.warnings[0])


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (SINGLE.replace("<itemBody>", "<templateProcessing/><itemBody>"), "template"),
        (SINGLE.replace("match_correct", "map_response_point"), "map_response_point"),
        (SINGLE.replace("choiceInteraction", "selectPointInteraction"), "<selectPointInteraction>"),
        (SINGLE.replace("choiceInteraction", "drawingInteraction"), "<drawingInteraction>"),
        (SINGLE.replace("choiceInteraction", "hotspotInteraction"), "no places to choose from"),
        (SINGLE.replace("choiceInteraction", "associateInteraction"), "right pairs can't be told"),
        (SINGLE.replace('responseIdentifier="RESPONSE"', 'responseIdentifier="R9"'), "R9"),
        (SINGLE.replace("<value>B</value>", "<value>Q</value>"), "No option is marked as right"),
        (
            item(
                response("single", "string", "x"),
                '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
                "<responseProcessing><responseCondition><responseIf><patternMatch pattern='x+'>"
                '<variable identifier="RESPONSE"/></patternMatch></responseIf></responseCondition>'
                "</responseProcessing>",
            ),
            "regular expression",
        ),
        (
            item(
                response("single", "identifier", "A"),
                choices("A", "B"),
                '<responseProcessing><setOutcomeValue identifier="SCORE"><randomInteger min="0" max="1"/>'
                "</setOutcomeValue></responseProcessing>",
            ),
            "<randomInteger>",
        ),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(source: str, why: str) -> None:
    assert why in refused(source)


def test_an_essay_and_an_upload_are_marked_by_hand() -> None:
    essay = one(
        item(
            response("single", "string"),
            '<p>Read.</p><rubricBlock view="scorer"><p>Look.</p></rubricBlock>'
            '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Write.</prompt></extendedTextInteraction>',
            "",
        )
    )
    assert (essay.kind, essay.content["marker_html"]) == ("essay", "Look.")
    upload = one(
        item(
            response("single", "file"),
            '<p>Do.</p><uploadInteraction responseIdentifier="RESPONSE" type="application/pdf"/>',
            "",
        )
    )
    assert (upload.kind, upload.content["accept"]) == ("file_upload", ["pdf"])


def test_rubrics_beside_the_text_are_for_those_whom_they_name() -> None:
    write = '<p>Read.</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
    rubrics = (
        '<rubricBlock view="scorer tutor"><p>Look.</p></rubricBlock><rubricBlock view="candidate"><p>Be brief.</p>'
    )
    draft = one(item(response("single", "string") + rubrics + "</rubricBlock>", write, ""))
    assert (draft.kind, draft.content["marker_html"]) == ("essay", "Look.")
    assert "Be brief." in draft.stem_html
    assert "Look." not in draft.stem_html


def package(files: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_package_gives_categories_weights_words_texts_and_pictures() -> None:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    shown = item(
        response("single", "identifier", "B"), '<p><img src="../images/a%20b.png" alt="x"/></p>' + choices("A", "B")
    )
    with_text = as_third(SINGLE).replace(
        "<qti-item-body>",
        '<qti-assessment-stimulus-ref identifier="s" href="../texts/story.xml"/><qti-item-body>',
    )
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources><resource href="items/one.xml">'
        "<metadata><lom><general><keyword><string>civil law</string></keyword></general>"
        "<educational><difficulty><value>difficult</value></difficulty></educational></lom></metadata></resource></resources></manifest>"
    )
    test = (
        '<assessmentTest title="Exam"><testPart><assessmentSection title="Law/Basics"><selection select="1"/>'
        '<assessmentItemRef href="items/one.xml"><weight identifier="W" value="2.5"/></assessmentItemRef>'
        '<assessmentItemRef href="items/gone.xml"/></assessmentSection></testPart></assessmentTest>'
    )
    story = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"><qti-stimulus-body>'
        "<p>A story.</p></qti-stimulus-body></qti-assessment-stimulus>"
    )
    reading = read(
        package(
            {
                "imsmanifest.xml": manifest,
                "test.xml": test,
                "items/one.xml": shown,
                "items/two.xml": with_text,
                "texts/story.xml": story,
                "images/a b.png": out.getvalue(),
            }
        ),
        "package.zip",
    )
    first, second = reading.questions
    assert (first.category, first.mark, first.tags, first.difficulty) == ("Exam/Law／Basics", 2500, ("civil law",), 4)
    assert list(reading.files.values()) == [out.getvalue()]
    assert second.stem_html == "A story.<p>Look.</p><p>Which?</p>"
    assert [one.where for one in reading.refused] == ["items/gone.xml"]
    assert "draws 1 of its questions" in str(reading.warnings[0])


def test_rules_that_set_nothing_leave_what_is_declared_as_right() -> None:
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/>"
        "<correct identifier='RESPONSE'/></match></responseIf></responseCondition></responseProcessing>"
    )
    single = one(item(response("single", "identifier", "B"), choices("A", "B", "C"), rules))
    assert (single.kind, weights(single)) == ("single_choice", ["0", "1", "0"])
    several = one(item(response("multiple", "identifier", "A", "C"), choices("A", "B", "C", most=3), rules))
    assert weights(several) == ["1/2", "0", "1/2"]
