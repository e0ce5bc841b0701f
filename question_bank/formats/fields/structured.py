"""Orders and pairs as files write them: items with letters or signs, sides with an arrow, answers such as `C→A→B`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import LARGEST_MARK, QuestionDraft
from question_bank.formats.fields.answers import letters_in
from question_bank.formats.papers.shapes import narrow
from question_bank.formats.rich_text import html_of
from question_bank.fractions import decimal

ARROW = " → "
"""Between the sides of a pair as we write it; also between items in their right order."""
_SIDES = ("→", "⇒", "=>", "->", "===", "==", "|||", "||", "|", "——", "—", "--", "＝", "=", "：", ":", "-")
_STEPS = re.compile(r"\s*(?:→|⇒|->|=>|>|＞|—|–|-|,|，|、|;|；|\||/|\n|\s)\s*")
_STRONG = re.compile(r"\s*(?:→|⇒|->|=>|＞|>|\|)\s*|\n")
_CIRCLED = re.compile(r"[①-⑳]")
_NUMBERED = re.compile(r"(?:^|(?<=[\s;；,，、。：:]))(?:[(（](\d{1,2})[)）]|(\d{1,2})[.、．)）](?!\d))")


def order_of(stem: str, options: dict[str, str], answer: str) -> tuple[str, list[str]]:
    """The stem, and the items in their right order. Without an answer the options stand in their right order.

    Items may also stand in the stem (`①… ②…`), or in the answer itself, from first to last.
    """
    if not options and (listed := _listed(stem)):
        stem, options = listed
    if options:
        order = _named(answer, options) if answer else list(options)
        if sorted(order) != sorted(options):
            raise Refused(_("The answer %(answer)s does not name each item of the order once.", answer=answer[:60]))
        return stem, [options[name] for name in order]
    items = [item.strip() for item in _STRONG.split(answer) if item.strip()]
    if len(items) < 2:
        items = [item.strip() for item in re.split(r"[;；]", answer) if item.strip()]
    if len(items) < 2:
        raise Refused(_("The items to put in order are not there."))
    return stem, items


def _named(answer: str, options: dict[str, str]) -> list[str]:
    letters = letters_in(answer)
    if letters is not None:
        return letters
    thin = unicodedata.normalize("NFKC", answer).upper() if not _CIRCLED.search(answer) else answer
    if _CIRCLED.search(answer):
        return _CIRCLED.findall(answer)
    parts = [part for part in _STEPS.split(thin.strip(" 。.")) if part]
    if len(parts) == 1 and thin.strip().isdigit():
        parts = list(thin.strip())
    names = list(options)
    found = []
    for part in parts:
        bare = part.strip("()（） .")
        if bare in options:
            found.append(bare)
        elif bare.isdigit() and 1 <= int(bare) <= len(names):
            found.append(names[int(bare) - 1])
        else:
            found += [name for name, text in options.items() if folded(text) == folded(part)]
    if sorted(found) != sorted(options):
        whole = [part.strip() for part in _STRONG.split(answer) if part.strip()]
        found = [name for part in whole for name, text in options.items() if folded(text) == folded(part)]
    return found


def _listed(stem: str) -> tuple[str, dict[str, str]] | None:
    """`①甲 ②乙 ③丙` in the stem: what stands before, and the items by their signs."""
    marks = list(_CIRCLED.finditer(stem))
    names = [mark.group() for mark in marks]
    if len(names) < 2 or names != [chr(0x2460 + n) for n in range(len(names))]:
        marks = list(_NUMBERED.finditer(stem))
        names = [mark.group(1) or mark.group(2) for mark in marks]
        if len(names) < 2 or names != [str(n) for n in range(1, len(names) + 1)]:
            return None
    ends = [mark.start() for mark in marks[1:]] + [len(stem)]
    texts = [stem[mark.end() : end].strip(" \t\n\u3000;；,，。、") for mark, end in zip(marks, ends, strict=True)]
    head = stem[: marks[0].start()].strip()
    return (head, dict(zip(names, texts, strict=True))) if head and all(texts) else None


def ordering(stem: str, options: dict[str, str], answer: str) -> tuple[str, dict[str, Any]]:
    """The stem and the content of an ordering question."""
    stem, items = order_of(stem, options, answer)
    return stem, {"items": [{"html": html_of(item, "auto")} for item in items]}


_PAIR = re.compile(r"([A-Z]|[①-⑳]|[(]?\d{1,2}[)]?)\s*[-—–→:=>~]{0,3}\s*([A-Za-z]|[①-⑳]|[(]?\d{1,2}[)]?)")
_PAIR_MARK = re.compile(r"\s*(?:→|⇒|->|=>|——|—|–|-|:|：|=|＝)\s*")


def matching(stem: str, options: dict[str, str], answer: str) -> tuple[str, dict[str, Any]]:
    """The stem and the content of a matching question; an option without a left side belongs to nothing.

    Sides stand in the options (`甲 → 乙`), or the left ones in the options and the right ones numbered in the stem (or
    the other way round) with an answer such as `A-2；B-1`, or both in the answer (`甲-乙；丙-丁`).
    """
    pairs, others = _sides(list(options.values())) if options and not answer else ([], [])
    if not pairs and answer:
        stem, pairs, others = _by_answer(stem, options, answer)
    if not pairs:
        raise Refused(_("The pairs can't be told: write each as left → right."))
    content: dict[str, Any] = {
        "pairs": [{"html": html_of(left, "auto"), "match_html": html_of(right, "auto")} for left, right in pairs]
    }
    if others:
        content["distractors"] = [{"html": html_of(text, "auto")} for text in others]
    return stem, content


def _sides(texts: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Pairs cut at the first sign that all texts have just once; those without a left side apart."""
    for sign in _SIDES:
        if all(text.count(sign) == 1 for text in texts):
            cut = [tuple(side.strip() for side in text.split(sign)) for text in texts]
            if all(right for _left, right in cut):
                return [(left, right) for left, right in cut if left], [right for left, right in cut if not left]
    return [], []


