"""A paper and its key as PDF: Chinese with embedded fonts, questions kept together. The same paper, the same bytes."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from learnhub.kernel.typesetting import BOLD, REGULAR, can_be_bold, fitting, glyphs
from learnhub.kernel.words import Message, _
from question_bank.paper_parts import Part, Say, heading, marks_in_digits
from question_bank.printing.drawn import FormulaCanvas
from question_bank.printing.flow import Open, flowables
from question_bank.printing.questions import ALL_THAT_ARE_RIGHT, Line, Printed, printed
from question_bank.rubric_rule import rule

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN - 4 * mm
INDENT = 8 * mm
WRITING_LINE = 9 * mm
GREY = colors.HexColor("#565d68")


@dataclass(frozen=True)
class Item:
    """A question of the paper: what its version asks, the order of what is shuffled, and its mark in thousandths."""

    kind: str
    stem_html: str
    content: dict[str, Any]
    order: Sequence[str]
    mark: int
    explanation_html: str = ""


@dataclass(frozen=True)
class Heading:
    """What stands above the questions, in the language of the paper; `foot` is on every page."""

    title: str
    variant: str
    facts: str
    fields: Sequence[str]
    """Labels of what the sitter fills in, such as a name and a number."""
    foot: str


def render(
    head: Heading,
    items: Sequence[Item],
    open_picture: Open,
    say: Say,
    *,
    key: bool = False,
    parts: Sequence[Part] = (),
) -> bytes:
    """The pages of a paper, or of its key; `parts` divide its questions in their order. Refused when a character
    can't be drawn."""
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=head.title,
        creator="LearnHub",
        invariant=1,
        initialFontName=REGULAR,
    )

    def each_page(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, 10 * mm, fitting(head.foot))
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(page.page))
        canvas.restoreState()

    story = [*_top(head, say, key), *_questions(items, parts, open_picture, say, key)]
    template.build(story, onFirstPage=each_page, onLaterPages=each_page, canvasmaker=FormulaCanvas)
    return out.getvalue()


@functools.cache
def _styles() -> dict[str, ParagraphStyle]:
    glyphs(REGULAR)
    glyphs(BOLD)
    plain = ParagraphStyle("plain", fontName=REGULAR, fontSize=10.5, leading=16, wordWrap="CJK")
    return {
        "plain": plain,
        "title": ParagraphStyle("title", parent=plain, fontSize=17, leading=24, alignment=1),
        "facts": ParagraphStyle("facts", parent=plain, fontSize=9, leading=13, alignment=1, textColor=GREY),
        "part": ParagraphStyle("part", parent=plain, fontSize=12, leading=18, spaceBefore=4, spaceAfter=4),
        "small": ParagraphStyle("small", parent=plain, fontSize=9, leading=13, textColor=GREY),
    }


def _top(head: Heading, say: Say, key: bool) -> list[Any]:
    top: list[Any] = [_in_bold(f"{head.title} {head.variant}".strip(), "title")]
    if key:
        top.append(Paragraph(escape(fitting(say(_("Answer key")))), _styles()["facts"]))
    top.append(Paragraph(escape(fitting(head.facts)), _styles()["facts"]))
    if head.fields and not key:
        blanks = "&nbsp;&nbsp;&nbsp;&nbsp;".join(f"{escape(fitting(one))}: ________________" for one in head.fields)
        top += [Spacer(1, 3 * mm), Paragraph(blanks, _styles()["plain"])]
    return [*top, Spacer(1, 2 * mm), HRFlowable(width="100%", color=GREY, thickness=0.6), Spacer(1, 3 * mm)]


