"""XML of any encoding taken apart one element after the other: no entities, nothing from outside, nothing too deep."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import Message, _

DEEPEST = 100
"""Elements inside each other."""
MOST_ELEMENTS = 50_000
"""Elements inside one that is asked for."""
MOST_PIECES = 150_000
LONGEST_TAG = 4 << 20
"""Bytes of one tag or comment."""
LONGEST_TEXT = 500_000
"""Characters of one text, its pictures aside."""
CHUNK = 1 << 16
_AFTER_NAME = (b" ", b">", b"/", b"\t", b"\n", b"\r")
_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_OF_BYTES = re.compile(rb"(?:iso-?8859|latin|windows-125|cp125)", re.IGNORECASE)
OF_PAIRS = re.compile(rb"utf-?16(?:le|be)?|ucs-?2|utf-?32(?:le|be)?|unicode", re.IGNORECASE)
"""Encodings in which a declaration can't be read byte by byte: programs of .NET declare them in files that are not."""
_CONTROL = bytes(n for n in range(32) if n not in b"\t\n\r")
_CONTROL_NAMED = re.compile(
    rb"&#(?:x0{0,6}(?:[0-8bcef]|1[0-9a-f])|0{0,6}(?:[0-8]|1[124-9]|2[0-9]|3[01]));", re.IGNORECASE
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


@dataclass(frozen=True)
class Piece:
    """An element found, with its line; or the line where one is broken, and why."""

    line: int
    element: Element | None
    fault: Message | None = None


def as_utf8(data: bytes, encoding: str | None = None) -> bytes:
    """The file in UTF-8 without its declaration: by byte order mark, then `encoding`, then what the file declares.

    Control characters that XML does not know, which word processors leave behind, are dropped, also where they stand
    by their number. Refused (asking for the encoding) when none fits.
    """
    encoding = encoding_of(data, encoding)
    if encoding or data.startswith(_MARKS) or not _reads_as_utf8(data):
        data = decode(data, encoding).encode("utf-8", "replace")
    found = _DECLARATION.match(data[:400])
    if found:
        data = b"\n" * found.group().count(b"\n") + data[found.end() :]
    return _CONTROL_NAMED.sub(b"", data.translate(None, _CONTROL))


def encoding_of(data: bytes, encoding: str | None = None) -> str | None:
    """What an XML file is written in: `encoding`, or what it declares; None to find out as for any text.

    A file that declares one byte for each letter and reads as UTF-8 was saved anew without its declaration, and one
    that declares several for every letter but has one for those of the declaration isn't written so.
    """
    if data.startswith(_MARKS):
        return encoding
    if data[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if data[:2] == b"<\0" else "utf-16-be"
    head = _DECLARATION.match(data[:400])
    declared = _ENCODING.search(head.group()) if head else None
    if encoding or declared is None or _is_utf8(declared[1]) or OF_PAIRS.fullmatch(declared[1]):
        return encoding
    if _OF_BYTES.match(declared[1]) and not data.isascii() and _reads_as_utf8(data):
        return None
    return declared[1].decode()


def _is_utf8(name: bytes) -> bool:
    return name.lower().replace(b"_", b"-") in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def _reads_as_utf8(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def pieces(data: bytes, wanted: str) -> Iterator[Piece]:
    """Every element of that name in a file that `as_utf8` gave, in order, held one by one.

    Where the XML breaks, what follows is taken apart element by element, so that a broken one costs only itself.
    Refused as a whole when it declares entities or refers to other files, is too deep, or is no XML at all.
    """
    if sum(data.count(b"<" + wanted.encode() + after) for after in _AFTER_NAME) > MOST_PIECES:
        raise Refused(_("The file has more than %(n)s questions; divide it.", n=MOST_PIECES))
    builder = _Builder(wanted)
    parser = _parser(builder)
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
            if start - parser.parser.CurrentByteIndex > LONGEST_TAG:
                raise Refused(_("A tag of this file is too long."))
            yield from builder.take()
        parser.close()
        yield from builder.take()
    except DefusedXmlException:
        raise Refused(_("The file declares entities or refers to other files, which is not taken.")) from None
    except ParseError as error:
        yield from builder.take()
        rest = list(_one_by_one(data, builder.ended, wanted))
        if not builder.count and not any(piece.element is not None for piece in rest):
            raise Refused(_("This is not well-formed XML: %(why)s", why=str(error))) from None
        yield from rest


def _parser(builder: _Builder) -> DefusedXMLParser:
    """A parser that calls the builder, without a detour for each element."""
    parser = DefusedXMLParser(target=builder)
    builder.position = expat = parser.parser
    expat.StartElementHandler = builder.begin
    expat.EndElementHandler = builder.end
    return parser


class _Builder:
    """What the parser calls: builds the elements that are asked for, and nothing else."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.position: Any = None
        self.count = 0
        self.ended = 0
        self._depth = 0
        self._inside: list[Element] = []
        self._last: Element | None = None
        self._words: list[str] = []
        self._elements = 0
        self._line = 0
        self._ready: list[Piece] = []

    def take(self) -> list[Piece]:
        """What is complete by now."""
        ready, self._ready = self._ready, []
        self.count += len(ready)
        return ready

    def begin(self, tag: str, listed: list[str]) -> None:
        """An element begins; `listed` holds names of attributes and values by turns."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused(_("This XML is nested too deeply."))
        if "}" in tag:
            tag = tag.rpartition("}")[2]
        attributes = dict(zip(listed[::2], listed[1::2], strict=True)) if listed else {}
        if self._inside:
            self._flush()
            self._elements += 1
            if self._elements > MOST_ELEMENTS:
                raise Refused(_("A question of this file has too many elements."))
            self._inside.append(SubElement(self._inside[-1], tag, attributes))
            self._last = None
        elif tag == self.wanted:
            self._line = self.position.CurrentLineNumber
            self._elements = 0
            self._inside.append(Element(tag, attributes))

    def data(self, text: str) -> None:
        """Words between tags."""
        if self._inside:
            self._words.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._depth -= 1
        if not self._inside:
            return
        self._flush()
        self._last = self._inside.pop()
        if not self._inside:
            self._ready.append(Piece(self._line, self._last))
            self._last = None
            self.ended = self.position.CurrentByteIndex

    def close(self) -> None:
        """The end of the file."""

    def _flush(self) -> None:
        words = self._words
        if not words:
            return
        text = words[0] if len(words) == 1 else "".join(words)
        words.clear()
        if self._last is None:
            self._inside[-1].text = text
        else:
            self._last.tail = text


def _one_by_one(data: bytes, start: int, wanted: str) -> Iterator[Piece]:
    name = wanted.encode()
    closing = b"</" + name + b">"
    if data.startswith(closing, start):
        start += len(closing)
    begins = [found.start() for found in re.finditer(rb"<" + name + rb"[\s>/]", data[start:])]
    line, counted = 1 + data.count(b"\n", 0, start), start
    for n, begin in enumerate(begins):
        at = start + begin
        line, counted = line + data.count(b"\n", counted, at), at
        following = start + begins[n + 1] if n + 1 < len(begins) else len(data)
        end = data.find(closing, at, following)
        if end < 0:
            yield Piece(line, None, _("The question is not closed: its end is missing."))
            continue
        yield _alone(data[at : end + len(closing)], line, wanted)


_ENTITY = re.compile(r"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]{1,30});", re.DOTALL)
_BARE = re.compile(r"<!\[CDATA\[.*?\]\]>|(<[a-z]+\s(?:type|format|fraction)=)([\w.+-]+)(?=[\s/>])", re.DOTALL)
"""An attribute without its quotes, which HTML allows and XML does not."""
_AMPERSAND = re.compile(r"<!\[CDATA\[.*?\]\]>|&(?!#?\w{1,31};)", re.DOTALL)
"""A & that names no character."""
_XML_KNOWS = {"lt", "gt", "amp", "quot", "apos"}


def _alone(source: bytes, line: int, wanted: str) -> Piece:
    """One element parsed by itself, named characters of HTML, attributes without quotes and a bare & understood."""
    text = _ENTITY.sub(_named, source.decode("utf-8", "replace"))
    text = _AMPERSAND.sub(lambda found: found[0] if len(found[0]) > 1 else "&amp;", _BARE.sub(_quoted, text))
    builder = _Builder(wanted)
    parser = _parser(builder)
    try:
        parser.feed(text.encode())
        parser.close()
    except ParseError as error:
        return Piece(line, None, _("The question is not well-formed XML: %(why)s", why=str(error)))
    except DefusedXmlException:
        return Piece(line, None, _("The file declares entities or refers to other files, which is not taken."))
    return Piece(line, builder.take()[0].element)


def _quoted(found: re.Match[str]) -> str:
    return f'{found[1]}"{found[2]}"' if found[1] else found[0]


def _named(found: re.Match[str]) -> str:
    name = found.group(1)
    if not name or name in _XML_KNOWS:
        return found.group()
    meant = html.unescape(f"&{name};")
    return found.group() if meant.startswith("&") else meant


def inner(element: Element) -> str:
    """The text of an element; tags that stand in it unquoted are part of the text."""
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in child.attrib.items())
        body = inner(child)
        parts.append(f"<{child.tag}{attributes}>{body}</{child.tag}>" if body else f"<{child.tag}{attributes}/>")
        parts.append(child.tail or "")
    return "".join(parts)
