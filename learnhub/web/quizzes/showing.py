"""What pages and the API may show of a paper: only what the moment allows ever gets into these values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from learnhub.quizzes import hand_marks, papers
from learnhub.quizzes.closing import UNMARKED
from learnhub.quizzes.models import Attempt, HandMark
from learnhub.quizzes.review import Item
from learnhub.web.quizzes import parts, showing_by_hand
from question_bank import marking
from question_bank.kinds import KINDS, Correctness, Kind
from question_bank.kinds.base import order_within
from question_bank.versions import versions_by_id


@dataclass(frozen=True)
class Question:
    """A question of an open attempt as it is asked, with the answer that the server holds. `mark` in thousandths."""

    number: int
    kind: str
    stem_html: str
    public: dict[str, Any]
    mark: int
    response: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    sequence: int = 0

    @property
    def answered(self) -> bool:
        """Whether the server holds an answer that is not blank."""
        return bool(self.response)

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer."""
        return self.kind != "description"


@dataclass(frozen=True)
class Option:
    """An option in a review: `chosen` and `right` are None where they may not be seen."""

    key: str
    html: str
    chosen: bool | None = None
    right: bool | None = None
    feedback_html: str = ""


@dataclass(frozen=True)
class Reviewed:
    """A question of a closed attempt, with exactly what the review rules allow; the rest is None or empty."""

    number: int
    kind: str
    stem_html: str
    full_mark: int
    options: list[Option] = field(default_factory=list)
    texts: list[str] | None = None
    """The member's typed answers, or "true" and "false"."""
    mark: int | None = None
    correctness: str | None = None
    right: list[dict[str, Any]] = field(default_factory=list)
    """Right answers that are not options: accepted texts and numbers."""
    feedback_html: list[str] = field(default_factory=list)
    explanation_html: str = ""
    lost: list[str] = field(default_factory=list)
    """What took marks off a right number: "unit", "figures"."""
    public: dict[str, Any] = field(default_factory=dict)
    """What was shown to be answered."""
    parts: list[parts.Part] = field(default_factory=list)
    """Prompts, items, gaps, pieces: where a question has them, they say what was answered and what is right."""
    by_hand: showing_by_hand.ByHand | None = None
    """The answer, where a person marks it."""
    marking: showing_by_hand.Marking | None = None
    inside: list[Reviewed] = field(default_factory=list)
    """The questions of a case."""


def questions(attempt: Attempt, held: Mapping[int, Any], numbers: Sequence[int] | None = None) -> list[Question]:
    """The questions of an open attempt, or those of one page: what is asked, never what is right."""
    slots = [slot for slot in papers.slots_of(attempt.layout) if numbers is None or slot.number in numbers]
    versions = versions_by_id(slot.version_id for slot in slots)
    found = []
    for slot in slots:
        version, answer = versions.get(slot.version_id), held.get(slot.number)
        kind = KINDS.get(version.kind) if version is not None else None
        if version is None or kind is None:
            found.append(Question(slot.number, "description", "", {}, slot.mark))
            continue
        found.append(
            Question(
                slot.number,
                kind.name,
                version.stem_html,
                kind.public(version.content, slot.order),
                slot.mark,
                answer.response if answer is not None else {},
                answer.revision if answer is not None else 0,
                answer.sequence if answer is not None else 0,
            )
        )
    return found


def reviewed(attempt: Attempt, held: Mapping[int, Any], shown: frozenset[Item]) -> list[Reviewed]:
    """The questions of a closed attempt under the review rules; nothing at all where not even answers are shown."""
    if Item.RESPONSE not in shown:
        return []
    slots = papers.slots_of(attempt.layout)
    versions = versions_by_id(slot.version_id for slot in slots)
    multiple_marking = attempt.layout.get("marking", "all_or_nothing")
    has_hands = any(one.get("by_hand") for one in attempt.marks)
    hands = hand_marks.newest(attempt.member_id, attempt.id) if has_hands else {}
    found = []
    for slot in slots:
        version, marked = versions.get(slot.version_id), attempt.marks[slot.number - 1]
        response = held[slot.number].response if slot.number in held else {}
        one = looked_at(slot, version, response, marked, shown, multiple_marking)
        found.append(_with_hand(one, slot, version, response, hands.get(slot.number), shown, multiple_marking))
    return found


def _with_hand(
    one: Reviewed,
    slot: papers.Slot,
    version: Asks | None,
    response: dict[str, Any],
    hand: HandMark | None,
    shown: frozenset[Item],
    multiple_marking: str,
    key: str = "",
) -> Reviewed:
    """What a person marks, with how it was marked; a case with its questions."""
    if version is None or version.kind not in (*showing_by_hand.KINDS, "case"):
        return one
    waits = one.correctness == Correctness.BY_HAND
    one = replace(one, mark=None if waits else one.mark, right=[], texts=None)
    if not key:
        one = replace(one, marking=showing_by_hand.marking_of(hand, waits, shown))
    if version.kind == "case":
        return replace(one, inside=_inside(slot, version, response, hand, shown, multiple_marking))
    levels = showing_by_hand.levels_in(hand, key, shown)
    return replace(one, by_hand=showing_by_hand.answer_of(version.kind, version.content, response, levels))


