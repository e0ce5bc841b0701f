"""Whether a question came back from a file as it was written: what a writer asks before it lets a question out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, n_
from question_bank.authoring import QuestionDraft, cleaned

TEXTS = ("title", "tags", "explanation_html", "category")
"""What stands around the question itself."""
_SPACE = re.compile(r"[ \t\n\r]+")
_KEYS = frozenset({"key", "match_key"})


def plain(value: Any, name: str = "") -> Any:
    """A content without the keys that are made anew each time, the white space of its HTML folded as a page does."""
    if isinstance(value, dict):
        return {name: plain(one, name) for name, one in value.items() if name not in _KEYS}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return as_shown(value) if isinstance(value, str) and name.endswith("html") else value


def as_shown(html: str) -> str:
    """HTML with its white space folded, but for what is preformatted."""
    return html.strip() if "<pre" in html else _SPACE.sub(" ", html).strip(" ")


def is_same(before: QuestionDraft, read_back: Iterable[QuestionDraft], kept: Collection[str] = ()) -> bool:
    """Whether exactly one question was read back, of the same kind, text and content, and equal in what is `kept`."""
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
        and plain(after.content) == plain(before.content)
        and all(plain(getattr(after, name), name) == plain(getattr(before, name), name) for name in kept)
    )


def lost(drafts: Collection[QuestionDraft], kept: Collection[str]) -> list[Message]:
    """One sentence for each thing beside the question itself that a format does not keep, if a question has it."""
    usual = QuestionDraft("description", "")
    found = []
    for name, say in _LOST.items():
        count = sum(
            1 for draft in drafts if getattr(draft, name) != getattr(usual, name) and draft.kind != "description"
        )
        if name not in kept and count:
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
    "category": lambda n: n_(
        "The category of %(n)s question is not written.", "The categories of %(n)s questions are not written.", n=n
    ),
    "explanation_html": lambda n: n_(
        "The explanation of %(n)s question is not written.",
        "The explanations of %(n)s questions are not written.",
        n=n,
    ),
}
