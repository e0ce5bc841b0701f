"""The parts of a paper by kind, as they are said above their questions: what is asked, how many, what each is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from learnhub.kernel.words import Message, _, n_
from question_bank.kinds import NAMES

Say = Callable[[Message | str], str]
"""Puts a message into the language of the paper."""
_PARTS = (
    # i18n: the parts of a paper, as they stand before the kind of questions in them
    _("Part 1"), _("Part 2"), _("Part 3"), _("Part 4"), _("Part 5"), _("Part 6"), _("Part 7"), _("Part 8"),
    _("Part 9"), _("Part 10"), _("Part 11"), _("Part 12"), _("Part 13"), _("Part 14"), _("Part 15"),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Questions of one kind that stand together: the mark of each, in thousandths and in their order."""

    kind: str
    marks: Sequence[int]

    @property
    def is_even(self) -> bool:
        """Whether each question is worth the same, so that the heading says it for all."""
        return len(set(self.marks)) == 1


def heading(part: Part, number: int, say: Say) -> str:
    """The line above a part; `number` from 1."""
    words = {
        "part": _numbered(number),
        "kind": NAMES[part.kind],
        "questions": n_("%(n)s question", "%(n)s questions", len(part.marks)),
        "total": in_marks(sum(part.marks)),
    }
    if len(part.marks) > 1 and part.is_even:
        each = marks_in_digits(part.marks[0])
        of_each = n_("%(mark)s mark each", "%(mark)s marks each", _plural(part.marks[0]), mark=each)
        return say(_("%(part)s: %(kind)s (%(questions)s, %(each)s, %(total)s)", each=of_each, **words))
    return say(_("%(part)s: %(kind)s (%(questions)s, %(total)s)", **words))


def _numbered(number: int) -> Message:
    return _PARTS[number - 1] if number <= len(_PARTS) else _("Part %(n)s", n=number)


def marks_in_digits(thousandths: int) -> str:
    """A mark without zeros at its end: 2, 1.5."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)


def in_marks(thousandths: int) -> Message:
    """A mark with its noun: 1 mark, 1.5 marks."""
    shown = marks_in_digits(thousandths)
    return n_("%(mark)s mark", "%(mark)s marks", _plural(thousandths), mark=shown)


def _plural(thousandths: int) -> int:
    """The number that tells singular from plural: 1.5 marks, 0.5 marks."""
    return 1 if thousandths == 1000 else 2
