"""Questions written into a bank, revised, retired, taken back and found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from question_bank import authoring, catalogue, drawing
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Filter
from question_bank.fingerprints import fingerprint
from question_bank.models import Bank, Question, QuestionState
from question_bank.versions import versions_by_id


def draft(stem: str = "Which?", **fields: Any) -> QuestionDraft:
    content = {"options": [{"html": "this", "fraction": "1"}, {"html": "that", "fraction": "0"}]}
    return QuestionDraft(**{"kind": "single_choice", "stem_html": stem, "content": content, **fields})


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    return authoring.create_bank("demo", "Demo", now)


def test_a_question_is_published_with_its_first_version(bank: Bank, now: datetime) -> None:
    question = authoring.add_question(bank, draft(category=" law / civil ", tags=("a", "b", "a")), now)
    listed = catalogue.get_question(bank, question.id)
    assert (question.state, listed.version.number, listed.category, listed.tags) == (
        "published",
        1,
        "law/civil",
        ["a", "b"],
    )
    assert [option["html"] for option in listed.version.content["options"]] == ["this", "that"]


def test_what_comes_in_is_cleaned(bank: Bank, now: datetime) -> None:
    nasty = "<b>ok</b><script>alert(1)</script>"
    content = {"options": [{"html": nasty, "fraction": "1", "feedback_html": nasty}, {"html": "x", "fraction": "0"}]}
    question = authoring.add_question(bank, draft(nasty, content=content, explanation_html=nasty), now)
    version = versions_by_id([question.version_id or 0])[question.version_id or 0]
    assert "script" not in str(version.content) + version.stem_html + version.explanation_html


def test_a_revision_adds_a_version_and_keeps_the_old(bank: Bank, now: datetime) -> None:
    question = authoring.add_question(bank, draft(), now)
    first = question.version_id
    second = authoring.revise(question, draft("Which one?", category="new", tags=("t",)), now)
    assert (second.number, question.version_id) == (2, second.id)
    assert [version.id for version in catalogue.history(question.id)] == [second.id, first]
    assert catalogue.get_question(bank, question.id).tags == ["t"]


def test_an_import_is_taken_back_and_can_come_again(bank: Bank, now: datetime) -> None:
    ids = authoring.add_questions(bank, [draft(f"Question {n}?") for n in range(3)], now)
    assert len(authoring.known_fingerprints(bank)) == 3
    assert authoring.withdraw(ids) == 3
    assert authoring.withdraw(ids) == 0
    assert authoring.known_fingerprints(bank) == {}
    assert {db.session.get_one(Question, i).state for i in ids} == {QuestionState.WITHDRAWN}


def test_many_questions_take_few_statements(bank: Bank, now: datetime, statements: Callable[[], Any]) -> None:
    drafts = [draft(f"Question {n}?", category=f"c{n % 3}", tags=("x",)) for n in range(400)]
    with statements() as seen:
        ids = authoring.add_questions(bank, drafts, now)
    assert len(ids) == 400
    assert len(seen) <= 8, "three of them write the indexes"


def test_a_list_is_filtered_and_paged(bank: Bank, now: datetime) -> None:
    authoring.add_questions(
        bank, [draft(f"宪法第{n}条?", category="law/constitution", tags=("t",)) for n in range(7)], now
    )
    authoring.add_questions(bank, [draft("100% true_ish?", kind="true_false", content={"answer": True})], now)
    page = catalogue.questions(bank, Filter(category="law"), page=2, per_page=5)
    assert (page.total, len(page.items), page.pages) == (7, 2, 2)
    assert catalogue.questions(bank, Filter(text="宪法 第3条")).total == 1
    assert catalogue.questions(bank, Filter(text="100%")).total == 1
    assert catalogue.questions(bank, Filter(text="true_i")).total == 1
    assert catalogue.questions(bank, Filter(text="eXi")).total == 0
    assert catalogue.questions(bank, Filter(tag="t", kind="single_choice")).total == 7
    assert catalogue.counts_by_kind(bank) == {"single_choice": 7, "true_false": 1}
    assert (catalogue.categories(bank), catalogue.tags(bank)) == (["law", "law/constitution"], ["t"])
    assert [(b.slug, n) for b, n in catalogue.banks()] == [("demo", 8)]


def test_retired_questions_are_not_drawn(bank: Bank, now: datetime) -> None:
    ids = authoring.add_questions(
        bank, [draft("A?"), draft("B?", tags=("x",)), draft("Read.", kind="description", content={})], now
    )
    db.session.get_one(Question, ids[0]).state = QuestionState.RETIRED
    db.session.flush()
    found = drawing.candidates(bank_slugs=["demo"])
    assert [(c.question_id, c.tags) for c in found] == [(ids[1], frozenset({"x"}))]
    assert drawing.candidates([bank.id]) == found


@pytest.mark.parametrize(
    "fields",
    [
        {"stem_html": " "},
        {"mark": -1},
        {"content": {}},
        {"kind": "matching"},
        {"kind": "x"},
        {"content": {"options": [{"html": "a", "fraction": "0"}] * 2}},
        {"content": {"options": [{"html": "a", "fraction": "2"}] * 2}},
    ],
)
@pytest.mark.sqlite_only
def test_what_cannot_be_asked_is_refused(bank: Bank, now: datetime, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        authoring.add_question(bank, replace(draft(), **fields), now)


@pytest.mark.sqlite_only
def test_banks_are_found_by_slug(bank: Bank, now: datetime) -> None:
    assert authoring.get_bank("demo").id == bank.id
    with pytest.raises(NotFound):
        authoring.get_bank("other")
    for slug in ("demo", "Demo", "a/b", ""):
        with pytest.raises(Refused):
            authoring.create_bank(slug, "x", now)


def test_a_fingerprint_sees_through_forms_but_not_through_meaning() -> None:
    assert fingerprint(draft("宪法，是什么？")) == fingerprint(draft("宪法, 是什么?"))
    assert fingerprint(draft("1.5 or 15?")) != fingerprint(draft("15 or 15?"))
    assert fingerprint(draft("x-1")) != fingerprint(draft("x1"))
    swapped = {"options": [{"html": "that", "fraction": "0"}, {"html": "this", "fraction": "1"}]}
    assert fingerprint(draft()) == fingerprint(draft(content=swapped))
    assert fingerprint(draft()) != fingerprint(draft(kind="multiple_choice"))
