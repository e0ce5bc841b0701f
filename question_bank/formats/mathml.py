"""Formulas in MathML (W3C MathML 3, chapter 3, presentation markup) as TeX between `\\(` and `\\)`."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

FORMULA = re.compile(r"<((?:\w+:)?)math\b[^<>]*>(?:(?!<\1math\b).)*?</\1math\s*>", re.DOTALL | re.IGNORECASE)
_TEX = re.compile(
    r"<(?:\w+:)?annotation\b[^>]*encoding\s*=\s*[\"'][^\"']*tex[^\"']*[\"'][^>]*>(.*?)</", re.DOTALL | re.IGNORECASE
)
_PREFIX = re.compile(r"<(/?)\w+:(?=\w)")
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[0-9a-fA-F]+);)\w+;")
_NAMES = re.compile(r"\sxmlns(?::\w+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi - pi rho - sigma tau upsilon phi chi psi"
    " omega"
).split()
_SIGNS = {
    **{chr(0x3B1 + at): f"\\{name} " for at, name in enumerate(_GREEK) if name != "-"},
    **dict(
        zip(
            "ΓΔΘΛΞΠΣΦΨΩ",
            (f"\\{name} " for name in "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split()),
            strict=True,
        )
    ),
    **{"×": "\\times ", "÷": "\\div ", "·": "\\cdot ", "⋅": "\\cdot ", "±": "\\pm ", "≤": "\\le ", "≥": "\\ge "},
    **{"≠": "\\ne ", "≈": "\\approx ", "∞": "\\infty ", "→": "\\to ", "∑": "\\sum ", "∏": "\\prod ", "∫": "\\int "},
    **{"∂": "\\partial ", "∈": "\\in ", "∪": "\\cup ", "∩": "\\cap ", "√": "\\surd ", "°": "^{\\circ}", "−": "-"},
    **{"⇒": "\\Rightarrow ", "⇔": "\\Leftrightarrow ", "∠": "\\angle ", "△": "\\triangle ", "…": "\\dots "},
    **{
        "{": "\\{",
        "}": "\\}",
        "#": "\\#",
        "$": "\\$",
        "%": "\\%",
        "&": "\\&",
        "_": "\\_",
        "~": "\\sim ",
        "^": "\\wedge ",
    },
    **dict.fromkeys("\u2061\u2062\u2063\u2064\u200b\ufeff", ""),
    **{"\\": "\\backslash ", "\xa0": "\\ ", "′": "'"},
}
_FUNCTIONS = frozenset(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min det".split()
)
_OVER = {
    "¯": "\\overline",
    "‾": "\\overline",
    "_": "\\overline",
    "→": "\\vec",
    "^": "\\hat",
    "ˆ": "\\hat",
    "~": "\\tilde",
}


class _Unknown(Exception):
    """A formula says something that TeX is not known for here."""


def tex_of(markup: str) -> str:
    """The formula as TeX; empty where it can't be told surely."""
    written = _TEX.search(markup)
    if written:
        return _undelimited(html.unescape(written.group(1)).strip())
    bare = _NAMES.sub("", _PREFIX.sub(r"<\1", markup))
    try:
        root = fromstring(_NAMED.sub(lambda found: html.unescape(found.group()), bare))
        return " ".join(_row(root).split())
    except (ParseError, DefusedXmlException, _Unknown, RecursionError):
        return ""


def _undelimited(tex: str) -> str:
    """TeX without the signs that set it off from a text around it, which some programs keep in the formula."""
    for before, after in (("\\[", "\\]"), ("\\(", "\\)"), ("$$", "$$"), ("$", "$")):
        inner = tex[len(before) : -len(after)]
        if len(tex) > 2 and tex.startswith(before) and tex.endswith(after) and before not in inner:
            return inner.strip()
    return tex


