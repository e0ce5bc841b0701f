"""Exports of real courses: formulas in MathML, grids, statements to judge, notes packed beside what is asked."""

from __future__ import annotations

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.mathml import rewritten, tex_of
from tests.question_bank.formats import test_qti_first as first
from tests.question_bank.formats import test_qti_second as second

# Formulas


@pytest.mark.parametrize(
    ("inside", "tex"),
    [
        ("<mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup>", "f(x)={x}^{2}"),
        ("<mfrac><mn>7</mn><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></mfrac>", r"\frac{7}{\sqrt{x+1}}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[{3}]{x}"),
        ("<mi>sin</mi><mi>&alpha;</mi><mo>&#8804;</mo><mi>ab</mi>", r"\sin \alpha \le \mathrm{ab}"),
        ("<munderover><mo>∑</mo><mn>1</mn><mi>n</mi></munderover><mi>i</mi>", r"\sum_{1}^{n}i"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", r"\vec{v}"),
        ('<mfenced open="[" close="]"><mn>1</mn><mn>2</mn></mfenced>', r"\left[1,2\right]"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable>", r"\begin{matrix}1 & 0\end{matrix}"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup><mtext> cm</mtext>", r"{x}_{1}^{2}\text{ cm}"),
        ("<mphantom><mi>x</mi></mphantom>", ""),
        ("<mfrac><mn>1</mn></mfrac>", ""),
        ("<mi>x</mi><mo>", ""),
    ],
)
def test_formulas_are_tex_where_every_part_of_them_is_known(inside: str, tex: str) -> None:
    assert tex_of(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inside}</math>') == tex


def test_formulas_of_any_format_become_tex_and_others_stay() -> None:
    text = "If <m:math><m:mi>x</m:mi><m:mo>&lt;</m:mo><m:mn>1</m:mn></m:math>, <math><maction/></math>"
    assert rewritten(text) == "If \\(x&lt;1\\), <math><maction/></math>"
    quiz = (
        '<quiz><question type="essay"><name><text>q</text></name><questiontext format="html"><text><![CDATA['
        "<p>Draw <math><mfrac><mn>1</mn><mi>x</mi></mfrac></math>.</p>]]></text></questiontext></question></quiz>"
    )
    assert read(quiz.encode(), "q.xml").questions[0].stem_html == "<p>Draw \\(\\frac{1}{x}\\).</p>"
    asked = first.html("Solve <math><msup><mi>x</mi><mn>2</mn></msup></math>") + first.choice("a", "b")
    item = first.item(asked, first.rules(first.when(first.equal("a"))))
    assert "Solve \\({x}^{2}\\)" in read(first.quiz(item), "q.xml").questions[0].stem_html


# What stands around what is asked


def test_a_declaration_that_runs_together_is_read() -> None:
    together = b'<?xml version="1.0"encoding="UTF-8"?>' + second.SINGLE.encode()
    assert len(read(together, "item.xml").questions) == 1


def test_notes_on_a_response_do_not_give_the_answer_away() -> None:
    notes = '<choiceRationales responseIdentifier="RESPONSE"><rationale>Correct</rationale></choiceRationales>'
    reading = second.look(second.item(second.response("single", "identifier", "A"), second.choices("A", "B") + notes))
    assert "Correct" not in reading.questions[0].stem_html
    assert "<choiceRationales> is left out" in str(reading.warnings[0])


def test_html_packed_into_sections_is_markup_and_a_lone_tag_is_text() -> None:
    def asked(words: str) -> str:
        body = second.choices("A", "B", prompt=f"<![CDATA[{words}]]>")
        return second.item(second.response("single", "identifier", "A"), body)

    reading = second.look(asked("<strong>Part A</strong><br />7 &times; 9&nbsp;= ?"))
    assert reading.questions[0].stem_html == "<strong>Part A</strong><br>7 × 9&nbsp;= ?"
    assert "CDATA" in str(reading.warnings[0])
    reading = second.look(asked("What does <p> begin?"))
    assert reading.questions[0].stem_html == "What does &lt;p&gt; begin?"
    assert not reading.warnings


def test_boxes_that_are_empty_once_the_choices_are_out_go() -> None:
    asked = second.choices("A", "B", prompt="")
    body = f'<div class="row"><p>Pick.</p></div><div class=""><div class="">{asked}</div></div>'
    found = second.one(second.item(second.response("single", "identifier", "A"), body))
    assert found.stem_html.count("<div") == 1


# Grids, statements and fields


def grid(processing: str = second.MATCH) -> str:
    def row(name: str) -> str:
        return f'<simpleAssociableChoice identifier="{name}" matchMax="0">{name}</simpleAssociableChoice>'

    body = (
        '<matchInteraction responseIdentifier="RESPONSE"><prompt>Mark.</prompt>'
        f"<simpleMatchSet>{row('r1')}{row('r2')}</simpleMatchSet>"
        f"<simpleMatchSet>{row('c1')}{row('c2')}{row('c3')}</simpleMatchSet></matchInteraction>"
    )
    return second.item(second.response("multiple", "directedPair", "r1 c1", "r1 c2", "r2 c2"), body, processing)


def test_a_grid_with_several_right_in_a_row_is_a_question_per_row() -> None:
    reading = second.look(grid())
    questions = as_json(reading.questions[0])["questions"]
    assert [(one["kind"], one["stem"], one["answers"], one["marks"]) for one in questions] == [
        ("multiple_choice", "r1", ["c1", "c2"], 0.5),
        ("multiple_choice", "r2", ["c2"], 0.5),
    ]
    assert "question per row" in str(reading.warnings[0])
    assert "only the whole answer" in str(reading.warnings[1])
    nothing = "<responseProcessing><setOutcomeValue identifier='SCORE'><null/></setOutcomeValue></responseProcessing>"
    assert "can't be told" in second.refused(grid(nothing))


def judged(*values: str) -> bytes:
    labels = "".join(f'<response_label ident="{n}">{first.html(f"S{n}")}</response_label>' for n in range(len(values)))
    whole = "".join(f'<varequal respident="{n}">{value}</varequal>' for n, value in enumerate(values) if value)
    return first.quiz(
        first.item(
            f'{first.html("Judge.")}<response_lid ident="MCMR" rcardinality="Multiple"><render_choice>{labels}'
            "</render_choice></response_lid>",
            '<resprocessing><outcomes><decvar varname="SCORE" maxvalue="2"/></outcomes><respcondition><conditionvar>'
            f'{whole}</conditionvar><setvar action="Add">2</setvar></respcondition></resprocessing>',
            QUESTIONTYPE="KPRIM CHOICE QUESTION",
            option_label_setting="plus_minus",
        )
    )


def test_statements_to_judge_are_matched_with_right_and_wrong() -> None:
    (found,) = read(judged("1", "0", "1", "0"), "q.xml").questions
    assert (found.kind, found.mark) == ("matching", 2000)
    assert [pair["match_html"] for pair in found.content["pairs"]] == ["+", "−", "+", "−"]
    (refusal,) = read(judged("1", ""), "q.xml").refused
    assert "no right choice" in str(refusal.reason)


def test_fields_that_accept_the_same_words_take_them_in_any_order() -> None:
    names = {"salt": "1", "pepper": "1"}
    declared = "".join(second.response("single", "string", ident=one, mapped=names) for one in ("A", "B"))
    body = '<p>Two: <textEntryInteraction responseIdentifier="A"/> <textEntryInteraction responseIdentifier="B"/></p>'
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='A'/><variable identifier='B'/>"
        "</match><setOutcomeValue identifier='SCORE'><mapResponse identifier='A'/></setOutcomeValue></responseIf>"
        "<responseElse><setOutcomeValue identifier='SCORE'><sum><mapResponse identifier='A'/>"
        "<mapResponse identifier='B'/></sum></setOutcomeValue></responseElse></responseCondition></responseProcessing>"
    )
    top = '<outcomeDeclaration identifier="MAXSCORE" baseType="float"><defaultValue><value>2</value></defaultValue>'
    top += "</outcomeDeclaration>"
    found = second.one(second.item(declared + top, body, rules))
    assert (found.kind, found.mark, found.content["unordered"]) == ("fill_in", 2000, [[0, 1]])
    assert second.one(second.item(declared, body, rules)).content == found.content
    assert "earns nothing" in second.refused(second.item(declared + top.replace("2", "1"), body, rules))


