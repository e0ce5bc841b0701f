"""Numbers with units as people type them: `3.5 cm`, `3,5cm`, `１２．５ｍ`, `1.2×10^3 m`, `三点五米`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.fractions import decimal, fraction
from question_bank.numerals import digits_for_numerals
from question_bank.typed_text import exact, significant_text

LONGEST_UNIT = 40
MOST_UNITS = 40

_NAMES = {
    "千米": "km", "公里": "km", "米": "m", "分米": "dm", "厘米": "cm", "公分": "cm", "毫米": "mm", "微米": "μm",
    "纳米": "nm", "千克": "kg", "公斤": "kg", "克": "g", "毫克": "mg", "微克": "μg", "吨": "t", "秒": "s",
    "毫秒": "ms", "分钟": "min", "小时": "h", "升": "L", "毫升": "mL", "平方米": "m2", "平方厘米": "cm2",
    "平方千米": "km2", "平方公里": "km2", "公顷": "ha", "立方米": "m3", "立方厘米": "cm3", "立方分米": "dm3",
    "牛": "N", "牛顿": "N", "千牛": "kN", "帕": "Pa", "帕斯卡": "Pa", "千帕": "kPa", "兆帕": "MPa", "焦": "J",
    "焦耳": "J", "千焦": "kJ", "瓦": "W", "瓦特": "W", "千瓦": "kW", "千瓦时": "kWh", "伏": "V", "伏特": "V",
    "千伏": "kV", "安": "A", "安培": "A", "毫安": "mA", "欧": "Ω", "欧姆": "Ω", "赫兹": "Hz", "库仑": "C",
    "摩尔": "mol", "开尔文": "K", "摄氏度": "°C", "华氏度": "°F", "米/秒": "m/s", "米每秒": "m/s",
    "兆瓦": "MW", "毫瓦": "mW", "兆焦": "MJ", "兆欧": "MΩ", "千欧": "kΩ", "毫伏": "mV", "微安": "μA", "法拉": "F",
    "微法": "μF", "皮法": "pF", "亨利": "H", "特斯拉": "T", "韦伯": "Wb", "千赫": "kHz", "兆赫": "MHz", "牛·米": "N·m",
    "牛/千克": "N/kg", "米/秒2": "m/s2", "米每二次方秒": "m/s2", "千克/立方米": "kg/m3", "千克每立方米": "kg/m3",
    "克/立方厘米": "g/cm3", "克每立方厘米": "g/cm3", "千米/时": "km/h", "千米/小时": "km/h", "公里/小时": "km/h",
    "千米每小时": "km/h",
}  # fmt: skip
"""Chinese names of units that mean exactly one symbol (GB 3100); 度, 分 and 斤 can be misread and are not here."""

_PREFIXES = ("", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "μ", "u", "n", "p", "f")
_PREFIXED = "m g s A K mol cd Hz N Pa J W Wh V C F Ω ohm S Wb T H lm lx Bq Gy Sv L l eV bar B bit cal".split()
_ALONE = "t min h d ha °C °F ° % ‰ kn in ft yd mi lb oz rad sr ¥ $ € £ CNY RMB USD 元 人 个".split()
_SYMBOLS = frozenset(prefix + base for prefix in _PREFIXES for base in _PREFIXED) | frozenset(_ALONE)
_POWER = re.compile(r"\^?[-+]?\d?$")
_STRAY_NUMBER = re.compile(r"\s[-+]?\d")
_BETWEEN = re.compile(r"[/·*]")
_SAME = str.maketrans({"⋅": "·", "∙": "·", "•": "·", "−": "-", "µ": "μ", "℃": "°C", "￥": "¥", "º": "°"})
_TRAILING = re.compile(r"(?<=\d)\s*([A-Za-zΩμ°%‰¥$€£/\u4e00-\u9fff].*)$", re.DOTALL)


@dataclass(frozen=True)
class Quantity:
    """A typed number, exactly, the unit behind it ("" for none) in its folded spelling, and the number as typed."""

    value: Fraction
    unit: str
    written: str


@lru_cache(maxsize=2048)
def folded_unit(unit: str) -> str:
    """The spelling in which units are compared: widths, spaces, raised digits and Chinese names; never capitals."""
    text = "".join(unicodedata.normalize("NFKC", unit.translate(_SAME)).translate(_SAME).split()).replace("^", "")
    return _NAMES.get(text, text)


def is_known(unit: str) -> bool:
    """Whether this reads as a unit: an SI symbol with or without prefix, a common other one, or made of these."""
    text = folded_unit(unit)
    if _STRAY_NUMBER.search(unit):
        return False
    parts = [_POWER.sub("", part) for part in _BETWEEN.split(text)]
    return bool(text) and all(part in _SYMBOLS or _NAMES.get(part, "") in _SYMBOLS for part in parts)


def read(typed: str, units: Iterable[str] = ()) -> Quantity | None:
    """What somebody typed as a number with or without a unit; None when it is not that.

    The given units are found first, so that 三千克 is three kilograms where kilograms are asked for. Another unit is
    found when it is a known one. What else stands beside the number (第, rd, not, 个半) makes it no number.
    """
    alone = exact(typed)
    if alone is not None:
        return Quantity(alone, "", typed)
    text = typed.strip()
    return _first(text, _spellings(units)) or _first(text, _spellings(_NAMES.values())) or _known(text)


def _first(text: str, spellings: Iterable[str]) -> Quantity | None:
    """The quantity with the first of these units that leaves a number when it is taken away."""
    for unit in spellings:
        rest = _without(text, unit)
        value = exact(rest) if rest else None
        if rest and value is not None:
            return Quantity(value, folded_unit(unit), rest)
    return None


def _known(text: str) -> Quantity | None:
    """A number with a unit that nobody asked for, when it is one."""
    plain = digits_for_numerals(unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME))
    found = _TRAILING.search(plain)
    return _first(plain, [found.group(1)]) if found is not None and is_known(found.group(1)) else None


def _spellings(units: Iterable[str]) -> list[str]:
    """The ways to write these units, the longest first."""
    wanted = {folded_unit(unit): unit for unit in units}
    names = [name for name, symbol in _NAMES.items() if symbol in wanted]
    return sorted({*wanted, *wanted.values(), *names}, key=len, reverse=True)


def _without(text: str, unit: str) -> str | None:
    """The text before the unit at its end, or behind it at its beginning, compared in the folded spelling."""
    wanted = folded_unit(unit)
    for at in range(len(text) - 1, max(0, len(text) - LONGEST_UNIT - 1), -1):
        if folded_unit(text[at:]) in {wanted, unit} and not text[at].isspace():
            return text[:at].rstrip()
    for at in range(1, min(len(text), 4)):
        if folded_unit(text[:at]) == wanted and not wanted[-1:].isalnum():
            return text[at:].lstrip()
    return None


# The units of a question


def validate_units(content: Mapping[str, Any]) -> None:
    """Refused unless units, their penalty and how they are given make sense together (see `Numerical`)."""
    units = content.get("units", [])
    if not isinstance(units, list) or len(units) > MOST_UNITS or not all(isinstance(one, dict) for one in units):
        raise Refused(_("The units are not a list."))
    seen = set()
    for one in units:
        name = one.get("unit")
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_UNIT or exact(name) is not None:
            raise Refused(_("A unit has a name of up to %(n)s characters.", n=LONGEST_UNIT))
        if name.strip()[0].isdigit() or folded_unit(name) in seen:
            raise Refused(_("The unit %(unit)s stands there twice, or begins with a digit.", unit=name[:LONGEST_UNIT]))
        seen.add(folded_unit(name))
        if factor(one) <= 0:
            raise Refused(_("The factor of a unit lies above 0."))
    if content.get("unit_input", "text") not in {"text", "choice"}:
        raise Refused(_("A unit is typed or chosen."))
    if not units and (content.get("unit_penalty") is not None or content.get("unit_input") == "choice"):
        raise Refused(_("A unit is asked for, but none is given."))
    if not 0 <= fraction(content.get("unit_penalty", "0")) <= 1:
        raise Refused(_("What a wrong unit costs lies between 0 and 1."))


def prepare_units(content: Mapping[str, Any]) -> dict[str, Any]:
    """The units as they are stored, with what belongs to them; nothing where there are none."""
    if not content.get("units"):
        return {}
    kept: dict[str, Any] = {
        "units": [{"unit": one["unit"].strip(), "factor": str(one.get("factor", "1"))} for one in content["units"]]
    }
    if content.get("unit_penalty") is not None:
        kept["unit_penalty"] = str(fraction(content["unit_penalty"]))
    if content.get("unit_input") == "choice":
        kept["unit_input"] = "choice"
    return kept


def factor(unit: Mapping[str, Any]) -> Fraction:
    """What a number in this unit is multiplied with before it is compared: an exact decimal or fraction."""
    text = str(unit.get("factor", "1")).strip()
    return fraction(text) if "/" in text else Fraction(decimal(text))


def factors(units: Sequence[Mapping[str, Any]]) -> dict[str, Fraction]:
    """The factor of each unit by its folded spelling."""
    return {folded_unit(one["unit"]): factor(one) for one in units}


def base_unit(units: Sequence[Mapping[str, Any]]) -> str:
    """The unit in which the accepted numbers are written: the first whose factor is 1; "" when there is none."""
    return next((str(one["unit"]) for one in units if factor(one) == 1), "")


# Significant figures


def figures(written: str) -> tuple[int, int] | None:
    """The least and most significant figures that a number was typed with; None when it is not written in digits.

    Leading zeros do not count; zeros at the end of a whole number without a point may or may not (1200 has from two to
    four, `1.20×10^3` three, `1200.` four), as in ISO 80000-1, annex B.
    """
    digits = significant_text(written)
    if digits is None:
        return None
    whole, point, part = digits.partition(".")
    if point:
        return (len((whole + part).lstrip("0")) or max(1, len(part)),) * 2
    stripped = whole.lstrip("0")
    return (max(1, len(stripped.rstrip("0"))), max(1, len(stripped)))
