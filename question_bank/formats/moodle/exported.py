"""Moodle XML, the export of the most used learning platform: read into drafts, question by question."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats import xml_stream
from question_bank.formats.carries import BOTH, Carried, both, only_read
from question_bank.formats.gift import category_path
from question_bank.formats.moodle.kinds import made
from question_bank.formats.moodle.texts import Texts, is_true, value_of
from question_bank.formats.reading import Reading, Refusal
from question_bank.formats.resting import source_among, source_and_clause
from question_bank.formats.rich_text import html_of
from question_bank.fractions import decimal
from question_bank.kinds import kind

NAME = "moodle-xml"
CARRIES = Carried(
    "Difficulty is not written. Not kept when reading, with a warning that counts the questions: penalties for further"
    " tries, options kept in order, feedback for right or wrong answers as a whole, capital letters that count,"
    " hidden questions, descriptions of categories. Types without a like here are refused by name:"
    " random, randomsamatch, coderunner, stack and others.",
    {
        "single_choice": both("A mark below zero is left out."),
        "multiple_choice": both("A mark below zero is left out."),
        "true_false": BOTH,
        "fill_in": only_read("Gap fill (gapfill); its patterns are refused."),
        "short_answer": both("Capital and small letters count as the same here."),
        "numerical": both(
            "Ranges, significant figures and relative tolerances are left out. Calculated questions are read with the"
            " first set of numbers in the file."
        ),
        "matching": both(
            "Multiple true/false (mtf), Kprime and matrices with one column right in a row are read so; and places in"
            " a picture (ddmarker, ddimageortext), by numbers drawn on it."
        ),
        "ordering": both(
            "Scoring “exact” is left out; ways to mark that are not known here become the nearest, with a warning."
        ),
        "cloze": both("Weights that are no whole numbers, ranges, and several choices in the line are left out."),
        "drag_text": both(
            "Missing words with lists (gapselect) and gap fill with words shown are read as drag into text; written as"
            " ddwtos."
        ),
        "select_text": only_read("Word select (wordselect)."),
        "essay": both("A rubric is left out. Files beside the text are not read; a template comes in as plain text."),
        "file_upload": both("Written as an essay without a text field. A rubric is left out."),
        "description": BOTH,
    },
)
LARGEST_FILE = 200 << 20
"""Bytes; pictures stand inside the file."""
_LOOKS = re.compile(rb"<quiz[\s>/]|<question\s[^>]{0,200}\btype\s*=")
_SAID_ABOVE = re.compile(rb"\A[^<\0]{1,3000}\n[ \t]*(?=<(?:\?xml\b[^>]{0,200}\?>\s*<)?quiz[\s>])")
"""What a chat says above the file that it wrote, with the fence below that (```xml)."""


def looks_like(data: bytes) -> bool:
    """Whether the beginning of a file has the marks of Moodle XML."""
    start = data[:20_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return (start.startswith(b"<") or _SAID_ABOVE.match(start) is not None) and _LOOKS.search(start) is not None


def read(data: bytes, encoding: str | None = None) -> Reading:
    """Every question of a file; a malformed one costs only itself. Refused when it is no XML or a bomb."""
    reading = Reading(NAME)
    texts = Texts(reading)
    category, line = "", 0
    if above := _SAID_ABOVE.match(data):
        data = b"\n" * above[0].count(b"\n") + data[above.end() :]
    for number, piece in enumerate(xml_stream.pieces(xml_stream.as_utf8(data, encoding), "question"), 1):
        where = f"line {piece.line}" if piece.line != line else f"question {number}"
        line = piece.line
        if piece.element is None:
            reading.refused.append(Refusal(where, piece.fault or _("The question is not well formed.")))
        elif piece.element.get("type", "").strip() == "category":
            category = category_path(texts.raw(piece.element.find("category")))
            if texts.raw(piece.element.find("info")):
                texts.lost["information"] += 1
        else:
            take(reading, texts, piece.element, category, where)
    reading.warnings += texts.warnings()
    return reading


def take(reading: Reading, texts: Texts, question: Element, category: str, where: str) -> None:
    """Add a question to a reading, or list it as refused."""
    texts.begin(where, question)
    try:
        draft = _draft(question, texts, category)
        kind(draft.kind).validate(draft.content)
    except Refused as error:
        reading.refuse(where, error)
    else:
        _note_what_is_lost(question, texts, draft)
        texts.end()
        reading.questions.append(draft)


def _draft(question: Element, texts: Texts, category: str) -> QuestionDraft:
    name, content, stem = made(question, texts)
    named = html_of(texts.raw(question.find("name")), "moodle")
    title = text_of(named)
    if not stem.strip() and title:
        stem, title = named, ""
    source, tags = source_among([tag for tag in map(value_of_tag, question.iterfind(".//tag")) if tag])
    mark = value_of(question, "defaultgrade") or str(_sum_of_weights(content))
    return QuestionDraft(
        kind=name,
        stem_html=stem,
        content=content,
        title=title,
        mark=0 if name == "description" else _thousandths(mark),
        category=category,
        tags=tags,
        explanation_html=texts.html(question.find("generalfeedback")),
        where=texts.where,
        external_id=value_of(question, "idnumber"),
        hints=tuple(filter(None, map(texts.html, question.findall("hint")))),
        **source_and_clause(source),
    )


def value_of_tag(tag: Element) -> str:
    """The word of a tag."""
    return (tag.findtext("text") or tag.text or "").strip()


def _sum_of_weights(content: dict[str, Any]) -> int:
    return sum(int(part["weight"]) for part in content.get("parts", [])) or 1


def _thousandths(text: str) -> int:
    return int((decimal(text.replace(",", ".")) * 1000).quantize(Decimal(1), ROUND_HALF_EVEN))


def _note_what_is_lost(question: Element, texts: Texts, draft: QuestionDraft) -> None:
    if decimal(value_of(question, "penalty", "0") or "0") and draft.kind not in {"essay", "file_upload", "description"}:
        texts.lose("penalty")
    if any(texts.raw(question.find(f"{part}feedback")) for part in ("correct", "partiallycorrect", "incorrect")):
        texts.lose("feedback")
    if is_true(value_of(question, "hidden", "0")):
        texts.lose("hidden")
