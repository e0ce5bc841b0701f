"""Word files: paragraphs with automatic numbers, tables, marked answers, pictures in their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats import text as plain_text
from question_bank.formats.carries import Carried, only_read
from question_bank.formats.moodle.texts import Texts
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.keys import compact, is_key_heading
from question_bank.formats.papers.page_copies import running_heads
from question_bank.formats.papers.part_names import with_parts_counted
from question_bank.formats.papers.shapes import answer_of, number_of, options_of
from question_bank.formats.reading import AS_SENT, Changes, Reading, Words
from question_bank.formats.signs import has_signs, html_of_signs
from question_bank.formats.text import read_lines
from question_bank.formats.word_chunks import body_of, relation_of
from question_bank.formats.word_hidden import (
    notes_of,
    shortened,
    with_boxes_ticked,
    with_plain_letters,
    with_verdicts_told,
)
from question_bank.formats.word_lists import W, lists_of
from question_bank.formats.word_moodle import is_question, read_question
from question_bank.formats.word_paragraphs import CONTENTS, Source, lines_of_paragraph
from question_bank.formats.word_quizzes import is_quiz_of_text2qti, read_quiz
from question_bank.formats.word_tables import Table, cells_of, lines_of_table, rows_of
from question_bank.media import ADDRESS

NAME = "docx"
CARRIES = Carried(
    "Word files of today are read, with automatic numbers, tables and pictures; not written. An old .doc is refused. A"
    " bold, red, underlined or highlighted option is right.",
    dict.fromkeys(plain_text.CARRIES, only_read())
    | {"multiple_choice": only_read("The right options share the mark equally.")},
)
_LIMITS = Limits(entries=2_000, total_bytes=120 << 20, file_bytes=60 << 20, ratio=200)
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_PICTURE = 10 << 20
"""Bytes."""
MOST_PARAGRAPHS = 100_000


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of a Word file of today: a zip with a folder `word`."""
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        with open_archive(data, _LIMITS) as archive:
            names = {entry.name for entry in archive.members()}
    except Refused:
        return False
    return "[Content_Types].xml" in names and any(name.startswith("word/document") for name in names)


def is_old(data: bytes) -> bool:
    """Whether this is a .doc: the compound file of Word 97."""
    return data[:8] == _OLD and "WordDocument".encode("utf-16-le") in data


def read(data: bytes, changes: Changes = AS_SENT) -> Reading:
    """Every question of a Word file. Refused when it is none, an old .doc, or one made to exhaust the reader."""
    if is_old(data):
        raise Refused(_("This is an old Word file (.doc). Open it in Word or WPS, save it as .docx, and send that."))
    _check(data)
    try:
        document = docx.Document(BytesIO(data))
        source = _source(document)
    except Refused:
        raise
    except Exception:  # python-docx lets through whatever a broken package raises
        raise Refused(_("This is not a Word file that can be read.")) from None
    reading = Reading(NAME)
    reading.files = source.files
    places = _Places(changes, Texts(reading))
    lines = list(_lines(document.element.body, source, reading, places))
    heads = running_heads("\n".join(line.text for line in lines))
    lines = [line for line in lines if line.where not in places.names and line.text.strip() not in heads]
    lines = [with_plain_letters(line) for line in with_boxes_ticked(with_verdicts_told(lines))]
    if is_quiz_of_text2qti("\n".join(line.text for line in lines)):
        read_quiz(reading, lines)
    else:
        read_lines(reading, with_parts_counted(lines))
    _note_words(reading, lines)
    reading.warnings = source.warnings + reading.warnings + places.texts.warnings()
    return reading


def _note_words(reading: Reading, lines: Sequence[Line]) -> None:
    """For each place that has no cells, the lines from it up to the next place."""
    places = {one.where for one in reading.questions} | {one.where for one in reading.refused}
    places -= set(reading.sources)
    where, found = "", dict[str, list[str]]()
    for line in lines:
        where = line.where if line.where in places else where
        found.setdefault(where, []).append(line.text)
    for place in places & set(found):
        text = "\n".join(found[place]).strip()
        reading.sources[place] = Words(html_of_signs(text, ADDRESS).replace("<br>", "\n") if has_signs(text) else text)


def _check(data: bytes) -> None:
    with open_archive(data, _LIMITS) as archive:
        for entry in archive.members():
            if entry.name.endswith((".xml", ".rels")):
                text = archive.read(entry.name)
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Refused(_("The file declares XML entities and is refused."))


