"""JSON whose names nobody knows: its lists shown with their fields, and read as somebody told what these hold."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft
from question_bank.formats import sourced
from question_bank.formats.reading import Reading
from question_bank.formats.sourced import Asked

ROWS = "paper/rows"
PAPER = {
    "ver": 3,
    "paper": [
        {
            "cap": "第一章",
            "rows": [
                {"tm": "党成立于哪年？", "xx": [{"n": "1919", "k": 0}, {"n": "1921", "k": 1}], "lx": 7, "jx": "见党史"},
                {"tm": "长征结束于____年。", "da": "1936", "lx": 9},
                {"tm": "谈谈井冈山精神。", "da": "坚定信念", "lx": 11},
            ],
        }
    ],
}
TOLD = {"tm": "stem", "xx[] › n": "options", "xx[] › k": "flag", "lx": "kind", "jx": "explanation", "da": "answer"}
KINDS = {"7": "single_choice", "9": "fill_in", "11": "essay"}


def read(data: Any, **asked: Any) -> Reading:
    return sourced.read(json.dumps(data).encode(), "bank.json", Asked(**asked), "json" if asked else "").reading


def right(draft: QuestionDraft) -> list[str]:
    return [one["html"] for one in draft.content["options"] if one["fraction"] != "0"]


def test_a_bank_that_nobody_knows_shows_its_lists_and_what_stands_in_them() -> None:
    found = read(PAPER)
    assert not found.questions
    paper, rows = found.tables
    assert (paper.name, paper.heads, paper.samples) == ("paper", ("cap",), ("第一章",))
    assert (rows.name, dict(zip(rows.heads, rows.samples, strict=True))) == (
        ROWS,
        {
            "tm": "党成立于哪年？",
            "xx[] › n": "1919 | 1921",
            "xx[] › k": "0 | 1",
            "lx": "7",
            "jx": "见党史",
            "da": "1936",
        },
    )
    with pytest.raises(Refused, match="no questions"):
        sourced.read(json.dumps(PAPER).encode(), "bank.json", Asked(), at_desk=False)


def test_its_questions_come_in_as_told_with_kinds_chapters_and_flags() -> None:
    found = read(PAPER, fields={ROWS: TOLD, "paper": {"cap": "category"}}, kinds={ROWS: KINDS})
    choice, blank, essay = found.questions
    assert [one.kind for one in found.questions] == ["single_choice", "fill_in", "essay"]
    assert (right(choice), choice.explanation_html, choice.category) == (["1921"], "见党史", "第一章")
    assert blank.content["blanks"][0]["answers"] == [{"text": "1936", "fraction": "1"}]
    assert essay.content["marker_html"] == "坚定信念"
    assert [one.where for one in found.questions] == ["/paper/0/rows/0", "/paper/0/rows/1", "/paper/0/rows/2"]
    assert found.tables[1].kinds == KINDS
    assert all(table.is_told for table in found.tables)


def test_codes_that_nobody_knows_are_listed_to_be_told() -> None:
    assert read(PAPER, fields={ROWS: TOLD}).tables[1].kinds == {"7": "", "9": "", "11": ""}


@pytest.mark.parametrize(("first", "says"), [(0, ["甲", "丙"]), (1, ["甲", "乙"])])
def test_answers_count_from_where_somebody_says(first: int, says: list[str]) -> None:
    data = {
        "a1": {"t": "是哪一个？", "o": ["甲", "乙", "丙"], "r": first},
        "a2": {"t": "又是哪一个？", "o": ["甲", "乙", "丙"], "r": "2"},
    }
    found = read(data, fields={"": {"t": "stem", "o": "options", "r": f"answer:{first}"}})
    assert [one for draft in found.questions for one in right(draft)] == says
    assert [one.where for one in found.questions] == ["/a1", "/a2"]


def test_answers_of_no_and_of_the_first_option_are_answers() -> None:
    verdict, choice = read(
        [{"t": "有这回事？", "r": False}, {"t": "是哪一个？", "o": ["甲", "乙"], "r": 0}],
        fields={"": {"t": "stem", "o": "options", "r": "answer"}},
    ).questions
    assert (verdict.kind, verdict.content["answer"]) == ("true_false", False)
    assert right(choice) == ["甲"]


def test_an_answer_that_counts_past_the_options_is_refused() -> None:
    found = read(
        [{"t": "是哪一个？", "o": ["甲", "乙"], "r": 5}], fields={"": {"t": "stem", "o": "options", "r": "answer:0"}}
    )
    assert not found.questions
    assert len(found.refused) == 1


def test_options_in_fields_of_their_own_and_questions_that_are_lists() -> None:
    rows = [["哪座山？", "井冈山", "泰山", "B"], ["哪条河？", "黄河", "湘江", "A,B"]]
    told = {"": {"1": "stem", "2": "option:A", "3": "option:B", "4": "answer"}}
    one, other = read(rows, fields=told).questions
    assert (one.kind, right(one)) == ("single_choice", ["泰山"])
    assert (other.kind, right(other)) == ("multiple_choice", ["黄河", "湘江"])


def test_answers_call_options_by_labels_of_the_file() -> None:
    data = [
        {
            "t": "哪些对？",
            "o": [{"i": "x1", "w": "甲"}, {"i": "x2", "w": "乙"}, {"i": "x3", "w": "丙"}],
            "r": ["x1", "x3"],
        }
    ]
    told = {"": {"t": "stem", "o[] › w": "options", "o[] › i": "label", "r": "answer"}}
    (draft,) = read(data, fields=told).questions
    assert right(draft) == ["甲", "丙"]


def test_a_text_with_a_list_of_questions_is_a_case() -> None:
    data = {
        "l": [
            {
                "art": "从前有座山。",
                "subs": [{"w": "有什么？", "p": {"A": "山", "B": "河"}, "z": "A"}, {"w": "有山？", "z": "对"}],
            }
        ]
    }
    told = {"l": {"art": "material"}, "l/subs": {"w": "stem", "p": "options", "z": "answer"}}
    (draft,) = read(data, fields=told).questions
    assert (draft.kind, draft.stem_html) == ("case", "从前有座山。")
    assert [one["kind"] for one in draft.content["questions"]] == ["single_choice", "true_false"]


def test_each_blank_has_a_field_of_its_own() -> None:
    (draft,) = read(
        [{"t": "____和____", "b": [{"v": "甲"}, {"v": "乙"}]}], fields={"": {"t": "stem", "b[] › v": "blank"}}
    ).questions
    assert [one["answers"][0]["text"] for one in draft.content["blanks"]] == ["甲", "乙"]


def test_a_list_that_was_not_told_is_read_as_found() -> None:
    data = {
        "known": [{"question": "Is it so?", "answer": "true"}],
        "other": [{"t": "哪个？", "o": ["甲", "乙"], "r": "B"}],
    }
    found = read(data, fields={"other": {"t": "stem", "o": "options", "r": "answer"}})
    assert [one.kind for one in found.questions] == ["true_false", "single_choice"]
    assert [table.is_told for table in found.tables] == [False, True]


def test_what_is_known_by_name_is_suggested() -> None:
    (table,) = read(
        [
            {
                "question": "Which?",
                "opts": [{"text": "a", "isCorrect": True}, {"text": "b", "isCorrect": False}],
                "lvl": 2,
            }
        ]
    ).tables
    assert {table.heads[at]: role for at, role in table.roles.items()} == {
        "question": "stem",
        "opts[] › text": "options",
        "opts[] › isCorrect": "flag",
    }


def test_a_question_without_a_text_or_an_answer_stays_in_sight() -> None:
    data = [{"t": "", "r": "对"}, {"t": "有吗？", "r": ""}, {"t": "有的？", "r": "对"}]
    found = read(data, fields={"": {"t": "stem", "r": "answer"}})
    assert [one.where for one in found.questions] == ["/2"]
    assert sorted(one.where for one in found.refused) == ["/0", "/1"]


def test_the_told_survives_the_register() -> None:
    asked = Asked(fields={ROWS: TOLD}, kinds={ROWS: KINDS})
    assert Asked.from_json(json.loads(json.dumps(asked.as_json()))) == asked


def book(*rows: list[Any]) -> bytes:
    out = io.BytesIO()
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def test_the_codes_of_a_workbook_are_told_as_well_and_how_its_answers_count() -> None:
    data = book(
        ["题型", "题目", "A", "B", "C", "答案"],
        ["K1", "哪个？", "甲", "乙", "丙", "1"],
        ["K2", "____是山。", "", "", "", "泰山"],
    )
    found = sourced.read(data, "q.xlsx", Asked())
    (table,) = found.reading.tables
    assert table.kinds == {"K1": "", "K2": ""}
    assert table.samples[:3] == ("K1", "哪个？", "甲")
    roles = dict(enumerate(["kind", "stem", "option:A", "option:B", "option:C", "answer:1"]))
    asked = Asked(columns={table.name: roles}, kinds={table.name: {"K1": "single_choice", "K2": "fill_in"}})
    choice, blank = sourced.read(data, "q.xlsx", asked).reading.questions
    assert (right(choice), blank.kind) == (["甲"], "fill_in")
    asked = Asked(columns={table.name: {**roles, 5: "answer:0"}}, kinds=asked.kinds)
    assert right(sourced.read(data, "q.xlsx", asked).reading.questions[0]) == ["乙"]
