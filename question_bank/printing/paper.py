"""A paper and its key as PDF: Chinese with embedded fonts, questions kept together. The same paper, the same bytes."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
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
from question_bank.printing.flow import Open, flowables
from question_bank.printing.questions import Line, Printed, Say, printed

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


def render(heading: Heading, items: Sequence[Item], open_picture: Open, say: Say, *, key: bool = False) -> bytes:
    """The pages of a paper, or of its key. Refused when a character can't be drawn."""
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=heading.title,
        creator="LearnHub",
        invariant=1,
        initialFontName=REGULAR,
    )

    def each_page(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, 10 * mm, fitting(heading.foot))
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(page.page))
        canvas.restoreState()

    template.build(_story(heading, items, open_picture, say, key), onFirstPage=each_page, onLaterPages=each_page)
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
        "small": ParagraphStyle("small", parent=plain, fontSize=9, leading=13, textColor=GREY),
    }


def _story(heading: Heading, items: Sequence[Item], open_picture: Open, say: Say, key: bool) -> list[Any]:
    story: list[Any] = [_title(f"{heading.title} {heading.variant}".strip())]
    if key:
        story.append(Paragraph(escape(fitting(say(_("Answer key")))), _styles()["facts"]))
    story.append(Paragraph(escape(fitting(heading.facts)), _styles()["facts"]))
    if heading.fields and not key:
        blanks = "&nbsp;&nbsp;&nbsp;&nbsp;".join(f"{escape(fitting(one))}: ________________" for one in heading.fields)
        story += [Spacer(1, 3 * mm), Paragraph(blanks, _styles()["plain"])]
    story += [Spacer(1, 2 * mm), HRFlowable(width="100%", color=GREY, thickness=0.6), Spacer(1, 3 * mm)]
    number = 0
    for item in items:
        asks = item.kind != "description"
        number += asks
        shown = printed(item.kind, item.stem_html, item.content, item.order, say)
        label = f"{number}." if asks else ""
        if key and asks:
            story.append(_key(label, shown, item, open_picture, say))
        elif not key:
            story.append(_question(label, shown, item, open_picture, say))
    return story


def _title(text: str) -> Paragraph:
    shown = escape(fitting(text))
    return Paragraph(f'<font name="{BOLD}">{shown}</font>' if can_be_bold(text) else shown, _styles()["title"])


def _question(label: str, shown: Printed, item: Item, open_picture: Open, say: Say) -> Any:
    worth = say(_marks(item.mark)) if label else ""
    block = _blocks(shown, open_picture, WIDTH, prefix=f"{label}{worth}")
    return KeepTogether([*block, Spacer(1, 3 * mm)])


def _blocks(shown: Printed, open_picture: Open, width: float, prefix: str = "") -> list[Any]:
    block: list[Any] = flowables(shown.stem_html, _styles()["plain"], width, open_picture, prefix)
    if shown.beside:
        left, right = (_lines(lines, open_picture, width / 2 - INDENT) for lines in (shown.lines, shown.beside))
        block.append(Table([[left, right]], colWidths=[width / 2] * 2, style=_bare()))
    elif shown.lines:
        block += _lines(shown.lines, open_picture, width - INDENT)
    for part in shown.parts:
        block += _blocks(part, open_picture, width)
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


def _key(label: str, shown: Printed, item: Item, open_picture: Open, say: Say) -> Any:
    label += say(_marks(item.mark))
    block: list[Any] = flowables(shown.key_html or "—", _styles()["plain"], WIDTH, open_picture, label)
    if item.explanation_html:
        block += flowables(item.explanation_html, _styles()["small"], WIDTH, open_picture)
    return KeepTogether([*block, Spacer(1, 1.5 * mm)])


def _marks(thousandths: int) -> Message:
    whole, rest = divmod(thousandths, 1000)
    shown = f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)
    return _(" (marks: %(n)s)", n=shown)
