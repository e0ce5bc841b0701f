"""What an uploaded file is, told by its content and held against its name: an allow-list, nothing else comes in."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, NoReturn

from PIL import Image

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import Message, _

HEAD = 4096
"""Bytes that `detect` wants to see of a file's beginning."""
MOST_PIXELS = 40_000_000
MOST_TEXT = 20 << 20
"""Bytes of a text file; it is looked at as a whole."""


class FileKind(StrEnum):
    """What a page can do with a file."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    PDF = "pdf"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    TEXT = "text"
    CAPTIONS = "captions"


@dataclass(frozen=True)
class FileType:
    """A file's media type, its kind, and the extension that fits its content (with the dot, lower case)."""

    media_type: str
    kind: FileKind
    extension: str
    details: dict[str, int] = field(default_factory=dict)
    """Width and height of a picture, in pixels."""


Opener = Callable[[], BinaryIO]

_TYPES: dict[str, tuple[str, FileKind]] = {
    ".png": ("image/png", FileKind.IMAGE),
    ".jpg": ("image/jpeg", FileKind.IMAGE),
    ".gif": ("image/gif", FileKind.IMAGE),
    ".webp": ("image/webp", FileKind.IMAGE),
    ".mp4": ("video/mp4", FileKind.VIDEO),
    ".webm": ("video/webm", FileKind.VIDEO),
    ".mp3": ("audio/mpeg", FileKind.AUDIO),
    ".m4a": ("audio/mp4", FileKind.AUDIO),
    ".ogg": ("audio/ogg", FileKind.AUDIO),
    ".wav": ("audio/wav", FileKind.AUDIO),
    ".pdf": ("application/pdf", FileKind.PDF),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", FileKind.DOCUMENT),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FileKind.DOCUMENT),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", FileKind.DOCUMENT),
    ".zip": ("application/zip", FileKind.ARCHIVE),
    ".txt": ("text/plain", FileKind.TEXT),
    ".md": ("text/markdown", FileKind.TEXT),
    ".csv": ("text/csv", FileKind.TEXT),
    ".vtt": ("text/vtt", FileKind.CAPTIONS),
}
_SAME = {".jpeg": ".jpg", ".jpe": ".jpg", ".m4v": ".mp4", ".oga": ".ogg", ".opus": ".ogg", ".markdown": ".md"}
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
_TEXTS = frozenset({".txt", ".md", ".csv", ".vtt"})
_VIDEO_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"}
)
_PILLOW = {".png": "PNG", ".jpg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|script|svg|\?xml|iframe|object)\b", re.I | re.S)


def detect(head: bytes, file_name: str, opener: Opener) -> FileType:
    """The type of a file that begins with `head` (up to 4,096 bytes) and was sent as `file_name`.

    `opener` gives the whole content as a seekable file; it is called for pictures, zips and texts only.
    Raises Refused for a kind that is not on the list, for a name that does not fit the content, and for a broken
    picture.
    """
    named = _extension_of(file_name)
    if not head:
        _refuse(_("The file is empty."))
    found = _extension_by_content(head, named, opener)
    if found is None or named is None:
        _refuse(_("Files of this kind are not accepted."))
    if found != named:
        _refuse(_("The name ends in %(named)s, but the content is %(found)s.", named=named, found=found))
    details = _verify_picture(found, opener) if found in _PILLOW else {}
    media_type, kind = _TYPES[found]
    return FileType(media_type, kind, found, details)


def media_by_content(data: bytes) -> FileType | None:
    """The type of a picture, a sound or a film, whatever it was called; None for anything else.

    Raises Refused for a broken picture and for one with too many pixels.
    """
    found = media_by_head(data[:HEAD])
    if found is None:
        return None
    media_type, kind = _TYPES[found]
    details = _verify_picture(found, lambda: BytesIO(data)) if found in _PILLOW else {}
    return FileType(media_type, kind, found, details)


def media_by_head(head: bytes) -> str | None:
    """The extension of a picture, a sound or a film that begins so; None for anything else."""
    if not head or head.startswith(b"PK"):
        return None
    found = _extension_by_content(head, None, lambda: BytesIO(head))
    return found if found and _TYPES[found][1] in {FileKind.IMAGE, FileKind.AUDIO, FileKind.VIDEO} else None


def media_type_of(extension: str) -> str:
    """The media type that goes with an extension of the allow-list (with its dot)."""
    return _TYPES[extension][0]


def is_known(file_name: str) -> bool:
    """Whether a name has an extension of the allow-list."""
    return _extension_of(file_name) is not None


def _extension_of(file_name: str) -> str | None:
    suffix = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    suffix = _SAME.get(suffix, suffix)
    return suffix if suffix in _TYPES else None


def _extension_by_content(head: bytes, named: str | None, opener: Opener) -> str | None:
    for magic, extension in _MAGIC:
        if head.startswith(magic):
            return extension
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside_zip(opener)
    if head[:4] in {b"RIFF", b"OggS", b"\x1a\x45\xdf\xa3"} or head[4:8] == b"ftyp":
        return _media(head, named)
    return ".mp3" if _is_mpeg_audio(head) else _text(named, opener)


def _media(head: bytes, named: str | None) -> str | None:
    if head[:4] == b"RIFF":
        return {b"WEBP": ".webp", b"WAVE": ".wav"}.get(head[8:12])
    if head[:4] == b"OggS":
        return ".ogg" if any(codec in head[:64] for codec in (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")) else None
    if head[4:8] == b"ftyp":
        return _mpeg_4(head[8:12], named)
    return ".webm" if b"\x42\x82\x84webm" in head[:64] else None


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"%PDF-", ".pdf"),
    (b"ID3", ".mp3"),
)


def _mpeg_4(brand: bytes, named: str | None) -> str | None:
    if brand == b"M4A ":
        return ".m4a"
    if brand in _VIDEO_BRANDS:
        return ".m4a" if named == ".m4a" else ".mp4"
    return None


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame header of MPEG audio layer III with a possible bit rate and sampling rate (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer == 1 and head[2] >> 4 not in {0, 15} and head[2] >> 2 & 3 != 3


def _inside_zip(opener: Opener) -> str:
    with open_archive(opener(), Limits(entries=10_000)) as archive:
        names = {entry.name for entry in archive.members()}
    if "[Content_Types].xml" not in names:
        return ".zip"
    if any(name.endswith("vbaProject.bin") for name in names):
        _refuse(_("Documents with macros are not accepted."))
    return next((extension for inside, extension in _OFFICE.items() if inside in names), ".zip")


def _text(named: str | None, opener: Opener) -> str | None:
    if named not in _TEXTS:
        return None
    with opener() as file:
        raw = file.read(MOST_TEXT + 1)
    if len(raw) > MOST_TEXT:
        _refuse(_("The text is longer than %(limit)s MB.", limit=MOST_TEXT >> 20))
    text = decode(raw)
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) or _PAGE.match(text):
        return None
    if named == ".vtt":
        return ".vtt" if re.match(r"WEBVTT(?:[ \t\n\r]|$)", text) else None
    return named


def _verify_picture(extension: str, opener: Opener) -> dict[str, int]:
    try:
        with opener() as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=[_PILLOW[extension]]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    _refuse(_("The picture has more than %(limit)s million pixels.", limit=MOST_PIXELS // 1_000_000))
                picture.verify()
    except Refused:
        raise
    except Exception as error:
        raise Refused(_("The picture is damaged.")) from error
    return {"width": width, "height": height}


def _refuse(message: Message) -> NoReturn:
    raise Refused(message)
