"""H5P: packages (`.h5p`), and their `content.json` alone; questions inside videos, slides, books and sets, too."""

from __future__ import annotations

import json
import posixpath
from dataclasses import replace
from html import unescape
from typing import Any

from learnhub.kernel.archives import Archive, Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.formats.carries import Carried, only_read
from question_bank.formats.checking import with_pictures
from question_bank.formats.h5p.around import with_around
from question_bank.formats.h5p.blanks import advanced_blanks
from question_bank.formats.h5p.cards import READERS as OF_CARDS
from question_bank.formats.h5p.inside import (
    NO_QUESTIONS,
    WITHOUT_LIKE,
    Inside,
    contents,
    frames,
    title_in,
    unpacked,
)
from question_bank.formats.h5p.kinds import READERS as OF_TEXTS
from question_bank.formats.h5p.media import Media, library_in
from question_bank.formats.h5p.places import drag_question, hotspots
from question_bank.formats.h5p.said import mark_of, overall
from question_bank.formats.h5p.shapes import library_by_shape
from question_bank.formats.reading import Reading, Refusal
from question_bank.media import address, name_of

NAME = "h5p"
CARRIES = Carried(
    "Packages and their content.json are read, with the questions inside videos, slides, books and sets, and with their"
    " pictures; not written. A question earns the most points that H5P gives for it; tips become hints, and"
    " feedback for any score the explanation. Feedback that depends on the score, on what was not chosen, on single"
    " blanks or places is left out with a warning.",
    {
        "single_choice": only_read(
            "MultiChoice, SingleChoiceSet, Summary, MultiMediaChoice and DiscreteOptionMultiChoice."
        ),
        "multiple_choice": only_read("MultiChoice and MultiMediaChoice: the right options share the mark equally."),
        "true_false": only_read("TrueFalse."),
        "fill_in": only_read("Blanks and AdvancedBlanks."),
        "cloze": only_read("AdvancedBlanks to choose from lists."),
        "short_answer": only_read("Flashcards, Crossword and VocabularyDrill."),
        "matching": only_read("DragQuestion, where its places have labels, and ImagePair."),
        "ordering": only_read("SortParagraphs and ImageSequencing."),
        "select_text": only_read("MarkTheWords; wrong words of long texts in groups."),
        "drag_text": only_read("DragText."),
        "essay": only_read("Essay, OpenEndedQuestion and FreeTextQuestion; keywords for the marker."),
    },
)
READERS = {
    **OF_TEXTS,
    **OF_CARDS,
    "H5P.AdvancedBlanks": advanced_blanks,
    "H5P.DragQuestion": drag_question,
    "H5P.ImageHotspotQuestion": hotspots,
}
_OF_SEVERAL = frozenset(
    {"H5P.SingleChoiceSet", "H5P.Summary", "H5P.Flashcards", "H5P.Crossword", "H5P.VocabularyDrill"}
)
"""What holds several questions, each at its own place."""
_UNKNOWN = "?"
LARGEST_CONTENT = 20 << 20
LARGEST_PICTURE = 10 << 20
"""Bytes."""
_LIMITS = Limits(entries=5_000, total_bytes=500 << 20, file_bytes=200 << 20, ratio=200)


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of an H5P package: a zip with `h5p.json` or `content/content.json`."""
    if data[:4] != b"PK\x03\x04" or (b"h5p.json" not in data and b"content/content.json" not in data):
        return False
    try:
        with open_archive(data, _LIMITS) as archive:
            return any(_is_content(entry.name) or entry.name.endswith("h5p.json") for entry in archive.members())
    except Refused:
        return False


def _is_content(name: str) -> bool:
    return name == "content.json" or name.endswith("content/content.json")


def looks_like_text(text: str) -> bool:
    """Whether a JSON text is H5P's: it names a library, or has the fields of one."""
    if '"H5P.' in text:
        return True
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and library_by_shape(found) is not None


def read(data: bytes) -> Reading:
    """Every question of a package."""
    with open_archive(data, _LIMITS) as archive:
        names = [entry.name for entry in archive.members()]
        content = next((name for name in sorted(names, key=len) if _is_content(name)), None)
        if content is None:
            raise Refused(_("The package has no content.json."))
        about = _json(archive, "h5p.json") if "h5p.json" in names else {}
        library = library_in(about.get("mainLibrary")) if isinstance(about, dict) else ""
        files = _Files(archive, set(names), posixpath.dirname(content))
        reading = Reading(NAME)
        _read_all(reading, _json(archive, content), library, title_in(about), files)
    return reading


