"""H5P: packages (`.h5p`), and their `content.json` alone; questions inside videos, slides, books and sets, too."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from learnhub.kernel.archives import Archive, Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.carries import Carried, only_read
from question_bank.formats.checking import with_pictures
from question_bank.formats.h5p_blanks import advanced_blanks
from question_bank.formats.h5p_kinds import NO_QUESTIONS, Media
from question_bank.formats.h5p_kinds import READERS as OF_TEXTS
from question_bank.formats.h5p_places import drag_question
from question_bank.formats.h5p_said import mark_of, overall
from question_bank.formats.reading import Reading, Refusal
from question_bank.media import address, name_of

NAME = "h5p"
CARRIES = Carried(
    "Packages and their content.json are read, with the questions inside videos, slides, books and sets, and with their"
    " pictures; not written. A question earns the most points that H5P gives for it; tips become hints, and"
    " feedback for any score the explanation. Feedback that depends on the score, on what was not chosen, on single"
    " blanks or places is left out with a warning.",
    {
        "single_choice": only_read("MultiChoice, SingleChoiceSet, Summary and MultiMediaChoice."),
        "multiple_choice": only_read("MultiChoice and MultiMediaChoice: the right options share the mark equally."),
        "true_false": only_read("TrueFalse."),
        "fill_in": only_read("Blanks and AdvancedBlanks."),
        "cloze": only_read("AdvancedBlanks to choose from lists."),
        "short_answer": only_read("Flashcards and Crossword."),
        "matching": only_read("DragQuestion, where its places have labels."),
        "ordering": only_read("SortParagraphs and ImageSequencing."),
        "select_text": only_read("MarkTheWords; wrong words of long texts in groups."),
        "drag_text": only_read("DragText, without alternatives."),
        "essay": only_read("Essay, OpenEndedQuestion and FreeTextQuestion; keywords for the marker."),
    },
)
READERS = OF_TEXTS | {"H5P.AdvancedBlanks": advanced_blanks, "H5P.DragQuestion": drag_question}
DEEPEST = 40
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
    return isinstance(found, dict) and _library_by_shape(found) is not None


def read(data: bytes) -> Reading:
    """Every question of a package."""
    with open_archive(data, _LIMITS) as archive:
        names = [entry.name for entry in archive.members()]
        content = next((name for name in sorted(names, key=len) if _is_content(name)), None)
        if content is None:
            raise Refused(_("The package has no content.json."))
        about = _json(archive, "h5p.json") if "h5p.json" in names else {}
        library = about.get("mainLibrary") if isinstance(about, dict) else None
        reading = Reading(NAME)
        _read_all(reading, _json(archive, content), library, _Files(archive, set(names), posixpath.dirname(content)))
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
    _read_all(reading, found, None, None)
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


def _read_all(reading: Reading, content: Any, library: str | None, files: _Files | None) -> None:
    if isinstance(content, dict) and isinstance(content.get("h5p"), dict):
        library = content["h5p"].get("mainLibrary") or library
    if isinstance(content, dict) and isinstance(content.get("params"), dict):
        library = str(content.get("library") or library or "")
        content = content["params"]
        content = content["params"] if isinstance(content.get("params"), dict) else content
    if not isinstance(content, dict):
        raise Refused(_("The content of this package is not well formed."))
    library = library or _library_by_shape(content)
    if not library:
        raise Refused(_("The content type of this file can't be told; send the whole .h5p package."))
    skipped: set[str] = set()
    for name, params, where in _contents(library, content, ""):
        if name in READERS:
            _read_one(reading, name, params, where, files)
        elif name in NO_QUESTIONS:
            skipped.add(name)
        else:
            reading.refused.append(Refusal(where or "/", _("The content type %(name)s can't be read.", name=name[:60])))
    if skipped:
        reading.warnings.append(_("What asks nothing was left out: %(names)s.", names=", ".join(sorted(skipped))))


_HOLDERS = frozenset(
    "H5P.QuestionSet H5P.InteractiveVideo H5P.CoursePresentation H5P.Column H5P.InteractiveBook H5P.BranchingScenario "
    "H5P.Questionnaire H5P.Row H5P.RowColumn H5P.GamemapGame H5P.GameMap H5P.InfoWall H5P.VirtualTour H5P.ThreeImage "
    "H5P.QuestionPool H5P.BranchingQuestion H5P.PersonalityQuiz H5P.StructureStrip H5P.MultiMediaQuestionSet".split()
)


def _contents(library: str, params: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every content inside, those of sets, videos, slides and books included: its library, fields and place."""
    name = library.split(" ", maxsplit=1)[0]
    if name not in _HOLDERS:
        yield name, params, where
        return
    if name == "H5P.BranchingQuestion":
        yield name, params, where
    yield from _inside(params, where, 0)


