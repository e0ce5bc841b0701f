"""More press start than can be served: places in a queue, kept and fair; and what is refused first under load."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from learnhub.identity import sessions
from learnhub.identity.models import Member
from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes import attempts, lobby
from learnhub.quizzes.models import Attempt, LobbyPlace, Quiz
from learnhub.web.load import Kind, Load, kind_of
from learnhub.web.quizzes.arrivals import Arrival, Arrivals
from learnhub.web.quizzes.gate import Gate
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.makers import NOW, PASSWORD, new_member, new_staff, new_unit
from tests.visiting import Visitor


@pytest.fixture
def unit(app: Flask) -> Unit:
    return new_unit()


@pytest.fixture
def quiz(unit: Unit) -> Quiz:
    return new_quiz(unit, title="Fire", time_limit_seconds=1800)


@pytest.fixture
def gate(app: Flask) -> Iterator[Gate]:
    """The gate of the application, shut: it lets nobody in until `gate.give_back` says how many."""
    shut = app.extensions["start gate"] = Gate(0.0001)
    shut._most, shut._left, shut.lets_in_every = 1000.0, 0.0, 0.0
    yield shut
    del app.extensions["start gate"]


def come(app: Flask, quiz: Quiz, unit: Unit, count: int) -> list[Sitter]:
    return [Sitter(app, new_member(unit, password=PASSWORD), quiz) for _n in range(count)]


def press(sitter: Sitter) -> str:
    """Press start; where it leads."""
    return sitter.post(f"/quizzes/{sitter.slug}/attempts").headers["Location"]


def place_of(sitter: Sitter) -> dict[str, Any]:
    answer = sitter.get(f"/lobby/{sitter.quiz_id}", headers={"Accept": "application/json"})
    return dict(answer.get_json())


def test_p01_who_comes_beyond_the_rate_waits_and_their_time_begins_at_the_start(
    app: Flask, unit: Unit, quiz: Quiz, gate: Gate
) -> None:
    first, second = come(app, quiz, unit, 2)
    for sitter in (first, second):
        assert press(sitter) == f"/lobby/{quiz.id}"
    page = second.get(f"/lobby/{quiz.id}")
    assert "1 before you" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert int(page.headers["Retry-After"]) >= 1
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
    db.session.rollback()
    gate.give_back(1)
    assert place_of(second) | {"again_in": 0} == {"admitted": False, "ahead": 0, "again_in": 0}
    assert "It's your turn" in first.page(f"/lobby/{quiz.id}")
    before = utcnow()
    assert press(first).startswith("/attempts/")
    assert first.attempt.started_at >= before
    assert first.attempt.deadline == first.attempt.started_at + timedelta(minutes=30)
    assert db.session.scalars(select(LobbyPlace.member_id)).all() == [second.member_id]
    db.session.rollback()
    assert place_of(first)["go"] == f"/attempts/{first.attempt.id}"


def test_p01_a_double_click_a_second_tab_and_a_reload_keep_the_place(
    app: Flask, unit: Unit, quiz: Quiz, gate: Gate
) -> None:
    sitters = come(app, quiz, unit, 3)
    for sitter in sitters:
        press(sitter)
    for _n in range(3):
        press(sitters[0])
        sitters[0].page(f"/lobby/{quiz.id}")
    assert [place_of(one)["ahead"] for one in sitters] == [0, 1, 2]
    gate.give_back(1)
    assert press(sitters[2]) == f"/lobby/{quiz.id}"
    assert press(sitters[0]).startswith("/attempts/")


def test_p01_twenty_clicks_at_once_are_one_place(app: Flask, unit: Unit, quiz: Quiz) -> None:
    member_id, quiz_id = new_member(unit).id, quiz.id
    results = at_once(app, lambda _n: lobby.arrive(quiz_id, member_id, NOW), 20)
    assert results == [None] * 20
    assert db.session.scalar(select(func.count()).select_from(LobbyPlace)) == 1


def test_p01_workers_that_let_in_at_once_let_each_in_once(app: Flask, unit: Unit, quiz: Quiz) -> None:
    quiz_id, members = quiz.id, [new_member(unit).id for _n in range(20)]
    for member_id in members:
        lobby.arrive(quiz_id, member_id, NOW)
    counts = at_once(app, lambda _n: lobby.admit(3, NOW), 4)
    assert sum(counts) <= 12
    while sum(counts) < 12:
        counts.append(lobby.admit(1, NOW))
    admitted = select(LobbyPlace.member_id).where(LobbyPlace.admitted_at.is_not(None))
    assert sorted(db.session.scalars(admitted)) == sorted(members[:12])


def test_p01_a_turn_that_is_missed_passes_on_and_leads_to_the_end(app: Flask, unit: Unit, quiz: Quiz) -> None:
    one, other = new_member(unit).id, new_member(unit).id
    lobby.arrive(quiz.id, one, NOW)
    assert lobby.admit(1, NOW) == 1
    late = NOW + lobby.CLAIMED_WITHIN + timedelta(seconds=1)
    lobby.arrive(quiz.id, other, late)
    assert not lobby.claim(quiz.id, one, late)
    assert lobby.find(quiz.id, one, late) is None
    lobby.arrive(quiz.id, one, late)
    found = lobby.find(quiz.id, one, late)
    assert found is not None
    assert (found.ahead, found.admitted) == (1, False)
    db.session.commit()
    assert lobby.anybody_waits()
    lobby.forget(late + timedelta(hours=2))
    db.session.commit()
    assert not lobby.anybody_waits()


def press_by_script(sitter: Sitter) -> Any:
    """Press start as the page's script does."""
    form = {"csrf_token": sitter.token()}
    return sitter.client.post(f"/quizzes/{sitter.slug}/attempts", data=form, headers={"Accept": "application/json"})


