"""Answers that nobody types as they stand: sentences, counted points, and texts of options that are lost."""

from __future__ import annotations

import re

_CLAUSES = re.compile("[，；。]")
_COUNTED = re.compile(
    r"\s*(?:第[一1][^；;]{0,2}[:：,，、].{4,}[；;。\n]\s*第[二2]|①.{6,}②|1\s*[.、].{6,}[；;。\n]\s*2\s*[.、])",
    re.DOTALL,
)
"""Points that are counted, one after the other."""
_LISTED = re.compile(r"[^\n]{4,200}[:：][ \t]*\n[^\n]{2,200}\n[ \t]*[^\s]")
"""A line that ends in a colon, and points below it."""
LONGEST_TYPED = 40
"""Characters of an answer that people can be asked to type as it stands."""
SHORTEST_POINT = 5
"""Characters of each of the points that a sentence lists."""
SHORTEST_SENTENCE = 10
"""Characters from which an answer with a full stop is a sentence."""


def is_prose(answer: str) -> bool:
    """Whether an answer is a sentence of clauses, or long, or made of counted points: no two people write it alike."""
    if _COUNTED.match(answer) or _LISTED.match(answer):
        return True
    if len(answer) > LONGEST_TYPED and re.search(r"[,，]", answer) and re.search(r"[.。!！]\s*$", answer):
        return True
    parts = re.split("[;；]", answer.rstrip("。"))
    if len(parts) > 1 and answer.rstrip().endswith("。") and all(len(part) >= SHORTEST_POINT for part in parts):
        return True
    is_cut = len(answer) >= SHORTEST_SENTENCE and _CLAUSES.search(answer.rstrip("。")) is not None
    return not re.search(r"[|;；/]", answer) and (is_cut or len(answer) > LONGEST_TYPED)


_LEFT_OUT = re.compile(
    r"\s*[(（]?\s*(?:略|从略|开放题|答案不唯一|言之[有成]理"
    r"|[^。\n]{0,30}(?:言之[有成]理|合理|意思相近|意思对|符合题意)(?:即可|均可|都可)(?:得分|给分)?)\s*[)）]?\s*[。.]?\s*"
)
"""What stands for an answer that nobody wrote."""


def is_left_out(answer: str) -> bool:
    """Whether something stands for an answer that nobody wrote."""
    return _LEFT_OUT.fullmatch(answer) is not None


def is_sentence(answer: str) -> bool:
    """Whether an answer ends as a sentence does, which tells where nobody names the type."""
    return len(answer) >= SHORTEST_SENTENCE and answer.endswith("。")


_CHOOSES = re.compile(
    r"(?:下列|以下|下面).*(?:哪|正确|错误|不属于|属于|不是|的是).*[（(][\s\u3000]*[)）]|哪[一些]?[项种个].*[（(][\s\u3000]*[)）]",
    re.DOTALL,
)
_CHOOSES_SOME = re.compile(r"(?:有|包括|包含|属于|是)[:：]?\s*[（(][\s\u3000]*[)）]")


LONGEST_STEM = 400
"""Characters of a question that are looked at for what it asks."""


def lost_its_options(stem: str, answer: str) -> bool:
    """Whether a question with empty brackets asks to choose: what answers it is the text of an option, or of some."""
    stem = stem[:LONGEST_STEM]
    if re.search(r"_{2,}|＿", stem):
        return False
    is_list = len([one for one in re.split("[;；]", answer) if one.strip()]) > 1
    return _CHOOSES.search(stem) is not None or (is_list and _CHOOSES_SOME.search(stem) is not None)


_ORDERS = re.compile("排序|排列|顺序|先后|in (?:the )?(?:right |correct )?order", re.IGNORECASE)


def asks_for_order(stem: str) -> bool:
    """Whether a question asks for the order of what it lists."""
    return _ORDERS.search(stem) is not None
