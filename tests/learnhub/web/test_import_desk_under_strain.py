"""The import desk, marking by hand and papers under strain: two tabs, lost sessions, killed servers, hostile files."""

from __future__ import annotations

import html
import io
import os
import re
import signal
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import SYSTEM
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity.models import Member
from learnhub.journeys import import_questions, question_corrections, seen_files
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring
from question_bank.finding import indexing
from question_bank.formats import sourced
from question_bank.models import Bank, Question, QuestionVersion
from tests.at_once import at_once, others_write
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

GIFT = "::one::Which? {=a ~b}\n\n::two::Broken {=a ~b\n"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def instructor(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD)


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


@pytest.fixture
def visitor(app: Flask, instructor: Member, bank: Bank) -> Visitor:
    return Visitor(app, instructor)


def send(visitor: Visitor, content: bytes, name: str) -> tuple[int, str]:
    """Status and page (or the address it leads to) of an upload."""
    answer = visitor.post("/desk/banks/general/import", {"file": (BytesIO(content), name), "format": "auto"})
    return answer.status_code, answer.location or html.unescape(answer.get_data(as_text=True))


def upload(visitor: Visitor, content: bytes = GIFT.encode(), name: str = "q.gift") -> str:
    status, where = send(visitor, content, name)
    assert status == 303, where
    return where


def count(model: type[Question] | type[QuestionVersion] = Question) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


# Two tabs


def test_two_tabs_accept_at_once_and_it_comes_in_once(app: Flask, visitor: Visitor, now: datetime) -> None:
    import_id = int(upload(visitor).rpartition("/")[2])

    def accept(_n: int) -> int:
        row = works.visible_import(works_scope(), import_id, lock=True)
        return int(import_questions.accept(row, SYSTEM, now)["imported"])

    def works_scope() -> object:
        from learnhub.organisations.scope import scope_of

        return scope_of(visitor_id, now)

    visitor_id = db.session.scalars(select(Import.actor_id)).one()
    results = at_once(app, accept, 4)
    assert sorted(str(type(one).__name__) for one in results) == ["Refused", "Refused", "Refused", "int"]
    assert count() == 1


def test_a_correction_after_another_tab_accepted_says_so_and_keeps_what_was_typed(visitor: Visitor) -> None:
    where = upload(visitor)
    visitor.post(f"{where}/accept")
    text = "::two::Mended <b>here</b> {=a ~b}"
    answer = visitor.post(f"{where}/question", {"key": "line 3", "n": "2", "act": "correct", "text": text})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "This import was accepted already." in page
    assert text in page, "what was typed can be copied"
    assert count() == 1


def test_a_correction_and_an_accept_at_once_leave_one_of_both(app: Flask, visitor: Visitor, now: datetime) -> None:
    import_id = int(upload(visitor).rpartition("/")[2])

    def act(n: int) -> str:
        query = select(Import).where(Import.id == import_id)
        row = db.session.scalars(query if app_is_sqlite() else query.with_for_update()).one()
        if n:
            question_corrections.correct_text(row, "line 3", "::two::Mended {=a ~b}")
            return "corrected"
        return str(import_questions.accept(row, SYSTEM, now)["imported"])

    def app_is_sqlite() -> bool:
        return db.engine.dialect.name == "sqlite"

    accepted, corrected = at_once(app, act, 2)
    assert (accepted, count()) in {("1", 1), ("2", 2)}
    assert corrected == "corrected" if accepted == "2" else isinstance(corrected, Refused)


def test_a_second_click_and_the_back_button_do_nothing_twice(visitor: Visitor) -> None:
    where = upload(visitor)
    for _click in range(2):
        assert visitor.post(f"{where}/accept").status_code == 303
    assert "This import was accepted already." in visitor.page(where)
    assert count() == 1
    for _click in range(2):
        assert visitor.post(f"{where}/undo").status_code == 303
    back = visitor.post(f"{where}/accept")
    assert back.status_code == 303, "a page from before the undo"
    assert db.session.scalars(select(Import.state)).one() == ImportState.UNDONE
    first, second = (visitor.post(f"{where}/again").location for _click in range(2))
    for fresh in (first, second):
        visitor.post(f"{fresh}/accept")
    assert count() == 2, "what the first brought in again the second finds there"


def test_two_corrections_at_once_keep_one_and_tell_the_other(app: Flask, visitor: Visitor) -> None:
    import_id = int(upload(visitor).rpartition("/")[2])

    def act(n: int) -> str:
        row = db.session.get_one(Import, import_id)
        question_corrections.correct_text(row, "line 3", f"::two::Mended {n} {{=a ~b}}")
        return "corrected"

    results = at_once(app, act, 3)
    kept = results.count("corrected")
    assert kept
    assert all(one == "corrected" or isinstance(one, Conflict) for one in results)
    with app.app_context():
        row = db.session.get_one(Import, import_id)
        assert len(import_questions.asked_of(row).corrections) == 1