def test_p01_the_page_is_told_its_place_by_the_answer_to_the_click(
    app: Flask, unit: Unit, quiz: Quiz, gate: Gate
) -> None:
    sitters = come(app, quiz, unit, 2)
    answers = [press_by_script(sitter) for sitter in sitters]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [answer.get_json()["ahead"] for answer in answers] == [0, 1]
    assert answers[1].get_json()["room"] == f"/lobby/{quiz.id}"
    gate.give_back(1)
    assert press_by_script(sitters[0]).get_json() == {"go": f"/attempts/{sitters[0].attempt.id}"}


def test_p01_being_told_a_place_takes_few_statements_and_one_of_them_writes(
    app: Flask, unit: Unit, quiz: Quiz, gate: Gate, statements: Callable[[], Any]
) -> None:
    sitters = come(app, quiz, unit, 3)
    press(sitters[0])
    press(sitters[1])
    token = {"csrf_token": sitters[2].token()}
    with statements() as seen:
        sitters[2].client.post(f"/quizzes/{quiz.slug}/attempts", data=token)
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= 7
    assert [one for one in seen if one.startswith(("INSERT", "UPDATE", "DELETE"))] == [
        one for one in seen if one.startswith("INSERT INTO lobby_place")
    ]


def test_p01_in_a_crowd_a_quiz_of_another_unit_is_not_there(app: Flask, unit: Unit, quiz: Quiz, gate: Gate) -> None:
    press(come(app, quiz, unit, 1)[0])
    (stranger,) = come(app, quiz, new_unit("OTHER"), 1)
    assert stranger.post(f"/quizzes/{stranger.slug}/attempts").status_code == 404
    assert stranger.get(f"/lobby/{quiz.id}").status_code == 404


