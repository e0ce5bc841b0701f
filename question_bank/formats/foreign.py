"""Files that are no question files and that people send all the same: each refused with what to do instead."""

from __future__ import annotations

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_LIMITS = Limits(entries=2_000, total_bytes=200 << 20, file_bytes=200 << 20, ratio=1_000)
_PACKED = _("This is an archive. Unpack it and send the files in it one by one.")
_PICTURE = _("This is a picture. Type the questions, or send the file that it shows.")
_AS_WORD = _("Open this file in Word or WPS, save it as .docx, and send that.")
_SIGNS: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF-", _("This is a PDF. Copy its text and paste it, or send the Word file or the workbook it was made from.")),
    (b"{\\rtf", _AS_WORD),
    (b"Rar!\x1a\x07", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"\x89PNG\r\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
)
_OPEN_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"


def refuse(data: bytes) -> None:
    """Refuse a file by what its first bytes say that it is; anything else is left to the readers."""
    start = data[:8].lstrip(b"\xef\xbb\xbf")
    for sign, reason in _SIGNS:
        if start.startswith(sign) and (sign != b"BM" or b"\0" in data[:32]):
            raise Refused(reason)
    if data.startswith(_OLD_OFFICE) and _ENCRYPTED in data:
        raise Refused(
            _("This file is protected by a password. Open it, take the password off, save it, and send that.")
        )
    if data.startswith(_ZIP) and _OPEN_TEXT in data[:128]:
        raise Refused(_AS_WORD)


def refuse_archive(data: bytes) -> None:
    """Refuse a zip that is no document of an office program, after every reader of packages has passed it on."""
    if not data.startswith(_ZIP):
        return
    with open_archive(data, _LIMITS) as archive:
        names = {entry.name for entry in archive.members()}
    if not any(name in names for name in ("[Content_Types].xml", "content.xml", "mimetype")):
        raise Refused(_PACKED)
