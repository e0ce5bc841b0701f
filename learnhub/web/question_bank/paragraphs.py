"""Paragraphs in the form of a question: shown as the plain text that they are, and stored again as they were.

Files and other programs write `<p>…</p>` around texts that have no markup otherwise. An author need not see that.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

from question_bank.authoring import QuestionDraft
from question_bank.formats.rich_text import html_of, shown

_PARAGRAPH = re.compile(r"\s*<p>((?:[^<]|<br\s*/?>)*)</p>\s*", re.IGNORECASE)
_BREAK = re.compile(r"[ \t\r\n]*<br\s*/?>[ \t\r\n]*", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n]+")
_TAG = re.compile(r"<(?!br>)")


def plain(markup: str) -> str | None:
    """The text of clean HTML that is nothing but paragraphs, with an empty line between them.

    None where there is other markup, and where the text, typed as it is, would be taken for markup.
    """
    texts, at = [], 0
    while found := _PARAGRAPH.match(markup, at):
        at = found.end()
        lines = _BREAK.split(found[1])
        texts.append("\n".join(html.unescape(_SPACES.sub(" ", line).strip()) for line in lines))
    if not texts or at < len(markup):
        return None
    typed = "\n\n".join(texts)
    return None if _TAG.search(html_of(typed, "auto")) else typed


def as_stored(draft: QuestionDraft, before: QuestionDraft) -> QuestionDraft:
    """The draft with the paragraphs of the question that it changes, wherever their text is still the same."""
    return replace(
        draft,
        stem_html=_kept(draft.stem_html, before.stem_html),
        explanation_html=_kept(draft.explanation_html, before.explanation_html),
        hints=tuple(_kept(list(draft.hints), list(before.hints))),
        content=content_as_stored(draft.content, before.content),
    )


def content_as_stored(content: Any, before: Any) -> Any:
    """The same for what belongs to a kind: its texts are those whose names end in `html`."""
    if isinstance(content, dict) and isinstance(before, dict):
        return {
            name: _kept(value, before.get(name))
            if name.endswith("html")
            else content_as_stored(value, before.get(name))
            for name, value in content.items()
        }
    if isinstance(content, list) and isinstance(before, list):
        rest: list[Any] = [None] * len(content)
        return [content_as_stored(one, other) for one, other in zip(content, [*before, *rest], strict=False)]
    return content


def _kept(text: Any, before: Any) -> Any:
    if isinstance(text, list) and isinstance(before, list):
        return [_kept(one, other) for one, other in zip(text, [*before, *[None] * len(text)], strict=False)]
    if not isinstance(text, str) or not isinstance(before, str) or text == before:
        return text
    stored = plain(before)
    return before if stored is not None and shown(text) == stored else text
