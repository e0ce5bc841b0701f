"""The type of an H5P `content.json` that comes without its package, by the fields that no other type has."""

from __future__ import annotations

from typing import Any

_SHAPES = (
    ("H5P.CoursePresentation", {"presentation"}),
    ("H5P.InteractiveVideo", {"interactiveVideo"}),
    ("H5P.BranchingScenario", {"branchingScenario"}),
    ("H5P.VirtualTour", {"threeImage"}),
    ("H5P.GameMap", {"gamemapSteps"}),
    ("H5P.Questionnaire", {"questionnaireElements"}),
    ("H5P.ImageHotspots", {"hotspots", "iconType"}),
    ("H5P.ImageHotspotQuestion", {"imageHotspotQuestion"}),
    ("H5P.ImageMultipleHotspotQuestion", {"imageMultipleHotspotQuestion"}),
    ("H5P.SpeakTheWords", {"acceptedAnswers", "inputLanguage"}),
    ("H5P.FindTheWords", {"wordList", "taskDescription"}),
    ("H5P.Accordion", {"panels", "hTag"}),
    ("H5P.Dialogcards", {"dialogs", "behaviour"}),
    ("H5P.InteractiveBook", {"chapters", "behaviour"}),
    ("H5P.SingleChoiceSet", {"choices", "behaviour"}),
    ("H5P.Summary", {"summaries", "intro"}),
    ("H5P.MultiMediaChoice", {"options", "question", "behaviour", "l10n"}),
    ("H5P.MultiChoice", {"answers", "question", "behaviour"}),
    ("H5P.MultiChoice", {"answers", "question", "UI"}),
    ("H5P.Crossword", {"words", "behaviour", "theme"}),
    ("H5P.Crossword", {"words", "behaviour", "a11y"}),
    ("H5P.VocabularyDrill", {"words", "sourceLanguage", "targetLanguage"}),
    ("H5P.TrueFalse", {"correct", "question", "l10n"}),
    ("H5P.SortParagraphs", {"paragraphs", "taskDescription"}),
    ("H5P.ImageSequencing", {"sequenceImages"}),
    ("H5P.Dictation", {"sentences", "taskDescription"}),
    ("H5P.ArithmeticQuiz", {"arithmeticType", "maxQuestions"}),
    ("H5P.Essay", {"taskDescription", "keywords"}),
)
_OF_DRAGGING = {"dropZoneIndex", "distractors", "correctText", "grabbed"}
_OF_MARKING = {"checkAnswerButton", "missedAnswer", "incorrectAnswer", "displaySolutionDescription"}
"""What one of the two types with a `textField` has and the other has not."""
_OF_CARD = {"text", "answer", "image", "imageAltText", "tip"}


def library_by_shape(params: dict[str, Any]) -> str | None:
    """The content type that has these fields."""
    for name, fields in _SHAPES:
        if fields <= set(params):
            return name
    asked, inside = params.get("question"), params.get("content")
    if isinstance(asked, str) and "behaviour" in params and str(params.get("correct")).casefold() in {"true", "false"}:
        return "H5P.TrueFalse"
    if isinstance(asked, dict) and isinstance(asked.get("task"), dict) and "dropZones" in asked["task"]:
        return "H5P.DragQuestion"
    if isinstance(inside, dict) and {"blanksText", "blanksList"} <= set(inside):
        return "H5P.AdvancedBlanks"
    if isinstance(inside, list) and inside and all(isinstance(one, dict) and "content" in one for one in inside):
        return "H5P.Column"
    return _of_questions(params) or _of_cards(params) or _of_text(params)


def _of_text(params: dict[str, Any]) -> str | None:
    """Words to drag or to mark, by the names of their buttons and settings."""
    if not {"textField", "taskDescription"} <= set(params):
        return None
    settings = params.get("behaviour")
    settings = settings if isinstance(settings, dict) else {}
    drags = bool(_OF_DRAGGING & set(params)) or "instantFeedback" in settings
    marks = bool(_OF_MARKING & set(params)) or "showScorePoints" in settings
    if drags == marks:
        return None
    return "H5P.DragText" if drags else "H5P.MarkTheWords"


def _of_questions(params: dict[str, Any]) -> str | None:
    questions = params.get("questions")
    if isinstance(questions, list) and questions:
        if all(isinstance(one, str) for one in questions):
            starred = isinstance(params.get("text"), str) and any(one.count("*") > 1 for one in questions)
            return "H5P.Blanks" if starred or "behaviour" in params else None
        if all(isinstance(one, dict) and str(one.get("library", "")).startswith("H5P.") for one in questions):
            return "H5P.QuestionSet"
    return None


def _of_cards(params: dict[str, Any]) -> str | None:
    cards = params.get("cards")
    if not isinstance(cards, list) or not cards or not all(isinstance(one, dict) for one in cards):
        return None
    if all({"image", "match"} <= set(one) for one in cards) and "taskDescription" in params:
        return "H5P.ImagePair"
    if "behaviour" in params and all("image" in one and "path" in (one["image"] or {}) for one in cards):
        return "H5P.ImagePair" if "taskDescription" in params else "H5P.MemoryGame"
    if all("answer" in one for one in cards) and {"checkAnswerText", "defaultAnswerText"} & set(params):
        return "H5P.Flashcards"
    return "H5P.Flashcards" if all({"text", "answer"} <= set(one) <= _OF_CARD for one in cards) else None