def _inside(
    slot: papers.Slot,
    version: Asks,
    response: dict[str, Any],
    hand: HandMark | None,
    shown: frozenset[Item],
    multiple_marking: str,
) -> list[Reviewed]:
    found = []
    for asked in version.content["questions"]:
        kind, given = KINDS[asked["kind"]], response.get("answers", {}).get(asked["key"], {})
        full = hand_marks.worth(version.content["questions"], asked, slot.mark)
        order = tuple(order_within(kind, asked["content"], slot.order))
        part = papers.Slot(slot.number, slot.question_id, slot.version_id, order, full)
        marked = _marked_part(kind, asked["content"], given, full, multiple_marking)
        by_person = showing_by_hand.part_in(hand, asked["key"])
        if by_person is not None:
            marked = {"mark": by_person["mark"], "correctness": hand_marks.verdict(by_person["mark"], full)}
        inner = Inside(asked["kind"], asked["stem_html"], asked["content"])
        one = looked_at(part, inner, given, marked, shown, multiple_marking)
        found.append(_with_hand(one, part, inner, given, hand, shown, multiple_marking, asked["key"]))
    return found


def _marked_part(
    kind: Kind, content: dict[str, Any], response: dict[str, Any], full: int, multiple_marking: str
) -> dict[str, Any]:
    found = marking.mark(kind.name, content, response, full, multiple_marking)
    return {"mark": found.mark, "correctness": found.correctness.value}


class Asks(Protocol):
    """What a question asks: a version, or a question inside a case."""

    @property
    def kind(self) -> str: ...
    @property
    def stem_html(self) -> str: ...
    @property
    def content(self) -> dict[str, Any]: ...
    @property
    def explanation_html(self) -> str: ...


@dataclass(frozen=True)
class Inside:
    """A question inside a case."""

    kind: str
    stem_html: str
    content: dict[str, Any]
    explanation_html: str = ""


def looked_at(
    slot: papers.Slot,
    version: Asks | None,
    response: dict[str, Any],
    marked: dict[str, Any],
    shown: frozenset[Item],
    multiple_marking: str,
) -> Reviewed:
    """An answered question with what may be seen of it; `marked` as in `Attempt.marks`."""
    mark = marked["mark"] if Item.MARK in shown else None
    is_open = marked["correctness"] in (UNMARKED, Correctness.BY_HAND)
    correctness = marked["correctness"] if Item.CORRECTNESS in shown or is_open else None
    kind = KINDS.get(version.kind) if version is not None else None
    if version is None or kind is None:
        return Reviewed(slot.number, "description", "", slot.mark, mark=mark, correctness=correctness)
    content, with_key = version.content, Item.RIGHT_ANSWER in shown
    marked_parts = marking.mark(kind.name, content, response, 1000, multiple_marking).parts
    feedback = _feedback(marked_parts) if Item.FEEDBACK in shown else {}
    right = kind.right_answer(content) if with_key else []
    options = _options(kind, content, slot, response, {one["key"] for one in right if "key" in one}, feedback)
    several = parts.looked_back(
        kind.name,
        content,
        response,
        marked_parts,
        with_correctness=Item.CORRECTNESS in shown,
        with_feedback=Item.FEEDBACK in shown,
        with_key=with_key,
    )
    told = {o.key for o in options} | {part.key or str(part.number) for part in several}
    return Reviewed(
        slot.number,
        kind.name,
        version.stem_html,
        slot.mark,
        options=options if with_key else [Option(o.key, o.html, o.chosen, None, o.feedback_html) for o in options],
        texts=None if several else _texts(kind.name, response),
        mark=mark,
        correctness=correctness,
        right=[one for one in right if "text" in one or not options],
        feedback_html=[text for key, text in feedback.items() if text and key not in told],
        explanation_html=version.explanation_html if with_key else "",
        lost=[what for part in marked_parts for what in part.get("lost", [])] if correctness is not None else [],
        public=kind.public(content, slot.order),
        parts=several,
    )


def _feedback(marked: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Feedback on the parts that were answered, by key of the option or number of the blank."""
    return {str(part.get("key", part.get("number"))): part.get("feedback_html", "") for part in marked}


def _options(
    kind: Kind,
    content: dict[str, Any],
    slot: papers.Slot,
    response: dict[str, Any],
    right: set[str],
    feedback: Mapping[str, str],
) -> list[Option]:
    chosen = {response.get("choice"), *response.get("choices", [])}
    return [
        Option(one["key"], one["html"], one["key"] in chosen, one["key"] in right, feedback.get(one["key"], ""))
        for one in kind.public(content, slot.order).get("options", [])
    ]


def _texts(kind_name: str, response: dict[str, Any]) -> list[str] | None:
    if kind_name == "true_false":
        return [response["choice"]] if response else []
    if "blanks" in response:
        return [str(text) for text in response["blanks"]]
    if "text" in response:
        return [f"{response['text']} {response.get('unit', '')}".rstrip()]
    return None if kind_name in ("single_choice", "multiple_choice", "description") else []
