"""A question as its author looks at it: what a member will see, and beside it what is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message
from question_bank.authoring import QuestionDraft
from question_bank.kinds import KINDS, NAMES
from question_bank.kinds.in_text import blanked
from question_bank.models import QuestionVersion


@dataclass(frozen=True)
class Shown:
    """A question with its right answers; `mark` in thousandths, `left_out` says why it does not come in."""

    kind: str
    label: Message
    title: str
    stem_html: str
    public: dict[str, Any]
    mark: int
    right: list[dict[str, Any]] = field(default_factory=list)
    explanation_html: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    where: str = ""
    left_out: Message | None = None
    marker_html: str = ""
    """Marking notes."""
    hints: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer."""
        return self.kind != "description"


def of_draft(draft: QuestionDraft, left_out: Message | None = None) -> Shown:
    """A question of a file; the draft is cleaned."""
    kind = KINDS[draft.kind]
    return Shown(
        draft.kind,
        kind.label,
        draft.title,
        draft.stem_html,
        kind.public(draft.content),
        draft.mark,
        kind.right_answer(draft.content),
        draft.explanation_html,
        draft.category,
        draft.tags,
        draft.where,
        left_out,
        draft.content.get("marker_html", ""),
        draft.hints,
    )


def of_version(version: QuestionVersion) -> Shown:
    """A version of a question of a bank."""
    kind = KINDS.get(version.kind)
    if kind is None:
        return Shown(version.kind, NAMES[version.kind], version.title, version.stem_html, {}, version.mark)
    return Shown(
        version.kind,
        kind.label,
        version.title,
        version.stem_html,
        kind.public(version.content),
        version.mark,
        kind.right_answer(version.content),
        version.explanation_html,
        marker_html=version.content.get("marker_html", ""),
        hints=tuple(version.hints),
    )


def name_of(version: QuestionVersion) -> str:
    """What a list calls a question: its title, else the beginning of what it asks."""
    return (version.title or blanked(text_of(version.stem_html)))[:120]
