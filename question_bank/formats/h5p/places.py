"""H5P's Drag and Drop: things that belong to places in a picture, as a matching where the places have names.

Fields as in its `semantics.json` (h5p.org): `question.task.elements`, each of a type of its own, and
`question.task.dropZones`, whose `correctElements` are numbers of elements, written as texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p.media import (
    Media,
    Params,
    attribute,
    behaviour,
    first_text,
    listed,
    tip_of,
    unwrapped,
    wrapped,
)
from question_bank.formats.h5p.said import hints_of
from question_bank.formats.numbered_places import Place
from question_bank.fractions import written

Places = list[list[int]]
"""For each place the numbers of the things that belong there."""


def drag_question(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each thing is matched with its place, or, where some belong nowhere, each place with its thing.

    Where several things belong to a place, those that belong nowhere are left out, which is told. Where there is one
    place only, things are chosen for it.
    """
    question = params.get("question")
    question = question if isinstance(question, dict) else {}
    task, settings = question.get("task"), question.get("settings")
    task, settings = (one if isinstance(one, dict) else {} for one in (task, settings))
    elements = [_shown(one, media) for one in listed(task, "elements")]
    zones = [one for one in listed(task, "dropZones") if isinstance(one, dict)]
    names = [unwrapped(str(zone.get("label") or "")) for zone in zones]
    if not elements or not zones:
        raise Refused(_("There is nothing to drag, or no place for it."))
    background = ""
    if len(zones) > 1 and not _are_told_apart(zones, names):
        names = [str(n) for n in range(1, len(zones) + 1)]
        background = _numbered(zones, settings, media)
        zones = [{**zone, "showLabel": True} for zone in zones]
    right = [[int(one) for one in zone.get("correctElements") or []] for zone in zones]
    moved = _moved(task["elements"], right)
    _note_losses(params, media)
    settings = {"questionTitle": first_text(params, "taskDescription"), **settings}
    fixed = [text for at, text in enumerate(elements) if at not in moved]
    stem = media.before(params) + _stem(settings, media, fixed, background)
    hints = hints_of([(name, _tip(zone, media)) for name, zone in zip(names, zones, strict=True)])
    if len(zones) == 1:
        yield QuestionDraft("multiple_choice", stem, _options(elements, right[0], moved, media), hints=hints)
        return
    many = {at for at in moved if task["elements"][at].get("multiple") is True}
    if any(zone.get("single") is True and len(inside) > 1 for zone, inside in zip(zones, right, strict=True)):
        raise Refused(_("A place takes one thing only, but several are right there; a matching can't ask that."))
    pairs = _pairs(elements, names, right, moved, many, media)
    if any(zone.get("showLabel") is False for zone in zones):
        same = any(text_of(one["html"]).strip() == text_of(one["match_html"]).strip() for one in pairs["pairs"])
        media.warnings.append(
            _("The names of its places, hidden in the file, are shown here and give answers away; call them otherwise.")
            if same
            else _("The names of its places, hidden in the file, are shown here.")
        )
    yield QuestionDraft("matching", stem, pairs, hints=hints)


def _are_told_apart(zones: list[Params], names: list[str]) -> bool:
    """Whether each place has a name, and hidden ones a name of their own."""
    shown = [text_of(name).strip() for name in names]
    hidden = [name for zone, name in zip(zones, shown, strict=True) if zone.get("showLabel") is False]
    return all(shown) and len(set(hidden)) == len(hidden)


_EM = 16
"""Pixels of the unit in which the size of a place is told."""


def _numbered(zones: list[Params], settings: Params, media: Media) -> str:
    """The picture with the numbers of its places; Refused where they can't be drawn."""
    size = settings.get("size")
    wide, high = (_of(size, name) for name in ("width", "height")) if isinstance(size, dict) else (0.0, 0.0)
    places = []
    for zone in zones:
        left, top = _of(zone, "x") / 100 * wide, _of(zone, "y") / 100 * high
        right, bottom = left + _of(zone, "width") * _EM, top + _of(zone, "height") * _EM
        places.append(Place("rect", (left, top, right, bottom)))
    drawn = media.numbered(settings.get("background"), places, (wide, high)) if wide > 0 and high > 0 else ""
    if not drawn:
        raise Refused(_("Its places are told apart by the picture alone; name each of them in a label."))
    media.warnings.append(_("Places in a picture are chosen by numbers here, which were drawn on it."))
    return drawn


def _of(told: Params, name: str) -> float:
    value = told.get(name)
    try:
        return float(value) if isinstance(value, int | float | str) else 0.0
    except (OverflowError, ValueError):
        return 0.0


TO_POINT_AT = _("It asks to point at places of a picture, which no kind does here; ask it with options instead.")
"""Why what asks for places in a picture is refused where they can't be numbered."""


