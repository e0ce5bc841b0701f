"""Finding members by a part of their name, number or phone: an index that the database itself keeps in step.

Its pieces are every three letters that stand side by side, and fewer: Chinese names are two or three letters long, and
are asked for by two. PostgreSQL has a GIN index over a function of the row, SQLite a full-text table that triggers
fill, with the pieces as hexadecimal digits, so that any letter is a word. The index gives those that have all pieces;
the text itself is then looked for in these only.

One letter, or two digits, stand in so many names and numbers that PostgreSQL, which would gather them all first, reads
members faster until enough are found; its pieces are every three letters, and every two that are not digits alone.
SQLite takes them from its index one by one, and has all pieces of one, two and three.

A roster of thousands fills SQLite's table itself (`at_once`): a trigger takes the letters of a row apart in SQL, which
costs as much as all the rest of the row.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import add

from sqlalchemy import (
    DDL,
    ColumnElement,
    Select,
    Table,
    TableClause,
    Text,
    and_,
    cast,
    column,
    event,
    func,
    select,
    table,
    text,
)
from sqlalchemy.orm import aliased

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.sql import is_sqlite

PIECES = """
CREATE OR REPLACE FUNCTION member_pieces(name varchar, number varchar, phone varchar) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 500 AS $$
DECLARE
  found text[] := '{}';
  words text;
  letters boolean;
BEGIN
  FOREACH words IN ARRAY ARRAY[lower(name), lower(number), lower(coalesce(phone, ''))] LOOP
    letters := translate(words, '0123456789', '') <> '';
    FOR place IN 1 .. length(words) LOOP
      IF place < length(words) - 1 THEN
        found := array_append(found, substr(words, place, 3));
      END IF;
      IF letters AND translate(substr(words, place, 2), '0123456789', '') <> '' THEN
        found := array_append(found, substr(words, place, 2));
      END IF;
    END LOOP;
  END LOOP;
  RETURN found;
END
$$
"""
TABLE = "CREATE VIRTUAL TABLE member_fts USING fts5(terms, content = '', detail = none, tokenize = 'ascii')"
TERMS = """(
  WITH RECURSIVE rest(words) AS (
    SELECT lower(ROW.name || char(10) || ROW.number || char(10) || coalesce(ROW.phone, ''))
    UNION ALL SELECT substr(words, 2) FROM rest WHERE length(words) > 1
  )
  SELECT group_concat(
    hex(substr(words, 1, 3)) || ' ' || hex(substr(words, 1, 2)) || ' ' || hex(substr(words, 1, 1)), ' ')
  FROM rest)"""
"""The pieces of a ROW in SQLite's words, with spaces between them."""
_ADD = "INSERT INTO member_fts(rowid, terms) VALUES (new.id, TERMS);".replace("TERMS", TERMS.replace("ROW", "new"))
_TAKE_OUT = "INSERT INTO member_fts(member_fts, rowid, terms) VALUES ('delete', old.id, TERMS);".replace(
    "TERMS", TERMS.replace("ROW", "old")
)
HOLD = "CREATE TABLE member_fts_hold (since INTEGER NOT NULL)"
"""A row in it, never seen outside of the transaction that wrote it, says that the triggers leave the index alone."""
_FREE = "NOT EXISTS (SELECT 1 FROM member_fts_hold)"
TRIGGERS = (
    f"CREATE TRIGGER member_fts_add AFTER INSERT ON member WHEN {_FREE} BEGIN {_ADD} END",
    f"CREATE TRIGGER member_fts_take_out AFTER DELETE ON member WHEN {_FREE} BEGIN {_TAKE_OUT} END",
    f"CREATE TRIGGER member_fts_change AFTER UPDATE OF name, number, phone ON member WHEN {_FREE} AND (old.name IS NOT "
    "new.name OR old.number IS NOT new.number OR old.phone IS NOT new.phone) "
    f"BEGIN {_TAKE_OUT} {_ADD} END",
)
"""A contentless table is told what to take out, so an old row's pieces are made once more."""
_BETWEEN = chr(31)
_SAME = aliased(Member)
_TABLE: Table = Member.__table__  # type: ignore[assignment]
_COME = text("INSERT INTO member_fts(rowid, terms) VALUES (:id, :terms)")
_GO = text("INSERT INTO member_fts(member_fts, rowid, terms) VALUES ('delete', :id, :terms)")
_FTS: TableClause = table("member_fts", column("rowid"), column("member_fts"))
_SHORT = re.compile("[0-9]{2}|.", re.DOTALL)
"""Pieces that PostgreSQL's index does not know."""


def pieces_of(asked: str) -> list[str]:
    """The longest pieces that whatever holds a text has."""
    size = min(len(asked), 3)
    return sorted({asked[at : at + size] for at in range(len(asked) - size + 1)}) if size else []


