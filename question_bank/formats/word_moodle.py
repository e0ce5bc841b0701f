"""Tables in which Moodle's plugin for Word keeps its questions: one table a question, its type by a code (MC, TF …)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from learnhub.kernel.words import _
from question_bank.formats.moodle.exported import take
from question_bank.formats.moodle.texts import Texts
from question_bank.formats.reading import Reading, Refusal
from question_bank.formats.rich_text import html_of

_TYPES = {
    "MC": "multichoice",
    "MA": "multichoice",
    "MS": "multichoice",
    "TF": "truefalse",
    "SA": "shortanswer",
    "NUM": "numerical",
    "MAT": "matching",
    "MW": "gapselect",
    "DDT": "ddwtos",
    "ES": "essay",
    "DE": "description",
    "CL": "cloze",
    "DDI": "ddimageortext",
    "DDM": "ddmarker",
}
_LABEL = re.compile(r"[:：?？]\s*$")
_MARK = re.compile(r"mark|grade|weight|分|note|punkt|punt", re.IGNORECASE)
_ID = re.compile(r"\bid\b|编号|標識|标识", re.IGNORECASE)
_TAGS = re.compile(r"tags?|标签", re.IGNORECASE)
_HINT = re.compile(r"hint|提示", re.IGNORECASE)
_GENERAL = re.compile(r"general|通用|总体|一般|整体", re.IGNORECASE)
_OWN = {"MC", "MA", "MS", "SA", "NUM", "TF"}
"""Codes whose rows hold an answer, its feedback and its share of the mark."""

Rows = Sequence[Sequence[str]]


def is_question(rows: Rows) -> bool:
    """Whether a table is a question of Moodle's: its code in the first row, settings, and a head of columns below."""
    if len(rows) < 3 or _code(rows) not in _TYPES or not rows[0][0].strip():
        return False
    return _head(rows) is not None


def read_question(reading: Reading, texts: Texts, rows: Rows, names: tuple[str, str], where: str) -> None:
    """Add the question of a table to a reading. `names` are its category and its own, from the headings above it."""
    if _code(rows) == "CL":
        why = _("The gaps of a Moodle cloze can't be told in a table of Word; export it as Moodle XML and send that.")
        reading.refused.append(Refusal(where, why))
        return
    take(reading, texts, _element(rows, names[1]), names[0], where)


def _code(rows: Rows) -> str:
    told = [cell.strip() for cell in rows[0] if cell.strip()]
    return told[-1] if len(told) > 1 else ""


def _told(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _head(rows: Rows) -> int | None:
    """The row above the answers: the first below the settings, which are a label and a value each."""
    for at, row in enumerate(rows[1:], 1):
        told = _told(row)
        if told and _LABEL.search(told[0]) and len(told) < 3:
            continue
        return at if at > 1 and len(row) >= 4 else None
    return None


def _element(rows: Rows, name: str) -> Element:
    code, head = _code(rows), _head(rows) or 0
    question = Element("question", {"type": _TYPES[code]})
    _put(question, "name", name)
    _put(question, "questiontext", rows[0][0])
    if code in {"MC", "MA", "MS"}:
        SubElement(question, "single").text = "true" if code == "MC" else "false"
    for row in rows[1:head]:
        _put_setting(question, _told(row))
    below = rows[head + 1 :]
    end = next((n for n, row in enumerate(below) if _is_feedback(row)), len(below))
    for row in below[:end]:
        _put_answer(question, code, row)
    for n, row in enumerate(below[end:]):
        _put_feedback(question, row, is_first=n == 0)
    return question


def _is_feedback(row: Sequence[str]) -> bool:
    return not row[0].strip() and len(row) > 1 and _LABEL.search(row[1]) is not None and not row[-1].strip()


def _put(parent: Element, name: str, text: str, **more: str) -> Element:
    element = SubElement(parent, name, {"format": "html", **more})
    SubElement(element, "text").text = html_of(text.strip(), "auto") if name != "name" else text.strip()
    return element


def _put_setting(question: Element, told: list[str]) -> None:
    if len(told) < 2:
        return
    label, value = told[0], told[-1]
    if _ID.search(label):
        SubElement(question, "idnumber").text = value
    elif _MARK.search(label) and question.find("defaultgrade") is None and re.fullmatch(r"\d+(?:[.,]\d+)?", value):
        SubElement(question, "defaultgrade").text = value


def _put_answer(question: Element, code: str, row: Sequence[str]) -> None:
    cells = [*row, "", "", "", ""]
    if code in _OWN and cells[1].strip():
        answer = _put(question, "answer", cells[1], fraction=cells[3].strip() or "0")
        if code in {"TF", "SA", "NUM"}:
            answer[0].text = cells[1].strip()
        _put(answer, "feedback", cells[2])
    elif code == "MAT" and (cells[1].strip() or cells[2].strip()):
        _put(_put(question, "subquestion", cells[1]), "answer", cells[2])
    elif code in {"MW", "DDT"} and cells[1].strip():
        choice = _put(question, "selectoption" if code == "MW" else "dragbox", cells[1])
        SubElement(choice, "group").text = cells[3].strip() or "1"
    elif code == "ES":
        _put(question, "responsetemplate", cells[1])
        _put(question, "graderinfo", cells[2])


def _put_feedback(question: Element, row: Sequence[str], *, is_first: bool) -> None:
    label, text = row[1], row[2] if len(row) > 2 else ""
    if _TAGS.search(label):
        tags = SubElement(question, "tags")
        for word in re.split(r"[,，;；]", text):
            _put(tags, "tag", word)
    elif _HINT.search(label):
        _put(question, "hint", text)
    elif is_first or _GENERAL.search(label):
        _put(question, "generalfeedback", text)
    elif text.strip():
        _put(question, "correctfeedback", text)
