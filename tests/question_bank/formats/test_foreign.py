"""What people send that is no question file is refused with what to do instead."""

from __future__ import annotations

import io
import zipfile

import pytest

from learnhub.kernel.errors import Refused
from question_bank import formats
from question_bank.formats import FORMATS


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
FILES = {
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF"),
    "a.docx": (b"%PDF-1.7\n", "a PDF"),
    "a.rtf": (b"{\\rtf1\\ansi 1. What?\\par A. x\\par B. y\\par Answer: A}", "save it as .docx"),
    "a.odt": (zipped(mimetype=b"application/vnd.oasis.opendocument.text", content__xml=b"<a/>"), "save it as .docx"),
    "a.rar": (b"Rar!\x1a\x07\x01\x00", "Unpack it"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "Unpack it"),
    "a.zip": (zipped(one__gift=b"::a::1+1?{=2 ~3}"), "Unpack it"),
    "a.png": (b"\x89PNG\r\n\x1a\n0000", "a picture"),
    "a.xlsx": (OLD + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_said_what_it_is_and_what_to_do(name: str) -> None:
    data, told = FILES[name]
    with pytest.raises(Refused, match=told):
        formats.read(data, name)


@pytest.mark.parametrize("format", FORMATS)
def test_a_pdf_is_one_whatever_it_is_called(format: str) -> None:
    with pytest.raises(Refused, match="a PDF"):
        formats.read(FILES["a.pdf"][0], "a.txt", format)


def test_a_text_that_begins_like_a_picture_is_a_text() -> None:
    reading = formats.read(b"BMI is what?\nA. an index\nB. a car\nANSWER: A\n", "a.txt")
    assert [one.kind for one in reading.questions] == ["single_choice"]


def test_a_text_that_asks_nothing_is_told_what_can_be_read() -> None:
    with pytest.raises(Refused, match=r"nothing in it looks like a question\. Word, Excel"):
        formats.read(b"Nothing here asks anything.", "a.txt")
