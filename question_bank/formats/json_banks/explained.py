"""How a JSON file counts its options, where only the explanations show it: they say again what is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import folded
from question_bank.formats.json_banks.dialect_items import INDEX, Item
from question_bank.formats.json_banks.json_fields import texts_of
from question_bank.formats.json_banks.option_lists import options_of_json
from question_bank.formats.sheets.columns import columns_of

ENOUGH = 2
"""Explanations that have to agree."""
MOST, AHEAD = 0.6, 0.3
"""Share of an option that an explanation has to say again, and how far the next one has to be behind it."""


def first_index_explained(items: Sequence[Item]) -> int | None:
    """0 or 1: from where the answers count, so that they name the options that the explanations repeat.

    None where fewer than two explanations show it, or where more than one in ten of them show anything else.
    """
    votes: dict[int, int] = {}
    for item in items:
        answer, texts, why = _parts(item)
        named = _repeated(texts, why) if type(answer) is int and len(texts) > 1 and why else None
        if named is not None and str(answer) not in texts:
            votes[int(answer) - named] = votes.get(int(answer) - named, 0) + 1
    base = max(votes, key=votes.__getitem__, default=None)
    if base not in (0, 1) or votes[base] < ENOUGH or 10 * (sum(votes.values()) - votes[base]) > votes[base]:
        return None
    return base


def _parts(item: Item) -> tuple[Any, list[str], str]:
    """The answer, the texts of the options, and the explanation of a question."""
    columns = columns_of([str(name) for name in item])
    if columns is None or "options" not in columns.fields or "explanation" not in columns.fields:
        return None, [], ""
    values = list(item.values())
    answer = item.get(INDEX, values[columns.fields["answer"]] if "answer" in columns.fields else None)
    answer = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
    options = values[columns.fields["options"]]
    texts = list(options_of_json(options).values()) if isinstance(options, list) else []
    return answer, texts, texts_of(values[columns.fields["explanation"]])


def _repeated(texts: Sequence[str], why: str) -> int | None:
    """Which option an explanation says again; None unless it is one alone."""
    shares = [_share(folded(text), folded(why)) for text in texts]
    best = max(range(len(shares)), key=shares.__getitem__)
    next_best = max(share for n, share in enumerate(shares) if n != best)
    return best if shares[best] >= MOST and shares[best] - next_best >= AHEAD else None


def _share(text: str, why: str) -> float:
    """How much of a text stands in another one, by its pairs of characters; numbers and words stand whole or not."""
    if re.fullmatch(r"[\w.%+-]*", text, re.ASCII):
        return float(bool(text) and re.search(rf"(?<![\w.]){re.escape(text)}(?![\w]|\.\d)", why, re.ASCII) is not None)
    pairs = {text[at : at + 2] for at in range(len(text) - 1)} or {text}
    return sum(pair in why for pair in pairs) / len(pairs)
