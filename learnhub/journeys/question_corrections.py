"""Questions of an import that waits are corrected in place, left out, and brought in after all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from learnhub.audit.models import Import
from learnhub.journeys import seen_files
from learnhub.journeys.import_questions import asked_of, keep, look_again, require_preview
from learnhub.journeys.question_file import Item, items_of
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from question_bank.formats.sourced import LARGEST_SOURCE, Asked, Source

MOST_CORRECTED = 1_000
"""Corrections of one import; who has more to correct mends the file."""


def correct_text(row: Import, key: str, text: str) -> list[Item]:
    """Read a question from this text instead of the file's; gives what becomes of it.

    Refused, and nothing kept, when the file could not be read any more, or there is no question in the text.
    """
    source = _source(row, key)
    if source.cells or not text.strip():
        raise Refused(_("There is no question in this text. Leave it out instead."))
    if len(text) > LARGEST_SOURCE:
        raise Refused(_("This text is too long to be corrected here."))
    lines = {"first": source.first, "last": source.last} if source.first else {}
    return _corrected(row, key, {"text": text.replace("\r\n", "\n"), **lines})


def correct_cells(row: Import, key: str, cells: Mapping[int, str]) -> list[Item]:
    """Read a row with these texts in its cells, by their position; gives what becomes of it."""
    source = _source(row, key)
    if not source.cells:
        raise Refused(_("There are no cells at this place."))
    if sum(map(len, cells.values())) > LARGEST_SOURCE:
        raise Refused(_("This text is too long to be corrected here."))
    kept = dict(asked_of(row).corrections.get(key, {}).get("cells", {}))
    for at, written in cells.items():
        now = source.cells[at] if at < len(source.cells) else ""
        text = written.replace("\r\n", "\n").strip()
        if at < len(source.heads) + len(source.cells) and text != now.replace("\r\n", "\n"):
            kept[str(at)] = text
    return _corrected(row, key, {"cells": kept})


def read_as_sent(row: Import, key: str) -> None:
    """Take a correction back."""
    asked = asked_of(row)
    _keep(row, replace(asked, corrections={at: one for at, one in asked.corrections.items() if at != key}))


def leave_out(row: Import, key: str) -> None:
    """Let a question of the file not come in."""
    _source(row, key)
    asked = asked_of(row)
    if key not in asked.left_out:
        _keep(row, replace(asked, left_out=(*asked.left_out, key)))


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


def _corrected(row: Import, key: str, correction: Mapping[str, Any]) -> list[Item]:
    asked = asked_of(row)
    corrections = {**asked.corrections, key: correction}
    if len(corrections) > MOST_CORRECTED:
        raise Refused(_("This many corrections are better made in the file. Bring it in again then."))
    left_out = tuple(one for one in asked.left_out if one != key)
    return _keep(row, replace(asked, corrections=corrections, left_out=left_out), key)


def _keep(row: Import, asked: Asked, key: str = "") -> list[Item]:
    require_preview(row)
    looked = look_again(row, asked)
    items = [one for one in items_of(looked) if one.source.key == key]
    if key and not items:
        raise Refused(_("There is no question in this text. Leave it out instead."))
    keep(row, looked, asked)
    seen_files.note(row, looked)
    return items