def _questions(items: Sequence[Item], parts: Sequence[Part], open_picture: Open, say: Say, key: bool) -> list[Any]:
    """The questions with numbers that run through all parts; a part's heading stays with its first question."""
    begins = _beginnings(parts)
    out: list[Any] = []
    part: Part | None = None
    number = 0
    for item in items:
        asks = item.kind != "description"
        above: list[Any] = []
        if asks and number in begins:
            part = begins[number]
            above = [_in_bold(heading(part, list(begins).index(number) + 1, say), "part")]
        number += asks
        shown = printed(item.kind, item.stem_html, item.content, item.order, say)
        for inner, mark in zip(shown.parts, _shares(item), strict=False):
            inner.prefix += say(_marks(mark)) if mark else ""
        label = f"{number}." if asks else ""
        worth = say(_marks(item.mark)) if asks and not (part and part.is_even) else ""
        if item.kind == "multiple_choice" and part is None and not key:
            worth += f" {say(ALL_THAT_ARE_RIGHT)}"
        if key and asks:
            out.append(_key(label + worth, shown, item, open_picture, above, say))
        elif not key:
            out.append(_question(label + worth, shown, open_picture, above))
    return out


def _beginnings(parts: Sequence[Part]) -> dict[int, Part]:
    """The parts by how many questions stand before them."""
    found, before = {}, 0
    for part in parts:
        found[before] = part
        before += len(part.marks)
    return found


def _in_bold(text: str, style: str) -> Paragraph:
    shown = escape(fitting(text))
    return Paragraph(f'<font name="{BOLD}">{shown}</font>' if can_be_bold(text) else shown, _styles()[style])


def _question(prefix: str, shown: Printed, open_picture: Open, above: Sequence[Any]) -> Any:
    block = _blocks(shown, open_picture, WIDTH, prefix=prefix)
    return KeepTogether([*above, *block, Spacer(1, 3 * mm)])


def _blocks(shown: Printed, open_picture: Open, width: float, prefix: str = "") -> list[Any]:
    block: list[Any] = flowables(shown.stem_html, _styles()["plain"], width, open_picture, prefix)
    if shown.beside:
        left, right = (_lines(lines, open_picture, width / 2 - INDENT) for lines in (shown.lines, shown.beside))
        block.append(Table([[left, right]], colWidths=[width / 2] * 2, style=_bare()))
    elif shown.lines:
        block += _lines(shown.lines, open_picture, width - INDENT)
    for part in shown.parts:
        block += _blocks(part, open_picture, width, prefix=part.prefix)
    if shown.room:
        rows = [[""]] * shown.room
        lines = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, GREY), ("FONT", (0, 0), (-1, -1), REGULAR)])
        block.append(Table(rows, colWidths=[width], rowHeights=WRITING_LINE, style=lines))
    return block


def _lines(lines: Sequence[Line], open_picture: Open, width: float) -> list[Any]:
    rows = [
        [
            Paragraph(escape(fitting(line.label)), _styles()["plain"]),
            flowables(line.html, _styles()["plain"], width, open_picture) or "",
        ]
        for line in lines
    ]
    return [Table(rows, colWidths=[INDENT, width], style=_bare(), hAlign="LEFT")] if rows else []


def _bare() -> TableStyle:
    return TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
    )


def _key(prefix: str, shown: Printed, item: Item, open_picture: Open, above: Sequence[Any], say: Say) -> Any:
    block: list[Any] = flowables(shown.key_html or "—", _styles()["plain"], WIDTH, open_picture, prefix)
    block += [Paragraph(escape(fitting(one)), _styles()["small"]) for one in _rules(item, say)]
    if item.explanation_html:
        block += flowables(item.explanation_html, _styles()["small"], WIDTH, open_picture)
    return KeepTogether([*above, *block, Spacer(1, 1.5 * mm)])


def _rules(item: Item, say: Say) -> Iterator[str]:
    """How the points of the question's rubric become marks on this paper, or those of each question of a case."""
    if found := rule(item.content.get("rubric", []), item.mark):
        yield say(found)
    inner = item.content.get("questions", []) if item.kind == "case" else []
    for number, (question, mark) in enumerate(zip(inner, _shares(item), strict=False), 1):
        if found := rule(question["content"].get("rubric", []), mark):
            yield f"({number}) {say(found)}"


def _shares(item: Item) -> list[int]:
    """What the questions of a case are worth on this paper."""
    own = [question["mark"] for question in item.content.get("questions", [])] if item.kind == "case" else []
    return [(2 * mark * item.mark + sum(own)) // (2 * sum(own)) for mark in own] if sum(own) else []


def _marks(thousandths: int) -> Message:
    return _(" (marks: %(n)s)", n=marks_in_digits(thousandths))