def hotspots(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Places of a picture of which one is to be clicked: their numbers are drawn on it and chosen."""
    held = params.get("imageHotspotQuestion")
    held = held if isinstance(held, dict) else {}
    settings, picture = held.get("hotspotSettings"), held.get("backgroundImageSettings")
    settings = settings if isinstance(settings, dict) else {}
    spots = [one for one in listed(settings, "hotspot") if isinstance(one, dict)]
    told = [(one.get("userSettings"), one.get("computedSettings")) for one in spots]
    known = [(user, at) for user, at in told if isinstance(user, dict) and isinstance(at, dict)]
    options, places = [], []
    for n, (user, computed) in enumerate(sorted(known, key=lambda one: (_of(one[1], "y"), _of(one[1], "x"))), 1):
        left, top, wide, high = (_of(computed, name) for name in ("x", "y", "width", "height"))
        is_round = computed.get("figure") == "circle"
        middle = (left + wide / 2, top + high / 2, wide / 2, high / 2)
        places.append(Place("ellipse", middle) if is_round else Place("rect", (left, top, left + wide, top + high)))
        worth = "1" if user.get("correct") is True else "0"
        options.append({"html": str(n), "fraction": worth, "feedback_html": first_text(user, "feedbackText")})
    drawn = media.numbered(picture, places, (100, 100)) if len(places) > 1 else ""
    if not drawn or len(places) != len(spots):
        raise Refused(_("%(name)s: %(why)s", name="H5P.ImageHotspotQuestion", why=TO_POINT_AT))
    media.warnings.append(_("Places in a picture are chosen by numbers here, which were drawn on it."))
    asked = first_text(settings, "taskDescription") or attribute(media.title)
    yield QuestionDraft("single_choice", f"{wrapped(asked)}<p>{drawn}</p>", {"options": options})


def _stem(settings: Params, media: Media, fixed: list[str], numbered: str) -> str:
    """The picture, the texts that stand fast in it, and what is to be done."""
    background = numbered or media.picture(settings.get("background"))
    title = first_text(settings, "taskDescription", "questionTitle") or attribute(media.title)
    above = (f"<p>{background}</p>" if background else "") + "".join(f"<p>{text}</p>" for text in fixed if text)
    return above + (title or ("" if any(fixed) else "Drag each item to its place."))


def _options(elements: list[str], right: list[int], moved: set[int], media: Media) -> Params:
    """The things as options of which those are right that belong to the one place."""
    media.warnings.append(_("It has one place only; what belongs there is to be chosen here."))
    share = written(Fraction(1, max(len(set(right)), 1)))
    return {"options": [{"html": elements[at], "fraction": share if at in right else "0"} for at in sorted(moved)]}


def _note_losses(params: Params, media: Media) -> None:
    if behaviour(params).get("singlePoint", params.get("singlePoint")) is True:
        media.note_one_point()
    media.note_penalties(params)


def _moved(elements: list[Params], right: Places) -> set[int]:
    """What can be dragged: something with no place to be dropped at is a part of the picture."""
    used = {at for inside in right for at in inside}
    if any(not 0 <= at < len(elements) for at in used):
        raise Refused(_("A place names a thing that is not there."))
    return {at for at, one in enumerate(elements) if at in used or one.get("dropZones") != []}


def _tip(zone: Params, media: Media) -> str:
    told = zone.get("tipsAndFeedback")
    told = told if isinstance(told, dict) else zone
    if str(told.get("feedbackOnCorrect") or "").strip() or str(told.get("feedbackOnIncorrect") or "").strip():
        media.warnings.append(_("Feedback on single places was left out."))
    return tip_of(told)


def _shown(element: Any, media: Media) -> str:
    """The HTML of a thing that is dragged: a text or a picture."""
    kind = element.get("type") if isinstance(element, dict) else None
    inner = kind.get("params") if isinstance(kind, dict) else None
    if not isinstance(kind, dict) or not isinstance(inner, dict):
        raise Refused(_("There is nothing to drag, or no place for it."))
    if str(kind.get("library", "")).startswith("H5P.Image"):
        alt = str(inner.get("alt") or "")
        return media.picture(inner.get("file"), alt) or attribute(alt)
    return unwrapped(str(inner.get("text") or ""))


def _pairs(
    elements: list[str], names: list[str], right: Places, moved: set[int], many: set[int], media: Media
) -> dict[str, Any]:
    """`moved` can be dragged at all, and `many` of them to several places at once."""
    places: dict[int, list[int]] = {}
    for zone, inside in enumerate(right):
        for at in inside:
            places.setdefault(at, []).append(zone)
    if all(len(places.get(at, [])) == 1 for at in moved):
        pairs = [(elements[at], names[places[at][0]]) for at in sorted(moved)]
        others = [name for zone, name in enumerate(names) if not right[zone]]
    elif (
        all(len(inside) == 1 for inside in right)
        and all(len(at) == 1 or one in many for one, at in places.items())
        and len(set(names)) == len(names)
    ):
        pairs = [(name, elements[inside[0]]) for name, inside in zip(names, right, strict=True)]
        others = [elements[at] for at in sorted(moved) if at not in places]
    elif all(len(at) == 1 for at in places.values()):
        pairs = [(elements[at], names[zone]) for at, (zone,) in sorted(places.items())]
        others = [name for zone, name in enumerate(names) if not right[zone]]
        media.warnings.append(_("What belongs to none of its places was left out."))
    else:
        raise Refused(_("A thing belongs to several places; a matching can't ask that."))
    return {
        "pairs": [{"html": one, "match_html": other} for one, other in pairs],
        "distractors": [{"html": text} for text in others],
    }
