"""`learnhub export questions`: every format that can be written, what is left out is said, refusals end with 1."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.cli import main, running
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring, formats
from question_bank.formats import writing
from question_bank.formats.sameness import is_same
from question_bank.models import Bank, QuestionState
from tests.makers import new_staff, small_tree
from tests.question_bank.making import SAMPLES

Learnhub = Callable[..., Result]


@pytest.fixture
def learnhub(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Learnhub:
    """The command, on the database of this test."""
    monkeypatch.setattr(running, "application", lambda: app)

    def run(*words: str) -> Result:
        db.session.commit()
        return CliRunner().invoke(main, list(words))

    return run


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    """A bank with the plainest question of each kind, and a draft that nobody published."""
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    authoring.add_questions(made, list(SAMPLES.values()), now)
    unread = authoring.QuestionDraft("true_false", "Is it written yet?", {"answer": True})
    authoring.add_question(made, unread, now, QuestionState.DRAFT)
    return made


def told(answer: Result) -> Any:
    return json.loads(answer.stdout)


@pytest.mark.parametrize("format_", writing.FORMATS)
def test_every_format_is_written_and_read_again(learnhub: Learnhub, bank: Bank, tmp_path: Path, format_: str) -> None:
    out = tmp_path / f"bank.{writing.SUFFIXES[format_]}"
    answer = learnhub("export", "questions", "--bank", "general", "--format", format_, str(out), "--json")
    assert answer.exit_code == 0, answer.output
    report = told(answer)
    reading = formats.read(out.read_bytes(), out.name, format_)
    assert reading.refused == []
    assert len(reading.questions) == report["questions"]
    assert report["questions"] + len(report["left_out"]) == len(SAMPLES), "a draft stays at home"
    carried = [draft.kind for draft in reading.questions]
    assert len(set(carried)) == len(carried), "each kind once"
    assert "single_choice" in carried
    assert (report["format"], report["file"]) == (format_, str(out))


def test_what_a_format_cannot_say_is_named_with_its_reason(learnhub: Learnhub, bank: Bank, tmp_path: Path) -> None:
    out = tmp_path / "bank.txt"
    report = told(learnhub("export", "questions", "--bank", "general", "--format", "aiken", str(out), "--json"))
    left_out = {one["where"]: one["reason"] for one in report["left_out"]}
    assert report["questions"] == 1
    assert "Why?" in left_out
    assert "AIKEN" in left_out["Why?"].upper()
    assert all(left_out.values())
    said = learnhub("export", "questions", "--bank", "general", "--format", "aiken", str(out)).stdout
    assert "questions: 1\n" in said
    assert f"left_out: Why?  {left_out['Why?']}\n" in said


def test_what_a_format_does_not_keep_is_counted(learnhub: Learnhub, bank: Bank, tmp_path: Path, now: datetime) -> None:
    told_more = authoring.QuestionDraft(
        "true_false", "Is it far?", {"answer": True}, tags=("far",), difficulty=5, source="《公务员法》", title="Far"
    )
    authoring.add_question(bank, told_more, now)
    out = tmp_path / "bank.gift"
    report = told(learnhub("export", "questions", "--bank", "general", "--format", "gift", str(out), "--json"))
    assert any("difficulty of 1 question" in one for one in report["lost"])
    assert any("source of 1 question" in one for one in report["lost"])
    whole = told(learnhub("export", "questions", "--bank", "general", "--format", "json", str(out), "--json"))
    assert (whole["lost"], whole["left_out"]) == ([], [])


def test_our_own_form_loses_nothing(learnhub: Learnhub, bank: Bank, tmp_path: Path) -> None:
    out = tmp_path / "bank.json"
    learnhub("export", "questions", "--bank", "general", "--format", "json", str(out))
    again = formats.read(out.read_bytes(), out.name).questions
    assert len(again) == len(SAMPLES)
    for before, after in zip(map(authoring.cleaned, SAMPLES.values()), again, strict=True):
        assert is_same(
            before, [after], ("title", "mark", "category", "tags", "difficulty", "explanation_html", "hints")
        )


def test_an_export_is_traced(learnhub: Learnhub, bank: Bank, tmp_path: Path) -> None:
    learnhub("export", "questions", "--bank", "general", "--format", "gift", str(tmp_path / "bank.gift"))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert (entry.object_kind, entry.details["format"]) == ("bank", "gift")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--bank", "nowhere", "--format", "gift"), "There is no such bank."),
        (("--bank", "general", "--format", "docx"), "can't be written as docx"),
        (("--bank", "general", "--format", "gift", "--as", "nobody"), ""),
    ],
)
def test_a_refusal_ends_with_1_and_writes_nothing(
    learnhub: Learnhub, bank: Bank, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    out = tmp_path / "bank.gift"
    answer = learnhub("export", "questions", *words, str(out), "--json")
    assert answer.exit_code == 1
    assert why in told(answer)["refused"][0]["reason"]
    assert not out.exists()


def test_a_folder_that_is_not_there_ends_with_1(learnhub: Learnhub, bank: Bank, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "bank.gift"
    answer = learnhub("export", "questions", "--bank", "general", "--format", "gift", str(out))
    assert answer.exit_code == 1
    assert str(out) in answer.stderr
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all() == []


def test_words_that_are_missing_end_with_2(learnhub: Learnhub, tmp_path: Path) -> None:
    assert learnhub("export", "questions", "--bank", "general", str(tmp_path / "bank.gift")).exit_code == 2


def test_a_member_takes_out_only_what_is_in_reach(
    learnhub: Learnhub, bank: Bank, tree: dict[str, Unit], tmp_path: Path
) -> None:
    own, other = new_staff(Role.INSTRUCTOR, tree["B1"]), new_staff(Role.INSTRUCTOR, tree["B2"])
    words = ("export", "questions", "--bank", "general", "--format", "gift")
    out = tmp_path / "bank.gift"
    assert learnhub(*words, str(out), "--as", other.number).exit_code == 1
    assert not out.exists()
    assert learnhub(*words, str(out), "--as", own.number).exit_code == 0
    assert out.exists()
