"""The kinds of units that an organisation has: their names, what they may stand below, which posts they have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import Unit, UnitKind

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}")
MOST = 40
"""Kinds of an organisation, and posts of a kind."""


@dataclass(frozen=True)
class Kind:
    """A kind of unit. `below` names the kinds that it may stand below; empty: any, and at the top too."""

    key: str
    name_zh: str = ""
    name_en: str = ""
    below: Sequence[str] = ()
    posts: Sequence[str] = field(default_factory=tuple)

    def called(self, language: str) -> Message | str:
        """Its name in a language; the other one, our own word for it, or the key, where there is none."""
        first, second = (self.name_zh, self.name_en) if language.startswith("zh") else (self.name_en, self.name_zh)
        return first or second or BEGINNING.get(self.key) or self.key


BEGINNING: dict[str, Message] = {"committee": _("committee"), "branch": _("branch"), "team": _("team")}
"""The kinds of an organisation that has not written down its own."""


def known() -> dict[str, Kind]:
    """All kinds in their order, by key."""
    rows = db.session.scalars(select(UnitKind).order_by(UnitKind.position, UnitKind.key))
    written = [Kind(row.key, row.name_zh, row.name_en, tuple(row.below), tuple(row.posts)) for row in rows]
    return {kind.key: kind for kind in written} or {key: Kind(key) for key in BEGINNING}


def of(unit: Unit) -> Kind:
    """The kind of a unit; one without a name where the organisation took it out of its list."""
    return known().get(unit.kind) or Kind(unit.kind)


def check(kind: str, parent: Unit | None) -> None:
    """Refused when there is no such kind, or when it may not stand where it shall stand."""
    found = known().get(kind)
    if found is None:
        raise Refused(_("There is no kind of unit called “%(kind)s”.", kind=kind))
    if found.below and (parent is None or parent.kind not in found.below):
        raise Refused(
            _("A unit of this kind can't stand there. It stands below: %(kinds)s.", kinds=", ".join(found.below))
        )


def usual(parent: Unit | None) -> str:
    """The kind of a unit about which nobody said: a branch, or the first kind that may stand there."""
    fitting = [
        kind.key for kind in known().values() if not kind.below or (parent is not None and parent.kind in kind.below)
    ]
    return "branch" if "branch" in fitting or not fitting else fitting[0]


def write(
    actor: Actor, key: str, names: Mapping[str, str], below: Sequence[str], posts: Sequence[str], now: datetime
) -> UnitKind:
    """Add a kind or change it. The key never changes, since files and units name it."""
    if not _KEY.fullmatch(key):
        raise Refused(_("The code begins with a letter and holds small letters, digits, “-” and “_” only."))
    _write_beginning()
    kinds = known()
    if key not in kinds and len(kinds) >= MOST:
        raise Refused(_("There are %(n)s kinds of units already; no more can be kept.", n=MOST))
    unknown = [one for one in below if one not in kinds and one != key]
    if unknown:
        raise Refused(_("There is no kind of unit called “%(kind)s”.", kind=unknown[0]))
    row = db.session.get(UnitKind, key) or UnitKind(key=key, position=len(kinds))
    row.name_zh, row.name_en = names.get("zh", "")[:60], names.get("en", "")[:60]
    row.below = list(dict.fromkeys(below))
    row.posts = list(dict.fromkeys(" ".join(post.split())[:80] for post in posts if post.strip()))[:MOST]
    db.session.add(row)
    db.session.flush()
    record(actor, "unit_kind.changed", "unit_kind", key, now, posts=row.posts, below=row.below)
    return row


def remove(actor: Actor, key: str, now: datetime) -> None:
    """Take a kind out of the list. Refused while a unit is of that kind."""
    _write_beginning()
    row = db.session.get(UnitKind, key)
    if row is None:
        raise NotFound(_("There is no kind of unit called “%(kind)s”.", kind=key))
    if db.session.scalar(select(Unit.id).where(Unit.kind == key).limit(1)):
        raise Refused(_("Units of this kind exist. Give them another kind first."))
    db.session.delete(row)
    db.session.flush()
    record(actor, "unit_kind.removed", "unit_kind", key, now)


def _write_beginning() -> None:
    """Write the first kinds down before the list is changed for the first time."""
    if db.session.scalar(select(UnitKind.key).limit(1)) is None:
        db.session.add_all(
            UnitKind(key=key, position=at, name_zh="", name_en="", below=[], posts=[])
            for at, key in enumerate(BEGINNING)
        )
        db.session.flush()
