"""Searching the manual: the words as they stand, and pairs of characters, since Chinese is written without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from learnhub.web.help.manual import Section

MOST = 20
LONGEST_QUERY = 100
LONGEST_SENTENCE = 160
_SENTENCE = re.compile(r"[^。！？；.!?;]+(?:[。！？；]+|[.!?;]+(?=\s|$)|[.!?;]+|$)")
_WIDE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_SILENT = frozenset("a an and are can do does how i in is it my of on or the to what when where why with".split())
_SILENT_WIDE = re.compile(r"怎么|怎样|如何|什么|为什么|哪里|可以|能不能|吗|呢|的|了|我|请问")
ENOUGH = 1 / 3
"""The share of a query's pairs of characters that a section must hold."""


@dataclass(frozen=True)
class Found:
    """A section that answers, its title and the sentence with what was found marked in them."""

    section: Section
    title: Markup
    sentence: Markup
    unmet: int
    score: float


def search(query: str, sections: Iterable[Section]) -> list[Found]:
    """The sections that hold what was asked for, best first; if none holds all of it, those that hold most."""
    terms = terms_of(query)
    if not terms:
        return []
    found = [one for section in sections if (one := _look(terms, section))]
    fewest = min((one.unmet for one in found), default=0)
    return sorted((one for one in found if one.unmet == fewest), key=lambda one: -one.score)[:MOST]


def terms_of(query: str) -> list[str]:
    """What to look for: Latin words and runs of Chinese, without the words that say nothing."""
    folded = _folded(query[:LONGEST_QUERY])
    words = _WORD.findall(_SILENT_WIDE.sub(" ", folded))
    telling = [word for word in words if word not in _SILENT]
    return [word for word in telling if len(word) > 1] or telling or _WORD.findall(folded)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _look(terms: list[str], section: Section) -> Found | None:
    title, text = _folded(section.title), _folded(section.text)
    weighed = [_weigh(term, title, text, _folded(section.chapter_title)) for term in terms]
    marks = [part for _worth, parts in weighed for part in parts]
    if not marks:
        return None
    unmet = sum(not worth for worth, _parts in weighed)
    score = sum(worth for worth, _parts in weighed)
    pattern = re.compile("|".join(re.escape(one) for one in sorted(set(marks), key=len, reverse=True)), re.IGNORECASE)
    return Found(section, mark(section.title, pattern), mark(_sentence(section.text, pattern), pattern), unmet, score)


def _weigh(term: str, title: str, text: str, chapter_title: str) -> tuple[float, list[str]]:
    """How well a term is met (0: not at all), and which pieces of it to mark."""
    if term in title:
        return 8.0, [term]
    if term in text:
        return 3.0 + min(text.count(term), 4) / 4, [term]
    if term in chapter_title:
        return 2.0, [term]
    if not _WIDE.fullmatch(term) or len(term) < 3:
        return 0.0, []
    pairs = [term[at : at + 2] for at in range(len(term) - 1)]
    met = [pair for pair in pairs if pair in title or pair in text]
    share = len(met) / len(pairs)
    in_title = sum(pair in title for pair in met) / len(pairs)
    return (2 * share + 4 * in_title, met) if share >= ENOUGH else (0.0, [])


def _sentence(text: str, pattern: re.Pattern[str]) -> str:
    """The sentence that holds most of what was asked for; the first one when only the title does."""
    sentences: list[str] = [one.strip() for one in _SENTENCE.findall(text) if one.strip()] or [text]
    best = max(sentences, key=lambda one: len({hit.casefold() for hit in pattern.findall(one)}))
    if len(best) <= LONGEST_SENTENCE:
        return best
    hit = pattern.search(best)
    start = max(0, (hit.start() if hit else 0) - LONGEST_SENTENCE // 3)
    return ("…" if start else "") + best[start : start + LONGEST_SENTENCE].strip() + "…"


def mark(text: str, pattern: re.Pattern[str]) -> Markup:
    """The text as HTML, with every hit in a mark element; hits that touch share one."""
    parts: list[Markup] = []
    at = 0
    for start, end in _joined([hit.span() for hit in pattern.finditer(text)]):
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
