"""Addresses inside Markdown: each link and picture is asked for its new address while the text is rendered."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from learnhub.kernel.markup import markdown_parser, sanitize_html

Ask = Callable[[str, bool], str | None]
"""Gets an address as written and whether it is a picture; gives the new one, or None to leave only the words."""

_TAG = re.compile(r"<(img|a|source|video|audio)\b([^>]*)>", re.IGNORECASE)
_SPACED_PICTURE = re.compile(r"(!\[[^\]\n]*\])\(([^()<>\n\"]*\S [^()<>\n\"]*\.(?:png|jpe?g|gif|webp))\)", re.IGNORECASE)
"""A picture whose name has spaces: editors write it, CommonMark wants it in angle brackets."""
_ALTERNATIVE = re.compile(r"\salt\s*=\s*([\"'])(.*?)\1", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"(\s)(src|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


def render(source: str, ask: Ask) -> str:
    """Markdown as clean HTML, with every address replaced by what `ask` says."""
    parser = markdown_parser()
    tokens = parser.parse(_SPACED_PICTURE.sub(r"\1(<\2>)", source))
    for token in tokens:
        if token.type == "html_block":
            token.content = _in_html(token.content, ask)
        if token.children:
            token.children = _in_line(token.children, ask)
    return sanitize_html(str(parser.renderer.render(tokens, parser.options, {})))


def _in_line(children: list[Any], ask: Ask) -> list[Any]:
    kept: list[Any] = []
    links: list[bool] = []
    for token in children:
        if token.type == "html_inline":
            token.content = _in_html(token.content, ask)
        elif token.type == "image":
            address = ask(str(token.attrs.get("src", "")), True)
            if address is None:
                kept += token.children or []
                continue
            token.attrs["src"] = address
        elif token.type == "link_open":
            address = ask(str(token.attrs.get("href", "")), False)
            links.append(address is not None)
            if address is None:
                continue
            token.attrs["href"] = address
        elif token.type == "link_close" and not links.pop():
            continue
        kept.append(token)
    return kept


def _in_html(markup: str, ask: Ask) -> str:
    def tag(found: re.Match[str]) -> str:
        name, attributes = found.groups()
        picture = name.lower() != "a"
        lost = False

        def address(attribute: re.Match[str]) -> str:
            nonlocal lost
            written = next(group for group in attribute.groups()[2:] if group is not None)
            new = ask(html.unescape(written), picture)
            lost |= new is None
            return "" if new is None else f'{attribute.group(1)}{attribute.group(2)}="{html.escape(new)}"'

        changed = f"<{name}{_ADDRESS.sub(address, attributes)}>"
        if lost and name.lower() == "img":
            words = _ALTERNATIVE.search(attributes)
            return html.escape(html.unescape(words.group(2))) if words else ""
        return changed

    return _TAG.sub(tag, markup)


def is_outside(address: str) -> bool:
    """Whether an address names another site, a mailbox, or a place on the same page."""
    return not address or address.startswith(("#", "//")) or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address))


def place(address: str, folder: str) -> str | None:
    """The path inside the package that a relative address names from a folder; None when it leads outside."""
    path = unquote(urlsplit(address.replace("\\", "/")).path)
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path)
    clean = posixpath.normpath(joined) if joined else ""
    return None if clean in {"", "."} or clean.startswith("..") else clean
