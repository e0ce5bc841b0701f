"""Moodle backups (`.mbz`): the questions of their banks, each in its newest version, read as Moodle XML is.

The lists of a backup are tables of Moodle's database written as elements: `questions.xml` has categories and in them
questions (Moodle 2 and 3), or entries with versions of a question (4 and later). Each is put into the elements of
Moodle XML, and its reader does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, SubElement

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _, n_
from question_bank.formats import xml_stream
from question_bank.formats.carries import Carried, only_read
from question_bank.formats.moodle import exported
from question_bank.formats.moodle.backup_files import (
    QUESTIONS,
    Backup,
    Place,
    files_of_questions,
    looks_like,
    opened,
    said,
    take_media,
)
from question_bank.formats.moodle.backup_questions import Translating, hashes_shown
from question_bank.formats.moodle.texts import Texts
from question_bank.formats.reading import Reading

NAME = "moodle-backup"
CARRIES = Carried(
    "Backups of courses, activities and banks (.mbz, zip or tar.gz) of Moodle 2 to 5, or their questions.xml alone:"
    " every question of their banks, in its newest version that is no draft, with category, hints, tags, pictures and"
    " sounds; not written. Random questions are left out with a word, and what is lost of Moodle XML is lost here too."
    " The add-ons in wide use are read as in Moodle XML, others are refused by name.",
    {
        "single_choice": only_read(),
        "multiple_choice": only_read(),
        "true_false": only_read(),
        "short_answer": only_read("Capital and small letters count as the same here."),
        "numerical": only_read("Calculated questions are read with the first set of numbers in the backup."),
        "matching": only_read("Also rows and columns, and places in a picture, as in Moodle XML."),
        "ordering": only_read(),
        "cloze": only_read("Its parts stand apart in the backup and are put back into the text."),
        "drag_text": only_read("Also missing words with lists (gapselect)."),
        "fill_in": only_read("Gap fill (gapfill)."),
        "select_text": only_read("Word select (wordselect)."),
        "essay": only_read(),
        "file_upload": only_read(),
        "description": only_read(),
    },
)


@dataclass
class _Found:
    """A question as it stands in the list: the ids of its category and entry, its version, and its element."""

    category: str
    entry: str
    version: int
    status: str
    element: Element

    @property
    def rank(self) -> tuple[bool, int]:
        """What is newer ranks higher; a draft ranks below all that is ready."""
        return self.status != "draft", self.version


def read(data: bytes) -> Reading:
    """Every question of a backup. Refused when it holds none, is too old, or is a bomb."""
    backup = opened(data)
    names: dict[str, tuple[str, str]] = {}
    kept: dict[str, _Found] = {}
    parts: dict[str, Element] = {}
    random = 0
    for one in _questions(backup.lists[QUESTIONS], names):
        if said(one.element.findtext("qtype")) == "random":
            random += 1
        elif said(one.element.findtext("parent")) not in {"", "0"}:
            parts[one.element.get("id", "")] = one.element
        elif one.entry not in kept or one.rank >= kept[one.entry].rank:
            kept[one.entry] = one
    reading = _read(backup, list(kept.values()), parts, names)
    if random:
        reading.warnings.append(
            n_(
                "%(n)s random question was left out: it draws from other questions, which a quiz does here.",
                "%(n)s random questions were left out: they draw from other questions, which a quiz does here.",
                n=random,
            )
        )
    return reading


def _read(backup: Backup, kept: list[_Found], parts: dict[str, Element], names: dict[str, tuple[str, str]]) -> Reading:
    reading = Reading(NAME)
    texts = Texts(reading)
    places: dict[Place, list[tuple[str, str]]] = files_of_questions(backup)
    elements = [one.element for one in kept]
    take_media(backup, hashes_shown([*elements, *parts.values()], places))
    translating = Translating(parts, places, backup.media)
    for one in kept:
        where = f"question {one.element.get('id', '')}"
        try:
            question = translating.as_moodle_xml(one.element)
        except Refused as error:
            reading.refuse(where, error)
            continue
        if one.status == "draft":
            texts.lost["draft"] += 1
        exported.take(reading, texts, question, _path(one.category, names), where)
    reading.warnings += texts.warnings()
    return reading


def _path(category: str, names: dict[str, tuple[str, str]]) -> str:
    """The names of a category and those above it, but for the root that every bank has."""
    found: list[str] = []
    seen: set[str] = set()
    while category in names and category not in seen:
        seen.add(category)
        name, category = names[category]
        if name != "top" or category not in {"", "0"}:
            found.append(name.replace("/", "\uff0f"))
    return "/".join(reversed(found))


def _questions(data: bytes, names: dict[str, tuple[str, str]]) -> Iterator[_Found]:
    """Every question in order; `names` is filled with the name and the parent of each category by its id."""
    inside: list[Element] = []
    depth_of_question = elements = count = 0
    try:
        for event, element in iterparse(BytesIO(xml_stream.as_utf8(data)), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                inside.append(element)
                elements += 1
                if len(inside) > xml_stream.DEEPEST:
                    raise Refused(_("This XML is nested too deeply."))
                if _is_question(inside) and not depth_of_question:
                    depth_of_question, elements = len(inside), 0
                if depth_of_question and elements > xml_stream.MOST_ELEMENTS:
                    raise Refused(_("A question of this file has too many elements."))
                continue
            if len(inside) == depth_of_question:
                depth_of_question, count = 0, count + 1
                if count > xml_stream.MOST_PIECES:
                    raise Refused(_("The file has more than %(n)s questions; divide it.", n=xml_stream.MOST_PIECES))
                yield _found(inside)
                inside[-2].remove(element)
            elif element.tag == "question_category":
                names[element.get("id", "")] = (said(element.findtext("name")), said(element.findtext("parent")))
                inside[-2].remove(element)
            inside.pop()
    except DefusedXmlException:
        raise Refused(_("The file declares entities or refers to other files, which is not taken.")) from None
    except ParseError as error:
        raise Refused(_("This is not well-formed XML: %(why)s", why=str(error))) from None


def _is_question(inside: list[Element]) -> bool:
    return inside[-1].tag == "question" and len(inside) > 1 and inside[-2].tag == "questions"


def _found(inside: list[Element]) -> _Found:
    element = inside[-1]
    category = next((one.get("id", "") for one in reversed(inside) if one.tag == "question_category"), "")
    entry = next((one for one in reversed(inside) if one.tag == "question_bank_entry"), None)
    version = next((one for one in reversed(inside) if one.tag == "question_versions"), None)
    number, status = (
        ("", "") if version is None else map(said, (version.findtext("version"), version.findtext("status")))
    )
    if entry is not None and element.find("idnumber") is None:
        SubElement(element, "idnumber").text = said(entry.findtext("idnumber"))
    if status == "hidden":
        SubElement(element, "hidden").text = "1"
    return _Found(
        category,
        entry.get("id", "") if entry is not None else f"question {element.get('id', '')}",
        int(number) if number.isdecimal() else 0,
        status,
        element,
    )


__all__ = ["CARRIES", "NAME", "looks_like", "read"]
