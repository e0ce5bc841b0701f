"""Numbers of GIFT and of Moodle: with a tolerance, as a range, with a decimal comma."""

from __future__ import annotations

import re

_NUM = r"([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
_VALUE = re.compile(rf"{_NUM}(?:\s*:\s*{_NUM})?", re.ASCII)
_RANGE = re.compile(rf"{_NUM}\s*\.\.\s*{_NUM}", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2},\d{3}(?![\d.])")
"""A number whose comma may part thousands."""
_BOTH = re.compile(r"\d,\d+[,.]\d|\d\.\d+,")
"""A number with two commas, or with a comma and a point."""
_DECIMALS = re.compile(r"(?<![\d.,])0,\d|\d,(?:\d{1,2}|\d{4,})(?![\d,])")
"""A comma that can only stand before decimals."""


def number_of(spec: str) -> tuple[str, ...]:
    """`("simple", value)`, `("range", value, tolerance)` or `("high-low", low, high)`; empty for anything else."""
    spec = with_points(spec.replace("−", "-"))
    if found := _RANGE.fullmatch(spec):
        return "high-low", found.group(1), found.group(2)
    if found := _VALUE.fullmatch(spec):
        value, tolerance = found.groups()
        return ("simple", value) if tolerance is None else ("range", value, tolerance)
    return ()


def with_points(spec: str) -> str:
    """Decimal commas as points, where they can be nothing else; `1,000` alone may be a thousand and stays."""
    if "," not in spec or _BOTH.search(spec):
        return spec
    if _THOUSANDS.search(spec) and not _DECIMALS.search(spec):
        return spec
    return re.sub(r"(?<=\d),(?=\d)", ".", spec)
