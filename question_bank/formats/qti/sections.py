"""CDATA sections of items in which HTML was packed, as some item banks write every text."""

from __future__ import annotations

import html
import re

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

UNPACKED = "learnhub-unpacked"
"""The attribute of an item whose sections were taken as markup; it is told about there."""
_SECTION = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(r"</?(?:strong|em|b|i|u|p|br|div|span|sub|sup|ul|ol|li|table|img)\b[^<>]*>", re.IGNORECASE)
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[0-9a-fA-F]+);)\w+;")


def unpacked(data: bytes | str) -> bytes | str:
    """The file with its sections as markup, where one of them holds well-formed HTML; else the same file.

    By the letter of XML a section is text, but nobody shows members `<strong>`. What is not well formed, such as a lone
    tag that a question asks about, stays text.
    """
    if isinstance(data, bytes):
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return data
        found = _opened(text)
        return data if found is None else found.encode()
    found = _opened(data)
    return data if found is None else found


def _opened(text: str) -> str | None:
    if not any(_TAG.search(one) and _is_markup(_spelled(one)) for one in _SECTION.findall(text)):
        return None
    return _SECTION.sub(
        lambda section: inside if _is_markup(inside := _spelled(section.group(1))) else section.group(), text
    )


def _spelled(markup: str) -> str:
    """The markup with the named signs of HTML that XML does not know as what they stand for."""
    return _NAMED.sub(lambda found: html.escape(html.unescape(found.group()), quote=False), markup)


def _is_markup(markup: str) -> bool:
    try:
        fromstring(f"<div>{markup}</div>")
    except (ParseError, DefusedXmlException):
        return False
    return True
