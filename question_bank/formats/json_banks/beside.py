"""What stands beside a question in JSON and belongs to its text: a passage above it, code below it, a picture."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from question_bank.formats.rich_text import html_of

_PASSAGES = ("passage", "material", "article", "stimulus", "context", "scenario", "材料", "案例", "背景", "阅读材料")
_CODE = ("code", "codeSnippet", "code_snippet", "snippet", "代码")
_PICTURES = (
    "image", "img", "imageUrl", "image_url", "imageURL", "questionImage", "question_image", "picture", "photo",
    "figure", "图片",
)  # fmt: skip
_IDENTIFIER = re.compile(r"\s*[\w.-]{1,40}\s*")
"""`"code": "ID-06"` is what a question is called."""
_ADDRESS = re.compile(r"https?://\S+|data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+")


def with_beside(item: Mapping[str, Any], stem: str) -> str:
    """The stem with all of that."""
    above = [text for name in _PASSAGES if (text := _text(item, name)) and text != stem]
    code = [text for name in _CODE if (text := _text(item, name)) and not _IDENTIFIER.fullmatch(text)]
    pictures = [text for name in _PICTURES if _ADDRESS.fullmatch(text := _text(item, name).strip())]
    if not code and not pictures:
        return "\n\n".join([*above, stem])
    shown = [html_of("\n\n".join([*above, stem]), "auto")]
    shown += [f"<pre><code>{html.escape(text)}</code></pre>" for text in code]
    shown += [f'<img src="{html.escape(text)}" alt="">' for text in pictures]
    return "".join(shown)


def picture_in(item: Mapping[str, Any]) -> str | None:
    """The picture that an object names by an address, or holds; None where it has none to show."""
    found = next((text for name in _PICTURES if _ADDRESS.fullmatch(text := _text(item, name).strip())), None)
    return f'<img src="{html.escape(found)}" alt="">' if found else None


def has_lost_picture(item: Mapping[str, Any]) -> bool:
    """Whether a picture is named that the file does not hold."""
    return any((text := _text(item, name).strip()) and not _ADDRESS.fullmatch(text) for name in _PICTURES)


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
