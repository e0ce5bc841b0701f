"""Mathematics drawn for paper: fractions, roots, accents, brackets and matrices as paths, by ziamath.

What it does not know it draws as it was typed, without a word; so only commands that were looked at are given to it,
and a formula of which the fonts lack a sign is not drawn at all.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from ziafont.font import Font
from ziamath.config import config
from ziamath.mathfont import MathFont
from ziamath.tex import tex2mml
from ziamath.zmath import Math, fontname, loadedfonts

from learnhub.kernel.typesetting import FONTS, REGULAR, glyphs
from question_bank.plain_formulas import ACCENTS, MATRICES, ROWS, in_plain_text
from question_bank.tex import BINOMIALS, FRACTIONS, FUNCTIONS, NOTHING, SPACES, TOKEN, UPRIGHT, WORDS, sign_of

SIZE = 10.5
"""Points: as large as the words of a question."""
AIR = 1.2
"""Points above and below a formula."""
LONGEST = 1000
"""Characters of a formula."""
DEEPEST, HEAVIEST = 6, 1000
"""Groups in groups, and signs of which each group around one doubles the weight: as often a sign is set in the end."""
_STRUCTURES = {
    "sqrt", "mathbb", "begin", "end", "stackrel", "overset", "underset", "underbrace", "overbrace", "xrightarrow",
    "xleftarrow", "overleftarrow", "\\",
}  # fmt: skip
_KNOWN = (
    _STRUCTURES
    | FRACTIONS
    | BINOMIALS
    | UPRIGHT
    | WORDS
    | FUNCTIONS
    | SPACES
    | set(ACCENTS)
    | NOTHING - {"bigg", "Bigg"}
)
_ENVIRONMENTS = {*MATRICES, *ROWS, "cases", "array"}
_COMMAND = re.compile(r"\\([a-zA-Z]+|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^{}]*)\}(?:\s*\{([^{}]*)\})?")
_OPENING, _CLOSING = {"{", "\\begin", "\\left"}, {"}", "\\end", "\\right"}
_TYPED = re.compile(r"\\[a-zA-Z]")
"""A command in what was drawn: nobody knew it."""
_STEP = re.compile(r"[MLQCZ]|-?[\d.]+(?:e-?\d+)?")
_NAME = "learnhub"
_NON_ZERO = 1
"""How the outlines of TrueType are filled."""
_at_once = threading.Lock()
"""ziamath keeps the features of a font in the font while it sets a text."""


class _Lacking(Exception):
    """A sign that no font has."""


class _Foreign:
    """A sign of the other font: no rules of the mathematical one hold for it, so it passes for that font's glyph 0."""

    index = 0

    def __init__(self, glyph: Any) -> None:
        self._glyph = glyph

    def __getattr__(self, name: str) -> Any:
        return getattr(self._glyph, name)

    def advance(self, nextchr: Any = None) -> Any:
        """The width."""
        return self._glyph.advance()


class _Fonts(MathFont):
    """The mathematical font, and for signs that it lacks the font of the words around the formula."""

    def findglyph(self, char: str, variant: Any) -> Any:
        if char in " \u00a0\u2061\u2062\u2063" or self.glyphindex(char):
            return super().findglyph(char, variant)
        words = _words_font()
        if not words.glyphindex(char):
            raise _Lacking(char)
        return _Foreign(words.glyph(char))


@functools.cache
def _words_font() -> Any:
    return Font(str(FONTS / "NotoSansSC-Regular.ttf"))


@dataclass(frozen=True)
class Drawn:
    """A formula as paths in points: the baseline is at 0, what is above it is below 0 as in SVG."""

    width: float
    height: float
    depth: float
    """How far it goes below the baseline."""
    paths: tuple[tuple[str, float], ...]
    """Steps as SVG has them, each with the width of its stroke; 0 for one that is filled."""
    words: str
    """The formula in signs, to be found and copied."""

    def draw(self, canvas: Any, x: float, y: float, scale: float) -> None:
        """On a page, its lower left corner there."""
        canvas.saveState()
        canvas.translate(x, y + self.depth * scale)
        canvas.scale(scale, scale)
        for steps, stroke in self.paths:
            path = canvas.beginPath()
            _walk(path, steps)
            if stroke:
                canvas.setLineWidth(stroke)
            canvas.drawPath(path, stroke=bool(stroke), fill=not stroke, fillMode=_NON_ZERO)
        self._say(canvas)
        canvas.restoreState()

    def _say(self, canvas: Any) -> None:
        shown = "".join(sign for sign in self.words if ord(sign) in glyphs(REGULAR))
        wide = stringWidth(shown, REGULAR, SIZE)
        if wide:
            text = canvas.beginText(0, 0)
            text.setTextRenderMode(3)
            text.setFont(REGULAR, SIZE)
            text.setHorizScale(100 * self.width / wide)
            text.textOut(shown)
            canvas.drawText(text)


