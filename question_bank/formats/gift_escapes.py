r"""Signs of GIFT that should have been escaped, where nothing else can be meant: in formulas, code and names (C#)."""

from __future__ import annotations

import re

from question_bank.formats.gift_signs import MOST_LINES

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
_BRACES = re.compile(r"(?<!\\)\{((?:\\.|[^{}\\])*)\}", re.DOTALL)
_BRACE = re.compile(r"(?<!\\)[{}]")
_ANSWERS_OR_GAP = re.compile(r"\{\s*(?:[=~#%]|\d*:[A-Z]|(?:T|F|TRUE|FALSE)\s*[#}])", re.IGNORECASE)
_TEXT_AT = re.compile(
    r"(?P<mark>(?<!\\)[=~][ \t]*(?:%[-\d.,]+%[ \t]*)?)#(?=(?:include|define)\b|[\w-]+[ \t]*(?:$|[~=#<{;,.:>\[]))"
    r"|(?P<rule>:[ ])#(?=(?:[\da-fA-F]{3}){1,2}\b)",
    re.MULTILINE,
)
"""A # that begins an answer, or a colour in a rule of CSS."""
_LETTER_TOLD = re.compile(r"(?<!\\)[=~]\s*[A-Z]#[^\S\n]*[^\s=~#]")
"""`B#Right!`: an option that is a letter, with its feedback."""
_SHARP = re.compile(r"((?<!\\)[=~]\s*[A-Z])#(?=\s*(?:[=~#\n]|\Z))")


def escaped(text: str) -> str:
    """A text with a stroke before each sign that GIFT would take for its own and that is not meant so."""
    if "\\" in text or "$" in text:
        text = _SPANS.sub(_formula, text)
    if "{" in text:
        text = _around_lines(text)
    return _BRACES.sub(_sharps, text) if "#" in text else text


def _formula(found: re.Match[str]) -> str:
    formula = found.group()
    bare = re.sub(r"\\[{}]", "", formula)
    is_one = _COMMAND.search(formula) or (formula[:2] in {r"\(", r"\[", "$$"} and "{" not in bare)
    if not is_one or bare.count("{") != bare.count("}") or _ANSWERS.search(formula):
        return formula
    if "{" not in bare:
        return _SIGNS.sub(r"\\\g<0>", formula)
    return _OWN.sub(lambda one: "\\" + re.sub(r"(?<=\\)([{}])", r"\\\1", one[0]), formula)


def _sharps(found: re.Match[str]) -> str:
    """Answers in braces: # belongs to a colour, to a text that begins with it, and to a letter before it (C#).

    To that it does not where every answer has a # without feedback, or another letter has feedback behind it.
    """
    inner = found[1]
    if inner.lstrip().startswith("#"):
        return found.group()
    sharps = len(_SHARP.findall(inner))
    if not _LETTER_TOLD.search(inner) and 0 < sharps < len(re.findall(r"(?<!\\)[=~](?![=~])", inner)):
        inner = _SHARP.sub(r"\1\\#", inner)
    return "{" + _TEXT_AT.sub(lambda one: f"{one['mark'] or one['rule']}\\#", inner) + "}"


def _around_lines(text: str) -> str:
    """Braces of code, in answers on lines of their own between { and }, and in the text above them."""
    lines, least = text.split("\n"), 0
    for at, line in enumerate(lines):
        closing = _closing(lines, at) if re.search(r"(?<!\\)\{\s*$", line) else 0
        if not closing:
            continue
        for n in range(at + 1, closing):
            if _is_balanced(lines[n]):
                lines[n] = _BRACE.sub(r"\\\g<0>", lines[n])
        begin, least = max(_beginning(lines, at), least), closing + 1
        opening = line.rindex("{")
        stem = "\n".join([*lines[begin:at], line[:opening]])
        if _is_code(stem):
            lines[begin : at + 1] = (_BRACE.sub(r"\\\g<0>", stem) + line[opening:]).split("\n")
    return "\n".join(lines)


def _closing(lines: list[str], at: int) -> int:
    """The line that closes the braces opened on a line, where only answers stand between them; 0 where none does."""
    answers = 0
    for n in range(at + 1, min(at + MOST_LINES, len(lines))):
        line = lines[n].strip()
        if line.startswith("}"):
            return n if answers else 0
        if line and not line.startswith(("=", "~", "#", "//")):
            return 0
        answers += line.startswith(("=", "~"))
    return 0


def _beginning(lines: list[str], at: int) -> int:
    """The first line of the text above: below an empty line, or a title."""
    for n in range(at, max(at - MOST_LINES, 0), -1):
        if lines[n].lstrip().startswith("::") or not lines[n - 1].strip():
            return n
    return 0


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _is_code(stem: str) -> bool:
    """Whether the braces of a text are those of a program: pairs with signs of one between them, or nothing."""
    if not _BRACE.search(stem) or not _is_balanced(stem) or _ANSWERS_OR_GAP.search(stem):
        return False
    inside = re.findall(r"\{([^{}]*)\}", stem)
    return all(not one.strip() or re.search(r"[;,()\[\]\"'<>]", one) for one in inside)
