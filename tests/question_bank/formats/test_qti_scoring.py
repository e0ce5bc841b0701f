"""QTI 2 and 3: rules of all sorts come down to the weights, answers and marks that they mean."""

from __future__ import annotations

import pytest

from tests.question_bank.formats.test_qti_places import said
from tests.question_bank.formats.test_qti_second import MAP, MATCH, SCORE, choices, item, look, one, refused, response

ENTRY = '<p>Say <textEntryInteraction responseIdentifier="{}"/>.</p>'
SLIDER = '<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="9"><prompt>How many?</prompt>'


def fields(*names: str) -> str:
    return "".join(ENTRY.format(name) for name in names)


def rules(*statements: str) -> str:
    return f"<responseProcessing>{''.join(statements)}</responseProcessing>"


def when(test: str, *then: str, otherwise: str = "") -> str:
    rest = f"<responseElse>{otherwise}</responseElse>" if otherwise else ""
    return f"<responseCondition><responseIf>{test}{''.join(then)}</responseIf>{rest}</responseCondition>"


def var(name: str) -> str:
    return f"<variable identifier='{name}'/>"


def value(text: object, base: str = "float") -> str:
    return f"<baseValue baseType='{base}'>{text}</baseValue>"


def to(outcome: str, expression: str) -> str:
    return f"<setOutcomeValue identifier='{outcome}'>{expression}</setOutcomeValue>"


def plus(outcome: str, expression: str) -> str:
    return to(outcome, f"<sum>{var(outcome)}{expression}</sum>")


def is_text(name: str, text: str) -> str:
    return f"<stringMatch caseSensitive='false'>{var(name)}{value(text, 'string')}</stringMatch>"


def outcome(name: str, base: str = "float", *held: object, inside: str = "") -> str:
    values = "".join(f"<value>{one}</value>" for one in held)
    kept = f"<defaultValue>{values}</defaultValue>" if held else ""
    many = "ordered" if len(held) > 1 else "single"
    head = f"<outcomeDeclaration identifier='{name}' cardinality='{many}' baseType='{base}'>"
    return f"{head}{kept}{inside}</outcomeDeclaration>"


def test_a_question_is_worth_its_best_answer_wherever_that_stands() -> None:
    mapped = response("single", "integer", "5", mapped={"4": "0.5", "5": "1", "6": "0.5"})
    draft = one(item(mapped, f"{SLIDER}</sliderInteraction>", MAP))
    assert (draft.mark, [a["value"] for a in draft.content["answers"]]) == (1000, ["5", "4", "6"])
    mapped = response("single", "identifier", mapped={"A": "1", "B": "2"})
    draft = one(item(mapped, "<p>Look.</p>" + choices("A", "B"), MAP))
    assert (draft.mark, [o["fraction"] for o in draft.content["options"]]) == (2000, ["1/2", "1"])


def test_an_order_that_is_partly_right_is_told_whichever_two_are_exchanged() -> None:
    body = "".join(f'<simpleChoice identifier="{name}">{name}</simpleChoice>' for name in "ABC")
    partly = "<ordered>" + "".join(value(name, "identifier") for name in "ACB") + "</ordered>"
    source = item(
        response("ordered", "identifier", "A", "B", "C"),
        f'<orderInteraction responseIdentifier="RESPONSE"><prompt>Sort.</prompt>{body}</orderInteraction>',
        rules(
            when(f"<match>{var('RESPONSE')}<correct identifier='RESPONSE'/></match>", to("SCORE", value(2))),
            when(f"<match>{var('RESPONSE')}{partly}</match>", to("SCORE", value(1))),
        ),
    )
    assert one(source).content["scoring"] == "all_or_nothing"
    assert "partly right earn marks in the file, but not here" in said(look(source))


def test_texts_that_rules_keep_in_an_outcome_are_answers() -> None:
    inside = (
        "<substring caseSensitive='false'><index n='{}'>" + var("WORDS") + "</index>" + var("RESPONSE") + "</substring>"
    )
    source = item(
        response("single", "string") + outcome("WORDS", "string", "red fox", "fox"),
        fields("RESPONSE"),
        rules(
            when(inside.format(1), to("SCORE", value(1)), otherwise=when(inside.format(2), to("SCORE", value("0.5")))),
        ),
    )
    assert [(a["text"], a["fraction"]) for a in one(source).content["answers"]] == [
        ("*red fox*", "1"),
        ("*fox*", "1/2"),
    ]


