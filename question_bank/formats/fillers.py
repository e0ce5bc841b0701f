"""Texts that a program writes where its author wrote none: left out and told, or the question is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft

Content = dict[str, Any]
_FILLERS = frozenset(
    folded(text)
    for text in (
        "No answer text provided",
        "No answer text provided.",
        "未提供答案文本",
        "未提供答案文本。",
        "没有提供答案文本",
        "没有提供答案文本。",
        "未提供答案内容",
        "未提供答案内容。",
        "未提供答案文字",
        "未提供答案文字。",
    )
)
"""What Canvas exports for an answer without a text."""


def without_fillers(draft: QuestionDraft) -> tuple[QuestionDraft, list[Message]]:
    """The draft without wrong options and accepted texts that nobody wrote, and what to know of it.

    Refused when a right option, or what belongs together in a matching, is missing.
    """
    left_out: list[str] = []
    content = _content(draft.content, left_out)
    if not left_out:
        return draft, []
    told = _("%(where)s: an answer without a text (“%(text)s”) was left out.", where=draft.where, text=left_out[0])
    return replace(draft, content=content), [told]


def _content(content: Content, left_out: list[str]) -> Content:
    found = dict(content)
    for name in ("options", "answers"):
        if isinstance(found.get(name), list):
            found[name] = _kept(found[name], left_out, is_option=name == "options")
    for name in ("blanks", "questions", "parts"):
        if isinstance(found.get(name), list):
            found[name] = [_inside(one, left_out) for one in found[name]]
    for pair in found.get("pairs") or []:
        if any(_filler(pair.get(side)) for side in ("html", "match_html")):
            raise Refused(_("An option has no text."))
    return found


def _inside(one: Any, left_out: list[str]) -> Any:
    if not isinstance(one, dict):
        return one
    inner = one.get("content")
    return {**one, "content": _content(inner, left_out)} if isinstance(inner, dict) else _content(one, left_out)


def _kept(listed: list[Any], left_out: list[str], *, is_option: bool) -> list[Any]:
    kept = []
    for one in listed:
        text = _filler(one.get("html") if is_option else one.get("text")) if isinstance(one, dict) else ""
        if not text:
            kept.append(one)
            continue
        if is_option and str(one.get("fraction", "0")) not in {"0", ""} and not str(one["fraction"]).startswith("-"):
            raise Refused(_("An option has no text."))
        left_out.append(text)
    return kept


def _filler(written: Any) -> str:
    """The filler that this is; empty for anything else, so also where a picture stands beside it."""
    if not isinstance(written, str) or len(written) > 200 or "<img" in written or "<audio" in written:
        return ""
    text = text_of(written).strip()
    return text if folded(text) in _FILLERS else ""
