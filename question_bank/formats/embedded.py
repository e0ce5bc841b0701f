"""What stands inside the texts of questions and does not come in: frames, films, drawings, formulas nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft

_TAGS = re.compile(r"<(iframe|frame|video|object|embed|applet|svg|canvas|math)\b", re.IGNORECASE)


def left_out(draft: QuestionDraft) -> list[Message]:
    """A line for each sort of thing that a draft's texts hold and cleaning takes away; the draft is not yet clean."""
    texts = [draft.stem_html, draft.explanation_html, *draft.hints, *_markup(draft.content)]
    tags = sorted({tag.lower() for text in texts if "<" in text for tag in _TAGS.findall(text)})
    return [_told(draft.where, tag) for tag in tags]


def _told(where: str, tag: str) -> Message:
    if tag == "math":
        return _("%(where)s: a formula can't be told and is left out.", where=where)
    return _("%(where)s: what is embedded as <%(tag)s> is left out.", where=where, tag=tag)


def _markup(content: Any, name: str = "") -> Iterator[str]:
    """Every text of a content that is HTML: those whose key says so."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _markup(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from _markup(value, name)
    elif isinstance(content, str) and name.endswith("html"):
        yield content
