"""Pictures without what a camera wrote beside them: place, time, owner and device go, the pixels stay."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from PIL import Image, ImageOps

_ORIENTATION = 0x0112
_NOTES_OF_PNG = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}
_NOTES_OF_WEBP = {b"EXIF", b"XMP "}
_WEBP_FLAGS = 0x08 | 0x04
"""The bits of VP8X that announce EXIF and XMP."""


def without_notes(data: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC and text notes; anything that is no JPEG, PNG or WebP as it is.

    Nothing is compressed anew, except for a JPEG that its notes turn: that is turned and written again. Formats: JPEG
    (ITU-T T.81, B.1.1.4), PNG (W3C, 5.3), WebP (RFC 9649). Raises ValueError for a picture whose parts make no sense.
    """
    if data.startswith(b"\xff\xd8\xff"):
        turned = _upright(data)
        return b"".join(_jpeg_segments(turned if turned is not None else data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data[:8] + b"".join(chunk for name, chunk in _png_chunks(data) if name not in _NOTES_OF_PNG)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return data


def _upright(data: bytes) -> bytes | None:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
        if picture.getexif().get(_ORIENTATION, 1) == 1:
            return None
        out = io.BytesIO()
        profile = picture.info.get("icc_profile")
        ImageOps.exif_transpose(picture).save(out, "JPEG", quality=92, icc_profile=profile)
        return out.getvalue()


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    """The start, every segment but APP1 (EXIF, XMP), APP13 (IPTC) and comments, and from the scan on the rest."""
    yield data[:2]
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        end = at + 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
        if marker not in {0xE1, 0xED, 0xFE}:
            yield data[at:end]
        at = end
    yield data[at:]


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int(struct.unpack(">I", data[at : at + 4])[0])
        yield data[at + 4 : at + 8], data[at:end]
        at = end


def _webp(data: bytes) -> bytes:
    kept, at = bytearray(), 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int(struct.unpack("<I", data[at + 4 : at + 8])[0])
        end = at + 8 + size + size % 2
        chunk = bytearray(data[at:end])
        if name == b"VP8X" and len(chunk) > 8:
            chunk[8] &= ~_WEBP_FLAGS & 0xFF
        if name not in _NOTES_OF_WEBP:
            kept += chunk
        at = end
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)
