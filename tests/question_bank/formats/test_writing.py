"""What is written reads back the same; what a format can't say is left out and named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.writing import write

GIFT = sorted((Path(__file__).parents[2] / "data" / "q-gift").glob("*.gift"))


def without_place(draft: QuestionDraft) -> dict[str, Any]:
    return {**as_json(draft), "where": "", "id": ""}


def choice(*options: tuple[str, str], **fields: Any) -> QuestionDraft:
    content = {"options": [{"html": html, "fraction": worth} for html, worth in options]}
    return QuestionDraft(**{"kind": "single_choice", "stem_html": "Which?", "content": content, **fields})


RICH = [
    choice(
        ("a = b ~ {c}", "1"),
        ("<b>x</b> # 5 &lt; 6", "1/2"),
        ("C:\\dir", "0"),
        title="One: two",
        tags=("a]b", "c"),
        category="Law/Civil",
        explanation_html="because<br>so",
    ),
    choice(("a", "1/3"), ("b", "1/3"), ("c", "1/3"), ("d", "-1"), kind="multiple_choice"),
    QuestionDraft(
        "true_false", "True?\nOr not?", {"answer": False, "feedback_true_html": "no", "feedback_false_html": "yes"}
    ),
    QuestionDraft(
        "short_answer",
        "_____ is it.",
        {"answers": [{"text": "a*b"}, {"text": "gr*y", "wildcards": True, "fraction": "1/2"}]},
    ),
    QuestionDraft(
        "numerical",
        "n?",
        {
            "answers": [
                {"value": "3.14", "tolerance": "0.01"},
                {"low": "3", "high": "4", "fraction": "1/7"},
                {"text": "*", "wildcards": True, "fraction": "0", "feedback_html": "far"},
            ]
        },
    ),
    QuestionDraft("description", "Read <i>this</i>.", mark=0),
]


def test_gift_comes_back_as_it_was_written() -> None:
    written = write(RICH, "gift")
    assert not written.left_out
    assert [without_place(draft) for draft in read(written.data, "x.gift").questions] == [
        without_place(draft) for draft in RICH
    ]


@pytest.mark.parametrize("file", GIFT, ids=lambda file: file.stem)
def test_the_teachers_files_survive_a_round_trip(file: Path) -> None:
    try:
        drafts = read(file.read_bytes(), file.name).questions
    except Refused:
        return
    for format, name in (("gift", "x.gift"), ("json", "x.json")):
        written = write(drafts, format)
        assert not written.left_out
        if drafts:
            again = read(written.data, name).questions
            assert [without_place(draft) for draft in again] == [without_place(draft) for draft in drafts]


def test_a_workbook_comes_back_as_it_was_written(tmp_path: Path) -> None:
    drafts = [
        choice(("=1+1", "1"), ("@x", "0"), ("甲", "0"), tags=("t", "u"), category="宪法/总纲", mark=2500, difficulty=5),
        choice(("甲", "1/2"), ("乙", "1/2"), ("丙", "0"), kind="multiple_choice", explanation_html="析<br>二"),
        QuestionDraft("true_false", "对吗？", {"answer": True}),
        QuestionDraft(
            "fill_in",
            "一是____，二是____。",
            {"blanks": [{"answers": [{"text": "甲"}, {"text": "乙"}]}, {"answers": [{"text": "丙"}]}]},
        ),
    ]
    written = write(drafts, "excel")
    assert not written.left_out
    assert [without_place(draft) for draft in read(written.data, "x.xlsx").questions] == [
        without_place(draft) for draft in drafts
    ]
    (tmp_path / "x.xlsx").write_bytes(written.data)
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "x.xlsx").active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_what_a_format_cannot_say_is_left_out_and_named() -> None:
    weighted = choice(("a", "1"), ("b", "1/2"), title="weighted")
    slashed = QuestionDraft("fill_in", "___", {"blanks": [{"answers": [{"text": "a;b|c"}]}]}, title="slashed")
    assert [refusal.where for refusal in write([weighted, slashed, RICH[3]], "excel").left_out] == [
        "weighted",
        "slashed",
        "_____ is it.",
    ]
    assert [refusal.where for refusal in write([weighted, slashed], "gift").left_out] == ["slashed"]
    with pytest.raises(Refused, match="docx"):
        write([weighted], "docx")


def numbered(*texts: str) -> list[dict[str, str]]:
    return [{"html": text} for text in texts]


PLAIN = [
    choice(("甲", "1"), ("乙", "0"), tags=("t", "u"), category="宪法/总纲", mark=2500, difficulty=5),
    choice(("甲", "1/2"), ("乙", "1/2"), ("丙", "0"), kind="multiple_choice", explanation_html="析<br>二"),
    QuestionDraft("true_false", "对吗？", {"answer": False}),
    QuestionDraft(
        "fill_in",
        "____和____",
        {"blanks": [{"answers": [{"text": "甲"}, {"text": "已"}]}, {"answers": [{"text": "乙"}]}]},
    ),
    QuestionDraft("short_answer", "首都？", {"answers": [{"text": "北京"}, {"text": "京"}]}),
    QuestionDraft("numerical", "多少？", {"answers": [{"value": "3.14", "tolerance": "0.01"}]}),
    QuestionDraft("numerical", "多少？", {"answers": [{"low": "3", "high": "4"}]}),
    QuestionDraft("essay", "论<br>述", {"marker_html": "1. 甲<br>2. 乙"}, mark=10_000),
    QuestionDraft("ordering", "排", {"items": numbered("甲", "乙", "丙")}),
    QuestionDraft(
        "matching",
        "配",
        {
            "pairs": [{"html": "甲", "match_html": "一"}, {"html": "乙", "match_html": "二"}],
            "distractors": numbered("三"),
        },
    ),
    QuestionDraft("description", "读一读"),
    QuestionDraft(
        "case",
        "材料",
        {
            "questions": [
                {"kind": "true_false", "stem_html": "对吗", "mark": 1000, "content": {"answer": True}},
                {"kind": "essay", "stem_html": "为何", "mark": 2000, "content": {"marker_html": "因为"}},
            ]
        },
        mark=3000,
        category="甲",
    ),
]


@pytest.mark.parametrize("format", ["excel", "text"])
def test_the_plain_kinds_come_back_from_workbook_and_text(format: str) -> None:
    written = write(PLAIN, format)
    assert not written.left_out
    reading = read(written.data, f"x.{'xlsx' if format == 'excel' else 'txt'}")
    assert (reading.refused, reading.warnings) == ([], [])
    assert [bare(cleaned(draft)) for draft in reading.questions] == [bare(cleaned(draft)) for draft in PLAIN]


def bare(draft: QuestionDraft) -> str:
    """Everything of a draft but its place and the random keys."""
    return re.sub(r"'(?:match_)?key': '\w+'", "", repr(replace(draft, where="", external_id="")))


def test_what_only_lost_its_title_or_feedback_is_written_and_named() -> None:
    draft = QuestionDraft("true_false", "对吗？", {"answer": True, "feedback_false_html": "no"}, title="T")
    for format in ("excel", "text"):
        written = write([draft], format)
        assert [str(one) for one in written.lost] == [
            "The title of 1 question is not written.",
            "The feedback of 1 question is not written.",
        ]
        assert not written.left_out


@pytest.mark.parametrize(
    "content", [{"rubric": [{"title": "a", "levels": [{"text": "b", "points": "1"}]}]}, {"least": 10}]
)
def test_an_essay_with_more_than_a_text_is_left_out(content: dict[str, Any]) -> None:
    assert len(write([QuestionDraft("essay", "论", content)], "excel").left_out) == 1


texts = st.text(alphabet="ab甲 ~=#{}:\\*<>&;|/\n.()%-1[]$", min_size=1, max_size=12).filter(lambda text: text.strip())


@given(texts, st.lists(texts, min_size=2, max_size=4), st.sampled_from(["gift", "excel", "json", "text"]))
def test_nothing_comes_back_as_something_else(stem: str, options: list[str], format: str) -> None:
    draft = choice(*((text, "1" if n == 0 else "0") for n, text in enumerate(options)), stem_html=stem)
    try:
        cleaned(draft)
    except Refused:
        return
    written = write([draft], format)
    if written.left_out:
        return
    names = {"gift": "x.gift", "excel": "x.xlsx", "json": "x.json", "text": "x.txt"}
    again = read(written.data, names[format]).questions
    assert len(again) == 1
    assert again[0].kind == "single_choice"
    assert len(again[0].content["options"]) == len(options)
    assert [o["fraction"] for o in again[0].content["options"]] == ["1"] + ["0"] * (len(options) - 1)


def test_what_is_left_out_is_named_by_its_words_and_a_text_without_a_question_earns_nothing() -> None:
    text = QuestionDraft("description", "<p>Read <b>this</b></p>", {}, mark=1000)
    blanks = QuestionDraft("fill_in", "<p>Tea &amp; ____</p>", {"blanks": [{"answers": [{"text": "x"}]}]})
    written = write([text, blanks], "moodle-xml")
    assert [one.where for one in written.left_out] == ["Tea & ____"]
