"""Texts of QTI files as HTML of ours: pictures and sound from the package, formulas as TeX, the rest as it stands."""

from __future__ import annotations

import base64
import binascii
import html
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from learnhub.kernel.archives import Entry
from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank import media
from question_bank.formats.mathml import tex_of

LARGEST_FILE = 20 << 20
"""Bytes of one picture or recording."""
_MATH = re.compile(r"<(?:\w+:)?math\b(?:(?!<(?:\w+:)?math\b).)*?</(?:\w+:)?math\s*>", re.DOTALL | re.IGNORECASE)
_INSIDE = r"""(?:(?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*\s*/?>|[^<>]*>)"""
"""The rest of an opening tag; between quotation marks a `>` may stand, as in the TeX of an inequality."""
_PICTURE = re.compile(rf"<img\b{_INSIDE}", re.IGNORECASE)
_LINK = re.compile(rf"<a\b{_INSIDE}|</a\s*>", re.IGNORECASE)
_INTO_THE_COURSE = re.compile(r"(?:\$|%24)[A-Z_-]+(?:\$|%24)|(?![a-z][a-z0-9+.-]*:|[/#?])[^\s]", re.IGNORECASE)
"""An address that stands for something of the course, or for a file beside the question."""
_AUDIO = re.compile(r"<audio\b[^<>]*>(?:(?!<audio\b).)*?</audio\s*>|<audio\b[^<>]*/>", re.DOTALL | re.IGNORECASE)
_EMBEDDED = re.compile(
    r"<(iframe|video|object|embed|svg|canvas)\b[^<>]*?(?:/>|>(?:(?!<\1\b).)*?</\1\s*>|>)", re.DOTALL | re.IGNORECASE
)
_UNCLOSED = re.compile(r"<(script|style|textarea|title|template|select|noscript|xmp)\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
_BASE = re.compile(r"^(?:\$|%24)(?:IMS[-_]CC[-_]FILEBASE|IMS_?CC_?FILEBASE)(?:\$|%24)/?", re.IGNORECASE)
_STUB = re.compile(r"^@X@EmbeddedFile\.\w+@X@/?", re.IGNORECASE)
"""What Blackboard writes in place of the address of a file of its own."""
_NUMBERED = re.compile(r"xid-\d+_\d+\Z")
OURS = "learnhub-text"
"""The class of a box around a text that is to come back exactly as it was written."""
_OUR_BOX = re.compile(rf'\s*<div class="{OURS}">(.*)</div>((?:\s|\ue000\d+\ue001)*)', re.DOTALL)
_WHOLE = re.compile(r"<(div|p)>(.*)</\1>", re.DOTALL)
VOID = frozenset({"br", "hr", "img", "col", "wbr"})


class Holder(Protocol):
    """What a shelf takes its files from."""

    def members(self) -> list[Entry]:
        """The files, by name and size in bytes."""

    def read(self, name: str, limit: int | None = None) -> bytes:
        """A whole file; Refused when it is longer than `limit` bytes."""


class Shelf:
    """The files of a package, found by the names that texts use; those taken gather in `files`."""

    def __init__(self, archive: Holder | None, files: dict[str, bytes]) -> None:
        self._archive = archive
        self._files = files
        self._names = [entry.name for entry in archive.members()] if archive is not None else []
        self._by_last: dict[str, list[str]] = {}
        for name in self._names:
            self._by_last.setdefault(posixpath.basename(name).casefold(), []).append(name)
        self._taken: dict[str, str] = {}

    def address(self, source: str, folder: str) -> str | None:
        """Our address of the file that a text names, relative to its folder; None when it is missing or not taken."""
        if source.startswith("data:"):
            return self.keep(_inline(source))
        name = self._found(source, folder)
        if name is None or self._archive is None:
            return None
        if name not in self._taken:
            try:
                self._taken[name] = self.keep(self._archive.read(name, LARGEST_FILE)) or ""
            except Refused:
                self._taken[name] = ""
        return self._taken[name] or None

    def found(self, source: str, folder: str) -> bytes | None:
        """The bytes of the file that a text names; None when it is missing or too large."""
        name = self._found(source, folder)
        if name is None or self._archive is None:
            return None
        try:
            return self._archive.read(name, LARGEST_FILE)
        except Refused:
            return None

    def stands_elsewhere(self, source: str, folder: str) -> str:
        """The name of a file that only its last name says to be the one that a cartridge means; else nothing."""
        bare = unquote(re.split(r"[?#]", _BASE.sub("", source), maxsplit=1)[0]).lstrip("./")
        name = self._found(source, folder) or ""
        is_meant = not _BASE.match(source) or f"/{name}".casefold().endswith(f"/{bare}".casefold())
        return "" if is_meant or "/" not in bare or _NUMBERED.search(bare) else name

    def keep(self, data: bytes) -> str | None:
        """Our address of a file; None for one that a question may not hold."""
        name = media.name_of(data) if data else None
        if name is None:
            return None
        self._files[name] = data
        return media.address(name)

    def _found(self, source: str, folder: str) -> str | None:
        based = _STUB.sub("", _BASE.sub("", source))
        bare = unquote(re.split(r"[?#]", based, maxsplit=1)[0])
        tries = [posixpath.join(folder, bare), bare, f"web_resources/{bare}", f"csfiles/home_dir/{bare}", unquote(bare)]
        for one in tries:
            normal = posixpath.normpath(one).lstrip("/")
            if normal in self._names:
                return normal
        if _NUMBERED.search(bare):
            return self._of_number(posixpath.basename(bare))
        alike = self._by_last.get(posixpath.basename(bare).casefold(), [])
        if len(alike) > 1:
            alike = [name for name in alike if name.casefold().endswith("/" + posixpath.normpath(bare).casefold())]
        return alike[0] if len(alike) == 1 else None

    def _of_number(self, number: str) -> str | None:
        """The one file that Blackboard packed with its number behind its name: `photo__xid-12_1.png`."""
        ends = re.compile(rf"(?:\A|_){re.escape(number)}(?:\.\w+)?\Z")
        found = [name for name in self._names if ends.search(posixpath.basename(name)) and not name.endswith(".xml")]
        return found[0] if len(found) == 1 else None


def _inline(source: str) -> bytes:
    head, _comma, body = source.partition(",")
    if not head.endswith(";base64") or len(body) > 2 * LARGEST_FILE:
        return b""
    try:
        return base64.b64decode(unquote(body), validate=False)
    except (binascii.Error, ValueError):
        return b""


class Texts:
    """Texts of one file in a package. What is lost on the way goes to `warn`."""

    def __init__(self, shelf: Shelf, folder: str, warn: Callable[[Message], None]) -> None:
        self._shelf = shelf
        self._folder = folder
        self._warn = warn

    def html(self, markup: str) -> str:
        """HTML with its pictures at our addresses and its formulas as `\\( … \\)`; an outer box alone is taken off."""
        if "<" not in markup:
            return markup.strip()
        markup = _UNCLOSED.sub(lambda found: _as_words(found, markup), markup)
        markup = _PICTURE.sub(lambda found: self._picture(_attributes(found.group())), markup)
        markup = _MATH.sub(lambda found: self._formula(found.group()), markup)
        markup = self._without_dead_links(markup)
        markup = _AUDIO.sub(lambda found: self._audio(found.group()), markup)
        markup = _EMBEDDED.sub(self._embedded, markup)
        return unwrapped(markup.strip())

    def plain(self, text: str) -> str:
        """Plain text as HTML."""
        return html.escape(text.strip(), quote=False).replace("\n", "<br>")

    def picture(self, source: str, alternative: str = "", about: Mapping[str, str] | None = None) -> str:
        """A picture of the package; `about` may hold its size."""
        return self._picture({**(about or {}), "src": source, "alt": alternative})

    def file(self, source: str) -> bytes | None:
        """A file of the package, by the name that this text uses for it."""
        return self._shelf.found(source, self._folder)

    def missing(self, source: str) -> None:
        """Say that a file is not there."""
        self._warn(_("The file %(name)s is missing or not taken here.", name=unquote(source)[:120]))

    def made(self, data: bytes, alternative: str = "") -> str:
        """A picture that was made here; empty for one that a question may not hold."""
        found = self._shelf.keep(data)
        return f'<img src="{html.escape(found)}" alt="{html.escape(alternative)}">' if found else ""

    def sound(self, source: str) -> str:
        """A recording of the package."""
        found = self._resolved(source)
        return f'<audio controls src="{html.escape(found)}"></audio>' if found else ""

    def _formula(self, math: str) -> str:
        tex = tex_of(math)
        if tex:
            return f"\\({html.escape(tex, quote=False)}\\)"
        words = text_of(re.sub(r"</?(?:\w+:)?\w+[^>]*>", lambda tag: "" if "/" in tag.group()[:2] else " ", math))
        self._warn(_("A formula came in as plain text: %(text)s", text=words[:80]))
        return html.escape(words, quote=False)

    def _picture(self, attributes: Mapping[str, str]) -> str:
        tex = _tex_of_picture(attributes)
        if tex:
            return f"\\({html.escape(tex, quote=False)}\\)"
        alternative = attributes.get("alt", "")
        found = self._resolved(attributes.get("src", ""))
        if not found:
            return html.escape(alternative, quote=False)
        size = "".join(
            f' {name}="{attributes[name]}"'
            for name in ("width", "height")
            if re.fullmatch(r"\d{1,4}", attributes.get(name, ""))
        )
        return f'<img src="{html.escape(found)}" alt="{html.escape(alternative)}"{size}>'

    def _audio(self, markup: str) -> str:
        source = next((a["src"] for tag in re.findall(r"<[^>]*>", markup) if (a := _attributes(tag)).get("src")), "")
        return self.sound(source)

    def _embedded(self, found: re.Match[str]) -> str:
        attributes = _attributes(found.group())
        source = attributes.get("data") or attributes.get("src") or ""
        if found.group(1).lower() == "object" and attributes.get("type", "").startswith("image/"):
            return self._picture({**attributes, "src": source, "alt": text_of(found.group())})
        if found.group(1).lower() == "object" and attributes.get("type", "").startswith("audio/"):
            return self.sound(source)
        self._warn(_("What is embedded as <%(tag)s> is left out.", tag=found.group(1).lower()))
        return ""

    def _without_dead_links(self, markup: str) -> str:
        """The markup without links that lead nowhere outside of its course; their words stay."""
        parts: list[str] = []
        kept_to, opened = 0, -1
        for tag in _LINK.finditer(markup):
            if tag.group().startswith("</"):
                if opened < 0:
                    continue
                words = text_of(markup[opened : tag.start()]) or "…"
                self._warn(_("The link “%(text)s” leads into the course of the file and is left out.", text=words[:80]))
                opened = -1
            elif _INTO_THE_COURSE.match(_attributes(tag.group()).get("href", "").strip()):
                opened = tag.end()
            else:
                continue
            parts.append(markup[kept_to : tag.start()])
            kept_to = tag.end()
        return "".join([*parts, markup[kept_to:]])

    def _resolved(self, source: str) -> str:
        if re.match(r"https?://", source, re.IGNORECASE):
            return source
        found = self._shelf.address(source, self._folder)
        if found is None:
            self.missing(source)
        elif other := self._shelf.stands_elsewhere(source, self._folder):
            self._warn(_("The file %(other)s was taken for %(name)s.", other=other[:120], name=unquote(source)[:120]))
        return found or ""


def _tex_of_picture(attributes: Mapping[str, str]) -> str:
    """The formula behind a picture of one, as Canvas and its relatives keep it."""
    if attributes.get("data-equation-content"):
        return attributes["data-equation-content"].strip()
    source = attributes.get("src", "")
    if "equation_image" in attributes.get("class", "") or "/equation_images/" in source:
        alternative = attributes.get("alt", "")
        if alternative.startswith("LaTeX:"):
            return alternative.removeprefix("LaTeX:").strip()
        return unquote(unquote(source.partition("/equation_images/")[2].partition("?")[0])).strip() or alternative
    return ""


def _attributes(tag: str) -> dict[str, str]:
    opening = re.match(rf"<\w+{_INSIDE}", tag)
    head = opening.group() if opening else tag.partition(">")[0]
    return {found[0].lower(): html.unescape(found[1] or found[2] or found[3]) for found in _ATTRIBUTE.findall(head)}


def unwrapped(markup: str) -> str:
    """The markup without a lone box around all of it."""
    ours = _OUR_BOX.fullmatch(markup)
    if ours:
        return ours.group(1) + "".join(ours.group(2).split())
    found = _WHOLE.fullmatch(markup)
    while found and f"<{found.group(1)}" not in found.group(2) and f"</{found.group(1)}" not in found.group(2):
        markup = found.group(2).strip()
        found = _WHOLE.fullmatch(markup)
    return markup


def _as_words(found: re.Match[str], markup: str) -> str:
    """A tag that hides what follows, but is never closed: a question about the tag."""
    closed = re.search(rf"</{found.group(1)}\s*>", markup[found.end() :], re.IGNORECASE)
    return found.group() if closed else html.escape(found.group(), quote=False)


def beside(parts: Iterable[str]) -> str:
    """Texts one below the other, each once."""
    kept = list(dict.fromkeys(part for part in parts if part))
    if len(kept) < 2:
        return "".join(kept)
    return "".join(part if part.startswith(_BLOCKS) else f"<p>{part}</p>" for part in kept)


_BLOCKS = ("<p", "<div", "<ul", "<ol", "<table", "<pre", "<blockquote", "<h")

Replace = Callable[[Element], str | None]


def serialised(element: Element, replace: Replace) -> str:
    """What is inside an element as HTML; `replace` may put something else for an element (None: as it is)."""
    parts = [html.escape(element.text or "", quote=False)]
    for child in element:
        other = replace(child)
        parts.append(_tag(child, replace) if other is None else other)
        parts.append(html.escape(child.tail or "", quote=False))
    return "".join(parts)


def _tag(element: Element, replace: Replace) -> str:
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in element.attrib.items())
    if element.tag in VOID:
        return f"<{element.tag}{attributes}>"
    return f"<{element.tag}{attributes}>{serialised(element, replace)}</{element.tag}>"
