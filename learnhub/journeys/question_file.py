"""A file of questions as it would come into a bank: read, compared with it, and each question judged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from learnhub.audit.imports import Report
from learnhub.journeys import bank_files
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank import authoring, catalogue, media, told_shapes
from question_bank.authoring import QuestionDraft, Ready
from question_bank.finding import likeness, within
from question_bank.finding.texts import words_of
from question_bank.fingerprints import fingerprint
from question_bank.formats import objects, sourced
from question_bank.formats.reading import Reading, Refusal, Table
from question_bank.formats.sourced import Asked, Source
from question_bank.models import Bank

MOST_READY = 20_000
"""Questions of a file that are made ready to be written before anything is locked; of a longer file the first."""
Stamp = tuple[int, int, int]
"""Three numbers that change whenever a question of a bank comes, goes or is rewritten; zeros while there is no bank."""


def stamp_of(bank: Bank | None) -> Stamp:
    return (bank.id, *catalogue.stamp_of(bank)) if bank is not None else (0, 0, 0)


@dataclass(frozen=True)
class Near:
    """A question that is nearly the same: one of the bank by its id, or one of the file by its place.

    `share` is the part of what they say that they have in common, in percent.
    """

    share: int
    question_id: int | None = None
    where: str = ""


@dataclass(frozen=True)
class Judged:
    """A question of the file that can be asked, and why it is left out, if it is."""

    draft: QuestionDraft
    known: Message | None = None
    near: Near | None = None
    left_out: bool = False
    """By hand."""


@dataclass
class Looked:
    """A file as it would come in: its questions in order, those refused, and what the sender should know."""

    format: str
    questions: list[Judged] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    left: list[Refusal] = field(default_factory=list)
    """What is refused and was left out by hand; its reason is why it is refused."""
    encoding: str | None = None
    tables: list[Table] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)
    """How it was read, with what the bank remembers of files of its shape."""
    stamp: Stamp = (0, 0, 0)
    """Of the bank, from before it was compared with: what differs later may have changed what is known."""

    ready: list[Ready] = field(default_factory=list)
    """Of what would be written, so many as were made ready beforehand."""

    @property
    def new(self) -> list[Judged]:
        """What would be written."""
        return [one for one in self.questions if one.known is None]

    def make_ready(self) -> None:
        """Do the work of writing that needs no database, so that others wait less while it is written."""
        if not self.ready:
            self.ready = [authoring.ready(one.draft) for one in self.new[:MOST_READY]]

    def to_write(self) -> list[QuestionDraft | Ready]:
        """What is written, in order."""
        return [*self.ready, *(one.draft for one in self.new[len(self.ready) :])]

    def report(self) -> Report:
        """The report before anything is written."""
        known = [one.known for one in self.questions if one.known is not None]
        known += [_left_out(one.where) for one in self.left]
        return {
            "format": self.format,
            "imported": len(self.new),
            "updated": 0,
            "skipped": len(known),
            "refused": [{"where": one.where, "reason": one.reason} for one in self.refused],
            "warnings": [*self.warnings, *known],
            "ids": [],
            "undo": None,
        }


def look(
    data: bytes,
    file_name: str,
    bank: Bank | None,
    asked: Asked,
    *,
    found: str = "",
    at_desk: bool = False,
    recall: bool = False,
) -> Looked:
    """Read a file and compare it with the bank (None: there is none yet). Refused when it can't be read at all.

    `found` is the format that the file had before anything was corrected; `at_desk` keeps tables whose columns are
    still to be told; with `recall` it is read as somebody told of an earlier file of its shape.
    """
    if recall and bank is not None:
        asked = recalled(data, file_name, bank, asked)
    read = sourced.read(data, file_name, asked, found, at_desk=at_desk)
    reading = read.reading
    looked = Looked(
        reading.format,
        warnings=[*([_RECALLED] if asked.is_recalled else []), *reading.warnings],
        asked=asked,
        encoding=read.encoding,
        tables=reading.tables,
        sources={where: read.source(where) for where in _places(reading)},
        files=reading.files,
        stamp=stamp_of(bank),
    )
    looked.warnings += bank_files.warnings_about(reading.questions, reading.files)
    reading.questions[:] = [
        media.told_instead(draft, bank_files.missing_of(draft, reading.files)) for draft in reading.questions
    ]
    left_out = set(asked.left_out)
    for one in reading.refused:
        (looked.left if looked.sources[one.where].key in left_out else looked.refused).append(one)
    in_bank = authoring.known_fingerprints(bank) if bank is not None else {}
    in_file: dict[str, str] = {}
    for draft in reading.questions:
        if looked.sources[draft.where].key in left_out:
            looked.questions.append(Judged(draft, _left_out(draft.where), left_out=True))
            continue
        print_ = fingerprint(draft)
        looked.questions.append(Judged(draft, _why_known(draft, print_, in_bank, in_file)))
        in_file.setdefault(print_, draft.where)
    return looked


_RECALLED = _("The fields were read as somebody told for an earlier file of this shape.")


def recalled(data: bytes, file_name: str, bank: Bank, asked: Asked) -> Asked:
    """How a file is to be read, with what was told of an earlier file of its shape that came into the bank."""
    if not told_shapes.has_any(bank.id):
        return asked
    try:
        reading = sourced.read(data, file_name, asked, at_desk=True).reading
    except Refused:
        return asked
    told = told_shapes.recalled(bank.id, reading.tables, are_lists=reading.format == objects.NAME)
    if told is None:
        return asked
    return replace(asked, columns=told.columns, fields=told.fields, kinds=told.kinds, is_recalled=True)


def _places(reading: Reading) -> list[str]:
    return [one.where for one in reading.questions] + [one.where for one in reading.refused]


def _left_out(where: str) -> Message:
    return _("%(where)s: left out by hand.", where=where)


def find_near(looked: Looked, bank: Bank | None) -> None:
    """Note for each question that would be written which one it is nearly the same as, of the bank or of the file."""
    words = {
        number: words_of(one.draft.title, one.draft.stem_html, one.draft.content)
        for number, one in enumerate(looked.questions)
        if one.known is None or one.left_out
    }
    in_bank = likeness.like(bank.id, words) if bank is not None else {}
    left_out = {number for number, one in enumerate(looked.questions) if one.left_out}
    in_file = within.like_before(words, left_out)
    for number, judged in enumerate(looked.questions):
        of_bank, of_file = next(iter(in_bank.get(number, ())), None), in_file.get(number)
        if of_bank is not None and (of_file is None or of_bank.share >= of_file.share):
            near = Near(int(of_bank.share * 100), question_id=of_bank.question_id)
        elif of_file is not None:
            near = Near(int(of_file.share * 100), where=looked.questions[of_file.question_id].draft.where)
        else:
            continue
        looked.questions[number] = replace(judged, near=near)


def _why_known(draft: QuestionDraft, print_: str, in_bank: dict[str, int], in_file: dict[str, str]) -> Message | None:
    if print_ in in_file:
        return _("%(where)s: the same question stands at %(first)s; skipped.", where=draft.where, first=in_file[print_])
    if print_ in in_bank:
        return _("%(where)s: the bank has this question already; skipped.", where=draft.where)
    return None


class Verdict(StrEnum):
    """What becomes of a question of a file."""

    IN = "in"
    REMARK = "remark"
    """It comes in, and somebody should look at it."""
    REFUSED = "refused"
    SKIPPED = "skipped"
    """The bank or the file has it already, or it was left out by hand."""


@dataclass(frozen=True)
class Item:
    """A question of a file where it stands in it, with what becomes of it and why."""

    where: str
    source: Source
    verdict: Verdict
    reasons: tuple[Message, ...] = ()
    draft: QuestionDraft | None = None
    near: Near | None = None
    left_out: bool = False
    """By hand."""

    def as_json(self) -> dict[str, Any]:
        """For the dry run; reasons are Messages."""
        near = self.near and {
            "percent": self.near.share,
            "question": str(self.near.question_id) if self.near.question_id else None,
            "where": self.near.where or None,
        }
        return {"where": self.where, "verdict": str(self.verdict), "reasons": list(self.reasons), "near": near}


def items_of(looked: Looked) -> list[Item]:
    """Everything that stands in the file, in its order."""
    remarks: dict[str, list[Message]] = {}
    for one in looked.warnings:
        remarks.setdefault(str(one.params.get("where", "")), []).append(one)
    found = [_item(looked, one, tuple(remarks.get(one.draft.where, ()))) for one in looked.questions]
    found += [Item(one.where, looked.sources[one.where], Verdict.REFUSED, (one.reason,)) for one in looked.refused]
    found += [
        Item(one.where, looked.sources[one.where], Verdict.SKIPPED, (one.reason,), left_out=True) for one in looked.left
    ]
    return sorted(found, key=lambda one: one.source.position)


def _item(looked: Looked, judged: Judged, remarks: tuple[Message, ...]) -> Item:
    where, near = judged.draft.where, judged.near
    if judged.known is not None:
        verdict, remarks = Verdict.SKIPPED, (judged.known,)
    else:
        verdict = Verdict.REMARK if remarks or near is not None else Verdict.IN
    return Item(where, looked.sources[where], verdict, remarks, judged.draft, near, judged.left_out)
