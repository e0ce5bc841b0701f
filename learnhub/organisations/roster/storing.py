"""What a roster changes in the books: members and memberships by the thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, insert, select, update

from learnhub.identity import finding
from learnhub.identity.models import Member, MemberState, StateChange
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations.models import Membership
from learnhub.organisations.profile.models import MemberChange, MemberField
from learnhub.organisations.roster import details
from learnhub.organisations.roster.comparing import Judged, Known, Progress, Verdict, silent, values_of
from learnhub.organisations.roster.known import batches

MEMBER: Table = Member.__table__  # type: ignore[assignment]
MEMBERSHIP: Table = Membership.__table__  # type: ignore[assignment]
CHANGE: Table = MemberChange.__table__  # type: ignore[assignment]
FIELDS = ("name", "phone", "email")
"""What a change of a member can touch; the post is a matter of the membership."""


@dataclass
class Written:
    """What was written, so that it can be taken back. Ids are text, as JSON keeps them."""

    new: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    """Member → field → before and after."""
    moved: dict[str, list[Any]] = field(default_factory=dict)
    """Member → the membership that began, and the one that ended with its end before (None: there was none)."""
    more: list[str] = field(default_factory=list)
    """Memberships in further units."""
    posts: dict[str, list[str]] = field(default_factory=dict)
    """Membership → post before and after."""
    detailed: list[str] = field(default_factory=list)
    """Members in whose own fields something was written; their history says what."""


def write(
    rows: Sequence[Judged],
    known: dict[int, Known],
    today: date,
    now: datetime,
    *,
    made_by: int | None,
    source: str,
    progress: Progress = silent,
    fields: Mapping[str, MemberField] | None = None,
) -> Written:
    """Carry out what the rows were judged to do; the history of each member tells of it, as made by `source`."""
    done = Written()
    new = [one for one in rows if one.verdict is Verdict.NEW]
    others = [one for one in rows if one.verdict in {Verdict.CHANGED, Verdict.TRANSFER}]
    written, total = 0, len(new) + len(others)
    for some in batches(new):
        with finding.at_once() as come:
            _add(some, today, now, done)
            ids = [int(one) for one in done.new[-len(some) :]]
            come.extend(ids)
        own = _own(zip(ids, some, strict=True), fields or {})
        details.store(own, now, made_by=made_by, source=source, history=False)
        written += len(some)
        progress(written, total)
    for some in batches(others):
        with finding.at_once([one.member_id for one in some if one.member_id is not None]):
            _change(some, known, today, done)
        _tell_history(some, made_by, source, now)
        own = _own(((one.member_id, one) for one in some), fields or {})
        details.store(own, now, made_by=made_by, source=source)
        done.detailed += sorted({str(member_id) for member_id, *_rest in own})
        _tell_states(some, known, today, made_by, now)
        written += len(some)
        progress(written, total)
    db.session.expire_all()
    return done


def _own(
    rows: Iterable[tuple[int | None, Judged]], fields: Mapping[str, MemberField]
) -> list[tuple[int, MemberField, str, str]]:
    """(member, field, before, after) of the organisation's own fields that rows change."""
    return [
        (member_id, fields[key], before, after)
        for member_id, one in rows
        if member_id is not None
        for key, (before, after) in one.details.items()
    ]


def _add(rows: Sequence[Judged], today: date, now: datetime, done: Written) -> None:
    members, memberships = [], []
    for one in rows:
        member_id, row, values = new_id(), one.row, values_of(one.row)
        members.append(
            {
                "id": member_id,
                "number": row.number,
                "sign_in_name": row.number,
                "name": values["name"],
                "email": values["email"] or None,
                "phone": values["phone"] or None,
                "state": MemberState.ACTIVE,
                "test": False,
                "created_at": now,
                "tours_seen": "",
            }
        )
        starts_on = one.starts_on or today
        memberships.append(_membership(member_id, one.unit_id, starts_on, values["post"]))
        memberships += [_membership(member_id, unit, starts_on, primary=False) for unit in one.more_unit_ids]
        done.new.append(str(member_id))
    db.session.execute(insert(MEMBER), members)
    db.session.execute(insert(MEMBERSHIP), memberships)


