"""What somebody told of the tables of a file is remembered by the bank, and holds for the next file of the same shape.

A table has the same shape as another where its heads are the same in the same order; a list of objects where it has
the same name and every field that was told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from learnhub.kernel.db import db
from learnhub.kernel.sql import upsert
from question_bank.formats.reading import Table
from question_bank.models import ToldShape

MOST_SHAPES = 100
"""Of one bank; the oldest are forgotten."""


@dataclass(frozen=True)
class Told:
    """What is known of the tables of a file, as `formats.reading.Changes` has it."""

    columns: dict[str, dict[int, str]] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)


def remember(bank_id: int, tables: Sequence[Table], now: datetime, *, are_lists: bool) -> None:
    """Keep what was told of these tables; of a shape that is known already, instead of what was told before."""
    for table in tables:
        if not any(table.heads):
            continue
        told = {
            "key": _key(table, are_lists=are_lists),
            "name": table.name,
            "heads": list(table.heads),
            "roles": {table.heads[at] if are_lists else str(at): role for at, role in table.roles.items()},
            "kinds": dict(table.kinds),
            "is_list": are_lists,
            "told_at": now,
        }
        put = upsert(ToldShape).values(bank_id=bank_id, **told)
        db.session.execute(put.on_conflict_do_update(index_elements=["bank_id", "key"], set_=told))
    newest = select(ToldShape.key).where(ToldShape.bank_id == bank_id).order_by(ToldShape.told_at.desc())
    kept = db.session.scalars(newest.limit(MOST_SHAPES)).all()
    if len(kept) == MOST_SHAPES:
        db.session.execute(delete(ToldShape).where(ToldShape.bank_id == bank_id, ToldShape.key.not_in(kept)))


def forget(bank_id: int, tables: Sequence[Table], *, are_lists: bool) -> None:
    """Forget what was told of tables of these shapes."""
    shapes = _shapes(bank_id, are_lists=are_lists)
    keys = [shape.key for shape in shapes if any(_is_of(shape, table) for table in tables)]
    db.session.execute(delete(ToldShape).where(ToldShape.bank_id == bank_id, ToldShape.key.in_(keys)))


def has_any(bank_id: int) -> bool:
    """Whether anything was told of files of a bank."""
    return db.session.scalar(select(ToldShape.key).where(ToldShape.bank_id == bank_id).limit(1)) is not None


def recalled(bank_id: int, tables: Sequence[Table], *, are_lists: bool) -> Told | None:
    """What was told of tables of the same shapes, the latest of each; None where nothing was."""
    shapes = _shapes(bank_id, are_lists=are_lists)
    told = Told()
    for table in tables:
        shape = next((one for one in shapes if _is_of(one, table)), None)
        if shape is None:
            continue
        told.kinds[table.name] = dict(shape.kinds)
        if are_lists:
            told.fields[table.name] = dict(shape.roles)
        else:
            told.columns[table.name] = {int(at): role for at, role in shape.roles.items()}
    return told if told.kinds else None


def _shapes(bank_id: int, *, are_lists: bool) -> Sequence[ToldShape]:
    query = select(ToldShape).where(ToldShape.bank_id == bank_id, ToldShape.is_list.is_(are_lists))
    return db.session.scalars(query.order_by(ToldShape.told_at.desc(), ToldShape.key)).all()


def _is_of(shape: ToldShape, table: Table) -> bool:
    if shape.is_list:
        return shape.name == table.name and set(shape.roles) <= set(table.heads)
    return list(table.heads) == shape.heads


def _key(table: Table, *, are_lists: bool) -> str:
    """By what a shape is known: its heads, or the name of a list and the fields of it that were told."""
    told: Mapping[int, str] = table.roles
    heads = sorted(table.heads[at] for at in told) if are_lists else list(table.heads)
    said = json.dumps([are_lists, table.name if are_lists else "", heads], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
