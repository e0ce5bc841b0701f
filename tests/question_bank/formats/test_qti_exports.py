"""QTI 2 and 3 as programs export it: settings among the templates, models of an essay, pieces of a text."""

from __future__ import annotations

import pytest

from learnhub.kernel.errors import Refused
from tests.question_bank.formats.test_qti_places import said
from tests.question_bank.formats.test_qti_scoring import ENTRY, is_text, outcome, plus, rules, to, value, var, when
from tests.question_bank.formats.test_qti_second import MAP, MATCH, choices, item, look, one, refused, response, weights

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
    assert one(item(keyed, EXTENDED, MAP)).kind == "short_answer"


def test_pieces_of_a_text_that_cost_otherwise_in_the_file_are_told() -> None:
    pieces = "".join(f'<hottext identifier="{name}">{name.lower()}</hottext> ' for name in "ABC")
    body = f'<hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><p>{pieces}</p></hottextInteraction>'

    def told(wrong: str) -> str:
        mapped = {"A": "1", "B": wrong, "C": "1"}
        declared = response("multiple", "identifier", "A", "C", mapped=mapped, lowerBound="0")
        return said(look(item(declared, body, MAP)))

    assert told("-1") == ""
    assert "counts it otherwise" in told("0")
    assert "counts it otherwise" in told("-0.5")


def sorting(*right: str, turned: bool = False, processing: str = MATCH, **mapped: str) -> str:
    """Words to sort, of which `spider` belongs nowhere."""
    sets = [("frog", "toad", "lizard", "spider"), ("amphibian", "reptile")]
    written = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="0">{n}</simpleAssociableChoice>' for n in names)
        + "</simpleMatchSet>"
        for names in (reversed(sets) if turned else sets)
    )
    declared = response("multiple", "directedPair", *right, mapped={k.replace("_", " "): v for k, v in mapped.items()})
    return item(
        declared,
        f'<p>Sort.</p><matchInteraction responseIdentifier="RESPONSE">{written}</matchInteraction>',
        processing,
    )


def test_words_to_sort_of_which_one_belongs_nowhere_become_a_question_per_place() -> None:
    pairs = ["frog amphibian", "toad amphibian", "lizard reptile"]
    back = [" ".join(reversed(pair.split())) for pair in pairs]
    for source in (sorting(*pairs), sorting(*back, turned=True)):
        reading = look(source)
        (draft,) = reading.questions
        first, second = draft.content["questions"]
        assert (draft.kind, first["stem_html"], second["stem_html"]) == ("case", "amphibian", "reptile")
        assert [one["fraction"] for one in first["content"]["options"]] == ["1/2", "1/2", "0", "0"]
        assert [one["fraction"] for one in second["content"]["options"]] == ["0", "0", "1", "0"]
        assert "became a question per row" in said(reading)
    worth = {"frog_amphibian": "1", "toad_amphibian": "1", "lizard_reptile": "1", "spider_amphibian": "-1"}
    (draft,) = look(sorting(*pairs, processing=MAP, **worth)).questions
    first, _second = draft.content["questions"]
    assert [one["fraction"] for one in first["content"]["options"]] == ["1/2", "1/2", "0", "-1/2"]
    assert (draft.mark, first["mark"]) == (3000, 2000)


def test_statements_that_only_count_together_but_in_part_are_told_as_costing() -> None:
    rows = "".join(
        f'<simpleAssociableChoice identifier="{n}" matchMax="1">{n}</simpleAssociableChoice>' for n in "abcd"
    )
    marks = "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="4">{n}</simpleAssociableChoice>' for n in "+-")
    body = f"<simpleMatchSet>{rows}</simpleMatchSet><simpleMatchSet>{marks}</simpleMatchSet>"
    right = ["a +", "b -", "c +", "d -"]
    declared = response("multiple", "directedPair", *right, mapped=dict.fromkeys(right, "1"), defaultValue="-1")
    count = f"<containerSize>{var('RESPONSE')}</containerSize>"
    missing = f"<product><subtract>{value(4)}{count}</subtract>{value(-1)}</product>"
    scored = rules(
        to("SCORE", f"<sum><mapResponse identifier='RESPONSE'/>{missing}</sum>"),
        when(f"<lt>{var('SCORE')}{value(0)}</lt>", to("SCORE", value(0))),
    )
    interaction = f'<p>Judge.</p><matchInteraction responseIdentifier="RESPONSE">{body}</matchInteraction>'
    assert said(look(item(declared, interaction, scored))) == "i: Wrong choices cost marks in the file, but not here."


