"""H5P's Drag and Drop: things that belong to places in a picture, as a matching where the places have names.

Fields as in its `semantics.json` (h5p.org): `question.task.elements`, each of a type of its own, and
`question.task.dropZones`, whose `correctElements` are numbers of elements, written as texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p_kinds import Media, Params, unwrapped
from question_bank.formats.h5p_said import hints_of


def drag_question(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each thing is matched with its place, or, where some belong nowhere, each place with its thing."""
    question = params.get("question")
    question = question if isinstance(question, dict) else {}
    task, settings = question.get("task"), question.get("settings")
    task, settings = (one if isinstance(one, dict) else {} for one in (task, settings))
    elements = [_shown(one, media) for one in task.get("elements") or []]
    zones = [one for one in task.get("dropZones") or [] if isinstance(one, dict)]
    names = [unwrapped(str(zone.get("label") or "")) for zone in zones]
    if not elements or not zones:
        raise Refused(_("There is nothing to drag, or no place for it."))
    if not all(text_of(name).strip() for name in names):
        raise Refused(_("Its places are told apart by the picture alone; name each of them in a label."))
    right = [[int(one) for one in zone.get("correctElements") or []] for zone in zones]
    behaviour = params.get("behaviour")
    if isinstance(behaviour, dict) and behaviour.get("singlePoint") is True:
        media.warnings.append(
            _("It gives its one point only when all is right. So do quizzes, unless they are set to give a part.")
        )
    background = media.picture(settings.get("background"))
    title = str(settings.get("questionTitle") or "")
    stem = media.before(params) + (f"<p>{background}</p>" if background else "") + title
    hints = hints_of([(name, _tip(zone, media)) for name, zone in zip(names, zones, strict=True)])
    yield QuestionDraft("matching", stem or _title(params), _pairs(elements, names, right), hints=hints)


def _tip(zone: Params, media: Media) -> str:
    told = zone.get("tipsAndFeedback")
    told = told if isinstance(told, dict) else zone
    if str(told.get("feedbackOnCorrect") or "").strip() or str(told.get("feedbackOnIncorrect") or "").strip():
        media.warnings.append(_("Feedback on single places was left out."))
    return unwrapped(str(told.get("tip") or ""))


def _title(params: Params) -> str:
    about = params.get("metadata")
    named = about.get("title") if isinstance(about, dict) else ""
    return str(named or "").strip() or "Drag each item to its place."


def _shown(element: Any, media: Media) -> str:
    """The HTML of a thing that is dragged: a text or a picture."""
    kind = element.get("type") if isinstance(element, dict) else None
    inner = kind.get("params") if isinstance(kind, dict) else None
    if not isinstance(kind, dict) or not isinstance(inner, dict):
        raise Refused(_("There is nothing to drag, or no place for it."))
    if str(kind.get("library", "")).startswith("H5P.Image"):
        return media.picture(inner.get("file"), str(inner.get("alt") or "")) or str(inner.get("alt") or "")
    return unwrapped(str(inner.get("text") or ""))


def _pairs(elements: list[str], names: list[str], right: list[list[int]]) -> dict[str, Any]:
    places: dict[int, list[int]] = {}
    for zone, inside in enumerate(right):
        for at in inside:
            if not 0 <= at < len(elements):
                raise Refused(_("A place names a thing that is not there."))
            places.setdefault(at, []).append(zone)
    if all(len(places.get(at, [])) == 1 for at in range(len(elements))):
        pairs = [(elements[at], names[places[at][0]]) for at in range(len(elements))]
        others = [name for zone, name in enumerate(names) if not right[zone]]
    elif all(len(inside) == 1 for inside in right) and all(len(zones) == 1 for zones in places.values()):
        pairs = [(name, elements[inside[0]]) for name, inside in zip(names, right, strict=True)]
        others = [text for at, text in enumerate(elements) if at not in places]
    else:
        raise Refused(_("A thing belongs to several places, or to none; a matching can't ask that."))
    return {
        "pairs": [{"html": one, "match_html": other} for one, other in pairs],
        "distractors": [{"html": text} for text in others],
    }
