"""Word files: paragraphs with automatic numbers, tables, marked answers, pictures in their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import docx

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats import text as plain_text
from question_bank.formats.carries import Carried, only_read
from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, number_of, options_of
from question_bank.formats.reading import AS_SENT, Changes, Reading, Words
from question_bank.formats.sheets.sheet_heads import find_header
from question_bank.formats.sheets.tables import read_sheet
from question_bank.formats.sheets.unheaded import columns_of_cells
from question_bank.formats.signs import has_signs, html_of_signs
from question_bank.formats.text import read_lines
from question_bank.formats.word_cards import lines_of_card, lines_of_key, lines_of_pairs, lines_of_rows
from question_bank.formats.word_lists import W, lists_of
from question_bank.formats.word_paragraphs import Source, lines_of_paragraph
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
WIDEST = 60
"""Columns that one cell can take."""


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
    lines = list(_lines(document.element.body, source, reading, _Places(changes)))
    read_lines(reading, lines)
    _note_words(reading, lines)
    reading.warnings = source.warnings + reading.warnings
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
    return Source(lists_of(element), picture_of, list_of_style)


class _Places:
    """How many paragraphs and tables have gone by."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self.paragraphs = self.tables = 0
        self.above = ""
        """The last paragraph with a text."""

    def paragraph(self) -> str:
        self.paragraphs += 1
        if self.paragraphs > MOST_PARAGRAPHS:
            raise Refused(_("The file has more than %(n)s paragraphs.", n=MOST_PARAGRAPHS))
        return f"paragraph {self.paragraphs}"


def _lines(body: Any, source: Source, reading: Reading, places: _Places) -> Iterator[Line]:
    for child in body:
        name = str(child.tag).rpartition("}")[2]
        if name == "p":
            found = lines_of_paragraph(child, source, places.paragraph())
            places.above = next((line.text for line in reversed(found) if line.text.strip()), places.above)
            yield from found
            yield from _boxes(child, source, reading, places)
        elif name == "tbl":
            places.tables += 1
            yield from _table(child, source, reading, places)
        elif name in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _lines(child, source, reading, places)


def _boxes(paragraph: Any, source: Source, reading: Reading, places: _Places) -> Iterator[Line]:
    """The lines of text boxes that hang on a paragraph, where they hold questions; others are named, and left out."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if any(str(one.tag).rpartition("}")[2] in {"Fallback", "txbxContent"} for one in box.iterancestors()):
            continue
        where = f"paragraph {places.paragraphs}"
        lines = list(_lines(box, source, reading, places))
        if any(number_of(one.text) or answer_of(one.text) or options_of(one.text, "A") for one in lines):
            yield from lines
        else:
            source.warn(_("%(where)s: a text box was left out.", where=where))


def _table(table: Any, source: Source, reading: Reading, places: _Places) -> Iterator[Line]:
    """A table of questions goes to the reader of tables; a table of a layout gives its cells as lines."""
    number, above_table = places.tables, places.above
    rows = [[list(_lines(cell, source, reading, places)) for cell in _cells(row)] for row in table.iter(f"{W}tr")]
    texts = [["\n".join(line.text for line in cell).strip() for cell in row] for row in rows]
    grid = _grid(table, texts)
    where = [f"table {number}, row {at}" for at in range(1, len(rows) + 1)]
    if find_header(grid) is not None or columns_of_cells(grid) is not None:
        read_sheet(reading, f"table {number}", grid, where, places.changes)
        return
    key = lines_of_key(texts)
    if key is not None:
        is_told = keys.is_key_heading(above_table) or heading_of(above_table) is not None
        yield from () if is_told or key[0][1].startswith("题号") else (Line(where[0], "参考答案"),)
        yield from (Line(where[min(at, len(where) - 1)], piece) for at, text in key for piece in text.split("\n"))
        return
    card = lines_of_card(texts) or lines_of_rows(texts) or lines_of_pairs(texts)
    if card is not None:
        yield from (Line(where[at], piece) for at, text in card for piece in text.split("\n"))
        return
    above = ""
    for at, (row, row_texts) in enumerate(zip(rows, texts, strict=True)):
        joined = " | ".join(text.replace("\n", " ") for text in row_texts)
        is_of_key = keys.begins_table(joined) or bool(above and keys.of_table(above, joined, ""))
        above = joined if keys.begins_table(joined) else ""
        if _is_layout(row) and not is_of_key:
            for cell in row:
                yield from (Line(where[at], line.text, line.marked) for line in cell)
        else:
            yield Line(where[at], joined)


def _grid(table: Any, texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """The texts by columns: what is merged downwards stands in each of its rows, what is merged sideways once."""
    out: list[list[str]] = []
    for row, told in zip(table.iter(f"{W}tr"), texts, strict=True):
        left, cells = iter(told), list[str]()
        for cell in row.iter(f"{W}tc"):
            span, merged = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            above = out[-1][len(cells)] if goes_on and out and len(cells) < len(out[-1]) else ""
            width = int(span.get(f"{W}val", "1")) if span is not None else 1
            cells += [above if goes_on else next(left, ""), *[""] * (min(width, WIDEST) - 1)]
        out.append(cells)
    return out


def _cells(row: Any) -> Iterator[Any]:
    for cell in row.iter(f"{W}tc"):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is None or merged.get(f"{W}val") == "restart":
            yield cell


def _is_layout(row: list[list[Line]]) -> bool:
    """Whether a row's cells hold questions, options or answers, not data."""
    if len([cell for cell in row if any(line.text.strip() for line in cell)]) <= 1:
        return True
    for cell in row:
        for line in cell:
            if options_of(line.text, "") or answer_of(line.text) or len(cell) > 2:
                return True
            number = number_of(line.text)
            if number and number.style != "space":
                return True
    return False
