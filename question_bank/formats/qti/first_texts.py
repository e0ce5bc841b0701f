"""Materials of QTI 1.2 as HTML: texts in any type, pictures, sound."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from learnhub.kernel.words import Message, _
from question_bank.formats.qti import tree
from question_bank.formats.qti.items import names_hint
from question_bank.formats.qti.texts import VOID, Texts
from question_bank.formats.rich_text import html_of

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w+;")


class Materials:
    """The materials of one item. What is lost on the way goes to `warn`."""

    def __init__(self, texts: Texts, warn: Callable[[Message], None]) -> None:
        self._texts = texts
        self._warn = warn

    def html(self, element: Element) -> str:
        """A material, or anything that holds materials, as HTML."""
        return joined([self._one(child) for child in _materials(element)])

    def beside(self, element: Element) -> str:
        """A material with the spaces at its ends, which part it from a blank beside it."""
        found = self.html(element)
        texts = list(element.iter("mattext"))
        if not found or not texts:
            return found
        if found.startswith("<"):
            return found if found.endswith(">") or not _ends_open(texts[-1]) else found + " "
        first, last = ("".join(one.itertext()) for one in (texts[0], texts[-1]))
        return (" " if first[:1] == " " else "") + found + (" " if last[-1:] == " " else "")

    def hints(self, element: Element) -> list[str]:
        """What an item calls a hint, by its element or its name; several levels of one are several hints."""
        found: list[str] = []
        for one in element.iter():
            if one.tag == "solutionhint":
                found.append(self._texts.html(html_of(_source(one).strip(), "auto")))
                continue
            is_hint = one.tag == "hint"
            if is_hint or (one.tag == "itemfeedback" and names_hint(one.get("ident"), one.get("title"))):
                levels = list(one.iter("hintmaterial")) if is_hint else [one]
                found += [text for text in map(self.html, levels or [one]) if text]
        return found

    def _one(self, element: Element) -> str:
        if element.tag in {"mattext", "matemtext"}:
            return self._mattext(element)
        if element.tag == "mat_formattedtext":
            raw = "".join(element.itertext())
            written = (element.get("type") or "").upper()
            return self._texts.html(html_of(raw, "html") if written in {"HTML", "SMART_TEXT"} else html_of(raw, "auto"))
        if element.tag == "matbreak":
            return "<br>"
        source = element.get("uri") or element.get("entityref") or ""
        if element.tag == "matimage" and source:
            return self._texts.picture(source, element.get("label", ""))
        if element.tag == "mataudio" and source:
            return self._texts.sound(source)
        if element.tag != "matimage" or source or tree.text(element):
            self._warn(_("What is embedded as <%(tag)s> is left out.", tag=element.tag))
        return ""

    def _mattext(self, element: Element) -> str:
        written = (element.get("texttype") or "").casefold()
        inside = _source(element) if len(element) else "".join(element.itertext())
        source = element.get("uri")
        if source and not inside.strip():
            return self._texts.picture(source)
        if written in {"text/html", "text/xhtml"}:
            return self._texts.html(html_of(inside, "html"))
        if written == "text/plain" and not re.search(r"</?(?:p|div|br|img|span)\b[^<>]*>", inside):
            return self._texts.plain(inside)
        return self._texts.html(html_of(inside.strip(), "auto"))


def _ends_open(element: Element) -> bool:
    return "".join(element.itertext())[-1:] == " "


def _source(element: Element) -> str:
    """The source of a text with markup in it as elements: what stands inside of them is plain text.

    What stands beside them is source where it holds tags, else plain text.
    """
    beside = [element.text or "", *(child.tail or "" for child in element)]
    is_source = any(_TAG.search(text) for text in beside) or not len(element)
    parts = [beside[0] if is_source else _escaped(beside[0])]
    for child, tail in zip(element, beside[1:], strict=True):
        parts += [_tagged(child), tail if is_source else _escaped(tail)]
    return "".join(parts)


def _tagged(element: Element) -> str:
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in element.attrib.items())
    if element.tag in VOID and not len(element):
        return f"<{element.tag}{attributes}>"
    inside = "".join(_tagged(child) + _escaped(child.tail or "") for child in element)
    return f"<{element.tag}{attributes}>{_escaped(element.text or '')}{inside}</{element.tag}>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


_MATERIALS = frozenset(
    "mattext matemtext mat_formattedtext matimage mataudio matvideo matapplet matapplication matbreak matref".split()
)


_APART = frozenset({"render_choice", "render_fib", "hint"})
"""What stands inside another material and is read by itself."""


def _materials(element: Element) -> Iterator[Element]:
    if element.get("label") == "answerdepth":
        return
    if element.tag in _MATERIALS:
        yield element
    else:
        for child in element:
            if child.tag not in _APART:
                yield from _materials(child)


def joined(parts: list[str]) -> str:
    """Pieces of a text one after the other; words do not run together."""
    joined = ""
    for part in parts:
        gap = " " if joined and part and joined[-1] not in " >\ue001" and part[0] not in " <\ue000.,;:!?)" else ""
        joined += gap + part
    return joined.strip()


def spoken(html: str) -> str:
    """The word behind a name that Blackboard writes for one: `yes_no.yes` and `yes_no.true` are yes."""
    named = re.fullmatch(r"(\w+)_(\w+)\.(?:(\1|true)|\2|false)", html)
    return named.group(1 if named.group(3) else 2).capitalize() if named else html
