"""GIFT questions that stand below each other without an empty line between them."""

from __future__ import annotations

import re

from question_bank.formats.gift_signs import mark_behind, truth_elsewhere
from question_bank.formats.gift_syntax import Block

_ESCAPED = re.compile(r"\\[\\~=#{}:n]")
_ONE = re.compile(r"(?P<stem>[^{}]*\S[^{}]*)\{(?P<inner>[^{}]*)\}(?P<after>[^{}\n]*)")
_ANSWERS = re.compile(r"\s*[=~#]")
_GOES_ON = re.compile(r"[\s.,;:!?)\]，。；：、？！）]*[a-zà-öø-ÿа-яё.,;:!?)\]，。；：、？！）]")
"""How a line begins that carries on the sentence above it."""


def apart(block: Block) -> list[Block]:
    """The questions of a block, each ending with its braces; the block alone where it is one question.

    A text with several gaps has braces in it, too: it has a title, or its sentences run on from line to line. What no
    gap can be (true or false, answers on lines of their own) tells questions of their own even so.
    """
    runs = _runs(block)
    if len(runs) < 2:
        return [block]
    found = [_ONE.fullmatch(_ESCAPED.sub("", "\n".join(run.lines))) for run in runs]
    if not all(one and _is_question(one) for one in found):
        return [block]
    if any(one and _is_no_gap(one["inner"]) for one in found):
        return runs
    is_text = block.lines[0].lstrip().startswith("::") or any(_GOES_ON.match(run.lines[0]) for run in runs[1:])
    return [block] if is_text else runs


def _runs(block: Block) -> list[Block]:
    """The block cut below each line on which braces are closed; one block where something is left below the last."""
    runs = [Block(id=block.id, tags=block.tags, category=block.category, below=block.below)]
    for number, line in zip(block.numbers, block.lines, strict=True):
        if runs[-1].complete:
            runs.append(Block(category=block.category))
        runs[-1].add(number, line)
    return runs if runs[-1].complete else [block]


def _is_question(found: re.Match[str]) -> bool:
    after = found["after"].partition("//")[0].strip()
    behind = after in {"", ".", "。"} or mark_behind(after) is not None
    return behind and (_ANSWERS.match(found["inner"]) is not None or _truth(found["inner"]))


def _is_no_gap(inner: str) -> bool:
    return _truth(inner) or re.search(r"^\s*[=~]", inner.partition("\n")[2], re.MULTILINE) is not None


def _truth(inner: str) -> bool:
    word = inner.partition("#")[0].strip()
    return word.upper() in {"T", "TRUE", "F", "FALSE"} or truth_elsewhere(word) is not None