# A long file and those who sit a quiz meanwhile


@pytest.mark.parametrize("way", ["upload", "correct", "read again", "accept", "api", "dry run"])
def test_others_write_while_a_file_is_read(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(seen_files, "LARGEST_KEPT", 0)
    where = upload(visitor) if way in {"correct", "read again", "accept"} else ""
    db.session.commit()
    read, asked = sourced.read, []

    def slowly(*about: Any, **more: Any) -> Any:
        others_write(app)
        asked.append(about)
        return read(*about, **more)

    monkeypatch.setattr(sourced, "read", slowly)
    file = {"file": (BytesIO(GIFT.encode()), "q.gift")}
    match way:
        case "upload":
            upload(visitor)
        case "correct":
            visitor.post(f"{where}/question", {"key": "line 3", "act": "correct", "text": "::two::Mended {=a ~b}"})
        case "read again":
            visitor.post(f"{where}/reading", {"format": "gift"})
        case "accept":
            assert visitor.post(f"{where}/accept").status_code == 303
            assert count() == 1
        case "api" | "dry run":
            dry = {"dry_run": "true"} if way == "dry run" else {}
            sent = visitor.post("/api/v1/imports", {"kind": "questions", "bank": "general", **file, **dry})
            assert sent.status_code in {200, 201}
    assert asked


# A lost session


def test_a_session_that_ends_while_a_question_is_corrected_loses_no_word(visitor: Visitor) -> None:
    where = upload(visitor)
    fields = {"key": "line 3", "n": "2", "act": "correct", "text": "::two::Mended\r\n{=甲 ~“乙”}"}
    form = {"csrf_token": visitor.token(), **fields}
    with time_machine.travel(utcnow() + timedelta(hours=13), tick=True):
        answer = visitor.client.post(f"{where}/question", data=form, headers=visitor.headers)
        assert answer.status_code == 401
        page = html.unescape(answer.get_data(as_text=True))
        assert fields["text"] in page
        assert "What you wrote is kept" in page
        door = f"/sign-in/resume?path={where}/question"
        again = visitor.client.post(door, data={**form, "resume_password": PASSWORD}, headers=visitor.headers)
        assert (again.status_code, again.location) == (307, f"{where}/question")
        assert visitor.client.post(f"{where}/question", data=form, headers=visitor.headers).status_code == 303
    row = db.session.scalars(select(Import)).one()
    assert row.report["asked"]["corrections"]["line 3"]["text"] == "::two::Mended\n{=甲 ~“乙”}"


# A killed server


def test_a_server_killed_while_it_writes_leaves_nothing_half_stored(
    app: Flask, visitor: Visitor, now: datetime
) -> None:
    import_id = int(upload(visitor, "\n\n".join(f"Is {n} odd? {{T}}" for n in range(1200)).encode()).rpartition("/")[2])
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        written = indexing.add
        calls: list[int] = []

        def killed(*words: object) -> None:
            written(*words)  # type: ignore[arg-type]
            calls.append(1)
            if len(calls) == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        indexing.add = killed  # type: ignore[assignment]
        try:
            import_questions.accept(db.session.get_one(Import, import_id), SYSTEM, now)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was killed in the middle, not done"
    row = db.session.get_one(Import, import_id)
    assert row.state == ImportState.PREVIEWED
    assert (count(), count(QuestionVersion)) == (0, 0)
    assert import_questions.accept(db.session.get_one(Import, import_id), SYSTEM, now)["imported"] == 1200


# Names, sizes, encodings


def test_a_file_and_a_bank_may_be_called_by_pictures(visitor: Visitor) -> None:
    name = "📝题库🎉\u202egpj.gift"
    where = upload(visitor, "::🔥::火警电话是？ {=119🚒 ~110}\n".encode(), name)
    page = html.unescape(visitor.page(where))
    assert "📝题库🎉" in page
    visitor.post(f"{where}/accept")
    assert db.session.scalars(select(QuestionVersion.title)).one() == "🔥"
    assert visitor.get("/desk/banks/general?text=🚒").status_code == 200


def test_fifty_megabytes_are_refused_in_words(visitor: Visitor) -> None:
    status, page = send(visitor, b"PK\x03\x04" + bytes((50 << 20) + 1), "q.xlsx")
    assert status == 422
    assert "The file is larger than 50 MB." in page
    status, page = send(visitor, b"::a::b {T}\n\n" * (2 << 20), "q.gift")
    assert status == 422
    assert "The file is larger than 20 MB." in page


@pytest.mark.sqlite_only
def test_more_than_the_server_takes_is_refused_in_words(app: Flask, visitor: Visitor) -> None:
    app.config["MAX_CONTENT_LENGTH"], before = 100_000, app.config["MAX_CONTENT_LENGTH"]
    try:
        status, page = send(visitor, bytes(200_000), "q.xlsx")
    finally:
        app.config["MAX_CONTENT_LENGTH"] = before
    assert status == 413
    assert "Choose a smaller file and try again." in page


def test_a_file_in_gbk_is_read_and_says_in_which_encoding(visitor: Visitor) -> None:
    text = "1. 火警电话是哪个？\r\nA. 119\r\nB. 110\r\n答案：A\r\n2. 天是蓝的。\r\n答案：对\r\n"
    page = visitor.page(upload(visitor, text.encode("gbk"), "题.txt"))
    assert "GB18030" in page
    assert "火警电话是哪个" in page


# Hostile files


def archive(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return out.getvalue()


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY l0 "lol">{LOL}]>'
HOSTILE: dict[str, bytes | dict[str, str]] = {
    "bomb.xml": f'{BOMB}<quiz><question type="truefalse"><name><text>&l9;</text></name></question></quiz>'.encode(),
    "external.xml": b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<quiz><question type="essay">&x;</question></quiz>',
    "qti.xml": f"{BOMB}<questestinterop>&l9;</questestinterop>".encode(),
    "slip.zip": {"../../etc/cron.d/x": "boo", "imsmanifest.xml": "<manifest/>", "a.xml": "<questestinterop/>"},
    "slip.h5p": {"/etc/passwd": "boo", "h5p.json": "{}", "content/content.json": "{}"},
    "many.zip": {f"{n}.xml": "<questestinterop/>" for n in range(20_000)},
    "zeros.zip": {"imsmanifest.xml": "<manifest/>", "a.xml": "<questestinterop>" + " " * (40 << 20)},
    "word.docx": {"[Content_Types].xml": "<Types/>", "word/document.xml": f"{BOMB}<document>&l9;</document>"},
    "sheet.xlsx": {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": f"{BOMB}<workbook>&l9;</workbook>"},
}
"""What is sent by its name; an archive, by its entries, is packed when its test asks for it."""


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_w12_w16_a_hostile_file_is_refused_in_words_by_the_page(visitor: Visitor, name: str) -> None:
    sent = HOSTILE[name]
    status, page = send(visitor, sent if isinstance(sent, bytes) else archive(sent), name)
    assert status == 422, page
    (said,) = re.findall(r'class="field-error[^"]*"[^>]*>\s*(.*?)\s*<', page)[:1]
    assert len(said) > 15, "a sentence"
    assert "lol" not in page
    assert "root:" not in page
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


@pytest.mark.sqlite_only
def test_w16_a_package_whose_files_hold_entities_refuses_each_of_them(visitor: Visitor) -> None:
    data = archive({"imsmanifest.xml": f"{BOMB}<manifest>&l9;</manifest>", "a.xml": f"{BOMB}<questestinterop/>"})
    page = visitor.page(upload(visitor, data, "qti.zip"))
    assert re.findall(r"import-item is-(\w+)", page) == ["refused"] * page.count("import-item is-")
    assert "entities" in page
    assert "lollol" not in page


@pytest.mark.sqlite_only
def test_a_sheet_that_claims_all_columns_is_read_by_what_it_holds(visitor: Visitor) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["题干", "答案"], ["天是蓝的", "对"]):
        sheet.append(row)
    sheet.cell(2, 16_383).value = " "
    out = io.BytesIO()
    made.save(out)
    assert "天是蓝的" in visitor.page(upload(visitor, out.getvalue(), "宽.xlsx"))


# Somebody else's


def test_a_foreign_id_answers_like_one_that_is_not_there(app: Flask, visitor: Visitor, tree: dict[str, Unit]) -> None:
    where = upload(visitor)
    stranger = Visitor(app, new_staff(Role.INSTRUCTOR, tree["B2"], password=PASSWORD))
    for act in ("accept", "undo", "question", "reading", "again"):
        foreign = stranger.post(f"{where}/{act}", {"key": "line 3", "act": "leave"})
        nowhere = stranger.post(f"/desk/imports/999/{act}", {"key": "line 3", "act": "leave"})
        assert (foreign.status_code, nowhere.status_code) == (404, 404), act
    assert count() == 0
