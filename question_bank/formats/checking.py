"""What every draft is looked at for, whatever format it came in: options that contradict each other, lost pictures."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft
from question_bank.fractions import fraction
from question_bank.media import ADDRESS

_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:https?:|data:)?//|data:", re.IGNORECASE)


def has_twins(content: dict[str, Any]) -> bool:
    """Whether a right and a wrong option of a choice say the same: what told them apart was lost."""
    worth: dict[str, bool] = {}
    for option in content.get("options", []):
        is_right = fraction(option["fraction"]) > 0
        if worth.setdefault(option["html"], is_right) != is_right:
            return True
    return any(has_twins(inner["content"]) for inner in [*content.get("parts", []), *content.get("questions", [])])


def with_pictures(draft: QuestionDraft, take: Callable[[str], str | None]) -> QuestionDraft:
    """The draft with pictures that stand beside their file at the addresses that `take` gives for their names."""

    def shown(picture: re.Match[str]) -> str:
        said = {one[1].casefold(): html.unescape(one[2] or one[3] or "") for one in _ATTRIBUTE.finditer(picture[0])}
        source = said.get("src", "")
        if not source or source.startswith(ADDRESS) or _ELSEWHERE.match(source):
            return picture[0]
        address = take(source)
        alt = said.get("alt") or ""
        if address is None:
            return html.escape(alt or posixpath.basename(source), quote=False)
        return f'<img src="{address}" alt="{html.escape(alt)}">'

    def of(value: Any) -> Any:
        if isinstance(value, str):
            return _PICTURE.sub(shown, value) if "<img" in value else value
        if isinstance(value, list):
            return [of(one) for one in value]
        return {key: of(one) for key, one in value.items()} if isinstance(value, dict) else value

    return replace(
        draft,
        stem_html=of(draft.stem_html),
        explanation_html=of(draft.explanation_html),
        content=of(draft.content),
        hints=tuple(map(of, draft.hints)),
    )


def looked_at(draft: QuestionDraft) -> tuple[QuestionDraft, list[Message]]:
    """The draft with the words or the name of each picture that is not there in its place, and what to know of it."""
    lost: dict[str, None] = {}

    def note(source: str) -> None:
        lost[source] = None

    found = with_pictures(draft, note)
    said = [_("The file %(name)s is missing or can't be shown.", name=source[:80]) for source in lost]
    if "\ufffd" in repr((draft.stem_html, draft.content, draft.explanation_html)):
        said.append(_("Letters were lost before the file came here: they read �."))
    if has_twins(draft.content):
        said.append(_("A right option and a wrong one say the same."))
    return found, [_("%(where)s: %(what)s", where=draft.where or "1", what=one) for one in said]
