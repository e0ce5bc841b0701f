"""XML of QTI files: parsed without entities, names without namespaces, and the names of QTI 3 as those of QTI 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import _
from question_bank.formats.qti.sections import UNPACKED, unpacked
from question_bank.formats.xml_stream import OF_PAIRS

DEEPEST = 150
"""Elements inside each other."""
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"'][^>]{0,100}?\?>")
_TOGETHER = re.compile(rb"(\A\s*<\?xml\s+version\s*=\s*(?:\"[^\"]{0,9}\"|'[^']{0,9}'))(?=encoding)")
"""A declaration whose parts run together, as a known exporter writes it."""
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_UNDEFINED = 11
"""The parser's number for a name of a character that the file does not declare."""
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_NAMED_BYTES = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_SPEECH = "/10/synthesis"
"""The end of the namespace of marks for a reading voice: what they mark is shown as it is."""
_ROOT = re.compile(rb"<(?!\?|!)(?:[\w.-]{1,60}:)?([\w-]{1,60})")


def root_name(head: bytes) -> str:
    """The local name of the first element in the first bytes of a file, as QTI 2 has it; empty when there is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    found = _ROOT.search(re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL))
    return _of_second(found.group(1).decode()) if found else ""


def parse(data: bytes) -> Element:
    """The root of an XML file; Refused when it is not well formed, declares entities or is nested too deeply."""
    try:
        readable = _readable(data)
        open_text = unpacked(readable) if root_name(data[:4000]) == "assessmentItem" else readable
        try:
            root = _fed(open_text)
        except ParseError as error:
            if error.code != _UNDEFINED:
                raise
            root = _fed(_spelled_out(open_text))
    except DefusedXmlException:
        raise Refused(_("The XML declares entities; such files are not read.")) from None
    except ParseError as error:
        line = error.position[0]
        raise Refused(_("The XML is not well formed (line %(line)s).", line=line), line=line) from None
    except (ValueError, LookupError):
        raise Refused(_("The XML can't be read.")) from None
    _rename(root)
    if open_text is not readable:
        root.set(UNPACKED, "yes")
    return root


def _fed(source: bytes | str) -> Element:
    parser = DefusedXMLParser(target=_Shallow())
    parser.feed(source)
    root: Element = parser.close()
    return root


def _spelled_out(source: bytes | str) -> bytes | str:
    """The same with the characters that only HTML has names for (`&nbsp;`) by their numbers."""
    if isinstance(source, str):
        return _NAMED.sub(lambda found: _number_of(found.group(1)) or found.group(), source)
    return _NAMED_BYTES.sub(
        lambda found: (_number_of(found.group(1).decode()) or found.group().decode()).encode(), source
    )


def _number_of(name: str) -> str:
    character = html5.get(f"{name};", "") if name not in {"amp", "lt", "gt", "quot", "apos"} else ""
    return "".join(f"&#{ord(one)};" for one in character)


def _readable(data: bytes) -> bytes | str:
    """The bytes, or the text where the parser does not know the encoding that the file declares."""
    data = _TOGETHER.sub(rb"\1 ", data)
    found = _DECLARED.match(data)
    if found is not None and OF_PAIRS.fullmatch(found.group(1)):
        return _DECLARATION.sub("", decode(data))
    if found is None or found.group(1).lower() in {b"utf-8", b"us-ascii", b"ascii"}:
        return data.strip() if data[:2] not in {b"\xff\xfe", b"\xfe\xff"} else data
    return _DECLARATION.sub("", decode(data, found.group(1).decode()))


class _Shallow(TreeBuilder):
    """A builder that stops where elements lie too deep inside each other."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused(_("The XML is nested too deeply."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _rename(root: Element) -> None:
    for element in root.iter():
        space, _brace, name = element.tag.rpartition("}")
        name = "span" if space.endswith(_SPEECH) else name
        is_third = name.startswith("qti-")
        element.tag = _of_second(name)
        for key in [key for key in element.attrib if "}" in key or (is_third and "-" in key)]:
            bare = key.rpartition("}")[2]
            kept = bare if not is_third or bare.startswith(("data-", "aria-")) else _camel(bare)
            element.attrib[kept] = element.attrib.pop(key)


def _of_second(name: str) -> str:
    return _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def find(element: Element, name: str) -> Element | None:
    """The first descendant of that name."""
    return next(element.iter(name), None) if element.tag != name else element


def text(element: Element | None) -> str:
    """The words in an element, white space folded."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def outermost(element: Element, names: frozenset[str]) -> Iterator[Element]:
    """Descendants with one of the names, in order, without those inside another of them."""
    for child in element:
        if child.tag in names:
            yield child
        else:
            yield from outermost(child, names)
