"""Pictures and sounds of questions: named by content, found in every part, carried by our own form."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from learnhub.kernel.errors import Refused
from question_bank import formats, media
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import json_writing, writing
from question_bank.formats.reading import Reading
from tests.learnhub.kernel.test_camera_notes import CANARY, photo

SOUND = b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" * 20


def picture(colour: str = "teal", kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 6), colour).save(out, kind)
    return out.getvalue()


def shown(data: bytes) -> str:
    return media.line(str(media.name_of(data)), "a colour")


def drafts() -> list[QuestionDraft]:
    options = [
        {"html": shown(picture("red")), "fraction": "1", "feedback_html": shown(SOUND)},
        {"html": "b", "fraction": "0"},
    ]
    return [
        cleaned(
            QuestionDraft("single_choice", f"Which? {shown(picture())}", {"options": options}, where="/questions/0")
        ),
        cleaned(QuestionDraft("description", shown(SOUND), explanation_html=shown(picture()), where="/questions/1")),
        cleaned(QuestionDraft("description", "words only", where="/questions/2")),
    ]


def without_keys(draft: QuestionDraft) -> QuestionDraft:
    options = [{**one, "key": ""} for one in draft.content.get("options", [])]
    return replace(draft, content={"options": options})


FILES = {str(media.name_of(data)): data for data in (picture(), picture("red"), SOUND)}


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")])
def test_a_picture_is_named_by_its_content(kind: str, suffix: str) -> None:
    data = picture(kind=kind)
    assert media.name_of(data) == f"{sha256(data).hexdigest()}.{suffix}"
    assert media.digest_of(str(media.name_of(data))) == sha256(data).hexdigest()
    assert media.type_of(f"x.{suffix}") == f"image/{suffix.replace('jpg', 'jpeg')}"


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", picture()[:40], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"PK\3\4zip", b"<html>",
     b"text", b"MZ\x90\0", b"\x89PNG\r\n\x1a\n" + b"\0" * 50],
)  # fmt: skip
def test_what_is_no_picture_and_no_sound_has_no_name(data: bytes) -> None:
    assert media.name_of(data) is None
    with pytest.raises(Refused):
        media.kept(data)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LARGEST_PICTURE", 20)
    assert media.name_of(picture()) is None
    with pytest.raises(Refused, match="larger"):
        media.kept(picture())


@pytest.mark.parametrize(
    "name", ["../../x.png", "a" * 64 + ".svg", "A" * 64 + ".png", "a" * 63 + ".png", "a" * 64, "a" * 64 + ".png/x", ""]
)
def test_only_names_of_ours_have_a_digest(name: str) -> None:
    assert media.digest_of(name) is None


def test_the_files_of_every_part_are_found() -> None:
    first, second, third = drafts()
    assert media.names_of(first) == set(FILES)
    assert media.names_of(second) == {str(media.name_of(SOUND)), str(media.name_of(picture()))}
    assert media.names_of(third) == set()
    assert media.names_of(replace(third, hints=("look", shown(SOUND)))) == {str(media.name_of(SOUND))}


def test_a_question_may_be_a_sound_alone() -> None:
    assert cleaned(QuestionDraft("description", shown(SOUND))).stem_html == shown(SOUND).replace(
        "controls", 'controls=""'
    )


def test_pictures_without_words_are_counted() -> None:
    name = str(media.name_of(picture()))
    untold = QuestionDraft("description", f'{media.line(name)}<img src="x" alt=" ">{shown(picture())}')
    assert media.count_untold(untold) == 2
    assert media.count_untold(drafts()[0]) == 0


def test_words_that_could_end_the_attribute_do_not() -> None:
    written = media.line(str(media.name_of(picture())), '"><script>x</script> & 5 < 6')
    assert cleaned(QuestionDraft("description", written)).stem_html.count("<") == 1


def test_our_own_form_carries_the_files() -> None:
    before = drafts()
    written = writing.write(before, "json", FILES)
    again = formats.read(written.data, "x.json")
    assert [without_keys(one) for one in again.questions] == [without_keys(one) for one in before]
    assert again.files == FILES
    assert (again.warnings, again.refused, written.left_out) == ([], [], [])


def test_a_file_that_is_another_than_its_name_says_is_left_out_with_a_word() -> None:
    document = json.loads(writing.write(drafts(), "json", FILES).data)
    name = str(media.name_of(SOUND))
    for wrong in (base64.b64encode(b"<script>").decode(), "no base64", 5, None):
        document["files"][name] = wrong
        again = formats.read(json.dumps(document).encode(), "x.json")
        assert len(again.questions) == 3
        assert name not in again.files
        assert any(name in str(one) for one in again.warnings)


@pytest.mark.parametrize("format", ["gift", "excel"])
def test_a_format_without_a_place_for_files_says_so(format: str) -> None:
    written = writing.write(drafts(), format, FILES)
    assert len([one for one in written.left_out if "place" in str(one.reason)]) == 2


def test_what_does_not_fit_into_one_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_writing, "MOST_FILES", len(SOUND) + len(picture()))
    written = writing.write(drafts(), "json", FILES)
    assert len(written.left_out) == 1
    assert len(formats.read(written.data, "x.json").questions) == 2


def test_a_photo_loses_its_place_and_the_question_follows_its_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    data = photo("JPEG")
    name = str(media.name_of(data))

    def read(_text: str) -> Reading:
        content = {"options": [{"html": media.line(name), "fraction": "1"}, {"html": "b", "fraction": "0"}]}
        return Reading("gift", [QuestionDraft("single_choice", media.line(name), content)], files={name: data})

    monkeypatch.setattr(formats, "_OF_TEXT", (formats.Reader("gift", lambda _text: True, read),))
    reading = formats.read(b"::a:: b {=c}", "x.gift", "gift")
    assert set(reading.files) == media.names_of(reading.questions[0])
    assert name not in reading.files
    assert all(CANARY.encode() not in kept for kept in reading.files.values())
