"""Questions of an import that waits are corrected in place, left out, and brought in after all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from learnhub.audit.models import Import
from learnhub.journeys import seen_files
from learnhub.journeys.import_questions import asked_of, keep, look_again, require_preview
from learnhub.journeys.question_file import Item, Looked, find_near, items_of
from learnhub.kernel.db import aside
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from question_bank import authoring
from question_bank.formats.sourced import LARGEST_SOURCE, Asked, Source

MOST_CORRECTED = 1_000
"""Corrections of one import; who has more to correct mends the file."""


def correct_text(row: Import, key: str, text: str) -> list[Item]:
    """Read a question from this text instead of the file's; gives what becomes of it.

    Refused, and nothing kept, when the file could not be read any more, or there is no question in the text.
    """

    def written(source: Source, _asked: Asked) -> Mapping[str, Any]:
        if source.cells or not text.strip():
            raise Refused(_("There is no question in this text. Leave it out instead."))
        if len(text) > LARGEST_SOURCE:
            raise Refused(_("This text is too long to be corrected here."))
        lines = {"first": source.first, "last": source.last} if source.first else {}
        return {"text": text.replace("\r\n", "\n"), **lines}

    return _correct(row, key, written)


def correct_cells(row: Import, key: str, cells: Mapping[int, str]) -> list[Item]:
    """Read a row with these texts in its cells, by their position; gives what becomes of it."""

    def written(source: Source, asked: Asked) -> Mapping[str, Any]:
        if not source.cells:
            raise Refused(_("There are no cells at this place."))
        if sum(map(len, cells.values())) > LARGEST_SOURCE:
            raise Refused(_("This text is too long to be corrected here."))
        kept = dict(asked.corrections.get(key, {}).get("cells", {}))
        for at, said in cells.items():
            now = source.cells[at] if at < len(source.cells) else ""
            text = said.replace("\r\n", "\n").strip()
            if at < len(source.heads) + len(source.cells) and text != now.replace("\r\n", "\n"):
                kept[str(at)] = text
        return {"cells": kept}

    return _correct(row, key, written)


def read_as_sent(row: Import, key: str) -> None:
    """Take a correction back."""
    asked = asked_of(row)
    _keep(row, replace(asked, corrections={at: one for at, one in asked.corrections.items() if at != key}))


def leave_out(row: Import, key: str) -> None:
    """Let a question of the file not come in."""
    asked = asked_of(row)
    if key not in asked.left_out:
        _keep(row, replace(asked, left_out=(*asked.left_out, key)), there=key)


def bring_in(row: Import, key: str) -> None:
    """Let a question come in that was left out."""
    asked = asked_of(row)
    _keep(row, replace(asked, left_out=tuple(one for one in asked.left_out if one != key)))


def _source(row: Import, key: str) -> Source:
    require_preview(row)
    for source in seen_files.see(row).sources.values():
        if source.key == key:
            return source
    raise NotFound(_("The place %(where)s is not in this file.", where=key[:80]))


def _correct(row: Import, key: str, written: Callable[[Source, Asked], Mapping[str, Any]]) -> list[Item]:
    asked = asked_of(row)
    with aside():
        corrections = {**asked.corrections, key: written(_source(row, key), asked)}
    if len(corrections) > MOST_CORRECTED:
        raise Refused(_("This many corrections are better made in the file. Bring it in again then."))
    left_out = tuple(one for one in asked.left_out if one != key)
    items = _keep(row, replace(asked, corrections=corrections, left_out=left_out), there=key)
    return [one for one in items if one.source.key == key]


def _keep(row: Import, asked: Asked, there: str = "") -> list[Item]:
    """Read the file in another way, while others write, and note it; everything that stands in it then.

    Refused when a place has no question then; Conflict when somebody else corrected something meanwhile.
    """
    require_preview(row)
    before = asked_of(row)
    with aside():
        looked, items = _read(row, asked, there)
    keep(row, looked, asked, before)
    seen_files.note(row, looked)
    return items


def _read(row: Import, asked: Asked, there: str) -> tuple[Looked, list[Item]]:
    looked = look_again(row, asked)
    items = items_of(looked)
    if there and there not in {one.source.key for one in items}:
        raise Refused(_("There is no question in this text. Leave it out instead."))
    find_near(looked, authoring.find_bank(row.target))
    return looked, items_of(looked)