def test_p01_a_quiz_that_is_withdrawn_while_many_wait_starts_for_nobody(
    app: Flask, unit: Unit, quiz: Quiz, gate: Gate
) -> None:
    first, second = come(app, quiz, unit, 2)
    press(first)
    press(second)
    db.session.get_one(Quiz, quiz.id).published = False
    db.session.commit()
    gate.give_back(2)
    place_of(first)
    assert press_by_script(first).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_p01_the_access_code_is_asked_for_in_a_crowd_too(app: Flask, unit: Unit, quiz: Quiz, gate: Gate) -> None:
    press(come(app, quiz, unit, 1)[0])
    (sitter,) = come(app, quiz, unit, 1)
    attempts.start(quiz, db.session.get_one(Member, sitter.member_id), utcnow() - timedelta(hours=2))
    db.session.get_one(Quiz, quiz.id).access_code = "open sesame"
    db.session.commit()
    assert press_by_script(sitter).get_json()["code"] == "access_code", "what ran out is over; another one needs it"
    form = {"csrf_token": sitter.token(), "access_code": "open sesame"}
    address, wanted = f"/quizzes/{sitter.slug}/attempts", {"Accept": "application/json"}
    submit_quiz.close_overdue(utcnow())
    assert press_by_script(sitter).get_json()["code"] == "access_code"
    answer = sitter.client.post(address, data=form, headers=wanted)
    assert (answer.status_code, answer.get_json()["ahead"]) == (202, 1)


def test_p01_who_holds_the_writers_lock_hands_it_over_before_waiting_for_the_others(
    app: Flask, unit: Unit, quiz: Quiz
) -> None:
    arrivals, quiz_id = Arrivals(), quiz.id
    members = [new_member(unit).id for _n in range(8)]

    def come_in(n: int) -> None:
        title = f"Fire {n}"
        db.session.execute(text("UPDATE quiz SET title = :title WHERE id = :id"), {"title": title, "id": quiz_id})
        arrivals.write(Arrival(quiz_id, members[n], NOW))

    before = time.monotonic()
    assert at_once(app, come_in, 8) == [None] * 8
    assert time.monotonic() - before < 10
    assert sorted(db.session.scalars(select(LobbyPlace.member_id))) == sorted(members)
    assert db.session.scalar(select(Quiz.title).where(Quiz.id == quiz_id)) == "Fire"


def test_p01_one_who_cannot_be_written_keeps_nobody_else_out(app: Flask, unit: Unit, quiz: Quiz) -> None:
    arrivals, quiz_id, member_id = Arrivals(), quiz.id, new_member(unit).id
    db.session.commit()
    nobody, somebody = Arrival(quiz_id, 1, NOW), Arrival(quiz_id, member_id, NOW)
    arrivals._waiting.append(nobody)
    arrivals.write(somebody)
    assert (nobody.written, somebody.written) == (False, True)
    with pytest.raises(IntegrityError):
        arrivals.write(nobody)
    assert db.session.scalars(select(LobbyPlace.member_id)).all() == [member_id]


def test_p01_when_it_is_calm_a_start_takes_at_most_one_statement_more(
    app: Flask, unit: Unit, quiz: Quiz, statements: Callable[[], Any]
) -> None:
    app.extensions["start gate"] = Gate(20)
    counts = []
    for sitter in come(app, quiz, unit, 3):
        token = {"csrf_token": sitter.token()}
        with statements() as seen:
            sitter.client.post(f"/quizzes/{sitter.slug}/attempts", data=token)
        counts.append(sum("lobby_place" in one for one in seen))
    assert counts[0] == 1
    assert max(counts) <= 1
    del app.extensions["start gate"]


def test_p01_the_api_answers_202_with_the_place(app: Flask, unit: Unit, quiz: Quiz, gate: Gate) -> None:
    (sitter,) = come(app, quiz, unit, 1)
    key = {"Idempotency-Key": "one"}
    answer = sitter.json("POST", f"/api/v1/quizzes/{quiz.id}/attempts", **key)
    assert (answer.status_code, answer.get_json()["ahead"]) == (202, 0)
    assert int(answer.headers["Retry-After"]) >= 1
    gate.give_back(1)
    assert sitter.json("POST", f"/api/v1/quizzes/{quiz.id}/attempts", **key).status_code == 201


def test_who_looks_after_a_quiz_sees_how_many_wait(app: Flask, unit: Unit, quiz: Quiz, gate: Gate) -> None:
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, unit, password=PASSWORD))
    for sitter in come(app, quiz, unit, 2):
        press(sitter)
    page = instructor.page(f"/desk/quizzes/{quiz.id}/sitting")
    assert "2 wait in the lobby to start" in words(page)


