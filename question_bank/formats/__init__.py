"""Readers and writers of question files: the format is named or found, each question stands or falls alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from learnhub.kernel import page_tables
from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import _
from question_bank import media
from question_bank.authoring import cleaned
from question_bank.formats import (
    aiken,
    checking,
    delimited,
    docx,
    embedded,
    excel,
    foreign,
    gift,
    h5p,
    lossless,
    objects,
    qti,
)
from question_bank.formats import text as plain_text
from question_bank.formats.fillers import without_fillers
from question_bank.formats.json_banks import json_text, literals, script_lists
from question_bank.formats.moodle import backup as moodle_backup
from question_bank.formats.moodle import exported as moodle_xml
from question_bank.formats.papers import text2qti
from question_bank.formats.reading import AS_SENT, Changes, Reading, Refusal

FORMATS = ("gift", "aiken", "moodle-xml", "qti", "excel", "csv", "text", "docx", "json", "h5p", "moodle-backup")
"""What can be read."""
LARGEST_FILE = 50 << 20
"""Bytes."""
LARGEST_TEXT = 20 << 20
Source = TypeVar("Source")


@dataclass(frozen=True)
class Reader(Generic[Source]):
    """A format, how it knows a source (bytes or decoded text) that it can read, and what reads it."""

    name: str
    looks_like: Callable[[Source], bool]
    read: Callable[[Source], Reading]


_OF_BYTES: tuple[Reader[bytes], ...] = (
    Reader("docx", lambda data: docx.is_old(data) or docx.looks_like(data), docx.read),
    Reader("h5p", h5p.looks_like, h5p.read),
    Reader(moodle_backup.NAME, moodle_backup.looks_like, moodle_backup.read),
    Reader("qti", qti.looks_like, qti.read),
    Reader("excel", excel.looks_like, excel.read),
    Reader(moodle_xml.NAME, moodle_xml.looks_like, moodle_xml.read),
)
"""What tells by its bytes, in the order in which it is asked: archives from the surest to any other, then XML."""
_OF_TEXT: tuple[Reader[str], ...] = (
    Reader("h5p", lambda text: json_text.looks_like(text) and h5p.looks_like_text(text), h5p.read_text),
    Reader("json", json_text.looks_like, objects.read),
    Reader("text", text2qti.looks_like, plain_text.read),
    Reader("text", plain_text.says_answers, plain_text.read),
    Reader("text", plain_text.holds_more_than_aiken, plain_text.read),
    Reader("aiken", aiken.looks_like, aiken.read),
    Reader("csv", delimited.looks_like, delimited.read),
    Reader("gift", gift.looks_like, gift.read),
    Reader("text", plain_text.looks_like, plain_text.read),
    Reader("text", plain_text.reads_as_paper, plain_text.read),
)
"""What tells by its text, in the order in which it is asked."""


def read(
    data: bytes, file_name: str, format: str = "auto", encoding: str | None = None, changes: Changes = AS_SENT
) -> Reading:
    """The questions of a file. Refused as a whole when it can't be read at all, is of another format, or a bomb.

    `format` is auto or one of FORMATS; `encoding` overrides the guess for text files (see `kernel.text.decode`);
    `changes` is what somebody says about tables.
    """
    if format not in {"auto", *FORMATS}:
        raise Refused(_("There is no format called %(name)s.", name=format[:40]), format=format)
    if not data.strip():
        raise Refused(_("The file is empty."))
    is_moodle_xml = format in {"auto", moodle_xml.NAME} and moodle_xml.looks_like(data)
    _refuse_larger(data, moodle_xml.LARGEST_FILE if is_moodle_xml else LARGEST_FILE)
    reading = moodle_xml.read(data, encoding) if is_moodle_xml else _read(data, file_name, format, encoding, changes)
    _clean(reading)
    if not reading.questions and not reading.refused and not (changes.at_desk and reading.tables):
        raise Refused(_("There are no questions in this file."))
    return reading


def _refuse_larger(data: bytes, largest: int) -> None:
    if len(data) > largest:
        raise Refused(_("The file is larger than %(n)s MB.", n=largest >> 20))


def _read(data: bytes, file_name: str, format: str, encoding: str | None, changes: Changes) -> Reading:
    foreign.refuse(data)
    asked = next((one for one in _OF_BYTES if one.name == format), None)
    if asked is not None and (format != h5p.NAME or data.startswith(b"PK")):
        return _of_bytes(asked, data, changes)
    found = next((one for one in _OF_BYTES if one.looks_like(data)), None)
    if found is None and format == "auto" and _is_page_of_tables(data, file_name):
        return excel.read(data, changes)
    if found is not None and (format == "auto" or docx.is_old(data)):
        return _of_bytes(found, data, changes)
    if excel.looks_like(data):
        raise Refused(_("This is a workbook or an archive, not a file of the format %(name)s.", name=format))
    _refuse_larger(data, LARGEST_FILE if lossless.is_ours(data) else LARGEST_TEXT)
    text = decode(data, encoding)
    name = _found(text, file_name, at_desk=changes.at_desk) if format == "auto" else format
    if name == delimited.NAME:
        return delimited.read(text, changes)
    if name == objects.NAME:
        return objects.read(text, objects.kind_of_file(file_name), changes)
    return next(one for one in _OF_TEXT if one.name == name).read(text)


def _is_page_of_tables(data: bytes, file_name: str) -> bool:
    """Whether a file is a page that a program sends as a workbook, or a page of tables that calls itself a page."""
    is_named = file_name.rpartition(".")[2].casefold() in {"xls", "xlsx", "et", "htm", "html"}
    return page_tables.looks_like(data) and (is_named or page_tables.is_of_2003(data))


def _of_bytes(reader: Reader[bytes], data: bytes, changes: Changes) -> Reading:
    if reader.name == excel.NAME:
        foreign.refuse_archive(data)
        return excel.read(data, changes)
    return docx.read(data, changes) if reader.name == docx.NAME else reader.read(data)


def _found(text: str, file_name: str, *, at_desk: bool) -> str:
    """The format of a text: by its name's ending if the content agrees, else by its content."""
    ending = file_name.rpartition(".")[2].casefold()
    if ending == "gift" or (ending in {"csv", "tsv"} and (at_desk or delimited.looks_like(text))):
        return "gift" if ending == "gift" else "csv"
    if ending in literals.ENDINGS:
        if script_lists.values_of(text) is None:
            raise Refused(
                _("This script holds no lists of plain data: what it calls or names elsewhere can't be read.")
            )
        return "json"
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<") and not (plain_text.folds_answers(text) or gift.begins_in_html(start)):
        raise Refused(_("This XML or HTML is none of the formats that can be read."))
    found = next((one for one in _OF_TEXT if one.looks_like(text)), None)
    if found is not None:
        return found.name
    if ending == "json":
        return "json"
    raise Refused(
        _(
            "The format of this file can't be told: nothing in it looks like a question. Word, Excel, CSV, plain "
            "text, GIFT, Aiken, Moodle XML and backups, QTI, H5P and JSON are read; where it is one of these, name the "
            "format."
        )
    )


def _clean(reading: Reading) -> None:
    """Every draft as it would be stored; what can't be stored is refused here, before anybody accepts it."""
    kept = []
    for draft in reading.questions:
        try:
            whole, left_out = without_fillers(draft)
            found = cleaned(whole)
        except Refused as error:
            reading.refuse(draft.where, error)
            continue
        found, warnings = checking.looked_at(found)
        reading.warnings += left_out + embedded.left_out(whole) + warnings
        kept.append(found)
    reading.questions[:] = kept
    if reading.files:
        _tidy_files(reading)


def _tidy_files(reading: Reading) -> None:
    """Files without what cameras noted, under the names of what is left; those that may not be kept are named."""
    reading.files, names, refused = media.tidied(reading.files)
    changed = {old: new for old, new in names.items() if old != new}
    for n, draft in enumerate(reading.questions):
        reading.questions[n] = media.renamed(draft, changed)
        reading.warnings += [
            _("%(where)s: the file %(name)s can't be kept.", where=draft.where, name=name)
            for name in sorted(media.names_of(draft) & set(refused))
        ]


__all__ = ["FORMATS", "Reading", "Refusal", "read"]
