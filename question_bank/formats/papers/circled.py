"""Options counted by circled numbers, `① 甲 ② 乙`, of a question that is answered by such numbers."""

from __future__ import annotations

import re

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.fields.rows import Row

_ANSWER = re.compile(r"\s*[①-⑳](?:[\s、,，;；]*[①-⑳])*\s*[。.]?\s*")
_CIRCLED = re.compile("[①-⑳]")
_LINE_TO_FILL = re.compile(r"_{2,}|＿{2,}")
FIRST = ord("①")


def take_circled_options(row: Row, said: str | None) -> bool:
    """Whether the texts behind ①, ② … in the stem became the options of a choice; refused where it can't be told."""
    is_choice = said in {None, "choice", "single_choice", "multiple_choice"}
    if row.options or not is_choice or not _ANSWER.fullmatch(row.answer) or _LINE_TO_FILL.search(row.stem):
        return False
    marks = list(_CIRCLED.finditer(row.stem))
    named = [ord(one) - FIRST for one in _CIRCLED.findall(row.answer)]
    if [ord(mark.group()) - FIRST for mark in marks] != list(range(len(marks))) or len(marks) < 2:
        if blanks_in(row.stem):
            return False
        raise Refused(_("The answer is %(answer)s, but there are no options.", answer=row.answer[:60]))
    if max(named) >= len(marks) or len(set(named)) < len(named):
        raise Refused(_("The answer %(answer)s is none of the options.", answer=row.answer[:60]))
    if len(named) == len(marks) and said is None:
        if named == sorted(named):
            raise Refused(_("The answer names every option: in this order, or all of them? Name the type."))
        row.kind = "排序题"
    ends = [mark.start() for mark in marks[1:]] + [len(row.stem)]
    texts = [row.stem[mark.end() : end].strip(" \t\n\u3000;；、.．") for mark, end in zip(marks, ends, strict=True)]
    if not all(texts):
        raise Refused(_("An option has no text."))
    row.options = {chr(65 + n): text for n, text in enumerate(texts)}
    row.answer = "".join(chr(65 + n) for n in named)
    row.stem = row.stem[: marks[0].start()].rstrip()
    return True
