"""Texts of files as HTML: plain, HTML, Markdown, or whatever an author meant who did not say."""

from __future__ import annotations

import html
import re

from learnhub.kernel.markup import TAGS, markdown_to_html, sanitize_html, text_of
from question_bank.formats.mathml import rewritten
from question_bank.formats.signs import has_signs, html_of_signs
from question_bank.media import ADDRESS

_OTHER_TAGS = r"""
acronym article audio bdo big body button center dfn div embed font footer form h1 head header html iframe input label
link main math meta nav nobr nolink noscript o:\w+ object option script section select source st1:\w+ strike style svg
template textarea title tt v:\w+ video w:\w+ wbr
"""
"""Tags that are no words of a text, though none of them is kept: of HTML, of Word (o:, st1:, v:, w:) and of Moodle."""
_KNOWN = "|".join(sorted(TAGS | set(_OTHER_TAGS.split())))
_STRAY = re.compile(rf"<(?!/?(?:{_KNOWN})(?=[\s/>])|!--)", re.IGNORECASE)
_OPENED = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,12})(?:\s[^<>]{0,2000})?>")
_CLOSED = re.compile(r"</([a-zA-Z][a-zA-Z0-9]{0,12})\s*>")
_PICTURE = re.compile(r"<img\s(?![^<>]{0,2000}\son[a-z]{3,20}\s*=)[^<>]{0,2000}src", re.IGNORECASE)
_NEVER_TEXT = frozenset("script iframe object embed title textarea select option button form template noscript".split())
"""Tags that no author writes around words: a question about pages shows them."""
_BREAK_INSIDE = re.compile(r"[^\s<>]\s*(?:<br\s*/?>\s*)+[^\s<>]", re.IGNORECASE)
_BLOCKS = re.compile(r"<(?:p|br|div|li|ul|ol|table|pre|h[1-6])\b", re.IGNORECASE)


def html_of(text: str, written_as: str) -> str:
    """A text of a file as HTML, not yet clean. `written_as`: html, markdown, plain, moodle or auto.

    moodle is the format that allows both; auto is a spreadsheet's cell. In both, tags count as HTML when they come in
    pairs around something; a lone `<p>` is what a question about HTML asks for.
    """
    if not text:
        return ""
    if has_signs(text):
        return html_of_signs(text, ADDRESS)
    if written_as in {"html", "moodle", "auto"}:
        text = rewritten(text)
    if written_as == "html":
        return _STRAY.sub("&lt;", text) if "<" in text else text
    if written_as == "markdown":
        return _one_paragraph(_of_markdown(text))
    if written_as in {"moodle", "auto"}:
        if "<" in text and _is_html(text):
            marked = _STRAY.sub("&lt;", text)
            return marked if _BLOCKS.search(marked) else marked.replace("\n", "<br>")
        if written_as == "moodle":
            text = html.unescape(text)
    return html.escape(text, quote=False).replace("\n", "<br>")


def _is_html(text: str) -> bool:
    meant = _has_pair(text) or _PICTURE.search(text) or _BREAK_INSIDE.search(text)
    if not meant:
        return False
    cleaned = sanitize_html(text)
    return "<img" in cleaned or "<audio" in cleaned or bool(text_of(cleaned))


def _has_pair(text: str) -> bool:
    """Whether some tag is closed behind the place where it is opened; takes time by length, whatever is left open."""
    last = {tag[1]: tag.start() for tag in _CLOSED.finditer(text)}
    opened = (tag for tag in _OPENED.finditer(text) if tag[1].lower() not in _NEVER_TEXT)
    return any(last.get(tag[1], -1) >= tag.end() for tag in opened)


_FORMULA = re.compile(
    r"(?<!\\)\\\((?:(?!\\[()]|\n\s*\n).){1,2000}\\\)"
    r"|(?<!\\)\\\[(?=(?:(?!\\[\[\]]).)*?(?:\\[a-zA-Z]|[=^_]))(?:(?!\\[\[\]]|\n\s*\n).){1,2000}\\\]"
    r"|\$\$[^$]{1,2000}\$\$",
    re.DOTALL,
)
_FIRST_KEPT, _MOST_KEPT = 0xF1000, 0xE00


def _of_markdown(text: str) -> str:
    """Markdown as HTML, with its formulas as they are: its signs would eat `\\(`, and stars and strokes in them.

    Brackets with a stroke before each, `\\[1\\]`, are no formula unless something in them says so.
    """
    kept = [found.group() for found in _FORMULA.finditer(text)]
    if not kept or len(kept) > _MOST_KEPT:
        return markdown_to_html(text)
    signs = iter(range(_FIRST_KEPT, _FIRST_KEPT + len(kept)))
    markup = markdown_to_html(_FORMULA.sub(lambda _found: chr(next(signs)), text))
    return markup.translate({_FIRST_KEPT + n: html.escape(one, quote=False) for n, one in enumerate(kept)})


def _one_paragraph(markup: str) -> str:
    markup = markup.strip()
    if markup.startswith("<p>") and markup.endswith("</p>") and markup.count("<p>") == 1:
        return markup[3:-4]
    return markup


_ONLY_BREAKS = re.compile(r"<(?!br\s*/?>)", re.IGNORECASE)


def shown(markup: str) -> str:
    """Clean HTML as an author would type it: plain text where it has no markup but line breaks, else the HTML."""
    if _ONLY_BREAKS.search(markup):
        return markup
    return html.unescape(re.sub(r"<br\s*/?>\n?", "\n", markup, flags=re.IGNORECASE))


_SHOWN = re.compile(r"<(?:img|audio|video|svg|math|object|iframe|table|hr)\b", re.IGNORECASE)


def shows_something(markup: str) -> bool:
    """Whether a text in HTML has words, or anything else that is seen or heard."""
    return bool(text_of(markup).strip()) or _SHOWN.search(markup) is not None
