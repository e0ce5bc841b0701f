"""Questions as JSON in our own form, with their pictures and sounds: nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from learnhub.kernel.words import _
from question_bank import media
from question_bank.authoring import QuestionDraft
from question_bank.formats import lossless
from question_bank.formats.reading import Refusal
from question_bank.formats.written import Files, Written, name_of

MOST_FILES = 32 << 20
"""Bytes of pictures and sounds in one file; they take a third more there."""


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """Everything; questions whose files would make the file larger than what can be read are left out."""
    kept: list[QuestionDraft] = []
    taken: dict[str, bytes] = {}
    left_out: list[Refusal] = []
    room = MOST_FILES
    for draft in drafts:
        new = {name: files[name] for name in media.names_of(draft) if name in files and name not in taken}
        size = sum(map(len, new.values()))
        if size > room:
            left_out.append(Refusal(name_of(draft), _("Its pictures and sounds no longer fit into one file.")))
            continue
        room -= size
        taken |= new
        kept.append(draft)
    return Written(lossless.write(kept, taken), left_out)
