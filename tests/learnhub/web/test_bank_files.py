"""Pictures and sounds in questions: uploaded by the author, brought in by a file, served to members, sent out again."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity.models import Member
from learnhub.journeys import bank_files
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring, formats, media
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import writing
from question_bank.models import Bank, QuestionVersion
from tests.learnhub.kernel.test_camera_notes import CANARY, photo
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.question_bank.test_media import FILES, SOUND, drafts, picture
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only
NEW = "/desk/banks/general/new-question?kind=description"
FORM = {"stem": "Look.", "mark": "0", "difficulty": "3"}


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


@pytest.fixture
def author(tree: dict[str, Unit], bank: Bank) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD)


@pytest.fixture
def visitor(app: Flask, author: Member) -> Visitor:
    return Visitor(app, author)


def sent(data: bytes, name: str = "x.png", **more: str) -> dict[str, object]:
    return {**FORM, "file": (BytesIO(data), name), **more}


def stems() -> list[str]:
    return list(db.session.scalars(select(QuestionVersion.stem_html)))


def test_a_picture_is_uploaded_listed_and_used(visitor: Visitor) -> None:
    answer = visitor.post(NEW, sent(picture(), more="file", file_words="A teal field"))
    page = answer.get_data(as_text=True)
    name = media.name_of(picture())
    line = f"&lt;img src=&#34;/bank-files/{name}&#34; alt=&#34;A teal field&#34;&gt;"
    assert (answer.status_code, stems()) == (200, [])
    assert f'<code class="d-block text-break">{line}</code>' in page
    assert f'name="kept" value="{name} A teal field"' in page
    assert ">Look.</textarea>" in page.replace("\r\n", "").replace("\n", "")
    saved = visitor.post(NEW, {**FORM, "stem": f"Look. {media.line(str(name), 'A teal field')}", "kept": f"{name} x"})
    assert saved.status_code == 303
    assert stems() == [f'Look. <img src="/bank-files/{name}" alt="A teal field">']
    assert "no words" not in visitor.page(saved.headers["Location"])
    assert line.replace("A teal field", "") in visitor.page(saved.headers["Location"] + "/edit"), (
        "listed with its question"
    )


def test_a_file_that_was_only_chosen_stands_at_the_end(visitor: Visitor) -> None:
    saved = visitor.post(NEW, sent(photo("JPEG"), "holiday.jpg"))
    assert saved.status_code == 303
    found = re.fullmatch(r'Look\.<br>\s*<img src="(/bank-files/[0-9a-f]{64}\.jpg)" alt="">', stems()[0])
    assert found, stems()
    served = visitor.get(found[1]).data
    assert served.startswith(b"\xff\xd8\xff")
    assert CANARY.encode() not in served, "where the photo was taken"
    assert "no words" in visitor.page(saved.headers["Location"])


@pytest.mark.parametrize("data", [b"<svg/>", b"%PDF-1.7", picture()[:50], b""])
def test_what_is_no_picture_is_refused_at_its_field(visitor: Visitor, data: bytes) -> None:
    for more in ({"more": "file"}, {}):
        answer = visitor.post(NEW, sent(data or b"x", "x.png", **more))
        assert answer.status_code == 422
        assert "Look." in answer.get_data(as_text=True)
    assert stems() == []


def test_a_sound_comes_whole_or_in_pieces_and_is_kept_for_ever(visitor: Visitor) -> None:
    house.files.put(SOUND)
    address = media.address(str(media.name_of(SOUND)))
    answer = visitor.get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SOUND, "audio/mpeg")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Accept-Ranges"] == "bytes"
    part = visitor.get(address, headers={"Range": "bytes=3-6"})
    assert (part.status_code, part.data) == (206, SOUND[3:7])
    assert part.headers["Cache-Control"].endswith("immutable")


def test_only_who_is_signed_in_gets_it_and_only_pictures_and_sounds(app: Flask, visitor: Visitor) -> None:
    house.files.put(picture())
    secret = house.files.put(b"a roster with names")
    address = media.address(str(media.name_of(picture())))
    assert Visitor(app).get(address).status_code == 303
    assert visitor.get(address).status_code == 200
    for suffix in ("png", "mp3", "mp4", "txt", "svg"):
        assert visitor.get(f"/bank-files/{secret.digest}.{suffix}").status_code == 404
    assert visitor.get(address.replace(".png", ".jpg")).status_code == 404
    assert visitor.get(f"/bank-files/{'0' * 64}.png").status_code == 404
    assert visitor.get("/bank-files/..%2f..%2fetc.png").status_code == 404


def test_files_come_in_with_their_questions_and_go_out_with_them(app: Flask, visitor: Visitor) -> None:
    data = writing.write(drafts(), "json", FILES).data
    answer = visitor.post("/desk/banks/general/import", {"file": (BytesIO(data), "x.json"), "format": "auto"})
    where = answer.headers["Location"]
    page = visitor.page(where)
    for name in FILES:
        assert media.address(name) in page
        assert visitor.get(media.address(name)).status_code == 200, "the preview shows it"
    assert visitor.post(f"{where}/accept").status_code == 303
    out = visitor.post("/desk/banks/general/export", {"format": "json"})
    assert out.status_code == 200
    again = formats.read(out.data, "x.json")
    assert (len(again.questions), again.files) == (3, FILES)


def test_a_file_that_did_not_come_is_named(visitor: Visitor) -> None:
    name = str(media.name_of(picture("maroon")))
    lost = cleaned(QuestionDraft("description", media.line(name)))
    data = writing.write([lost], "json", {}).data
    answer = visitor.post("/desk/banks/general/import", {"file": (BytesIO(data), "x.json"), "format": "auto"})
    page = visitor.page(answer.headers["Location"])
    assert "a picture is missing; its words stand in its place" in page
    assert "Pictures without words" in page


def test_who_may_not_edit_the_bank_uploads_nothing(app: Flask, tree: dict[str, Unit], bank: Bank) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    answer = Visitor(app, member).post(NEW, sent(picture("gold"), more="file"))
    assert answer.status_code in {403, 404}
    assert not bank_files.is_stored(str(media.name_of(picture("gold"))))
