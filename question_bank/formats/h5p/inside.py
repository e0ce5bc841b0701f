"""What stands in an H5P content: which types hold others, which ask nothing, and which have no like here."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.formats.h5p.around import ALONE, TEXTS, Around, on_slide
from question_bank.formats.h5p.media import Params, first_text, library_in
from question_bank.formats.h5p.places import TO_POINT_AT

DEEPEST = 40
HOLDERS = frozenset(
    "H5P.QuestionSet H5P.InteractiveVideo H5P.CoursePresentation H5P.Column H5P.InteractiveBook H5P.BranchingScenario "
    "H5P.Questionnaire H5P.Row H5P.RowColumn H5P.GamemapGame H5P.GameMap H5P.InfoWall H5P.VirtualTour H5P.ThreeImage "
    "H5P.NDLAVirtualTour H5P.NDLAThreeImage H5P.QuestionPool H5P.MultiMediaQuestionSet H5P.SpeakTheWordsSet "
    "H5P.AdventCalendar H5P.EscapeRoom H5P.ImpressPresentation H5P.Tabs H5P.SingleQuestion".split()
)
NO_QUESTIONS = frozenset(
    "H5P.Text H5P.AdvancedText H5P.Image H5P.Video H5P.Audio H5P.Link H5P.Table H5P.Nil H5P.Accordion H5P.Agamotto "
    "H5P.ContinuousText H5P.GoToQuestion H5P.GoToScene H5P.IVHotspot H5P.Shape H5P.ExportableTextArea H5P.ImageSlider "
    "H5P.Collage H5P.ImageHotspots H5P.Timeline H5P.Dialogcards H5P.CoursePresentationKIDS H5P.TwitterUserFeed "
    "H5P.Chart H5P.IFrameEmbed H5P.DocumentationTool H5P.AudioRecorder H5P.ImageJuxtaposition H5P.KewArCode "
    "H5P.StandardPage H5P.TextInputField H5P.GoalsPage H5P.GoalsAssessmentPage H5P.DocumentExportPage H5P.Cornell "
    "H5P.StructureStrip H5P.TopicMap H5P.InteractiveBoard H5P.ThreeDModel H5P.FacebookPageFeed H5P.AppearIn "
    "H5P.ImageBlender H5P.Embed H5P.Transcript H5P.Portfolio H5P.CookBook H5P.PhraseRandomizer H5P.GreetingCard".split()
)
_NO_KEY = _("It has no right answer to mark; make it a question with options and mark one of them, or leave it out.")
_SPOKEN = _("Its answer is spoken; make it a question with a typed answer.")
WITHOUT_LIKE: dict[str, Message] = {
    "H5P.ImageMultipleHotspotQuestion": TO_POINT_AT,
    "H5P.SimpleMultiChoice": _NO_KEY,
    "H5P.PersonalityQuiz": _NO_KEY,
    "H5P.BranchingQuestion": _NO_KEY,
    "H5P.StarRating": _NO_KEY,
    "H5P.SpeakTheWords": _SPOKEN,
    "H5P.SpeakTheWordsSet": _SPOKEN,
    "H5P.Dictation": _("What is heard has to be typed, and sounds can't be shown here."),
    "H5P.FindTheWords": _("It asks for words hidden in a grid of letters, which no kind does here."),
    "H5P.MemoryGame": _("Its cards are a game of memory; make them a matching."),
    "H5P.ArithmeticQuiz": _("A program makes its sums; write them out as questions."),
    "H5P.GuessTheAnswer": _("Its answer is only shown, not given; make it a question with a typed answer."),
}
"""Why a content type that asks something can't be read, and what to do."""


@dataclass(frozen=True)
class Inside:
    """A content: the name of its type, its fields, its place in the file, its title and what stands around it."""

    library: str
    params: Params
    where: str
    title: str = ""
    around: Around = ALONE


def title_in(about: Any) -> str:
    """What an author called a content; what the editor calls it by itself is none."""
    title = str(about.get("title") or "").strip() if isinstance(about, dict) else ""
    if isinstance(about, dict) and title.casefold() == str(about.get("contentType") or "").casefold():
        return ""
    return "" if re.match(r"untitled\b", title, re.IGNORECASE) else title


