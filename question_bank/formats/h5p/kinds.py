"""H5P's content types as drafts: the fields of each as its `semantics.json` names them (h5p.org)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
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
    bare,
    behaviour,
    first_text,
    listed,
    tip_of,
    unwrapped,
    wrapped,
)
from question_bank.formats.h5p.said import hints_of, places_of
from question_bank.formats.h5p.texts import Starred, pieces
from question_bank.formats.marked_words import segments_of
from question_bank.fractions import written


def multi_choice(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Several right options make it a multiple choice, unless `behaviour.type` says single."""
    answers = [one for one in listed(params, "answers") if isinstance(one, dict)]
    told = behaviour(params)
    said = told.get("type", told.get("singleAnswer", params.get("singleAnswer")))
    rights = [_is_right(one.get("correct")) for one in answers]
    count = sum(rights)
    is_multiple = said == "multi" or said is False or (count > 1 and said not in {"single", True})
    share = written(Fraction(1, max(count, 1))) if is_multiple else "1"
    options, tips = [], []
    for one, right in zip(answers, rights, strict=True):
        more = one.get("tipsAndFeedback")
        more = more if isinstance(more, dict) else one
        option = {"html": first_text(one, "text"), "fraction": share if right else "0"}
        options.append(option | {"feedback_html": first_text(more, "chosenFeedback")})
        tips.append((option["html"], tip_of(more)))
        if first_text(more, "notChosenFeedback"):
            media.warnings.append(_("Feedback on what was not chosen was left out."))
    if is_multiple and told.get("singlePoint", params.get("singlePoint")) is True:
        media.note_one_point()
    kind = "multiple_choice" if is_multiple else "single_choice"
    stem = media.before(params) + first_text(params, "question")
    yield QuestionDraft(kind, stem, {"options": options}, hints=hints_of(tips))


def _is_right(said: Any) -> bool:
    """Whether an option is right: true or false, by tools that write such files also as a word or a number."""
    if said is None or isinstance(said, bool):
        return said is True
    word = str(said).strip().casefold()
    if word not in {"true", "false", "1", "0", ""}:
        raise Refused(
            _("It is not told whether an option is right: “%(what)s” is neither true nor false.", what=word[:40])
        )
    return word in {"true", "1"}


