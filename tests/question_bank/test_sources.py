"""Sources: named by questions, in force from day to day, superseded; what rests on one that is over is not drawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.quizzes import papers
from question_bank import authoring, catalogue, drawing, paper_sets, sources, together
from question_bank.authoring import QuestionDraft
from question_bank.drawing import Quota
from question_bank.formats import excel, lossless, objects, writing
from question_bank.models import Bank, Question, QuestionState, Source
from question_bank.together import Change
from question_bank.versions import versions_by_id

LAW = "《公务员法》2018修订"
DAY = date(2026, 11, 22)


def draft(name: str, **more: str) -> QuestionDraft:
    return QuestionDraft("true_false", f"<p>{name}</p>", {"answer": True}, title=name, **more)


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    made = authoring.create_bank("law", "Law", now)
    authoring.add_questions(
        made, [draft("one", source=f" {LAW} ", clause="第十三条"), draft("two", source=LAW), draft("three")], now
    )
    return made


def law(bank: Bank) -> Source:
    return next(source for source, _count in sources.of_bank(bank) if source.name == LAW)


def drawn(bank: Bank, day: date | None = DAY) -> list[str]:
    ids = [one.version_id for one in drawing.candidates([bank.id], on=day)]
    return sorted(version.title for version in versions_by_id(ids).values())


def written(bank: Bank, **more: date | str | None) -> Source:
    found = law(bank)
    fields = {"name": found.name, "valid_from": None, "valid_until": None, **more}
    return sources.write(bank, found, today=DAY, **fields)  # type: ignore[arg-type]


def test_questions_of_one_source_share_it(bank: Bank) -> None:
    assert [(source.name, count) for source, count in sources.of_bank(bank)] == [(LAW, 2)]
    found = catalogue.questions(bank, catalogue.Filter(source=law(bank).id)).items
    assert [(one.source_name, one.question.source_clause) for one in found] == [(LAW, "第十三条"), (LAW, "")]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"valid_until": DAY}, None),
        ({"valid_until": DAY - timedelta(days=1)}, "was in force until 2026-11-21"),
        ({"valid_from": DAY}, None),
        ({"valid_from": DAY + timedelta(days=1)}, "is not in force before 2026-11-23"),
        ({"superseded_by": "New law"}, "was superseded by New law on 2026-11-22"),
        ({"superseded_by": "New law", "superseded_on": DAY + timedelta(days=1)}, None),
    ],
)
def test_a_source_is_in_force_from_its_first_to_its_last_day(
    bank: Bank, fields: dict[str, date | str], why: str | None
) -> None:
    source = written(bank, **fields)
    reason = sources.why_stale(source, None, DAY)
    assert (why in str(reason)) if why else reason is None
    assert drawn(bank) == (["three"] if why else ["one", "three", "two"])
    assert sources.count_stale([bank.id], DAY) == ({bank.id: 2} if why else {})
    stale = catalogue.questions(bank, catalogue.Filter(stale_on=DAY)).total
    assert stale == (2 if why else 0)
    assert drawn(bank, None) == ["one", "three", "two"]


def test_papers_leave_out_what_rests_on_a_source_that_is_over(bank: Bank, now: datetime) -> None:
    written(bank, valid_until=DAY - timedelta(days=1))
    with pytest.raises(Refused):
        paper_sets.make(bank, "All", {"quotas": [{"count": 3}]}, 1, now)
    assert len(paper_sets.make(bank, "One", {"quotas": [{"count": 1}]}, 1, now).variants[0]) == 1


def test_a_rule_asks_for_a_source(bank: Bank) -> None:
    quota = Quota(2, source=LAW)
    assert sum(quota.takes(one) for one in drawing.candidates([bank.id], on=DAY)) == 2


def test_what_somebody_says_holds_is_drawn_again_until_the_source_ends_anew(bank: Bank, now: datetime) -> None:
    written(bank, valid_until=DAY - timedelta(days=1))
    ids = catalogue.ids(bank, catalogue.Filter(), 10)
    before, after = together.change(bank, ids, Change.STILL_VALID, "", now)
    assert len(after) == 2
    assert drawn(bank) == ["one", "three", "two"]
    over = DAY - timedelta(days=1)
    written(bank, valid_until=over, superseded_by="New law", superseded_on=DAY + timedelta(days=5))
    assert drawn(bank, DAY + timedelta(days=5)) == ["three"]
    together.put_back(bank, before, after, now)
    assert drawn(bank) == ["three"]


def test_a_change_of_source_takes_the_clause_along_no_more(bank: Bank, now: datetime) -> None:
    ids = catalogue.ids(bank, catalogue.Filter(source=law(bank).id), 10)
    before, after = together.change(bank, ids, Change.SOURCE, "New law", now)
    found = catalogue.questions(bank, catalogue.Filter()).items
    assert [(one.source_name, one.question.source_clause) for one in found] == [
        ("New law", ""),
        ("New law", ""),
        ("", ""),
    ]
    together.put_back(bank, before, after, now)
    assert catalogue.get_question(bank, ids[0]).question.source_clause == "第十三条"


def test_sources_in_a_circle_and_names_taken_are_refused(bank: Bank) -> None:
    new = written(bank, superseded_by="New law")
    follower = sources.newest(new)
    assert follower.name == "New law"
    fields = {"valid_from": None, "valid_until": None, "today": DAY}
    for wrong in (
        {"name": "New law", "superseded_by": LAW},
        {"name": LAW},
        {"name": " "},
        {"name": "New law", "superseded_by": "New law"},
    ):
        with pytest.raises(Refused), db.session.begin_nested():
            sources.write(bank, follower, **{**fields, **wrong})  # type: ignore[arg-type]
    with pytest.raises(Refused):
        sources.write(
            bank, follower, **{**fields, "name": "New law", "valid_from": DAY, "valid_until": date(2026, 1, 1)}
        )  # type: ignore[arg-type]


def test_a_source_of_another_bank_is_not_found(bank: Bank, now: datetime) -> None:
    other = authoring.create_bank("other", "Other", now)
    with pytest.raises(NotFound):
        sources.find(other, law(bank).id)


def test_another_source_ends_what_was_said_of_the_one_before(bank: Bank, now: datetime) -> None:
    one = catalogue.questions(bank).items[0].question
    one.confirmed_on = DAY
    authoring.revise(one, draft("one", source=LAW), now)
    assert one.confirmed_on == DAY
    authoring.revise(one, draft("one", source="New law"), now)
    assert one.confirmed_on is None


def test_json_and_excel_keep_the_source(bank: Bank) -> None:
    drafts = [
        authoring.draft_of(one.version, one.question, source=one.source_name) for one in catalogue.questions(bank).items
    ]
    for again in (
        objects.read(lossless.write(drafts).decode()).questions,
        excel.read(writing.write(drafts, "excel").data).questions,
    ):
        assert [(one.source, one.clause) for one in map(authoring.cleaned, again)] == [
            (LAW, "第十三条"),
            (LAW, ""),
            ("", ""),
        ]


def test_drafts_and_retired_questions_are_not_counted_as_stale(bank: Bank) -> None:
    written(bank, valid_until=DAY - timedelta(days=1))
    for question in db.session.query(Question):
        question.state = QuestionState.DRAFT
    db.session.flush()
    assert sources.count_stale([bank.id], DAY) == {}


def test_a_refused_paper_says_how_many_fit_and_rest_on_a_source_that_is_over(bank: Bank, now: datetime) -> None:
    written(bank, valid_until=DAY - timedelta(days=1))
    rules = {"quotas": [{"count": 2}]}
    told = "2 questions that fit are left out, since their source is over"
    with pytest.raises(Refused, match=told):
        paper_sets.assemble(bank, rules, 1, now)
    with pytest.raises(Refused, match=told) as refusal:
        papers.choose({"banks": [str(bank.id)], "blueprint": rules}, 1, on=DAY)
    assert refusal.value.details == {"quota": 1, "missing": 1}
    with pytest.raises(Refused) as other:
        papers.choose({"banks": [str(bank.id)], "blueprint": {"quotas": [{"count": 1, "kind": "essay"}]}}, 1, on=DAY)
    assert "source" not in str(other.value.message)
