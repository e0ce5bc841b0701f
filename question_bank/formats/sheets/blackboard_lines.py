"""The file that Blackboard's teachers upload: a question in each line, its type first, fields between tabs, no head.

`MC  Which barks?  cat  incorrect  dog  correct`
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.rows import Row

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KINDS = {
    "MC": "single_choice",
    "MA": "multiple_choice",
    "TF": "true_false",
    "FIB": "short_answer",
    "FIB_PLUS": "fill_in",
    "ESS": "essay",
    "SR": "essay",
    "ORD": "ordering",
    "MAT": "matching",
    "NUM": "numerical",
    "FIL": "file_upload",
}
_NEVER_READ = {"OP", "JUMBLED_SENTENCE", "QUIZ_BOWL"}
_VERDICTS = {"correct", "incorrect"}
_VARIABLE = re.compile(r"\[\s*(\w+)\s*\]")
PAIR = " → "
_NEARLY_ALL = 0.8
"""The share of lines that must have the form; the others are refused one by one."""


def looks_like(text: str) -> bool:
    """Whether nearly all lines have the form of their type, and several do or one has a verdict."""
    lines = [_fields(line) for line in text.lstrip("\ufeff").split("\n", 200)[:200] if line.strip()]
    fitting = [line for line in lines if _fits(line)]
    is_sure = len(fitting) > 1 or any(line[0] in {"MC", "MA", "TF"} for line in fitting)
    return is_sure and len(fitting) >= _NEARLY_ALL * len(lines)


def _fits(line: Sequence[str]) -> bool:
    if len(line) < 2 or line[0] not in {*_KINDS, *_NEVER_READ}:
        return False
    if line[0] in {"MC", "MA"}:
        return len(line) > 3 and {one.casefold() for one in line[3::2] if one} <= _VERDICTS
    return line[0] != "TF" or (len(line) > 2 and line[2].casefold() in {"true", "false"})


def rows_of(text: str) -> list[tuple[str, Callable[[], Row]]]:
    """For each question its place, and what makes its row; that refuses what can't be read."""
    lines = text.lstrip("\ufeff").splitlines()
    return [(f"line {n}", _reader(f"line {n}", _fields(line))) for n, line in enumerate(lines, 1) if line.strip()]


def _reader(where: str, fields: Sequence[str]) -> Callable[[], Row]:
    return lambda: _row(where, fields[0], fields[1], list(fields[2:]))


def _fields(line: str) -> list[str]:
    fields = [field.strip().removeprefix('"').removesuffix('"').replace('""', '"') for field in line.split("\t")]
    return [fields[0].upper(), *fields[1:]]


def _row(where: str, code: str, stem: str, said: list[str]) -> Row:
    if code not in _KINDS:
        raise Refused(_("The type %(name)s is not known.", name=code[:40]))
    while said and not said[-1]:
        said.pop()
    row = Row(where, stem, _KINDS[code])
    if code in {"MC", "MA"}:
        row.options, row.flags = _choices(said)
    elif code in {"ORD", "FIB"}:
        row.options = dict(zip(LETTERS, said, strict=False))
    elif code == "MAT":
        sides = zip(said[::2], said[1::2], strict=False)
        row.options = {letter: PAIR.join(pair) for letter, pair in zip(LETTERS, sides, strict=False)}
    elif code == "NUM":
        row.answer = "±".join(said[:2])
    elif code == "FIB_PLUS":
        row.stem, row.blank_answers = _variables(stem, said)
    else:
        row.answer = said[0] if said else ""
    return row


def _choices(said: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    texts, verdicts = said[::2], [one.casefold() for one in said[1::2]]
    if len(texts) != len(verdicts) or not set(verdicts) <= _VERDICTS:
        raise Refused(_("Not every option is followed by correct or incorrect."))
    options = dict(zip(LETTERS, texts, strict=False))
    return options, [letter for letter, verdict in zip(options, verdicts, strict=False) if verdict == "correct"]


def _variables(stem: str, said: Sequence[str]) -> tuple[str, list[str]]:
    """The stem with a blank for each variable, and the accepted texts of each; an empty field parts two variables."""
    accepted: dict[str, list[str]] = {}
    name = ""
    for field in said:
        if not field:
            name = ""
        elif not name:
            name = field
            accepted[name] = []
        else:
            accepted[name].append(field)
    shown = _VARIABLE.findall(stem)
    if sorted(shown) != sorted(accepted) or not all(accepted.values()):
        raise Refused(_("The blanks of the text and the answers do not fit each other."))
    return _VARIABLE.sub("____", stem), [json.dumps(accepted[name], ensure_ascii=False) for name in shown]
