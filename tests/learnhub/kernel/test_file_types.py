"""File types: by content, held against the name, from one list."""

from __future__ import annotations

import wave
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from learnhub.kernel.errors import Refused
from learnhub.kernel.file_types import FileType, detect
from learnhub.kernel.media_length import seconds_of


def typed(content: bytes, name: str) -> FileType:
    """What `detect` says about a content under a name."""
    return detect(content[:4096], name, lambda: BytesIO(content))


def picture(form: str, size: tuple[int, int] = (4, 3)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, form)
    return buffer.getvalue()


def office(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def sound(seconds: int = 2) -> bytes:
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"\x80" * 8_000 * seconds)
    return buffer.getvalue()


GOOD = [
    (picture("PNG"), "a.png", "image/png"),
    (picture("JPEG"), "a.JPEG", "image/jpeg"),
    (picture("GIF"), "a.gif", "image/gif"),
    (picture("WEBP"), "a.webp", "image/webp"),
    (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "a.mp4", "video/mp4"),
    (b"\0\0\0\x20ftypM4A \0\0\2\0isom", "a.m4a", "audio/mp4"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "a.webm", "video/webm"),
    (b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" * 20, "a.mp3", "audio/mpeg"),
    (b"\xff\xfb\x90\x00" * 20, "a.mp3", "audio/mpeg"),
    (b"OggS\0\2" + b"\0" * 22 + b"OpusHead", "a.ogg", "audio/ogg"),
    (sound(), "a.wav", "audio/wav"),
    (b"%PDF-1.7\n", "a.pdf", "application/pdf"),
    (office("[Content_Types].xml", "word/document.xml"), "a.docx", "wordprocessingml.document"),
    (office("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", "spreadsheetml.sheet"),
    (office("[Content_Types].xml", "ppt/presentation.xml"), "a.pptx", "presentationml.presentation"),
    (office("a.txt"), "a.zip", "application/zip"),
    ("茶\n".encode(), "a.txt", "text/plain"),
    ("茶,水\n".encode("gb18030"), "a.csv", "text/csv"),
    (b"# h\n<b>x</b>", "a.md", "text/markdown"),
    ("\ufeffWEBVTT\n\n00:00.000 --> 00:01.000\n茶".encode(), "a.vtt", "text/vtt"),
]


@pytest.mark.parametrize(("content", "name", "media_type"), GOOD, ids=[name for _c, name, _m in GOOD])
def test_a_good_file_is_what_it_says(content: bytes, name: str, media_type: str) -> None:
    assert typed(content, name).media_type.endswith(media_type)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.png"),
        (picture("PNG"), "a.jpg"),
        (picture("PNG"), "a"),
        (picture("PNG"), "a.png.exe"),
        (picture("BMP"), "a.bmp"),
        (picture("PNG")[:60], "a.png"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "a.png"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.png"),
        (b"<script>alert(1)</script>", "a.html"),
        (b"<!DOCTYPE html><p>x", "a.txt"),
        (b"<!-- x --> <html>", "a.md"),
        (b"<?xml version='1.0'?><x/>", "a.csv"),
        (b"MZ\x90\0", "a.txt"),
        (b"a\0b", "a.txt"),
        (b"it\x92s", "a.txt"),
        (b"hello", "a.vtt"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", "a.webm"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0", "a.mp4"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a.mp4"),
        (b"\xff\xfe\0\0", "a.mp3"),
        (office("a.txt"), "a.docx"),
        (office("[Content_Types].xml", "word/document.xml"), "a.zip"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "a.docx"),
        (office("../evil.txt"), "a.zip"),
        (b"PK\x03\x04broken", "a.zip"),
    ],
)
def test_what_is_not_on_the_list_or_lies_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(Refused):
        typed(content, name)


def test_a_picture_tells_its_size_and_a_giant_one_is_refused() -> None:
    assert typed(picture("PNG", (30, 20)), "a.png").details == {"width": 30, "height": 20}
    giant = bytearray(picture("PNG"))
    giant[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(Refused):
        typed(bytes(giant), "a.png")


def test_the_length_of_a_sound_is_read_from_its_header() -> None:
    assert seconds_of(BytesIO(sound(7)), "audio/wav") == 7
    assert seconds_of(BytesIO(b"RIFF"), "audio/wav") is None
    assert seconds_of(BytesIO(b"\0" * 100), "video/mp4") is None
    assert seconds_of(BytesIO(b"x"), "video/webm") is None
