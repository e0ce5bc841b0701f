"""Rich text from people: cleaned once on its way in, by one allow-list, and rendered from Markdown."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

import bleach
import nh3
from bleach.css_sanitizer import CSSSanitizer
from markdown_it import MarkdownIt

SANITISER_VERSION = 3
"""Stored beside every cleaned text, so that a stricter list can find what an older one let through."""

TAGS = frozenset(
    "a abbr audio b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h2 "
    "h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table "
    "tbody td tfoot th thead tr u ul var".split()
)
CLASSES = frozenset({"align-left", "align-center", "align-right", "align-justify", "blank", "lead", "note", "warning"})
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "audio": {"controls", "src"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}
_EVERYWHERE = {"lang", "dir"}
_MEANT_FOR_ALIGNMENT = {"class", "style", "align"}
OWN_SOUND = re.compile(r"/bank-files/[0-9a-f]{64}\.[a-z0-9]{2,4}")
"""The one kind of address that a sound may have: a content of ours, by its digest."""
DEEPEST = 100
"""Elements inside each other; what lies deeper (nobody writes that, and parsers slow down) is shown as plain text."""
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = frozenset({"br", "hr", "img", "col"})
_NUMBERS = {"width", "height", "start", "value", "colspan", "rowspan", "span"}
_WORDS = {"dir": {"ltr", "rtl", "auto"}, "scope": {"row", "col", "rowgroup", "colgroup"}, "type": set("1aAiI")}
_DROPPED_WITH_CONTENT = set(
    "script style template noscript noembed noframes iframe frameset object embed applet svg math title textarea "
    "select xmp plaintext video canvas".split()
)


def _list_of_attributes(more: set[str]) -> dict[str, set[str]]:
    return {tag: _ATTRIBUTES.get(tag, set()) | _EVERYWHERE | more for tag in TAGS | {"h1"}}


def _keep_value(tag: str, name: str, value: str) -> str | None:
    if name in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None
    if name in _WORDS:
        return value if value in _WORDS[name] else None
    if name == "lang":
        return value if re.fullmatch(r"[A-Za-z0-9-]{1,35}", value) else None
    if name == "controls":
        return ""
    if name == "src":
        fits = OWN_SOUND.fullmatch(value) if tag == "audio" else _is_picture_address(value)
        return value if fits else None
    return value


def _is_picture_address(value: str) -> bool:
    if re.match(r"https?://", value, re.IGNORECASE):
        return True
    head = re.split(r"[/?#]", value, maxsplit=1)[0]
    return bool(value) and ":" not in head and "\\" not in value and not value.startswith("//")


_parse = nh3.Cleaner(
    tags=set(TAGS) | {"h1", "source"},
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes=_list_of_attributes(_MEANT_FOR_ALIGNMENT) | {"source": {"src"}},
    url_schemes=set(URL_SCHEMES),
    link_rel=None,
)
_bleach = bleach.Cleaner(
    tags=TAGS | {"h1"},
    attributes={tag: sorted(names) for tag, names in _list_of_attributes(_MEANT_FOR_ALIGNMENT).items()},
    protocols=URL_SCHEMES,
    strip=True,
    strip_comments=True,
    css_sanitizer=CSSSanitizer(allowed_css_properties=["text-align"]),
)
_last_word = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes=_list_of_attributes(set()),
    attribute_filter=_keep_value,
    allowed_classes={tag: set(CLASSES) for tag in TAGS},
    url_schemes=set(URL_SCHEMES),
    link_rel="noopener noreferrer nofollow",
)


def sanitize_html(text: str) -> str:
    """HTML that may be shown on a page: bleach cleans, alignment becomes a class, nh3 has the last word.

    The result carries no script, style, handler, id, name or unknown scheme; h1 becomes h2, since the page has its
    own; cleaning it again changes nothing. Text without markup, and flat markup without attributes, take a short way
    that gives the same result without a parser.
    """
    if not text:
        return ""
    if "\r" in text or "\0" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if "<" not in text:
        return _words(text)
    flat = _clean_flat(text)
    if flat is not None:
        return flat
    cleaned = _clean_once(text)
    if _last_word.clean(cleaned) == cleaned:
        return cleaned
    return html.escape(text_of(cleaned), quote=False)


def _clean_once(text: str) -> str:
    parsed = _parse.clean(text)
    if "<audio" in parsed or "<source" in parsed:
        parsed = _with_own_sounds(parsed)
    if _is_too_deep(parsed):
        return html.escape(text_of(parsed), quote=False)
    cleaned = _bleach.clean(parsed)
    if "<h1" in cleaned:
        cleaned = cleaned.replace("<h1", "<h2").replace("</h1>", "</h2>")
    if "style=" in cleaned or "align=" in cleaned:
        cleaned = _START_TAG.sub(_align_by_class, cleaned)
    return _last_word.clean(cleaned).replace("\r", "\n")


def _with_own_sounds(parsed: str) -> str:
    """Each sound as `<audio controls src>` and nothing in it; gone with its content when its address is not ours.

    The text comes from the parser: tags are well formed and nested, and a `<` of the text is an entity.
    """
    kept: list[str] = []
    depth, at, source = 0, 0, ""
    for found in _ANY_TAG.finditer(parsed):
        closing, tag, attributes = found.groups()
        if tag not in {"audio", "source"}:
            continue
        if not depth:
            kept.append(parsed[at : found.start()])
            source = ""
        if tag == "audio":
            depth += -1 if closing else 1
        address = _SOUND_ADDRESS.search(attributes)
        if depth and not source and address and OWN_SOUND.fullmatch(address[1]):
            source = address[1]
        if not depth:
            at = found.end()
            kept.append(f'<audio controls="" src="{source}"></audio>' if source else "")
    return "".join(kept) + ("" if depth else parsed[at:])


def _is_too_deep(parsed: str) -> bool:
    if parsed.count("<") <= DEEPEST:
        return False
    depth = 0
    for closing, tag in _TAG.findall(parsed):
        if tag not in _VOID:
            depth += -1 if closing else 1
        if depth > DEEPEST:
            return True
    return False


_FLAT_TAG = re.compile(r"<(/?)(p|b|i|em|strong|u|s|sub|sup|code|br)(?:\s*/)?>")


def _words(text: str) -> str:
    if "&" in text:
        text = html.unescape(text).replace("\r", "\n").replace("\0", "")
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")


def _clean_flat(text: str) -> str | None:
    """The clean form of paragraphs and simple marks without attributes, well nested; None for anything else."""
    parts: list[str] = []
    opened: list[str] = []
    at = 0
    for found in _FLAT_TAG.finditer(text):
        between = text[at : found.start()]
        if "<" in between:
            return None
        closing, tag = found.groups()
        if closing:
            if not opened or opened.pop() != tag:
                return None
        elif tag == "p":
            if opened:
                return None
            opened.append(tag)
        elif tag != "br":
            if tag in opened:
                return None
            opened.append(tag)
        parts += [_words(between), f"<{closing}{tag}>"]
        at = found.end()
    rest = text[at:]
    if opened or "<" in rest:
        return None
    return "".join(parts) + _words(rest)


_ANY_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s[a-z-]+="[^"]*")*)\s*>')
_SOUND_ADDRESS = re.compile(r'\ssrc="([^"]*)"')
_START_TAG = re.compile(r'<([a-z][a-z0-9]*)((?:\s[a-z-]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')
_ALIGN = re.compile(r"(?:^|text-align\s*:)\s*(left|right|center|justify)\b", re.IGNORECASE)


def _align_by_class(found: re.Match[str]) -> str:
    tag, attributes = found.groups()
    kept: list[str] = []
    classes: list[str] = []
    for name, value in _ATTRIBUTE.findall(attributes):
        if name in {"style", "align"}:
            align = _ALIGN.search(value)
            classes += [f"align-{align.group(1).lower()}"] if align else []
        elif name == "class":
            classes = value.split() + classes
        else:
            kept.append(f' {name}="{value}"')
    wanted = " ".join(dict.fromkeys(word for word in classes if word in CLASSES))
    return f"<{tag}{''.join(kept)}" + (f' class="{wanted}">' if wanted else ">")


_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def markdown_to_html(text: str) -> str:
    """CommonMark with tables and strike-through as clean HTML."""
    return sanitize_html(str(_markdown.render(text)))


def markdown_parser() -> Any:
    """The parser behind `markdown_to_html`, for readers that change links between parsing and rendering.

    What it renders is not clean: it goes through `sanitize_html`.
    """
    return _markdown


_NEW_LINE = frozenset("p br li div tr h2 h3 h4 h5 h6 dt dd blockquote pre figure figcaption summary hr caption".split())


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEW_LINE or tag in {"td", "th"}:
            self.parts.append(" ")
        if tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NEW_LINE:
            self.parts.append(" ")


def with_open_ends_as_text(markup: str) -> str:
    """The same for a reader, but `<` that no `>` follows, and comments that nothing ends, as text.

    Python's HTMLParser reads from each of them to the end of the text (CVE-2025-6069 is of this sort).
    """
    ends = markup.rfind("-->") + 1
    markup = markup[:ends] + markup[ends:].replace("<!--", "&lt;!--")
    ends = markup.rfind(">") + 1
    return markup[:ends] + markup[ends:].replace("<", "&lt;")


def text_of(markup: str) -> str:
    """The words of a piece of HTML without its tags, white space folded: for lists, search and comparison."""
    if "<" not in markup:
        return " ".join((html.unescape(markup) if "&" in markup else markup).split())
    parser = _Text()
    parser.feed(with_open_ends_as_text(markup))
    parser.close()
    return " ".join("".join(parser.parts).split())
