"""What stands around an H5P question and belongs to it: on its slide, above it in a column, below its solution."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p.media import Media, Params, library_in, wrapped

TEXTS = {"H5P.AdvancedText", "H5P.Text"}
SHORTEST = 40
"""Bytes of a text on a slide that say something; less is a heading, a button or where a picture is from."""


@dataclass(frozen=True)
class Around:
    """What belongs to a content: the text above it, what is said of its solution, and its slide's other contents.

    `crowded` means that several questions share what stands on the slide.
    """

    above: str = ""
    comment: str = ""
    slide: tuple[Params, ...] = ()
    crowded: bool = False


ALONE = Around()


def on_slide(elements: list[Any], readable: Collection[str]) -> tuple[Around, set[int]]:
    """What stands on a slide beside its question, and which of its elements that is."""
    beside, questions = set(), 0
    for n, element in enumerate(elements):
        action = element.get("action") if isinstance(element, dict) else None
        if not isinstance(action, dict) or "duration" in element:
            continue
        questions += library_in(action.get("library")) in readable
        if element.get("displayAsButton") is not True and _says_something(action):
            beside.add(n)
    if questions == 1:
        return Around(slide=tuple(elements[n]["action"] for n in sorted(beside))), beside
    return Around(crowded=bool(questions and beside)), set()


def _says_something(action: Params) -> bool:
    library, params = library_in(action.get("library")), action.get("params")
    if not isinstance(params, dict):
        return False
    if library == "H5P.Image":
        return params.get("decorative") is not True and isinstance(params.get("file"), dict)
    if library not in TEXTS:
        return False
    text = re.sub(r"<(h\d|a)\b.*?</\1>", "", str(params.get("text") or ""), flags=re.DOTALL)
    return len(" ".join(text_of(text).split()).encode()) >= SHORTEST


def with_around(draft: QuestionDraft, around: Around, media: Media) -> QuestionDraft:
    """A question with what stands beside it on its slide; where its own text says nothing, with the text above it."""
    draft = replace(draft, explanation_html=draft.explanation_html or around.comment)
    beside = "".join(_shown(one, media) for one in around.slide)
    if beside and not _marks_places(draft, beside):
        media.warnings.append(_("What stands beside it on its slide was put above it."))
        return replace(draft, stem_html=beside + wrapped(draft.stem_html))
    if around.crowded or beside:
        media.warnings.append(_("What stands beside it on its slide was left out."))
    if any(map(str.isalnum, text_of(draft.stem_html))):
        return draft
    if not around.above:
        media.warnings.append(_("The question has no words of its own; what stands beside it was left out."))
        return draft
    media.warnings.append(_("The question has no words of its own; the text above it was taken for them."))
    return replace(draft, stem_html=wrapped(around.above) + (draft.stem_html if "<img" in draft.stem_html else ""))


def _marks_places(draft: QuestionDraft, beside: str) -> bool:
    """Whether a text has what would be taken for a place to answer at."""
    return draft.kind in {"fill_in", "cloze", "drag_text", "select_text"} and ("___" in beside or "[[" in beside)


def _shown(action: Params, media: Media) -> str:
    params = action["params"]
    if library_in(action["library"]) in TEXTS:
        return wrapped(str(params["text"]).strip())
    picture = media.picture(params["file"], str(params.get("alt") or ""))
    return f"<p>{picture}</p>" if picture else ""