def read_text(text: str) -> Reading:
    """Every question of a `content.json`; its files are not there."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise Refused(_("This JSON is nested too deeply.")) from None
    except ValueError as error:
        raise Refused(_("This is not JSON: %(why)s", why=str(error)[:200])) from None
    reading = Reading(NAME)
    _read_all(reading, found, "", "", None)
    return reading


def _json(archive: Archive, name: str) -> Any:
    try:
        return json.loads(archive.read(name, LARGEST_CONTENT).decode("utf-8-sig"))
    except RecursionError:
        raise Refused(_("This JSON is nested too deeply.")) from None
    except ValueError as error:
        raise Refused(_("This is not JSON: %(why)s", why=str(error)[:200])) from None


class _Files:
    """The files of a package that questions show."""

    def __init__(self, archive: Archive, names: set[str], folder: str) -> None:
        self.archive, self.names, self.folder = archive, names, folder

    def bytes_of(self, path: str) -> bytes | None:
        name = posixpath.normpath(posixpath.join(self.folder, path))
        if name not in self.names:
            return None
        try:
            return self.archive.read(name, LARGEST_PICTURE)
        except Refused:
            return None


def _read_all(reading: Reading, content: Any, library: str, title: str, files: _Files | None) -> None:
    content, library, inner_title = unpacked(content, library)
    if not isinstance(content, dict | list):
        raise Refused(_("The content of this package is not well formed."))
    if not library and isinstance(content, dict):
        library = library_by_shape(content) or ""
    root = Inside(
        library or _UNKNOWN, content if isinstance(content, dict) else {"": content}, "", inner_title or title
    )
    skipped: set[str] = set()
    for one in contents(root, READERS):
        if one.library in READERS:
            _read_one(reading, one, files)
        elif one.library in NO_QUESTIONS:
            skipped.add(one.library)
        elif one.library == _UNKNOWN:
            raise Refused(_("The content type of this file can't be told; send the whole .h5p package."))
        else:
            reading.refused.append(Refusal(one.where or "/", _why_not(one.library)))
    told = ", ".join(sorted(skipped))
    if skipped and not reading.questions and not reading.refused:
        raise Refused(
            _("Nothing in this H5P content asks for an answer that can be marked; it holds %(names)s.", names=told)
        )
    if skipped:
        reading.warnings.append(_("What asks nothing was left out: %(names)s.", names=told))
    _note_frame(reading, content)


def _why_not(library: str) -> Message:
    why = WITHOUT_LIKE.get(library)
    if why is None:
        return _("The content type %(name)s can't be read.", name=library[:60])
    return _("%(name)s: %(why)s", name=library, why=why)


def _note_frame(reading: Reading, content: Any) -> None:
    """Tell what stands around the questions of a set or video and is left out."""
    seen = frames(content) if reading.questions else set()
    if "video" in seen:
        reading.warnings.append(_("The video that the questions stand in was left out."))
    if "introduction" in seen:
        reading.warnings.append(_("The introduction above the questions was left out."))


def _read_one(reading: Reading, one: Inside, files: _Files | None) -> None:
    def take(path: str) -> str | None:
        data = files.bytes_of(path) if files else None
        return keep(data) if data is not None else None

    def keep(data: bytes) -> str | None:
        called = name_of(data) if data else None
        if called is None:
            return None
        reading.files[called] = data
        return address(called)

    media = Media(take, unescape(one.title), (files.bytes_of, keep) if files else None)
    place = one.where or "/"
    explanation, lost = overall(one.params)
    try:
        for n, draft in enumerate(READERS[one.library](one.params, media)):
            inner = f"{one.where}/{n}" if one.library in _OF_SEVERAL else place
            if isinstance(draft, Refused):
                reading.refuse(inner, draft)
                continue
            mark = mark_of(one.library, one.params, draft)
            named = replace(draft, where=inner, title=media.title, mark=mark)
            named = replace(named, explanation_html=named.explanation_html or explanation)
            named = with_around(named, one.around, media)
            reading.questions.append(with_pictures(named, media.address))
    except Refused as error:
        reading.refuse(place, error)
    except (TypeError, ValueError, KeyError, AttributeError):
        reading.refused.append(Refusal(place, _("The question is not well formed.")))
    if lost is not None:
        media.warnings.append(lost)
    reading.warnings += [
        _("%(where)s: %(what)s", where=place, what=warning) for warning in dict.fromkeys(media.warnings)
    ]
