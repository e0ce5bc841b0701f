"""H5P's content types as drafts: the fields of each as its `semantics.json` names them (h5p.org)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p_said import hints_of, places_of
from question_bank.formats.h5p_texts import Starred, pieces, words
from question_bank.fractions import written
from question_bank.kinds.in_text import MOST_PLACES

Params = dict[str, Any]


class Media:
    """The files of a package: gives the HTML of a picture, or a warning."""

    def __init__(self, take: Callable[[str], str | None]) -> None:
        self._take = take
        self.warnings: list[Message] = []

    def picture(self, file: Any, alt: str = "") -> str:
        """The HTML of a file of the package; empty, with a warning, when it can't be shown."""
        path = file.get("path") if isinstance(file, dict) else None
        if not isinstance(path, str) or not path:
            return ""
        address = path if re.match(r"https?://", path) else self.address(path)
        return "" if address is None else f'<img src="{address}" alt="{_attribute(alt)}">'

    def address(self, path: str) -> str | None:
        """Where a picture inside a text will be found; None, with a warning, when it can't be shown."""
        found = self._take(path.split("#", maxsplit=1)[0])
        if found is None:
            self.warnings.append(_("The file %(name)s is missing or can't be shown.", name=path[:80]))
        return found

    def note_spelling(self, params: Params) -> None:
        """Warn of what the way to compare typed answers loses here."""
        behaviour = params.get("behaviour")
        told = behaviour if isinstance(behaviour, dict) else {}
        if told.get("acceptSpellingErrors") is True or told.get("spellingErrorBehaviour") in {"accept", "warn"}:
            self.warnings.append(_("Near spellings count in the file, but not here."))
        if told.get("caseSensitive", params.get("caseSensitive")) is True:
            self.warnings.append(_("Capitals count in the file, but not here."))

    def before(self, params: Params) -> str:
        """The picture above a question, as `media` names it."""
        media = params.get("media")
        media = media.get("type", media) if isinstance(media, dict) else None
        if not isinstance(media, dict) or not media.get("params"):
            return ""
        inner = media["params"]
        if isinstance(inner, dict) and str(media.get("library", "")).startswith("H5P.Image"):
            picture = self.picture(inner.get("file"), str(inner.get("alt") or ""))
            return f"<p>{picture}</p>" if picture else ""
        self.warnings.append(_("A video or sound beside the question was left out."))
        return ""


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _text(params: Params, *names: str) -> str:
    for name in names:
        value = params.get(name)
        if isinstance(value, str) and value.strip():
            return unwrapped(value)
    return ""


def unwrapped(markup: str) -> str:
    """`<p>…</p>` and `<div>…</div>` around the whole text say nothing."""
    markup = markup.strip()
    found = re.fullmatch(r"<(p|div)>((?:(?!</?\1\b).)*)</\1>", markup, re.DOTALL)
    return found.group(2).strip() if found else markup


def _list(params: Params, name: str) -> list[Any]:
    value = params.get(name)
    return value if isinstance(value, list) else []


