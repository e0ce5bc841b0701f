"""Questions found by words, in Chinese and English, and by likeness, on both databases."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text

from learnhub.kernel.db import db
from question_bank import authoring, catalogue
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Filter
from question_bank.finding import full_text, indexing, likeness
from question_bank.finding.models import QuestionBand, QuestionText
from question_bank.finding.texts import folded, shingles_of, terms_of, words_of
from question_bank.models import Bank, Question


def draft(stem: str, *options: str, **fields: Any) -> QuestionDraft:
    texts = options or ("this", "that")
    content = {"options": [{"html": one, "fraction": "1" if n == 0 else "0"} for n, one in enumerate(texts)]}
    return QuestionDraft("single_choice", stem, content, **fields)


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    return authoring.create_bank("law", "Law", now)


def found(bank: Bank, asked: str) -> list[str]:
    page = catalogue.questions(bank, Filter(text=asked))
    return sorted(one.version.title for one in page.items)


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("民法", ["civil"]),
        ("法", ["civil", "penal"]),
        ("民法典 成年", ["civil"]),
        ("民成", []),
        ("民法　２０２１", ["civil"]),
        ("PERSI", ["english"]),
        ("must persist", ["english"]),
        ("ersist", []),
        ("牡丹", ["penal"]),
        ('" OR *', []),
        ("盗窃罪", ["penal"]),
        ("盗罪", []),
    ],
)
def test_words_are_found_in_text_options_and_titles(bank: Bank, now: datetime, asked: str, titles: list[str]) -> None:
    authoring.add_questions(
        bank,
        [
            draft("《民法典》自2021年起施行，<b>成年</b>人是指？", title="civil"),
            draft("刑法中的盗窃罪", "牡丹", "玫瑰", title="penal"),
            draft("Requests must not persist.", "café", "thé", title="english"),
        ],
        now,
    )
    assert found(bank, asked) == titles


def test_nothing_asked_finds_everything_and_only_signs_too(bank: Bank, now: datetime) -> None:
    authoring.add_questions(bank, [draft("one", title="1"), draft("two", title="2")], now)
    assert found(bank, "") == ["1", "2"]
    assert found(bank, "?!") == ["1", "2"]


def test_a_revised_question_is_found_by_its_new_words_only(bank: Bank, now: datetime) -> None:
    question = authoring.add_question(bank, draft("旧的问题", title="q"), now)
    authoring.revise(question, draft("新的试题", title="q"), now)
    assert found(bank, "旧的") == []
    assert found(bank, "试题") == ["q"]
    assert list(likeness.like(bank.id, {0: words_of("q", "新的试题", draft("x").content)})) == [0]


def test_questions_without_an_index_are_caught_up_by_the_clock(bank: Bank, now: datetime) -> None:
    ids = authoring.add_questions(bank, [draft(f"第{n}个问题", title=str(n)) for n in range(5)], now)
    full_text.forget(ids)
    db.session.execute(delete(QuestionBand))
    assert found(bank, "问题") == []
    assert [indexing.catch_up(limit=3), indexing.catch_up(limit=3), indexing.catch_up(limit=3)] == [3, 2, 0]
    assert found(bank, "问题") == ["0", "1", "2", "3", "4"]


def test_near_duplicates_are_shown_likest_first_and_a_question_is_not_like_itself(bank: Bank, now: datetime) -> None:
    stems = [
        "会议决定的事项必须坚持执行，不得擅自变更，确需变更的应当重新提交会议讨论决定。",
        "会议决定的事项必须坚持执行，不得随意变更，确需变更的应当重新提交会议讨论决定。",
        "会议决定的事项不必坚持执行，不得擅自变更，确需变更的应当重新提交会议讨论决定。",
        "光合作用的产物是什么？",
    ]
    ids = authoring.add_questions(bank, [draft(stem) for stem in stems], now)
    wanted = {ids[0]: words_of("", stems[0], draft("x").content)}
    like = likeness.like(bank.id, wanted)[ids[0]]
    assert {one.question_id for one in like} == {ids[1], ids[2]}
    assert like[0].share >= like[1].share >= Fraction(3, 5)
    exact = likeness.like(bank.id, {0: wanted[ids[0]]})[0]
    assert (exact[0].question_id, exact[0].share) == (ids[0], 1)


def test_likeness_stays_inside_the_bank(bank: Bank, now: datetime) -> None:
    other = authoring.create_bank("other", "Other", now)
    authoring.add_question(other, draft("The same question, word for word, in another bank."), now)
    wanted = words_of("", "The same question, word for word, in another bank.", draft("x").content)
    assert likeness.like(bank.id, {1: wanted}) == {}


def test_looking_for_many_takes_a_few_statements_whatever_the_bank(bank: Bank, now: datetime, statements: Any) -> None:
    drafts = [draft(f"第{n}题：关于第{n * 7}条规定的说法，正确的是哪一项？") for n in range(120)]
    authoring.add_questions(bank, drafts, now)
    wanted = {n: words_of("", one.stem_html, one.content) for n, one in enumerate(drafts[:90])}
    with statements() as counted:
        likeness.like(bank.id, wanted)
    assert len(counted) <= 8


def test_withdrawn_questions_leave_their_index_with_them(bank: Bank, now: datetime) -> None:
    ids = authoring.add_questions(bank, [draft("一道题")], now)
    authoring.withdraw(ids)
    assert db.session.get(QuestionText, ids[0]) is not None
    assert db.session.get_one(Question, ids[0]).fingerprint == ""
    assert likeness.like(bank.id, {1: words_of("", "一道题", draft("x").content)}) == {}


def test_the_index_on_sqlite_and_on_postgres_holds_every_question_once(bank: Bank, now: datetime) -> None:
    ids = authoring.add_questions(bank, [draft(f"题{n}") for n in range(10)], now)
    assert db.session.scalar(text("SELECT count(*) FROM question_text")) == len(ids)


@given(st.text(max_size=60))
def test_pieces_cover_the_text_and_folding_twice_changes_nothing(raw: str) -> None:
    once = folded(raw)
    assert folded(once) == once or folded(folded(once)) == folded(once)
    assert all(term and not term.isspace() for term in terms_of(once))
    assert bool(shingles_of(once)) == bool(terms_of(once))
    assert "" not in shingles_of(once)


@given(st.text(alphabet="abcdefgh必须坚持不", min_size=30, max_size=60), st.integers(0, 29))
def test_texts_that_differ_in_one_letter_nearly_always_meet_in_a_band(words: str, at: int) -> None:
    changed = words[:at] + "z" + words[at + 1 :]
    if likeness.share(shingles_of(words), shingles_of(changed)) >= Fraction(19, 20):
        assert set(likeness.bands_of(words)) & set(likeness.bands_of(changed))
    assert set(likeness.bands_of(words)) == set(likeness.bands_of(words))
