"""H5P's cards, words and orders as drafts: the fields of each as its `semantics.json` names them (h5p.org)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p.media import (
    Media,
    Params,
    attribute,
    bare,
    behaviour,
    first_text,
    listed,
    tip_of,
    unwrapped,
    wrapped,
)
from question_bank.formats.h5p.said import hints_of


def sort_paragraphs(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Paragraphs in their right order, marked by neighbours or by places."""
    items = [{"html": unwrapped(str(one))} for one in listed(params, "paragraphs")]
    content: dict[str, Any] = {"items": items}
    if behaviour(params).get("scoringMode") == "transitions":
        content["scoring"] = "adjacent_pairs"
    else:
        media.note_penalties(params)
    yield QuestionDraft("ordering", media.before(params) + first_text(params, "taskDescription"), content)


def image_sequencing(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Pictures in their right order."""
    items = []
    for one in listed(params, "sequenceImages"):
        text = attribute(str(one.get("imageDescription") or "")) if isinstance(one, dict) else ""
        items.append({"html": media.picture(one.get("image"), text) + text if isinstance(one, dict) else ""})
    yield QuestionDraft("ordering", first_text(params, "taskDescription"), {"items": items})


def image_pairs(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Pictures and the picture that belongs to each."""
    pairs = []
    for card in listed(params, "cards"):
        one = card if isinstance(card, dict) else {}
        if not isinstance(one.get("match"), dict):
            raise Refused(_("Its pictures are matched with themselves; give each card a picture of its own to match."))
        left, right = (
            media.picture(one.get(name), str(one.get(alt) or "")) or attribute(str(one.get(alt) or ""))
            for name, alt in (("image", "imageAlt"), ("match", "matchAlt"))
        )
        pairs.append({"html": left, "match_html": right})
    yield QuestionDraft("matching", first_text(params, "taskDescription"), {"pairs": pairs})


def _alternatives(text: str) -> list[str]:
    """Accepted texts, parted by `/`; `\\/` is a bare sign."""
    parts = (bare(part.replace("\\/", "/")).strip() for part in re.split(r"(?<![\\<])/", text))
    return [part for part in parts if part]


def flashcards(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each card asks for a typed answer; `/` parts alternatives. What is to be done stands above all cards."""
    task = wrapped(first_text(params, "description"))
    media.note_spelling(params)
    for card in listed(params, "cards") or listed(params, "dialogs"):
        if not isinstance(card, dict) or not any(card.get(name) for name in ("text", "answer", "image")):
            continue
        answers = [{"text": text} for text in _alternatives(str(card.get("answer") or ""))]
        alt = str(card.get("imageAltText") or "")
        stem = task + media.picture(card.get("image"), alt) + first_text(card, "text")
        yield QuestionDraft("short_answer", stem, {"answers": answers}, hints=hints_of([("", tip_of(card))]))


def crossword(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each clue asks for its word; the grid that the words make is left out."""
    task = wrapped(first_text(params, "taskDescription"))
    for word in listed(params, "words"):
        if not isinstance(word, dict) or not (word.get("clue") or word.get("answer")):
            continue
        more = word.get("extraClue")
        inner = more.get("params") if isinstance(more, dict) else None
        hint, picture = "", ""
        if isinstance(more, dict) and isinstance(inner, dict):
            hint = first_text(inner, "text")
            if str(more.get("library", "")).startswith("H5P.Image"):
                picture = media.picture(inner.get("file"), str(inner.get("alt") or ""))
            elif not hint and (inner.get("files") or inner.get("sources")):
                media.warnings.append(_("A video or sound beside the question was left out."))
        answers = [{"text": bare(first_text(word, "answer"))}]
        hints = hints_of([("", hint or picture)])
        yield QuestionDraft("short_answer", task + first_text(word, "clue"), {"answers": answers}, hints=hints)
    media.note_penalties(params)
    if text_of(str(params.get("solutionWord") or "")).strip():
        media.warnings.append(_("The word that all of them make together was left out."))
    media.warnings.append(_("The words of a crossword are asked for one by one."))


def vocabulary(params: Params, media: Media) -> Iterator[QuestionDraft | Refused]:
    """Lines `word,its translation`: `/` parts alternatives, a tip stands behind `:`."""
    task = wrapped(first_text(params, "description"))
    media.note_spelling(params)
    text = re.sub(r"<br\s*/?>|</p>|</div>", "\n", str(params.get("words") or ""))
    for line in filter(None, (bare(one).strip() for one in text.splitlines())):
        asked, comma, wanted = line.partition(",")
        word, tip = asked.partition(":")[0].strip(), wanted.partition(":")[2].strip()
        answers = [{"text": one} for one in _alternatives(wanted.partition(":")[0])]
        if not comma or not word or not answers:
            yield Refused(_("The line “%(line)s” is not a word, a comma and its translation.", line=line[:60]))
            continue
        yield QuestionDraft(
            "short_answer", task + attribute(word), {"answers": answers}, hints=hints_of([("", attribute(tip))])
        )


READERS: dict[str, Callable[[Params, Media], Iterator[QuestionDraft | Refused]]] = {
    "H5P.SortParagraphs": sort_paragraphs,
    "H5P.ImageSequencing": image_sequencing,
    "H5P.ImagePair": image_pairs,
    "H5P.Flashcards": flashcards,
    "H5P.Crossword": crossword,
    "H5P.VocabularyDrill": vocabulary,
}