def test_a_field_that_rules_compare_with_what_nobody_can_tell_is_refused() -> None:
    compared = when(f"<match>{var('RESPONSE')}{var('OTHER')}</match>", to("SCORE", value(1)))
    assert "can't be told" in refused(item(response("single", "string"), fields("RESPONSE"), rules(compared)))
    draft = one(item(response("single", "integer"), fields("RESPONSE"), ""))
    assert draft.kind == "essay"


def test_numbers_that_are_rounded_before_they_are_compared_have_half_a_place_of_margin() -> None:
    def rounded(mode: str, figures: str) -> str:
        return rules(
            when(
                f"<equalRounded roundingMode='{mode}' figures='{figures}'>{var('RESPONSE')}"
                "<correct identifier='RESPONSE'/></equalRounded>",
                to("SCORE", value(1)),
            )
        )

    declared = response("single", "float", "2.718")
    places = one(item(declared, fields("RESPONSE"), rounded("decimalPlaces", "2")))
    assert [(a["value"], a["tolerance"]) for a in places.content["answers"]] == [("2.72", "0.005")]
    figures = one(item(declared, fields("RESPONSE"), rounded("significantFigures", "2")))
    assert [(a["value"], a["tolerance"]) for a in figures.content["answers"]] == [("2.7", "0.05")]
    assert "<equalRounded>" in refused(item(declared, fields("RESPONSE"), rounded("decimalPlaces", "N")))


def test_scores_that_are_looked_up_in_a_table_count_as_there() -> None:
    table = "".join(f"<interpolationTableEntry sourceValue='{a}' targetValue='{b}'/>" for a, b in ((1, 8), (0, 0)))
    chosen = f"<member>{value('B', 'identifier')}{var('RESPONSE')}</member>"
    source = item(
        response("single", "identifier", "B") + outcome("RAW", "integer", 0),
        "<p>Look.</p>" + choices("A", "B"),
        rules(
            when(chosen, plus("RAW", value(1, "integer"))),
            f"<lookupOutcomeValue identifier='SCORE'>{var('RAW')}</lookupOutcomeValue>",
        ),
    ).replace(
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>',
        outcome("SCORE", inside=f"<interpolationTable>{table}</interpolationTable>"),
    )
    assert (one(source).mark, one(source).content["options"][1]["fraction"]) == (8000, "1")
    assert "<lookupOutcomeValue>" in refused(source.replace(table, ""))


@pytest.mark.parametrize("name", ["qade:Trim", "nl.example.ToAscii"])
def test_operators_of_makers_that_tidy_a_text_change_nothing(name: str) -> None:
    tidied = f"<stringMatch><customOperator definition='{name}'>{var('RESPONSE')}</customOperator>"
    source = item(
        response("single", "string", "sea"),
        fields("RESPONSE"),
        rules(when(f"{tidied}{value('sea', 'string')}</stringMatch>", to("SCORE", value(1)))),
    )
    assert [a["text"] for a in one(source).content["answers"]] == ["sea"]
    assert "<customOperator>" in refused(source.replace(name, "qade:Guess"))


def test_words_of_two_groups_in_either_field_are_blanks_in_any_order() -> None:
    groups = {"G": ("Holland", "The Netherlands"), "H": ("Wales", "Cymru")}
    found = [
        when(
            "<or>" + "".join(is_text(name, text) for name in ("R1", "R2") for text in texts) + "</or>",
            to(group, value(1, "integer")),
        )
        for group, texts in groups.items()
    ]
    source = item(
        response("single", "string", ident="R1")
        + response("single", "string", ident="R2")
        + outcome("G", "integer", 0)
        + outcome("H", "integer", 0),
        fields("R1", "R2"),
        rules(*found, to("SCORE", f"<sum>{var('G')}{var('H')}</sum>")),
    )
    draft = one(source)
    assert [[a["text"] for a in blank["answers"]] for blank in draft.content["blanks"]] == [
        ["Holland", "The Netherlands"],
        ["Wales", "Cymru"],
    ]
    assert (draft.kind, draft.content["unordered"], draft.mark) == ("fill_in", [[0, 1]], 2000)


def test_fields_of_which_some_have_to_be_right_share_the_mark_with_a_note() -> None:
    names = ("R1", "R2", "R3")
    source = item(
        "".join(response("single", "string", ident=name, mapped={f"word {name}": "1"}) for name in names)
        + outcome("T", "float", 0),
        fields(*names),
        rules(
            *(plus("T", f"<mapResponse identifier='{name}'/>") for name in names),
            when(f"<gte>{var('T')}{value(2)}</gte>", to("SCORE", value(1))),
        ),
    )
    draft = one(source)
    assert (draft.kind, draft.mark) == ("fill_in", 1000)
    assert [blank["answers"][0]["text"] for blank in draft.content["blanks"]] == ["word R1", "word R2", "word R3"]
    assert "how many of them are right" in said(look(source))


