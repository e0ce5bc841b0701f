"""Finding members by a part of their name, number or phone: an index that the database itself keeps in step.

Its pieces are every three letters that stand side by side, and every two that are not digits alone: Chinese names are
two or three letters long, and are asked for by two. PostgreSQL has a GIN index over a function of the row, SQLite a
full-text table that triggers fill, with the pieces as hexadecimal digits, so that any letter is a word. The index gives
those that have all pieces; the text itself is then looked for in these only.

One letter stands in so many names that PostgreSQL reads them faster in their order, until a page is full; SQLite, which
reads them all to sort them, has single letters too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import DDL, ColumnElement, TableClause, Text, and_, cast, column, event, func, select, table
from sqlalchemy.orm import aliased

from learnhub.identity.models import Member
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
    hex(substr(words, 1, 3))
    || CASE WHEN substr(words, 1, 2) GLOB '*[^0-9]*' THEN ' ' || hex(substr(words, 1, 2)) ELSE '' END
    || CASE WHEN substr(words, 1, 1) GLOB '[^0-9]' THEN ' ' || hex(substr(words, 1, 1)) ELSE '' END, ' ')
  FROM rest)"""
"""The pieces of a ROW in SQLite's words, with spaces between them."""
_ADD = "INSERT INTO member_fts(rowid, terms) VALUES (new.id, TERMS);".replace("TERMS", TERMS.replace("ROW", "new"))
_TAKE_OUT = "INSERT INTO member_fts(member_fts, rowid, terms) VALUES ('delete', old.id, TERMS);".replace(
    "TERMS", TERMS.replace("ROW", "old")
)
TRIGGERS = (
    f"CREATE TRIGGER member_fts_add AFTER INSERT ON member BEGIN {_ADD} END",
    f"CREATE TRIGGER member_fts_take_out AFTER DELETE ON member BEGIN {_TAKE_OUT} END",
    "CREATE TRIGGER member_fts_change AFTER UPDATE OF name, number, phone ON member WHEN old.name IS NOT new.name "
    f"OR old.number IS NOT new.number OR old.phone IS NOT new.phone BEGIN {_TAKE_OUT} {_ADD} END",
)
"""A contentless table is told what to take out, so an old row's pieces are made once more."""
_BETWEEN = chr(31)
_SAME = aliased(Member)
_FTS: TableClause = table("member_fts", column("rowid"), column("member_fts"))
_DIGITS = re.compile("[0-9]+")


def pieces_of(asked: str) -> list[str]:
    """The pieces that whatever holds a text has; none of one or two digits, which the index does not know."""
    size = min(len(asked), 3)
    pieces = {asked[at : at + size] for at in range(len(asked) - size + 1)} if size else set()
    return sorted(one for one in pieces if size == 3 or not _DIGITS.fullmatch(one))


def holds(asked: str, said: Callable[[type[Member]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The condition that `said` holds for a member, which means that a text stands in the name, number or phone.

    Where the index can tell who may hold the text, `said` is asked of these only. Each database is asked in its own
    small letters: they differ in which letters are the same. PostgreSQL guesses badly how many have some pieces, so it
    is told to ask the index first and the text next, whatever the guess is.
    """
    pieces = pieces_of(asked)
    if not pieces or "\0" in asked or _BETWEEN in asked:
        return said(Member)
    if is_sqlite():
        words = " AND ".join(_small(one).encode().hex().upper() for one in pieces)
        return and_(Member.id.in_(select(_FTS.c.rowid).where(_FTS.c.member_fts.op("MATCH")(words))), said(Member))
    if len(asked) == 1:
        return said(Member)
    own = func.string_to_array(func.lower(cast(_BETWEEN.join(pieces), Text)), _BETWEEN)
    has_all = func.member_pieces(_SAME.name, _SAME.number, _SAME.phone).op("@>", is_comparison=True)(own)
    found = select(_SAME.id).where(has_all, said(_SAME)).cte().prefix_with("MATERIALIZED", dialect="postgresql")
    return Member.id.in_(select(found.c.id))


def _small(piece: str) -> str:
    """A piece in the small letters of SQLite, which knows those of ASCII."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in piece)


def _ddl(statement: str, dialect: str) -> DDL:
    return DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


_MEMBER = Member.__table__
event.listen(_MEMBER, "before_create", _ddl(PIECES, "postgresql"))
for _statement in (TABLE, *TRIGGERS):
    event.listen(_MEMBER, "after_create", _ddl(_statement, "sqlite"))
