"""Roles that administrators make beside the four fixed ones; what they may do takes effect at the next request."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import CustomRole
from learnhub.organisations.permissions import FIXED, Permission, permissions_of
from learnhub.organisations.roles import require_to_hold

MOST = 12
"""More columns than that nobody reads."""
KIND = "custom_role"


def current() -> Sequence[CustomRole]:
    """The custom roles that can be granted, the oldest first."""
    return db.session.scalars(select(CustomRole).where(CustomRole.retired_at.is_(None)).order_by(CustomRole.id)).all()


def everyone() -> Sequence[CustomRole]:
    """All custom roles, the retired ones too: old grants name them."""
    return db.session.scalars(select(CustomRole).order_by(CustomRole.id)).all()


def find(key: str) -> CustomRole:
    """The custom role of that key; NotFound when it is retired or was never made."""
    found = db.session.scalar(
        select(CustomRole).where(CustomRole.key == key, CustomRole.retired_at.is_(None)).with_for_update()
    )
    if found is None:
        raise NotFound(_("There is no such role any more."))
    return found


def carrying(permission: Permission) -> set[str]:
    """The keys of the custom roles that carry a permission."""
    return {one.key for one in current() if permission in permissions_of(one.key, one.permissions)}


def opened_by(role: str) -> frozenset[Permission]:
    """What a role that somebody holds lets them do today; nothing when it is retired."""
    standing = next((one for one in current() if one.key == role), None)
    return permissions_of(role, standing.permissions if standing else None)


def make(actor: Actor, name_en: str, name_zh: str, permissions: Collection[Permission], now: datetime) -> CustomRole:
    """A new role with its names in both languages. Nobody can put in what they do not hold at the top."""
    if len(current()) >= MOST:
        raise Refused(_("There are %(n)s custom roles already. Retire one that nobody needs.", n=MOST))
    require_to_hold(actor, frozenset(permissions), units.root().id, now)
    names = _names(name_en, name_zh, None)
    role = CustomRole(
        key=_key_for(names[0]),
        name_en=names[0],
        name_zh=names[1],
        permissions=_stored(permissions),
        made_by=actor.id,
        made_at=now,
    )
    db.session.add(role)
    db.session.flush()
    record(actor, "custom_role.made", KIND, role.key, now, names=" / ".join(names), permissions=role.permissions)
    return role


def change(
    actor: Actor, role: CustomRole, permissions: Collection[Permission], seen: Collection[str], now: datetime
) -> bool:
    """Let a role do exactly this from now on; whether that changes anything.

    Conflict when it could do something else than the actor had `seen`. Only what is added must be held.
    """
    wanted, before = _stored(permissions), list(role.permissions)
    if wanted == before:
        return False
    if sorted(seen) != sorted(before):
        raise Conflict(_("Somebody changed “%(role)s” since you opened the page. Look again.", role=role.name_en))
    added = frozenset(permissions) - permissions_of(role.key, before)
    require_to_hold(actor, added, units.root().id, now)
    role.permissions = wanted
    db.session.flush()
    record(actor, "custom_role.changed", KIND, role.key, now, before=before, permissions=wanted)
    return True


def rename(actor: Actor, role: CustomRole, name_en: str, name_zh: str, now: datetime) -> None:
    """Other names for a role; its grants stay as they are."""
    before = f"{role.name_en} / {role.name_zh}"
    role.name_en, role.name_zh = _names(name_en, name_zh, role)
    db.session.flush()
    record(actor, "custom_role.renamed", KIND, role.key, now, before=before, names=f"{role.name_en} / {role.name_zh}")


def retire(actor: Actor, role: CustomRole, now: datetime) -> None:
    """From now on the role opens nothing and can't be granted; what was granted stays in the record."""
    role.retired_at = now
    db.session.flush()
    record(actor, "custom_role.retired", KIND, role.key, now, names=f"{role.name_en} / {role.name_zh}")


def _stored(permissions: Collection[Permission]) -> list[str]:
    return [str(one) for one in Permission if one in permissions]


def _names(name_en: str, name_zh: str, own: CustomRole | None) -> tuple[str, str]:
    """Both names without stray spaces. Refused when one is missing or another role bears it."""
    names = " ".join(name_en.split())[:64], " ".join(name_zh.split())[:64]
    if not all(names):
        raise Refused(_("A role needs a name in both languages."))
    for other in current():
        if own is not other and {other.name_en.lower(), other.name_zh} & {names[0].lower(), names[1]}:
            raise Refused(_("There is a role of that name already."))
    return names


def _key_for(name: str) -> str:
    """A key from the English name, as people would write it in an address; a number behind it when it is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:24] or "role"
    taken = FIXED | set(db.session.scalars(select(CustomRole.key)))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)
