"""Moodle's word select (an add-on): a text in which words in brackets are to be found."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.marked_words import segments_of
from question_bank.formats.moodle.texts import Texts, value_of
from question_bank.formats.rich_text import html_of
from question_bank.fractions import decimal


def word_select(question: Element, texts: Texts) -> tuple[str, dict[str, Any], str]:
    """Every word of the text can be chosen; those in the file's brackets are right. The introduction says which."""
    signs = value_of(question, "delimitchars", "[]")
    first, last = map(re.escape, signs if len(signs) == 2 else "[]")
    marked = re.compile(f"(?:{first}){{1,2}}([^{first}{last}]+)(?:{last}){{1,2}}")
    cut = marked.split(texts.html(question.find("questiontext")))
    if len(cut) < 2:
        raise Refused(_("No word of the text is marked as right."))
    text, segments, is_long = segments_of((piece, bool(n % 2)) for n, piece in enumerate(cut))
    if is_long:
        texts.lose("grouped")
    if decimal(value_of(question, "wordpenalty", "1") or "1") < 1:
        texts.lose("word_penalty")
    introduction = question.find("introduction")
    said = html_of(texts.raw(introduction), "html") if introduction is not None else ""
    said = said if not said or said.startswith("<p") else f"<p>{said}</p>"
    return "select_text", {"segments": segments}, said + text
