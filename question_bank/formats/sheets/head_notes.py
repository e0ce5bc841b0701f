"""What a head says beside its column's name: its number, what codes below it mean, for which kind it counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from question_bank.formats.fields.answers import truth
from question_bank.formats.fields.scripts import simplified

_NUMBER = re.compile(r"\s*\d{1,2}\s*[.、]\s*(?=[^\s\d])")
_LETTERED = re.compile(r"\s*[(（\[]\s*([A-Za-z])\s*[)）\]]\s*(option|choice|answer|选项|選項)\s*", re.IGNORECASE)
_PART_OF_QUESTION = re.compile(
    r"\s*(?:试题|题目|試題|題目|question)\s*[(（\[]\s*(题干|題幹|(?:选项|選項|option)\s*[A-Ha-h\d]|stem|text)\s*[)）\]]\s*",
    re.IGNORECASE,
)
"""`试题（选项A）`: the brackets say which part of the question it is."""
_NOTE_BELOW = re.compile(r"[(（]\s*\d\s*[)）]|^\s*[(（]|若[为為]|如[为為]")


@lru_cache(maxsize=4096)
def name_in(cell: str) -> str:
    """The name in a head: `2. Question Type:`, `(A) Option`, a name with a note on the lines below it.

    `Answer 1 - max 75 characters` (Kahoot's template) is called Answer 1.
    """
    if part := _PART_OF_QUESTION.fullmatch(cell):
        return part.group(1)
    first, _break, note = cell.strip().partition("\n")
    head = first if first.strip() and _NOTE_BELOW.search(note) else cell
    head = _NUMBER.sub("", head, count=1) if _NUMBER.match(head) else head
    head = _BASE.sub("", head)
    if lettered := _LETTERED.fullmatch(head):
        return f"{lettered.group(2)} {lettered.group(1)}"
    name, _sign, note = (
        re.split(r"(\s+[-–—]\s+)", head, maxsplit=1) if re.search(r"\s[-–—]\s", head) else (head, "", "")
    )
    return name if " " in note.strip() else head


_VERDICT = "正确|错误|对|错|是|否|true|false"
_DIGIT_FIRST = re.compile(rf"[(（]?(\d)[)）.、:：=\-]*\s*(?:答案)?(?:为|表示|代表|是)?\s*({_VERDICT})", re.IGNORECASE)
_VERDICT_FIRST = re.compile(
    rf"({_VERDICT})\s*(?:请|则)?(?:填写?|输入|选|写|为|用|[=:：\-])?\s*[(（]?(\d)", re.IGNORECASE
)


def verdicts_in(cell: str) -> dict[str, bool]:
    """What the digits of an answer mean: `答案（正确请填1，错误请填2）`; empty unless there is one for each."""
    text = simplified(unicodedata.normalize("NFKC", cell))
    for found in (_DIGIT_FIRST.findall(text), [(digit, said) for said, digit in _VERDICT_FIRST.findall(text)]):
        meant = {digit: bool(truth(said)) for digit, said in found}
        if len(found) == len(meant) == 2 and len(set(meant.values())) == 2:
            return meant
    return {}


_BASE = re.compile(r"[\s_(（-]*(?:(?<!\d)([01])[-_ ]?(?:based?|indexed)|从([01])开始)[)）]?", re.IGNORECASE)


def counted_from(cell: str) -> int | None:
    """From 0 or from 1, as an answer's head says that it counts the options: `answer_0based`; None if it does not."""
    found = _BASE.search(cell)
    return int(found.group(1) or found.group(2)) if found else None


_OF_BLANKS = re.compile(r"[若如][为是].{0,2}填[空充]题?")


def is_setting_of_blanks(cell: str) -> bool:
    """Whether an option's column holds a setting where the question has blanks: `选项1 若为填充题：（1）不分大小写`."""
    return _OF_BLANKS.search(simplified(cell)) is not None


_OPTIONS_ALIKE = frozenset(
    {"choice", "option", "answeroption", "answerchoice", "选项", "备选项", "备选答案", "选项内容"}
)


def options_alike(names: Sequence[str]) -> list[int]:
    """The places of options that all have the same head (Wooclap: Choice, Choice, Choice); empty unless several."""
    found = [at for at, name in enumerate(names) if name in _OPTIONS_ALIKE]
    return found if len(found) > 1 and len({names[at] for at in found}) == 1 else []