def test_an_answer_that_any_other_beats_is_none() -> None:
    mapped = response("single", "string", mapped={"leaf": "2"}, defaultValue="7")
    assert "any other answer" in refused(item(mapped, fields("RESPONSE"), MAP))


def test_a_mapping_of_zeros_leaves_what_is_declared_as_right() -> None:
    mapped = response("multiple", "identifier", "A", "B", mapped={"A": "0", "B": "0", "C": "0"})
    source = item(mapped, "<p>Look.</p>" + choices("A", "B", "C", most=0), MAP)
    assert [o["fraction"] for o in one(source).content["options"]] == ["1/2", "1/2", "0"]
    assert "what it declares as right counts" in said(look(source))


def test_a_grid_keeps_what_its_cells_earn_and_cost() -> None:
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="0">{n}</simpleAssociableChoice>' for n in names)
        + "</simpleMatchSet>"
        for names in (("A", "B"), ("X", "Y", "Z"))
    )
    pairs = {"A X": "1", "A Y": "1", "B Y": "1", "A Z": "-0.5", "B X": "-0.5"}
    source = item(
        response("multiple", "directedPair", "A X", "A Y", "B Y", mapped=pairs),
        f'<matchInteraction responseIdentifier="RESPONSE"><prompt>Tick.</prompt>{sets}</matchInteraction>',
        MAP,
    )
    questions = one(source).content["questions"]
    assert [question["mark"] for question in questions] == [2000, 1000]
    assert [[o["fraction"] for o in q["content"]["options"]] for q in questions] == [
        ["1/2", "1/2", "-1/4"],
        ["-1/2", "1", "0"],
    ]


def test_parts_that_a_person_marks_have_their_share_and_their_line() -> None:
    upload = "<p>Do it.</p><uploadInteraction responseIdentifier='F'><prompt>Hand in.</prompt></uploadInteraction>"
    body = f"{upload}<p>About <textEntryInteraction responseIdentifier='N'/> percent.</p>"
    declared = response("single", "file", ident="F") + response("single", "integer", ident="N")
    draft = one(item(declared, body, ""))
    assert [(q["kind"], q["mark"]) for q in draft.content["questions"]] == [("file_upload", 500), ("essay", 500)]
    assert draft.content["questions"][1]["stem_html"] == "<p>About ____ percent.</p>"
    keyed = response("single", "identifier", "A", ident="C") + outcome("MAXSCORE", "float", 5)
    scored = rules(when(f"<match>{var('C')}<correct identifier='C'/></match>", to("SCORE", value(2))))
    mixed = item(keyed + response("single", "file", ident="F"), choices("A", "B", ident="C") + upload, scored)
    assert [q["mark"] for q in one(mixed).content["questions"]] == [2000, 3000]


def test_gaps_behind_a_list_in_the_line_keep_their_text() -> None:
    body = (
        '<p>It is <inlineChoiceInteraction responseIdentifier="L"><inlineChoice identifier="A">a</inlineChoice>'
        '<inlineChoice identifier="B">b</inlineChoice></inlineChoiceInteraction>.</p><gapMatchInteraction '
        'responseIdentifier="G"><gapText identifier="X" matchMax="1">x</gapText><gapText identifier="Y" matchMax="1">y'
        '</gapText><p>Put <gap identifier="G1"/> here.</p></gapMatchInteraction>'
    )
    declared = response("single", "identifier", "A", ident="L") + response(
        "multiple", "directedPair", "X G1", ident="G"
    )
    questions = one(item(declared, body, MATCH)).content["questions"]
    assert [(q["kind"], q["stem_html"]) for q in questions] == [
        ("cloze", "<p>It is [[1]].</p>"),
        ("drag_text", "Put [[1]] here."),
    ]


def test_an_answer_key_that_names_no_option_leaves_the_options_that_earn() -> None:
    mapped = response("multiple", "identifier", "AB", mapped={"A": "1", "B": "1"}, defaultValue="-1")
    draft = one(item(mapped, "<p>Look.</p>" + choices("A", "B", "C", most=0), MAP))
    assert (draft.mark, [o["fraction"] for o in draft.content["options"]]) == (2000, ["1/2", "1/2", "-1/2"])


