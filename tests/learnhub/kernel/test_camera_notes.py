"""What cameras write beside a picture goes; the pixels and the colours stay."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from learnhub.kernel.camera_notes import without_notes

GPS = 0x8825
CANARY = "CANARY of a camera"


def photo(kind: str, orientation: int = 1, **more: Any) -> bytes:
    """A picture of 30 × 20 with a red left half, and notes of the place where it was taken."""
    picture = Image.new("RGB", (30, 20), "blue")
    picture.paste("red", (0, 0, 15, 20))
    exif = picture.getexif()
    exif[0x010E], exif[0x0112] = CANARY, orientation
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (39.0, 54.0, 20.0)
    out = BytesIO()
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as picture:
        return picture.convert("RGB").tobytes()


def png_info() -> PngInfo:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", CANARY)
    return info


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("JPEG", {"comment": CANARY.encode(), "xmp": CANARY.encode()}),
        ("PNG", {"pnginfo": png_info()}),
        ("WEBP", {"xmp": CANARY.encode(), "lossless": True}),
    ],
)
def test_notes_go_and_every_pixel_stays(kind: str, more: dict[str, Any]) -> None:
    data = photo(kind, **more)
    assert CANARY.encode() in data
    plain = without_notes(data)
    assert CANARY.encode() not in plain
    with Image.open(BytesIO(plain)) as picture:
        assert not picture.getexif()
        assert picture.size == (30, 20)
    assert pixels(plain) == pixels(data)
    assert without_notes(plain) == plain


def test_a_picture_that_its_notes_turn_is_turned() -> None:
    plain = without_notes(photo("JPEG", orientation=6))
    with Image.open(BytesIO(plain)) as picture:
        assert picture.size == (20, 30)
        assert not picture.getexif()
        top, bottom = picture.getpixel((10, 3)), picture.getpixel((10, 27))
    assert top[0] > 200 > bottom[0]  # type: ignore[index]


def test_anything_else_stays_as_it_is() -> None:
    out = BytesIO()
    Image.new("P", (4, 4)).save(out, "GIF")
    for data in (out.getvalue(), b"ID3\x04", b"", b"\xff\xd8", b"text"):
        assert without_notes(data) == data


def test_a_jpeg_with_a_broken_segment_is_told() -> None:
    data = bytearray(photo("JPEG"))
    at = data.index(b"\xff\xdb")
    data[at] = 0
    with pytest.raises(ValueError, match="marker"):
        without_notes(bytes(data))
