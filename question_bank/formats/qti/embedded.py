"""What an item of QTI 2 and 3 embeds with `<object>`: pictures, sounds, pages of the package, else what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from learnhub.kernel.markup import text_of
from learnhub.kernel.text import decode
from question_bank.formats.qti.texts import Texts

_BODY = re.compile(r"<body\b[^<>]*>(.*?)</body\s*>", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^<>]*>.*?</head\s*>|<!DOCTYPE[^<>]*>|<\?xml[^<>]*\?>|</?html\b[^<>]*>", re.DOTALL | re.I)
_PAGES = ("text/html", "application/xhtml")
LARGEST_PAGE = 1 << 20
"""Bytes of a page that is taken into a question."""


def shown(element: Element, texts: Texts, inside: Callable[[Element], str]) -> str | None:
    """The HTML of an `<object>`; None for one that has no like here. `inside` gives what it holds as HTML."""
    media_type, source = element.get("type", ""), element.get("data", "")
    if media_type.startswith(_PAGES):
        return _page(source, texts)
    if media_type.startswith("audio/"):
        return texts.sound(source)
    if not media_type.startswith("image/"):
        return None
    within = inside(element) if len(element) else ""
    if (texts.file(source) is None and re.search(r"\S", text_of(within))) or "<img" in within:
        texts.missing(source)
        return within
    return texts.picture(source, element.get("alt") or text_of("".join(element.itertext())), element.attrib)


def _page(source: str, texts: Texts) -> str | None:
    data = texts.file(source)
    if data is None or len(data) > LARGEST_PAGE:
        return None
    page = decode(data)
    found = _BODY.search(page)
    return texts.html(found.group(1) if found else _HEAD.sub("", page))
