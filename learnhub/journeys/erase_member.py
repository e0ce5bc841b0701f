"""A person's data are erased: the account becomes a pseudonym, and every place that names the person is cleaned."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, or_, select, update

from learnhub.audit.models import Erasure
from learnhub.audit.trail import Actor, record
from learnhub.identity.invitations import ALPHABET
from learnhub.identity.models import Member, MemberState, SignInFailure
from learnhub.identity.sessions import digest
from learnhub.identity.states import change
from learnhub.journeys.erasing import documents, profile, trail
from learnhub.journeys.erasing.words import Words
from learnhub.kernel.catalogues import reader
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations import memberships
from learnhub.organisations.former import last_unit
from learnhub.organisations.search.models import SavedSearch
from learnhub.quizzes import handed_in

CODE_LENGTH = 6

GOES: dict[str, str] = {
    "access_token": "member_id",
    "change_request": "member_id",
    "co_instructor": "member_id",
    "code_mail": "member_id",
    "drawn_paper": "member_id",
    "handed_in_file": "member_id",
    "import_task": "actor_id",
    "invitation": "member_id",
    "lobby_place": "member_id",
    "member_change": "member_id",
    "member_photo": "member_id",
    "member_value": "member_id",
    "notice_delivery": "member_id",
    "repeatable_call": "member_id",
    "saved_search": "owner_id",
    "sign_in_session": "member_id",
    "study_presence": "member_id",
}
"""Tables whose rows about the person are deleted, and the column that says whose they are."""

STAYS: dict[str, tuple[str, ...]] = {
    "answer": ("response",),
    "answer_try": (),
    "answer_version": (),
    "attempt": (),
    "attempt_door": ("refused_device",),
    "audit_entry": (),
    "balance": (),
    "bulk_change": ("value",),
    "checkpoint_head": (),
    "custom_role": (),
    "enrolment": (),
    "erasure": (),
    "export_job": (),
    "focus_event": (),
    "grant_taken_back": (),
    "granted_time": (),
    "hand_mark": (),
    "held_pass": (),
    "import": (),
    "issued_transcript": (),
    "late_decision": (),
    "ledger": (),
    "ledger_head": (),
    "lesson_progress": (),
    "likeness_decision": (),
    "likeness_report": (),
    "map_outline": (),
    "membership": ("post",),
    "notice": ("title", "text"),
    "question_hand": (),
    "quiz_conduct": (),
    "question_report": ("text", "answer"),
    "quiz_window": (),
    "refused_event": (),
    "role_grant": ("reason",),
    "rule_version": (),
    "state_change": ("reason",),
    "study_clock": (),
    "study_day": (),
    "study_interval": (),
    "transfer": ("number", "reason", "answer"),
    "term": ("post",),
    "time_grant": ("reason",),
    "time_taken_back": (),
    "unit_balance": (),
    "unit_change": (),
}
"""Tables whose rows stay under the pseudonym, and the free texts in them that may name the person.

