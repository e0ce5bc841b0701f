"""What Canvas packs around its questions: two forms of a quiz, banks, surveys, links, pictures of formulas."""

from __future__ import annotations

import io
import zipfile
from html import escape

import pytest

from question_bank.formats import read
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_qti_first import choice, equal, field, html, item, one, picture, rules, when
from tests.question_bank.formats.test_qti_places import drawn

RIGHT = rules(when(equal("a")))


def packed(**files: str | bytes) -> Reading:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return read(out.getvalue(), "export.imscc")


def held(*inner: str, holder: str = "assessment", ident: str = "g1", title: str = "Quiz") -> str:
    return f'<questestinterop><{holder} ident="{ident}" title="{title}">{"".join(inner)}</{holder}></questestinterop>'


def question(stem: str = "Which?", **fields: str) -> str:
    return item(html(stem) + choice("a", "b"), RIGHT, kind="multiple_choice_question", **fields)


def said(reading: Reading) -> list[str]:
    return [str(warning) for warning in reading.warnings]


@pytest.mark.parametrize("folder", ["", "Course export/"])
def test_a_quiz_in_both_forms_is_read_once_from_the_richer_one(folder: str) -> None:
    poor = item(html("Which?") + choice("a", "b"), RIGHT, cc_profile="cc.multiple_choice.v0p1")
    reading = packed(
        **{
            f"{folder}g1/assessment_qti.xml": held(poor),
            f"{folder}non_cc_assessments/g1.xml.qti": held(question(points_possible="3.0")),
        }
    )
    assert [draft.mark for draft in reading.questions] == [3000]


def test_pictures_of_one_name_are_told_apart_by_their_folders() -> None:
    left, right = picture(), drawn((3, 3))
    stem = (
        '<p><img src="$IMS-CC-FILEBASE$/unfiled/image.png"> or <img src="$IMS-CC-FILEBASE$/More%20here/image.png"></p>'
    )
    reading = packed(
        **{
            "top/g1/g1.xml": held(question(stem)),
            "top/web_resources/unfiled/image.png": left,
            "top/web_resources/More here/image.png": right,
        }
    )
    assert not reading.warnings
    assert list(reading.files.values()) == [left, right]


def test_banks_and_entries_of_banks_that_are_not_there_are_told() -> None:
    def drawing(bank: str) -> str:
        return (
            f'<section ident="s" title="Some"><selection_ordering><selection><sourcebank_ref>{bank}</sourcebank_ref>'
            "<selection_number>2</selection_number></selection></selection_ordering></section>"
        )

    entry = '<bankentry_item sourcebank_ref="{}" item_ref="{}" points_possible="2.0"/>'
    quiz = held(drawing("b1"), drawing("b9"), entry.format("b1", "i"), entry.format("b9", "i9"))
    bank = held(question(), holder="objectbank", ident="b1", title="Birds")
    reading = packed(**{"g1/g1.xml": quiz, "non_cc_assessments/b1.xml.qti": bank})
    assert len(reading.questions) == 1
    assert said(reading) == [
        "“Some” draws 2 questions from the bank Birds.",
        "“Some” draws 2 questions from the bank b9, which is not in the file.",
        "i9 is only named in the file, not contained in it.",
    ]


def test_a_survey_is_called_one() -> None:
    meta = "<quiz><title>How was it?</title><quiz_type>survey</quiz_type></quiz>"
    reading = packed(**{"g1/g1.xml": held(question()), "g1/assessment_meta.xml": meta})
    assert said(reading) == ["“How was it?” is a survey: its right answers may mean nothing."]
    graded = meta.replace("survey", "assignment")
    assert not packed(**{"g1/g1.xml": held(question()), "g1/assessment_meta.xml": graded}).warnings


@pytest.mark.parametrize("more", ["", ' x-canvaslms-safe-mathml="<math><mi>x</mi><mo>></mo><mn>2</mn></math>"'])
def test_an_inequality_in_a_picture_of_a_formula_stays_whole(more: str) -> None:
    tex = f'<img class="equation_image" title="x>2" src="/equation_images/x%253E2" alt="LaTeX: x>2"{more}'
    drafts = [
        one(html(f"<p>If {tex}{kept}> then?</p>") + choice("a", "b"), RIGHT)
        for kept in ("", ' data-equation-content="x>2"')
    ]
    assert [draft.stem_html for draft in drafts] == [r"If \(x&gt;2\) then?"] * 2


def test_links_into_the_course_are_left_out_and_told() -> None:
    stem = (
        '<p>Read <a href="$IMS-CC-FILEBASE$/a.pdf?canvas_download=1">the <b>story</b></a>, '
        '<a href="%24WIKI_REFERENCE%24/pages/x">week 1</a> and <a href="https://example.org/?a>b">this</a>.</p>'
    )
    reading = packed(**{"g1/g1.xml": held(question(stem))})
    stem = reading.questions[0].stem_html
    assert stem.startswith('Read the <b>story</b>, week 1 and <a href="https://example.org/?a&gt;b" ')
    assert [line.partition(": ")[2] for line in said(reading)] == [
        "The link “the story” leads into the course of the file and is left out.",
        "The link “week 1” leads into the course of the file and is left out.",
    ]


def test_a_formula_with_one_set_of_values_keeps_its_points_and_feedback() -> None:
    after = (
        "<itemproc_extension><calculated><var_sets><var_set><var name='x'>4</var><answer>16.0</answer></var_set>"
        "</var_sets></calculated></itemproc_extension>"
        f'<itemfeedback ident="general_fb"><flow_mat>{html("Side squared.")}</flow_mat></itemfeedback>'
    )
    found = one(html("[x] squared?") + field(), kind="calculated_question", after=after, points_possible="2.5")
    assert (found.mark, found.explanation_html) == (2500, "Side squared.")