def _source(document: Any) -> Source:
    part = document.part
    numbering = next(
        (one.target_part for one in part.rels.values() if not one.is_external and one.reltype.endswith("/numbering")),
        None,
    )
    styles = {style.style_id: style.element for style in document.styles}

    def picture_of(relation: str) -> bytes | None:
        found = part.rels.get(relation)
        if found is None or found.is_external:
            return None
        data = found.target_part.blob
        return data if len(data) <= LARGEST_PICTURE else None

    def chunk_of(relation: str) -> Any:
        found = part.rels.get(relation)
        return None if found is None or found.is_external else body_of(found.target_part.blob)

    def list_of_style(style_id: str, depth: int = 0) -> tuple[str, int] | None:
        style = styles.get(style_id)
        if style is None or depth > 10:
            return None
        numbered = style.find(f"{W}pPr/{W}numPr")
        if numbered is not None:
            num, level = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
            if num is not None:
                return num.get(f"{W}val", "0"), int(level.get(f"{W}val", "0")) if level is not None else 0
        based = style.find(f"{W}basedOn")
        return list_of_style(based.get(f"{W}val", ""), depth + 1) if based is not None else None

    element = getattr(numbering, "element", None) if numbering is not None else None
    levels = {style.style_id: _level_of_style(style.name or "") for style in document.styles}
    notes = {kind: notes_of(part, kind) for kind in ("footnote", "endnote", "comment")}
    return Source(lists_of(element), picture_of, list_of_style, chunk_of, levels, notes)


_CONTENTS_STYLE = re.compile(r"toc(?: \d| heading)|目录 ?\d?", re.IGNORECASE)
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)


def _level_of_style(name: str) -> int:
    if _CONTENTS_STYLE.fullmatch(name):
        return CONTENTS
    found = _HEADING_STYLE.fullmatch(name)
    return int(found.group(1)) if found else 0


class _Places:
    """How many paragraphs and tables have gone by."""

    def __init__(self, changes: Changes, texts: Texts) -> None:
        self.changes, self.texts = changes, texts
        self.paragraphs = self.tables = 0
        self.above = ""
        """The last paragraph with a text."""
        self.titles: list[tuple[int, str, str]] = []
        """The last heading of each level, as far as they reach: its level, its place and its text."""
        self.names: set[str] = set()
        """The places of headings that name a question or its category."""

    def title(self, level: int, where: str, text: str) -> None:
        """A heading: it ends those of its level and below."""
        self.titles = [one for one in self.titles if one[0] < level] + [(level, where, text)]

    def names_of_question(self) -> tuple[str, str]:
        """The category and the name that headings give the table below them."""
        self.names |= {where for _level, where, _text in self.titles}
        texts = [text for _level, _where, text in self.titles]
        return "/".join(texts[:-1]), texts[-1] if texts else ""

    def paragraph(self) -> str:
        self.paragraphs += 1
        if self.paragraphs > MOST_PARAGRAPHS:
            raise Refused(_("The file has more than %(n)s paragraphs.", n=MOST_PARAGRAPHS))
        return f"paragraph {self.paragraphs}"


def _lines(body: Any, source: Source, reading: Reading, places: _Places) -> Iterator[Line]:
    for child in body:
        name = str(child.tag).rpartition("}")[2]
        if name == "p":
            where = places.paragraph()
            if source.is_of_contents(child):
                continue
            found = lines_of_paragraph(child, source, where)
            places.above = next((line.text for line in reversed(found) if line.text.strip()), places.above)
            if (level := source.level_of(child)) > 0 and "".join(line.text for line in found).strip():
                places.title(level, where, " ".join(line.text for line in found).strip())
                if len(found) == 1 and not found[0].is_item and not number_of(found[0].text):
                    found = [replace(found[0], title=level)]
            yield from found
            yield from _boxes(child, source, reading, places)
        elif name == "tbl":
            places.tables += 1
            yield from _table(child, source, reading, places)
        elif name == "altChunk":
            chunk = source.chunk_of(relation_of(child))
            if chunk is None:
                source.warn(_("Text that the file takes from another one was left out."))
            else:
                yield from _lines(chunk, source, reading, places)
        elif name in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _lines(child, source, reading, places)


def _boxes(paragraph: Any, source: Source, reading: Reading, places: _Places) -> Iterator[Line]:
    """The lines of text boxes that hang on a paragraph, where they hold questions; others are named, and left out."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if any(str(one.tag).rpartition("}")[2] in {"Fallback", "txbxContent"} for one in box.iterancestors()):
            continue
        where = f"paragraph {places.paragraphs}"
        lines = list(_lines(box, source, reading, places))
        if any(_is_of_paper(one.text) for one in lines):
            yield from lines
        else:
            said = shortened(" ".join(one.text for one in lines))
            source.warn(_("%(where)s: a text box was left out: %(text)s", where=where, text=said))


def _is_of_paper(text: str) -> bool:
    is_of_question = number_of(text) or answer_of(text) or options_of(text, "A")
    return bool(is_of_question) or is_key_heading(text) or len(compact(text, "")) > 1


def _table(table: Any, source: Source, reading: Reading, places: _Places) -> Iterator[Line]:
    """The lines of a table; its questions go into the reading where it holds them as tables do."""
    number, above = places.tables, places.above
    rows = [[list(_lines(cell, source, reading, places)) for cell in cells_of(row)] for row in rows_of(table)]
    found = Table(table, rows, f"table {number}", above)
    if is_question(found.texts):
        read_question(reading, places.texts, found.texts, places.names_of_question(), found.where)
    else:
        yield from lines_of_table(found, reading, places.changes)
