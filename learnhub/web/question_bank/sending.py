"""A form of the bank that is sent twice with the same words is one form: its page carries a key of its own."""

from __future__ import annotations

import hashlib
import secrets

from flask import request
from markupsafe import Markup

from learnhub.web.context import actor, arrived
from learnhub.web.question_bank.blueprint import area
from question_bank import sent_forms

FIELD = "page_key"
LONGEST_KEY = 40


@area.context_processor
def _field() -> dict[str, object]:
    return {"page_key": field, "key_of_page": key}


def key() -> str:
    """The key of this page; it stays the same while the form is filled in."""
    return request.form.get(FIELD, "")[:LONGEST_KEY] or secrets.token_urlsafe(16)


def field() -> Markup:
    """The hidden field with the key of this page."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, key())


class Sending:
    """One sending of a form: `before` is what the same page with the same words made already, None at first."""

    def __init__(self) -> None:
        """Begin it; a page without a key counts as sent for the first time."""
        page = request.form.get(FIELD, "")[:LONGEST_KEY]
        self.key = _digest(page) if page else ""
        self.before = sent_forms.begin(self.key, arrived()) if self.key else None

    def made(self, made_id: int) -> None:
        """Note what it made."""
        if self.key:
            sent_forms.made(self.key, made_id)


def _digest(page: str) -> str:
    """Who sent which page with which words and files: changed words, after going back, are another form."""
    told = hashlib.sha256(f"{actor().id}\n{request.path}\n{page}\n".encode())
    for name, values in sorted(request.form.lists()):
        if name not in ("csrf_token", FIELD):
            told.update(repr((name, values)).encode())
    for name, files in sorted(request.files.lists()):
        for file in files:
            file.stream.seek(0)
            told.update(repr((name, file.filename)).encode() + hashlib.sha256(file.stream.read()).digest())
            file.stream.seek(0)
    return told.hexdigest()
