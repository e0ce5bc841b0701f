"""Parts of papers that are named by a task, a round or a bonus, and marks that a heading gives number by number."""

from __future__ import annotations

import re
from decimal import Decimal

from question_bank.formats.papers.shapes import CN, narrow

_ROUND = re.compile(r"[\u4e00-\u9fff]{1,6}题\s*\(每[^()]{0,20}\d\s*分[^()]{0,20}\)\s*[。.:]?")
"""`抢答题（每题20分）`: a round of a contest, whatever it is called."""
_BONUS = re.compile(r"(?:附加|加分|选做|必做|思考|挑战)题\s*\((?:共|满分|本题)?\s*(?P<total>\d{1,3})\s*分\)\s*[。.:]?")
_TASKS = (
    (
        "true_false",
        re.compile(r"(?:请)?判断(?:下列|以下|下面|正误|对错)[^()]{0,60}\(每[^()]{0,20}分[^()]{0,20}\)[。.:]?"),
    ),
    (
        "choice",
        re.compile(
            r"(?:请)?(?:选择|选出|从)(?:正确|下列|最佳|恰当|合适)[^()]{0,60}\(每[^()]{0,20}分[^()]{0,20}\)[。.:]?"
        ),
    ),
)


_BY_VERB = {"填": "fill_in", "判": "true_false", "选": "choice", "连": "matching"}
"""How primary schools call their parts: 填一填, 判一判, 选一选, 连一连."""


_JUDGES = re.compile(r"判断.{0,12}(?:是否|正误|对错)")


def is_about_text(name: str) -> bool:
    """Whether the questions of a part so named are about a text above them: `判断句子与短文是否相符`."""
    return re.search("短文|对话内容|文章", name) is not None


def kind_of_task(name: str) -> str | None:
    """The kind of a part by its name, 填一填, 我会填 or 用适当形式填空."""
    verb = re.search(r"([填判选连])一\1$", name) or re.search(r"我会([填判选连])[断择空线]?$", name)
    if verb:
        return _BY_VERB[verb.group(1)]
    if _JUDGES.search(name):
        return "true_false"
    return "fill_in" if name.endswith("填空") else "essay" if re.search("解决(?:实际)?问题$", name) else None


_PART = re.compile(
    rf"(?:第?{CN}\s*(?:大题|部分|卷)?\s*[、.:]?\s*(?P<task>([\u4e00-\u9fff])一\2)|(?:第?{CN}\s*(?:大题|部分|卷)?\s*[、.:]?\s*)?"
    r"(?P<rest>非(?:单项)?选择题(?:部分)?|解决(?:实际)?问题))\s*[。.]?\s*(?:\([^()]{1,60}\))?\s*[。:]?"
)


def part_by_task(thin: str) -> str | None:
    """The name of a part such as `二、判一判`, or `非选择题（共52分）`, whose questions are anything but choices."""
    found = _PART.fullmatch(thin)
    return found["task"] or found["rest"] if found else None


def is_round(text: str) -> bool:
    """Whether a line is a heading such as `抢答题（每题20分）`, which no answer holds."""
    thin = narrow(text).strip()
    return (_ROUND.fullmatch(thin) or _BONUS.fullmatch(thin) or _PART.fullmatch(thin)) is not None


def task_of(text: str) -> str | None:
    """The kind of a part that is named by what is to be done: `判断下列说法是否正确（每题2分）`."""
    return next((kind for kind, task in _TASKS if task.fullmatch(text)), None)


def is_contest(thin: str) -> bool:
    """Whether a line of narrow signs is a round of a contest."""
    return _ROUND.fullmatch(thin) is not None


def total_of_bonus(thin: str) -> int | None:
    """What `附加题（10分）` earns, in thousandths; None for any other line."""
    bonus = _BONUS.fullmatch(thin)
    return int(bonus.group("total")) * 1000 if bonus else None


TOTAL = re.compile(r"[(\[]\s*(?:共|计|满分|本题)?\s*(\d+(?:\.\d)?)\s*(?:分|marks?|points?|pts?)\s*[)\]]", re.IGNORECASE)


def total_of(told: str) -> int | None:
    """What a part earns as a whole, `（5分）`, in thousandths."""
    whole = TOTAL.search(narrow(told))
    return int(Decimal(whole.group(1)) * 1000) if whole and len(whole.group(1)) < 4 else None


_PRODUCT = re.compile(r"\s*\(\s*(\d{1,2})\s*[*×xX]\s*(\d{1,2})\s*\)\s*:?\s*")


def product_of(told: str) -> tuple[int, int] | None:
    """How many questions a heading says there are and what each earns, in either order: `(20*2)`."""
    found = _PRODUCT.fullmatch(told)
    return (int(found.group(1)), int(found.group(2))) if found else None


_OF_NUMBER = re.compile(
    r"第?\s*(\d{1,3})(?:\s*[-~—～至、]\s*(?:第\s*)?(\d{1,3}))?\s*小?题\s*"
    r"(?:(?:为|是)?[\u4e00-\u9fff]{2,5}题)?\s*[,、]?\s*(?:每题|每小题|各)?\s*(\d{1,3}(?:\.\d)?)\s*分"
)


def marks_by_number(told: str) -> tuple[tuple[int, int], ...]:
    """The marks that a heading gives by the numbers of its questions."""
    found: dict[int, int] = {}
    for mark in _OF_NUMBER.finditer(told):
        first, last = int(mark.group(1)), int(mark.group(2) or mark.group(1))
        if last - first < LONGEST_RUN:
            found |= dict.fromkeys(range(first, last + 1), int(Decimal(mark.group(3)) * 1000))
    return tuple(found.items()) if len(found) > 1 else ()


LONGEST_RUN = 100
"""Questions that a heading speaks of together."""
