r"""Signs of GIFT that should have been escaped, where nothing else can be meant: in formulas, and the # of C#."""

from __future__ import annotations

import re

_SPANS = re.compile(
    r"(?<!\\)\\\((?:(?!\n\s*\n|\\\)).){1,400}\\\)"
    r"|(?<!\\)\\\[(?:(?!\n\s*\n|\\\]).){1,400}\\\]"
    r"|(?<![\\$])\$\$(?!\$)(?:(?!\n\s*\n)[^$]){1,400}\$\$"
    r"|(?<![\\$\w])\$(?![\s$])[^$\n]{1,200}(?<![\s\\])\$(?![\d$])",
    re.DOTALL,
)
r"""What stands between \( \), \[ \], $$ $$, or $ $ close to it."""
_COMMAND = re.compile(r"\\[a-zA-Z]{2,}|[\^_]\{")
_ANSWERS = re.compile(r"(?<![\\}^_a-zA-Z])\{\s*(?:[=~#]|TRUE\}|FALSE\}|T\}|F\}|\}(?![\^_]))")
_OWN = re.compile(r"(?<!\\)([{}=~#]|\\(?=n[a-z])|\\[{}])")
_SIGNS = re.compile(r"(?<!\\)[=~#]")
_BRACES = re.compile(r"(?<!\\)\{([^{}]*)\}")
_SHARP = re.compile(r"((?<!\\)[=~]\s*[A-Z])#(?=\s*(?:[=~#\n]|\Z))")


def escaped(text: str) -> str:
    """A text with a stroke before each sign that GIFT would take for its own and that is not meant so."""
    if "\\" in text or "$" in text:
        text = _SPANS.sub(_formula, text)
    return _BRACES.sub(_sharps, text) if _SHARP.search(text) else text


def _formula(found: re.Match[str]) -> str:
    formula = found.group()
    bare = re.sub(r"\\[{}]", "", formula)
    is_one = _COMMAND.search(formula) or (formula[1] in "([$" and "{" not in bare)
    if not is_one or bare.count("{") != bare.count("}") or _ANSWERS.search(formula):
        return formula
    if "{" not in bare:
        return _SIGNS.sub(r"\\\g<0>", formula)
    return _OWN.sub(lambda one: "\\" + re.sub(r"(?<=\\)([{}])", r"\\\1", one[0]), formula)


def _sharps(found: re.Match[str]) -> str:
    """Answers in braces: one letter with # behind it is a name (C#), unless every answer has a # without feedback."""
    inner = found[1]
    sharps = len(_SHARP.findall(inner))
    is_name = 0 < sharps < len(re.findall(r"(?<!\\)[=~](?![=~])", inner))
    return "{" + _SHARP.sub(r"\1\\#", inner) + "}" if is_name else found.group()
