"""Chinese numerals and their relatives written as digits: 二〇二二, 十二, 三点一四, 百分之五, 三分之一, 3.5万."""

from __future__ import annotations

import re
from decimal import Decimal

_D = "零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_VALUES = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")},
    **{c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    **{"〇": 0, "○": 0, "两": 2},
}
_UNITS = str.maketrans("拾佰仟萬億", "十百千万亿")
_ALL = f"{_D}十拾百佰千仟万萬亿億"
_N = "[1-9]"
_SECTION = re.compile(f"(?:({_N})千)?(?:0?({_N})百)?(?:0?({_N})?(十))?(0)?({_N})?")
_TWO = "两(?=[百佰千仟万萬亿億])"
_RUN = re.compile(f"(?:{_TWO}|[{_D}十拾百佰千仟])(?:{_TWO}|[{_ALL}])*")
_POINT = re.compile(f"(?<=[{_D}十拾\\d])点([{_D}]+)(?![{_ALL}分刻])")
_MIXED = re.compile(r"(?<![\d.])(\d{1,12}(?:\.\d{1,8})?)(万亿|[万萬亿億])(?!\d)", re.ASCII)
_PART_OF = re.compile(r"(百|千|万|\d{1,9})分之(负?-?\d{1,12}(?:\.\d{1,12})?)", re.ASCII)
_SHIELDED = {"百分之": "\ue000", "千分之": "\ue001", "万分之": "\ue002"}
_DOT = "\ue003"
_WHOLE_PART = re.compile(f"(百|千|万)分之\\1(?![{_ALL}])")
_PLACES = re.compile(r"(?<![\d.])(?:\d{1,8}亿)?(?:\d{1,4}万)?(?:\d千)?(?:\d百)?(?![\d百千万亿分])", re.ASCII)
_PLACE = re.compile(r"(\d+)([百千万亿])", re.ASCII)
_HAS_NUMERALS = re.compile(f"[{_ALL}两负]|分之")


def digits_for_numerals(text: str) -> str:
    """The text with Chinese numerals as Arabic ones. What does not read as one number stays as it is.

    Colloquial short forms (一百二 for 120) are left alone, since they can be misread.
    """
    if not _HAS_NUMERALS.search(text):
        return text
    text = _WHOLE_PART.sub(lambda found: {"百": "100%", "千": "1000‰", "万": "10000‱"}[found[1]], text)
    for words, shield in _SHIELDED.items():
        text = text.replace(words, shield)
    text = _POINT.sub(lambda found: _DOT + _each_digit(found.group(1)), text)
    text = _RUN.sub(lambda found: _digits(found.group()), text)
    text = re.sub(f"(?<=[0-9]){_DOT}(?=[0-9])", ".", text).replace(_DOT, "点")
    for words, shield in _SHIELDED.items():
        text = text.replace(shield, words)
    text = _MIXED.sub(_multiplied, _PLACES.sub(_added, text))
    text = _PART_OF.sub(_part_of, text)
    return re.sub(r"负(?=[0-9])", "-", text)


def _each_digit(run: str) -> str:
    return "".join(str(_VALUES[c]) for c in run)


def _digits(run: str) -> str:
    if len(run) > 40:
        return run
    if all(c in _VALUES for c in run):
        return _each_digit(run)
    plain = "".join(str(_VALUES.get(c, c)) for c in run.translate(_UNITS))
    value = _hundred_millions(plain)
    return run if value is None else str(value)


def _hundred_millions(plain: str) -> int | None:
    head, unit, tail = plain.rpartition("亿")
    if not unit:
        return _ten_thousands(plain)
    above = _ten_thousands(head)
    below = _rest(tail, _ten_thousands)
    return None if not above or below is None else above * 10**8 + below


def _ten_thousands(plain: str) -> int | None:
    head, unit, tail = plain.partition("万")
    if not unit:
        return _section(plain)
    above = _section(head)
    below = _rest(tail, _section)
    return None if not above or below is None else above * 10**4 + below


def _rest(tail: str, read: object) -> int | None:
    """What follows 万 or 亿: nothing, or a smaller number; a lone digit needs its 零 before it."""
    if not tail:
        return 0
    if tail.isdigit() and not (len(tail) == 2 and tail[0] == "0"):
        return None
    return _section(tail) if read is _section else _ten_thousands(tail)


def _section(plain: str) -> int | None:
    """A number below ten thousand."""
    found = _SECTION.fullmatch(plain.removeprefix("0") if len(plain) > 1 else plain)
    if found is None:
        return None
    thousands, hundreds, tens, ten, zero, ones = found.groups()
    if (zero and not ones) or (ones and not ten and not zero and (thousands or hundreds)):
        return None
    if tens is None and ten and (thousands or hundreds):
        return None
    tens_value = int(tens or 1) * 10 if ten else 0
    return int(thousands or 0) * 1000 + int(hundreds or 0) * 100 + tens_value + int(ones or 0)


def _multiplied(found: re.Match[str]) -> str:
    value = Decimal(found.group(1))
    for c in found.group(2).translate(_UNITS):
        value *= {"万": 10**4, "亿": 10**8}[c]
    whole = value.to_integral_value()
    return format(whole if whole == value else value, "f")


def _added(found: re.Match[str]) -> str:
    """15000 for 1万5千; a number with one place only is left to `_multiplied`."""
    places = _PLACE.findall(found.group())
    if len(places) < 2:
        return found.group()
    return str(sum(int(n) * {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[place] for n, place in places))


def _part_of(found: re.Match[str]) -> str:
    whole, part = found.group(1), found.group(2).replace("负", "-")
    return {"百": f"{part}%", "千": f"{part}‰", "万": f"{part}‱"}.get(whole, f"{part}/{whole}")
