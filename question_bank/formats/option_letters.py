"""Letters that an author typed before the options of a choice, which have letters of their own here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.markup import text_of
from question_bank.formats.rich_text import shows_something

FEWEST = 3
"""Options; the initials of two people may well be A and B."""
_TYPED = re.compile(r"(\s*(?:<(?:p|div|span)\b[^>]*>\s*)*)([A-Za-z])\s*([.．、:：)）])\s*")


def without_letters(options: Sequence[str]) -> list[str] | None:
    """The options in HTML without `A.`, `B.`, `C.` before them; None where they don't all have them, in order and with
    the same sign, and where one of them names others by their letters (`both A and B`)."""
    found = [_TYPED.match(option) for option in options]
    if len(options) < FEWEST or not all(found):
        return None
    letters, signs = "".join(one[2] for one in found if one), {one[3] for one in found if one}
    if len(signs) > 1 or letters not in {_from(first, len(letters)) for first in "Aa"}:
        return None
    bare = [one[1] + option[one.end() :] for one, option in zip(found, options, strict=True) if one]
    names_another = re.compile(rf"(?<![A-Za-z])[{letters}]+(?![A-Za-z])")
    if not all(map(shows_something, bare)) or any(names_another.search(text_of(option)) for option in bare):
        return None
    return bare


def _from(first: str, count: int) -> str:
    return "".join(chr(ord(first) + n) for n in range(count))