def test_texts_that_the_rules_only_compare_as_numbers_are_numbers() -> None:
    margin = f"<equal toleranceMode='absolute' tolerance='0.01'>{var('RESPONSE')}{value('4.25')}</equal>"
    scored = rules(when(margin, to("SCORE", value(1))))
    draft = one(item(response("single", "string", "4.25"), ENTRY.format("RESPONSE"), scored))
    assert (draft.kind, draft.content["answers"][0]["value"]) == ("numerical", "4.25")
    scored = rules(when(margin.replace("4.25", "more"), to("SCORE", value(1))), to("SCORE", value(1)))
    assert "any other answer" in refused(item(response("single", "string", "more"), ENTRY.format("RESPONSE"), scored))
    assert one(item(response("single", "string", "4.25"), ENTRY.format("RESPONSE"), MATCH)).kind == "short_answer"


def test_rules_that_give_most_for_another_answer_than_the_declared_one_are_told() -> None:
    declared = response("single", "identifier", "A", mapped={"A": "0", "B": "1"})
    reading = look(item(declared, choices("A", "B"), MAP))
    assert weights(reading.questions[0]) == ["0", "1"]
    assert "another answer than it declares" in said(reading)
    several = response("multiple", "identifier", "A", "B", mapped={"A": "1", "C": "1"})
    reading = look(item(several, choices("A", "B", "C", most=0), MAP))
    assert weights(reading.questions[0]) == ["1/2", "0", "1/2"]
    assert "another answer than it declares" in said(reading)
    kept = response("single", "identifier", "A", mapped={"A": "2", "B": "1"})
    assert not look(item(kept, choices("A", "B"), MAP)).warnings


def test_characters_by_the_names_that_only_html_has_are_read() -> None:
    asked = item(response("single", "identifier", "A"), choices("A", "B", prompt="Caf&eacute;&nbsp;&amp; bar &lt; 5?"))
    assert one(asked).stem_html == "Café&nbsp;&amp; bar &lt; 5?"
    for other in (asked.replace("&nbsp;", "&nosuch;"), asked.replace("&amp;", "&")):
        with pytest.raises(Refused, match="not well formed"):
            look(other)


def fitting(bounds: str = "1", **mapped: str) -> str:
    """A gap with words to put in it."""
    words = "".join(f'<gapText identifier="{n}" matchMax="1">{n.lower()}</gapText>' for n in ("BIG", "LARGE", "SWIM"))
    declared = response(
        "multiple",
        "directedPair",
        "BIG G",
        mapped={f"{name} G": worth for name, worth in mapped.items()},
        upperBound=bounds,
    )
    inner = f"{words}<p>An elephant is <gap identifier='G'/>.</p>"
    return item(declared, f'<gapMatchInteraction responseIdentifier="RESPONSE">{inner}</gapMatchInteraction>', MAP)


def test_a_gap_that_takes_either_of_two_words_is_refused_and_a_part_for_another_is_told() -> None:
    assert "right in one place" in refused(fitting(BIG="1", LARGE="1"))
    assert one(fitting(BIG="1", LARGE="1").replace(">large<", ">big<")).kind == "drag_text"
    assert "a part of the marks" in said(look(fitting(BIG="1", LARGE="0.5")))
    assert not look(fitting(BIG="1")).warnings


def test_pairs_of_which_not_all_are_needed_stay_one_question() -> None:
    pairs = ["frog amphibian", "lizard reptile"]
    mapped = {"frog_amphibian": "1", "lizard_reptile": "1"}
    source = sorting(*pairs, processing=MAP, **mapped).replace("<mapping>", '<mapping upperBound="1">')
    for word in ("toad", "spider"):
        source = source.replace(
            f'<simpleAssociableChoice identifier="{word}" matchMax="0">{word}</simpleAssociableChoice>', ""
        )
    assert one(source).kind == "matching"
    entry = '<mapEntry mapKey="frog reptile" mappedValue="1"/>'
    both = source.replace(' upperBound="1"', "").replace("</mapping>", f"{entry}</mapping>")
    assert "right in one place" in refused(both)
