"""The pages of a transcript as PDF: Chinese with embedded fonts, and its QR code. The same document, the same bytes."""

from __future__ import annotations

import functools
import io
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from learnhub.kernel.typesetting import BOLD, REGULAR, can_be_bold, fitting, glyphs

BRAND = colors.HexColor("#8f1d17")
LINE = colors.HexColor("#d0d4da")
QR_SIZE = 28 * mm
FONT = ("FONT", (0, 0), (-1, -1), REGULAR)
"""In every table, so that no font is named that is not embedded."""


@functools.cache
def _styles() -> dict[str, ParagraphStyle]:
    glyphs(REGULAR)
    glyphs(BOLD)
    plain = ParagraphStyle("plain", fontName=REGULAR, fontSize=9.5, leading=14, wordWrap="CJK")
    return {
        "plain": plain,
        "small": ParagraphStyle("small", parent=plain, fontSize=8, leading=11, textColor=colors.HexColor("#565d68")),
        "title": ParagraphStyle("title", parent=plain, fontSize=20, leading=28, textColor=BRAND),
        "section": ParagraphStyle("section", parent=plain, fontSize=11.5, leading=18, spaceBefore=8, spaceAfter=3),
        "head": ParagraphStyle("head", parent=plain, fontSize=8.5, leading=12, textColor=colors.HexColor("#565d68")),
        "number": ParagraphStyle("number", parent=plain, alignment=2),
    }


def _paragraph(text: str, style: str = "plain") -> Paragraph:
    bold = style in {"title", "section"} and can_be_bold(text)
    shown = escape(fitting(text))
    return Paragraph(f'<font name="{BOLD}">{shown}</font>' if bold else shown, _styles()[style])


def render(document: dict[str, Any]) -> bytes:
    """The pages of a transcript's document. Refused when a character can't be drawn. `sealing` attaches the proof."""
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=f"{document['title']} {document['code']}",
        author=fitting(document["organisation"]),
        subject=document["code"],
        creator="LearnHub",
        invariant=1,
        initialFontName=REGULAR,
        lang="zh" if any("一" <= c <= "鿿" for c in document["title"]) else "en",
    )
    foot = f"{document['labels']['check']} {document['code']} · {document['labels']['revision']}"

    def each_page(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(colors.HexColor("#565d68"))
        canvas.drawString(18 * mm, 10 * mm, fitting(foot))
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, f"{document['labels']['page']} {page.page}")
        canvas.restoreState()

    template.build(_story(document), onFirstPage=each_page, onLaterPages=each_page)
    return out.getvalue()


def _story(document: dict[str, Any]) -> list[Any]:
    labels = document["labels"]
    head = Table(
        [
            [
                [_paragraph(document["organisation"], "head"), _paragraph(document["title"], "title")],
                QrCode(document["check"]),
            ]
        ],
        colWidths=[None, QR_SIZE + 2 * mm],
        style=TableStyle([FONT, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("ALIGN", (1, 0), (1, 0), "RIGHT")]),
    )
    story: list[Any] = [
        head,
        _facts([*document["head"], [labels["check"], document["code"]]]),
        _paragraph(labels["figures"], "section"),
        _pairs(document["figures"]),
    ]
    for table in document["tables"]:
        story += [_paragraph(table["title"], "section"), _table(table, labels["none"])]
    story += [_paragraph(note, "small") for note in document["notes"]]
    rules = ", ".join(f"{rule['code']} v{rule['version']}" for rule in document["rules"])
    story += [Spacer(1, 6), _paragraph(f"{labels['how']} {document['check']}", "small")]
    if rules:
        story.append(_paragraph(rules, "small"))
    return story


def _facts(pairs: list[list[str]]) -> Table:
    rows = [[_paragraph(label, "head"), _paragraph(value)] for label, value in pairs]
    style = [
        FONT,
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    return Table(rows, colWidths=[26 * mm, None], style=TableStyle(style), hAlign="LEFT")


def _pairs(pairs: list[list[str]]) -> Table:
    """Figures in three columns of label and value."""
    cells: list[list[Any]] = [[_paragraph(label, "head"), _paragraph(value)] for label, value in pairs]
    cells += [[None, None]] * (-len(cells) % 3)
    rows = [[part for cell in cells[place : place + 3] for part in cell] for place in range(0, len(cells), 3)]
    style = TableStyle(
        [
            FONT,
            ("GRID", (0, 0), (-1, -1), 0.4, LINE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return Table(rows or [[None]], colWidths=[33 * mm, 25 * mm] * 3 if rows else None, style=style)


def _table(table: dict[str, Any], none: str) -> Any:
    if not table["rows"]:
        return _paragraph(none, "small")
    rows = [[_paragraph(label, "head") for label in table["columns"]]]
    rows += [[_paragraph(cell) for cell in row] for row in table["rows"]]
    others = len(table["columns"]) - 1
    widths = [174 * mm - others * 27 * mm] + [27 * mm] * others
    style = TableStyle(
        [
            FONT,
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return Table(rows, colWidths=widths, repeatRows=1, style=style)


class QrCode(Flowable):
    """A QR code as filled bars, one for each run of dark modules."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.width = self.height = QR_SIZE
        self.hAlign = "RIGHT"
        self._modules = list(segno.make(text, error="m").matrix_iter(border=2))

    def draw(self) -> None:
        """Called by ReportLab, with the lower left corner as origin."""
        side = QR_SIZE / len(self._modules)
        self.canv.setFillColor(colors.black)
        for y, row in enumerate(self._modules):
            start = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    place = QR_SIZE - (y + 1) * side
                    self.canv.rect(start * side, place, length * side, side, stroke=0, fill=1)
                start += length
