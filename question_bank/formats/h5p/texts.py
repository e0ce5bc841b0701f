"""H5P's texts with answers between asterisks, `The *sun/star:tip* shines`: Blanks, Drag text, Mark the words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STARRED = re.compile(r"(?<!\*)\*(?!\*)((?:[^*]|\*\*)+?)\*(?!\*)")
_ESCAPED = "\ue00a"
_TAG = re.compile(r"<[^<>]*>")
_EDGES = re.compile(r"\A(?:\s|&nbsp;)+|(?:\s|&nbsp;)+\Z")


@dataclass(frozen=True)
class Starred:
    """What stands between asterisks: accepted texts, the tip behind them, whether feedback follows; all of it.

    `answer` is the accepted texts in one, for where `/` parts nothing.
    """

    texts: list[str]
    tip: str = ""
    has_feedback: bool = False
    whole: str = ""
    answer: str = ""


def pieces(text: str) -> list[str | Starred]:
    """The text in pieces: HTML, and what stood between asterisks. `**` is one asterisk, `\\/` and `\\:` bare signs."""
    found: list[str | Starred] = []
    at = 0
    for star in _STARRED.finditer(text):
        found += [text[at : star.start()].replace("**", "*"), _starred(star.group(1))]
        at = star.end()
    return [*found, text[at:].replace("**", "*")]


def _starred(inside: str) -> Starred:
    inside = inside.replace("**", "*")
    in_tags = _TAG.sub(lambda tag: re.sub(r"(?<!\\)([/:])", r"\\\1", tag.group()), inside)
    hidden = re.sub(r"\\([/:])", lambda found: _ESCAPED + str("/:".index(found.group(1))), in_tags)
    told = re.split(r"\\[+\-]", hidden)
    answer, _colon, tip = told[0].partition(":")
    texts = [_shown(part) for part in answer.split("/")]
    return Starred([text for text in texts if text], _shown(tip.lstrip(":")), len(told) > 1, inside, _shown(answer))


def _shown(text: str) -> str:
    """Without blanks around it, and with the signs that parted nothing."""
    return _EDGES.sub("", re.sub(_ESCAPED + "([01])", lambda found: "/:"[int(found.group(1))], text))
