"""H5P's Advanced Blanks: a text with lines to fill, and a list of what belongs on each, typed or chosen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p.media import Media, Params, bare, behaviour, wrapped
from question_bank.formats.h5p.said import hints_of, places_of

_LINE = re.compile(r"_{3,}")
_HIGHLIGHT = re.compile(r"!!(.+?)!!", re.DOTALL)
"""What feedback can point at later; signs that nobody sees."""


def advanced_blanks(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Lines of three or more `_` are the blanks, in the order of the list; `/` parts alternatives."""
    content = params.get("content")
    written = content if isinstance(content, dict) else {}
    listed = written.get("blanksList")
    blanks = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    text = _HIGHLIGHT.sub(r"\1", str(written.get("blanksText") or ""))
    right = [_parted(one.get("correctAnswerText")) for one in blanks]
    if not blanks or len(_LINE.findall(text)) != len(blanks) or not all(right):
        raise Refused(_("The lines to fill in the text are not as many as the answers."))
    hints = hints_of(places_of([str(one.get("hint") or "") for one in blanks], len(blanks)))
    media.note_spelling(params)
    wrong = [_wrong(one) for one in blanks]
    told = behaviour(params)
    stem = media.before(params) + wrapped(str(written.get("task") or "").strip())
    if told.get("mode") == "selection":
        from_all = told.get("selectAlternatives") == "all"
        yield replace(_lists(stem, text, right, wrong, from_all=from_all), hints=hints)
        return
    answers = [
        [{"text": one} for one in accepted]
        + [{"text": one, "fraction": "0", "feedback_html": said} for one, said in others if said]
        for accepted, others in zip(right, wrong, strict=True)
    ]
    content = {"blanks": [{"answers": one} for one in answers]}
    yield QuestionDraft("fill_in", stem + _LINE.sub("____", text), content, hints=hints)


def _parted(written: Any) -> list[str]:
    return [found for part in str(written or "").split("/") if (found := bare(part).strip())]


def _wrong(blank: Params) -> list[tuple[str, str]]:
    """The answers that are foreseen as wrong, each with what is said to it."""
    listed = blank.get("incorrectAnswersList")
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [
        (text, str(one.get("incorrectAnswerFeedback") or ""))
        for one in found
        for text in _parted(one.get("incorrectAnswerText"))
    ]


def _lists(
    stem: str, text: str, right: list[list[str]], wrong: list[list[tuple[str, str]]], *, from_all: bool
) -> QuestionDraft:
    """A list for each blank: its own answers, or those of all blanks."""
    parts = []
    for accepted, others in zip(right, wrong, strict=True):
        everything = [(one, "") for texts in right for one in texts[:1]] if from_all else []
        told = {one: said for one, said in [*everything, *others] if one not in accepted}
        options = [{"html": html.escape(accepted[0], quote=False), "fraction": "1"}]
        options += [
            {"html": html.escape(one, quote=False), "fraction": "0", "feedback_html": said}
            for one, said in told.items()
        ]
        parts.append({"kind": "single_choice", "weight": "1", "layout": "inline", "content": {"options": options}})
    places = iter(range(1, len(parts) + 1))
    return QuestionDraft("cloze", stem + _LINE.sub(lambda _line: f"[[{next(places)}]]", text), {"parts": parts})
