"""The kinds of questions: one small module each, found by name."""

from __future__ import annotations

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.kinds import (
    cloze,
    description,
    drag_text,
    essay,
    file_upload,
    fill_in,
    matching,
    multiple_choice,
    numerical,
    ordering,
    select_text,
    short_answer,
    single_choice,
    true_false,
)
from question_bank.kinds.base import Correctness, Kind, Outcome
from question_bank.kinds.case import Case

_SINGLE: dict[str, Kind] = {
    found.name: found
    for found in (
        single_choice.KIND,
        multiple_choice.KIND,
        true_false.KIND,
        fill_in.KIND,
        short_answer.KIND,
        numerical.KIND,
        matching.KIND,
        ordering.KIND,
        cloze.KIND,
        select_text.KIND,
        drag_text.KIND,
        essay.KIND,
        file_upload.KIND,
        description.KIND,
    )
}

KINDS: dict[str, Kind] = _SINGLE | {"case": Case(_SINGLE)}
"""Every kind that can be asked, by name."""

NAMES: dict[str, Message] = {name: found.label for name, found in KINDS.items()}
"""What each kind is called."""


def kind(name: str) -> Kind:
    """The kind of that name; Refused, naming it, when it is unknown."""
    if name in KINDS:
        return KINDS[name]
    raise Refused(_("There is no kind of question called %(name)s.", name=name[:80]))


__all__ = ["KINDS", "NAMES", "Correctness", "Kind", "Outcome", "kind"]
