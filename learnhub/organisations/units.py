"""The tree: adding and moving units, and reading paths and branches through the closure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, delete, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.sql import is_sqlite
from learnhub.kernel.words import _
from learnhub.organisations import kinds, unit_index
from learnhub.organisations.models import Unit, UnitGram, UnitPath

_CODE = re.compile(r"[^\W_][\w.-]{0,63}")


def new_unit(code: str, name: str, now: datetime, *, parent: Unit | None = None, kind: str | None = None) -> Unit:
    """Add a unit below another (or a root). The code is unique and may stand in addresses; Refused otherwise.

    Without a kind it is of the usual one for its place.
    """
    code, name = code.strip(), " ".join(name.split())
    if not _CODE.fullmatch(code):
        raise Refused(_("The code “%(code)s” may hold letters, digits, “.”, “-” and “_” only.", code=code))
    if not name:
        raise Refused(_("A unit needs a name."))
    if db.session.scalar(select(Unit.id).where(Unit.code == code)):
        raise Refused(_("The code “%(code)s” is already in use.", code=code))
    if parent is not None:
        require_open(parent.id)
    if kind is None:
        kind = kinds.usual(parent)
    kinds.check(kind, parent)
    unit = Unit(code=code, name=name[:160], kind=kind, parent_id=parent.id if parent else None, created_at=now)
    db.session.add(unit)
    db.session.flush()
    unit_index.index(unit)
    db.session.execute(insert(UnitPath).values(above_id=unit.id, below_id=unit.id, depth=0))
    if parent:
        db.session.execute(
            insert(UnitPath).from_select(
                ["above_id", "below_id", "depth"],
                select(UnitPath.above_id, literal(unit.id), UnitPath.depth + 1).where(UnitPath.below_id == parent.id),
            )
        )
    return unit


def require_open(unit_id: int) -> None:
    """Refused when a unit is closed: nothing new begins there.

    The row is held until the end of the transaction, so that nobody closes the unit meanwhile.
    """
    wanted = select(Unit.name, Unit.closed_on).where(Unit.id == unit_id)
    row = db.session.execute(wanted if is_sqlite() else wanted.with_for_update(read=True)).one()
    if row.closed_on is not None:
        raise Refused(
            _(
                "“%(unit)s” has been closed since %(day)s. Choose another unit.",
                unit=row.name,
                day=row.closed_on.isoformat(),
            )
        )


def rename(unit: Unit, name: str) -> None:
    """Give a unit another name; Refused when it is empty."""
    name = " ".join(name.split())[:160]
    if not name:
        raise Refused(_("A unit needs a name."))
    unit.name = name
    unit_index.index(unit)


def check_move(unit: Unit, parent: Unit) -> None:
    """Refused when a unit can't hang under another: below itself, where its kind does not stand, or closed."""
    require_open(unit.id)
    require_open(parent.id)
    if db.session.get(UnitPath, (unit.id, parent.id)):
        raise Refused(_("A unit can't be moved below itself."))
    kinds.check(unit.kind, parent)


def move(unit: Unit, parent: Unit) -> None:
    """Hang a unit with all below it under another. Refused when that would make a circle."""
    check_move(unit, parent)
    inside = select(UnitPath.below_id).where(UnitPath.above_id == unit.id)
    db.session.execute(
        delete(UnitPath)
        .where(UnitPath.below_id.in_(inside), UnitPath.above_id.not_in(inside))
        .execution_options(synchronize_session=False)
    )
    above, below = aliased(UnitPath), aliased(UnitPath)
    db.session.execute(
        insert(UnitPath).from_select(
            ["above_id", "below_id", "depth"],
            select(above.above_id, below.below_id, above.depth + below.depth + 1)
            .join(below, below.above_id == unit.id)
            .where(above.below_id == parent.id),
        )
    )
    unit.parent_id = parent.id
    db.session.flush()


def remove_if_empty(unit_id: int) -> bool:
    """Take a unit out of the tree to which nothing refers, neither a unit below it nor a member; whether it went."""
    try:
        with db.session.begin_nested():
            db.session.execute(delete(UnitPath).where(UnitPath.below_id == unit_id))
            db.session.execute(delete(UnitGram).where(UnitGram.unit_id == unit_id))
            db.session.execute(delete(Unit).where(Unit.id == unit_id))
    except IntegrityError:
        return False
    return True


def unit_by_code(code: str) -> Unit:
    """The unit of that code; NotFound otherwise. No scope is checked here: pages go through `scope`."""
    unit = db.session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise NotFound(_("There is no unit with the code “%(code)s”.", code=code))
    return unit


def root() -> Unit:
    """The unit at the top; NotFound before there is one."""
    unit = db.session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.created_at, Unit.id).limit(1))
    if unit is None:
        raise NotFound(_("There is no unit yet."))
    return unit


def path(unit_id: int) -> list[Unit]:
    """The units from the top down to this one."""
    return list(
        db.session.scalars(
            select(Unit)
            .join(UnitPath, UnitPath.above_id == Unit.id)
            .where(UnitPath.below_id == unit_id)
            .order_by(UnitPath.depth.desc())
        )
    )


def named(unit_ids: Iterable[int]) -> list[Unit]:
    """The units of these ids."""
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(list(unit_ids)))))


def children(unit_id: int) -> list[Unit]:
    """The units directly below."""
    return list(db.session.scalars(select(Unit).where(Unit.parent_id == unit_id).order_by(Unit.position, Unit.code)))


def is_below(unit_id: int, above_id: int) -> bool:
    """Whether a unit is the other or stands below it."""
    return db.session.get(UnitPath, (above_id, unit_id)) is not None


def below(unit_id: int | ScalarSelect[int]) -> Select[int]:
    """A sub-query of the ids of a unit, which may be looked up itself, and all below it."""
    return select(UnitPath.below_id).where(UnitPath.above_id == unit_id)
