"""Files of several papers, each under its title (第一套, 试卷二, B卷) and with a key of its own: each is read alone.

Its key stands below it, or among the keys at the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.shapes import CN, counted, narrow, number_of

_OF = r"(?:试卷|试题|考卷|测试卷?|测试题|测验|模拟[题卷]|练习题?|题|卷)"
_TITLE = re.compile(
    rf"[\s#*=—-]*(?:[^\s。？?!:：;；,，、_]{{0,30}}\s*)?"
    rf"(?:第\s*(?P<set>{CN}|\d{{1,2}})\s*[套份]{_OF}?|{_OF}\s*(?:[(]\s*(?P<shut>{CN}|\d{{1,2}}|[A-H])\s*卷?\s*[)]|(?P<bare>{CN}|\d{{1,2}}))"
    r"|[(]?\s*(?P<letter>[A-H])\s*卷\s*[)]?)"
    r"\s*(?:[(]?\s*[含附带]\s*(?:参考|标准)?答案(?:[及和]?解析)?\s*[)]?|(?P<key>的?(?:参考|标准)?答案(?:[及与和]解析)?)\s*:?)?[\s#*=—-]*"
)
LONGEST_TITLE = 60
FEWEST_QUESTIONS = 2
"""Numbered lines that a paper has above its key."""


@dataclass(frozen=True)
class _Part:
    """What stands between one title and the next: a paper, or the key of one."""

    place: int
    is_key: bool
    lines: list[Line]


def papers_in(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The papers of a file, each from its title on and with its key; all in one, where they have no key each."""
    parts = _parts(lines)
    half = len(parts) // 2
    is_twice = half > 1 and [part.place for part in parts] == [*range(1, half + 1)] * 2
    papers = _with_keys_below(parts[:half], parts[half:]) if is_twice else [part.lines for part in parts]
    if len(papers) < 2 or not (is_twice or _count(parts)):
        return [lines]
    if all(map(_has_key, papers)):
        return list(papers)
    return [[line for part in parts for line in part.lines]]


def _parts(lines: Sequence[Line]) -> list[_Part]:
    titles = {at: found for at, line in enumerate(lines) if not line.is_code and (found := _place(line.text))}
    ends = [*list(titles)[1:], len(lines)]
    parts: list[_Part] = []
    for (at, (place, is_key)), end in zip(titles.items(), ends, strict=True) if titles else ():
        title = lines[at] if is_key else replace(lines[at], title=lines[at].title or 1)
        parts.append(_Part(place, is_key, [*(() if parts else lines[:at]), title, *lines[at + 1 : end]]))
    return parts


def _count(parts: Sequence[_Part]) -> bool:
    return [part.place for part in parts] == [*range(1, len(parts) + 1)] and not any(part.is_key for part in parts)


def _with_keys_below(papers: Sequence[_Part], keys: Sequence[_Part]) -> list[list[Line]]:
    """Each paper above its key; none, where nothing says that what stands below the papers are their keys."""
    last = next((line for line in reversed(papers[-1].lines) if line.text.strip()), None)
    is_headed = last is not None and is_key_heading(last.text)
    if not is_headed and not all(key.is_key for key in keys):
        return []
    out = []
    for paper, key in zip(papers, keys, strict=True):
        asked = [line for line in paper.lines if line is not last or not is_headed]
        out.append([*asked, replace(key.lines[0], text="参考答案", title=0), *key.lines[1:]])
    return out


def _place(text: str) -> tuple[int, bool] | None:
    """Which paper a line is the title of, and whether it is that of its key."""
    found = _TITLE.fullmatch(narrow(text)) if text.strip() and len(text) <= LONGEST_TITLE else None
    if found is None or number_of(text) is not None or (is_key_heading(text) and not found["key"]):
        return None
    said = next(group for group in found.groups() if group)
    place = ord(said) - 64 if said.isascii() and said.isalpha() else counted(said)
    return place, found["key"] is not None


def _has_key(lines: Sequence[Line]) -> bool:
    """Whether questions stand above the heading of a key, and something below it."""
    key = next((at for at, line in enumerate(lines) if is_key_heading(line.text)), None)
    if key is None or not any(line.text.strip() for line in lines[key + 1 :]):
        return False
    return sum(number_of(line.text) is not None for line in lines[:key]) >= FEWEST_QUESTIONS
