"""Private signs that carry what plain text can't: raised and lowered letters, underlines, pictures in their place."""

from __future__ import annotations

import html
import re

from question_bank.plain_formulas import moved

_PAIRS = {
    "sub": ("\ue000", "\ue001"),
    "sup": ("\ue002", "\ue003"),
    "u": ("\ue006", "\ue007"),
    "em": ("\ue008", "\ue009"),
}
_PICTURE = ("\ue004", "\ue005")
_ANY = re.compile("[\ue000-\ue009]")
UNDERLINED = re.compile("\ue006([^\ue006\ue007]*)\ue007")
_RAISED = re.compile("\ue002([^\ue002\ue003]+)\ue003")
_LOWERED = re.compile("\ue000([^\ue000\ue001]+)\ue001")
_STRAY_STARS = re.compile(r"\s*\*\*\s+(?![^\n]*\*\*)")
_PICTURES = re.compile("\ue004([0-9a-f]{64}\\.[a-z0-9]{2,5})\ue005")


def without_stray_stars(stem: str) -> str:
    """A question without the stars that a number in bold letters left in front of it: `** Which?`."""
    found = _STRAY_STARS.match(stem)
    return stem[found.end() :] if found else stem


def lowered(text: str) -> str:
    """A text as a subscript."""
    return _PAIRS["sub"][0] + text + _PAIRS["sub"][1]


def raised(text: str) -> str:
    """A text as a superscript."""
    return _PAIRS["sup"][0] + text + _PAIRS["sup"][1]


def underlined(text: str) -> str:
    """A text with a line below it."""
    return _PAIRS["u"][0] + text + _PAIRS["u"][1]


def emphasized(text: str) -> str:
    """A text with a dot below each of its signs, as Chinese papers point at words."""
    return _PAIRS["em"][0] + text + _PAIRS["em"][1]


def picture(name: str) -> str:
    """A picture where it stands, by the name under which its bytes are kept."""
    return _PICTURE[0] + name + _PICTURE[1]


def has_signs(text: str) -> bool:
    """Whether the text carries any."""
    return _ANY.search(text) is not None


def without_signs(text: str) -> str:
    """The bare text, pictures gone."""
    return _ANY.sub("", _PICTURES.sub("", text))


def as_typed(text: str) -> str:
    """The text as somebody types it: raised and lowered letters in signs of their own, for 10⁸ is not 108."""
    text = _RAISED.sub(lambda found: _moved("super", found[1]), text)
    return without_signs(_LOWERED.sub(lambda found: _moved("sub", found[1]), text))


def _moved(where: str, said: str) -> str:
    bare = without_signs(said).strip().replace("-", "−")
    return moved(where, bare) if bare else ""


def html_of_signs(text: str, address: str) -> str:
    """HTML of a text with signs; pictures lie under `address`."""
    out = html.escape(text, quote=False).replace("\n", "<br>")
    out = _PICTURES.sub(lambda found: f'<img src="{address}{found.group(1)}" alt="">', out)
    for tag, (start, end) in _PAIRS.items():
        out = out.replace(start, f"<{tag}>").replace(end, f"</{tag}>")
    return _ANY.sub("", out)
