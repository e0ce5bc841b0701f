"""Signs in typed answers that carry a meaning: raised and lowered digits, brackets of intervals, primes, factorials.

Not every keyboard has them, so a sign may be missing on one side: m2 is m² and H2O is H₂O. Two different signs at the
same place are never the same: x² is not x₂, [1,2] is not (1,2), 5 mW is not 5 MW.
"""

from __future__ import annotations

import re
import unicodedata

_SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUB = "₀₁₂₃₄₅₆₇₈₉"
_RAISED_BEHIND_NUMBER = re.compile(rf"(?<=[0-9)）])([{_SUPER}]+|[⁻⁺][{_SUPER}]+)")
_LOWERED_BEHIND_NUMBER = re.compile(rf"(?<=[0-9])([{_SUB}]+)")
_BEHIND_LETTER = re.compile(rf"(?<=[^\W\d_])([{_SUPER}]+|[⁻⁺][{_SUPER}]+|[{_SUB}]+)([⁺⁻]?)(?=([0-9])?)")

_RAISED, _LOWERED, _MEGA, _MILLI = "\ue010\ue011\ue012\ue013"
_BRACKETS = dict(zip("([{)]}", "\ue014\ue015\ue016\ue017\ue018\ue019", strict=True))
_SIGNS = "".join((_RAISED, _LOWERED, _MEGA, _MILLI, *_BRACKETS.values()))
_WITHOUT = str.maketrans("", "", _SIGNS)
_SPELLED = str.maketrans({_RAISED: "^"} | dict.fromkeys(_SIGNS.replace(_RAISED, "")))

_PREFIX = re.compile(r"(?<=[0-9])(\s*)([mM])(?=(?:Wh?|V|J|Pa|Ω|Ω)(?![A-Za-z]))")
_AT_BOUND = r"\s*[+-]?[0-9a-z.∞π√/]{1,20}\s*"
_TUPLE = re.compile(rf"([(\[{{])({_AT_BOUND}(?:,{_AT_BOUND}){{1,9}})([)\]}}])", re.ASCII)
_APPLIED = re.compile(r"(?<![a-z])[a-z][(\[][\x20-\x7e]+[)\]]")
_PRIMES = re.compile(r"""(?:(?<=(?<![a-z'])[a-z])|(?<=[0-9)]))('{1,3}|")(?![a-z0-9'"])|(?<=[0-9])'(?=[0-9]+")""")
_FACTORIAL = re.compile(r"(?:(?<=(?<![a-z])[a-z])|(?<=[0-9)]))!(?![!?])|!(?==)")
_KEPT_FACTORIAL = "ǃ"


def marked(text: str) -> str:
    """The text as it was typed, with signs in the place of raised and lowered digits and of prefixes of units.

    Behind a number raised digits are a power that nobody can leave out (10² is not 102); behind a letter they can be.
    """
    text = _PREFIX.sub(lambda found: found[1] + (_MEGA if found[2] == "M" else _MILLI) + "m", text.translate(_WITHOUT))
    text = _BEHIND_LETTER.sub(_behind_letter, text)
    return _LOWERED_BEHIND_NUMBER.sub(r"_\1", _RAISED_BEHIND_NUMBER.sub(r"^\1", text))


def _behind_letter(found: re.Match[str]) -> str:
    digits, charge = unicodedata.normalize("NFKC", found[1]), unicodedata.normalize("NFKC", found[2])
    is_lowered = found[1][0] in _SUB
    if found[3] and not charge:
        return f"{'_' if is_lowered else '^'}{digits} "
    return f"{_LOWERED if is_lowered else _RAISED}{digits}{charge}".replace("−", "-")


def kept(text: str) -> str:
    """The text in small letters and narrow signs, with primes, factorials and the brackets of intervals kept apart
    from quotation marks, exclamation marks and brackets that only set something off."""
    text = _PRIMES.sub(_prime, text)
    text = _FACTORIAL.sub(_KEPT_FACTORIAL, text)
    return _TUPLE.sub(lambda found: _BRACKETS[found[1]] + found[2] + _BRACKETS[found[3]], text)


def _prime(found: re.Match[str]) -> str:
    """Primes, unless the sign closes what another one before it opened."""
    sign, before = found.group(), found.string[: found.start()]
    if sign[0] in before and not (sign == '"' and "'" in before and '"' not in before):
        return sign
    return "′′" if sign == '"' else "′" * len(sign)


def is_applied(text: str) -> bool:
    """Whether brackets stand behind a letter alone, as in f(1) and x[1]: they mean something there."""
    return _APPLIED.search(text) is not None


def without_signs(text: str) -> str:
    """The text as somebody types it who has none of the signs."""
    return text.translate(_WITHOUT)


def agree(one: str, other: str) -> bool:
    """Whether two folded texts are the same: what is typed is equal, and so are signs that both have at a place."""
    if without_signs(one) != without_signs(other):
        return one.translate(_SPELLED) == other.translate(_SPELLED)
    signs = _by_place(other)
    return all(signs.get(place, sign) == sign for place, sign in _by_place(one).items())


def _by_place(text: str) -> dict[int, str]:
    """The sign before each character that has one, by the place of the character without signs."""
    found: dict[int, str] = {}
    place = 0
    for c in text:
        if c in _SIGNS:
            found[place] = found.get(place, "") + c
        else:
            place += 1
    return found
