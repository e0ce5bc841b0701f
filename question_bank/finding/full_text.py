"""The full-text index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL, the same pieces on both.

Pieces are made here, since neither database cuts Chinese into words, and SQLite's trigrams find no word of two
characters. The index gives the questions that have all pieces; the words themselves are then looked for in these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, text

from learnhub.kernel.db import db
from question_bank.finding.models import QuestionText
from question_bank.finding.texts import folded, is_han, runs

MOST_WORDS = 12
"""Words of a question that are looked for."""


def add(rows: Sequence[tuple[int, str, str]]) -> None:
    """Make new questions findable: id, words as `texts.words_of` gives them, their pieces with spaces between."""
    if not rows:
        return
    if _is_sqlite():
        db.session.execute(
            text("INSERT INTO question_text (question_id, words) VALUES (:id, :words)"),
            [{"id": question_id, "words": words} for question_id, words, _terms in rows],
        )
        db.session.execute(
            text("INSERT INTO question_fts (rowid, terms) VALUES (:id, :terms)"),
            [{"id": question_id, "terms": terms} for question_id, _words, terms in rows],
        )
        return
    db.session.execute(
        text("INSERT INTO question_text (question_id, words, terms) VALUES (:id, :words, array_to_tsvector(:terms))"),
        [{"id": question_id, "words": words, "terms": terms.split()} for question_id, words, terms in rows],
    )


def forget(question_ids: Iterable[int]) -> None:
    """Take questions out of the index."""
    ids = list(question_ids)
    db.session.execute(delete(QuestionText).where(QuestionText.question_id.in_(ids)))
    if _is_sqlite():
        gone = text("DELETE FROM question_fts WHERE rowid IN :ids").bindparams(bindparam("ids", expanding=True))
        db.session.execute(gone, {"ids": ids})


def matching(asked: str) -> Select[Any] | None:
    """A sub-query of the ids of questions that hold every word asked for; None when nothing is asked.

    A Chinese word is found anywhere, another at the beginning of a word: "persi" finds "persist".

    PostgreSQL guesses that any beginning of a word is in one question of two hundred, so it would rather read a large
    bank in its order and try each question than ask the index. So the index is asked first, whatever the guess is.
    """
    words = runs(folded(asked))[:MOST_WORDS]
    if not words:
        return None
    if _is_sqlite():
        hits = text("SELECT rowid AS question_id FROM question_fts WHERE question_fts MATCH :asked").bindparams(
            asked=_fts_query(words)
        )
    else:
        hits = text("SELECT question_id FROM question_text WHERE terms @@ CAST(:asked AS tsquery)").bindparams(
            asked=_tsquery(words)
        )
    by_pieces = (
        hits.columns(QuestionText.question_id).cte("by_pieces").prefix_with("MATERIALIZED", dialect="postgresql")
    )
    whole = [word for word in words if is_han(word) and len(word) > 2]
    if not whole:
        return select(by_pieces.c.question_id)
    found = select(QuestionText.question_id).where(QuestionText.question_id.in_(select(by_pieces.c.question_id)))
    return found.where(*(QuestionText.words.contains(word, autoescape=True) for word in whole))


def _pieces(word: str) -> list[str]:
    if not is_han(word) or len(word) == 1:
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]


def _fts_query(words: Sequence[str]) -> str:
    return " AND ".join(f'"{piece}"' + ("" if is_han(word) else "*") for word in words for piece in _pieces(word))


def _tsquery(words: Sequence[str]) -> str:
    return " & ".join(f"'{piece}'" + ("" if is_han(word) else ":*") for word in words for piece in _pieces(word))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
