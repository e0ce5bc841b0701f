"""Is this file a transcript of ours, and unchanged? By the signatures alone, without asking the database."""

from __future__ import annotations

import json
from typing import Any

from learnhub.kernel import signing
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.transcripts import sealing
from learnhub.transcripts.document import KIND, canonical

LARGEST = 20_000_000
"""Bytes of a file that is looked at."""


def verify_file(data: bytes, public: dict[str, Any] | None = None) -> dict[str, Any]:
    """`{"genuine", "reason", "document"}` of a PDF or JSON file. `public` is our public key as JWK by default.

    A PDF is genuine when its attached document is signed by us and its pages are the signed ones, byte for byte. Of a
    PDF whose pages were touched (or written again by another program) the document is still given, to be compared.
    """
    if len(data) > LARGEST:
        return _no(_("This file is too large to be a transcript."))
    is_pdf = data.lstrip()[:5] == b"%PDF-"
    try:
        attached = sealing.attachment_of(data) if is_pdf else data
        parts = json.loads(attached)
        document, signature = parts["document"], parts["signature"]
        said = canonical(document)
    except Exception:  # whatever a reader of foreign files stumbles over, the file is none of ours
        return _no(_("This file is not a transcript of this system."))
    public = public or signing.public_key(house.signing_key)
    try:
        signed = signing.verify(str(signature), public)
    except signing.BadSignature:
        return _no(_("The signature is not ours: the document was changed or made by somebody else."))
    if not isinstance(document, dict) or signed != said or document.get("kind") != KIND:
        return _no(_("The signature belongs to another document."))
    if is_pdf and not sealing.untouched(data, attached, document["code"], public):
        reason = _("The pages were changed after they were signed. Believe only the figures shown here.")
        return {**_no(reason), "document": document}
    return {"genuine": True, "reason": _("Signed by this organisation and unchanged."), "document": document}


def _no(reason: Message) -> dict[str, Any]:
    return {"genuine": False, "reason": reason, "document": None}
