"""Pictures and sounds of questions: served to who is signed in, taken in from the author's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, request
from flask.typing import ResponseReturnValue

from learnhub.journeys import bank_files
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.file_types import HEAD, media_by_head
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.web import files
from learnhub.web.context import arrived
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank.blueprint import area
from question_bank import media
from question_bank.authoring import QuestionDraft

MOST_FILES = 40
"""Files that one form carries along."""
A_YEAR = "private, max-age=31536000, immutable"


@area.get(f"{media.ADDRESS}<name>")
@signed_in
def bank_file(name: str) -> ResponseReturnValue:
    """A picture or a sound by the digest of its content, which nobody can guess who was not shown it."""
    digest = media.digest_of(name)
    if digest is None:
        raise NotFound(_w("This file is no longer in the store."))
    with house.files.open(digest) as file:
        if media_by_head(file.read(HEAD)) != "." + name.rpartition(".")[2]:
            raise NotFound(_w("This file is no longer in the store."))
    answer = make_response(files.deliver(digest, name, media.type_of(name)))
    if answer.status_code in {200, 206, 304}:
        answer.headers["Cache-Control"] = A_YEAR
    return answer


@dataclass(frozen=True)
class Offered:
    """A file that the author may put into a text: the line to paste, and what the list shows."""

    name: str
    words: str
    line: str
    picture: bool


def receive(form: Any) -> list[str]:
    """The files of a form, `name words` each: those it carries along, and the one that was chosen just now.

    One that can't be kept is told at its field.
    """
    sent = request.form.getlist("kept")[:MOST_FILES]
    if not form.file.data:
        return sent
    try:
        name = _take(form.file.data.stream.read(media.LARGEST_SOUND + 1))
    except Refused as error:
        form.file.errors = [*form.file.errors, str(say(error.message))]
        return sent
    return [*sent, f"{name} {' '.join((form.file_words.data or '').split())}".rstrip()]


def append_new(form: Any, sent: list[str]) -> None:
    """A file that was chosen and not uploaded before saving: it stands at the end of the question's text."""
    before = request.form.getlist("kept")[:MOST_FILES]
    for text in sent[len(before) :]:
        name, _space, words = text.partition(" ")
        form.stem.data = f"{form.stem.data or ''}\n{media.line(name, words)}".strip()


def offered(sent: list[str], draft: QuestionDraft | None) -> list[Offered]:
    """What the form lists: the files uploaded in it, and those that its question has already."""
    found: dict[str, Offered] = {}
    for text in [*sent, *sorted(media.names_of(draft) if draft is not None else ())]:
        name, _space, words = text.partition(" ")
        if name not in found and bank_files.is_stored(name):
            found[name] = Offered(name, words[:500], media.line(name, words[:500]), media.is_picture(name))
    return list(found.values())


def warn_of_untold(draft: QuestionDraft) -> None:
    """Remind the author of pictures without words."""
    if media.count_untold(draft):
        flash(
            _('A picture has no words for who can\'t see it. Write what is to be seen between the quotes of alt="".'),
            "warning",
        )


def _take(data: bytes) -> str:
    """Keep a file that was uploaded; its name. Refused for what a question can't hold."""
    kept = media.kept(data)
    bank_files.keep(kept.data, arrived())
    return kept.name
