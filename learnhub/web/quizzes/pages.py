"""A page of questions as a plain HTML form: which questions it holds, and the answers that it sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message
from learnhub.quizzes import answers, pace, papers
from learnhub.quizzes.answers import Entry, Refusal
from learnhub.quizzes.models import Attempt, Quiz


@dataclass
class Sent:
    """What a page sent: answers to save, answers that are none (with the reason), and where to go next."""

    entries: list[Entry] = field(default_factory=list)
    faults: dict[int, Message | str] = field(default_factory=dict)
    typed: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The response in each slot as it was sent."""
    undecided: set[int] = field(default_factory=set)
    """Slots that showed two versions and for which none was chosen."""


def page_count(quiz: Quiz, attempt: Attempt) -> int:
    """How many pages the paper has."""
    return max(1, -(-len(attempt.layout["slots"]) // pace.per_page(attempt.layout, quiz)))


def page_of(quiz: Quiz, attempt: Attempt, slot: int) -> int:
    """The page on which a slot stands, from 1."""
    return (slot - 1) // pace.per_page(attempt.layout, quiz) + 1


def shown(quiz: Quiz, attempt: Attempt, wanted: int) -> int:
    """The page that may be shown to who wants one: where there is no way back, the one on which they are."""
    if pace.is_sequential(attempt.layout):
        wanted = attempt.page
    return min(max(wanted, 1), page_count(quiz, attempt))


def may_be_kept(attempt: Attempt) -> bool:
    """Whether a device may keep the whole paper: not where a page may be seen only in its turn."""
    return not pace.is_sequential(attempt.layout)


def numbers_on(quiz: Quiz, attempt: Attempt, page: int) -> range:
    """The numbers of the slots on a page."""
    size = pace.per_page(attempt.layout, quiz)
    first = (page - 1) * size + 1
    return range(first, min(first + size, len(attempt.layout["slots"]) + 1))


def read(attempt: Attempt, form: MultiDict[str, str]) -> Sent:
    """The answers in a page's fields: `s3-choice`, `s3-text`, `s3-blank-1`, with `s3-base` and `s3-sequence`.

    `clear` names a slot whose answer is taken back. Where two versions were shown, `s3-keep` says "mine" or "theirs".
    """
    sent, cleared = Sent(), form.get("clear", "")
    for slot in papers.slots_of(attempt.layout):
        prefix = f"s{slot.number}-"
        base, sequence = form.get(prefix + "base", ""), form.get(prefix + "sequence", "")
        if not (base.isdecimal() and sequence.isdecimal()) or len(base + sequence) > 32:
            continue
        keep = form.get(prefix + "keep", "") if prefix + "conflict" in form else "mine"
        asked = papers.asked(slot.version_id)
        fields = {name.removeprefix(prefix): form.getlist(name) for name in form if name.startswith(prefix)}
        try:
            response = asked.kind.response_from_fields(asked.content, {} if cleared == str(slot.number) else fields)
        except Refused as refusal:
            sent.faults[slot.number] = refusal.message
            continue
        sent.typed[slot.number] = response
        if keep not in ("mine", "theirs"):
            sent.undecided.add(slot.number)
        elif keep == "mine":
            sent.entries.append(Entry(slot.number, response, int(sequence), int(base)))
    return sent


def save(attempt: Attempt, sent: Sent, now: Any) -> list[Refusal]:
    """Save what differs from what the server holds; what was not taken. A question left blank needs no saving."""
    held = answers.of_attempt(attempt.member_id, attempt.id)
    changed = [
        entry for entry in sent.entries if entry.response != (held[entry.slot].response if entry.slot in held else {})
    ]
    if not changed:
        return []
    outcomes = answers.save_many(attempt.member_id, attempt.id, changed, now)
    return [one for one in outcomes if isinstance(one, Refusal)]
