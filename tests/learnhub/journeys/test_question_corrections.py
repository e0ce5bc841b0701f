"""Questions of a file are corrected, left out and compared before they come in; what was accepted is what was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import Import
from learnhub.audit.trail import Actor
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import import_questions, question_corrections, seen_files, undo_import
from learnhub.journeys.question_file import Item, Verdict, items_of
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.house import house
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring
from question_bank.models import Bank, Question, QuestionState, QuestionVersion
from tests.makers import new_staff, small_tree

GIFT = """::one::Which number is called when there is a fire in the building? {=119 ~110 ~120}

::two::Broken {=a ~b

::three::Which number is called if there is a fire in the building? {=119 ~110 ~120}

::four::Shares {~%50%a ~%40%b ~c}
"""


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def actor(tree: dict[str, Unit]) -> Actor:
    return Actor(new_staff(Role.INSTRUCTOR, tree["B1"]))


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


def brought(bank: Bank, actor: Actor, unit: Unit, now: datetime, text: str = GIFT, name: str = "q.gift") -> Import:
    row = import_questions.preview(text.encode(), name, bank=bank, actor=actor, unit_id=unit.id, now=now)
    db.session.commit()
    return row


def kept(change: Any, *about: Any) -> Any:
    """A change that is committed, as a request does."""
    found = change(*about)
    db.session.commit()
    return found


@pytest.fixture
def row(bank: Bank, actor: Actor, tree: dict[str, Unit], now: datetime) -> Import:
    return brought(bank, actor, tree["B1"], now)


def verdicts(row: Import) -> dict[str, str]:
    return {one.where: str(one.verdict) for one in items_of(seen_files.see(row))}


def item(row: Import, where: str) -> Item:
    return next(one for one in items_of(seen_files.see(row)) if one.where == where)


def stems() -> list[str]:
    """What the questions in use ask, in their order."""
    query = select(QuestionVersion.title).join(Question, Question.version_id == QuestionVersion.id)
    return list(db.session.scalars(query.where(Question.state == QuestionState.PUBLISHED).order_by(Question.id)))


def test_everything_in_the_file_is_judged_in_its_order(row: Import) -> None:
    assert verdicts(row) == {"line 1": "in", "line 3": "refused", "line 5": "remark", "line 7": "remark"}
    near = item(row, "line 5").near
    assert near is not None
    assert near.where == "line 1"
    assert near.share >= 60
    assert "90%" in str(item(row, "line 7").reasons[0])


def test_a_corrected_question_comes_in_and_the_second_look_agrees(row: Import, actor: Actor, now: datetime) -> None:
    (became,) = kept(question_corrections.correct_text, row, "line 3", "::two::Mended {=a ~b}")
    assert became.verdict is Verdict.IN
    looked = import_questions.look_again(row)
    report = kept(import_questions.accept, row, actor, now)
    assert report["imported"] == len(looked.new) == 4
    assert stems() == ["one", "two", "three", "four"]
    with pytest.raises(Refused):
        kept(question_corrections.correct_text, row, "line 3", "::two::Again {T}")


def test_a_correction_that_is_wrong_too_is_kept_with_its_reason(row: Import) -> None:
    (became,) = kept(question_corrections.correct_text, row, "line 3", "::two::Still {=a ~b")
    assert became.verdict is Verdict.REFUSED
    assert item(row, "line 3").source.text == "::two::Still {=a ~b"
    kept(question_corrections.read_as_sent, row, "line 3")
    assert item(row, "line 3").source.text == "::two::Broken {=a ~b"


def test_what_holds_no_question_is_not_kept(row: Import) -> None:
    for text in ("", "  \n ", "// nothing but a remark"):
        with pytest.raises(Refused):
            kept(question_corrections.correct_text, row, "line 3", text)
    with pytest.raises(Refused):
        kept(question_corrections.correct_text, row, "line 3", "x" * 20_001)
    with pytest.raises(NotFound):
        kept(question_corrections.correct_text, row, "line 99", "x {T}")
    with pytest.raises(Refused):
        kept(question_corrections.correct_cells, row, "line 3", {0: "x"})
    assert import_questions.asked_of(row).corrections == {}


def test_questions_are_left_out_by_hand_and_come_in_after_all(row: Import, actor: Actor, now: datetime) -> None:
    kept(question_corrections.leave_out, row, "line 5")
    kept(question_corrections.leave_out, row, "line 3")
    kept(question_corrections.leave_out, row, "line 7")
    kept(question_corrections.bring_in, row, "line 7")
    assert verdicts(row) == {"line 1": "in", "line 3": "skipped", "line 5": "skipped", "line 7": "remark"}
    assert item(row, "line 5").near is not None, "it can still be compared"
    report = kept(import_questions.accept, row, actor, now)
    assert (report["imported"], report["skipped"], report["refused"]) == (2, 2, [])
    assert stems() == ["one", "four"]


def test_a_question_like_one_of_the_bank_is_told_and_the_same_is_skipped(
    row: Import, bank: Bank, actor: Actor, tree: dict[str, Unit], now: datetime
) -> None:
    kept(import_questions.accept, row, actor, now)
    text = "Which number is called when there is a fire in the house? {=119 ~110 ~120}\n\n" + GIFT
    again = brought(bank, actor, tree["B1"], now, text)
    first = item(again, "line 1")
    assert first.verdict is Verdict.REMARK
    assert first.near is not None
    known = db.session.get_one(Question, first.near.question_id)
    assert known.bank_id == bank.id
    assert item(again, "line 3").verdict is Verdict.SKIPPED


def test_what_was_seen_is_read_anew_when_the_bank_changed(row: Import, bank: Bank, now: datetime) -> None:
    assert item(row, "line 1").verdict is Verdict.IN
    authoring.add_question(bank, item(row, "line 1").draft, now)  # type: ignore[arg-type]
    assert item(row, "line 1").verdict is Verdict.SKIPPED


def test_a_file_is_read_again_without_being_sent(
    bank: Bank, actor: Actor, tree: dict[str, Unit], now: datetime
) -> None:
    text = "题干\t答案\n天是蓝的\t对\n"
    encoded = text.encode("gb18030")
    row = import_questions.preview(encoded, "q.txt", bank=bank, actor=actor, unit_id=tree["B1"].id, now=now)
    db.session.commit()
    looked = seen_files.see(row)
    assert (looked.format, looked.encoding) == ("csv", "gb18030")
    with pytest.raises(Refused):
        kept(import_questions.read_again, row, "auto", "utf-8")
    with pytest.raises(Refused):
        kept(import_questions.read_again, row, "excel", None)
    assert seen_files.see(row).encoding == "gb18030"
    kept(import_questions.tell_columns, row, {"": {0: "answer", 1: "stem"}}, {}, now)
    assert verdicts(row) == {"line 2": "remark"}, "words of the answer are typed: told, since nothing names the kind"
    kept(import_questions.read_again, row, "csv", "gb18030")
    assert verdicts(row) == {"line 2": "in"}


def test_after_an_undo_the_same_comes_in_again_with_its_corrections(row: Import, actor: Actor, now: datetime) -> None:
    kept(question_corrections.correct_text, row, "line 3", "::two::Mended {=a ~b}")
    kept(question_corrections.leave_out, row, "line 7")
    with pytest.raises(Refused):
        kept(import_questions.again, row, actor, now)
    kept(import_questions.accept, row, actor, now)
    kept(undo_import.undo, row.id, actor, now)
    assert stems() == []
    fresh = kept(import_questions.again, row, actor, now)
    assert fresh.id != row.id
    assert kept(import_questions.accept, fresh, actor, now)["imported"] == 3
    assert stems() == ["one", "two", "three"]


def test_a_file_that_is_gone_says_what_to_do(row: Import, actor: Actor, now: datetime) -> None:
    house.files.remove(row.file_digest)
    with pytest.raises(Refused, match="Bring it in again"):
        kept(import_questions.accept, row, actor, now)


def test_the_dry_run_says_what_the_desk_shows(row: Import) -> None:
    report = import_questions.dry_run(GIFT.encode(), "q.gift", bank_slug="general")
    assert report["verdicts"] == [one.as_json() for one in items_of(seen_files.see(row))]
    assert [one["verdict"] for one in report["verdicts"]] == ["in", "refused", "remark", "remark"]
