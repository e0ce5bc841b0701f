"""Mathematics of a line on paper: TeX as letters, signs and raised or lowered text, as far as a line can say it."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from question_bank.tex import Line, said


class _Markup(Line):
    """As markup of a paragraph."""

    def plain(self, text: str) -> str:
        return escape(text)

    def moved(self, where: str, inner: str) -> str:
        return f"<{where}>{inner}</{where}>"

    def fraction(self, above: str, below: str) -> str:
        return f"<super>{above}</super>/<sub>{below}</sub>"


def in_line(tex: str, drawable: frozenset[int] | set[int]) -> str | None:
    """The formula as markup of a paragraph; None where a line or the font can't say all of it."""
    made = said(_Markup, tex)
    if made is None:
        return None
    shown = re.sub(r"<[^>]+>|&\w+;", "", made)
    return made if all(ord(sign) in drawable or sign.isspace() for sign in shown) else None