def rewritten(markup: str) -> str:
    """A text with its formulas as TeX; those that can't be told stay as they are."""
    if "math" not in markup:
        return markup

    def one(found: re.Match[str]) -> str:
        tex = tex_of(found.group())
        return f"\\({html.escape(tex, quote=False)}\\)" if tex else found.group()

    return FORMULA.sub(one, markup)


def _row(element: Element) -> str:
    return "".join(_one(child) for child in element)


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text.strip())


def _one(element: Element) -> str:
    writer = _WRITERS.get(element.tag)
    if writer is None:
        raise _Unknown(element.tag)
    return writer(element)


def _parts(element: Element, count: int) -> list[str]:
    if len(element) != count:
        raise _Unknown(element.tag)
    return [f"{{{_one(child)}}}" for child in element]


def _name(element: Element) -> str:
    name = (element.text or "").strip()
    if name in _FUNCTIONS:
        return f"\\{name} "
    return f"\\mathrm{{{_signs(name)}}}" if len(name) > 1 and name.isascii() else _signs(name)


def _words(element: Element) -> str:
    text = element.text or ""
    if set(text) & set("\\{}#$%&_^~"):
        raise _Unknown(element.tag)
    return f"\\text{{{text}}}" if text.strip() else "\\ "


def _fraction(element: Element) -> str:
    above, below = _parts(element, 2)
    return f"\\frac{above}{below}"


def _root(element: Element) -> str:
    base, degree = _parts(element, 2)
    return f"\\sqrt[{degree}]{base}"


def _script(*marks: str) -> Callable[[Element], str]:
    def write(element: Element) -> str:
        base, *rest = _parts(element, len(marks) + 1)
        return base + "".join(f"{mark}{one}" for mark, one in zip(marks, rest, strict=True))

    return write


def _limits(*marks: str) -> Callable[[Element], str]:
    """What stands under and over: limits of a sum, or a line or an arrow over letters."""

    def write(element: Element) -> str:
        base, *rest = _parts(element, len(marks) + 1)
        sign = (element[-1].text or "").strip() if len(element[-1]) == 0 else ""
        if marks == ("^",) and sign in _OVER:
            return f"{_OVER[sign]}{base}"
        inside = base[1:-1].strip()
        if inside.lstrip("\\") in {"sum", "prod", "int", "lim", "max", "min"}:
            return inside + "".join(f"{mark}{one}" for mark, one in zip(marks, rest, strict=True))
        over = f"\\overset{rest[-1]}{base}" if "^" in marks else base
        return f"\\underset{rest[0]}{{{over}}}" if "_" in marks else over

    return write


def _fenced(element: Element) -> str:
    start, end = element.get("open", "("), element.get("close", ")")
    between = (element.get("separators", ",").strip() or "")[:1]
    inside = _signs(between).join(_one(child) for child in element)
    return f"\\left{_signs(start) or '.'}{inside}\\right{_signs(end) or '.'}"


def _table(element: Element) -> str:
    rows = [" & ".join(_row(cell) for cell in row.iter("mtd")) for row in element.iter("mtr")]
    return "\\begin{matrix}" + " \\\\ ".join(rows) + "\\end{matrix}"


def _plain(element: Element) -> str:
    if len(element):
        raise _Unknown(element.tag)
    return _signs(element.text or "")


_WRITERS: dict[str, Callable[[Element], str]] = {
    **dict.fromkeys(("mrow", "mstyle", "mpadded", "math"), _row),
    **dict.fromkeys(("mn", "mo"), _plain),
    "semantics": lambda element: _one(element[0]) if len(element) else "",
    "mi": _name,
    "mtext": _words,
    "mspace": lambda _element: "\\ ",
    "mfrac": _fraction,
    "msqrt": lambda element: f"\\sqrt{{{_row(element)}}}",
    "mroot": _root,
    "msup": _script("^"),
    "msub": _script("_"),
    "msubsup": _script("_", "^"),
    "mover": _limits("^"),
    "munder": _limits("_"),
    "munderover": _limits("_", "^"),
    "mfenced": _fenced,
    "mtable": _table,
}
