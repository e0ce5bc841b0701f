"""QTI 2 and 3 as programs export it: settings among the templates, models of an essay, pieces of a text."""

from __future__ import annotations

from tests.question_bank.formats.test_qti_places import said
from tests.question_bank.formats.test_qti_scoring import ENTRY, is_text, outcome, plus, rules, to, value, var, when
from tests.question_bank.formats.test_qti_second import MATCH, choices, item, look, one, refused, response

EXTENDED = '<p>Explain.</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
ANSWERED = rules(when("<not><isNull><variable identifier='RESPONSE'/></isNull></not>", to("SEEN", value(1))))


def setting(name: str, *held: object) -> str:
    """A variable of a template as an outcome is declared."""
    return outcome(name, "float", *held).replace("outcomeDeclaration", "templateDeclaration")


def test_variables_of_a_template_that_nothing_draws_are_constants() -> None:
    settings = setting("EACH", 2) + setting("WRONG", 0) + setting("LEAST", "")
    answers = is_text("RESPONSE", "Oslo") + is_text("RESPONSE", "Kristiania")
    scored = rules(when(f"<or>{answers}</or>", plus("SCORE", var("EACH")), otherwise=plus("SCORE", var("WRONG"))))
    draft = one(item(response("single", "string", "Oslo") + settings, ENTRY.format("RESPONSE"), scored))
    assert [answer["text"] for answer in draft.content["answers"]] == ["Oslo", "Kristiania"]
    assert (draft.kind, draft.mark) == ("short_answer", 2000)


def test_a_constant_is_printed_and_an_empty_one_refuses() -> None:
    asked = "<p>How far is <printedVariable identifier='KM'/> km?</p>" + choices("A", "B")
    right = response("single", "identifier", "A")
    assert "How far is 5 km?" in one(item(right + setting("KM", 5), asked)).stem_html
    assert "<printedVariable>" in refused(item(right + setting("KM"), asked))
    assert "template" in refused(item(f"{right}{setting('KM', 5)}<templateProcessing/>", asked))


def test_a_model_answer_that_nothing_is_marked_by_leaves_an_essay_to_a_person() -> None:
    void = response("single", "string", "Supply and demand.", mapped={"Supply and demand.": "0.0"})
    for declared in (void, response("single", "string", "Supply and demand.")):
        reading = look(item(declared + outcome("MAXSCORE", "float", 4), EXTENDED, ANSWERED))
        (draft,) = reading.questions
        assert (draft.kind, draft.mark, draft.content["marker_html"]) == ("essay", 4000, "Supply and demand.")
        assert not reading.warnings
    keyed = response("single", "string", "ink", mapped={"ink": "1"})
    assert one(item(keyed, EXTENDED, MATCH.replace("match_correct", "map_response"))).kind == "short_answer"


def test_pieces_of_a_text_that_cost_otherwise_in_the_file_are_told() -> None:
    pieces = "".join(f'<hottext identifier="{name}">{name.lower()}</hottext> ' for name in "ABC")
    body = f'<hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><p>{pieces}</p></hottextInteraction>'

    def told(wrong: str) -> str:
        mapped = {"A": "1", "B": wrong, "C": "1"}
        declared = response("multiple", "identifier", "A", "C", mapped=mapped, lowerBound="0")
        return said(look(item(declared, body, MATCH.replace("match_correct", "map_response"))))

    assert told("-1") == ""
    assert "counts it otherwise" in told("0")
    assert "counts it otherwise" in told("-0.5")