def _inside(found: Any, where: str, depth: int) -> Iterator[tuple[str, dict[str, Any], str]]:
    if depth > DEEPEST:
        return
    if isinstance(found, dict):
        library, params = found.get("library"), found.get("params")
        if isinstance(library, str) and library.startswith("H5P.") and isinstance(params, dict):
            yield from _contents(library, params, where)
            return
        for key, value in found.items():
            if isinstance(value, dict | list):
                yield from _inside(value, f"{where}/{key}", depth + 1)
    elif isinstance(found, list):
        for n, value in enumerate(found):
            yield from _inside(value, f"{where}/{n}", depth + 1)


def _read_one(reading: Reading, name: str, params: dict[str, Any], where: str, files: _Files | None) -> None:
    def take(path: str) -> str | None:
        data = files.bytes_of(path) if files else None
        called = name_of(data) if data else None
        if data is None or called is None:
            return None
        reading.files[called] = data
        return address(called)

    media = Media(take)
    place = where or "/"
    explanation, lost = overall(params)
    try:
        for n, draft in enumerate(READERS[name](params, media)):
            title = params.get("metadata", {}).get("title") if isinstance(params.get("metadata"), dict) else ""
            inner = (
                f"{where}/{n}"
                if name in {"H5P.SingleChoiceSet", "H5P.Summary", "H5P.Flashcards", "H5P.Crossword"}
                else place
            )
            if isinstance(draft, Refused):
                reading.refuse(inner, draft)
                continue
            named = replace(draft, where=inner, title=str(title or ""), mark=mark_of(name, params, draft))
            named = replace(named, explanation_html=named.explanation_html or explanation)
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


def _library_by_shape(params: dict[str, Any]) -> str | None:
    """The content type of a `content.json` that comes without its package, by the fields that no other type has."""
    shapes = (
        ("H5P.CoursePresentation", {"presentation"}),
        ("H5P.InteractiveVideo", {"interactiveVideo"}),
        ("H5P.InteractiveBook", {"chapters", "behaviour"}),
        ("H5P.SingleChoiceSet", {"choices", "behaviour"}),
        ("H5P.Summary", {"summaries", "intro"}),
        ("H5P.MultiMediaChoice", {"options", "question", "behaviour", "l10n"}),
        ("H5P.MultiChoice", {"answers", "question", "behaviour"}),
        ("H5P.Crossword", {"words", "behaviour", "theme"}),
        ("H5P.TrueFalse", {"correct", "question", "l10n"}),
        ("H5P.SortParagraphs", {"paragraphs", "taskDescription"}),
        ("H5P.ImageSequencing", {"sequenceImages"}),
        ("H5P.Essay", {"taskDescription", "keywords"}),
        ("H5P.DragText", {"textField", "taskDescription", "dropZoneIndex"}),
        ("H5P.DragText", {"textField", "taskDescription", "distractors"}),
        ("H5P.MarkTheWords", {"textField", "taskDescription", "behaviour"}),
    )
    for name, fields in shapes:
        if fields <= set(params):
            return name
    asked = params.get("question")
    if isinstance(asked, dict) and isinstance(asked.get("task"), dict) and "dropZones" in asked["task"]:
        return "H5P.DragQuestion"
    questions = params.get("questions")
    if isinstance(questions, list) and questions:
        if all(isinstance(one, str) for one in questions) and "behaviour" in params:
            return "H5P.Blanks"
        if all(isinstance(one, dict) and str(one.get("library", "")).startswith("H5P.") for one in questions):
            return "H5P.QuestionSet"
    inside = params.get("content")
    if isinstance(inside, list) and inside and all(isinstance(one, dict) and "content" in one for one in inside):
        return "H5P.Column"
    return None
