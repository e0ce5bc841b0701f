"""A file of questions with the place of each in it, read with what somebody corrected by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode, encoding_of
from learnhub.kernel.words import Message, _
from question_bank import formats
from question_bank.formats import own_form, xml_stream
from question_bank.formats.amending import BY_LINES, Amended, Block, amend, lines_of
from question_bank.formats.json_banks.json_text import loaded
from question_bank.formats.moodle import exported as moodle_xml
from question_bank.formats.reading import Cells, Changes, Reading, Refusal, Words

LARGEST_SOURCE = 20_000
"""Characters of a question's source that can be corrected."""
_TEXTS = {*BY_LINES, "csv", "json"}


@dataclass(frozen=True)
class Asked:
    """How a file is to be read: what somebody chose or corrected after looking at it."""

    format: str = "auto"
    encoding: str | None = None
    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """For a table's name, what each of its columns holds."""
    corrections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By the key of a source: `text` (with `first` and `last`, the lines it stands for) or `cells` by position."""
    left_out: tuple[str, ...] = ()
    """Keys of what shall not come in."""
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For the name of a list of objects, what each of their fields holds."""
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For the name of a table or a list, what its codes of kinds mean."""
    is_recalled: bool = False
    """What the columns or fields hold was told of an earlier file."""

    def as_json(self) -> dict[str, Any]:
        """For the register."""
        return {
            "format": self.format,
            "encoding": self.encoding,
            "columns": {name: {str(at): role for at, role in one.items()} for name, one in self.columns.items()},
            "fields": {name: dict(one) for name, one in self.fields.items()},
            "kinds": {name: dict(one) for name, one in self.kinds.items()},
            "corrections": {key: dict(one) for key, one in self.corrections.items()},
            "left_out": list(self.left_out),
            "is_recalled": self.is_recalled,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Asked:
        """From the register."""
        columns = kept.get("columns", {})
        return cls(
            kept.get("format") or "auto",
            kept.get("encoding"),
            {name: {int(at): role for at, role in one.items()} for name, one in columns.items()},
            kept.get("corrections", {}),
            tuple(kept.get("left_out", ())),
            kept.get("fields", {}),
            kept.get("kinds", {}),
            kept.get("is_recalled", False),
        )


@dataclass(frozen=True)
class Source:
    """Where a question stands: lines of a text, a row's cells, a piece of text, or nothing but a key.

    `is_written_anew`: the file is no text, so a correction is the whole question as `own_form` writes it; `written` is
    that text. `key` names it in corrections, `position` sorts it; `first` and `last` are lines of the file as sent.
    """

    key: str
    position: tuple[Any, ...] = ()
    first: int = 0
    last: int = 0
    text: str = ""
    heads: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    corrected: bool = False
    is_written_anew: bool = False
    written: str = ""

    @property
    def can_be_corrected(self) -> bool:
        """Whether there is a source, and not too much of it."""
        return self.is_written_anew or bool(self.cells) or 0 < len(self.text) <= LARGEST_SOURCE


@dataclass
class Sourced:
    """A reading, the encoding of a text (None: no text), and the source of each place."""

    reading: Reading
    encoding: str | None = None
    sources: dict[str, Source] = field(default_factory=dict)

    def source(self, where: str) -> Source:
        """The source of a question or refusal at a place."""
        return self.sources.get(where) or Source(where, _natural(where))


def read(data: bytes, file_name: str, asked: Asked, found: str = "", *, at_desk: bool = True) -> Sourced:
    """Read a file as `formats.read` does, with corrections; `found` is the format that it had without them.

    Refused when it can't be read at all.
    """
    format = found if asked.format == "auto" and asked.corrections and found else asked.format
    cells = {
        key: {int(at): str(text) for at, text in one["cells"].items()}
        for key, one in asked.corrections.items()
        if "cells" in one
    }
    changes = Changes(asked.columns, asked.fields, asked.kinds, cells, at_desk)
    texts = {key: one for key, one in asked.corrections.items() if "text" in one}
    amended: Amended | None = None
    is_xml = moodle_xml.looks_like(data) and (found or format) in {"", "auto", moodle_xml.NAME}
    encoding = told = xml_stream.encoding_of(data, asked.encoding) if is_xml else asked.encoding
    sent = data
    if texts and format in BY_LINES:
        amended = amend(lines_of(decode(data, encoding), format), texts)
        data, encoding = "\n".join(amended.lines).encode(), "utf-8"
    elif texts and format == "json":
        data, encoding = _with_objects(decode(data, encoding), texts).encode(), "utf-8"
    reading = formats.read(data, file_name, format, encoding, changes)
    sourced = Sourced(reading)
    anew = {} if reading.format in {*BY_LINES, "json"} else {key: str(one["text"]) for key, one in texts.items()}
    _write_anew(reading, anew)
    if reading.format in _TEXTS:
        sourced.encoding = encoding_of(sent, told)
    _find_sources(sourced, data, encoding, amended, asked)
    return sourced


def _find_sources(sourced: Sourced, data: bytes, encoding: str | None, amended: Amended | None, asked: Asked) -> None:
    reading = sourced.reading
    if reading.format in BY_LINES:
        amended = amended or amend(lines_of(decode(data, encoding), reading.format), {})
        blocks = amended.blocks(reading)
        _move(reading, {where: block.where for where, block in blocks.items()})
        for block in blocks.values():
            sourced.sources.setdefault(block.where, _of_block(block))
    elif reading.format == "json":
        found = loaded(decode(data, encoding))
        for where in _places(reading):
            text = _object_text(found, where)
            sourced.sources[where] = Source(where, _natural(where), text=text, corrected=where in asked.corrections)
    else:
        for where in _places(reading):
            known = reading.sources.get(where)
            if not isinstance(known, Cells):
                text = known.text if isinstance(known, Words) else ""
                written = str(asked.corrections.get(where, {}).get("text", ""))
                sourced.sources[where] = Source(
                    where,
                    _natural(where),
                    text=text,
                    corrected=bool(written),
                    is_written_anew=True,
                    written=written,
                )
        for position, (where, source) in enumerate(reading.sources.items()):
            if isinstance(source, Cells):
                sourced.sources[where] = Source(
                    where,
                    ((0, position),),
                    heads=source.heads,
                    cells=source.cells,
                    corrected=where in asked.corrections,
                )


def _write_anew(reading: Reading, written: Mapping[str, str]) -> None:
    """Put what somebody wrote instead of a question or refusal in its place; what was remarked on is done with."""
    for key, text in written.items():
        at = next((n for n, draft in enumerate(reading.questions) if draft.where == key), len(reading.questions))
        before = reading.questions[at] if at < len(reading.questions) else None
        if before is None and all(one.where != key for one in reading.refused):
            raise Refused(_("The place %(where)s is not in this file.", where=key))
        found = own_form.read(text, key, before)
        reading.questions[at : at + 1] = found.questions
        reading.refused[:] = [one for one in reading.refused if one.where != key] + found.refused
        reading.warnings[:] = [one for one in reading.warnings if one.params.get("where") != key]


def _of_block(block: Block) -> Source:
    return Source(
        block.key,
        ((0, block.first),),
        first=block.first,
        last=block.last,
        text=block.text,
        corrected=block.corrected,
    )


def _places(reading: Reading) -> list[str]:
    return [draft.where for draft in reading.questions] + [one.where for one in reading.refused]


def _move(reading: Reading, moved: Mapping[str, str]) -> None:
    """Name places as they are in the file that was sent, in questions, refusals and warnings."""
    if all(old == new for old, new in moved.items()):
        return
    reading.questions[:] = [replace(draft, where=moved.get(draft.where, draft.where)) for draft in reading.questions]
    reading.refused[:] = [Refusal(moved.get(one.where, one.where), _told(one.reason, moved)) for one in reading.refused]
    reading.warnings[:] = [_told(one, moved) for one in reading.warnings]


def _told(message: Message, moved: Mapping[str, str]) -> Message:
    params = {
        name: _told(value, moved)
        if isinstance(value, Message)
        else moved.get(value, value)
        if isinstance(value, str)
        else value
        for name, value in message.params.items()
    }
    return Message(message.text, message.plural, params)


def _with_objects(text: str, corrections: Mapping[str, Mapping[str, Any]]) -> str:
    found = loaded(text)
    for key, one in corrections.items():
        parent, _slash, last = key.rpartition("/")
        try:
            inside = _at(found, parent)
            value = json.loads(one["text"])
            if isinstance(inside, list):
                inside[int(last)] = value
            else:
                inside[last] = value
        except (LookupError, TypeError):
            raise Refused(_("The place %(where)s is not in this file.", where=key)) from None
        except ValueError as error:
            raise Refused(_("This is not JSON: %(why)s", why=str(error)[:200])) from None
    return json.dumps(found, ensure_ascii=False)


def _object_text(found: Any, where: str) -> str:
    try:
        text = json.dumps(_at(found, where), ensure_ascii=False, indent=1)
    except (LookupError, TypeError, ValueError):
        return ""
    return text if len(text) <= LARGEST_SOURCE else ""


def _at(found: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def _natural(where: str) -> tuple[tuple[int, Any], ...]:
    """Places in the order of their numbers: `item 9` before `item 10`."""
    parts: Sequence[str] = re.split(r"(\d+)", where)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)
