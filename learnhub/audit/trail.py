"""Writing to the audit trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from learnhub.audit.models import AuditEntry
from learnhub.identity.models import Member
from learnhub.kernel.db import db

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where: a member, or the system (member None).

    `stands_in_for` says whose deputy the member is when acting on a unit (None: on no particular one).
    """

    member: Member | None = None
    address: str = ""
    stands_in_for: Callable[[int | None], str] | None = None

    @property
    def name(self) -> str:
        """The actor's name as it is kept in the trail."""
        return self.member.name if self.member else "system"

    @property
    def id(self) -> int | None:
        """The member's id; None for the system."""
        return self.member.id if self.member else None


SYSTEM = Actor()


def record(
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | str,
    now: datetime,
    *,
    unit_id: int | None = None,
    **details: Any,
) -> AuditEntry:
    """Leave a trace of an act. Control characters are taken out, so that a name can't forge a line of a log."""
    principal = actor.stands_in_for(unit_id) if actor.stands_in_for else ""
    if principal:
        details["stands_in_for"] = principal
    entry = AuditEntry(
        at=now,
        actor_id=actor.id,
        actor_name=_plain(actor.name),
        action=action,
        object_kind=object_kind,
        object_id=_plain(str(object_id))[:64],
        unit_id=unit_id,
        address=_plain(actor.address)[:64],
        details={key: _plain(value) if isinstance(value, str) else value for key, value in details.items()},
    )
    db.session.add(entry)
    return entry


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
