"""Files that a bank sent into the store, and that nothing refers to any more, are cleared away after a while."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import JSON, Column, String, Table, Text, cast, delete, select

from learnhub.kernel.db import Model, db
from learnhub.kernel.house import house
from question_bank.media import ADDRESS
from question_bank.models import BankFile

log = structlog.get_logger()

GRACE = timedelta(days=30)
"""How long a file stays after it was sent last, whether or not it is used: a form may still be open."""
CHUNK = 500
_NAMED = re.compile(rf"{ADDRESS}([0-9a-f]{{64}})\.")


def clear(now: datetime) -> int:
    """Remove what nothing refers to; how many files.

    A file is in use when any column of any table that ends in `digest` holds it (files handed in, photos, lessons,
    files of imports), or any text or document names its address: versions of questions, answers, what an import shows.
    Papers name versions, and no version is ever removed. Who sends the same file again meanwhile waits for this
    transaction, or keeps the file.
    """
    over = BankFile.stored_at < now - GRACE
    old = set(db.session.scalars(select(BankFile.digest).where(over)))
    if not old:
        return 0
    unused = sorted(old - set(_in_use(old)))
    removed = 0
    for start in range(0, len(unused), CHUNK):
        gone = delete(BankFile).where(BankFile.digest.in_(unused[start : start + CHUNK]), over)
        for digest in db.session.scalars(gone.returning(BankFile.digest)).all():
            house.files.remove(digest)
            removed += 1
    log.info("files of banks cleared", removed=removed, kept=len(old) - removed)
    return removed


def _in_use(old: set[str]) -> Iterator[str]:
    for table in Model.metadata.sorted_tables:
        if table.name == BankFile.__tablename__:
            continue
        for column in table.columns:
            if column.name.endswith("digest") and isinstance(column.type, String):
                yield from _held(column, old)
            elif _may_name(column):
                yield from _named(table, column)


def _may_name(column: Column[Any]) -> bool:
    """Whether an address fits into the column."""
    if isinstance(column.type, String):
        return column.type.length is None or column.type.length >= len(ADDRESS) + 64
    return isinstance(column.type, JSON)


def _held(column: Column[Any], old: set[str]) -> Iterator[str]:
    wanted = sorted(old)
    for start in range(0, len(wanted), CHUNK):
        yield from db.session.scalars(select(column).where(column.in_(wanted[start : start + CHUNK])))


def _named(table: Table, column: Column[Any]) -> Iterator[str]:
    text = cast(column, Text)
    query = select(text).select_from(table).where(text.contains(ADDRESS, autoescape=True))
    for said in db.session.scalars(query.execution_options(yield_per=CHUNK)):
        yield from _NAMED.findall(said)
