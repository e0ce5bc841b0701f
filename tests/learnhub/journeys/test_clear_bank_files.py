"""Files that nothing refers to leave the store after a month; whatever anything refers to stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from learnhub.audit.trail import SYSTEM
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import bank_files, clear_bank_files, import_questions, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.organisations.models import Unit
from learnhub.organisations.profile.models import MemberPhoto
from learnhub.quizzes.models import HandedInFile
from question_bank import authoring, media
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import writing
from question_bank.models import Bank, BankFile
from tests.makers import new_course, new_member, small_tree
from tests.question_bank.test_media import picture

LATER = timedelta(days=31)


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


def sent(colour: str, now: datetime) -> str:
    """A picture that an author uploaded: its name."""
    data = media.kept(picture(colour)).data
    bank_files.keep(data, now)
    return str(media.name_of(data))


def asks(name: str, place: str = "stem_html") -> QuestionDraft:
    shown = media.line(name, "words")
    return {
        "stem_html": QuestionDraft("true_false", f"Is it {name[:4]}? {shown}", {"answer": True}),
        "explanation_html": QuestionDraft("true_false", f"Is it {name[:4]}?", {"answer": True}, explanation_html=shown),
        "hints": QuestionDraft("true_false", f"Is it {name[:4]}?", {"answer": True}, hints=("look", shown)),
        "content": QuestionDraft(
            "single_choice",
            f"Which {name[:4]}?",
            {"options": [{"html": shown, "fraction": "1"}, {"html": "b", "fraction": "0"}]},
        ),
    }[place]


def test_what_nobody_uses_goes_after_a_month_and_not_before(app: Flask, now: datetime) -> None:
    name = sent("red", now)
    assert clear_bank_files.clear(now + timedelta(days=29)) == 0
    assert bank_files.is_stored(name)
    assert clear_bank_files.clear(now + LATER) == 1
    assert not bank_files.is_stored(name)
    assert clear_bank_files.clear(now + LATER) == 0
    assert db.session.query(BankFile).count() == 0


def test_what_is_sent_again_has_another_month(app: Flask, now: datetime) -> None:
    name = sent("red", now)
    sent("red", now + timedelta(days=20))
    assert clear_bank_files.clear(now + LATER) == 0
    assert bank_files.is_stored(name)


@pytest.mark.parametrize("place", ["stem_html", "explanation_html", "hints", "content"])
def test_an_old_version_of_a_question_keeps_its_files(bank: Bank, now: datetime, place: str) -> None:
    first, second = sent("red", now), sent("blue", now)
    question = authoring.add_question(bank, asks(first, place), now)
    authoring.revise(question, asks(second, place), now)
    authoring.revise(question, QuestionDraft("true_false", "Without?", {"answer": True}), now)
    authoring.withdraw([question.id])
    assert clear_bank_files.clear(now + LATER) == 0, "papers and attempts may hold any version"
    assert bank_files.is_stored(first)
    assert bank_files.is_stored(second)


def test_what_an_import_shows_stays_while_it_waits_and_its_file_for_ever(
    bank: Bank, tree: dict[str, Unit], now: datetime
) -> None:
    data = media.kept(picture("green")).data
    name = str(media.name_of(data))
    file = writing.write([cleaned(asks(name))], "json", {name: data}).data
    with time_machine.travel(now, tick=False):
        row = import_questions.preview(file, "q.json", bank=bank, actor=SYSTEM, unit_id=tree["B1"].id, now=now)
    assert clear_bank_files.clear(now + LATER) == 0
    with time_machine.travel(now, tick=False):
        import_questions.accept(row, SYSTEM, now)
    assert clear_bank_files.clear(now + LATER) == 0
    undo_import.undo(row.id, SYSTEM, now)
    assert clear_bank_files.clear(now + LATER) == 0, "versions stay when an import is taken back"
    assert import_questions.again(row, SYSTEM, now).file_digest == row.file_digest
    assert house.files.size(row.file_digest)


def test_the_same_content_used_elsewhere_stays(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    in_lesson, in_answer, alone = sent("red", now), sent("blue", now), sent("green", now)
    (lesson,) = new_course(lessons=1)
    lesson.body_html = media.line(in_lesson)
    column = HandedInFile.__table__.c.digest
    assert column.name.endswith("digest"), "files that members handed in are found by this name"
    member = new_member(tree["B1"])
    db.session.add(MemberPhoto(member_id=member.id, digest=media.digest_of(in_answer), set_at=now))
    db.session.flush()
    assert clear_bank_files.clear(now + LATER) == 1
    assert bank_files.is_stored(in_lesson)
    assert bank_files.is_stored(in_answer)
    with pytest.raises(NotFound):
        house.files.size(str(media.digest_of(alone)))
