"""Word's formulas (OMML, ECMA-376, part 1, 22.1) written in a line: (a)/(b), roots, raised and lowered letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from question_bank.formats.signs import lowered, raised

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def in_a_line(element: Any) -> str:
    """A formula as a line of text."""
    name = str(element.tag).rpartition("}")[2]
    if name == "t":
        return element.text or ""
    if name in _WRITTEN:
        return _WRITTEN[name](element)
    if name.endswith("Pr"):
        return ""
    return "".join(in_a_line(child) for child in element)


def _part(element: Any, name: str) -> str:
    found = element.find(f"{M}{name}")
    return "" if found is None else in_a_line(found)


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _sign(element: Any, properties: str, name: str, otherwise: str) -> str:
    found = element.find(f"{M}{properties}/{M}{name}")
    return otherwise if found is None else str(found.get(f"{M}val", ""))


def _fraction(element: Any) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: Any) -> str:
    degree = _part(element, "deg")
    return f"{raised(degree) if degree else ''}√{_grouped(_part(element, 'e'))}"


def _sum(element: Any) -> str:
    sign = _sign(element, "naryPr", "chr", "∫")
    below, above = _part(element, "sub"), _part(element, "sup")
    return sign + (lowered(below) if below else "") + (raised(above) if above else "") + _part(element, "e")


def _brackets(element: Any) -> str:
    start, end = _sign(element, "dPr", "begChr", "("), _sign(element, "dPr", "endChr", ")")
    inside = ",".join(in_a_line(child) for child in element.findall(f"{M}e"))
    return f"{start}{inside}{end}"


def _matrix(element: Any) -> str:
    rows = (",".join(in_a_line(cell) for cell in row.findall(f"{M}e")) for row in element.findall(f"{M}mr"))
    return "[" + ";".join(rows) + "]"


def _equations(element: Any) -> str:
    """A system of equations, or cases: one behind the other."""
    return "; ".join(in_a_line(row) for row in element.findall(f"{M}e"))


def _function(element: Any) -> str:
    """`lim` with what stands below it, and what it is of."""
    name = _part(element, "fName")
    gap = " " if element.find(f"{M}fName/{M}limLow") is not None else ""
    return f"{name}{gap}{_part(element, 'e')}"


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "f": _fraction,
    "rad": _root,
    "nary": _sum,
    "d": _brackets,
    "m": _matrix,
    "eqArr": _equations,
    "func": _function,
    "limLow": lambda e: _part(e, "e") + lowered(_part(e, "lim")),
    "limUpp": lambda e: _part(e, "e") + raised(_part(e, "lim")),
    "sSup": lambda e: _part(e, "e") + raised(_part(e, "sup")),
    "sSub": lambda e: _part(e, "e") + lowered(_part(e, "sub")),
    "sSubSup": lambda e: _part(e, "e") + lowered(_part(e, "sub")) + raised(_part(e, "sup")),
}
