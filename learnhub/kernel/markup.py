"""Rich text from people: cleaned once on its way in, by one allow-list, and rendered from Markdown."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import bleach
import nh3
from bleach.css_sanitizer import CSSSanitizer
from markdown_it import MarkdownIt

SANITISER_VERSION = 1
"""Stored beside every cleaned text, so that a stricter list can find what an older one let through."""

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h2 h3 h4 h5 "
    "h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot "
    "th thead tr u ul var".split()
)
CLASSES = frozenset({"align-left", "align-center", "align-right", "align-justify", "blank", "lead", "note", "warning"})
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}
_EVERYWHERE = {"class", "lang", "dir"}
_DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "title"}
_ALIGN = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.IGNORECASE)


def _allow_for_bleach(tag: str, name: str, value: str) -> bool:
    return name in _EVERYWHERE or name == "style" or name in _ATTRIBUTES.get(tag, set())


_bleach = bleach.Cleaner(
    tags=TAGS,
    attributes=_allow_for_bleach,
    protocols=URL_SCHEMES,
    strip=True,
    strip_comments=True,
    css_sanitizer=CSSSanitizer(allowed_css_properties=["text-align"]),
)


def sanitize_html(text: str) -> str:
    """HTML that may be shown on a page: bleach cleans, alignment becomes a class, nh3 has the last word.

    The result is idempotent under a second cleaning and carries no style, script, handler or unknown scheme.
    """
    if not text:
        return ""
    if "<" not in text and "&" not in text:
        return html.escape(text, quote=False)
    outer = nh3.clean(
        text.replace("\0", ""),
        tags=set(TAGS) | {"style"} - {"style"},
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={tag: names | _EVERYWHERE | {"style"} for tag, names in _with_every_tag().items()},
        url_schemes=set(URL_SCHEMES),
        link_rel=None,
    )
    aligned = re.sub(r'<(\w+)([^<>]*?)\sstyle="([^"]*)"([^<>]*)>', _style_to_class, _bleach.clean(outer))
    return nh3.clean(
        aligned,
        tags=set(TAGS),
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={tag: names | {"lang", "dir"} for tag, names in _with_every_tag().items()},
        allowed_classes={tag: set(CLASSES) for tag in TAGS},
        url_schemes=set(URL_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _with_every_tag() -> dict[str, set[str]]:
    return {tag: set(_ATTRIBUTES.get(tag, set())) for tag in TAGS}


def _style_to_class(found: re.Match[str]) -> str:
    tag, before, style, after = found.groups()
    align = _ALIGN.search(style)
    rest = before + after
    if not align:
        return f"<{tag}{rest}>"
    word = f"align-{align.group(1).lower()}"
    if 'class="' in rest:
        return f"<{tag}{rest.replace('class=', chr(0), 1).replace(chr(0) + chr(34), f'class={chr(34)}{word} ', 1)}>"
    return f'<{tag}{rest} class="{word}">'


_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def markdown_to_html(text: str) -> str:
    """CommonMark with tables and strike-through as clean HTML."""
    return sanitize_html(str(_markdown.render(text)))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "br", "li", "div", "tr", "h2", "h3", "h4"}:
            self.parts.append("\n")
        if tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")


def text_of(markup: str) -> str:
    """The words of a piece of HTML without its tags, white space folded: for lists, search and comparison."""
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return re.sub(r"\s+", " ", "".join(parser.parts)).strip()
