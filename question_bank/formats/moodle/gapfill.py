"""Moodle's gap fill: a text with its answers in brackets, typed, or chosen from words that are shown."""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.moodle.texts import Texts, is_true, value_of
from question_bank.fractions import from_percent
from question_bank.kinds.fill_in import LARGEST_GROUP

PATTERNS = _("its answers are patterns, which are not marked here.")
"""Why a question of patterns is refused."""
_PATTERN = re.compile(r"[*+?^$()\[\]{}\\]|\.[*+?]|^!$")


def gap_fill(question: Element, texts: Texts) -> tuple[str, dict[str, Any], str]:
    """A fill-in, or words to drag where each gap has one word of those shown."""
    signs = value_of(question, "delimitchars", "[]")
    if len(signs) != 2:
        raise Refused(_("The text has no gap."))
    gap = re.compile(f"{re.escape(signs[0])}([^{re.escape(signs)}]+){re.escape(signs[1])}")
    stem = texts.html(question.find("questiontext"))
    patterns = not is_true(value_of(question, "disableregex", "0"))
    gaps = [_accepted(inside, patterns=patterns) for inside in gap.findall(stem)]
    if not gaps:
        raise Refused(_("The text has no gap."))
    if is_true(value_of(question, "casesensitive", "0")):
        texts.lose("case")
    once = is_true(value_of(question, "noduplicates", "0"))
    if value_of(question, "answerdisplay", "gapfill").casefold() in {"dragdrop", "dropdown"}:
        return _words_shown(question, texts, gap.split(stem)[::2], gaps)
    blanks, groups = _blanks(gaps, once=once)
    more = {"unordered": groups} if groups else {}
    return "fill_in", {"blanks": [{"answers": one} for one in blanks], **more}, gap.sub("____", stem)


def _accepted(inside: str, *, patterns: bool) -> list[str]:
    found = text_of(inside)
    texts = [part.strip() for part in (found.split("|") if patterns else [found]) if part.strip()]
    if patterns and any(_PATTERN.search(text) for text in texts):
        raise Refused(_("A question of the type %(type)s: %(why)s", type="gapfill", why=PATTERNS))
    return texts


def _blanks(gaps: list[list[str]], *, once: bool) -> tuple[list[list[dict[str, str]]], list[list[int]]]:
    """The answers of each blank; gaps with the same words, each of which counts once, stand in any order."""
    same: dict[tuple[str, ...], list[int]] = {}
    for number, words in enumerate(gaps):
        same.setdefault(tuple(words), []).append(number)
    blanks = [[{"text": word} for word in words] for words in gaps]
    groups = []
    for alike, numbers in same.items():
        if not once or len(numbers) < 2:
            continue
        if len(alike) != len(numbers) or len(numbers) > LARGEST_GROUP:
            raise Refused(_("Each word counts once there; here that needs as many words as gaps."))
        for number, word in zip(numbers, alike, strict=True):
            blanks[number] = [{"text": word}]
        groups.append(numbers)
    return blanks, groups


def _is_wrong(answer: Element) -> bool:
    return from_percent(answer.get("fraction", "0").strip() or "0") <= 0


def _words_shown(
    question: Element, texts: Texts, around: list[str], gaps: list[list[str]]
) -> tuple[str, dict[str, Any], str]:
    if any(len(words) != 1 for words in gaps):
        raise Refused(_("A gap has no choice that belongs there, or several."))
    more = [text_of(texts.raw(one)) for one in question.findall("answer") if _is_wrong(one)]
    words = list(dict.fromkeys([words[0] for words in gaps] + [word for word in more if word]))
    choices = [{"html": html.escape(word, quote=False), "group": 1, "unlimited": True} for word in words]
    stem = around[0] + "".join(f"[[{number}]]{text}" for number, text in enumerate(around[1:], 1))
    return "drag_text", {"choices": choices, "gaps": [words.index(one[0]) for one in gaps]}, stem