def named(*blanks: tuple[str, str], attributes: str = "") -> tuple[str, str]:
    """Responses of blanks, each with one accepted answer, and their rules."""
    responses = "".join(
        f'<response_lid ident="response_{name}"><material><mattext>{name}</mattext></material><render_choice>'
        f'<response_label ident="{name}1"{attributes}><material><mattext>{answer}</mattext></material>'
        "</response_label></render_choice></response_lid>"
        for name, answer in blanks
    )
    share = str(100 / len(blanks))
    return responses, rules(*(when(equal(f"{name}1", f"response_{name}"), share, "Add") for name, _answer in blanks))


FILL = "fill_in_multiple_blanks_question"


def test_blanks_come_in_the_order_of_the_text_not_of_the_responses() -> None:
    responses, scoring = named(("ab", "two"), ("a", "one"))
    found = one(html("<p>[a] and [ab].</p>") + responses, scoring, kind=FILL)
    assert found.stem_html == "____ and ____."
    assert [[answer["text"] for answer in blank["answers"]] for blank in found.content["blanks"]] == [["one"], ["two"]]


def test_a_name_of_a_blank_inside_of_a_tag_is_no_blank_and_one_that_comes_again_is_told() -> None:
    responses, scoring = named(("x", "six"))
    found = one(html('<p><a href="https://example.org/[x]">Here</a>: [x].</p>') + responses, scoring, kind=FILL)
    assert found.stem_html.endswith("Here</a>: ____.")
    reading = packed(**{"g1/g1.xml": held(item(html("<p>[x] and [x]</p>") + responses, scoring, kind=FILL))})
    assert said(reading) == ["g1/g1.xml#1: The blank [x] stands in the text more than once; it is asked once."]


@pytest.mark.parametrize(
    ("answer", "attributes", "fields", "told"),
    [
        ("Co", ' answer_type="openEntry" scoring_algorithm="TextEquivalence"', {}, True),
        ("Co", ' answer_type="openEntry" scoring_algorithm="TextCloseEnough" ignore_case="false"', {}, True),
        ("Co", ' answer_type="openEntry" scoring_algorithm="TextInChoices"', {"case_sensitive": "true"}, True),
        ("Co", ' answer_type="openEntry" scoring_algorithm="TextInChoices"', {}, False),
        ("co", ' answer_type="openEntry" scoring_algorithm="TextEquivalence"', {}, False),
    ],
)
def test_capitals_that_count_in_blanks_are_told(
    answer: str, attributes: str, fields: dict[str, str], told: bool
) -> None:
    responses, scoring = named(("x", answer), attributes=attributes)
    reading = packed(**{"g1/g1.xml": held(item(html("It is [x].") + responses, scoring, kind=FILL, **fields))})
    assert ("g1/g1.xml#1: Capitals count in the file, but not here." in said(reading)) is told


def test_markup_as_elements_in_a_text_keeps_its_pictures_and_tables() -> None:
    text = '<p>Is 1 &lt; 2 in <b>all</b> rows?</p><table><tr><td>x</td></tr></table><img src="a.png" alt="A"/>'
    stem = f'<material><mattext texttype="text/html">{text}</mattext></material>'
    reading = packed(**{"g1/g1.xml": held(item(stem + choice("a", "b"), RIGHT)), "g1/a.png": picture()})
    found = reading.questions[0].stem_html
    assert "<p>Is 1 &lt; 2 in <b>all</b> rows?</p>" in found
    assert "<td>x</td>" in found
    assert 'alt="A"' in found
    assert len(reading.files) == 1


def test_instructions_of_a_stimulus_stand_above_it() -> None:
    text = item(html("A shop sells pens."), kind="text_only_question").replace(
        "<item ", '<item instructions="Read 1 &lt; 2" '
    )
    reading = packed(**{"g1/g1.xml": held(text)})
    assert [draft.stem_html for draft in reading.questions] == ["<p>Read 1 &lt; 2</p>A shop sells pens."]


def test_options_of_fixed_spaces_alone_are_left_out_but_pictures_and_tags_in_plain_text_stay() -> None:
    texts = {
        "a": ("text/plain", "right"),
        "b": ("text/html", "<p>&nbsp;</p>"),
        "c": ("text/html", '<p><img src="a.png" alt="A"></p>'),
        "d": ("text/plain", "<p>"),
    }
    labels = "".join(
        f'<response_label ident="{ident}"><material><mattext texttype="{sort}">{escape(text)}</mattext></material>'
        "</response_label>"
        for ident, (sort, text) in texts.items()
    )
    asked = f'<response_lid ident="r" rcardinality="Single"><render_choice>{labels}</render_choice></response_lid>'
    reading = packed(**{"g1/g1.xml": held(item(html("Which?") + asked, RIGHT)), "g1/a.png": picture()})
    options = [option["html"] for option in reading.questions[0].content["options"]]
    assert (options[0], options[2], len(options)) == ("right", "&lt;p&gt;", 3)
    assert "g1/g1.xml#1: Options without a text are left out." in said(reading)


def test_a_picture_of_the_same_name_in_another_folder_is_taken_with_a_note() -> None:
    stem = question('<p>See <img src="$IMS-CC-FILEBASE$/unfiled/image.png"></p>')
    reading = packed(**{"g1/g1.xml": held(stem), "web_resources/More/image.png": picture()})
    assert said(reading) == [
        "g1/g1.xml#1: The file web_resources/More/image.png was taken for $IMS-CC-FILEBASE$/unfiled/image.png."
    ]
    assert not packed(**{"g1/g1.xml": held(stem), "web_resources/unfiled/image.png": picture()}).warnings
