"""What a roster changes in the books: members and memberships by the thousand, and all of it taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from learnhub.identity import states
from learnhub.identity.models import OPEN_STATES, Invitation, Member, MemberState, StateChange
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations import roles
from learnhub.organisations.models import Membership
from learnhub.organisations.profile.models import MemberChange, MemberField
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


def write(
    rows: Sequence[Judged],
    known: dict[int, Known],
    today: date,
    now: datetime,
    *,
    made_by: int | None,
    source: str,
    progress: Progress = silent,
) -> Written:
    """Carry out what the rows were judged to do; the history of each member tells of it, as made by `source`."""
    done = Written()
    new = [one for one in rows if one.verdict is Verdict.NEW]
    others = [one for one in rows if one.verdict in {Verdict.CHANGED, Verdict.TRANSFER}]
    written, total = 0, len(new) + len(others)
    for some in batches(new):
        _add(some, today, now, done)
        written += len(some)
        progress(written, total)
    for some in batches(others):
        _change(some, known, today, done)
        _tell_history(some, made_by, source, now)
        _tell_states(some, known, today, made_by, now)
        written += len(some)
        progress(written, total)
    db.session.expire_all()
    return done


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
    _history(changes, made_by, source, now)


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


def _history(
    changes: Sequence[tuple[int, str, str | None, str | None]], made_by: int | None, source: str, now: datetime
) -> None:
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


def take_back(done: dict[str, Any], today: date, now: datetime, *, made_by: int | None, source: str) -> dict[str, int]:
    """Undo what was written, but for what somebody changed since.

    Members who came with the file go when nothing was done by them or to them; else they stay as members who left.
    Who was given a role since stays a member, and so does who came back with the file and retired since.
    Gives how many went (`withdrawn`), left (`left`), stay members (`stays`) and were put back (`restored`).
    """
    withdrawn, left, stays = _withdraw([int(one) for one in done["new"]], today, made_by, now)
    for one in done["more"]:
        db.session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.id == int(one)))
    touched: set[str] = set()
    back: list[tuple[int, str, str | None, str | None]] = []
    returned = {member_id for member_id, changes in done["changed"].items() if "state" in changes}
    stay = _staying({int(one) for one in returned}, now)
    stays += len(stay)
    for member_id, (began, ended) in done["moved"].items():
        if int(member_id) not in stay and _move_back(int(began), ended):
            touched.add(member_id)
            if member_id in returned:
                states.change(db.session.get_one(Member, int(member_id)), MemberState.LEFT, today, "", made_by, now)
    for membership_id, (before, after) in done["posts"].items():
        _put_back(MEMBERSHIP, int(membership_id), {"post": [before, after]})
    for member_id, changes in done["changed"].items():
        fields = {name: pair for name, pair in changes.items() if name in FIELDS}
        restored = _put_back(MEMBER, int(member_id), fields)
        back += [(int(member_id), name, changes[name][1], changes[name][0]) for name in restored]
        if restored:
            touched.add(member_id)
    _history(back, made_by, f"{source}:undo", now)
    db.session.expire_all()
    done_now = {"withdrawn": withdrawn, "left": left, "restored": len(touched)}
    return {**done_now, "stays": stays} if stays else done_now


def _staying(member_ids: set[int], now: datetime) -> set[int]:
    """Those of these members who are more than the file made them: they hold a role, or retired since."""
    retired = select(Member.id).where(Member.id.in_(member_ids), Member.state == MemberState.RETIRED)
    return roles.holding_any(member_ids, now) | set(db.session.scalars(retired))


def _withdraw(member_ids: Sequence[int], today: date, made_by: int | None, now: datetime) -> tuple[int, int, int]:
    gone = left = stays = 0
    for some in batches(member_ids):
        if _delete(some):
            gone += len(some)
            continue
        for one in some:
            if _delete([one]):
                gone += 1
            elif roles.holding_any([one], now):
                stays += 1
            else:
                _end(one, today, made_by, now)
                left += 1
    return gone, left, stays


def _end(member_id: int, today: date, made_by: int | None, now: datetime) -> None:
    """A member who did something since leaves today; where he or she belonged until then stays in the books."""
    member = db.session.get_one(Member, member_id)
    if member.state not in OPEN_STATES:
        return
    starts_on = MEMBERSHIP.c.starts_on
    db.session.execute(
        update(MEMBERSHIP)
        .where(MEMBERSHIP.c.member_id == member_id, MEMBERSHIP.c.ends_on.is_(None))
        .values(ends_on=case((starts_on > today, starts_on), else_=today))
    )
    states.change(member, MemberState.LEFT, today, "", made_by, now)


def _delete(member_ids: Sequence[int]) -> bool:
    """Whether these members could go: the database refuses when anything refers to them."""
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Invitation).where(Invitation.member_id.in_(member_ids)))
            db.session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.member_id.in_(member_ids)))
            db.session.execute(delete(MEMBER).where(MEMBER.c.id.in_(member_ids)))
    except IntegrityError:
        return False
    return True


def _move_back(began: int, ended: list[str | None] | None) -> bool:
    """The membership that began goes, if it still holds; the one that ended goes on."""
    went: Any = db.session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.id == began, MEMBERSHIP.c.ends_on.is_(None)))
    if not went.rowcount:
        return False
    if ended is not None:
        until = date.fromisoformat(ended[1]) if ended[1] else None
        db.session.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id == int(str(ended[0]))).values(ends_on=until))
    return True


def _put_back(table: Table, row_id: int, changes: dict[str, list[Any]]) -> list[str]:
    """Put back what nobody changed since; gives the names of the columns that were."""
    restored = []
    for name, (before, after) in changes.items():
        still = (table.c.id == row_id, table.c[name] == after)
        done: Any = db.session.execute(update(table).where(*still).values({name: before}))
        if done.rowcount:
            restored.append(name)
    return restored
