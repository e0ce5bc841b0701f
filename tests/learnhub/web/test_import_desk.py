"""The import desk: every question of a file judged, mended in place, compared, and brought in again."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.models import Import
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import import_questions, seen_files
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring, formats
from question_bank.models import Bank, Question, QuestionState, QuestionVersion
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

DATA = Path(__file__).parents[2] / "data"
GIFT = """::one::Which number is called when there is a fire in the building? {=119 ~110 ~120}

::two::Broken <script>alert(1)</script> {=a ~b

::three::Which number is called if there is a fire in the building? {=119 ~110 ~120}

::four::Shares {~%50%a ~%40%b ~c}
"""


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


@pytest.fixture
def visitor(app: Flask, tree: dict[str, Unit], bank: Bank) -> Visitor:
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD))


def upload(visitor: Visitor, content: bytes = GIFT.encode(), name: str = "q.gift", **fields: str) -> str:
    """The address of the import's page."""
    answer = visitor.post("/desk/banks/general/import", {"file": (BytesIO(content), name), "format": "auto", **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def book(*rows: list[Any]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "题库"
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def verdicts(page: str) -> list[tuple[str, str]]:
    """What the page says of each question: its place and what becomes of it."""
    found = re.findall(r'import-item is-(\w+)".*?<h2 id="t\d+">(.*?)</h2>', page, re.DOTALL)
    return [(html.unescape(where), verdict) for verdict, where in found]


def test_what_was_brought_in_is_listed_by_the_title_of_its_bank(visitor: Visitor) -> None:
    upload(visitor)
    assert "questions into General" in visitor.page("/desk/courses")


def tabs(page: str) -> list[str]:
    (bar,) = re.findall(r'<ul class="tabs">(.*?)</ul>', page, re.DOTALL)
    return [" ".join(one.split()) for one in re.findall(r"<a [^>]*>(.*?)</a>", bar, re.DOTALL)]


def in_use() -> int:
    query = select(func.count()).select_from(Question).where(Question.state == QuestionState.PUBLISHED)
    return db.session.scalar(query) or 0


def test_each_question_stands_beside_its_source_with_what_becomes_of_it(visitor: Visitor) -> None:
    page = visitor.page(upload(visitor))
    assert verdicts(page) == [("line 1", "in"), ("line 3", "refused"), ("line 5", "remark"), ("line 7", "remark")]
    assert tabs(page) == ["All 4", "Will be imported 1", "With a remark 2", "Refused 1"]
    assert "Format: GIFT · encoding: UTF-8" in " ".join(page.split())
    here = re.search(r'<a href="([^"]*)" aria-current="page"', page)
    assert here
    assert here.group(1) == "/desk/banks"
    back = re.search(r'class="back" href="/desk/banks/general">(.*?)</a>', page, re.S)
    assert back
    assert "General" in back.group(1)
    right, *wrong = re.findall(r'<li class="choice reviewed (right)?"', page)[:3]
    assert right == "right"
    assert not any(wrong)
    assert "disabled" not in page[page.index("choice reviewed") :][:600]
    assert '<span class="no">7</span><span class="line">::four::Shares {~%50%a ~%40%b ~c}</span>' in page
    assert "<script>alert" not in page
    assert "<ins>if</ins>" in page
    assert "<del>when</del>" in page
    assert in_use() == 0


def test_counts_filter_and_stand_in_the_address(visitor: Visitor) -> None:
    where = upload(visitor)
    assert verdicts(visitor.page(f"{where}?show=refused")) == [("line 3", "refused")]
    assert verdicts(visitor.page(f"{where}?show=remark")) == [("line 5", "remark"), ("line 7", "remark")]
    assert len(verdicts(visitor.page(f"{where}?show=nonsense&page=x"))) == 4


def test_a_long_file_is_paged(visitor: Visitor) -> None:
    numbers = ["zero", "alpha", "river", "stone", "cloud", "green", "seven", "tiger", "piano", "ocean"]
    text = "\n\n".join(f"{numbers[n // 10]} {numbers[n % 10]} {n}? {{T}}" for n in range(60))
    where = upload(visitor, text.encode())
    first, last = visitor.page(where), visitor.page(f"{where}?page=3")
    assert (len(verdicts(first)), len(verdicts(last))) == (25, 10)
    assert verdicts(visitor.page(f"{where}?page=99")) == verdicts(last)
    assert "page=2" in first


def test_a_wrong_question_is_mended_in_place(visitor: Visitor) -> None:
    where = upload(visitor)
    fields = {"key": "line 3", "n": "2", "show": "refused", "page": "1", "act": "correct"}
    answer = visitor.post(f"{where}/question", {**fields, "text": "::two::Mended\r\n{=a ~b}"})
    assert answer.status_code == 303
    assert answer.location.endswith("?show=refused#q2")
    page = visitor.page(where)
    assert verdicts(page)[1] == ("line 3", "in")
    assert "corrected" in page
    visitor.post(f"{where}/question", {**fields, "text": "::two::Worse {=a"})
    assert "still refused" in visitor.page(where)
    visitor.post(f"{where}/question", {**fields, "act": "revert"})
    assert "::two::Broken" in visitor.page(where)


def test_a_correction_that_is_not_taken_stays_in_its_field_with_the_reason(visitor: Visitor) -> None:
    where = upload(visitor)
    answer = visitor.post(f"{where}/question", {"key": "line 3", "act": "correct", "text": "// only a remark"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is no question in this text." in page
    assert "// only a remark</textarea>" in page
    assert visitor.post(f"{where}/question", {"key": "line 99", "act": "leave"}).status_code == 422


def test_cells_of_a_row_are_mended(visitor: Visitor) -> None:
    where = upload(visitor, book(["题干", "A", "B", "答案"], ["一？", "甲", "乙", "D"]), "题库.xlsx")
    page = visitor.page(where)
    assert verdicts(page) == [("题库!2", "refused")]
    assert re.search(r"<dt>答案</dt>\s*<dd>D</dd>", page)
    assert 'name="cell-3"' in page
    fields = {f"cell-{n}": text for n, text in enumerate(["一？", "甲", "乙", "B"])}
    visitor.post(f"{where}/question", {"key": "题库!2", "act": "correct", **fields, "cell-999": "x", "cell-x": "y"})
    assert verdicts(visitor.page(where)) == [("题库!2", "in")]
    row = db.session.scalars(select(Import)).one()
    assert row.report["asked"]["corrections"] == {"题库!2": {"cells": {"3": "B"}}}, "only what was changed"


def test_near_duplicates_are_left_out_and_brought_in(visitor: Visitor) -> None:
    where = upload(visitor)
    visitor.post(f"{where}/question", {"key": "line 5", "act": "leave"})
    page = visitor.page(where)
    assert verdicts(page)[2] == ("line 5", "skipped")
    assert "Import anyway" in page
    visitor.post(f"{where}/question", {"key": "line 5", "act": "bring"})
    assert verdicts(visitor.page(where))[2] == ("line 5", "remark")
    visitor.post(f"{where}/accept")
    assert in_use() == 3


def test_columns_that_were_not_known_are_told_and_change_what_is_read(visitor: Visitor) -> None:
    where = upload(visitor, book(["Frage", "eins", "zwei", "Lösung"], ["Was?", "dies", "das", "B"]), "q.xlsx")
    page = visitor.page(where)
    assert "no column holds the question yet" in page
    assert verdicts(page) == []
    told = dict(enumerate(["stem", "option:A", "option:B", "answer"]))
    visitor.post(f"{where}/reading", {"act": "columns", **{f"column-0-{at}": role for at, role in told.items()}})
    page = visitor.page(where)
    assert verdicts(page) == [("题库!2", "in")]
    assert '<option value="option:B" selected>' in page
    visitor.post(f"{where}/reading", {"act": "columns", "column-0-0": "stem; drop table"})
    assert verdicts(visitor.page(where)) == []


def test_what_the_columns_hold_is_open_where_no_row_can_be_read(visitor: Visitor) -> None:
    page = visitor.page(upload(visitor, book(["Question", "A", "B", "Answer"], ["1+1=?", "1", "2", "D"]), "q.xlsx"))
    assert verdicts(page) == [("题库!2", "refused")]
    assert re.search(
        r'<details class="card-plain form-more" open>\s*<summary>Format: Excel.*what the columns hold', page
    )
    fine = visitor.page(upload(visitor, book(["Question", "A", "B", "Answer"], ["1+1=?", "1", "2", "B"]), "q.xlsx"))
    assert re.search(r'<details class="card-plain form-more" >\s*<summary>', fine)


def test_a_file_is_read_as_another_format_or_encoding_without_sending_it_again(visitor: Visitor) -> None:
    where = upload(visitor, "题干\t答案\n天是蓝的\t对\n".encode("gb18030"), "q.txt")
    assert "CSV · encoding: GB18030" in visitor.page(where)
    visitor.post(f"{where}/reading", {"act": "as", "format": "json", "encoding": ""})
    page = visitor.page(where)
    assert "notice-warning" in page
    assert verdicts(page) == [("line 2", "in")], "what can't be read that way changes nothing"
    visitor.post(f"{where}/reading", {"act": "as", "format": "csv", "encoding": "big5"})
    assert "天是蓝的" not in visitor.page(where) or "notice-warning" in visitor.page(where)
    visitor.post(f"{where}/reading", {"act": "as", "format": "csv", "encoding": "gb18030"})
    assert "天是蓝的" in visitor.page(where)


def test_pasted_text_is_looked_at_like_a_file(visitor: Visitor) -> None:
    answer = visitor.post("/desk/banks/general/import", {"text": GIFT, "format": "auto"})
    assert verdicts(visitor.page(answer.location))[0] == ("line 1", "in")


def test_accept_undo_and_accept_again(visitor: Visitor) -> None:
    where = upload(visitor)
    visitor.post(f"{where}/question", {"key": "line 3", "act": "correct", "text": "::two::Mended {=a ~b}"})
    visitor.post(f"{where}/accept")
    assert in_use() == 4
    assert "Take it back" in visitor.page(where)
    visitor.post(f"{where}/undo")
    assert in_use() == 0
    assert "Import again" in visitor.page(where)
    again = visitor.post(f"{where}/again").location
    assert again != where
    assert [verdict for _where, verdict in verdicts(visitor.page(again))] == ["in", "in", "remark", "remark"]
    visitor.post(f"{again}/accept")
    assert in_use() == 4


def test_an_accepted_import_is_not_changed_any_more(visitor: Visitor) -> None:
    where = upload(visitor)
    visitor.post(f"{where}/accept")
    assert visitor.post(f"{where}/question", {"key": "line 3", "act": "leave"}).status_code == 422
    visitor.post(f"{where}/reading", {"act": "as", "format": "auto"})
    assert "accepted already" in visitor.page(where)
    visitor.post(f"{where}/again")
    assert "Only an import that was taken back" in visitor.page(where)


def test_a_file_that_is_gone_says_what_to_do(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_files, "LARGEST_KEPT", 0)
    where = upload(visitor)
    house.files.remove(db.session.scalars(select(Import)).one().file_digest)
    page = visitor.page(f"{where}?page=1")
    if "not kept any more" not in page:
        pytest.fail("the page of an import whose file is gone must say so")
    assert 'href="/desk/banks/general/import"' in page


def test_a_file_that_is_too_large_is_refused_in_words(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "LARGEST_FILE", 100)
    answer = visitor.post("/desk/banks/general/import", {"file": (BytesIO(GIFT.encode()), "q.gift"), "format": "auto"})
    assert answer.status_code == 422
    assert "The file is larger than" in answer.get_data(as_text=True)


def test_a_stranger_reads_and_changes_nothing(app: Flask, visitor: Visitor, tree: dict[str, Unit]) -> None:
    where = upload(visitor)
    stranger = Visitor(app, new_staff(Role.INSTRUCTOR, tree["B2"], password=PASSWORD))
    assert stranger.get(where).status_code == 404
    for act in ("question", "reading", "again"):
        assert stranger.post(f"{where}/{act}", {"key": "line 3", "act": "leave"}).status_code == 404
    assert db.session.scalars(select(Import)).one().report["asked"]["left_out"] == []


def test_the_dry_run_says_the_same_as_the_page(visitor: Visitor) -> None:
    rows = book(
        ["题干", "A", "B", "答案"], ["一？", "甲", "乙", "D"], ["火警电话？", "119", "110", "A"], ["错？", "", "", "对"]
    )
    for name, data in (("q.gift", GIFT.encode()), ("q.xlsx", rows)):
        told = import_questions.dry_run(data, name, bank_slug="general")
        page = html.unescape(visitor.page(upload(visitor, data, name)))
        assert [(one["where"], one["verdict"]) for one in told["verdicts"]] == verdicts(page)
        for one in told["verdicts"]:
            for reason in one["reasons"]:
                assert str(reason).removeprefix(f"{one['where']}: ") in page
    assert in_use() == 0


def test_a_picture_of_ours_that_is_missing_is_told_and_its_words_stand_instead(visitor: Visitor) -> None:
    address = f"/bank-files/{'a' * 64}.png"
    stem = f'<p>Leave by <img src="{address}" alt="the green door">?</p>'
    text = (
        f'<quiz><question type="truefalse"><questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    )
    where = upload(visitor, text.encode(), "q.xml")
    page = visitor.page(where)
    assert verdicts(page) == [("line 1", "remark")]
    assert "a picture is missing; its words stand in its place" in page
    assert "Leave by [the green door]?" in page
    visitor.post(f"{where}/accept")
    assert address not in db.session.scalars(select(QuestionVersion.stem_html)).one()


def word(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_question_of_word_is_written_anew_in_place_undone_and_brought_in_again(visitor: Visitor) -> None:
    data = word("1. 火警电话？", "A. 110", "B. 119", "答案：D", "2. 天是蓝的。", "答案：对")
    where = upload(visitor, data, "卷.docx")
    page = html.unescape(visitor.page(where))
    assert verdicts(page) == [("paragraph 1", "refused"), ("paragraph 5", "in")]
    assert "1. 火警电话？\nA. 110\nB. 119\n答案：D</textarea>" in page
    assert "天是蓝的。\n答案：对\n题型：判断题</textarea>" in page, "what was understood can be corrected too"
    fields = {"key": "paragraph 1", "n": "1", "act": "correct"}
    wrong = visitor.post(f"{where}/question", {**fields, "text": "火警？\nA. 110\nB. 119\n答案：B\n2. 二？\n答案：对"})
    assert wrong.status_code == 422
    assert "Only one question can stand here; there are 2" in wrong.get_data(as_text=True)
    assert "火警？\nA. 110" in html.unescape(wrong.get_data(as_text=True)), "what was typed stays"
    visitor.post(f"{where}/question", {**fields, "text": "火警？\r\nA. 110\r\nB. 119\r\n答案：B"})
    page = visitor.page(where)
    assert verdicts(page) == [("paragraph 1", "in"), ("paragraph 5", "in")]
    assert "As it is in the file" in page
    visitor.post(f"{where}/accept")
    assert in_use() == 2
    visitor.post(f"{where}/undo")
    again = visitor.post(f"{where}/again").location
    assert verdicts(visitor.page(again)) == [("paragraph 1", "in"), ("paragraph 5", "in")]
    visitor.post(f"{again}/question", {**fields, "act": "revert"})
    assert verdicts(visitor.page(again))[0] == ("paragraph 1", "refused")
    visitor.post(f"{again}/question", {**fields, "text": "火警？\nA. 110\nB. 119\n答案：B"})
    visitor.post(f"{again}/accept")
    stems = db.session.scalars(
        select(QuestionVersion.stem_html)
        .join(Question, Question.version_id == QuestionVersion.id)
        .where(Question.state == QuestionState.PUBLISHED)
    )
    assert sorted(stems) == ["天是蓝的。", "火警？"]


@pytest.mark.parametrize("name", ["q-qti1/all-question-types.imscc", "q-h5p/content/content.json"])
def test_a_question_of_a_package_is_written_anew_in_place(visitor: Visitor, name: str) -> None:
    where = upload(visitor, (DATA / name).read_bytes(), Path(name).name)
    page = visitor.page(where)
    key = html.unescape(re.findall(r'name="key" value="([^"]*)"', page)[0])
    visitor.post(
        f"{where}/question", {"key": key, "n": "1", "act": "correct", "text": "Is it written anew?\nAnswer: T"}
    )
    page = visitor.page(where)
    assert "corrected" in page
    visitor.post(f"{where}/accept")
    assert db.session.scalar(select(QuestionVersion.id).where(QuestionVersion.stem_html == "Is it written anew?"))
