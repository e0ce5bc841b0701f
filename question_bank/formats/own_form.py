"""One question as a text that can be corrected: plain text where that says all of it, else our own form in JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import lossless, objects, text_writing
from question_bank.formats import text as plain_text
from question_bank.formats.papers.shapes import number_of
from question_bank.formats.reading import Reading, Refusal, reason_of
from question_bank.formats.rich_text import html_of
from question_bank.formats.sameness import is_same, plain

_KEPT = ("mark", "category", "tags", "difficulty", "explanation_html", "hints", "source", "clause", "feedback")
_TAG = re.compile(r"<\s*/?\s*([a-z0-9]+)[^>]*>", re.IGNORECASE)
_END = re.compile(r"</p>|</div>|<br\s*/?>", re.IGNORECASE)
_BARE = frozenset({"p", "br", "div", "span"})
"""Tags that say nothing but where a line ends."""


def said(draft: QuestionDraft) -> str:
    """A clean draft as text: plain when it would come back the same but for its paragraphs, else as JSON."""
    bare = _without_paragraphs(draft)
    try:
        block = text_writing.block_of(bare)
        if block is not None:
            back = _read_plain(block)
            if not block.startswith("{") and not back.refused and is_same(cleaned(bare), back.questions, _KEPT):
                return block
    except Refused:
        pass
    said = {name: getattr(draft, name) for name in lossless.OURS_HOLDS}
    return json.dumps(plain(said), ensure_ascii=False, indent=1)


def read(text: str, where: str, before: QuestionDraft | None) -> Reading:
    """The question that somebody wrote at a place, or why it is refused; `before` lends what plain text can't say.

    Refused as a whole when there is no question, or more than one.
    """
    if not text.strip():
        raise Refused(_("There is no question in this text. Leave it out instead."))
    if text.lstrip().startswith("{"):
        reading = _read_json(text)
    else:
        reading = _read_plain(text.strip())
        if before is not None:
            reading.questions[:] = [
                replace(one, title=before.title, external_id=before.external_id) for one in reading.questions
            ]
    if len(reading.questions) + len(reading.refused) > 1:
        raise Refused(_("Only one question can stand here; there are %(n)s in this text.", n=_count(reading)))
    if not _count(reading):
        raise Refused(_("There is no question in this text. Leave it out instead."))
    return _placed(reading, where)


def _count(reading: Reading) -> int:
    return len(reading.questions) + len(reading.refused)


def _read_plain(text: str) -> Reading:
    """A question with its number or without."""
    return plain_text.read(text + "\n" if number_of(text.partition("\n")[0]) else f"1. {text}\n")


def _read_json(text: str) -> Reading:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("This is not JSON: %(why)s", why=str(error)[:200])) from None
    return objects.read(json.dumps({"format": lossless.OURS, "version": 1, "questions": [found]}))


def _placed(reading: Reading, where: str) -> Reading:
    placed = Reading(reading.format)
    for draft in reading.questions:
        try:
            placed.questions.append(cleaned(replace(draft, where=where)))
        except Refused as error:
            placed.refused.append(Refusal(where, reason_of(error)))
    placed.refused += [Refusal(where, one.reason) for one in reading.refused]
    return placed


def _without_paragraphs(draft: QuestionDraft) -> QuestionDraft:
    return replace(
        draft,
        title="",
        stem_html=_bare(draft.stem_html),
        explanation_html=_bare(draft.explanation_html),
        content=_bare_parts(draft.content),
    )


def _bare_parts(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {one: _bare_parts(inner, one) for one, inner in value.items()}
    if isinstance(value, list):
        return [_bare_parts(one) for one in value]
    return _bare(value) if isinstance(value, str) and name.endswith("html") else value


def _bare(html: str) -> str:
    """HTML that holds nothing but lines as its bare text, anything else as it is."""
    if not {found.casefold() for found in _TAG.findall(html)} <= _BARE:
        return html
    lines = _TAG.sub("", _END.sub("\n", " ".join(html.split()))).split("\n")
    bare = html_of(unescape("\n".join(line.strip() for line in lines).strip()), "auto")
    return bare if text_of(bare).split() == text_of(html).split() else html