def words(page: str) -> str:
    """A page's text, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_p02_editing_the_tree_in_mid_exam_costs_a_saver_nothing(
    app: Flask, unit: Unit, quiz: Quiz, statements: Callable[[], Any]
) -> None:
    (sitter,) = come(app, quiz, unit, 1)
    sitter.start()
    answer, token, address = right(sitter.attempt, 1), sitter.token(), f"/api/v1/attempts/{sitter.attempt.id}/answers/1"
    db.session.rollback()

    def save(n: int) -> list[str]:
        body = {"response": answer, "sequence": n, "base": n - 1}
        with statements() as seen:
            saved = sitter.client.put(address, json=body, headers={"X-CSRFToken": token})
        assert saved.status_code == 200
        return list(seen)

    save(1)
    before = save(2)
    units.new_unit("NEW", "New", NOW, parent=db.session.get_one(Unit, unit.id))
    db.session.get_one(Quiz, quiz.id).title = "Water"
    db.session.commit()
    assert save(3) == before


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [
        ("boards.index", Kind.FIRST),
        ("transcripts.index", Kind.FIRST),
        ("searches.index", Kind.FIRST),
        ("courses.index", Kind.SECOND),
        ("api.save_answer", Kind.NEVER),
        ("api.hand_in", Kind.NEVER),
        ("quizzes.save_page", Kind.NEVER),
        ("quizzes.lobby", Kind.NEVER),
        ("quizzes.start", Kind.NEVER),
        ("account.sign_in", Kind.NEVER),
        ("health.alive", Kind.NEVER),
    ],
)
def test_p03_each_endpoint_has_its_turn_to_be_refused(endpoint: str, kind: Kind) -> None:
    assert kind_of(endpoint) == kind


def test_p03_under_load_boards_are_refused_first_and_saves_never(app: Flask, unit: Unit, quiz: Quiz) -> None:
    (sitter,) = come(app, quiz, unit, 1)
    sitter.start()
    response = right(sitter.attempt, 1)
    db.session.rollback()
    before, load = app.extensions["load"], Load(2)
    app.extensions["load"] = load
    for refused, gone_on in ((("/boards",), ("/courses", "/quizzes")), (("/boards", "/courses"), ())):
        load.enter()
        load.enter()
        for kind in load._since:
            load._since[kind] = load._since[kind] and time.monotonic() - 5
        for address in refused:
            answer = sitter.client.get(address, headers={"Accept-Language": "zh-CN"}, follow_redirects=True)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
            assert "现在太忙" in answer.text or "忙" in answer.text
        for address in gone_on:
            assert sitter.get(address, follow_redirects=True).status_code == 200
        base = load._count - 2
        assert sitter.put(1, response, sequence=base + 1, base=base // 2).status_code == 200
    app.extensions["load"] = before


def test_p03_a_short_burst_is_no_overload() -> None:
    load = Load(1)
    load.enter()
    assert not load.refuses(Kind.FIRST)
    load.leave()
    assert load._count == 0


def test_p05_a_session_is_read_while_another_request_holds_it(app: Flask, engine: str, unit: Unit) -> None:
    member = new_member(unit, password=PASSWORD)
    key, member_id = sessions.start(member, NOW, "", ""), member.id
    db.session.commit()
    with db.engine.connect() as writer, writer.begin():
        if engine == "postgres":
            writer.execute(text("SELECT id FROM sign_in_session FOR UPDATE"))
        found = sessions.read(key)
        assert found is not None
        assert found.member_id == member_id


@pytest.mark.postgres_only
def test_p05_a_request_holds_no_lock_on_its_session(app: Flask, unit: Unit) -> None:
    visitor = Visitor(app, new_member(unit, password=PASSWORD))
    tried: list[int] = []

    def look(response: Any) -> Any:
        with db.engine.connect() as other, other.begin():
            tried.append(len(other.execute(text("SELECT id FROM sign_in_session FOR UPDATE NOWAIT")).all()))
        return response

    hooks = app.after_request_funcs.setdefault(None, [])
    hooks.insert(0, look)
    try:
        visitor.page("/quizzes")
    finally:
        hooks.remove(look)
    assert tried == [1]
