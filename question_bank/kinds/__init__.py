"""The kinds of questions: one small module each, found by name."""

from __future__ import annotations

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.kinds import (
    description,
    fill_in,
    multiple_choice,
    numerical,
    short_answer,
    single_choice,
    true_false,
)
from question_bank.kinds.base import Correctness, Kind, Outcome

KINDS: dict[str, Kind] = {
    found.name: found
    for found in (
        single_choice.KIND,
        multiple_choice.KIND,
        true_false.KIND,
        fill_in.KIND,
        short_answer.KIND,
        numerical.KIND,
        description.KIND,
    )
}
"""Every kind that can be asked, by name."""

NAMES: dict[str, Message] = {
    **{name: found.label for name, found in KINDS.items()},
    "matching": _("Matching"),
    "ordering": _("Ordering"),
    "cloze": _("Cloze"),
    "select_text": _("Select in text"),
    "drag_text": _("Drag into text"),
    "essay": _("Essay"),
    "file_upload": _("File upload"),
    "case": _("Case"),
}
"""Every kind that LearnHub has a name for, those that can't be asked yet included."""


def kind(name: str) -> Kind:
    """The kind of that name; Refused, naming it, when it can't be asked yet or is unknown."""
    if name in KINDS:
        return KINDS[name]
    if name in NAMES:
        raise Refused(
            _("Questions of the kind %(label)s (%(name)s) can't be used yet.", label=NAMES[name], name=name), kind=name
        )
    raise Refused(_("There is no kind of question called %(name)s.", name=name[:80]))


__all__ = ["KINDS", "NAMES", "Correctness", "Kind", "Outcome", "kind"]