def test_pairs_whose_rules_only_tell_are_scored_as_declared() -> None:
    tells = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/><correct "
        "identifier='RESPONSE'/></match><setOutcomeValue identifier='TOLD'><baseValue baseType='identifier'>correct_fb"
        "</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    told = '<outcomeDeclaration identifier="TOLD" cardinality="single" baseType="identifier"/>'
    source = grid(tells).replace("<value>r1 c2</value>", "").replace("<itemBody>", f"{told}<itemBody>")
    assert second.one(source).kind == "matching"


def test_pieces_of_a_text_of_which_only_all_earn_are_told() -> None:
    body = (
        '<hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><p><hottext identifier="A">a</hottext> '
        '<hottext identifier="B">b</hottext> <hottext identifier="C">c</hottext></p></hottextInteraction>'
    )
    reading = second.look(second.item(second.response("multiple", "identifier", "A", "B"), body))
    assert "only the whole answer" in str(reading.warnings[0])


def test_a_field_between_words_of_d2l_stands_apart() -> None:
    source = first.quiz(
        first.item(
            f"<flow>{first.html('The capital is')}{first.field()}{first.html('in France.')}</flow>",
            first.rules(first.when(first.equal("Paris"))),
            qmd_questiontype="Fill in the Blanks",
        )
    )
    assert read(source, "q.xml").questions[0].stem_html == "The capital is ____ in France."


