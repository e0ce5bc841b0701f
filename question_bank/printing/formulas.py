"""Mathematics of a line on paper: TeX as letters, signs and raised or lowered text, as far as a line can say it."""

from __future__ import annotations

import re
from html.entities import html5
from xml.sax.saxutils import escape

FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$", re.DOTALL)
"""TeX in a text: what `web/static/js/math.js` draws on a page."""
_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL)
_UPRIGHT = {"text", "mathrm", "mathbf", "mathit", "boldsymbol", "operatorname", "textbf", "textrm", "mbox", "bm"}
_FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg",
    "lim", "max", "min", "sup", "inf", "exp", "det", "gcd", "dim", "ker", "arg", "deg", "Pr",
}  # fmt: skip
_NOTHING = {"left", "right", "big", "Big", "bigg", "Bigg", "displaystyle", "textstyle", "limits", "nolimits", "!"}
_SPACES = {",", ";", ":", " ", "quad", "qquad", "space", "thinspace", "enspace"}
_NAMED = {
    "to": "→", "gets": "←", "infty": "∞", "cdot": "·", "cdots": "⋯", "ldots": "…", "dots": "…", "circ": "∘",
    "partial": "∂", "exists": "∃", "neq": "≠", "ne": "≠", "le": "≤", "ge": "≥", "leqslant": "≤", "geqslant": "≥",
    "land": "∧", "lor": "∨", "neg": "¬", "lnot": "¬", "mid": "|", "vert": "|", "Vert": "‖", "|": "‖", "prime": "′",
    "varnothing": "∅", "varepsilon": "ε", "epsilon": "ε", "varphi": "φ", "phi": "φ", "vartheta": "ϑ", "implies": "⇒",
    "iff": "⇔", "hbar": "ℏ", "ell": "ℓ", "ast": "*", "star": "⋆", "bullet": "•", "setminus": "∖", "degree": "°",
    "lbrace": "{", "rbrace": "}", "langle": "⟨", "rangle": "⟩", "sim": "∼", "top": "⊤", "bot": "⊥", "triangle": "△",
}  # fmt: skip
_UNLIKE = {
    "bar", "hat", "vec", "tilde", "dot", "ddot", "check", "breve", "acute", "grave", "not", "cancel", "image", "asymp",
    "macr", "uml", "cedil", "half",
}  # fmt: skip
"""Names of HTML's signs that mean something else in TeX, or that a line can't say."""


class _Beyond(Exception):
    """What a line can't say."""


def in_line(tex: str, drawable: frozenset[int] | set[int]) -> str | None:
    """The formula as markup of a paragraph; None where a line or the font can't say all of it."""
    signs = _TOKEN.findall(tex.strip())
    reader = _Formula(signs)
    try:
        made = reader.until(None)
    except (_Beyond, RecursionError):
        return None
    shown = re.sub(r"<[^>]+>|&\w+;", "", made)
    return made if all(ord(sign) in drawable or sign.isspace() for sign in shown) else None


class _Formula:
    def __init__(self, signs: list[str]) -> None:
        self.signs = signs
        self.at = 0

    def until(self, end: str | None) -> str:
        """What stands before the sign that ends it."""
        out: list[str] = []
        while self.at < len(self.signs):
            sign = self._next()
            if sign == end:
                return "".join(out)
            out.append(self._sign(sign))
        if end is not None:
            raise _Beyond
        return "".join(out)

    def _next(self) -> str:
        if self.at >= len(self.signs):
            raise _Beyond
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
            return self._moved("super" if sign == "^" else "sub")
        if sign == "{":
            return self.until("}")
        if sign in ("}", "&", "#", "%"):
            raise _Beyond
        if sign.isspace():
            return ""
        return {"-": "−", "'": "′", "~": " "}.get(sign, escape(sign))

    def _moved(self, where: str) -> str:
        inner = self._group()
        return "°" if (where, inner) == ("super", "∘") else f"<{where}>{inner}</{where}>"

    def _command(self, name: str) -> str:
        if name in ("frac", "dfrac", "tfrac"):
            return f"<super>{self._group()}</super>/<sub>{self._group()}</sub>"
        if name == "sqrt":
            return self._root()
        if name in _UPRIGHT:
            return self._words()
        if name in _FUNCTIONS:
            follows = self.signs[self.at] if self.at < len(self.signs) else ""
            return name + (" " if follows.isspace() or follows.isalnum() or follows.startswith("\\") else "")
        if name in ("left", "right"):
            self.at += self.at < len(self.signs) and self.signs[self.at] == "."
            return ""
        if name in _NOTHING:
            return ""
        if name in _SPACES:
            return " "
        return self._named(name)

    def _named(self, name: str) -> str:
        if name in _NAMED:
            return _NAMED[name]
        if len(name) == 1 and name in "{}%$_&#":
            return escape(name)
        sign = html5.get(f"{name};") if name.isalpha() and name not in _UNLIKE else None
        if sign is None or len(sign) != 1 or sign.isascii():
            raise _Beyond
        return sign

    def _root(self) -> str:
        which = ""
        if self.at < len(self.signs) and self.signs[self.at] == "[":
            self.at += 1
            which = f"<super>{self.until(']')}</super>"
        inner = self._group()
        return f"{which}√{inner}" if len(inner) == 1 or inner.isdigit() else f"{which}√({inner})"

    def _words(self) -> str:
        """A group as it is typed: words, with the spaces between them."""
        if self._next() != "{":
            raise _Beyond
        out: list[str] = []
        while (sign := self._next()) != "}":
            if sign.startswith("\\") or sign in "{^_$":
                raise _Beyond
            out.append(escape(sign))
        return "".join(out)
