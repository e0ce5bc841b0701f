"""When two questions are the same: a digest of what they ask."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from learnhub.kernel.markup import text_of

if TYPE_CHECKING:
    from question_bank.authoring import QuestionDraft


def fingerprint(draft: QuestionDraft) -> str:
    """Digest of kind, stem, options and answers with widths, spaces and punctuation folded: equal means the same.

    The order of options does not count.
    """
    parts = [draft.kind, _fold(draft.stem_html)]
    content = draft.content
    parts += sorted(f"{_fold(option['html'])}={option.get('fraction', '0')}" for option in content.get("options", []))
    for answers in [content.get("answers", []), *(blank["answers"] for blank in content.get("blanks", []))]:
        parts.append("|")
        parts += sorted(_fold_answer(answer) for answer in answers)
    if "answer" in content:
        parts.append(str(content["answer"]))
    parts += [f"{name}:{_told(name, content[name])}" for name in _STRUCTURES if content.get(name)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


_STRUCTURES = (
    "pairs", "distractors", "items", "scoring", "segments", "choices", "gaps", "parts", "questions", "units",
    "unit_penalty", "significant",
)  # fmt: skip
_IN_ANY_ORDER = frozenset({"pairs", "distractors", "options", "answers"})
_SAYS_NOTHING = frozenset({"key", "match_key", "feedback_html"})


def _told(name: str, value: Any) -> str:
    """A part of a content as one text: without keys and feedback, texts folded, lists in order where order matters."""
    if isinstance(value, dict):
        inner = (f"{one}={_told(one, value[one])}" for one in sorted(value) if one not in _SAYS_NOTHING)
        return "{" + "&".join(inner) + "}"
    if isinstance(value, list):
        told = [_told(name, one) for one in value]
        return "[" + "|".join(sorted(told) if name in _IN_ANY_ORDER else told) + "]"
    return _fold(str(value))


def _fold_answer(answer: dict[str, Any]) -> str:
    names = ("text", "value", "tolerance", "tolerance_kind", "low", "high", "fraction")
    return "&".join(f"{name}={_fold(str(answer[name]))}" for name in names if name in answer)


_FOLDED_AWAY = re.compile(r"[\s,;:?\"'“”‘’、。《》「」【】…()（）_]+|(?<!\d)\.|\.(?!\d)|!+$")


def _fold(markup: str) -> str:
    pictures = "".join(re.findall(r'src="([^"]*)"', markup)) if "src=" in markup else ""
    text = unicodedata.normalize("NFKC", text_of(markup)).casefold()
    return (_FOLDED_AWAY.sub("", text) or text) + pictures
