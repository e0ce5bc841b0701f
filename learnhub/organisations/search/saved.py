"""Keeping a search under a name, for oneself or for all who see the members of its unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.organisations.search.criteria import Condition
from learnhub.organisations.search.models import SavedSearch

MOST = 50
"""So many searches of one's own for a unit."""


def keep(
    actor: Actor, unit: Unit, name: str, conditions: Sequence[Condition], now: datetime, *, any_of: bool, shared: bool
) -> SavedSearch:
    """Keep a search of a unit. Refused without a name or a condition."""
    name = " ".join(name.split())[:80]
    if not name:
        raise Refused(_("Give the search a name."))
    if not conditions:
        raise Refused(_("Ask for something before you keep the search."))
    assert actor.id is not None
    own = select(func.count()).where(SavedSearch.owner_id == actor.id, SavedSearch.unit_id == unit.id)
    if (db.session.scalar(own) or 0) >= MOST:
        raise Refused(_("You keep %(n)s searches here already. Remove one first.", n=MOST))
    made = SavedSearch(
        owner_id=actor.id,
        unit_id=unit.id,
        name=name,
        any_of=any_of,
        conditions=[[one.criterion.key, str(one.operator), one.value] for one in conditions],
        shared=shared,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    record(actor, "search.kept", "search", made.id, now, unit_id=unit.id, name=name, shared=shared)
    return made


def visible(scope: Scope, search_id: int) -> SavedSearch:
    """A search of one's own or a shared one, of a unit whose members the asker sees; otherwise NotFound."""
    found: SavedSearch | None = db.session.scalar(_visible(scope).where(SavedSearch.id == search_id))
    if found is None:
        raise NotFound(_("There is no such search in your reach."))
    return found


def of_unit(scope: Scope, unit: Unit) -> list[tuple[SavedSearch, str]]:
    """The searches of a unit that the asker finds, by name, each with its owner's name."""
    rows = db.session.execute(
        _visible(scope)
        .add_columns(Member.name)
        .join(Member, Member.id == SavedSearch.owner_id)
        .where(SavedSearch.unit_id == unit.id)
        .order_by(SavedSearch.name, SavedSearch.id)
        .limit(2 * MOST)
    )
    return [(search, name) for search, name in rows]


def _visible(scope: Scope) -> Any:
    return select(SavedSearch).where(
        or_(SavedSearch.owner_id == scope.member_id, SavedSearch.shared),
        SavedSearch.unit_id.in_(scope.unit_ids(Permission.SEE_MEMBERS)),
    )


def remove(actor: Actor, search: SavedSearch, now: datetime) -> None:
    """Forget a search; only its owner may."""
    if search.owner_id != actor.id:
        raise NotAllowed(_("Only who kept a search can remove it."))
    record(actor, "search.removed", "search", search.id, now, unit_id=search.unit_id, name=search.name)
    db.session.delete(search)
    db.session.flush()
