"""What a question rests on: a source and the clause in it, as one text of a file says them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypedDict

_CUT = re.compile(r"([^|]*?)\s*\|\s*([^|]*)")
_CLAUSE = re.compile(r"(.*《[^》]+》(?:[（(][^）)]*[）)]|\d{4}[^第\s]*)?)\s*(第[^》]*[条款章节页].*)", re.DOTALL)


class RestsOn(TypedDict, total=False):
    """The fields of a draft that say what it rests on."""

    source: str
    clause: str


def source_and_clause(text: str) -> RestsOn:
    """What 出处 says: `《公务员法》2018修订 第十三条` names a source and the clause in it; so does `甲 | 乙`."""
    found = _CUT.fullmatch(text.strip()) or _CLAUSE.fullmatch(text.strip())
    return {"source": found.group(1).strip(), "clause": found.group(2).strip()} if found else {"source": text.strip()}


def source_said(source: str, clause: str) -> str:
    """A source and the clause in it as one text, so that `source_and_clause` gives both back."""
    joined = f"{source} {clause}".strip()
    read = {"source": "", "clause": "", **source_and_clause(joined)}
    return joined if read == {"source": source, "clause": clause} else f"{source} | {clause}"


_SOURCE_TAG = re.compile(r"\s*(?:出处|来源|source)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL)


def source_among(tags: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """What a tag `出处：…`, `来源：…` or `source:…` names, and the other tags: some formats have no other place."""
    found = next(((one, said) for one in tags if (said := _SOURCE_TAG.fullmatch(one))), None)
    return (found[1][1].strip(), tuple(one for one in tags if one != found[0])) if found else ("", tuple(tags))
