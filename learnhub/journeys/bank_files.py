"""Pictures and sounds of questions between the bank, which names them, and the store, which keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import Message, _
from question_bank import media
from question_bank.authoring import QuestionDraft
from question_bank.models import BankFile

MOST_PLACES = 8
"""Places that a warning about many questions names."""


def store(files: Mapping[str, bytes], drafts: Iterable[QuestionDraft], now: datetime) -> None:
    """Keep those of the files that the questions refer to."""
    wanted = {name for draft in drafts for name in media.names_of(draft)} if files else set()
    for name in sorted(wanted & set(files)):
        keep(files[name], now)


def keep(data: bytes, now: datetime) -> str:
    """Keep a content and note that a bank sent it; its digest. The note comes first: who clears away waits for it."""
    digest = hashlib.sha256(data).hexdigest()
    note = upsert(BankFile.__table__).values(digest=digest, stored_at=now)
    newer = BankFile.stored_at < note.excluded.stored_at
    db.session.execute(note.on_conflict_do_update(index_elements=["digest"], set_={"stored_at": now}, where=newer))
    try:
        house.files.size(digest)
    except NotFound:
        house.files.put(data)
    return digest


def is_stored(name: str) -> bool:
    """Whether the store has the file of that name."""
    digest = media.digest_of(name)
    if digest is None:
        return False
    try:
        house.files.size(digest)
    except NotFound:
        return False
    return True


def load(drafts: Iterable[QuestionDraft]) -> dict[str, bytes]:
    """The files that the questions refer to, by name, as far as the store has them."""
    found: dict[str, bytes] = {}
    for name in sorted({name for draft in drafts for name in media.names_of(draft)}):
        if is_stored(name):
            with house.files.open(str(media.digest_of(name))) as file:
                found[name] = file.read()
    return found


def missing_of(draft: QuestionDraft, files: Mapping[str, bytes]) -> set[str]:
    """The names of the files that a question refers to and that neither came with it nor are in the store."""
    return {name for name in media.names_of(draft) - set(files) if not is_stored(name)}


def _missing(draft: QuestionDraft, name: str) -> Message:
    if media.is_picture(name):
        return _("%(where)s: a picture is missing; its words stand in its place.", where=draft.where)
    return _("%(where)s: the file %(name)s did not come with the question.", where=draft.where, name=name)


def warnings_about(drafts: Sequence[QuestionDraft], files: Mapping[str, bytes]) -> list[Message]:
    """What their author should know: files that are nowhere, pictures without words."""
    found = [_missing(draft, name) for draft in drafts for name in sorted(missing_of(draft, files))]
    untold = [draft.where for draft in drafts if media.count_untold(draft)]
    if untold:
        places = ", ".join(untold[:MOST_PLACES]) + (" …" if len(untold) > MOST_PLACES else "")
        found.append(
            _(
                "Pictures without words for who can't see them, in %(n)s questions: %(places)s",
                n=len(untold),
                places=places,
            )
        )
    return found
