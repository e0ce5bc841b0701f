"""Automatic numbers of Word's lists: they stand in no text, but in `numbering.xml` (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "零一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass
class Level:
    """How one level of a list is numbered: from where, in which signs, with what around them."""

    start: int = 1
    format: str = "decimal"
    text: str = "%1."


@dataclass
class Lists:
    """The lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    """By the list's abstract id."""
    abstract_of: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, num_id: str, depth: int) -> str:
        """The label of the next paragraph of that list at that depth; empty for bullets and unknown lists."""
        abstract = self.abstract_of.get(num_id)
        levels = self.levels.get(abstract or "", {})
        level = levels.get(depth)
        if abstract is None or level is None:
            return ""
        counts = self.counts.setdefault(abstract, {})
        start = self.overrides.get(num_id, {}).get(depth)
        if start is not None and (num_id, depth) not in self.begun:
            counts[depth] = start
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self.begun.add((num_id, depth))
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if level.format in {"bullet", "none"}:
            return ""
        return self._written(level.text, levels, counts)

    def is_bulleted(self, num_id: str, depth: int) -> bool:
        """Whether the paragraphs of that list at that depth have bullets."""
        level = self.levels.get(self.abstract_of.get(num_id) or "", {}).get(depth)
        return level is not None and level.format == "bullet" and bool(level.text.strip())

    def _written(self, text: str, levels: dict[int, Level], counts: dict[int, int]) -> str:
        def number(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            level = levels.get(at, Level())
            return in_signs(counts.get(at, level.start), level.format)

        label = re.sub(r"%(\d)", number, text).strip()
        if not label:
            return ""
        return label + (". " if label[-1].isalnum() else " ")


def in_signs(number: int, format: str) -> str:
    """A number as Word writes it in that format."""
    if format in {"upperLetter", "lowerLetter"} and number > 0:
        letter = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if format == "upperLetter" else letter.lower()
    if format in {"upperRoman", "lowerRoman"} and 0 < number < 400:
        roman, rest = "", number
        for value, sign in _ROMAN:
            roman += sign * (rest // value)
            rest %= value
        return roman.upper() if format == "upperRoman" else roman
    if format.startswith(("chinese", "japanese", "taiwanese", "ideographDigital")) and 0 < number < 100:
        tens, ones = divmod(number, 10)
        ten = "" if not tens else "十" if tens == 1 else _CHINESE[tens] + "十"
        return ten + (_CHINESE[ones] if ones or not tens else "")
    if format == "ideographTraditional" and 0 < number <= 10:
        return _STEMS[number - 1]
    if format.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x245F + number)
    return str(number)


def lists_of(numbering: Any) -> Lists:
    """The lists that the element of `numbering.xml` declares; None means there is none."""
    lists = Lists()
    if numbering is None:
        return lists
    for abstract in numbering.findall(f"{W}abstractNum"):
        name = abstract.get(f"{W}abstractNumId", "")
        lists.levels[name] = {int(level.get(f"{W}ilvl", "0")): _level(level) for level in abstract.findall(f"{W}lvl")}
    for num in numbering.findall(f"{W}num"):
        _read_num(lists, num)
    return lists


def _read_num(lists: Lists, num: Any) -> None:
    name, abstract = num.get(f"{W}numId", ""), _value(num, "abstractNumId")
    if abstract is None:
        return
    lists.abstract_of[name] = abstract
    for override in num.findall(f"{W}lvlOverride"):
        depth = int(override.get(f"{W}ilvl", "0"))
        start = _value(override, "startOverride")
        if start is not None and start.isdigit():
            lists.overrides.setdefault(name, {})[depth] = int(start)
        own = override.find(f"{W}lvl")
        if own is not None:
            lists.levels[f"{abstract}/{name}"] = {**lists.levels.get(abstract, {}), depth: _level(own)}
            lists.abstract_of[name] = f"{abstract}/{name}"


def _level(level: Any) -> Level:
    start = _value(level, "start")
    return Level(
        int(start) if start and start.isdigit() else 1,
        _value(level, "numFmt") or "decimal",
        _value(level, "lvlText") or "",
    )


def _value(element: Any, name: str) -> str | None:
    found = element.find(f"{W}{name}")
    value = found.get(f"{W}val") if found is not None else None
    return str(value) if value is not None else None
