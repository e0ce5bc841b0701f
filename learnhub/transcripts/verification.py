"""Is this file a transcript of ours, and unchanged? By the signature alone, without asking the database."""

from __future__ import annotations

import io
import json
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from learnhub.kernel import signing
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.transcripts import pdf
from learnhub.transcripts.document import KIND, canonical

LARGEST = 20_000_000
"""Bytes of a file that is looked at."""


def verify_file(data: bytes, public: dict[str, Any] | None = None) -> dict[str, Any]:
    """`{"genuine", "reason", "document"}` of a PDF or JSON file. `public` is our public key as JWK by default.

    A PDF is genuine when its attached document is signed by us and its pages are those that the document gives.
    """
    if len(data) > LARGEST:
        return _no(_("This file is too large to be a transcript."))
    is_pdf = data.lstrip()[:5] == b"%PDF-"
    try:
        attached = _attachment(data) if is_pdf else data
        parts = json.loads(attached)
        document, signature = parts["document"], parts["signature"]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError):
        return _no(_("This file is not a transcript of this system."))
    try:
        signed = signing.verify(str(signature), public or signing.public_key(house.signing_key))
    except signing.BadSignature:
        return _no(_("The signature is not ours: the document was changed or made by somebody else."))
    if not isinstance(document, dict) or signed != canonical(document) or document.get("kind") != KIND:
        return _no(_("The signature belongs to another document."))
    if is_pdf and not _pages_are(data, document, attached):
        return {**_no(_("The pages were changed: they do not show what was signed.")), "document": document}
    return {"genuine": True, "reason": _("Signed by this organisation and unchanged."), "document": document}


def _no(reason: Message) -> dict[str, Any]:
    return {"genuine": False, "reason": reason, "document": None}


def _attachment(data: bytes) -> bytes:
    return bytes(PdfReader(io.BytesIO(data)).attachments[pdf.ATTACHMENT][0])


def _pages_are(data: bytes, document: dict[str, Any], attached: bytes) -> bool:
    """Whether drawing the document again gives these pages: byte for byte, or (by another version of the library that
    draws) at least word for word."""
    again = pdf.render(document, attached)
    return again == data or _words(again) == _words(data)


def _words(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
