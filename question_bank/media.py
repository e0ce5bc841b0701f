"""Files inside questions: named by their content, so that the same picture is kept once."""

from __future__ import annotations

import hashlib

ADDRESS = "/bank-files/"
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"OggS", "ogg"),
)


def name_of(data: bytes) -> str | None:
    """The name under which a content is kept, `<sha256>.<suffix>`; None for contents that are not taken."""
    suffix = _suffix(data[:16])
    return f"{hashlib.sha256(data).hexdigest()}.{suffix}" if suffix else None


def address(name: str) -> str:
    """Where a browser finds the file of that name."""
    return ADDRESS + name


def _suffix(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] == b"M4A" else "mp4"
    return next((suffix for magic, suffix in _MAGIC if head.startswith(magic)), None)
