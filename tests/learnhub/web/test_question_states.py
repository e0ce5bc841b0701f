"""Drafts, reviews and sources at the desk, without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date, utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations.permissions import Role
from question_bank import authoring, catalogue, sources
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question, QuestionState
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

HOME = "/desk/banks/law"


@pytest.fixture
def staff(app: Flask, now: datetime) -> list[Member]:
    tree = small_tree()
    bank = authoring.create_bank("law", "Law", now)
    works.own(Work.BANK, bank.id, tree["B1"].id, now)
    return [new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD) for _n in range(2)]


@pytest.fixture
def bank(staff: list[Member]) -> Bank:
    return authoring.get_bank("law")


def state_of(question_id: int) -> str:
    db.session.expire_all()
    return str(db.session.get_one(Question, question_id).state)


def test_a_draft_is_written_reviewed_by_another_and_published(app: Flask, staff: list[Member]) -> None:
    author, reviewer = (Visitor(app, one) for one in staff)
    form = {"stem": "Is it so?", "mark": "1", "difficulty": "3", "answer": "true", "then": "draft"}
    answer = author.post(f"{HOME}/new-question?kind=true_false", form)
    address = answer.location
    question_id = int(address.rsplit("/", 1)[1])
    assert state_of(question_id) == QuestionState.DRAFT
    assert "Is it so?" not in author.page(HOME)
    assert "1 question in another state matches" in author.page(f"{HOME}?q=so")
    assert "Is it so?" in author.page(f"{HOME}?q=so&state=all")
    assert "No question was found" in author.page(f"{HOME}?q=nowhere")
    assert "Is it so?" in author.page(f"{HOME}?state=draft")
    assert "waits for a review" in reviewer.page("/")
    author.post(f"{address}/state", {"act": "review"})
    assert "You wrote 1 of these drafts yourself" in author.page(address)
    assert state_of(question_id) == QuestionState.DRAFT
    reviewer.post(f"{address}/state", {"act": "review"})
    assert "Publish" in reviewer.page(address)
    reviewer.post(f"{address}/state", {"act": "publish"})
    assert state_of(question_id) == QuestionState.PUBLISHED
    assert "Reviewed by" in author.page(address)
    assert author.post(f"{address}/state", {"act": "delete"}).status_code == 404


def test_a_source_is_entered_superseded_and_its_questions_are_seen_to(
    app: Flask, staff: list[Member], bank: Bank, now: datetime
) -> None:
    draft = QuestionDraft("true_false", "Old?", {"answer": True}, source="Old law", clause="§ 3")
    question_id = authoring.add_question(bank, draft, now).id
    source_id = sources.of_bank(bank)[0][0].id
    visitor = Visitor(app, staff[0])
    assert re.search(r"(\d+) questions? of the bank", visitor.page(f"{HOME}/new-papers"))[1] == "1"  # type: ignore[index]
    where = f"{HOME}/questions/{question_id}"
    assert "Old law" in visitor.page(where)
    assert visitor.post(f"{HOME}/sources", {"name": ""}).status_code == 422
    assert visitor.post(f"{HOME}/sources", {"name": "Old law"}).status_code == 422
    form = {"name": "Old law", "superseded_by": "New law"}
    assert visitor.post(f"{HOME}/sources/{source_id}", form).status_code == 303
    assert "Old law was superseded by New law" in visitor.page(where)
    assert "0 questions of the bank" in visitor.page(f"{HOME}/new-papers"), "as many as a paper may hold"
    assert "source expired" in visitor.page("/")
    listed = " ".join(visitor.page(f"{HOME}/sources").split())
    assert "expired</span> superseded by New law on" in listed
    assert "Old law was superseded" not in listed
    assert "Old law was superseded by New law" in Visitor(app, staff[1]).page("/notices")
    assert 'value="New law"' in visitor.page(f"{HOME}/sources/{source_id}")
    assert "Old?" in visitor.page(f"{HOME}?stale=yes")
    visitor.post(f"{HOME}/changes", {"id": question_id, "act": "source", "source": "New law"})
    assert "Old?" not in visitor.page(f"{HOME}?stale=yes")
    assert "source expired" not in visitor.page("/")


def test_a_question_that_still_holds_is_asked_again(app: Flask, staff: list[Member], bank: Bank, now: datetime) -> None:
    question_id = authoring.add_question(
        bank, QuestionDraft("true_false", "Old?", {"answer": True}, source="Old law"), now
    ).id
    source, _count = sources.of_bank(bank)[0]
    today = local_date(utcnow(), house.zone)
    source.valid_until = today - timedelta(days=2)
    visitor = Visitor(app, staff[0])
    where = f"{HOME}/questions/{question_id}"
    assert "No new paper gets this question" in visitor.page(where)
    visitor.post(f"{where}/state", {"act": "still_valid"})
    page = visitor.page(where)
    assert "No new paper gets this question" not in page
    assert "Said to hold on" in page


def test_all_that_were_found_are_changed_not_only_the_page(
    app: Flask, staff: list[Member], bank: Bank, now: datetime
) -> None:
    drafts = [QuestionDraft("true_false", f"Q{n}", {"answer": True}, category="A") for n in range(60)]
    authoring.add_questions(bank, [*drafts, QuestionDraft("true_false", "B", {"answer": True}, category="B")], now)
    visitor = Visitor(app, staff[0])
    back = f"{HOME}?category=A"
    assert "all 60 that were found" in visitor.page(back)
    visitor.post(f"{HOME}/changes", {"all": "found", "back": back, "act": "add_tag", "tag": "seen"})
    found = catalogue.questions(authoring.get_bank("law"), catalogue.Filter(tag="seen"))
    assert found.total == 60
    assert "60 questions" in visitor.page(back)


def test_a_rule_of_a_blueprint_names_a_source(app: Flask, staff: list[Member], bank: Bank, now: datetime) -> None:
    for n in range(4):
        draft = QuestionDraft("true_false", f"Q{n}", {"answer": True}, source="Law A" if n < 2 else "Law B")
        authoring.add_question(bank, draft, now)
    visitor = Visitor(app, staff[0])
    assert '<option value="Law A">' in visitor.page(f"{HOME}/new-papers")
    answer = visitor.post(f"{HOME}/new-papers", {"title": "T", "rules-0-count": 3, "rules-0-source": "Law A"})
    assert answer.status_code == 422
    answer = visitor.post(f"{HOME}/new-papers", {"title": "T", "rules-0-count": 2, "rules-0-source": "Law A"})
    assert answer.status_code == 303
    like = answer.location.rsplit("/", 1)[1]
    assert '<option selected value="Law A">' in visitor.page(f"{HOME}/new-papers?like={like}")
