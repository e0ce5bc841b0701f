"""Pages that a Word file only points to (`w:altChunk`): web programs put the whole text there, and Word shows it."""

from __future__ import annotations

import re
from email import message_from_bytes
from html.parser import HTMLParser
from typing import Any

from docx.oxml.ns import nsdecls
from docx.oxml.parser import OxmlElement, parse_xml

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import with_open_ends_as_text
from learnhub.kernel.text import decode
from question_bank.formats.word_lists import W

LARGEST_PAGE = 8 << 20
"""Bytes of a page."""
DEEPEST = 20
"""Tags with marks, and cells, inside each other."""
_BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 li tr blockquote pre section article header footer ul ol dt dd".split())
_UNSEEN = frozenset({"script", "style", "title", "head"})
_MARKS = {"b": "b", "strong": "b", "u": "u", "ins": "u", "mark": "highlight", "sub": "sub", "sup": "super"}
_COLOUR = re.compile(r"(?:^|;)\s*(color|background(?:-color)?)\s*:\s*([^;]+)", re.IGNORECASE)
_PARTS = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})")
_NAMED = {"red": "FF0000", "green": "008000", "blue": "0000FF", "yellow": "FFFF00", "orange": "FFA500"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PICTURE = f'<w:r {nsdecls("w")}><w:drawing><a:blip {nsdecls("a", "r")} r:embed="none"/></w:drawing></w:r>'


def relation_of(chunk: Any) -> str:
    """The relation by which a document points to such a page."""
    return str(chunk.get(_RELATION, ""))


def body_of(data: bytes) -> Any:
    """The paragraphs and tables of a page of HTML, or of one in a mail's dress (MHT); None when it is neither."""
    if len(data) > LARGEST_PAGE:
        return None
    text = _page(data)
    if text is None:
        return None
    reader = _Reader()
    reader.feed(with_open_ends_as_text(text))
    reader.close()
    return reader.body


def _page(data: bytes) -> str | None:
    if re.match(rb"\s*(?:MIME-Version|Content-Type|From|Subject)\s*:", data, re.IGNORECASE):
        for part in message_from_bytes(data.lstrip()).walk():
            payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
            if isinstance(payload, bytes):
                return _decoded(payload, part.get_content_charset())
        return None
    return _decoded(data, None) if re.search(rb"<(?:html|body|p|div|table)\b", data[:4096], re.IGNORECASE) else None


def _decoded(data: bytes, said: str | None) -> str | None:
    found = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:2048], re.IGNORECASE)
    for encoding in (said, found.group(1).decode() if found else None, None):
        try:
            return decode(data, encoding)
        except (Refused, LookupError):
            continue
    return None


def _colour(value: str) -> str:
    """A colour of a page as Word writes it; empty for one that is not known."""
    value = value.strip().lower()
    if parts := _PARTS.match(value):
        return "".join(f"{min(int(part), 255):02X}" for part in parts.groups())
    if re.fullmatch("#[0-9a-f]{3}", value):
        return "".join(2 * sign for sign in value[1:]).upper()
    return value[1:7].upper() if re.fullmatch("#[0-9a-f]{6}", value) else _NAMED.get(value.split(" ")[0], "")


def _last(element: Any) -> Any:
    """The last child, however many there are; None without any."""
    return next(element.iterchildren(reversed=True), None)


class _Reader(HTMLParser):
    """Builds the body that Word would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.body = OxmlElement("w:body")
        self.into: list[Any] = [self.body]
        """The body, and the cells of tables that stand open."""
        self.line: Any = None
        self.open: list[tuple[str, dict[str, str]]] = []
        """What stands open, with the marks that it gives to its text."""
        self.counts: list[int] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "br":
            self._run().append(OxmlElement("w:br"))
        elif tag == "img":
            self._line().append(parse_xml(_PICTURE))
        elif tag == "table":
            self._add(OxmlElement("w:tbl"))
        elif tag in {"td", "th"}:
            self._begin_cell()
        elif tag == "tr":
            self._end_open_cell()
            if (table := self._table()) is not None:
                table.append(OxmlElement("w:tr"))
        elif tag in _BLOCKS:
            self._begin_block(tag)
        elif len(self.open) < DEEPEST:
            self.open.append((tag, self._marks(tag, dict(attrs))))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
        elif tag in {"td", "th"} and len(self.into) > 1:
            self.into.pop()
            self.line = None
        elif tag in _BLOCKS or tag == "table":
            self.line = None
            if tag in {"ul", "ol"} and self.counts:
                self.counts.pop()
        elif at := next((n for n in range(len(self.open), 0, -1) if self.open[n - 1][0] == tag), 0):
            del self.open[at - 1 :]

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\r\n]+", " ", data)
        if self.unseen or (self.line is None and not text.strip()):
            return
        run = self._run()
        properties = OxmlElement("w:rPr")
        for _tag, marks in self.open:
            for name, value in marks.items():
                mark = OxmlElement(f"w:{name}")
                mark.set(f"{W}fill" if name == "shd" else f"{W}val", value)
                properties.append(mark)
        run.insert(0, properties)
        said = OxmlElement("w:t")
        said.text = "".join(sign for sign in text if sign >= " ")
        run.append(said)

    def _begin_block(self, tag: str) -> None:
        self.line = None
        if tag in {"ul", "ol"}:
            self.counts.append(0 if tag == "ol" else -1)
        elif tag == "li" and self.counts and self.counts[-1] >= 0:
            self.counts[-1] += 1
            self.handle_data(f"{self.counts[-1]}. ")

    def _begin_cell(self) -> None:
        self._end_open_cell()
        table = self._table()
        row = _last(table) if table is not None else None
        if row is not None and len(self.into) < DEEPEST:
            cell = OxmlElement("w:tc")
            row.append(cell)
            self.into.append(cell)

    def _end_open_cell(self) -> None:
        """HTML may leave out `</td>`: the next cell or row of its table ends it."""
        self.line = None
        if self._table() is None and len(self.into) > 1:
            self.into.pop()

    def _table(self) -> Any:
        """The table that rows and cells go into: the last thing of what stands open, where it is one."""
        last = _last(self.into[-1])
        return last if last is not None and last.tag == f"{W}tbl" else None

    def _add(self, element: Any) -> None:
        self.into[-1].append(element)
        self.line = None

    def _line(self) -> Any:
        if self.line is None:
            line = OxmlElement("w:p")
            self._add(line)
            self.line = line
        return self.line

    def _run(self) -> Any:
        run = OxmlElement("w:r")
        self._line().append(run)
        return run

    def _marks(self, tag: str, attrs: dict[str, str | None]) -> dict[str, str]:
        named = _MARKS.get(tag, "")
        marks = {"vertAlign": f"{named}script"} if named in {"sub", "super"} else {named: "1"} if named else {}
        colour = _colour(attrs.get("color") or "")
        if tag == "font" and colour:
            marks["color"] = colour
        for name, value in _COLOUR.findall(attrs.get("style") or ""):
            if colour := _colour(value):
                marks["color" if name.lower() == "color" else "shd"] = colour
        return marks
