"""Questions in JSON that begin with their numbers, as papers do: `1、…`, `2、…`, or `1. (单选题)…`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.fields.vocabulary import KINDS
from question_bank.formats.json_banks.dialect_items import Item
from question_bank.formats.papers.headings import cut_tags
from question_bank.formats.sheets.columns import columns_of
from question_bank.formats.signs import without_stray_stars

_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.、．]\s*(?![\d\s])")
_BEFORE_DIGIT = re.compile(r"\s*(\d{1,4})\s*[.、．](?=\d)")
"""`3.1937年7月…`: a number where most of the others are, and else a decimal one."""
_KIND = re.compile(r"\s*[(（]\s*([\u4e00-\u9fff]{2,6})\s*[)）]\s*(?=\S)")
_KINDS = frozenset(name for names in KINDS.values() for name in names.split())


def without_stars(items: Sequence[Item]) -> None:
    """Cut the stars that bold letters left in front of questions, and of the numbers before them."""
    for item in items:
        columns = columns_of([str(name) for name in item])
        key = list(item)[columns.fields["stem"]] if columns else ""
        if isinstance(item.get(key), str):
            item[key] = without_stray_stars(item[key])


def without_numbers(items: Sequence[Item]) -> None:
    """Cut the numbers from the questions of a file, where each begins with the one that follows the last, or with 1.

    A type in brackets behind the number goes to the type where there is none.
    """
    found: list[tuple[Item, str, re.Match[str]]] = []
    last = doubtful = 0
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None:
            return
        key = list(item)[columns.fields["stem"]]
        text = item[key] if isinstance(item[key], str) else ""
        mark = _NUMBER.match(text) or _BEFORE_DIGIT.match(text)
        if mark is None or int(mark.group(1)) not in (1, last + 1) or (not found and int(mark.group(1)) != 1):
            return
        last = int(mark.group(1))
        doubtful += mark.re is _BEFORE_DIGIT
        found.append((item, key, mark))
    for item, key, mark in found if len(found) > max(1, 2 * doubtful - 1) else ():
        item[key] = item[key][mark.end() :]
        columns = columns_of([str(name) for name in item])
        said = _KIND.match(item[key])
        if said and said.group(1) in _KINDS and columns is not None and "kind" not in columns.fields:
            item[key], item["type"], _mark = cut_tags(item[key])
