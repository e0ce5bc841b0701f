"""Questions written out as files: the writer of a format by its name, and what happens to pictures and sounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank import media
from question_bank.authoring import QuestionDraft
from question_bank.formats import aiken, excel_writing, gift_writing, json_writing, text_writing
from question_bank.formats.moodle import writing as moodle_writing
from question_bank.formats.qti import writing as qti_writing
from question_bank.formats.reading import Refusal
from question_bank.formats.written import Files, Written, name_of


@dataclass(frozen=True)
class Writer:
    """A format that can be written: the ending of its files, and whether it has a place for pictures and sounds."""

    suffix: str
    write: Callable[[Sequence[QuestionDraft], Files], Written]
    carries_files: bool = False


_WRITERS = {
    "gift": Writer("gift", gift_writing.write),
    "aiken": Writer("txt", aiken.write),
    "moodle-xml": Writer("xml", moodle_writing.write, carries_files=True),
    "qti": Writer("zip", qti_writing.write, carries_files=True),
    "excel": Writer("xlsx", excel_writing.write),
    "text": Writer("txt", text_writing.write),
    "json": Writer("json", json_writing.write, carries_files=True),
}
FORMATS = tuple(_WRITERS)
"""What can be written."""
SUFFIXES = {name: writer.suffix for name, writer in _WRITERS.items()}


def write(drafts: Sequence[QuestionDraft], format: str, files: Files | None = None) -> Written:
    """The questions as a file of that format; Refused when there is no writer for it.

    Each question is read back as it was written: one that would come back another is left out instead. `files` holds
    their pictures and sounds by name; a format that has no place for them leaves such questions out.
    """
    writer = _WRITERS.get(format)
    if writer is None:
        raise Refused(_("Questions can't be written as %(name)s yet.", name=format[:40]), format=format)
    if writer.carries_files:
        return writer.write(drafts, files or {})
    plain = [draft for draft in drafts if not media.names_of(draft)]
    written = writer.write(plain, {})
    written.left_out += [_with_files(draft, format) for draft in drafts if media.names_of(draft)]
    return written


def _with_files(draft: QuestionDraft, format: str) -> Refusal:
    return Refusal(
        name_of(draft), _("The format %(name)s has no place for the pictures and sounds of this question.", name=format)
    )


__all__ = ["FORMATS", "SUFFIXES", "Written", "write"]
