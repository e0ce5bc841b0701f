r"""TeX between `\(` and `\)` read sign by sign; how it is written down, a reader says (`Line` and what follows it)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import html5

FORMULA = re.compile(r"\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$(.{1,2000}?)\$\$", re.DOTALL)
"""TeX in a text: what `web/static/js/math.js` draws on a page; longer than so many characters no formula is."""
TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\s+|.", re.DOTALL)
WORDS = {"text", "textbf", "textrm", "textit", "mbox"}
"""Their groups are words, with spaces between them."""
UPRIGHT = {"mathrm", "mathbf", "mathit", "boldsymbol", "operatorname", "bm", "mathsf", "mathcal", "mathscr", "mathfrak"}
FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg",
    "lim", "max", "min", "sup", "inf", "exp", "det", "gcd", "dim", "ker", "arg", "deg", "Pr",
}  # fmt: skip
NOTHING = {
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle",
    "limits", "nolimits", "!",
}  # fmt: skip
SPACES = {",", ";", ":", " ", "quad", "qquad", "space", "thinspace", "enspace"}
FRACTIONS = {"frac", "dfrac", "tfrac"}
BINOMIALS = {"binom", "dbinom", "tbinom"}
NAMED = {
    "to": "→", "gets": "←", "infty": "∞", "cdot": "·", "cdots": "⋯", "ldots": "…", "dots": "…", "circ": "∘",
    "partial": "∂", "exists": "∃", "neq": "≠", "ne": "≠", "le": "≤", "ge": "≥", "leqslant": "≤", "geqslant": "≥",
    "land": "∧", "lor": "∨", "neg": "¬", "lnot": "¬", "mid": "|", "vert": "|", "Vert": "‖", "|": "‖", "prime": "′",
    "varnothing": "∅", "varepsilon": "ε", "epsilon": "ε", "varphi": "φ", "phi": "φ", "vartheta": "ϑ", "implies": "⇒",
    "iff": "⇔", "hbar": "ℏ", "ell": "ℓ", "ast": "*", "star": "⋆", "bullet": "•", "setminus": "∖", "degree": "°",
    "lbrace": "{", "rbrace": "}", "langle": "⟨", "rangle": "⟩", "sim": "∼", "top": "⊤", "bot": "⊥", "triangle": "△",
    "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "notin": "∉", "subsetneqq": "⫋", "bigcup": "⋃",
    "bigcap": "⋂", "oint": "∮", "iint": "∬", "because": "∵", "therefore": "∴", "backslash": "\\", "emptyset": "∅",
}  # fmt: skip
BLACKBOARD = {"N": "ℕ", "Z": "ℤ", "Q": "ℚ", "R": "ℝ", "C": "ℂ", "P": "ℙ", "H": "ℍ"}
UNLIKE = {
    "bar", "hat", "vec", "tilde", "dot", "ddot", "check", "breve", "acute", "grave", "not", "cancel", "image", "asymp",
    "macr", "uml", "cedil", "half",
}  # fmt: skip
"""Names of HTML's signs that mean something else in TeX, or that a line can't say."""


class Beyond(Exception):
    """What can't be said in this way."""


def sign_of(name: str) -> str | None:
    """The one sign that a command stands for."""
    if name in NAMED:
        return NAMED[name]
    if len(name) == 1 and name in "{}%$_&#":
        return name
    sign = html5.get(f"{name};") if name.isalpha() and name not in UNLIKE else None
    return None if sign is None or len(sign) != 1 or sign.isascii() else sign


class Line:
    """Reads a formula into one line. Who follows says how a sign, a fraction, a raised part is written."""

    def __init__(self, tex: str) -> None:
        self.signs: list[str] = TOKEN.findall(tex.strip())
        self.at = 0

    def read(self) -> str:
        """The whole formula; Beyond where it can't be said."""
        return self.until(None)

    def until(self, end: str | None) -> str:
        """What stands before the sign that ends it."""
        out: list[str] = []
        while self.at < len(self.signs):
            sign = self._next()
            if sign == end:
                return "".join(out)
            out.append(self._sign(sign))
        if end is not None:
            raise Beyond
        return "".join(out)

    def plain(self, text: str) -> str:
        """A text as it is written down."""
        return text

    def moved(self, where: str, inner: str) -> str:
        """A part that stands raised (`super`) or lowered (`sub`)."""
        raise Beyond

    def fraction(self, above: str, below: str) -> str:
        """One over the other."""
        raise Beyond

    def structure(self, name: str) -> str:
        """What a command says that no line of its own has: an accent, a binomial, an environment."""
        raise Beyond

    def _next(self) -> str:
        if self.at >= len(self.signs):
            raise Beyond
        self.at += 1
        return self.signs[self.at - 1]

    def _group(self) -> str:
        sign = self._next()
        while sign.isspace():
            sign = self._next()
        return self.until("}") if sign == "{" else self._sign(sign)

    def _sign(self, sign: str) -> str:
        if sign.startswith("\\"):
            return self._command(sign[1:])
        if sign in ("^", "_"):
            inner = self._group()
            return "°" if (sign, inner) == ("^", "∘") else self.moved("super" if sign == "^" else "sub", inner)
        if sign == "{":
            return self.until("}")
        if sign in ("}", "&", "#", "%"):
            raise Beyond
        if sign.isspace():
            return ""
        return {"-": "−", "'": "′", "~": " "}.get(sign) or self.plain(sign)

    def _command(self, name: str) -> str:
        if name in FRACTIONS:
            above = self._group()
            return self.fraction(above, self._group())
        if name == "sqrt":
            return self._root()
        if name in WORDS:
            return self._words()
        if name in UPRIGHT:
            return self._group()
        if name in FUNCTIONS:
            follows = self.signs[self.at] if self.at < len(self.signs) else ""
            return name + (" " if follows.isspace() or follows.isalnum() or follows.startswith("\\") else "")
        if name in ("left", "right"):
            self.at += self.at < len(self.signs) and self.signs[self.at] == "."
            return ""
        if name in NOTHING:
            return ""
        if name in SPACES:
            return " "
        sign = sign_of(name)
        return self.structure(name) if sign is None else self.plain(sign)

    def _root(self) -> str:
        which = ""
        if self.at < len(self.signs) and self.signs[self.at] == "[":
            self.at += 1
            which = self.moved("super", self.until("]"))
        inner = self._group()
        return f"{which}√{inner}" if len(inner) == 1 or inner.isdigit() else f"{which}√({inner})"

    def _words(self) -> str:
        """A group as it is typed: words, with the spaces between them."""
        if self._next() != "{":
            raise Beyond
        out: list[str] = []
        while (sign := self._next()) != "}":
            if sign.startswith("\\") or sign in "{^_$":
                raise Beyond
            out.append(self.plain(sign))
        return "".join(out)


def said(reader: Callable[[str], Line], tex: str) -> str | None:
    """The formula as such a reader writes it; None where it can't say all of it."""
    try:
        return reader(tex).read()
    except (Beyond, RecursionError):
        return None
