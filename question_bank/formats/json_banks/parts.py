"""Parts of a paper in JSON: the kind that a part names, and what each of its questions earns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from question_bank.formats.json_banks.choice_names import kind_in
from question_bank.formats.json_banks.dialect_items import Item, stem_of
from question_bank.formats.json_banks.recognising import answer_in_item
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.sheets.columns import kind_named, named_columns, role_of

_EACH = re.compile(
    r"(?:point|score|mark)s?(?:per|foreach|each|for)(?:correct|right|question|quiz|item|answer)?s?(?:answer)?"
    r"|(?:per|every|each)(?:question)?(?:score|point|mark)s?|(?:每题|单题|每小题)(?:分值|分数|得分|分)"
)
"""Names of a field that says what each question of a part earns."""
_SAID = re.compile(
    r"每\s*(?:小|道|一)?\s*题\s*(?:得|计|记|为)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分"
    r"|(\d{1,3}) (?:points?|marks?) (?:each|per question)",
    re.IGNORECASE,
)
_COUNTS = frozenset("count questioncount num number total quantity 题量 题数 数量 题目数量".split())
_PART_NAMES = ("title", "name", "groupName", "partName", "sectionName", "typeName", "标题", "名称")
LONGEST = 80
"""Characters of a text that can be what stands above a part."""
LEAST = Fraction(1, 2)
"""What a question earns at least: a score that is less for each is not for all."""
WHOLE = 20
"""From here on a score is that of a part, and of no question."""


def kind_of_part(found: Mapping[str, Any]) -> str | None:
    """The kind that the title of a part names in Chinese: `三、简答题`."""
    said = next((str(found[name]) for name in _PART_NAMES if isinstance(found.get(name), str)), "")
    heading = heading_of(said) if "题" in said else None
    return heading.kind if heading else None


def mark_of_part(found: Mapping[str, Any]) -> str | None:
    """What each question of a part earns, as its heading (`判断题（每题4分）`) or a field of its own says.

    Nothing where the part says nothing; None where its score could be that of each question as well as that of all.
    """
    heading = next((one for name in ("title", "name") if (one := heading_of(str(found.get(name) or "")))), None)
    if heading is not None and heading.mark and not heading.mark_per_blank:
        return format(Decimal(heading.mark) / 1000, "f")
    said = {str(value) for name, value in found.items() if _is_each(str(name)) and type(value) in {int, float}}
    texts = [value for value in found.values() if isinstance(value, str) and len(value) <= LONGEST]
    said = said or {one.group(1) or one.group(2) for text in texts for one in _SAID.finditer(text)}
    if said:
        return said.pop() if len(said) == 1 else ""
    return _shared(found)


def _is_each(name: str) -> bool:
    return _EACH.fullmatch(re.sub(r"[-_\s]", "", name).casefold()) is not None


def _shared(found: Mapping[str, Any]) -> str | None:
    """The share of each question in a score of the part; the score itself where it is too little for all of them."""
    scores = [value for name, value in found.items() if type(value) in {int, float} and role_of(str(name)) == "mark"]
    lists = [one for one in found.values() if isinstance(one, list) and one and all(isinstance(it, dict) for it in one)]
    if len(scores) != 1 or len(lists) != 1 or scores[0] <= 0:
        return ""
    if any(role_of(str(name)) == "mark" for one in lists[0] for name in one):
        return ""
    count = next((value for name, value in found.items() if _counts(str(name), value)), len(lists[0]))
    share = Fraction(str(scores[0])) / count
    if share < LEAST or count == 1:
        return str(scores[0])
    is_part = any(isinstance(found.get(name), str) and kind_named(found[name]) for name in ("type", *_PART_NAMES))
    if is_part and scores[0] >= WHOLE and (1000 * share).denominator == 1:
        return format(Decimal(share.numerator) / share.denominator, "f")
    return None


def _counts(name: str, value: Any) -> bool:
    return re.sub(r"[-_\s]", "", name).casefold() in _COUNTS and type(value) is int and value > 0


_VERDICTS = frozenset("AB")


def letters_are_verdicts(items: Sequence[tuple[Item, str | None]]) -> bool:
    """Whether the true/false questions of a file have no options and are answered with A and B.

    `items`: each with the kind that stands above it.
    """
    said = {
        letter
        for item, above in items
        if (kind_named(kind_in(item)) or above) == "true_false" and (letter := _bare_letter(item)) is not None
    }
    return said == _VERDICTS


def with_verdicts(part: Item) -> Item:
    """A part of a case that says no kind and has no options, answered with A or B: true/false, as elsewhere there."""
    is_open = not kind_in(part) and _bare_letter(part) in _VERDICTS and not _ASKS.search(stem_of(part) or "?")
    return {**part, "type": "true_false"} if is_open else part


_ASKS = re.compile(r"[?？_＿]|[(（]\s*[)）]")


def _bare_letter(item: Item) -> str | None:
    """The answer of a question without options, in capitals."""
    columns = named_columns([str(name) for name in item])
    answer = answer_in_item(item)
    if columns.options or "options" in columns.fields or not isinstance(answer, str):
        return None
    return answer.strip().upper()