def multi_choice(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Several right options make it a multiple choice, unless `behaviour.type` says single."""
    answers = [one for one in _list(params, "answers") if isinstance(one, dict)]
    right = [one for one in answers if one.get("correct") is True]
    behaviour = params.get("behaviour")
    said = behaviour.get("type") if isinstance(behaviour, dict) else params.get("singleAnswer")
    is_multiple = said == "multi" or said is False or (len(right) > 1 and said not in {"single", True})
    share = written(Fraction(1, max(len(right), 1))) if is_multiple else "1"
    options, tips = [], []
    for one in answers:
        told = one.get("tipsAndFeedback")
        told = told if isinstance(told, dict) else one
        option = {"html": _text(one, "text"), "fraction": share if one.get("correct") is True else "0"}
        options.append(option | {"feedback_html": _text(told, "chosenFeedback")})
        tips.append((option["html"], _text(told, "tip")))
        if _text(told, "notChosenFeedback"):
            media.warnings.append(_("Feedback on what was not chosen was left out."))
    if is_multiple and isinstance(behaviour, dict) and behaviour.get("singlePoint") is True:
        media.warnings.append(
            _("It gives its one point only when all is right. So do quizzes, unless they are set to give a part.")
        )
    kind = "multiple_choice" if is_multiple else "single_choice"
    stem = media.before(params) + _text(params, "question")
    yield QuestionDraft(kind, stem, {"options": options}, hints=hints_of(tips))


def true_false(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """`correct` is the word true or false."""
    correct = str(params.get("correct", "")).casefold()
    if correct not in {"true", "false"}:
        raise Refused(_("The answer %(answer)s says neither true nor false.", answer=correct[:40]))
    behaviour = params.get("behaviour")
    told = behaviour if isinstance(behaviour, dict) else {}
    right, wrong = _text(told, "feedbackOnCorrect"), _text(told, "feedbackOnWrong")
    is_true = correct == "true"
    content = {
        "answer": is_true,
        "feedback_true_html": right if is_true else wrong,
        "feedback_false_html": wrong if is_true else right,
    }
    yield QuestionDraft("true_false", media.before(params) + _text(params, "question"), content)


def blanks(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each of `questions` is a piece of the text; all of them make one question.

    Tools that write such files put the text with its blanks where the task stands, alone or once more.
    """
    asked = _text(params, "text")
    blocks = [str(one) for one in _list(params, "questions")]
    if not any(_has_gap(one) for one in blocks):
        asked, blocks = "", [asked or _text(params, "content")]
    elif any(text_of(asked) == text_of(one) for one in blocks if _has_gap(asked)):
        asked = ""
    stem, accepted, tips = media.before(params) + _wrapped(asked), [], []
    for block in blocks:
        for piece in pieces(block):
            if isinstance(piece, Starred):
                accepted.append({"answers": [{"text": bare(text)} for text in piece.texts]})
                tips.append(piece.tip)
                stem += "____"
                if piece.has_feedback:
                    media.warnings.append(_("Feedback on single blanks was left out."))
            else:
                stem += piece
    if not accepted:
        raise Refused(_("The text has no gap."))
    media.note_spelling(params)
    hints = hints_of(places_of(tips, len(tips)))
    yield QuestionDraft("fill_in", stem, {"blanks": accepted}, hints=hints)


def _has_gap(block: str) -> bool:
    return any(isinstance(piece, Starred) for piece in pieces(block))


def bare(markup: str) -> str:
    return text_of(markup) if "<" in markup or "&" in markup else markup


def _wrapped(markup: str) -> str:
    return f"<p>{markup}</p>" if markup and not markup.startswith("<") else markup


def drag_text(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Words between asterisks are dragged into their places; `distractors` belong nowhere."""
    stem = media.before(params) + _wrapped(_text(params, "taskDescription"))
    choices: list[dict[str, Any]] = []
    gaps: list[int] = []
    tips: list[str] = []
    for piece in pieces(_lines(str(params.get("textField", "")))):
        if isinstance(piece, Starred):
            text = piece.texts[0] if piece.texts else ""
            gaps.append(len(choices))
            choices.append({"html": text, "group": 1})
            tips.append(piece.tip)
            stem += f"[[{len(gaps)}]]"
            if piece.has_feedback or len(piece.texts) > 1:
                media.warnings.append(_("Feedback and alternatives of dragged words were left out."))
        else:
            stem += piece
    choices += [
        {"html": one.texts[0], "group": 1}
        for one in pieces(str(params.get("distractors") or ""))
        if isinstance(one, Starred) and one.texts
    ]
    hints = hints_of(places_of(tips, len(gaps)))
    yield QuestionDraft("drag_text", stem, {"choices": choices, "gaps": gaps}, hints=hints)


def _lines(text: str) -> str:
    return text if re.search(r"<(?:p|br|div|li)\b", text) else text.strip().replace("\n", "<br>")


_MARKS = re.compile(r"[.,;:!?…)\]}»”’\"'。，；：！？、）】》]+\Z")
"""Marks of punctuation, which belong to the word before them."""


def mark_the_words(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Every word can be chosen; those between asterisks are right. Of a long text, wrong words are taken together."""
    stem = media.before(params) + _wrapped(_text(params, "taskDescription"))
    found: list[tuple[str, bool, bool]] = []
    for piece in pieces(_lines(str(params.get("textField", "")))):
        if isinstance(piece, Starred):
            found.append((piece.whole, True, True))
        else:
            after_right = bool(found) and found[-1][2]
            for word, may_be_chosen in words(piece):
                found.append((word, may_be_chosen and not (after_right and _MARKS.match(word)), False))
                after_right = False
    if sum(1 for _word, chosen, _right in found if chosen) > MOST_PLACES:
        found = _together(found)
        media.warnings.append(_("The text is long: its wrong words can be chosen in groups only."))
    segments = []
    for word, may_be_chosen, right in found:
        if may_be_chosen:
            segments.append({"html": word, "right": right})
            stem += f"[[{len(segments)}]]"
        else:
            stem += word
    yield QuestionDraft("select_text", stem, {"segments": segments})


def _together(found: list[tuple[str, bool, bool]]) -> list[tuple[str, bool, bool]]:
    """Wrong words up to the next tag, mark of punctuation or right word as one."""
    out: list[tuple[str, bool, bool]] = []
    open_group = False
    for word, may_be_chosen, right in found:
        joins = open_group and not right and not word.startswith("<")
        if joins:
            out[-1] = (out[-1][0] + word, True, False)
        else:
            out.append((word, may_be_chosen, right))
        open_group = not right and (may_be_chosen or joins) and not re.search(r"[.!?;:。！？；]$", word)
    return out


def single_choice_set(params: Params, media: Media) -> Iterator[QuestionDraft | Refused]:
    """Of each question the first answer is the right one; an asterisk before another says that it is not."""
    for choice in _list(params, "choices"):
        answers = [unwrapped(str(one)) for one in _list(choice, "answers")] if isinstance(choice, dict) else []
        starred = [n for n, answer in enumerate(answers) if re.match(r"\*(?=[^*\s])", answer)]
        if len(starred) == 1 and starred[0]:
            yield Refused(_("H5P takes the first answer for the right one, but another begins with *."))
            continue
        if starred == [0]:
            answers[0] = answers[0][1:]
        yield _first_is_right(_text(choice, "question"), answers)


def summary(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Of each group of statements the first is the right one."""
    for group in _list(params, "summaries"):
        statements = [str(one) for one in _list(group, "summary")] if isinstance(group, dict) else []
        if len(statements) > 1:
            draft = _first_is_right(_text(params, "intro") or "Choose the correct statement.", statements)
            yield replace(draft, hints=hints_of([("", _text(group, "tip"))]))


def _first_is_right(stem: str, answers: list[str]) -> QuestionDraft:
    options = [{"html": unwrapped(text), "fraction": "0" if n else "1"} for n, text in enumerate(answers)]
    return QuestionDraft("single_choice", stem, {"options": options})


def essay(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """The sample solution and the keywords are for the marker."""
    solution = params.get("solution")
    sample = _text(solution, "sample", "introduction") if isinstance(solution, dict) else ""
    keywords = [
        str(one["keyword"]) for one in _list(params, "keywords") if isinstance(one, dict) and one.get("keyword")
    ]
    told = sample + (f"<p>{'、'.join(map(_attribute, keywords))}</p>" if keywords else "")
    if any(_has_feedback(one) for one in _list(params, "keywords")):
        media.warnings.append(_("Feedback on keywords was left out."))
    if keywords:
        media.warnings.append(_("The keywords of an essay mark nothing here; the marker sees them."))
    stem = media.before(params) + _text(params, "taskDescription", "question")
    yield QuestionDraft("essay", stem, {"marker_html": told})


def _has_feedback(keyword: Any) -> bool:
    told = keyword.get("options") if isinstance(keyword, dict) else None
    return isinstance(told, dict) and bool(_text(told, "feedbackIncluded", "feedbackMissed"))


def sort_paragraphs(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Paragraphs in their right order."""
    items = [{"html": unwrapped(str(one))} for one in _list(params, "paragraphs")]
    yield QuestionDraft("ordering", media.before(params) + _text(params, "taskDescription"), {"items": items})


def image_sequencing(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Pictures in their right order."""
    items = []
    for one in _list(params, "sequenceImages"):
        text = _attribute(str(one.get("imageDescription") or "")) if isinstance(one, dict) else ""
        items.append({"html": media.picture(one.get("image"), text) + text if isinstance(one, dict) else ""})
    yield QuestionDraft("ordering", _text(params, "taskDescription"), {"items": items})


def multi_media_choice(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Options are pictures."""
    answers = []
    for one in _list(params, "options"):
        inner = one.get("media", {}).get("params", {}) if isinstance(one, dict) else {}
        answers.append(
            {"text": media.picture(inner.get("file"), str(inner.get("alt") or "")), "correct": one.get("correct")}
        )
    yield from multi_choice({**params, "answers": answers}, media)


def flashcards(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each card asks for a typed answer; `/` parts alternatives. What is to be done stands above all cards."""
    task = _wrapped(_text(params, "description"))
    media.note_spelling(params)
    for card in _list(params, "cards"):
        if not isinstance(card, dict):
            continue
        texts = [part.strip() for part in str(card.get("answer") or "").split("/") if part.strip()]
        stem = task + media.picture(card.get("image")) + _text(card, "text")
        told = card.get("tip")
        hints = hints_of([("", _text(told if isinstance(told, dict) else card, "tip"))])
        yield QuestionDraft("short_answer", stem, {"answers": [{"text": text} for text in texts]}, hints=hints)


def crossword(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each clue asks for its word; the grid that the words make is left out."""
    for word in _list(params, "words"):
        if isinstance(word, dict):
            more = word.get("extraClue")
            more = more.get("params") if isinstance(more, dict) else None
            hints = hints_of([("", _text(more, "text"))]) if isinstance(more, dict) else ()
            answers = [{"text": _text(word, "answer")}]
            yield QuestionDraft("short_answer", _text(word, "clue"), {"answers": answers}, hints=hints)
    media.warnings.append(_("The words of a crossword are asked for one by one."))


READERS: dict[str, Callable[[Params, Media], Iterator[QuestionDraft | Refused]]] = {
    "H5P.MultiChoice": multi_choice,
    "H5P.TrueFalse": true_false,
    "H5P.Blanks": blanks,
    "H5P.DragText": drag_text,
    "H5P.MarkTheWords": mark_the_words,
    "H5P.SingleChoiceSet": single_choice_set,
    "H5P.Summary": summary,
    "H5P.Essay": essay,
    "H5P.OpenEndedQuestion": essay,
    "H5P.FreeTextQuestion": essay,
    "H5P.SortParagraphs": sort_paragraphs,
    "H5P.ImageSequencing": image_sequencing,
    "H5P.MultiMediaChoice": multi_media_choice,
    "H5P.Flashcards": flashcards,
    "H5P.Crossword": crossword,
}
NO_QUESTIONS = frozenset(
    "H5P.Text H5P.AdvancedText H5P.Image H5P.Video H5P.Audio H5P.Link H5P.Table H5P.Nil H5P.Accordion H5P.Agamotto "
    "H5P.ContinuousText H5P.GoToQuestion H5P.IVHotspot H5P.Shape H5P.ExportableTextArea H5P.ImageSlider H5P.Collage "
    "H5P.ImageHotspots H5P.Timeline H5P.Dialogcards H5P.CoursePresentationKIDS H5P.TwitterUserFeed H5P.Chart "
    "H5P.IFrameEmbed H5P.BranchingQuestion H5P.DocumentationTool H5P.AudioRecorder H5P.ImageJuxtaposition".split()
)
