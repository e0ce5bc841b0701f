"""Questions from draft to retired: reviewed by another, published, put back; what an import brings as drafts."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from learnhub.audit.trail import Actor
from learnhub.authorship import hands, works
from learnhub.authorship.models import Act, CoInstructor, Work
from learnhub.identity.models import Member
from learnhub.journeys import change_questions, import_questions, write_questions
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring, catalogue, drawing
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question, QuestionState
from question_bank.together import Change
from tests.makers import new_member, new_staff, small_tree


def draft(name: str) -> QuestionDraft:
    return QuestionDraft("true_false", f"<p>{name}</p>", {"answer": True}, title=name)


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def author(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"])


@pytest.fixture
def bank(tree: dict[str, Unit], author: Member, now: datetime) -> Bank:
    made = authoring.create_bank("law", "Law", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


def act(bank: Bank, question: Question, what: Change, member: Member, now: datetime) -> str:
    change_questions.change(bank, [question.id], what, "", Actor(member), now)
    return str(db.session.get_one(Question, question.id).state)


def test_a_draft_is_not_drawn_before_another_reviewed_it_and_it_was_published(
    bank: Bank, tree: dict[str, Unit], author: Member, now: datetime
) -> None:
    other = new_staff(Role.INSTRUCTOR, tree["B1"])
    question = write_questions.write(bank, draft("one"), Actor(author), now, as_draft=True)
    assert question.state == QuestionState.DRAFT
    with pytest.raises(Refused, match="You wrote 1 of these drafts yourself"):
        act(bank, question, Change.REVIEW, author, now)
    with pytest.raises(Refused, match="nobody has reviewed"):
        act(bank, question, Change.PUBLISH, other, now)
    assert act(bank, question, Change.REVIEW, other, now) == QuestionState.REVIEWED
    assert drawing.candidates([bank.id]) == []
    assert act(bank, question, Change.PUBLISH, author, now) == QuestionState.PUBLISHED
    assert len(drawing.candidates([bank.id])) == 1
    told = hands.names([question.version_id or 0])
    assert told[question.version_id, Act.WROTE][0] == author.name  # type: ignore[index]
    assert told[question.version_id, Act.REVIEWED][0] == other.name  # type: ignore[index]


def test_who_looks_after_a_bank_alone_reviews_their_own(bank: Bank, author: Member, now: datetime) -> None:
    question = write_questions.write(bank, draft("one"), Actor(author), now, as_draft=True)
    assert act(bank, question, Change.REVIEW, author, now) == QuestionState.REVIEWED


def test_a_co_instructor_is_another_who_may_review(
    bank: Bank, tree: dict[str, Unit], author: Member, now: datetime
) -> None:
    named = new_member(tree["B2"])
    db.session.add(CoInstructor(work=Work.BANK, work_id=bank.id, member_id=named.id, since=now))
    question = write_questions.write(bank, draft("one"), Actor(author), now, as_draft=True)
    with pytest.raises(Refused):
        act(bank, question, Change.REVIEW, author, now)
    assert act(bank, question, Change.REVIEW, named, now) == QuestionState.REVIEWED


def test_a_reviewed_question_that_is_changed_is_a_draft_again(bank: Bank, author: Member, now: datetime) -> None:
    question = write_questions.write(bank, draft("one"), Actor(author), now, as_draft=True)
    act(bank, question, Change.REVIEW, author, now)
    write_questions.revise(bank, question, draft("two"), Actor(author), now)
    assert question.state == QuestionState.DRAFT


@pytest.mark.parametrize("state", [QuestionState.DRAFT, QuestionState.REVIEWED, QuestionState.PUBLISHED])
def test_what_is_brought_back_stands_where_it_was_retired(
    bank: Bank, author: Member, now: datetime, state: QuestionState
) -> None:
    question = authoring.add_question(bank, draft("one"), now, state)
    assert act(bank, question, Change.RETIRE, author, now) == QuestionState.RETIRED
    assert act(bank, question, Change.BRING_BACK, author, now) == state


def test_a_review_is_taken_back(bank: Bank, author: Member, now: datetime) -> None:
    question = authoring.add_question(bank, draft("one"), now, QuestionState.DRAFT)
    row = change_questions.change(bank, [question.id], Change.REVIEW, "", Actor(author), now)
    assert row is not None
    change_questions.undo(bank, row.id, Actor(author), now)
    assert db.session.get_one(Question, question.id).state == QuestionState.DRAFT


def test_marks_of_many_are_changed_by_new_versions_and_put_back(bank: Bank, author: Member, now: datetime) -> None:
    ids = authoring.add_questions(bank, [draft("one"), draft("two")], now)
    row = change_questions.change(bank, ids, Change.MARK, "2.5", Actor(author), now)
    assert row is not None
    newest = [catalogue.get_question(bank, one).version for one in ids]
    assert [(one.mark, one.number, one.title) for one in newest] == [(2500, 2, "one"), (2500, 2, "two")]
    assert change_questions.change(bank, ids, Change.MARK, "2.50", Actor(author), now) is None
    change_questions.undo(bank, row.id, Actor(author), now)
    newest = [catalogue.get_question(bank, one).version for one in ids]
    assert [(one.mark, one.number) for one in newest] == [(1000, 3), (1000, 3)]


@pytest.mark.parametrize("wrong", ["", "x", "-1", "1001", "0.0001", "NaN", "Infinity"])
def test_a_mark_that_is_none_changes_nothing(bank: Bank, author: Member, now: datetime, wrong: str) -> None:
    ids = authoring.add_questions(bank, [draft("one")], now)
    with pytest.raises(Refused):
        change_questions.change(bank, ids, Change.MARK, wrong, Actor(author), now)


def test_a_file_comes_in_as_drafts_whose_writer_does_not_review_them(
    bank: Bank, tree: dict[str, Unit], author: Member, now: datetime
) -> None:
    new_staff(Role.INSTRUCTOR, tree["B1"])
    db.session.commit()
    import_questions.carry_out(
        b"A?{T}\n\nB?{F}", "x.gift", bank_slug="law", as_drafts=True, actor=Actor(author), unit=tree["B1"], now=now
    )
    ids = catalogue.ids(bank, catalogue.Filter(state=QuestionState.DRAFT), 10)
    assert len(ids) == 2
    with pytest.raises(Refused, match="You wrote 2 of these"):
        change_questions.change(bank, ids, Change.REVIEW, "", Actor(author), now)


def test_an_undone_import_of_drafts_comes_back_as_drafts(bank: Bank, author: Member, now: datetime) -> None:
    ids = authoring.add_questions(bank, [draft("one")], now, QuestionState.DRAFT)
    authoring.withdraw(ids)
    question = db.session.get_one(Question, ids[0])
    assert act(bank, question, Change.BRING_BACK, author, now) == QuestionState.DRAFT
