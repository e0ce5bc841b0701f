"""The counts beside the filters of a bank: what each filter finds, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from question_bank import authoring, catalogue, facets, shelving, sources
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Filter
from question_bank.models import Bank, QuestionState

DAY = date(2026, 11, 22)


def drafts(first: int, count: int) -> list[QuestionDraft]:
    return [
        QuestionDraft(
            "true_false" if n % 3 else "essay",
            f"<p>Question {n}?</p>",
            {"answer": True} if n % 3 else {},
            category=("law/civil", "law", "")[n % 3],
            tags=("odd",) if n % 2 else ("even", "whole"),
            source=("Code", "", "Decree")[n % 3],
        )
        for n in range(first, first + count)
    ]


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    made = authoring.create_bank("law", "Law", now)
    authoring.add_questions(made, drafts(0, 12), now)
    other = authoring.create_bank("other", "Other", now)
    authoring.add_questions(other, [QuestionDraft("essay", "<p>So?</p>", {}, tags=("foreign",))], now)
    for listed, state in zip(
        catalogue.questions(made).items, (QuestionState.RETIRED, QuestionState.DRAFT), strict=False
    ):
        listed.question.state = state
    authoring.withdraw(authoring.add_questions(made, drafts(12, 1), now))
    code = next(one for one, _count in sources.of_bank(made) if one.name == "Code")
    code.valid_until = date(2026, 1, 1)
    db.session.flush()
    return made


def test_they_say_what_the_filters_find(bank: Bank, now: datetime) -> None:
    found = facets.of_bank(bank, DAY)
    assert local_date(now, house.zone) == DAY
    assert found.kinds == catalogue.counts_by_kind(bank)
    assert found.states == catalogue.counts_by_state(bank)
    assert found.categories == catalogue.categories(bank)
    assert found.tree == shelving.tree(bank)
    assert found.tags == ["even", "odd", "whole"]
    assert found.sources == sources.of_bank(bank)
    assert found.stale == catalogue.questions(bank, Filter(stale_on=DAY)).total == 3


def test_tags_that_only_questions_of_undone_imports_carry_are_not_offered(bank: Bank, now: datetime) -> None:
    undone = [QuestionDraft("essay", f"<p>So {n}?</p>", {}, tags=("odd", f"undone {n}")) for n in range(3)]
    batch = authoring.add_questions(bank, undone, now)
    offered = ["even", "odd", "undone 0", "undone 1", "undone 2", "whole"]
    assert facets.tags(bank) == catalogue.tags(bank) == offered
    authoring.withdraw(batch)
    assert facets.tags(bank) == catalogue.tags(bank) == ["even", "odd", "whole"]
    kept = catalogue.questions(bank, Filter(tag="whole", state=None)).items
    for listed in kept:
        listed.question.state = QuestionState.RETIRED
    db.session.flush()
    assert "whole" in facets.tags(bank), "retired questions are still found"


@pytest.mark.parametrize(
    "wanted",
    [Filter(), Filter(state=None), Filter(kind="essay"), Filter(state="draft"), Filter(kind="essay", state=None)],
)
def test_a_total_is_known_from_the_counts(bank: Bank, wanted: Filter) -> None:
    assert facets.of_bank(bank, DAY).total(wanted) == catalogue.questions(bank, wanted).total


def test_a_total_of_a_source_is_known_and_others_are_not(bank: Bank) -> None:
    found = facets.of_bank(bank, DAY)
    for source, _count in found.sources:
        assert found.total(Filter(source=source.id)) == catalogue.questions(bank, Filter(source=source.id)).total
    for wanted in (Filter(text="x"), Filter(tag="odd"), Filter(difficulty=3), Filter(category="law")):
        assert found.total(wanted) is None


@pytest.mark.parametrize("order", sorted(catalogue.ORDERS))
def test_pages_of_any_order_cost_the_same_statements_in_any_bank(
    bank: Bank, now: datetime, statements: Callable[[], Any], order: str
) -> None:
    def page() -> list[int]:
        found = facets.of_bank(bank, DAY)
        pages = [
            catalogue.questions(bank, page=n, per_page=4, order=order, total=found.total(Filter())) for n in (1, 2)
        ]
        return [one.question.id for page in pages for one in page.items]

    db.session.commit()
    with statements() as few:
        assert len(set(page())) == 8
    authoring.add_questions(bank, drafts(100, 150), now)
    db.session.commit()
    with statements() as many:
        assert len(set(page())) == 8
    assert len(few) == len(many) == 12


def test_a_search_costs_the_same_statements_in_any_bank(
    bank: Bank, now: datetime, statements: Callable[[], Any]
) -> None:
    db.session.commit()
    with statements() as few:
        assert catalogue.questions(bank, Filter(text="question")).total == 10
    authoring.add_questions(bank, drafts(100, 150), now)
    db.session.commit()
    with statements() as many:
        assert len(catalogue.questions(bank, Filter(text="question")).items) == catalogue.PER_PAGE
    assert len(few) == len(many) <= 5
