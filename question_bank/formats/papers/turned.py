"""Cards with two sides as questions: what stands on the back answers, and may begin with 答案 or Answer."""

from __future__ import annotations

import re

from question_bank.formats.json_banks.dialect_items import Item, kept
from question_bank.formats.papers.headings import cut_tags
from question_bank.formats.papers.shapes import answer_of
from question_bank.formats.papers.tails import cut_tails, tail_of

_SIDES = (("front", "back"), ("正面", "背面"), ("question", "back"), ("q", "a"))
_NUMBER = re.compile(r"\s*\d{1,4}\s*[.、．]\s*(?!\d)")


def turned(item: Item) -> Item | None:
    """The card as a question: its options stand on the front, and the back tells the answer and explains it."""
    sides = next(((item[a], item[b]) for a, b in _SIDES if isinstance(item.get(a), str) and a != b and b in item), None)
    if sides is None or not isinstance(sides[1], str):
        return None
    first, _break, below = sides[1].strip().partition("\n")
    said = answer_of(first)
    if said is None or not said.text:
        return _bare_card(item)
    answer, tails = cut_tails(said.text)
    told = [text for name, text in tails if name == "explanation"]
    behind = tail_of(below.strip())
    told += [behind[1] if behind and behind[0] == "explanation" else below.strip()] if below.strip() else []
    stem, kind, mark = cut_tags(sides[0].strip())
    return {
        **kept(item),
        "question": _NUMBER.sub("", stem, count=1) if _NUMBER.match(stem) else stem,
        "type": kind or item.get("type", ""),
        "answer": answer.rstrip("。."),
        **({"points": mark} if mark else {}),
        **({"explanation": "\n".join(told)} if told else {}),
    }


def _bare_card(item: Item) -> Item | None:
    """`{"front": "Capital of France?", "back": "Paris"}`: what is to be typed, or read by a person who marks it."""
    sides = next(((a, b) for a, b in _SIDES[:2] if a in item and b in item), None)
    if sides is None or not (item[sides[0]].strip() and item[sides[1]].strip()):
        return None
    return {**kept(item), "type": "short_answer", "question": item[sides[0]], "answer": item[sides[1]]}
