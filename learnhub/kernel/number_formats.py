"""Cells of a workbook that show another text than their number: per cents, dates in words, times of day.

A reader of cells gets 0.03 where people see `3%`: what they see is worked out from the cell's format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from posixpath import normpath
from typing import Any

from learnhub.kernel.archives import Archive

Show = Callable[[Any], Any]
Shown = Mapping[tuple[int, int], Show]
"""How the cells of a sheet that show another text do so, by row and column from 0."""

_ATTRIBUTE = re.compile(rb'(?<![\w:])([\w:]+)\s*=\s*"([^"]*)"')
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_XF = re.compile(rb"<(?:\w+:)?xf\s([^<>]*?)/?>")
_XFS = re.compile(rb"<(?:\w+:)?cellXfs[\s>]")
_XFS_END = re.compile(rb"</(?:\w+:)?cellXfs>")
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?s="(\d{1,6})"[^<>]*>')
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^<>]*?)/?>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*?)/?>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*?)/?>")

_BUILT_IN = {
    "9": "0%",
    "10": "0.00%",
    "20": "h:mm",
    "21": "h:mm:ss",
    "31": 'yyyy"年"m"月"d"日"',
    "57": 'yyyy"年"m"月"',
    "58": 'm"月"d"日"',
}
"""Formats without a text of their own in the file, as far as they matter here."""
_LARGEST = 64 << 20
"""Bytes of a sheet beyond which its cells are taken as they are."""
_LONGEST = 255
"""Characters of a format; no program writes a longer one."""


def shown(archive: Archive) -> dict[str, Shown]:
    """By the name of a sheet its cells that show another text than their value."""
    names = {entry.name: entry.size for entry in archive.members()}
    if not {"xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"} <= set(names):
        return {}
    styles = _styles(archive.read("xl/styles.xml"))
    if not styles:
        return {}
    targets = {
        one.get("Id", ""): _path(one.get("Target", ""))
        for one in _all(_RELATION, archive.read("xl/_rels/workbook.xml.rels"))
    }
    found: dict[str, Shown] = {}
    for sheet in _all(_SHEET, archive.read("xl/workbook.xml")):
        path = targets.get(next((value for name, value in sheet.items() if name.endswith(":id")), ""), "")
        if 0 < names.get(path, 0) <= _LARGEST:
            found[sheet.get("name", "")] = _cells(archive.read(path), styles)
    return found


def _path(target: str) -> str:
    return target[1:] if target.startswith("/") else normpath(f"xl/{target}")


def _all(pattern: re.Pattern[bytes], xml: bytes) -> list[dict[str, str]]:
    return [_attributes(one.group(1)) for one in pattern.finditer(xml)]


def _attributes(text: bytes) -> dict[str, str]:
    found = {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(text)}
    return {name: _unescaped(value) for name, value in found.items()}


def _unescaped(text: str) -> str:
    for sign, written in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"), ("&", "&amp;")):
        text = text.replace(written, sign)
    return text


def _styles(xml: bytes) -> dict[bytes, Show]:
    """The numbers of the styles whose cells show another text, and how."""
    written = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _all(_FORMAT, xml)}
    found: dict[bytes, Show] = {}
    for number, style in enumerate(_all(_XF, _cell_styles(xml))):
        code = style.get("numFmtId", "")
        if show := show_for(code, written.get(code, "")):
            found[str(number).encode()] = show
    return found


def show_for(number: str, text: str) -> Show | None:
    """How the format with this number and text, which may be empty, shows a value; None as with `_show`."""
    text = text or _BUILT_IN.get(number, "")
    return _show(text) if 0 < len(text) <= _LONGEST else None


def _cell_styles(xml: bytes) -> bytes:
    """The part of the styles that cells name by number."""
    start = _XFS.search(xml)
    end = _XFS_END.search(xml, start.end()) if start else None
    return xml[start.end() : end.start()] if start and end else b""


def _cells(xml: bytes, styles: Mapping[bytes, Show]) -> Shown:
    found: dict[tuple[int, int], Show] = {}
    for cell in _CELL.finditer(xml) if styles else ():
        place = _PLACE.search(cell.group()) if cell.group(1) in styles else None
        if place is None:
            continue
        column = 0
        for letter in place.group(1):
            column = column * 26 + letter - 64
        found[int(place.group(2)) - 1, column - 1] = styles[cell.group(1)]
    return found


_PERCENT = re.compile(r"[#,]*0?(?:\.(0+))?%")
_QUIET = re.compile(r"\[[^\]]*\]|_.|\*.|\\(?=.)")
"""What a format says of colours, spaces and languages."""
_TOKEN = re.compile(r'"([^"]*)"|(yyyy|yy|mm|m|dd|d|hh|h|ss|s)|([年月日时分秒:/.\- ])', re.IGNORECASE)


def _show(code: str) -> Show | None:
    """How a format shows a value; None when that is what the value says itself, or it is not known."""
    first = _QUIET.sub("", code.partition(";")[0]).strip()
    if per_cent := _PERCENT.fullmatch(first):
        places = len(per_cent.group(1) or "")
        return lambda value: _per_cent(value, places)
    tokens = list(_TOKEN.finditer(first))
    if not tokens or "".join(one.group() for one in tokens) != first or _has_names(tokens):
        return None
    words = "".join(one.group(1) or one.group(3) or "" for one in tokens)
    letters = "".join((one.group(2) or "").lower() for one in tokens)
    if not (set("年月日") & set(words) or ("h" in letters and not set("yd") & set(letters))):
        return None
    return lambda value: _dated(value, tokens)


def _has_names(tokens: list[re.Match[str]]) -> bool:
    """Whether letters run on, as in `mmm` and `dddd`: names of months and days, in a language that is not known."""
    return any(
        one.group(2) and two.group(2) and one.group(2)[0].lower() == two.group(2)[0].lower()
        for one, two in pairwise(tokens)
    )


def _per_cent(value: Any, places: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        number = (Decimal(repr(value)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:  # more figures than are counted with
        return value
    return f"{number:f}%" if number.is_finite() else value


def _dated(value: Any, tokens: list[re.Match[str]]) -> Any:
    """A date or time of day in the words of its format; a value of another sort as it is."""
    letters = {letter for one in tokens for letter in (one.group(2) or "").lower()}
    has_day, has_time = isinstance(value, date), isinstance(value, datetime | time)
    if not (has_day or has_time) or ("y" in letters and not has_day) or (letters & set("hs") and not has_time):
        return value
    parts = [(one.group(2) or "").lower() for one in tokens]
    text = ""
    for n, one in enumerate(tokens):
        text += _part(value, parts[n], _is_minute(parts, n)) if parts[n] else one.group(1) or one.group(3) or ""
    return text


def _is_minute(parts: list[str], at: int) -> bool:
    """Whether an `m` stands for minutes: behind the hours, or before the seconds."""
    before = next((one for one in reversed(parts[:at]) if one), "")
    behind = next((one for one in parts[at + 1 :] if one), "")
    return parts[at][:1] == "m" and (before[:1] == "h" or behind[:1] == "s")


def _part(value: Any, letters: str, is_minute: bool) -> str:
    if letters == "yy":
        return f"{value.year % 100:02}"
    name = "minute" if is_minute else {"y": "year", "m": "month", "d": "day", "h": "hour", "s": "second"}[letters[0]]
    return f"{getattr(value, name):0{2 if len(letters) == 2 else 1}}"