# What a first fresh batch showed


def test_rows_of_a_matching_that_nobody_filled_are_left_out() -> None:
    def row(name: str, prompt: str) -> str:
        labels = "".join(
            f'<response_label ident="{n}">{first.html(text)}</response_label>'
            for n, text in enumerate(("meow", "woof", ""))
        )
        asked = first.html(prompt)
        return f'<response_lid ident="{name}">{asked}<render_choice>{labels}</render_choice></response_lid>'

    asked = first.html("Match.") + row("a", "cat") + row("b", "dog") + row("c", "")
    rights = (("a", "0"), ("b", "1"), ("c", "2"))
    rules = first.rules(*(first.when(first.equal(value, ident), "33", "Add") for ident, value in rights))
    reading = read(first.quiz(first.item(asked, rules, "matching_question")), "q.xml")
    pairs = reading.questions[0].content["pairs"]
    assert [(pair["html"], pair["match_html"]) for pair in pairs] == [("cat", "meow"), ("dog", "woof")]
    assert "both sides empty" in str(reading.warnings[0])


def test_a_bonus_for_all_and_marks_lost_for_wrong_ones_are_told() -> None:
    mapped = {"A": "2", "B": "2", "C": "-2"}
    declared = second.response("multiple", "identifier", "A", "B", mapped=mapped, lowerBound="0")
    rules = (
        "<responseProcessing><setOutcomeValue identifier='SCORE'><mapResponse identifier='RESPONSE'/></setOutcomeValue>"
        "<responseCondition><responseIf><match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/>"
        "</match><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>5</baseValue></setOutcomeValue>"
        "</responseIf></responseCondition></responseProcessing>"
    )
    reading = second.look(second.item(declared, second.choices("A", "B", "C", most=0), rules))
    assert second.weights(reading.questions[0]) == ["1/2", "1/2", "0"]
    told = " ".join(str(one) for one in reading.warnings)
    assert "weighs them differently" in told
    assert "Wrong choices cost marks" in told


def test_a_setting_that_gift_does_not_know_is_no_question() -> None:
    reading = read(b"$QUESTIONTITLE: Rivers\n\nWhich?{=Elbe ~Rhine}\n\nIt costs $5.", "q.gift")
    assert [one.kind for one in reading.questions] == ["single_choice", "description"]
    assert "$QUESTIONTITLE" in str(reading.refused[0].reason)