def test_an_outcome_that_holds_several_stays_several() -> None:
    kept = outcome("KEY", "identifier", "A").replace("cardinality='single'", "cardinality='multiple'")
    chosen = f"<contains>{var('RESPONSE')}{var('KEY')}</contains>"
    source = item(
        response("multiple", "identifier", "A") + kept,
        "<p>Look.</p>" + choices("A", "B", most=0),
        rules(when(chosen, to("SCORE", value(1)))),
    )
    assert one(source).content["options"][0]["fraction"] == "1"


def test_rules_that_set_other_outcomes_only_leave_what_is_declared() -> None:
    body = '<p>It is <inlineChoiceInteraction responseIdentifier="L"><inlineChoice identifier="N"/>'
    body += '<inlineChoice identifier="A">a</inlineChoice><inlineChoice identifier="B">b</inlineChoice>'
    body += "</inlineChoiceInteraction>.</p>"
    mapped = response("single", "identifier", "A", ident="L", mapped={"A": "2"})
    source = item(mapped, body, rules(to("SCOREL", "<mapResponse identifier='L'/>")))
    (part,) = one(source).content["parts"]
    assert (one(source).mark, [o["html"] for o in part["content"]["options"]]) == (2000, ["a", "b"])
    assert "never set its score" in said(look(source))


def test_a_field_without_a_key_keeps_its_blank_for_the_person_who_marks() -> None:
    body = "<p>My name is <textEntryInteraction responseIdentifier='RESPONSE'/> today.</p>"
    draft = one(item(response("single", "string"), body))
    assert (draft.kind, draft.stem_html) == ("essay", "My name is ____ today.")


def test_blanks_that_share_some_answers_keep_their_own_with_a_note() -> None:
    maps = "".join(
        response("single", "string", ident=n, mapped={"red": "1", o: "1"}) for n, o in (("A", "b"), ("B", "g"))
    )
    same = f"<match>{var('A')}{var('B')}</match>"
    first, other = ("<mapResponse identifier='A'/>", "<mapResponse identifier='B'/>")
    scored = rules(when(same, to("SCORE", first), otherwise=to("SCORE", f"<sum>{first}{other}</sum>")))
    source = item(maps, fields("A", "B"), scored)
    answers = [[kept["text"] for kept in blank["answers"]] for blank in one(source).content["blanks"]]
    assert (answers, one(source).mark) == ([["red", "b"], ["red", "g"]], 2000)
    assert "in the file it counts once" in said(look(source))


def test_scores_of_the_parts_are_added_where_the_whole_has_none() -> None:
    right = f"<equal toleranceMode='absolute' tolerance='1 1'>{var('N')}<correct identifier='N'/></equal>"
    declared = response("single", "string", "x", ident="T", mapped={"x": "1"}) + response(
        "single", "float", "7", ident="N"
    )
    parts = outcome("SCORE_N", "float", 0) + outcome("MAXSCORE_N", "float", 1)
    source = item(declared + parts, fields("T", "N"), rules(when(right, to("SCORE_N", var("MAXSCORE_N")))))
    source = source.replace(SCORE, "")
    draft = one(source)
    assert (draft.kind, draft.mark) == ("fill_in", 2000)
    assert [blank["answers"][0].get("tolerance") for blank in draft.content["blanks"]] == [None, "1"]
    assert "no score of the whole" in said(look(source))


def test_a_part_that_the_rules_speak_of_without_a_score_still_earns_nothing() -> None:
    declared = response("single", "string", "x", ident="T") + response("single", "string", "y", ident="U")
    told = when(is_text("T", "x"), to("SCORE_U", value(0)))
    scored = when(is_text("U", "y"), to("SCORE_U", value(1)))
    source = item(declared + outcome("SCORE_U"), fields("T", "U"), rules(told, scored)).replace(SCORE, "")
    assert "worth any marks" in refused(source)


def test_a_number_written_as_a_text_is_a_number_where_the_outcome_is_one() -> None:
    declared = response("single", "string", ident="E") + response("single", "identifier", "B")
    empty = when(f"<isNull>{var('E')}</isNull>", to("HAND", value(0, "string")))
    right = when(f"<match>{var('RESPONSE')}<correct identifier='RESPONSE'/></match>", to("AUTO", value(1, "integer")))
    whole = to("SCORE", f"<sum>{var('HAND')}{var('AUTO')}</sum>")
    essay = '<extendedTextInteraction responseIdentifier="E"><prompt>Why?</prompt></extendedTextInteraction>'
    numbers = outcome("HAND", "integer") + outcome("AUTO", "integer")
    draft = one(item(declared + numbers, essay + choices("A", "B"), rules(empty, right, whole)))
    assert [(part["kind"], part["mark"]) for part in draft.content["questions"]] == [
        ("essay", 0),
        ("single_choice", 1000),
    ]
