"""The import desk and a JSON bank that nobody knows: its fields are told by hand, and what they hold comes in."""

from __future__ import annotations

import json
import re
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import Import
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import import_questions
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring
from question_bank.models import Bank, Question, QuestionVersion
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

ROWS = [
    {"tm": "Which of them is a river?", "xx": ["Rhine", "Alps"], "da": 0, "lx": 7},
    {"tm": "The capital of France is ____.", "da": "Paris", "lx": 9},
]
BANK = {"about": {"version": 3}, "rows": ROWS}
TOLD = {"tm": "stem", "xx": "options", "da": "answer", "lx": "kind"}


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    tree = small_tree()
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


@pytest.fixture
def visitor(app: Flask, bank: Bank) -> Visitor:
    unit = db.session.scalars(select(Unit).where(Unit.code == "B1")).one()
    return Visitor(app, new_staff(Role.INSTRUCTOR, unit, password=PASSWORD))


def upload(visitor: Visitor, data: object, name: str = "bank.json") -> str:
    return upload_bytes(visitor, json.dumps(data, ensure_ascii=False).encode(), name)


def upload_bytes(visitor: Visitor, content: bytes, name: str) -> str:
    answer = visitor.post("/desk/banks/general/import", {"file": (BytesIO(content), name), "format": "auto"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def fields(page: str, kind: str = "column") -> dict[str, str]:
    """The form's fields by what stands above them: the field's name, or a code of a kind."""
    found = re.findall(rf'<label for="({kind}-\d+-\d+)">(?:\d+\. )?(.*?)</label>', page)
    return {head: name for name, head in found}


def tell(visitor: Visitor, where: str, told: dict[str, str], kinds: dict[str, str] | None = None) -> str:
    page = visitor.page(where)
    sent = {fields(page)[head]: role for head, role in told.items()}
    sent |= {fields(page, "kind")[code]: kind for code, kind in (kinds or {}).items()}
    visitor.post(f"{where}/reading", {"act": "fields", "list": "0", **sent})
    return visitor.page(where)


def verdicts(page: str) -> list[str]:
    return re.findall(r'import-item is-(\w+)"', page)


def test_a_bank_that_nobody_knows_is_told_field_by_field_and_comes_in(visitor: Visitor) -> None:
    where = upload(visitor, BANK)
    page = visitor.page(where)
    assert "no field holds the question yet" in page
    assert "Which of them is a river?" in page, "what stands in a field tells what it is"
    page = tell(visitor, where, TOLD)
    assert "told by hand" in page
    assert set(fields(page, "kind")) == {"7", "9"}
    page = tell(visitor, where, {**TOLD, "da": "answer:0"}, {"7": "single_choice", "9": "fill_in"})
    assert verdicts(page) == ["in", "in"]
    visitor.post(f"{where}/accept")
    found = db.session.execute(
        select(Question.kind, QuestionVersion.stem_html)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .order_by(Question.kind)
    )
    assert [tuple(one) for one in found] == [
        ("fill_in", "The capital of France is ____."),
        ("single_choice", "Which of them is a river?"),
    ]


def test_told_fields_are_read_as_found_again(visitor: Visitor) -> None:
    where = upload(visitor, [{"question": "Is it so?", "answer": "true"}])
    assert verdicts(visitor.page(where)) == ["in"]
    page = tell(visitor, where, {"question": "explanation", "answer": "stem"})
    assert verdicts(page) == ["refused"]
    assert "Read everything as it was found" in page
    visitor.post(f"{where}/reading", {"act": "as found"})
    assert verdicts(visitor.page(where)) == ["in"]


def test_a_form_that_was_tampered_with_changes_nothing(visitor: Visitor) -> None:
    where = upload(visitor, BANK)
    for sent in ({"list": "9"}, {"list": "x"}, {"list": "0", "column-0-0": "stem; drop table", "kind-0-0": "x"}):
        visitor.post(f"{where}/reading", {"act": "fields", **sent})
        assert verdicts(visitor.page(where)) == []
    row = db.session.scalars(select(Import)).one()
    assert all(not told for told in row.report["asked"]["fields"].values())


def test_an_object_is_mended_in_place_and_read_as_told(visitor: Visitor) -> None:
    where = upload(visitor, {"rows": [{**ROWS[0], "da": 5}, ROWS[1]]})
    page = tell(visitor, where, {**TOLD, "da": "answer:0"}, None)
    page = tell(visitor, where, {**TOLD, "da": "answer:0"}, {"7": "single_choice", "9": "fill_in"})
    assert verdicts(page) == ["refused", "in"]
    visitor.post(f"{where}/question", {"key": "/rows/0", "act": "correct", "text": json.dumps(ROWS[0]), "n": "1"})
    assert verdicts(visitor.page(where)) == ["in", "in"]


def book(*rows: list[str]) -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_next_file_of_the_same_program_is_read_as_the_first_was_told(visitor: Visitor) -> None:
    kinds = {"7": "single_choice", "9": "fill_in"}
    where = upload(visitor, BANK)
    tell(visitor, where, {**TOLD, "da": "answer:0"})
    tell(visitor, where, {**TOLD, "da": "answer:0"}, kinds)
    again = upload(visitor, {"rows": [{"extra": "x", **ROWS[1]}, ROWS[0]]}, "second.json")
    page = visitor.page(again)
    assert verdicts(page) == ["in", "in"]
    assert "as somebody told for an earlier file" in page
    report = import_questions.dry_run(json.dumps(BANK).encode(), "third.json", bank_slug="general")
    assert [one["kind"] for one in report["questions"]] == ["single_choice", "fill_in"], "at the command line, too"
    with pytest.raises(Refused):
        import_questions.dry_run(json.dumps(BANK).encode(), "third.json", bank_slug="another")


def test_what_was_told_is_forgotten_when_everything_is_read_as_found(visitor: Visitor) -> None:
    tell(visitor, upload(visitor, BANK), TOLD)
    where = upload(visitor, BANK, "second.json")
    assert "as somebody told for an earlier file" in visitor.page(where)
    visitor.post(f"{where}/reading", {"act": "as found"})
    assert "as somebody told for an earlier file" not in visitor.page(where)
    assert "no field holds the question yet" in visitor.page(upload(visitor, BANK, "third.json"))


def test_a_list_with_other_fields_is_not_taken_for_one_that_was_told(visitor: Visitor) -> None:
    tell(visitor, upload(visitor, BANK), TOLD)
    other = [{"tm": "Which?", "xx": ["a", "b"], "ok": 1} for _n in range(2)]
    assert "no field holds the question yet" in visitor.page(upload(visitor, {"rows": other}))


def test_a_workbook_with_the_same_heads_is_read_as_the_first_was_told(visitor: Visitor) -> None:
    heads = ["Frage", "eins", "zwei", "Zeile"]
    where = upload_bytes(visitor, book(heads, ["Was?", "dies", "das", "B"]), "q.xlsx")
    sent = {f"column-0-{at}": role for at, role in enumerate(["stem", "option:A", "option:B", "answer"])}
    visitor.post(f"{where}/reading", {"act": "columns", **sent})
    page = visitor.page(upload_bytes(visitor, book(heads, ["Wer?", "er", "sie", "A"]), "r.xlsx"))
    assert verdicts(page) == ["in"]
    assert "Read everything as it was found" in page
    assert (
        verdicts(visitor.page(upload_bytes(visitor, book([*heads, "x"], ["Wer?", "er", "sie", "A"]), "s.xlsx"))) == []
    )
