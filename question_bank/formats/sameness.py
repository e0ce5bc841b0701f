"""Whether a question came back from a file as it was written: what a writer asks before it lets a question out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, n_
from question_bank.authoring import QuestionDraft, cleaned

_USUAL = (("tolerance", "0"), ("tolerance_kind", "absolute"))
_SPACE = re.compile(r"[ \t\n\r]+")
_KEYS = frozenset({"key", "match_key"})
_PLAIN = QuestionDraft("description", "")
_FEEDBACK = frozenset({"feedback_html", "feedback_true_html", "feedback_false_html"})


def plain(value: Any, name: str = "", without: frozenset[str] = _KEYS) -> Any:
    """A content without the keys that are made anew each time and what is empty or goes without saying.

    The white space of its HTML is folded as a page does. `without` names what does not count.
    """
    if isinstance(value, dict):
        found = {name: plain(one, name, without) for name, one in value.items() if name not in without}
        return {name: one for name, one in found.items() if one not in ("", None, []) and (name, one) not in _USUAL}
    if isinstance(value, list):
        return [plain(one, "", without) for one in value]
    return as_shown(value) if isinstance(value, str) and name.endswith("html") else value


def as_shown(html: str) -> str:
    """HTML with its white space folded, but for what is preformatted."""
    return html.strip() if "<pre" in html else _SPACE.sub(" ", html).strip(" ")


def is_same(before: QuestionDraft, read_back: Iterable[QuestionDraft], kept: Collection[str] = ()) -> bool:
    """Whether exactly one question was read back, of the same kind, text and content, and equal in what is `kept`.

    `kept` holds names of fields of a draft, and "feedback" if feedback inside the content counts.
    """
    without = _KEYS if "feedback" in kept else _KEYS | _FEEDBACK
    again = list(read_back)
    if len(again) != 1:
        return False
    try:
        after = cleaned(again[0])
    except Refused:
        return False
    return (
        after.kind == before.kind
        and as_shown(after.stem_html) == as_shown(before.stem_html)
        and plain(after.content, without=without) == plain(before.content, without=without)
        and all(_field(after, name) == _field(before, name) for name in kept if name != "feedback")
    )


def _field(draft: QuestionDraft, name: str) -> Any:
    if name == "hints":
        return [as_shown(hint) for hint in draft.hints]
    return plain(getattr(draft, name), name)


def _has(draft: QuestionDraft, name: str) -> bool:
    """Whether a question has something of that name that does not go without saying."""
    if name == "feedback":
        return bool(plain(draft.content) != plain(draft.content, without=_KEYS | _FEEDBACK))
    if name == "mark" and draft.kind == "description":
        return False
    return bool(getattr(draft, name) != getattr(_PLAIN, name))


def lost(drafts: Collection[QuestionDraft], kept: Collection[str]) -> list[Message]:
    """One sentence for each thing beside the question itself that a format does not keep, if a question has it."""
    found = []
    for name, say in _LOST.items():
        count = 0 if name in kept else sum(1 for draft in drafts if _has(draft, name))
        if count:
            found.append(say(count))
    return found


_LOST: dict[str, Callable[[int], Message]] = {
    "mark": lambda n: n_(
        "%(n)s question is not worth 1 mark, which this format can't say.",
        "%(n)s questions are not worth 1 mark, which this format can't say.",
        n=n,
    ),
    "difficulty": lambda n: n_(
        "The difficulty of %(n)s question is not written.", "The difficulties of %(n)s questions are not written.", n=n
    ),
    "title": lambda n: n_(
        "The title of %(n)s question is not written.", "The titles of %(n)s questions are not written.", n=n
    ),
    "tags": lambda n: n_(
        "The tags of %(n)s question are not written.", "The tags of %(n)s questions are not written.", n=n
    ),
    "source": lambda n: n_(
        "The source of %(n)s question is not written.", "The sources of %(n)s questions are not written.", n=n
    ),
    "category": lambda n: n_(
        "The category of %(n)s question is not written.", "The categories of %(n)s questions are not written.", n=n
    ),
    "explanation_html": lambda n: n_(
        "The explanation of %(n)s question is not written.",
        "The explanations of %(n)s questions are not written.",
        n=n,
    ),
    "hints": lambda n: n_(
        "The hints of %(n)s question are not written.", "The hints of %(n)s questions are not written.", n=n
    ),
    "feedback": lambda n: n_(
        "The feedback of %(n)s question is not written.", "The feedback of %(n)s questions is not written.", n=n
    ),
}
