"""A PDF that carries its own proof: the signed document and the signed digest of its pages, appended as an attachment.

The pages stay as they were drawn, byte for byte; what is appended follows from them and the attachment (an incremental
update, ISO 32000-1, 7.5.6). So a reader of any later version can tell whether a page was touched, without drawing it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from typing import Any

from pypdf import PdfReader

from learnhub.kernel import signing
from learnhub.kernel.house import house
from learnhub.transcripts import pdf
from learnhub.transcripts.document import as_json, canonical
from learnhub.transcripts.models import IssuedTranscript

NAME = "transcript.json"
KIND = "learnhub.pages/1"
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_SIZE = re.compile(rb"/Size (\d+)")


def as_pdf(issued: IssuedTranscript) -> bytes:
    """The file of an issued transcript: its pages, and their proof."""
    pages = pdf.render(issued.document)
    parts = json.loads(as_json(issued))
    parts["pages"] = signing.sign(canonical(_about(issued.code, pages)), house.signing_key)
    return seal(pages, json.dumps(parts, ensure_ascii=False, indent=2, sort_keys=True).encode())


def _about(code: str, pages: bytes) -> dict[str, Any]:
    return {"kind": KIND, "code": code, "size": len(pages), "sha256": hashlib.sha256(pages).hexdigest()}


def seal(pages: bytes, attachment: bytes) -> bytes:
    """Append an attachment to a PDF as its catalogue's embedded file; ValueError for a PDF that we did not draw."""
    trailer = _TRAILER.search(pages)
    root = _ROOT.search(trailer.group(1)) if trailer else None
    size = _SIZE.search(trailer.group(1)) if trailer else None
    if trailer is None or root is None or size is None:
        raise ValueError("not a PDF with one trailer at its end")
    number, first = int(root.group(1)), int(size.group(1))
    catalogue = re.search(rb"(?:\A|\s)%d 0 obj\s*<<(.*?)>>\s*endobj" % number, pages, re.DOTALL)
    if catalogue is None:
        raise ValueError("not a PDF with a plain catalogue")
    name = NAME.encode()
    entries = {
        number: b"<<%s/Names << /EmbeddedFiles << /Names [ (%s) %d 0 R ] >> >> >>"
        % (catalogue.group(1), name, first + 1),
        first: b"<< /Type /EmbeddedFile /Subtype /application#2Fjson /Length %d >>\nstream\n%s\nendstream"
        % (len(attachment), attachment),
        first + 1: b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F %d 0 R >> >>" % (name, name, first),
    }
    out, places = bytearray(pages), {}
    for key, content in entries.items():
        places[key] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (key, content)
    table = len(out)
    out += b"xref\n%d 1\n%010d 00000 n \n%d 2\n%010d 00000 n \n%010d 00000 n \n" % (
        number, places[number], first, places[first], places[first + 1],
    )  # fmt: skip
    kept = _SIZE.sub(b"/Size %d" % (first + 2), trailer.group(1)).strip()
    out += b"trailer\n<<\n%s\n/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n" % (kept, trailer.group(2), table)
    return bytes(out)


def attachment_of(data: bytes) -> bytes:
    """The proof that a PDF carries; an exception of pypdf's or a KeyError when it carries none."""
    return bytes(PdfReader(io.BytesIO(data)).attachments[NAME][0])


def untouched(data: bytes, attachment: bytes, code: str, public: dict[str, Any]) -> bool:
    """Whether a PDF is, byte for byte, the pages that were signed for this code with that attachment behind them."""
    try:
        about = json.loads(signing.verify(str(json.loads(attachment)["pages"]), public))
        pages = data[: about["size"]]
        return bool(about == _about(code, pages)) and seal(pages, attachment) == data
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return False
