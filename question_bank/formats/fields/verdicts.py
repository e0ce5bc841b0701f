"""Answers of true/false questions that are more than one word: a verdict and why, the number of an option."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import truth

_REASONED = re.compile(
    r"\s*(?:答案\s*[:：]\s*)?\**\s*(?P<said>正确|错误|对|错|正確|錯誤|對|錯|√|×|✓|✗)\s*\**\s*[。，,.；;：:！\n]\s*\**\s*(?P<why>\S.*)",
    re.DOTALL,
)


def reasoned(answer: str) -> tuple[str, str] | None:
    """`错误。应当……`: a verdict, and why."""
    found = _REASONED.fullmatch(answer)
    return (found.group("said"), found.group("why").strip()) if found else None


def truth_by_number(number: int, options: Sequence[str], first: int | None) -> bool | None:
    """What option `number` says, counted from `first`; 1 and 0 are true and false themselves where nothing counts."""
    if first is not None and 0 <= number - first < len(options):
        return truth(options[number - first])
    if number == 1 and truth(options[0]) is False:
        raise Refused(_("The answer %(n)s counts the options, but from 0 or from 1?", n=number))
    return truth(str(number))
