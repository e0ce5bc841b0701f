"""Papers on paper: every kind, its key, pictures, and what a font can't draw."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message
from question_bank.kinds import kind
from question_bank.printing import Heading, Item, render
from question_bank.printing.questions import letter, printed

HEADING = Heading("第四季度测试", "A 卷", "共2题", ["姓名", "编号"], "7")


def say(message: Message | str) -> str:
    return str(message)


def question(name: str, stem_html: str, content: dict[str, Any], explanation_html: str = "") -> Item:
    prepared = kind(name).prepare(content)
    return Item(name, stem_html, prepared, kind(name).option_keys(prepared), 1500, explanation_html)


def options(*weights: str) -> dict[str, Any]:
    return {"options": [{"html": f"option {n}", "fraction": weight} for n, weight in enumerate(weights, 1)]}


def text_of(items: list[Item], *, key: bool = False, heading: Heading = HEADING) -> str:
    pdf = render(heading, items, lambda _address: None, say, key=key)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def key_of(item: Item) -> str:
    return printed(item.kind, item.stem_html, item.content, item.order, say).key_html


def test_a_paper_numbers_its_questions_and_leaves_room_for_a_name() -> None:
    text = text_of(
        [
            question("description", "Read this.", {}),
            question("single_choice", "Which?", options("0", "1", "0")),
            question("true_false", "Is it?", {"answer": True}),
        ]
    )
    assert "第四季度测试 A 卷" in text
    assert "姓名: ____" in text
    assert "Read this." in text
    assert "1. (marks: 1.5) Which?" in text
    assert "2. (marks: 1.5) Is it?" in text
    assert "option 3" in text


def test_the_key_names_letters_in_the_order_of_the_paper_and_the_paper_does_not() -> None:
    item = question("multiple_choice", "Which?", options("1/2", "0", "1/2"), "<p>Because.</p>")
    turned = Item(item.kind, item.stem_html, item.content, item.order[::-1], item.mark, item.explanation_html)
    assert key_of(item) == "AC"
    first = question("single_choice", "Which?", options("1", "0", "0"))
    assert key_of(Item(first.kind, "Which?", first.content, first.order[::-1], 1000)) == "C"
    assert "Because." in text_of([turned], key=True)
    assert "Because." not in text_of([turned])
    assert "姓名" not in text_of([turned], key=True)


@pytest.mark.parametrize(
    ("name", "stem", "content", "key"),
    [
        ("true_false", "x", {"answer": False}, "False"),
        ("short_answer", "x", {"answers": [{"text": "a<b"}, {"text": "c"}]}, "a&lt;b / c"),
        ("numerical", "x", {"answers": [{"value": "3.14", "tolerance": "0.01"}]}, "3.14 ± 0.01"),
        ("fill_in", "____ ____", {"blanks": [{"answers": [{"text": "a"}]}, {"answers": [{"text": "b"}]}]}, "a; b"),
        ("select_text", "[[1]] [[2]]", {"segments": [{"html": "a"}, {"html": "b", "right": True}]}, "(2)"),
        (
            "cloze",
            "[[1]] [[2]]",
            {
                "parts": [
                    {"kind": "single_choice", "content": options("0", "1")},
                    {"kind": "short_answer", "content": {"answers": [{"text": "z"}]}},
                ]
            },
            "(1) B (2) z",
        ),
        (
            "case",
            "story",
            {"questions": [{"kind": "true_false", "stem_html": "so?", "content": {"answer": True}}]},
            "(1) True",
        ),
    ],
)
def test_each_kind_has_its_line_of_the_key(name: str, stem: str, content: dict[str, Any], key: str) -> None:
    assert key_of(question(name, stem, content)) == key


def test_matching_ordering_and_gaps_are_answered_by_the_letters_printed() -> None:
    matching = question("matching", "x", {"pairs": [{"html": f"l{n}", "match_html": f"r{n}"} for n in range(3)]})
    letters = {f"r{n}": letter(at) for at, key in enumerate(matching.order) for n in range(3) if _is(matching, key, n)}
    assert key_of(matching) == " ".join(f"{n + 1}-{letters[f'r{n}']}" for n in range(3))
    ordering = question("ordering", "x", {"items": [{"html": f"i{n}"} for n in range(3)]})
    right = [item["key"] for item in ordering.content["items"]]
    assert key_of(ordering) == " ".join(letter(list(ordering.order).index(key)) for key in right)
    gaps = question("drag_text", "[[1]] [[2]]", {"choices": [{"html": "a"}, {"html": "b"}], "gaps": [1, 0]})
    at = {choice["html"]: list(gaps.order).index(choice["key"]) for choice in gaps.content["choices"]}
    assert key_of(gaps) == f"(1) {letter(at['b'])} (2) {letter(at['a'])}"


def _is(item: Item, key: str, number: int) -> bool:
    return any(pair["match_key"] == key and pair["match_html"] == f"r{number}" for pair in item.content["pairs"])


def test_pictures_tables_and_lists_are_drawn() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (3000, 40), "#884422").save(picture, "PNG")
    stem = "<p>See</p><img src='/bank-files/x.png' alt='a map'><table><tr><th>年</th><td>2024</td></tr></table>"
    stem += "<ol><li>one</li></ol>"
    item = question("description", stem, {})
    pdf = PdfReader(io.BytesIO(render(HEADING, [item], lambda _address: picture.getvalue(), say)))
    assert len(pdf.pages[0].images) == 1
    text = pdf.pages[0].extract_text()
    assert "2024" in text
    assert "1. one" in text
    assert "[a map]" in text_of([item])


def test_the_same_paper_has_the_same_bytes() -> None:
    item = question("essay", "Write.", {"rubric": [{"title": "Style", "levels": [{"text": "good", "points": "2"}]}]})
    assert render(HEADING, [item], lambda _a: None, say) == render(HEADING, [item], lambda _a: None, say)
    assert "Style: good (2)" in text_of([item], key=True)


RUBRIC = [{"title": "Style", "levels": [{"text": "good", "points": "3"}, {"text": "poor", "points": "0"}]}]
RULE = "The rubric has 3 points in all and the question is worth"


def test_the_key_says_how_points_become_marks_where_they_are_others() -> None:
    text = " ".join(text_of([question("essay", "Write.", {"rubric": RUBRIC})], key=True).split())
    assert f"{RULE} 1.5 marks: the share of the points reached is the share of the marks." in text
    assert "One point counts 0.5 marks." in text
    alike = question("file_upload", "Send.", {"accept": [], "most": 1, "rubric": RUBRIC})
    assert RULE not in text_of([Item(alike.kind, "Send.", alike.content, (), 3000)], key=True)
    assert RULE not in text_of([question("essay", "Write.", {"rubric": RUBRIC})])


def test_the_key_says_it_for_each_question_of_a_case() -> None:
    inner = [
        {"kind": "true_false", "stem_html": "so?", "mark": 1000, "content": {"answer": True}},
        {"kind": "essay", "stem_html": "why?", "mark": 2000, "content": {"rubric": RUBRIC}},
    ]
    text = " ".join(text_of([question("case", "story", {"questions": inner})], key=True).split())
    assert f"(2) {RULE} 1 mark:" in text


def test_a_letter_that_the_font_lacks_is_refused_by_name_and_an_emoji_is_named() -> None:
    with pytest.raises(Refused, match="U\\+1D4D0"):
        text_of([question("description", "\U0001d4d0", {})])
    assert "[grinning face]" in text_of([question("description", "so 😀", {})])


def test_letters_go_on_after_z() -> None:
    assert [letter(n) for n in (0, 25, 26, 27)] == ["A", "Z", "AA", "AB"]


def test_e27_options_inside_a_cloze_or_a_case_are_printed_in_the_order_of_the_paper() -> None:
    part = {"kind": "single_choice", "content": options("1", "0")}
    cloze = question("cloze", "[[1]]", {"parts": [part]})
    turned = Item(cloze.kind, cloze.stem_html, cloze.content, cloze.order[::-1], 1000)
    assert (key_of(cloze), key_of(turned)) == ("(1) A", "(1) B")
    inner = {"kind": "single_choice", "stem_html": "so?", "content": options("1", "0")}
    case = question("case", "story", {"questions": [inner]})
    turned = Item(case.kind, case.stem_html, case.content, case.order[::-1], 1000)
    assert (key_of(case), key_of(turned)) == ("(1) A", "(1) B")


def test_questions_of_a_case_are_numbered_and_say_what_they_are_worth_on_the_paper() -> None:
    inner = [
        {"kind": "true_false", "stem_html": "<p>so?</p>", "mark": 1000, "content": {"answer": True}},
        {"kind": "multiple_choice", "stem_html": "<p>which?</p>", "mark": 3000, "content": options("1/2", "1/2")},
        {"kind": "description", "stem_html": "<p>mind</p>", "mark": 0, "content": {}},
    ]
    text = text_of([question("case", "<p>story</p>", {"questions": inner})])
    assert "1. (marks: 1.5) story" in text
    assert "(1) (marks: 0.375) so?" in text
    assert "(2) Choose all that are right. (marks: 1.125) which?" in text
    assert "(3) mind" in text
