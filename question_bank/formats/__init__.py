"""Readers and writers of question files: the format is named or found, each question stands or falls alone."""

from __future__ import annotations

from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import _
from question_bank.authoring import cleaned
from question_bank.formats import delimited, excel, gift, objects
from question_bank.formats.reading import AS_SENT, Changes, Reading, Refusal

FORMATS = ("gift", "excel", "csv", "json")
"""What can be read."""
LATER = ("aiken", "moodle-xml", "qti", "text", "docx")
"""What has a name but no reader yet."""
LARGEST_FILE = 50 << 20
"""Bytes."""
LARGEST_TEXT = 20 << 20
_BY_SUFFIX = {
    "gift": "gift",
    "xlsx": "excel",
    "xls": "excel",
    "xlsm": "excel",
    "ods": "excel",
    "csv": "csv",
    "tsv": "csv",
    "json": "json",
}
_READERS = {"gift": gift.read, "json": objects.read}


def read(
    data: bytes, file_name: str, format: str = "auto", encoding: str | None = None, changes: Changes = AS_SENT
) -> Reading:
    """The questions of a file. Refused as a whole when it can't be read at all, is of another format, or a bomb.

    `format` is auto or one of FORMATS; `encoding` overrides the guess for text files (see `kernel.text.decode`);
    `changes` is what somebody says about tables.
    """
    if format in LATER:
        raise Refused(_("Files of the format %(name)s can't be read yet.", name=format), format=format)
    if format not in {"auto", *FORMATS}:
        raise Refused(_("There is no format called %(name)s.", name=format[:40]), format=format)
    if not data.strip():
        raise Refused(_("The file is empty."))
    if len(data) > LARGEST_FILE:
        raise Refused(_("The file is larger than %(n)s MB.", n=LARGEST_FILE >> 20))
    reading = _read(data, file_name, format, encoding, changes)
    _clean(reading)
    if not reading.questions and not reading.refused and not (changes.at_desk and reading.tables):
        raise Refused(_("There are no questions in this file."))
    return reading


def _clean(reading: Reading) -> None:
    """Every draft as it would be stored; what can't be stored is refused here, before anybody accepts it."""
    kept = []
    for draft in reading.questions:
        try:
            kept.append(cleaned(draft))
        except Refused as error:
            reading.refuse(draft.where, error)
    reading.questions[:] = kept


def _read(data: bytes, file_name: str, format: str, encoding: str | None, changes: Changes) -> Reading:
    if format == "excel" or (format == "auto" and excel.looks_like(data)):
        return excel.read(data, changes)
    if excel.looks_like(data):
        raise Refused(_("This is a workbook or an archive, not a file of the format %(name)s.", name=format))
    if len(data) > LARGEST_TEXT:
        raise Refused(_("The file is larger than %(n)s MB.", n=LARGEST_TEXT >> 20))
    text = decode(data, encoding)
    found = format if format != "auto" else _found(text, file_name, at_desk=changes.at_desk)
    return delimited.read(text, changes) if found == "csv" else _READERS[found](text)


def _found(text: str, file_name: str, *, at_desk: bool) -> str:
    """The format of a text: by its name's ending if the content agrees, else by its content."""
    named = _BY_SUFFIX.get(file_name.rpartition(".")[2].casefold())
    if named == "gift" or (named == "csv" and delimited.looks_like(text)):
        return named
    start = text.lstrip("\ufeff \t\r\n")[:200]
    if objects.looks_like(text):
        return "json"
    if start.startswith("<"):
        raise Refused(_("XML and HTML files can't be read yet."), format="moodle-xml")
    if delimited.looks_like(text):
        return "csv"
    if gift.looks_like(text):
        return "gift"
    if named == "json" or (named == "csv" and at_desk):
        return named
    raise Refused(_("The format of this file can't be told. Formats: %(names)s.", names=", ".join(FORMATS)))


__all__ = ["FORMATS", "LATER", "Reading", "Refusal", "read"]