def discrete_options(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Options that are judged one after the other are shown all at once here."""
    media.warnings.append(_("Its options come one by one in the file; here they stand together."))
    told = [
        {**one, "tipsAndFeedback": one.get("hintAndFeedback") or one.get("tipsAndFeedback")}
        for one in listed(params, "answers")
        if isinstance(one, dict)
    ]
    yield from multi_choice({**params, "answers": told}, media)


def true_false(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """`correct` is the word true or false; tools that write such files say 1 or 0, too."""
    correct = str(params.get("correct", "")).strip().casefold()
    correct = {"1": "true", "0": "false"}.get(correct, correct)
    if correct not in {"true", "false"}:
        raise Refused(_("The answer “%(answer)s” says neither true nor false.", answer=correct[:40]))
    right, wrong = (
        first_text(behaviour(params), name) or first_text(params, name)
        for name in ("feedbackOnCorrect", "feedbackOnWrong")
    )
    is_true = correct == "true"
    content = {
        "answer": is_true,
        "feedback_true_html": right if is_true else wrong,
        "feedback_false_html": wrong if is_true else right,
    }
    yield QuestionDraft("true_false", media.before(params) + first_text(params, "question"), content)


def blanks(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Each of `questions` is a piece of the text; all of them make one question.

    Tools that write such files put the text with its blanks where the task stands, alone or once more.
    """
    asked = first_text(params, "text", "taskDescription")
    blocks = [str(one) for one in listed(params, "questions")]
    if not any(_has_gap(one) for one in blocks):
        asked, blocks = "", [asked or first_text(params, "content")]
    elif any(text_of(asked) == text_of(one) for one in blocks if _has_gap(asked)):
        asked = ""
    stem, accepted, tips = media.before(params) + wrapped(asked), [], []
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


def drag_text(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Words between asterisks are dragged into their places, each one only; `distractors` belong nowhere."""
    task, text = _task_and_text(params)
    stem = media.before(params) + task
    choices: list[dict[str, Any]] = []
    gaps: list[int] = []
    tips: list[str] = []
    for piece in pieces(text):
        if isinstance(piece, Starred):
            gaps.append(len(choices))
            choices.append({"html": piece.answer, "group": 1})
            tips.append(piece.tip)
            stem += f"[[{len(gaps)}]]"
            if piece.has_feedback:
                media.warnings.append(_("Feedback on dragged words was left out."))
        else:
            stem += piece
    choices += [
        {"html": one.answer, "group": 1}
        for one in pieces(str(params.get("distractors") or ""))
        if isinstance(one, Starred) and one.answer
    ]
    hints = hints_of(places_of(tips, len(gaps)))
    yield QuestionDraft("drag_text", stem, {"choices": choices, "gaps": gaps}, hints=hints)


def _task_and_text(params: Params) -> tuple[str, str]:
    """What is to be done, and the text with its asterisks; tools that write such files put the text into the task."""
    task, text = first_text(params, "taskDescription"), str(params.get("textField") or "")
    if not text.strip() and _has_gap(task):
        task, text = "", str(params["taskDescription"])
    if not _has_gap(text):
        raise Refused(_("The text has no word between asterisks."))
    return wrapped(task), _lines(text)


def _lines(text: str) -> str:
    return text if re.search(r"<(?:p|br|div|li)\b", text) else text.strip().replace("\n", "<br>")


def mark_the_words(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Every word can be chosen; those between asterisks are right. Of a long text, wrong words are taken together."""
    task, text = _task_and_text(params)
    marked = [(piece.whole, True) if isinstance(piece, Starred) else (piece, False) for piece in pieces(text)]
    placed, segments, is_long = segments_of(marked)
    if is_long:
        media.warnings.append(_("The text is long: its wrong words can be chosen in groups only."))
    yield QuestionDraft("select_text", media.before(params) + task + placed, {"segments": segments})


def single_choice_set(params: Params, media: Media) -> Iterator[QuestionDraft | Refused]:
    """Of each question the first answer is the right one; an asterisk before another says that it is not."""
    for choice in listed(params, "choices"):
        answers = [unwrapped(str(one)) for one in listed(choice, "answers")] if isinstance(choice, dict) else []
        answers = [one for n, one in enumerate(answers) if not n or text_of(one).strip() or "<img" in one]
        if not answers and not (isinstance(choice, dict) and first_text(choice, "question")):
            continue
        starred = [n for n, answer in enumerate(answers) if re.match(r"\*(?=[^*\s])", answer)]
        if len(starred) == 1 and starred[0]:
            yield Refused(
                _(
                    "H5P takes the first answer (%(first)s) for the right one, but %(starred)s begins with *."
                    " Put the right one first and take the * away.",
                    first=text_of(answers[0])[:60],
                    starred=text_of(answers[starred[0]])[:60],
                )
            )
            continue
        if starred == [0]:
            answers[0] = answers[0][1:]
        yield _first_is_right(first_text(choice, "question"), answers)


def summary(params: Params, media: Media) -> Iterator[QuestionDraft | Refused]:
    """Of each group of statements the first is the right one. The first versions have the groups as bare lists."""
    for group in listed(params, "summaries"):
        told = group if isinstance(group, dict) else {"summary": group}
        statements = [str(one) for one in listed(told, "summary") if text_of(str(one)).strip() or "<img" in str(one)]
        if not statements:
            continue
        if len(statements) == 1:
            yield Refused(_("There is only one statement to choose: %(what)s", what=text_of(statements[0])[:80]))
            continue
        draft = _first_is_right(first_text(params, "intro") or "Choose the correct statement.", statements)
        yield replace(draft, hints=hints_of([("", tip_of(told))]))


def _first_is_right(stem: str, answers: list[str]) -> QuestionDraft:
    options = [{"html": unwrapped(text), "fraction": "0" if n else "1"} for n, text in enumerate(answers)]
    return QuestionDraft("single_choice", stem, {"options": options})


def essay(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """The sample solution and the keywords are for the marker."""
    solution = params.get("solution")
    sample = first_text(solution, "sample", "introduction") if isinstance(solution, dict) else ""
    keywords = ["/".join(_spellings(one)) for one in listed(params, "keywords") if _spellings(one)]
    told = sample + (f"<p>{'、'.join(map(attribute, keywords))}</p>" if keywords else "")
    if any(_has_feedback(one) for one in listed(params, "keywords")):
        media.warnings.append(_("Feedback on keywords was left out."))
    if keywords:
        media.warnings.append(_("The keywords of an essay mark nothing here; the marker sees them."))
    least, most = (behaviour(params).get(name) for name in ("minimumLength", "maximumLength"))
    if any(isinstance(one, int) and one > 0 for one in (least, most)):
        media.warnings.append(
            _(
                "It asks for %(least)s to %(most)s characters; say it in the question.",
                least=least or 0,
                most=most or "∞",
            )
        )
    stem = media.before(params) + first_text(params, "taskDescription", "question")
    yield QuestionDraft("essay", stem, {"marker_html": told})


def _spellings(keyword: Any) -> list[str]:
    """A keyword and what is taken for it."""
    if not isinstance(keyword, dict) or not keyword.get("keyword"):
        return []
    return [bare(str(one)) for one in (keyword["keyword"], *listed(keyword, "alternatives")) if str(one).strip()]


def _has_feedback(keyword: Any) -> bool:
    told = keyword.get("options") if isinstance(keyword, dict) else None
    return isinstance(told, dict) and bool(first_text(told, "feedbackIncluded", "feedbackMissed"))


def multi_media_choice(params: Params, media: Media) -> Iterator[QuestionDraft]:
    """Options are pictures."""
    answers = []
    for one in listed(params, "options"):
        shown = one.get("media") if isinstance(one, dict) else None
        inner = shown.get("params") if isinstance(shown, dict) else None
        if not isinstance(shown, dict) or not isinstance(inner, dict):
            continue
        if not str(shown.get("library", "H5P.Image")).startswith("H5P.Image"):
            raise Refused(_("Its options are videos or sounds; options are texts and pictures here."))
        alt = str(inner.get("alt") or "")
        answers.append({**one, "text": media.picture(inner.get("file"), alt) or attribute(alt)})
    yield from multi_choice({**params, "answers": answers}, media)


READERS: dict[str, Callable[[Params, Media], Iterator[QuestionDraft | Refused]]] = {
    "H5P.MultiChoice": multi_choice,
    "H5P.DiscreteOptionMultiChoice": discrete_options,
    "H5P.TrueFalse": true_false,
    "H5P.Blanks": blanks,
    "H5P.DragText": drag_text,
    "H5P.MarkTheWords": mark_the_words,
    "H5P.SingleChoiceSet": single_choice_set,
    "H5P.Summary": summary,
    "H5P.Essay": essay,
    "H5P.OpenEndedQuestion": essay,
    "H5P.FreeTextQuestion": essay,
    "H5P.MultiMediaChoice": multi_media_choice,
}