def holds(asked: str, said: Callable[[type[Member]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The condition that `said` holds for a member, which means that a text stands in the name, number or phone.

    Where the index can tell who may hold the text, `said` is asked of these only. Each database is asked in its own
    small letters: they differ in which letters are the same. PostgreSQL guesses badly how many have some pieces, so it
    is told to ask the index first and the text next, whatever the guess is.
    """
    if is_sqlite():
        ids = who_may_hold(asked)
        return said(Member) if ids is None else and_(Member.id.in_(ids), said(Member))
    has_all = _has_all(asked)
    if has_all is None:
        return said(Member)
    found = select(_SAME.id).where(has_all, said(_SAME)).cte().prefix_with("MATERIALIZED", dialect="postgresql")
    return Member.id.in_(select(found.c.id))


def who_may_hold(asked: str) -> Select[int] | None:
    """The ids of those who have all pieces of a text; None where the index does not know."""
    if not is_sqlite():
        has_all = _has_all(asked)
        return None if has_all is None else select(_SAME.id).where(has_all)
    pieces = _known(asked)
    if not pieces:
        return None
    words = " AND ".join(_small(one).encode().hex().upper() for one in pieces)
    return select(_FTS.c.rowid).where(_FTS.c.member_fts.op("MATCH")(words))


def _known(asked: str) -> list[str]:
    return [] if "\0" in asked or _BETWEEN in asked else pieces_of(asked)


def _has_all(asked: str) -> ColumnElement[bool] | None:
    """PostgreSQL's condition that `_SAME` has all pieces of a text; None where the index does not know."""
    pieces = [one for one in _known(asked) if not _SHORT.fullmatch(one)]
    if not pieces:
        return None
    own = func.string_to_array(func.lower(cast(_BETWEEN.join(pieces), Text)), _BETWEEN)
    return func.member_pieces(_SAME.name, _SAME.number, _SAME.phone).op("@>", is_comparison=True)(own)


@contextmanager
def at_once(changing: Sequence[int] = ()) -> Iterator[list[int]]:
    """Members who are written in here come into SQLite's index at the end, all together.

    `changing` are those who may change or go; to the list that is given the ids of those are added who come anew. Some
    thousand at a time: their texts are held in memory. After an exception the transaction must be rolled back, or to
    a point before.
    """
    come: list[int] = []
    if not is_sqlite():
        yield come
        return
    db.session.execute(text("INSERT INTO member_fts_hold (since) VALUES (0)"))
    before = _texts(changing)
    yield come
    after = _texts([*changing, *come])
    gone = [{"id": one, "terms": terms(*texts)} for one, texts in before.items() if after.get(one) != texts]
    made = [{"id": one, "terms": terms(*texts)} for one, texts in after.items() if before.get(one) != texts]
    if gone:
        db.session.execute(_GO, gone)
    if made:
        db.session.execute(_COME, made)
    db.session.execute(text("DELETE FROM member_fts_hold"))


def _texts(member_ids: Sequence[int]) -> dict[int, tuple[str, str, str | None]]:
    found: dict[int, tuple[str, str, str | None]] = {}
    for at in range(0, len(member_ids), 2000):
        some = member_ids[at : at + 2000]
        query = select(_TABLE.c.id, _TABLE.c.name, _TABLE.c.number, _TABLE.c.phone).where(_TABLE.c.id.in_(some))
        found |= {one: (name, number, phone) for one, name, number, phone in db.session.execute(query)}
    return found


class _Hex(dict[str, str]):
    """Letters as SQLite's hex() writes them; each is reckoned once."""

    def __missing__(self, letter: str) -> str:
        self[letter] = made = letter.encode().hex().upper()
        return made


_hex = _Hex()


def terms(name: str, number: str, phone: str | None) -> str:
    """What the SQL of TERMS makes of a row, with each piece as often: the index counts what is put in and taken out."""
    letters = [_hex[one] for one in _small(f"{name}\n{number}\n{phone or ''}")]
    twos = list(map(add, letters, [*letters[1:], ""]))
    threes = map(add, twos, [*letters[2:], "", ""])
    return " ".join([*threes, *twos, *letters])


_SMALL = str.maketrans({letter: letter.lower() for letter in string.ascii_uppercase})


def _small(piece: str) -> str:
    """A piece in the small letters of SQLite, which knows those of ASCII."""
    return piece.translate(_SMALL)


def _ddl(statement: str, dialect: str) -> DDL:
    return DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


event.listen(_TABLE, "before_create", _ddl(PIECES, "postgresql"))
for _statement in (TABLE, HOLD, *TRIGGERS):
    event.listen(_TABLE, "after_create", _ddl(_statement, "sqlite"))