def contents(one: Inside, readable: Collection[str]) -> Iterator[Inside]:
    """Every content inside that can be read or has to be told; those of sets, videos, slides and books included.

    What nobody knows is walked, too, and told itself where nothing in it asks.
    """
    if one.library in readable:
        yield one
        return
    held = list(_within(one.params, one.where, 0, readable))
    if one.library in HOLDERS:
        yield from held or ([one] if one.library in WITHOUT_LIKE else [])
    elif one.library in NO_QUESTIONS:
        yield one
        yield from held
    elif any(other.library in readable for other in held) and one.library not in WITHOUT_LIKE:
        yield from held
    else:
        yield one


def _within(found: Any, where: str, depth: int, readable: Collection[str], around: Around = ALONE) -> Iterator[Inside]:
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        yield from _listed(found, where, depth, readable)
        return
    if not isinstance(found, dict):
        return
    library, params = library_in(found.get("library")), found.get("params")
    if library.startswith("H5P.") and isinstance(params, dict):
        title = title_in(found.get("metadata")) or title_in(params.get("metadata"))
        yield from contents(Inside(library, params, where, title, around), readable)
        return
    if isinstance(found.get("action"), dict):
        around = replace(around, comment=first_text(found, "solution"))
    for key, value in found.items():
        if isinstance(value, dict | list):
            yield from _within(value, f"{where}/{key}", depth + 1, readable, around)


def _listed(found: list[Any], where: str, depth: int, readable: Collection[str]) -> Iterator[Inside]:
    """What stands in a list; each content of a column with the text above it, that of a slide with what is beside."""
    above = ""
    slide, taken = on_slide(found, readable)
    for n, value in enumerate(found):
        if n in taken:
            continue
        inner = value.get("content") if isinstance(value, dict) else None
        in_column = isinstance(inner, dict) and "library" in inner
        if isinstance(inner, dict) and library_in(inner.get("library")) in TEXTS:
            params = inner.get("params")
            above = first_text(params, "text") if isinstance(params, dict) else ""
        around = replace(slide, above=above) if in_column else slide
        for one in _within(value, f"{where}/{n}", depth + 1, readable, around):
            above = "" if one.library in readable else above
            yield one


def frames(found: Any, depth: int = 0) -> set[str]:
    """What stands around questions somewhere inside: `video`, `introduction`."""
    if depth > DEEPEST:
        return set()
    if isinstance(found, list):
        return set().union(*(frames(one, depth + 1) for one in found))
    if not isinstance(found, dict):
        return set()
    seen = set().union(*(frames(one, depth + 1) for one in found.values() if isinstance(one, dict | list)))
    video, about = found.get("interactiveVideo"), found.get("introPage")
    if isinstance(video, dict) and isinstance(video.get("assets"), dict) and video["assets"].get("interactions"):
        seen.add("video")
    if isinstance(about, dict) and text_of(str(about.get("introduction") or "")).strip():
        seen.add("introduction")
    return seen


def unpacked(content: Any, library: str) -> tuple[Any, str, str]:
    """A content without what is put around it when it is stored or sent, its type where that is told, and its title."""
    title = ""
    for _layer in range(4):
        if not isinstance(content, dict):
            break
        about = content if "mainLibrary" in content else content.get("h5p")
        if isinstance(about, dict):
            library = library_in(about.get("mainLibrary")) or library
            title = title_in(about) or title
        library = library_in(content.get("library")) or library
        title = title_in(content.get("metadata")) or title
        inner = next((content[name] for name in ("params", "jsonContent", "parameters") if content.get(name)), None)
        if inner is None and isinstance(about, dict) and isinstance(content.get("content"), dict):
            inner = content["content"]
        inner = _loaded(inner)
        if not isinstance(inner, dict):
            break
        content = inner
    return content, library, title


def _loaded(inner: Any) -> Any:
    """A content that is stored as a text."""
    if isinstance(inner, str) and inner.lstrip().startswith("{"):
        try:
            return json.loads(inner)
        except ValueError:
            return None
    return inner
