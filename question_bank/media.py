"""Files inside questions: what they are called, by their content, and where they lie."""

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
    (b"OggS", "ogg"),
)


def name_of(data: bytes) -> str | None:
    """The name of a file by its content, `<sha256>.<suffix>`; None for what may not be shown in a question."""
    suffix = next((suffix for magic, suffix in _MAGIC if data.startswith(magic)), None)
    if suffix is None and data[:4] == b"RIFF":
        suffix = {b"WEBP": "webp", b"WAVE": "wav"}.get(data[8:12])
    if suffix is None and data[4:8] == b"ftyp":
        suffix = "m4a" if data[8:11] == b"M4A" else "mp4"
    return f"{hashlib.sha256(data).hexdigest()}.{suffix}" if suffix else None


def address(name: str) -> str:
    """Where a file of that name lies."""
    return ADDRESS + name
