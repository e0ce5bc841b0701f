"""A file as it was written, and whether a question would come back from it as it went in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.reading import Refusal
from question_bank.formats.rich_text import shown


@dataclass
class Written:
    """A file; the questions that its format can't say, and those that lost title or feedback, by title or stem."""

    data: bytes
    left_out: list[Refusal] = field(default_factory=list)
    lost: list[Refusal] = field(default_factory=list)


def name_of(draft: QuestionDraft) -> str:
    """What a report calls a question: its title, or the beginning of its text."""
    return draft.title or shown(draft.stem_html)[:60]


def left_out(draft: QuestionDraft, format: str) -> Refusal:
    """The line that names a question which the format can't say."""
    return Refusal(name_of(draft), _("The format %(name)s can't say all of this question.", name=format))


def keep(draft: QuestionDraft, read_back: Iterable[QuestionDraft], format: str, written: Written) -> bool:
    """Whether the question comes back the same; if not, it is named, and so is one that only lost title or feedback."""
    again = list(read_back)
    try:
        after = cleaned(again[0]) if len(again) == 1 else None
    except Refused:
        after = None
    if after is None or _bare(draft, feedback=False) != _bare(after, feedback=False):
        written.left_out.append(left_out(draft, format))
        return False
    if _bare(draft, feedback=True) != _bare(after, feedback=True) or draft.title != after.title:
        why = _("The format %(name)s leaves out titles and feedback.", name=format)
        written.lost.append(Refusal(name_of(draft), why))
    return True


def _bare(draft: QuestionDraft, *, feedback: bool) -> QuestionDraft:
    dropped = {"key", "match_key"} | (
        set() if feedback else {"feedback_html", "feedback_true_html", "feedback_false_html"}
    )
    content = _without(draft.content, dropped)
    return replace(draft, content=content, where="", external_id="", title="")


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: _without(one, names) for name, one in value.items() if name not in names and one not in ("", None)
        }
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    return value
