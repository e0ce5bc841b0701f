"""Where each question stands in its file, and what is read when somebody corrected it there."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import sourced
from question_bank.formats.sheets.columns import Columns, columns_of, columns_of_roles, roles_of
from question_bank.formats.sourced import Asked, Sourced

GIFT = """$CATEGORY: law/civil

::one::Which? {=a ~b}

::two::Broken {=a ~b

// a remark
::three::Third {=1 ~2}
"""


def read(text: str, name: str = "q.gift", found: str = "gift", **asked: Any) -> Sourced:
    return sourced.read(text.encode(), name, Asked(**asked), found)


def book(*rows: list[Any], title: str = "题库") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_each_question_of_a_text_has_its_lines() -> None:
    found = read(GIFT)
    assert {where: (one.first, one.last, one.text) for where, one in found.sources.items()} == {
        "line 3": (3, 3, "::one::Which? {=a ~b}"),
        "line 5": (5, 5, "::two::Broken {=a ~b"),
        "line 8": (8, 8, "::three::Third {=1 ~2}"),
    }
    assert found.encoding == "utf-8"


def test_a_corrected_block_is_read_in_its_place_and_the_others_keep_theirs() -> None:
    correction = {"first": 5, "last": 5, "text": "::two::Mended\r\n{=a\r\n~b}"}
    found = read(GIFT, corrections={"line 5": correction})
    assert [draft.where for draft in found.reading.questions] == ["line 3", "line 5", "line 8"]
    assert [draft.title for draft in found.reading.questions] == ["one", "two", "three"]
    assert {draft.category for draft in found.reading.questions} == {"law/civil"}, "what stands above still counts"
    assert found.source("line 5").corrected
    assert not found.source("line 8").corrected
    assert found.source("line 8").first == 8


def test_what_is_still_wrong_after_a_correction_says_so_at_its_place() -> None:
    found = read(GIFT, corrections={"line 5": {"first": 5, "last": 5, "text": "\n\n::two::Still {=a ~b"}})
    (refused,) = found.reading.refused
    assert refused.where == "line 5"
    assert found.source("line 5").text == "\n\n::two::Still {=a ~b"


def test_a_warning_behind_a_longer_correction_names_the_line_of_the_file() -> None:
    text = "Broken {=a ~b\n\nTwo {~%50%a ~%40%b ~c}\n"
    found = read(text, corrections={"line 1": {"first": 1, "last": 1, "text": "Mended {\n=a\n~b\n}"}})
    assert [one.params["where"] for one in found.reading.warnings] == ["line 3"]


def test_two_corrections_of_the_same_lines_are_refused() -> None:
    corrections = {key: {"first": 3, "last": 5, "text": "x {T}"} for key in ("line 3", "line 4")}
    with pytest.raises(Refused):
        read(GIFT, corrections=corrections)


def test_cells_are_corrected_by_the_place_of_their_row() -> None:
    data = book(["题干", "A", "B", "答案"], ["一？", "甲", "乙", "D"], ["二？", "甲", "乙", "A"])
    found = sourced.read(data, "q.xlsx", Asked())
    assert [one.where for one in found.reading.refused] == ["题库!2"]
    assert found.source("题库!2").heads == ("题干", "A", "B", "答案")
    assert found.source("题库!2").cells == ("一？", "甲", "乙", "D")
    mended = sourced.read(data, "q.xlsx", Asked(corrections={"题库!2": {"cells": {"3": "B", "1": "丙"}}}))
    assert mended.reading.refused == []
    assert [one["html"] for one in mended.reading.questions[0].content["options"]] == ["丙", "乙"]
    assert mended.source("题库!2").cells == ("一？", "丙", "乙", "B")
    assert mended.source("题库!2").corrected


def test_columns_that_nobody_knows_are_told_by_hand() -> None:
    data = book(["Frage", "erste", "zweite", "Lösung"], ["Was?", "dies", "das", "B"])
    with pytest.raises(Refused):
        sourced.read(data, "q.xlsx", Asked(), at_desk=False)
    found = sourced.read(data, "q.xlsx", Asked())
    assert [(one.name, one.heads, dict(one.roles)) for one in found.reading.tables] == [
        ("题库", ("Frage", "erste", "zweite", "Lösung"), {})
    ]
    told = {"题库": {0: "stem", 1: "option:A", 2: "option:B", 3: "answer"}}
    (draft,) = sourced.read(data, "q.xlsx", Asked(columns=told)).reading.questions
    assert [(one["html"], one["fraction"]) for one in draft.content["options"]] == [("dies", "0"), ("das", "1")]


def test_a_text_with_unknown_heads_is_told_by_hand_too() -> None:
    found = sourced.read("Frage;Lösung\nIst es?;wahr\n".encode(), "q.csv", Asked())
    assert found.reading.tables[0].heads == ("Frage", "Lösung")
    assert found.encoding == "utf-8"


def test_columns_say_what_they_were_taken_for_and_come_back_from_it() -> None:
    found = columns_of(["题干", "题型（0单选,1多选）", "选项1", "选项2", "答案", "章节", "知识点", "备注"])
    assert found is not None
    roles = roles_of(found)
    assert roles == {
        0: "stem",
        1: "kind",
        2: "option:A",
        3: "option:B",
        4: "answer",
        5: "category",
        6: "category",
    }
    told = columns_of_roles(roles, found)
    assert (told.options, told.numbered, told.codes) == (found.options, True, found.codes)
    assert columns_of_roles({0: "flag:A", 1: "blank", 2: ""}, Columns({})).flags == {"A": 0}


def test_an_object_of_a_json_file_is_corrected_by_its_pointer() -> None:
    items = [{"question": f"{n}?", "options": ["x", "y"], "answer": answer} for n, answer in enumerate("AD")]
    found = read(json.dumps(items), "q.json", "json")
    assert json.loads(found.source("/1").text) == items[1]
    mended = json.dumps({**items[1], "answer": "B"})
    again = read(json.dumps(items), "q.json", "json", corrections={"/1": {"text": mended}})
    assert again.reading.refused == []
    for text in ("{", ""):
        with pytest.raises(Refused):
            read(json.dumps(items), "q.json", "json", corrections={"/1": {"text": text}})
    with pytest.raises(Refused):
        read(json.dumps(items), "q.json", "json", corrections={"/7/x": {"text": mended}})


def test_what_was_asked_comes_back_from_the_register_as_it_was() -> None:
    asked = Asked("csv", "gb18030", {"": {0: "stem"}}, {"line 2": {"cells": {"1": "x"}}}, ("line 3",))
    assert Asked.from_json(json.loads(json.dumps(asked.as_json()))) == asked
    assert Asked.from_json({}) == Asked()
