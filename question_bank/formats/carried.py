"""What each format carries of each kind: declared beside the readers and writers, shown in `docs/formats.md`."""

from __future__ import annotations

from question_bank.formats import (
    aiken,
    delimited,
    docx,
    excel,
    gift,
    h5p,
    objects,
    qti,
    text,
)
from question_bank.formats.carries import Carried, Carries
from question_bank.formats.moodle import backup as moodle_backup
from question_bank.formats.moodle import exported as moodle_xml
from question_bank.kinds import KINDS

NAMES = {
    gift.NAME: "GIFT",
    aiken.NAME: "Aiken",
    moodle_xml.NAME: "Moodle XML",
    qti.NAME: "QTI",
    excel.NAME: "Excel",
    delimited.NAME: "CSV",
    text.NAME: "Plain text",
    docx.NAME: "Word",
    objects.NAME: "JSON",
    h5p.NAME: "H5P",
    moodle_backup.NAME: "Moodle backup",
}
"""Formats by the name that the command line knows, and what people call them."""
CARRIED: dict[str, Carried] = {
    gift.NAME: gift.CARRIES,
    aiken.NAME: aiken.CARRIES,
    moodle_xml.NAME: moodle_xml.CARRIES,
    qti.NAME: qti.CARRIES,
    excel.NAME: excel.CARRIES,
    delimited.NAME: delimited.CARRIES,
    text.NAME: text.CARRIES,
    docx.NAME: docx.CARRIES,
    objects.NAME: objects.CARRIES,
    h5p.NAME: h5p.CARRIES,
    moodle_backup.NAME: moodle_backup.CARRIES,
}
_INTRODUCTION = """\
# Formats of question files

What is read and written of each kind, and what is lost on the way. This page is made from what the readers and writers
declare (`question_bank/formats`), and a test holds it against what they do; `LEARNHUB_WRITE_DOCS=1 pytest
tests/question_bank/formats/test_carried.py` writes it anew.

`read` and `written` mean that a question of that kind comes in from the format, and goes out to it and comes back the
same. A question that would come back another is left out of the file, and the export names it with the reason.

"""


def as_markdown() -> str:
    """The page: a table of kinds and formats, then format by format what is lost."""
    formats = list(CARRIED)
    lines = [_INTRODUCTION + "| kind | " + " | ".join(NAMES[one] for one in formats) + " |"]
    lines.append("| --- |" + " --- |" * len(formats))
    lines += [
        f"| {KINDS[kind].label} | " + " | ".join(_cell(CARRIED[one][kind]) for one in formats) + " |" for kind in KINDS
    ]
    for one in formats:
        lines += ["", f"## {NAMES[one]}", "", CARRIED[one].about, ""]
        lines += [f"- {KINDS[kind].label}: {CARRIED[one][kind].lost}" for kind in KINDS if CARRIED[one][kind].lost]
    return "\n".join(lines).rstrip() + "\n"


def _cell(found: Carries) -> str:
    return " · ".join(word for word, holds in (("read", found.read), ("written", found.written)) if holds) or "–"