_BESIDE = re.compile(r"(.+?)(?:\s{2,}|\t)\s*([①-⑳]|[(（]?\d{1,2}[)）.．、])\s*(\S.*)")


def _two_columns(options: dict[str, str]) -> tuple[dict[str, str], dict[str, str]] | None:
    """Left and right sides of `A. 鲁迅    ①《家》`, where every line has both, far apart; None otherwise."""
    found = {letter: _BESIDE.fullmatch(text) for letter, text in options.items()}
    if not all(found.values()):
        return None
    lefts = {letter: mark.group(1).strip() for letter, mark in found.items() if mark}
    rights = {mark.group(2).strip("()（）.．、"): mark.group(3).strip() for mark in found.values() if mark}
    return (lefts, rights) if len(rights) == len(lefts) else None


def _by_answer(stem: str, options: dict[str, str], answer: str) -> tuple[str, list[tuple[str, str]], list[str]]:
    listed = _listed(stem)
    last = list(options)[-1] if options else ""
    if options and not listed and (behind := _listed(options[last])):
        options, listed = {**options, last: behind[0].rstrip(" ;；,，。")}, (stem, behind[1])
    if options and not listed and (columns := _two_columns(options)):
        options, right = columns
        listed = stem, right
    thin = narrow(answer).strip()
    named = _PAIR.findall(thin)
    rest = _PAIR.sub("", thin).strip(" ,;、|。.\n，；")
    if options and listed and named and not rest:
        head, numbered = listed
        left_is_option = named[0][0] in options
        lefts, rights = (options, numbered) if left_is_option else (numbered, options)
        pairs = [(lefts[_in(a, lefts)], rights[_in(b, rights)]) for a, b in named]
        if len({a for a, _b in named}) != len(lefts):
            raise Refused(_("The answer %(answer)s does not name each left side once.", answer=answer[:60]))
        used = {_in(b, rights) for _a, b in named}
        return head, pairs, [text for name, text in rights.items() if name not in used]
    pieces = [piece.strip() for piece in re.split(r"[;；\n|]", answer) if piece.strip()]
    if len(pieces) < 2:
        pieces = [piece.strip() for piece in re.split(r"[,，、]", answer) if piece.strip()]
    cut = [_PAIR_MARK.split(piece) for piece in pieces]
    if len(pieces) < 2 or not all(len(sides) == 2 and all(sides) for sides in cut) or (named and not rest):
        raise Refused(_("The pairs can't be told: write each as left → right."))
    if options and all(right.strip().upper() in options for _left, right in cut):
        raise Refused(_("The pairs can't be told: write each as left → right."))
    return stem, [(sides[0], sides[1]) for sides in cut], []


def _in(name: str, sides: dict[str, str]) -> str:
    bare = name.strip("()").upper()
    if bare in sides:
        return bare
    names = list(sides)
    at = int(unicodedata.numeric(bare)) if bare.isdigit() or _CIRCLED.fullmatch(bare) else ord(bare[0]) - 64
    if 1 <= at <= len(names):
        return names[at - 1]
    raise Refused(_("The answer names %(name)s, which is not there.", name=name))


def case_of(stem_html: str, drafts: Sequence[QuestionDraft], where: str) -> QuestionDraft:
    """A text and clean drafts of questions about it as one case; their explanations stand one below the other."""
    told = [f"({n}) {draft.explanation_html}" for n, draft in enumerate(drafts, 1) if draft.explanation_html]
    questions = [
        {"kind": draft.kind, "stem_html": draft.stem_html, "mark": draft.mark, "content": draft.content}
        for draft in drafts
    ]
    rests_on = next((draft for draft in drafts if draft.source), None)
    return QuestionDraft(
        kind="case",
        stem_html=stem_html,
        content={"questions": questions},
        mark=min(sum(draft.mark for draft in drafts), LARGEST_MARK),
        category=drafts[0].category if drafts else "",
        tags=tuple(dict.fromkeys(tag for draft in drafts for tag in draft.tags)),
        difficulty=max((draft.difficulty for draft in drafts), default=3),
        explanation_html="<br>".join(told),
        where=where,
        source=rests_on.source if rests_on else "",
        clause=rests_on.clause if rests_on else "",
    )


_NUMBER = r"([+-]?\d+(?:\.\d+)?)"


def numerical(answer: str) -> dict[str, Any]:
    """A number, one with its tolerance, or a range."""
    text = unicodedata.normalize("NFKC", answer).replace("−", "-").strip()
    if found := re.fullmatch(rf"{_NUMBER}\s*(?:±|\+-|:)\s*{_NUMBER}", text):
        return {"answers": [{"value": found.group(1), "tolerance": found.group(2)}]}
    if found := re.fullmatch(rf"{_NUMBER}\s*(?:~|\.\.|…|至|到)\s*{_NUMBER}", text):
        return {"answers": [{"low": found.group(1), "high": found.group(2)}]}
    return {"answers": [{"value": format(decimal(text), "f"), "tolerance": "0"}]}