def _membership(
    member_id: int, unit_id: int | None, starts_on: date, post: str = "", *, primary: bool = True
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "member_id": member_id,
        "unit_id": unit_id,
        "is_primary": primary,
        "post": post,
        "starts_on": starts_on,
        "ends_on": None,
    }


def _change(rows: Sequence[Judged], known: dict[int, Known], today: date, done: Written) -> None:
    current = _open_memberships([one.member_id for one in rows if one.member_id is not None], today)
    for one in rows:
        assert one.member_id is not None
        was = known[one.member_id]
        _change_member(one, was, done)
        held = current.get(one.member_id)
        starts_on = one.starts_on or today
        if "unit" in one.changes:
            post = one.row.post[:80] or (held.post if held else "")
            made = _membership(one.member_id, one.unit_id, starts_on, post)
            if held is not None:
                db.session.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id == held.id).values(ends_on=starts_on))
            db.session.execute(insert(MEMBERSHIP), [made])
            ended = [str(held.id), held.ends_on.isoformat() if held.ends_on else None] if held else None
            done.moved[str(one.member_id)] = [str(made["id"]), ended]
        elif "post" in one.changes and held is not None:
            before, after = one.changes["post"]
            db.session.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id == held.id).values(post=after))
            done.posts[str(held.id)] = [before, after]
        for unit_id in one.more_unit_ids:
            made = _membership(one.member_id, unit_id, starts_on, primary=False)
            db.session.execute(insert(MEMBERSHIP), [made])
            done.more.append(str(made["id"]))


def _change_member(one: Judged, was: Known, done: Written) -> None:
    changes: dict[str, list[Any]] = {
        name: [before or None, after] for name, (before, after) in one.changes.items() if name in FIELDS
    }
    if was.state == MemberState.LEFT:
        changes["state"] = [was.state, MemberState.ACTIVE.value]
    if changes:
        after = {name: pair[1] for name, pair in changes.items()}
        db.session.execute(update(MEMBER).where(MEMBER.c.id == was.id).values(**after))
        done.changed[str(was.id)] = changes


def _tell_history(rows: Sequence[Judged], made_by: int | None, source: str, now: datetime) -> None:
    """A line of history for each field that a row changed, by two statements for a batch."""
    changes = [
        (one.member_id, name, before or None, after)
        for one in rows
        if one.member_id is not None
        for name, (before, after) in one.changes.items()
        if name in FIELDS
    ]
    note_history(changes, made_by, source, now)


def _tell_states(
    rows: Sequence[Judged], known: dict[int, Known], today: date, made_by: int | None, now: datetime
) -> None:
    """Who had left and came with the file is a member again: written down as when somebody lets them come back."""
    db.session.add_all(
        StateChange(
            member_id=one.member_id, state=MemberState.ACTIVE, on_day=one.starts_on or today, at=now, made_by=made_by
        )
        for one in rows
        if one.member_id is not None and known[one.member_id].state == MemberState.LEFT
    )
    db.session.flush()


def note_history(
    changes: Sequence[tuple[int, str, str | None, str | None]], made_by: int | None, source: str, now: datetime
) -> None:
    """A line of history for each (member, built-in field, before, after)."""
    if changes:
        known = db.session.execute(select(MemberField.key, MemberField.id).where(MemberField.built_in))
        ids = {key: field_id for key, field_id in known}
        common = {"made_by": made_by, "made_at": now, "source": source}
        db.session.execute(
            insert(CHANGE),
            [
                {
                    **common,
                    "id": new_id(),
                    "member_id": member_id,
                    "field_id": ids[name],
                    "before": before,
                    "after": after,
                }
                for member_id, name, before, after in changes
            ],
        )


def _open_memberships(member_ids: Iterable[int], today: date) -> dict[int, Membership]:
    found = db.session.scalars(
        select(Membership).where(
            Membership.member_id.in_(list(member_ids)),
            Membership.primary,
            Membership.starts_on <= today,
            (Membership.ends_on.is_(None)) | (Membership.ends_on > today),
        )
    )
    return {one.member_id: one for one in found}
