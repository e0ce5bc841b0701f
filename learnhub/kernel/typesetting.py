"""The fonts of every PDF, embedded, and text that they can draw: Chinese, Latin, and no boxes."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
_FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf"}


@functools.cache
def glyphs(name: str) -> frozenset[int]:
    """Register a font once per process; the characters that it can draw."""
    font = TTFont(name, str(FONTS / _FILES[name]))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def can_be_bold(text: str) -> bool:
    """Whether the bold font, which is a subset, has every character of the text."""
    return all(ord(character) in glyphs(BOLD) for character in text if not character.isspace())


def fitting(text: str) -> str:
    """The text with what the font can draw. An emoji or other sign is named in brackets; a letter or character that
    is missing is Refused by name: a box on a printed page would be worse."""
    drawable = glyphs(REGULAR)
    out = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if ord(character) in drawable or character in "\n ":
            out.append(character)
        elif category[0] == "L":
            raise Refused(
                _(
                    "The font for printing has no “%(character)s” (U+%(code)s, in “%(text)s”).",
                    character=character,
                    code=f"{ord(character):04X}",
                    text=text[:60],
                )
            )
        elif category in {"So", "Sk", "Sm", "Po", "Ps", "Pe", "Nd", "No"}:
            out.append(f"[{unicodedata.name(character, hex(ord(character))).lower()}]")
    return "".join(out)
