"""Long rosters go through the clock: read, written and taken back with progress, or said why not."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from learnhub import jobs
from learnhub.audit.models import Import, ImportState, ImportTask
from learnhub.identity.models import Member
from learnhub.journeys import roster_tasks
from learnhub.kernel import leases
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.roster import comparing
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

MANY = 120


@pytest.fixture
def tree(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Unit]:
    monkeypatch.setattr(roster_tasks, "IN_A_REQUEST", 200)
    return small_tree()


@pytest.fixture
def desk(tree: dict[str, Unit], client: FlaskClient) -> FlaskClient:
    """The browser of a secretary of B1."""
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    secretary.locale = "en"
    db.session.commit()
    sign_in(client, secretary.number)
    return client


def roster(count: int = MANY) -> bytes:
    return "\n".join(["姓名,工号,部门", *(f"学员{n},L{n:04d},B1" for n in range(count)), ""]).encode()


def upload(desk: FlaskClient, data: bytes, name: str = "花名册.csv") -> str:
    """Bring a file in; gives the address of its page."""
    answer = desk.post(
        "/units/B1/roster",
        data={"csrf_token": token(desk, "/units/B1/roster"), "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def press(desk: FlaskClient, page: str, act: str, **fields: str) -> int:
    return int(desk.post(f"{page}/{act}", data={"csrf_token": token(desk, page), **fields}).status_code)


def shown(desk: FlaskClient, page: str) -> str:
    return desk.get(page).get_data(as_text=True)


def members() -> int:
    return db.session.scalar(select(func.count()).select_from(Member).where(Member.number.like("L%"))) or 0


def state() -> str:
    return str(db.session.scalars(select(Import.state)).one())


def test_a_long_roster_is_read_written_and_taken_back_by_the_clock(desk: FlaskClient, now: datetime) -> None:
    page = upload(desk, roster())
    assert "The roster is being read." in shown(desk, page)
    assert roster_tasks.run_next(now)
    assert "Nothing is written yet." in shown(desk, page)
    assert members() == 0

    assert press(desk, page, "accept", missing="1") == 303
    assert "The roster is being written." in shown(desk, page)
    assert press(desk, page, "accept", missing="1") == 303, "a second press is told that the first is under way"
    assert roster_tasks.run_next(now)
    assert (members(), state()) == (MANY, ImportState.ACCEPTED)

    assert press(desk, page, "undo") == 303
    assert "The roster is being taken back." in shown(desk, page)
    assert roster_tasks.run_next(now)
    assert (members(), state()) == (0, ImportState.UNDONE)
    assert not roster_tasks.run_next(now)


def test_the_page_says_how_far_it_is(desk: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(desk, roster())
    monkeypatch.setattr(comparing, "STEP", 50)
    seen = []
    note = leases.progress

    def watched(*where: Any) -> Any:
        def noted(done: int, total: int | None = None) -> None:
            note(*where)(done, total)
            with db.engine.connect() as connection:
                seen.append(tuple(connection.execute(select(ImportTask.done, ImportTask.total)).one()))

        return noted

    monkeypatch.setattr(leases, "progress", watched)
    roster_tasks.run_next(now)
    assert seen == [(0, MANY), (50, MANY), (100, MANY)]


def test_rows_are_paged_and_mended_while_the_clock_reads_again(desk: FlaskClient, now: datetime) -> None:
    page = upload(desk, roster())
    roster_tasks.run_next(now)
    assert "学员0<" in shown(desk, page)
    assert "学员60<" in shown(desk, page + "?page=2")
    assert press(desk, page, "rows", where="line 3", name="改名", number="L0001", unit="B1") == 303
    roster_tasks.run_next(now)
    assert "改名" in shown(desk, page)
    press(desk, page, "accept", missing="1")
    roster_tasks.run_next(now)
    assert db.session.scalar(select(Member.name).where(Member.number == "L0001")) == "改名"
    looks = db.session.scalars(select(Import)).one().report["looks"]
    assert len(looks) == 2
    jobs.forget_old(now)
    for digest in looks:
        with pytest.raises(NotFound):
            house.files.open(digest)


def test_when_members_changed_since_it_looks_again_and_says_so(
    desk: FlaskClient, tree: dict[str, Unit], now: datetime
) -> None:
    page = upload(desk, roster())
    roster_tasks.run_next(now)
    new_member(tree["B1"], number="L0005", name="先来的人")
    db.session.commit()
    press(desk, page, "accept", missing="1")
    assert roster_tasks.run_next(now)
    assert roster_tasks.run_next(now), "it looks again"
    text = shown(desk, page)
    assert "Members changed since you looked at this file." in text
    assert "先来的人" in text
    assert members() == 1


def test_a_file_that_cannot_be_read_says_why_on_its_page(desk: FlaskClient, now: datetime) -> None:
    page = upload(desk, b"PK\x03\x04" + b"not a workbook" * 40, "broken.xlsx")
    roster_tasks.run_next(now)
    text = shown(desk, page)
    assert "Choose another file" in text
    assert press(desk, page, "accept", missing="1") == 422


def test_work_whose_workers_all_died_has_failed_and_may_be_asked_again(desk: FlaskClient, now: datetime) -> None:
    page = upload(desk, roster())
    roster_tasks.run_next(now)
    press(desk, page, "accept", missing="1")
    gone = {"state": "running", "tries": leases.MOST_TRIES, "leased_until": now - timedelta(seconds=1)}
    db.session.execute(update(ImportTask).where(ImportTask.act == "accept").values(gone))
    db.session.commit()
    assert not roster_tasks.run_next(now)
    assert "broke off" in shown(desk, page)
    assert press(desk, page, "accept", missing="1") == 303
    roster_tasks.run_next(now)
    assert members() == MANY


def test_who_takes_over_the_clock_goes_on_with_what_a_dead_one_left(desk: FlaskClient, now: datetime) -> None:
    upload(desk, roster())
    held = {"state": "running", "tries": 1, "leased_until": now + leases.LEASE}
    db.session.execute(update(ImportTask).values(held))
    db.session.commit()
    assert not roster_tasks.run_next(now)
    jobs.take_over(now)
    assert roster_tasks.run_next(now)


def test_many_missing_need_a_second_yes_and_the_form_says_so(
    desk: FlaskClient, tree: dict[str, Unit], now: datetime
) -> None:
    for _n in range(5):
        new_member(tree["B1"])
    db.session.commit()
    page = upload(desk, roster(12))
    roster_tasks.run_next(now)
    answer = desk.post(f"{page}/accept", data={"csrf_token": token(desk, page)})
    assert answer.status_code == 422
    assert "Confirm that this is meant." in answer.get_data(as_text=True)
    assert press(desk, page, "accept", missing="1") == 303


def test_a_second_click_on_a_long_roster_is_no_fault(desk: FlaskClient, now: datetime) -> None:
    page = upload(desk, roster())
    assert roster_tasks.run_next(now)
    for act, state_then in (("accept", "accepted"), ("undo", "undone")):
        assert press(desk, page, act, missing="1") == press(desk, page, act, missing="1") == 303
        assert roster_tasks.run_next(now)
        assert not roster_tasks.run_next(now), "it is carried out once"
        assert press(desk, page, act, missing="1") == 303
        assert state() == state_then
    assert members() == 0


@pytest.mark.parametrize("long", [False, True])
def test_what_was_taken_back_is_looked_at_again_with_the_mended_rows(
    desk: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    monkeypatch.setattr(roster_tasks, "IN_A_REQUEST", 10 if long else 1_000_000)

    def done() -> None:
        assert roster_tasks.run_next(now) is long

    page = upload(desk, "姓名,工号,部门\n甲,L1,B1\n乙,L2,没有\n".encode(), "r.csv")
    done()
    assert press(desk, page, "again") == 303
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1, "nothing was taken back yet"
    assert press(desk, page, "rows", where="line 3", number="L2", name="乙", unit="B1") == 303
    done()
    for act, count in (("accept", 2), ("undo", 0)):
        assert press(desk, page, act, missing="1") == 303
        done()
        assert members() == count
    answer = desk.post(f"{page}/again", data={"csrf_token": token(desk, page)})
    done()
    assert answer.headers["Location"] != page
    assert press(desk, answer.headers["Location"], "accept", missing="1") == 303
    done()
    assert members() == 2


def test_a_second_click_on_a_short_roster_is_no_fault(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_tasks, "IN_A_REQUEST", 1_000_000)
    page = upload(desk, roster(5))
    for act, count in (("accept", 5), ("undo", 0)):
        assert press(desk, page, act, missing="1") == press(desk, page, act, missing="1") == 303
        assert members() == count
