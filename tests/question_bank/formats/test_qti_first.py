"""QTI 1.2: what its exporters write is read with the right kind, weights and answers, or refused by name."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import Any

import pytest
from PIL import Image

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft
from question_bank.formats import read
from question_bank.formats.reading import Reading


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    return out.getvalue()


def zipped(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return out.getvalue()


def quiz(*items: str, title: str = "Quiz") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment ident="a" title="{title}"><section ident="root_section">{"".join(items)}</section></assessment>'
        "</questestinterop>"
    ).encode()


def item(presentation: str, rules: str = "", kind: str = "", after: str = "", **fields: str) -> str:
    labels = {"question_type": kind, **fields}
    meta = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for name, value in labels.items()
        if value
    )
    return (
        f'<item ident="i" title="T"><itemmetadata><qtimetadata>{meta}</qtimetadata></itemmetadata>'
        f"<presentation>{presentation}</presentation>{rules}{after}</item>"
    )


def html(text: str) -> str:
    return f'<material><mattext texttype="text/html">{escape(text)}</mattext></material>'


def choice(*labels: str, ident: str = "r", cardinality: str = "Single", prompt: str = "") -> str:
    inner = "".join(
        f'<response_label ident="{label}"><material><mattext>{label.upper()}</mattext></material></response_label>'
        for label in labels
    )
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{prompt}'
        f"<render_choice>{inner}</render_choice></response_lid>"
    )


def rules(*conditions: str, top: str = "100", least: str = "0", name: str = "SCORE") -> str:
    return (
        f'<resprocessing><outcomes><decvar maxvalue="{top}" minvalue="{least}" varname="{name}"/></outcomes>'
        f"{''.join(conditions)}</resprocessing>"
    )


def when(
    asked: str, score: str = "100", action: str = "Set", name: str = "SCORE", more: str = "", go_on: str = ""
) -> str:
    on = f' continue="{go_on}"' if go_on else ""
    return (
        f"<respcondition{on}><conditionvar>{asked}</conditionvar>"
        f'<setvar varname="{name}" action="{action}">{score}</setvar>{more}</respcondition>'
    )


def equal(value: str, ident: str = "r", more: str = "") -> str:
    return f'<varequal respident="{ident}"{more}>{value}</varequal>'


def field(ident: str = "r", kind: str = "") -> str:
    named = f' fibtype="{kind}"' if kind else ""
    return f'<response_str ident="{ident}" rcardinality="Single"><render_fib{named}/></response_str>'


def one(*arguments: Any, **named: Any) -> QuestionDraft:
    reading = read(quiz(item(*arguments, **named)), "quiz.xml")
    assert not reading.refused, reading.refused
    (draft,) = reading.questions
    return draft


def refused(*arguments: Any, **named: Any) -> str:
    reading = read(quiz(item(*arguments, **named)), "quiz.xml")
    assert not reading.questions
    return str(reading.refused[0].reason)


def weights(draft: QuestionDraft) -> list[str]:
    return [option["fraction"] for option in draft.content["options"]]


def warnings(reading: Reading) -> str:
    return "\n".join(map(str, reading.warnings))


def test_options_are_worth_what_the_rules_give_them_alone() -> None:
    found = one(
        html("Which?") + choice("a", "b", "c"),
        rules(when(equal("a"), "10"), when(equal("b"), "5")),
        kind="multiple_choice_question",
        points_possible="10",
    )
    assert (found.kind, found.mark, weights(found)) == ("single_choice", 10_000, ["1", "1/2", "0"])


def test_true_and_false_are_a_judgement_only_where_they_are_meant_so() -> None:
    shown = html("So?") + choice("true", "false")
    scored = rules(when(equal("false")))
    assert one(shown, scored, kind="true_false_question").content["answer"] is False
    assert one(shown, scored).kind == "true_false"
    assert one(shown, scored, kind="multiple_choice_question").kind == "single_choice"
    assert one(html("So?") + choice("true", "false"), scored, cc_profile="cc.true_false.v0p1").kind == "true_false"


def test_all_or_nothing_and_added_shares_give_the_same_right_options() -> None:
    shown = html("Which?") + choice("a", "b", "c", cardinality="Multiple")
    whole = rules(when(f"<and>{equal('a')}{equal('b')}<not>{equal('c')}</not></and>"))
    assert weights(one(shown, whole)) == ["1/2", "1/2", "0"]
    added = rules(
        when(equal("a"), "33.33", "Add"),
        when(equal("b"), "33.33", "Add"),
        when(equal("c"), "33.34", "Add"),
    )
    assert weights(one(shown, added)) == ["1/3", "1/3", "1/3"]
    taken = rules(when(equal("a"), "50", "Add"), when(equal("b"), "50", "Add"), when(equal("c"), "-10", "Add"))
    assert weights(one(shown, taken)) == ["1/2", "1/2", "-1/10"]


def test_another_name_for_the_score_and_points_in_its_range_are_understood() -> None:
    found = one(
        html("Which?") + choice("a", "b"),
        rules(when(equal("b"), "4", name="que_score"), top="4", name="que_score"),
    )
    assert (found.mark, weights(found)) == (4000, ["0", "1"])


def test_alternatives_beside_each_other_are_all_accepted() -> None:
    found = one(html("Who?") + field(), rules(when(equal("Santa") + equal("Saint Nick"))), kind="short_answer_question")
    assert [answer["text"] for answer in found.content["answers"]] == ["Santa", "Saint Nick"]


def test_capitals_that_count_are_told() -> None:
    reading = read(quiz(item(html("Who?") + field(), rules(when(equal("Santa", more=' case="Yes"'))))), "q.xml")
    assert "Capitals count in the file" in warnings(reading)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("<or>{eq}<and>{lo}{hi}</and></or>", {"value": "4", "tolerance": "0.5", "fraction": "1"}),
        ("{lo}{hi}{eq}", {"value": "4", "tolerance": "0.5", "fraction": "1"}),
        ("{lo}{hi}", {"low": "3.5", "high": "4.5", "fraction": "1"}),
        ("{eq}", {"value": "4", "tolerance": "0", "fraction": "1"}),
    ],
)
def test_numbers_keep_their_margins_and_ranges(asked: str, answer: dict[str, str]) -> None:
    pieces = {
        "eq": equal("4"),
        "lo": '<vargte respident="r">3.5</vargte>',
        "hi": '<varlte respident="r">4.5</varlte>',
    }
    found = one(html("n?") + field(kind="Decimal"), rules(when(asked.format(**pieces))), kind="numerical_question")
    assert (found.kind, found.content["answers"]) == ("numerical", [answer])


def test_an_open_range_of_numbers_is_refused() -> None:
    asked = '<vargt respident="r">3</vargt>'
    assert "open on one side" in refused(html("n?") + field(kind="Decimal"), rules(when(asked)))


def test_blanks_of_canvas_stand_where_their_names_stand() -> None:
    blank = (
        '<response_lid ident="response_{0}"><material><mattext>{0}</mattext></material>'
        "<render_choice>{1}</render_choice></response_lid>"
    )
    label = (
        '<response_label ident="{0}"><material><mattext texttype="text/plain">{1}</mattext></material></response_label>'
    )
    first = blank.format("x", label.format("1", "red") + label.format("2", "rose"))
    second = blank.format("y", label.format("3", "blue"))
    scored = rules(
        when(equal("1", "response_x"), "50", "Add"),
        when(equal("3", "response_y"), "50", "Add"),
    )
    found = one(html("Roses [x], violets [y]") + first + second, scored, kind="fill_in_multiple_blanks_question")
    assert (found.kind, found.stem_html) == ("fill_in", "Roses ____, violets ____")
    assert [[answer["text"] for answer in blank["answers"]] for blank in found.content["blanks"]] == [
        ["red", "rose"],
        ["blue"],
    ]
    pattern = second.replace('ident="3"', 'ident="3" scoring_algorithm="TextRegex" answer_type="openEntry"')
    assert "regular expression" in refused(
        html("[x] [y]") + first + pattern, scored, kind="fill_in_multiple_blanks_question"
    )


def test_an_order_is_the_sequence_that_earns_the_score() -> None:
    shown = html("Order!") + choice("a", "b", "c", cardinality="Ordered")
    found = one(shown, rules(when(equal("c") + equal("a") + equal("b"))), kind="ordering_question")
    assert [entry["html"] for entry in found.content["items"]] == ["C", "A", "B"]
    assert found.content["scoring"] == "all_or_nothing"


def test_things_put_into_categories_are_matched_with_them() -> None:
    scored = rules(
        when(equal("a", "r1") + equal("b", "r1"), "50", "Add"),
        when(equal("c", "r2"), "50", "Add"),
    )
    shown = html("Sort!") + "".join(
        choice("a", "b", "c", "d", ident=ident, cardinality="Multiple", prompt=html(name))
        for ident, name in (("r1", "First"), ("r2", "Second"))
    )
    reading = read(quiz(item(shown, scored, kind="categorization_question")), "q.xml")
    pairs = [(pair["html"], pair["match_html"]) for pair in reading.questions[0].content["pairs"]]
    assert pairs == [("A", "First"), ("B", "First"), ("C", "Second"), ("D", "—")]
    assert "belong nowhere" in warnings(reading)


def test_a_match_of_blackboard_takes_its_choices_from_their_own_block() -> None:
    def text(words: str) -> str:
        return (
            '<flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">'
            f"{words}</mat_formattedtext></mat_extension></material></flow>"
        )

    prompts = "".join(
        f'<flow class="Block"><response_lid ident="p{n}" rcardinality="Single"><render_choice><flow_label>'
        f'<response_label ident="l{n}a"/><response_label ident="l{n}b"/></flow_label></render_choice></response_lid>'
        f"{text(words)}</flow>"
        for n, words in enumerate(("one", "two"))
    )
    shown = (
        f'<flow class="Block"><flow class="QUESTION_BLOCK">{text("Match")}</flow>'
        f'<flow class="RESPONSE_BLOCK">{prompts}</flow><flow class="RIGHT_MATCH_BLOCK">'
        f'<flow class="Block">{text("eins")}</flow><flow class="Block">{text("zwei")}</flow></flow></flow>'
    )
    told = '<displayfeedback linkrefid="correct"/>'
    scored = rules(
        *(
            f"<respcondition><conditionvar>{equal(value, ident)}</conditionvar>{told}</respcondition>"
            for ident, value in (("p0", "l0a"), ("p1", "l1b"))
        ),
        top="1",
    )
    meta = "<bbmd_questiontype>Matching</bbmd_questiontype>"
    data = quiz(item(shown, scored).replace("<qtimetadata></qtimetadata>", meta))
    (draft,) = read(data, "res00001.dat").questions
    assert draft.stem_html == "Match"
    assert [(pair["html"], pair["match_html"]) for pair in draft.content["pairs"]] == [("one", "eins"), ("two", "zwei")]


def test_formulas_pictures_and_markup_come_through() -> None:
    stem = (
        '<p>Solve <img class="equation_image" data-equation-content="x^2 &lt; 3" src="/equation_images/x"> in '
        '<img src="%24IMS-CC-FILEBASE%24/Uploaded%20Media/a%20b.png?canvas_download=1" alt="Figure" width="20">'
        ' and <img src="$IMS-CC-FILEBASE$/gone.png" alt="gone"></p>'
    )
    shown = html(stem) + choice("a", "b")
    data = zipped(
        imsmanifest_DOT_xml="<manifest/>",
        quiz__quiz_DOT_xml=quiz(item(shown, rules(when(equal("a"))))),
        **{"web_resources__Uploaded Media__a b_DOT_png": picture()},
    )
    reading = read(data, "export.imscc")
    (name,) = reading.files
    assert reading.files[name] == picture()
    shown_picture = f'<img src="/bank-files/{name}" alt="Figure" width="20">'
    assert reading.questions[0].stem_html == f"Solve \\(x^2 &lt; 3\\) in {shown_picture} and gone"
    assert "gone.png is missing" in warnings(reading)


def test_a_shared_text_and_its_questions_are_a_case() -> None:
    text = item(html("A story."), kind="text_only_question", points_possible="0")
    child = item(
        html("Which?") + choice("a", "b"),
        rules(when(equal("a"))),
        kind="multiple_choice_question",
        points_possible="2",
        parent_stimulus_item_ident="i",
    ).replace('ident="i"', 'ident="child"')
    (draft,) = read(quiz(text, child), "q.xml").questions
    assert (draft.kind, draft.stem_html, draft.mark) == ("case", "A story.", 2000)
    assert [(one["kind"], one["stem_html"]) for one in draft.content["questions"]] == [("single_choice", "Which?")]


def test_essays_and_uploads_keep_their_limits() -> None:
    words = field().replace(
        "rcardinality", 'word_limit_enabled="Yes" word_limit_min="5" word_limit_max="90" rcardinality'
    )
    essay = one(html("Write!") + words, kind="essay_question", grading_notes="look for it")
    assert essay.content == {
        "least": 5,
        "most": 90,
        "template": "",
        "marker_html": "look for it",
        "rubric": [],
    }
    upload = quiz(item(html("Hand in!"), kind="file_upload_question")).replace(
        b"<presentation>", b'<presentation allowed_types="png,pdf" files_count="2">'
    )
    content = read(upload, "q.xml").questions[0].content
    assert (content["accept"], content["most"]) == (["picture", "pdf"], 2)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("calculated_question", "formula question"),
        ("hot_spot_question", "hot spot"),
        ("opinion scale", "no right answer"),
        ("portfolio_question", "portfolio_question"),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(kind: str, why: str) -> None:
    assert why in refused(html("?"), kind=kind)


def test_a_formula_with_one_set_of_values_is_a_number() -> None:
    sets = (
        "<itemproc_extension><calculated><answer_tolerance>10%</answer_tolerance><var_sets><var_set>"
        '<var name="x">10</var><answer>15.0</answer></var_set></var_sets></calculated></itemproc_extension>'
    )
    found = one(html("5 + [x]?") + field(), kind="calculated_question", after=sets)
    assert found.stem_html == "5 + 10?"
    assert found.content["answers"] == [{"value": "15.0", "tolerance": "1.50", "fraction": "1"}]


def test_a_malformed_question_costs_only_itself() -> None:
    good = item(html("Which?") + choice("a", "b"), rules(when(equal("a"))))
    bad = item(html("Which?") + choice("a", "b"), rules(when(equal("z"))))
    odd = item(html("Which?") + choice("a", "b"), rules(when('<durequal respident="r">1</durequal>')))
    reading = read(quiz(good, bad, odd, good), "q.xml")
    assert len(reading.questions) == 2
    assert [(one.where, str(one.reason)) for one in reading.refused] == [
        ("#2", "No option is marked as right."),
        ("#3", "The rule <durequal> has no counterpart here."),
    ]


def test_an_encoding_that_the_xml_declares_is_honoured() -> None:
    text = quiz(item(html("哪个？") + choice("a", "b"), rules(when(equal("a"))))).decode()
    data = text.replace("UTF-8", "gb2312").encode("gb18030")
    assert read(data, "q.xml").questions[0].stem_html == "哪个？"


def test_a_declaration_of_pairs_of_bytes_in_a_file_of_single_ones_is_no_matter() -> None:
    text = quiz(item(html("哪个？") + choice("a", "b"), rules(when(equal("a"))))).decode()
    assert read(text.replace("UTF-8", "utf-16").encode(), "q.xml").questions[0].stem_html == "哪个？"
    assert read(text.replace("UTF-8", "utf-16").encode("utf-16"), "q.xml").questions[0].stem_html == "哪个？"


def test_other_xml_is_not_taken_for_questions() -> None:
    with pytest.raises(Refused):
        read(b"<html><body>x</body></html>", "q.xml")
