"""Our own form of questions as JSON: nothing is lost on the way out and back, pictures and sounds included."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank import media
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.reading import Reading, Refusal

OURS = "learnhub-questions"


def is_ours(data: bytes) -> bool:
    """Whether a file begins as our own form does, which may be larger, since it holds pictures and sounds."""
    return re.match(rb"\s*\{\s*\"format\":\s*\"learnhub-questions\"", data[:200]) is not None


def read_ours(reading: Reading, found: dict[str, Any]) -> None:
    """Add the questions of a document in our own form to a reading."""
    items = found.get("questions")
    if found.get("version") != 1 or not isinstance(items, list):
        raise Refused(_("This version of the LearnHub format can't be read."))
    _read_files(reading, found.get("files", {}))
    for n, item in enumerate(items):
        where = f"/questions/{n}"
        try:
            draft = _ours(item, where)
            cleaned(draft)
        except Refused as error:
            reading.refuse(where, error)
        except (TypeError, ValueError, KeyError, AttributeError):
            reading.refused.append(Refusal(where, _("The question is not well formed.")))
        else:
            reading.questions.append(draft)


def _read_files(reading: Reading, files: Any) -> None:
    """Pictures and sounds, each under the name of its content."""
    if not isinstance(files, dict):
        raise Refused(_("The files of this document are not well formed."))
    for name, text in files.items():
        try:
            data = base64.b64decode(text, validate=True)
        except (TypeError, ValueError):
            data = b""
        if media.name_of(data) == name:
            reading.files[name] = data
        else:
            reading.warnings.append(_("The file %(name)s is not what its name says; it was left out.", name=name[:80]))


OURS_HOLDS = {
    "kind": str,
    "title": str,
    "stem_html": str,
    "content": dict,
    "mark": int,
    "category": str,
    "tags": list,
    "difficulty": int,
    "explanation_html": str,
    "source": str,
    "clause": str,
    "hints": list,
}
"""What a question in our own form holds."""


def _ours(item: Any, where: str) -> QuestionDraft:
    wrong = not isinstance(item, dict) or set(item) - set(OURS_HOLDS) or not {"kind", "stem_html"} <= set(item)
    if wrong or any(not isinstance(value, OURS_HOLDS[name]) for name, value in item.items()):
        raise Refused(_("The question is not well formed."))
    lists = {name: tuple(item.get(name, [])) for name in ("tags", "hints")}
    if not all(isinstance(one, str) for found in lists.values() for one in found):
        raise Refused(_("The question is not well formed."))
    return QuestionDraft(**{**item, **lists, "where": where})


def write(drafts: list[QuestionDraft], files: Mapping[str, bytes] | None = None) -> bytes:
    """Questions in our own form, with their files: reading it back gives the same drafts and files."""
    questions = [{name: _plain(getattr(draft, name)) for name in OURS_HOLDS} for draft in drafts]
    document: dict[str, Any] = {"format": OURS, "version": 1, "questions": questions}
    if files:
        document["files"] = {name: base64.b64encode(data).decode() for name, data in sorted(files.items())}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