What needs more care than that (the trail, imports, transcripts, the history of answers and marks) is cleaned in
`erasing`.
"""


@dataclass(frozen=True)
class Erased:
    """What was done: the pseudonym, and how many lines of the trail lost personal words."""

    pseudonym: str
    entries: int


def erase(actor: Actor, member: Member, typed_number: str, now: datetime) -> Erased:
    """Erase what is personal of a member who left. `typed_number`: the member's number, typed once more.

    Scope is checked by the caller: only an administrator over the member may do this. It can't be undone.
    """
    if actor.id == member.id:
        raise NotAllowed(_("Nobody does this to themselves. Ask another administrator or secretary."))
    memberships.hold_still(member.id)
    if member.state == MemberState.ERASED:
        raise Refused(_("These personal data are erased already."))
    if member.state != MemberState.LEFT:
        raise Refused(_("Only who left can be erased. Let %(name)s leave first.", name=member.name))
    if typed_number.strip() != member.number:
        raise Refused(_("This is not the member's number. Type it exactly as it is shown."))
    pseudonym, code = _new_pseudonym()
    unit = last_unit(member.id)
    words = Words.of(member, pseudonym, code)
    done = Erasure(member_id=member.id, pseudonym=code, at=now, made_by=actor.id)
    db.session.add(done)
    db.session.flush()
    profile.learn(words)
    entries = trail.clean(words, done.id)
    files = profile.photos(member.id) | handed_in.digests(member.id)
    for words_of_failure in words.names:
        db.session.execute(
            delete(SignInFailure).where(SignInFailure.name_digest == digest(words_of_failure.casefold()))
        )
    _delete_rows(member.id)
    _clean_texts(words)
    _clean_searches(words)
    documents.clean(words, done.id, files, now)
    _become(member, pseudonym, code)
    change(member, MemberState.ERASED, local_date(now, house.zone), "", actor.id, now)
    unit_id = unit.id if unit else None
    record(actor, "member.erased", "member", member.id, now, unit_id=unit_id, pseudonym=code, entries=entries)
    db.session.expire_all()
    return Erased(pseudonym, entries)


def _new_pseudonym() -> tuple[str, str]:
    """A name and a number by chance, so that nothing of the person can be worked out from them."""
    while True:
        code = "F-" + "".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH))
        taken = or_(Member.number == code, func.lower(Member.sign_in_name) == code.lower())
        if db.session.scalar(select(Member.id).where(taken)) is None:
            name = reader(house.default_locale)(_("Former member %(code)s", code=code.removeprefix("F-")))
            return name, code


def _become(member: Member, pseudonym: str, code: str) -> None:
    member.name, member.number, member.sign_in_name = pseudonym, code, code
    member.email = member.phone = member.password_hash = member.password_changed_at = member.locale = None
    member.tours_seen = ""
    db.session.flush()


def _delete_rows(member_id: int) -> None:
    for name, column in GOES.items():
        table = db.metadata.tables[name]
        db.session.execute(delete(table).where(table.c[column] == member_id))
    calls = db.metadata.tables["repeatable_call"]
    db.session.execute(delete(calls).where(calls.c.answer.contains(str(member_id))))


def _clean_searches(words: Words) -> None:
    """What others keep may ask for the person's number or phone."""
    for search in db.session.scalars(select(SavedSearch)):
        search.name = words.take_out_of_foreign(search.name)
        search.conditions = words.take_out_of_foreign(search.conditions)


def _clean_texts(words: Words) -> None:
    for name, columns in STAYS.items():
        if columns:
            _clean_table(db.metadata.tables[name], columns, words)


def _clean_table(table: Table, columns: tuple[str, ...], words: Words) -> None:
    keys = list(table.primary_key.columns)
    texts = [table.c[column] for column in columns]
    about = or_(*(column == words.member_id for column in refers_to_member(table)))
    if table.name == "notice":
        about = or_(about, table.c.source.contains(str(words.member_id)), table.c.path.contains(str(words.member_id)))
    if table.name == "transfer":
        about = or_(about, table.c.number.in_(words.names))
    for row in db.session.execute(select(*keys, *texts).where(about)).all():
        before = {text.name: getattr(row, text.name) for text in texts}
        after = words.take_out(before)
        if after != before:
            same = [key == getattr(row, key.name) for key in keys]
            db.session.execute(update(table).where(*same).values(after))


def refers_to_member(table: Table) -> Iterator[Any]:
    """The columns of a table that hold a member's id."""
    for column in table.columns:
        if any(key.column.name in {"id", "member_id"} and _leads_to_member(key) for key in column.foreign_keys):
            yield column


def _leads_to_member(key: Any) -> bool:
    target = key.column
    if target.table.name == Member.__tablename__:
        return True
    return target.name == "member_id" and any(_leads_to_member(further) for further in target.foreign_keys)
