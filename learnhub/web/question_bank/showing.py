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
from question_bank.plain_formulas import in_plain_text


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

    @property
    def wrong(self) -> list[dict[str, Any]]:
        """The wrong choices of fields that can't be opened here."""
        return wrong_choices(self.kind, self.public, self.right)

    def wrong_of(self, at: int) -> list[dict[str, Any]]:
        """The same of a question of a case, by its place from 0."""
        question = self.public["questions"][at]
        return wrong_choices(question["kind"], question["public"], self.right[at]["answers"])


def wrong_choices(kind: str, public: dict[str, Any], right: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be chosen and is not right, where the choices are in lists: `html`, in a cloze with its `number`."""
    if kind in ("matching", "drag_text"):
        taken = {one["html"] for one in right}
        return [{"html": one["html"]} for one in public.get("choices", []) if one["html"] not in taken]
    if kind != "cloze":
        return []
    taken = {(one["number"], one.get("html")) for one in right}
    return [
        {"number": part["number"], "html": one["html"]}
        for part in public.get("parts", [])
        for one in part["public"].get("options", [])
        if (part["number"], one["html"]) not in taken
    ]


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
    return (version.title or blanked(in_plain_text(text_of(version.stem_html))))[:120]


def asked_by(version: QuestionVersion) -> str:
    """The beginning of what a question with a title asks, for below the title; empty where the title says it."""
    begun = blanked(in_plain_text(text_of(version.stem_html)))[:120] if version.title else ""
    return "" if begun.startswith(version.title.rstrip("…")) else begun
