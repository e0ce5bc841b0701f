"""A file as it was written, and the one way to write it: each question is read back before it is let out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.reading import Refusal, reason_of
from question_bank.formats.rich_text import shown
from question_bank.formats.sameness import is_same, lost

Files = Mapping[str, bytes]
"""The bytes of pictures and sounds by name, as `question_bank.media` names them."""
Said = TypeVar("Said")


@dataclass
class Written:
    """A file; the questions that its format can't say, by title or stem; a sentence for each thing it doesn't keep."""

    data: bytes
    left_out: list[Refusal] = field(default_factory=list)
    lost: list[Message] = field(default_factory=list)


def name_of(draft: QuestionDraft) -> str:
    """What a report calls a question: its title, or the beginning of its text."""
    return draft.title or text_of(draft.stem_html)[:60] or shown(draft.stem_html)[:60]


def keep(
    drafts: Iterable[QuestionDraft],
    label: str,
    say: Callable[[QuestionDraft], Said | None],
    read_back: Callable[[QuestionDraft, Said], Iterable[QuestionDraft]],
    kept: Collection[str],
) -> tuple[list[tuple[QuestionDraft, Said]], Written]:
    """The questions as a format says them, and a file without content yet that lists what is left out or lost.

    A question is left out when `say` gives nothing for it, or when what it gives would be read back as another one;
    `kept` names what the format keeps beside the question itself (see `sameness`).
    """
    found: list[tuple[QuestionDraft, Said]] = []
    written = Written(b"")
    for draft in map(cleaned, drafts):
        reason = _("The format %(name)s can't say all of this question.", name=label)
        try:
            said = say(draft)
            if said is not None and is_same(draft, read_back(draft, said), kept):
                found.append((draft, said))
                continue
        except Refused as error:
            reason = reason_of(error)
        written.left_out.append(Refusal(name_of(draft), reason))
    written.lost = lost([draft for draft, _said in found], kept)
    return found, written
