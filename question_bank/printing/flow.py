"""Clean HTML as paragraphs, pictures and tables of a PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image as Pictures
from PIL import UnidentifiedImageError
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Image, Paragraph, Table, TableStyle

from learnhub.kernel.typesetting import BOLD, REGULAR, can_be_bold, fitting, glyphs
from question_bank.printing.drawn import AIR, Drawn, drawn
from question_bank.printing.formulas import in_line
from question_bank.tex import FORMULA

Open = Callable[[str], bytes | None]
"""The bytes of a picture by its address; None when there is none to be had."""

_INLINE = {"u": "u", "ins": "u", "sub": "sub", "sup": "super", "s": "strike", "del": "strike"}
_BOLD = {"b", "strong", "th", "h2", "h3", "h4", "h5", "h6", "dt"}
_BLOCKS = {
    "p", "div", "li", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "dt", "dd", "ul",
    "ol", "dl", "hr", "details", "summary", "caption",
}  # fmt: skip
_MOVED = re.compile("[\u2070-\u209c]+")
"""Raised and lowered signs of their own, which few fonts have: H₂O, x⁻¹."""
_PIECES = re.compile(r"</?(?:sub|super)>|[^<]+")
_DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
NOTHING = f"data:image/png;base64,{_DOT}"
"""A picture of one clear dot, which holds the place of a formula."""
DOTS_PER_MM = 96 / 25.4
"""A picture of the web is drawn at 96 dots an inch, and smaller where the column is."""


def flowables(markup: str, style: ParagraphStyle, width: float, open_picture: Open, prefix: str = "") -> list[Any]:
    """The markup set in a column of that width (points); `prefix` stands before the first word, such as a number."""
    reader = _Reader(style, width, open_picture, prefix)
    reader.feed(markup)
    reader.close()
    return reader.done()


class _WithFormulas(Paragraph):
    """A paragraph whose lines grow with the formulas in them."""

    def __init__(self, text: str, style: ParagraphStyle, formulas: Sequence[Drawn] = (), **more: Any) -> None:
        super().__init__(text, ParagraphStyle(style.name, parent=style, autoLeading="max"), **more)
        waiting = list(formulas)
        for frag in self.frags if waiting else ():
            if getattr(frag, "cbDefn", None) is not None:
                frag.cbDefn.image = waiting.pop(0)
                frag.text = "\u4e00"  # where a line may end, is decided by characters: one as wide as the formula

    def draw(self) -> None:
        """On the page. The first line is set as if all of it were as high as its letters, so it is moved down."""
        lines: Any = getattr(self, "blPara", None)
        ascent = getattr(lines.lines[0], "ascent", 0) if lines and lines.lines else 0
        if ascent > self.style.fontSize * 1.2:
            self.canv.translate(0, self.style.fontSize - ascent)
        super().draw()


class _Reader(HTMLParser):
    """Collects inline text until a block ends."""

    def __init__(self, style: ParagraphStyle, width: float, open_picture: Open, prefix: str) -> None:
        super().__init__(convert_charrefs=True)
        self.style, self.width, self.open_picture = style, width, open_picture
        self.out: list[Any] = []
        self.text: list[str] = []
        self.prefix = escape(fitting(prefix)) + " " if prefix else ""
        self.bold = 0
        self.as_typed = self.as_source = 0
        self.open_tags: list[str] = []
        self.formulas: list[Drawn] = []
        self.counters: list[int | None] = []
        self.rows: list[list[list[Any]]] | None = None
        self.outer: list[list[Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.text.append("<br/>")
        elif tag == "img":
            self._picture(dict(attrs))
        elif tag in _INLINE:
            self.text.append(f"<{_INLINE[tag]}>")
            self.open_tags.append(_INLINE[tag])
        elif tag in {"td", "th"} and self.rows is not None:
            self._flush()
            self.outer.append(self.out)
            self.out = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag == "table" and self.rows is None:
            self._flush()
            self._say_prefix()
            self.rows = []
        elif tag in _BLOCKS:
            self._flush()
            self._begin_block(tag)
        self.bold += tag in _BOLD
        self.as_typed += tag == "pre"
        self.as_source += tag in {"pre", "code"}

    def _begin_block(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self.counters.append(0 if tag == "ol" else None)
        elif tag == "li" and self.counters:
            count = self.counters[-1]
            if count is None:
                self.text.append("• ")
            else:
                self.counters[-1] = count + 1
                self.text.append(f"{count + 1}. ")

    def handle_endtag(self, tag: str) -> None:
        self.bold -= tag in _BOLD and self.bold > 0
        self.as_typed -= tag == "pre" and self.as_typed > 0
        self.as_source -= tag in {"pre", "code"} and self.as_source > 0
        if tag in _INLINE and _INLINE[tag] in self.open_tags:
            while self.open_tags:
                closed = self.open_tags.pop()
                self.text.append(f"</{closed}>")
                if closed == _INLINE[tag]:
                    break
        elif tag in {"td", "th"} and self.rows and self.outer:
            self._flush()
            cell, self.out = self.out, self.outer.pop()
            self.rows[-1].append(cell)
        elif tag == "table" and self.rows is not None and not self.outer:
            self._table(self.rows)
            self.rows = None
        elif tag in _BLOCKS:
            self._flush()
            if tag in {"ul", "ol"} and self.counters:
                self.counters.pop()

    def handle_data(self, data: str) -> None:
        at = 0
        for found in () if self.as_source else FORMULA.finditer(data):
            tex = next(filter(None, found.groups()))
            formula = drawn(tex)
            said = None if formula else in_line(tex, glyphs(REGULAR))
            if formula or said:
                self._words(data[at : found.start()])
                self.text.append(said or self._room(formula))
                at = found.end()
        self._words(data[at:])

    def _room(self, formula: Drawn | None) -> str:
        """Room in the line for a formula, which is a picture to the paragraph."""
        if formula is None:
            return ""
        self.formulas.append(formula)
        room = self.width if not self.outer else self.width / 3
        scale = min(1, room / formula.width)
        wide, high, deep = (scale * one for one in (formula.width, formula.height, formula.depth))
        return f'<img src="{NOTHING}" width="{wide:.3f}" height="{high + 2 * AIR:.3f}" valign="{-deep - AIR:.3f}"/>'

    def _words(self, data: str) -> None:
        shown = _MOVED.sub(_said_by_place, escape(data))
        shown = "".join(one if one.startswith("<") else fitting(one) for one in _PIECES.findall(shown))
        shown = shown.replace("\n", "<br/>" if self.as_typed else " ")
        if self.bold and can_be_bold(data) and data.strip():
            shown = f'<font name="{BOLD}">{shown}</font>'
        self.text.append(shown)

    def _flush(self) -> None:
        closing = [f"</{tag}>" for tag in reversed(self.open_tags)]
        text = "".join([*self.text, *closing]).strip()
        self.text = [f"<{tag}>" for tag in self.open_tags]
        if _has_words(text):
            text = self.prefix + text
            self.out.append(
                _WithFormulas(text, self.style, self.formulas) if self.formulas else Paragraph(text, self.style)
            )
            self.formulas = []
            self.prefix = ""

    def _picture(self, attrs: dict[str, str | None]) -> None:
        alt = (attrs.get("alt") or "").strip()
        data = self.open_picture(attrs.get("src") or "")
        size = _size(data)
        if data is None or size is None:
            self.text.append(escape(fitting(f"[{alt}]")) if alt else "")
            return
        self._flush()
        self._say_prefix()
        room = self.width if not self.outer else self.width / 2
        wide, high = (side / DOTS_PER_MM * mm for side in size)
        scale = min(1, room / wide, 110 * mm / high)
        self.out.append(Image(io.BytesIO(data), wide * scale, high * scale, hAlign="LEFT"))

    def _say_prefix(self) -> None:
        """The prefix on a line of its own, where something else than words comes first."""
        if self.prefix:
            self.out.append(Paragraph(self.prefix, self.style))
            self.prefix = ""

    def _table(self, rows: list[list[list[Any]]]) -> None:
        columns = max((len(row) for row in rows), default=0)
        if not columns:
            return
        filled = [[cell or "" for cell in row] + [""] * (columns - len(row)) for row in rows if row]
        style = TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR),
                ("GRID", (0, 0), (-1, -1), 0.4, "#888888"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
        self.out.append(Table(filled, colWidths=[self.width / columns] * columns, style=style, hAlign="LEFT"))

    def done(self) -> list[Any]:
        """What was read."""
        self._flush()
        self._say_prefix()
        return self.out


def _said_by_place(found: re.Match[str]) -> str:
    """Signs that the font lacks as plain ones, raised or lowered."""
    out = []
    for sign in found.group():
        place, _, code = unicodedata.decomposition(sign).partition(" ")
        tag = {"<super>": "super", "<sub>": "sub"}.get(place)
        known = tag is not None and ord(sign) not in glyphs(REGULAR)
        out.append(f"<{tag}>{chr(int(code, 16))}</{tag}>" if known else sign)
    return "".join(out)


def _has_words(text: str) -> bool:
    if "<img" in text:
        return True
    inside = False
    for character in text:
        if character == "<":
            inside = True
        elif character == ">":
            inside = False
        elif not inside and not character.isspace():
            return True
    return False


def _size(data: bytes | None) -> tuple[int, int] | None:
    if data is None:
        return None
    try:
        with Pictures.open(io.BytesIO(data)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, Pictures.DecompressionBombError):
        return None