class FormulaCanvas(Canvas):
    """Pages on which a formula is drawn where a paragraph has left room for it, as for a picture."""

    def drawImage(self, image: Any, x: float, y: float, width: Any = None, *args: Any, **more: Any) -> Any:
        """A picture, or a formula."""
        if isinstance(image, Drawn):
            return image.draw(self, x, y + AIR, width / image.width)
        return super().drawImage(image, x, y, width, *args, **more)


def drawn(tex: str) -> Drawn | None:
    """The formula, large as on a line of its own, since paper can't be drawn nearer; None where it is not certain that
    all of it would be drawn as it is meant, and where it would take seconds."""
    return _drawn_once(tex) if len(tex) <= LONGEST and _is_light(tex) else None


def _is_light(tex: str) -> bool:
    depth = weight = 0
    for sign in TOKEN.findall(tex):
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if not 0 <= depth <= DEEPEST:
            return False
        weight += 0 if sign.isspace() else 2**depth
    return weight <= HEAVIEST


@functools.lru_cache(500)
def _drawn_once(tex: str) -> Drawn | None:
    tex = re.sub(r"\\not\s*=", r"\\neq ", re.sub(r"\\not\s*\\in(?![a-zA-Z])", r"\\notin ", tex.strip()))
    if not _is_known(tex):
        return None
    with _at_once:
        try:
            return _drawn(tex)
        except Exception:  # it parses TeX: whatever it stumbles over, the formula is said another way
            return None


def _is_known(tex: str) -> bool:
    environments = _ENVIRONMENT.findall(tex)
    if any(name not in _ENVIRONMENTS or (name == "array" and "|" in columns) for name, columns in environments):
        return False
    bare = re.sub(r"\\.", "", tex)
    is_plain = not re.search(r"[%#$]", bare) and (environments or "&" not in bare)
    return bool(is_plain) and all(name in _KNOWN or sign_of(name) for name in _COMMAND.findall(tex))


def _drawn(tex: str) -> Drawn | None:
    # tex2mml looks for `\binom{` and `||` by the letter and cuts what is nested: it gets them apart.
    mathml = tex2mml(tex.replace(r"\binom{", r"\binom {").replace("||", "| |"))
    if _TYPED.search(mathml):
        return None
    if _NAME not in loadedfonts:
        config.svg2 = False
        loadedfonts[_NAME] = _Fonts(fontname)
    formula = Math(mathml, SIZE, font=_NAME, margin=0)
    width, height = formula.getsize()
    paths = tuple(_paths(formula.svgxml()))
    return Drawn(width, height, -formula.getyofst(), paths, in_plain_text(rf"\({tex}\)")) if paths and width else None


def _paths(svg: Any) -> Iterator[tuple[str, float]]:
    for one in svg.iter():
        match one.tag.rpartition("}")[2]:
            case "path":
                yield one.attrib["d"], float(one.attrib.get("stroke-width", 0))
            case "rect":
                x, y, w, h = (float(one.attrib[name]) for name in ("x", "y", "width", "height"))
                yield f"M {x} {y} L {x + w} {y} L {x + w} {y + h} L {x} {y + h} Z", 0
            case "svg" | "g":
                pass
            case other:
                raise ValueError(other)


def _walk(path: Any, steps: str) -> None:
    found = iter(_STEP.findall(steps))
    at = (0.0, 0.0)
    for step in found:
        points = [(float(next(found)), -float(next(found))) for _n in range({"Q": 2, "C": 3, "Z": 0}.get(step, 1))]
        if step == "M":
            path.moveTo(*points[0])
        elif step == "L":
            path.lineTo(*points[0])
        elif step == "Q":
            (x0, y0), (x1, y1), (x2, y2) = at, *points
            path.curveTo(
                x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3, x2 + (x1 - x2) * 2 / 3, y2 + (y1 - y2) * 2 / 3, x2, y2
            )
        elif step == "C":
            path.curveTo(*points[0], *points[1], *points[2])
        else:
            path.close()
        at = points[-1] if points else at
