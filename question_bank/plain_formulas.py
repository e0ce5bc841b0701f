"""Formulas in a text that can hold no more than signs, such as the options of a list to open: `x²`, `(a+b)/2`, `√2`."""

from __future__ import annotations

import re
import unicodedata

from question_bank.tex import BINOMIALS, BLACKBOARD, FORMULA, Beyond, Line, said

_RAISED = dict(zip("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+−=()aeoxhklmnpstijruv", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", strict=True))
ACCENTS = {
    "vec": "\u20d7", "overrightarrow": "\u20d7", "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304",
    "overline": "\u0305", "tilde": "\u0303", "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "underline": "\u0332",
}  # fmt: skip
"""Signs that stand above or below the letter before them."""
_CALLED = {"overrightarrow": "vec", "widehat": "hat", "widetilde": "tilde"}
_GROWN = {"overline", "underline"}
"""Strokes that go on over every letter."""
MATRICES = {
    "matrix": ("(", ")"), "smallmatrix": ("(", ")"), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
}  # fmt: skip
ROWS = {"aligned", "align", "align*", "gathered", "split"}
_ALONE = re.compile(r"[^\W\d_]|\d+(?:\.\d+)?|√\w|[^\W\d_][⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]+|\(\w*\)")
"""What needs no brackets above or below a stroke."""

_LIMITS = re.compile(r"((?:lim|max|min|[∑∏∫∬∮⋃⋂])(?:[_^]\([^()]*\)|[_^]\w|[₀-₎ₐ-ₜᵢᵣᵤᵥⱼ⁰¹²³⁴-ⁿⁱ])+)(?=[\w√(])")
"""A sum or a limit with what it goes over; what follows stands apart."""


def moved(where: str, inner: str) -> str:
    """What stands raised (`super`) or lowered, in signs that are so themselves: `²`; else behind `^` or `_`."""
    signs = _RAISED if where == "super" else _LOWERED
    if inner and all(sign in signs for sign in inner):
        return "".join(signs[sign] for sign in inner)
    if inner in ("′", "°"):
        return inner
    mark = "^" if where == "super" else "_"
    return f"{mark}{inner}" if len(inner) == 1 else f"{mark}({inner})"


class _Plain(Line):
    def moved(self, where: str, inner: str) -> str:
        return moved(where, inner)

    def fraction(self, above: str, below: str) -> str:
        return f"{_as_one(above)}/{_as_one(below)}"

    def structure(self, name: str) -> str:
        if name in ACCENTS:
            return _accented(name, self._group())
        if name in BINOMIALS:
            above = self._group()
            return f"C({above}, {self._group()})"
        if name == "mathbb":
            letter = self._group()
            return BLACKBOARD.get(letter, letter)
        if name == "not" and self.at < len(self.signs) and self.signs[self.at] == "=":
            self.at += 1
            return "≠"
        if name == "begin":
            return self._environment(self._words())
        raise Beyond

    def _environment(self, name: str) -> str:
        rows = self._rows(name)
        if name == "cases":
            told = [", ".join(filter(None, (cell.strip().rstrip(",") for cell in row))) for row in rows]
            return "{ " + "; ".join(told)
        if name in MATRICES:
            first, last = MATRICES[name]
            return first + "; ".join(" ".join(row) for row in rows) + last
        if name in ROWS:
            return "; ".join("".join(row) for row in rows)
        raise Beyond

    def _rows(self, name: str) -> list[list[str]]:
        rows: list[list[str]] = [[""]]
        while True:
            sign = self._next()
            if sign == "\\end":
                if self._words() != name:
                    raise Beyond
                return [row for row in rows if any(row)]
            if sign == "\\\\":
                rows.append([""])
            elif sign == "&":
                rows[-1].append("")
            else:
                rows[-1][-1] += self._sign(sign)


def _as_one(text: str) -> str:
    return text if _ALONE.fullmatch(text) else f"({text})"


def _accented(name: str, inner: str) -> str:
    if len(inner) == 1 or name in _GROWN:
        return unicodedata.normalize("NFC", "".join(f"{sign}{ACCENTS[name]}" for sign in inner))
    return f"{_CALLED.get(name, name)}({inner})"


def in_plain_text(text: str) -> str:
    """The text with its formulas as signs, those that signs can't say as their TeX without delimiters."""

    def shown(tex: str) -> str:
        made = said(_Plain, tex)
        return tex.strip() if made is None else _LIMITS.sub(r"\1 ", " ".join(made.split()))

    return FORMULA.sub(lambda found: shown(next(filter(None, found.groups()))), text)
