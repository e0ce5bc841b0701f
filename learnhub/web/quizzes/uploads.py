"""Files handed in as answers: uploaded at once by the page's script, or with the page's form, and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from learnhub.kernel.db import unit_of_work
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from learnhub.quizzes import attempts, handed_in, papers
from learnhub.quizzes.models import Attempt
from learnhub.web import files
from learnhub.web.context import arrived, member_id
from learnhub.web.guards import signed_in
from learnhub.web.quizzes.blueprint import area


@area.post("/attempts/<int:attempt_id>/files/<int:slot>")
@signed_in
def hand_in_file(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Keep a file for an answer; what the answer then says of it. The answer itself is saved as every other."""
    found = attempts.find(member_id(), attempt_id)
    file = request.files.get("file")
    if file is None:
        raise Refused(_("Choose a file."))
    taken = _take(found, slot, request.form.get("part", ""), file)
    return jsonify({"digest": taken.digest, "name": taken.name, "size": taken.size})


@area.get("/attempts/<int:attempt_id>/files/<int:slot>/<digest>")
@signed_in
def file(attempt_id: int, slot: int, digest: str) -> ResponseReturnValue:
    """A file that I handed in."""
    found = attempts.find(member_id(), attempt_id)
    return deliver(found, slot, digest)


def deliver(attempt: Attempt, slot: int, digest: str) -> ResponseReturnValue:
    """A file of an attempt that the caller has found for this person: always a download."""
    kept = handed_in.find(attempt.member_id, attempt.id, slot, digest)
    return files.deliver(kept.digest, kept.name, kept.media_type, download=True)


def takes_files(kind: str, public: dict[str, Any]) -> bool:
    """Whether a question asks for files, itself or inside a case."""
    return kind == "file_upload" or any(one["kind"] == "file_upload" for one in public.get("questions", []))


def with_uploads(
    attempt: Attempt, form: MultiDict[str, str], sent: MultiDict[str, FileStorage]
) -> tuple[MultiDict[str, str], dict[int, Message | str]]:
    """A page's fields with the files that came with it named in them, and why some were not taken, by slot.

    Where an answer is one file, the new one stands in the old one's place.
    """
    fields, faults = form.copy(), cast("dict[int, Message | str]", {})
    for slot, key, prefix, most in _wanted(attempt):
        for file in (one for one in sent.getlist(f"{prefix}upload") if one.filename):
            try:
                with unit_of_work():
                    taken = _take(attempts.find(attempt.member_id, attempt.id), slot, key, file)
            except Refused as refusal:
                faults[slot] = refusal.message
                continue
            if most == 1:
                fields.setlist(f"{prefix}file", [])
            fields.add(f"{prefix}file", taken.line)
    return fields, faults


def _wanted(attempt: Attempt) -> Iterator[tuple[int, str, str, int]]:
    """The questions that take files: slot, key in a case, what their fields begin with, and how many they take."""
    for slot in papers.slots_of(attempt.layout):
        asked = papers.asked(slot.version_id)
        if asked.kind.name == "file_upload":
            yield slot.number, "", f"s{slot.number}-", asked.content["most"]
        for one in asked.content.get("questions", []) if asked.kind.name == "case" else ():
            if one["kind"] == "file_upload":
                yield slot.number, one["key"], f"s{slot.number}-{one['key']}-", one["content"]["most"]


def _take(attempt: Attempt, slot: int, key: str, file: FileStorage) -> handed_in.Taken:
    return handed_in.take(attempt, slot, key, cast(Any, file.stream), file.filename or "", arrived())
