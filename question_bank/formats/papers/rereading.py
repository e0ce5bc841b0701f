"""A paper that does not come out whole is read anew in each way that it may be meant, and the best reading is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from question_bank.authoring import QuestionDraft
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.guesses import guesses
from question_bank.formats.reading import Reading

_OF_TEXTS = frozenset({"essay", "case"})
"""Kinds that a person marks, or that may hold such."""
Read = Callable[[Reading, Sequence[Line]], None]


def read_best(reading: Reading, lines: Sequence[Line], read: Read) -> None:
    """Add to a reading what a paper's lines hold, in the way in which most of its questions are complete."""
    best, notes = _tried(reading.format, lines, read), []
    for guess in guesses():
        if _is_whole(best):
            break
        meant = guess.of(lines)
        if meant is lines or list(meant) == list(lines):
            continue
        again = _tried(reading.format, meant, read)
        if _is_better(again, best):
            best, lines = again, meant
            notes += [guess.note] if guess.note and guess.note not in notes else []
    reading.questions += best.questions
    reading.refused += best.refused
    reading.warnings += best.warnings + [note for note in notes if note not in best.warnings]


def _tried(format: str, lines: Sequence[Line], read: Read) -> Reading:
    reading = Reading(format)
    read(reading, lines)
    return reading


def _is_whole(reading: Reading) -> bool:
    """Whether every question was understood, and every line belongs to one."""
    return not (reading.refused or reading.warnings) and len(answered(reading)) == len(reading.questions) > 0


def _is_better(again: Reading, before: Reading) -> bool:
    """Whether more questions are complete, no more are in doubt or left out, and what was sure is as it was.

    A text for a marker is not sure: anything below a question may have been taken for it.
    """
    now, then = answered(again), answered(before)
    sure = {one.where for one in before.questions if one.kind not in _OF_TEXTS}
    is_kept = all(now.get(where) == said for where, said in then.items() if where in sure)
    return len(now) > len(then) and _in_doubt(again, now) <= _in_doubt(before, then) and is_kept


def _in_doubt(reading: Reading, complete: Mapping[str, str]) -> int:
    """How many questions are refused or have no answer, and how often lines were left out."""
    left_out = sum(note.text.startswith("%(where)s was not taken") for note in reading.warnings)
    return len(reading.refused) + len(reading.questions) - len(complete) + left_out


def answered(reading: Reading) -> Mapping[str, str]:
    """By their places, what the questions that have an answer ask to choose from, and what is right."""
    return {one.where: _said(one) for one in reading.questions if has_answer(one)}


def _said(draft: QuestionDraft) -> str:
    """The kind of a question and, where it is no text for a marker, its options and its answer."""
    content = {} if draft.kind in _OF_TEXTS else draft.content
    return json.dumps([draft.kind, content], sort_keys=True)


def has_answer(draft: QuestionDraft) -> bool:
    """Whether something answers a question: an essay may have a text for its marker."""
    return draft.kind != "essay" or any(bool(value) for value in draft.content.values())
