"""Numbers that papers write otherwise: by chapter and place (`1-1 …`, `2.1 …`), or with no point behind (`1下列…`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import narrow, number_of

_NUMBER = re.compile(r"\s*(?P<chapter>\d{1,2})\s*[-–—]\s*(?P<place>\d{1,3})(?:\s*[.、]\s*|\s+)(?=[^\sA-H\d√×])")
_POINTED = re.compile(r"\s*(?P<chapter>\d{1,2})\.(?P<place>\d{1,3})(?:\s*[、.]\s*|\s+)(?=[^\s\d.])")
"""So with a point, below a heading that counts the chapter: `2 判断题`, `二、判断题`, or its name alone: `2. 生物`."""
FEWEST = 3


def with_places_alone(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines with the place alone before such a question, where all of them count on by one in each chapter."""
    marks = {at: found for at, line in enumerate(lines) if (found := _NUMBER.match(narrow(line.text)))}
    if len(marks) >= FEWEST and _count(list(marks.values())):
        return _with_places(lines, marks)
    pointed = {at: found for at, line in enumerate(lines) if (found := _POINTED.match(narrow(line.text)))}
    if len(pointed) < FEWEST or not _count(list(pointed.values())):
        return lines
    firsts = [at for at, found in pointed.items() if int(found["place"]) == 1]
    if all(_is_below_heading(lines, at) for at in firsts):
        return _with_places(lines, pointed)
    names = {_above(lines, at): _name_of_chapter(lines, at, pointed[at]["chapter"]) for at in firsts}
    if not all(names.values()):
        return lines
    titled = list(lines)
    for at, name in names.items():
        titled[at] = replace(lines[at], text=name, marked=(), title=2)
    return _with_places(titled, pointed)


def _above(lines: Sequence[Line], at: int) -> int:
    return next((n for n in range(at - 1, -1, -1) if lines[n].text.strip()), -1)


def _is_below_heading(lines: Sequence[Line], at: int) -> bool:
    above = _above(lines, at)
    heading = heading_of(lines[above].text) if above >= 0 else None
    return heading is not None and heading.kind is not None


_NAME = re.compile(r"[^。?!:;()_]{1,20}")


def _name_of_chapter(lines: Sequence[Line], at: int, chapter: str) -> str:
    """The name in `2. 生物` right above `2.1 …`; empty where another line stands there, or one that asks."""
    above = lines[_above(lines, at)].text if _above(lines, at) >= 0 else ""
    number = number_of(above)
    name = above[number.end :].strip() if number and str(number.value) == chapter else ""
    return name if _NAME.fullmatch(narrow(name)) else ""


def _with_places(lines: Sequence[Line], marks: Mapping[int, re.Match[str]]) -> Sequence[Line]:
    out: list[Line] = []
    for at, line in enumerate(lines):
        found = marks.get(at)
        if found is None:
            out.append(line)
            continue
        before = f"{found['place']}. "
        moved = len(before) - found.end()
        marked = tuple((max(a + moved, 0), b + moved, mark) for a, b, mark in line.marked)
        out += [Line(line.where, "")] if int(found["place"]) == 1 else []
        out.append(replace(line, text=before + line.text[found.end() :], marked=marked))
    return out


def _count(marks: Sequence[re.Match[str]]) -> bool:
    chapter = place = 0
    for found in marks:
        here, number = int(found["chapter"]), int(found["place"])
        if not ((here == chapter and number == place + 1) or (here > chapter and number == 1)):
            return False
        chapter, place = here, number
    return True


_CLOSE = re.compile(r"\s*(?P<n>\d{1,3})(?=[\u4e00-\u9fff“《])")
_ASKS = re.compile(r"[(（]\s*(?:[A-H]{0,8}|[√×对错])\s*[)）]|[?？:：]\s*$|_{2,}")


def with_points_behind(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which a point parts such numbers from their questions, where no number has one and all count on."""
    close = {at: found for at, line in enumerate(lines) if (found := _CLOSE.match(line.text))}
    asking = {at: found for at, found in close.items() if _ASKS.search(lines[at].text)}
    numbers = [int(found["n"]) for found in asking.values()]
    if len(numbers) < FEWEST - 1 or numbers != list(range(1, len(numbers) + 1)):
        return lines
    if any(number_of(line.text) for at, line in enumerate(lines) if at not in asking):
        return lines
    out = list(lines)
    for at, found in asking.items():
        end = found.end()
        marked = tuple((a + 2 * (a >= end), b + 2 * (b >= end), mark) for a, b, mark in lines[at].marked)
        out[at] = replace(lines[at], text=f"{lines[at].text[:end]}. {lines[at].text[end:]}", marked=marked)
    return out
