"""What a start costs: a fixed paper, one that the start draws from a bank, and one that was drawn beforehand.

Each start is the request of a member's page, from the session to the commit, in this process: no server and no client
beside it. Papers have twenty questions; the bank has `--size`. Drawing beforehand is measured by itself, a batch from
one reading of the bank. Baseline: the start that draws for itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from benchmarks import harness
from benchmarks.lobby import signed_in
from benchmarks.save_answer import SLOTS, prepare
from learnhub.identity.models import Member
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.quizzes import beforehand, lobby
from learnhub.quizzes.models import Quiz
from learnhub.web.quizzes.gate import Gate
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank

EACH = 100
"""Starts of each kind."""
WARM_UP = 10


def ready(size: int) -> None:
    """A quiz with a fixed paper and one that draws as many questions from a bank."""
    prepare()
    now, bank = utcnow(), db.session.scalars(select(Bank)).one()
    options = [{"html": text, "fraction": fraction} for text, fraction in (("a", "1"), ("b", "0"), ("c", "0"))]
    drafts = [
        QuestionDraft(kind="single_choice", stem_html=f"question {n}", content={"options": options})
        for n in range(SLOTS, size)
    ]
    authoring.add_questions(bank, drafts, now)
    half = {"count": SLOTS // 2}
    paper = {"banks": [str(bank.id)], "blueprint": {"quotas": [half, {**half, "kind": "single_choice"}]}}
    fixed = db.session.scalars(select(Quiz)).one()
    db.session.add(
        Quiz(slug="drawn", title="drawn", unit_id=fixed.unit_id, paper=paper, time_limit_seconds=7200, created_at=now)
    )
    db.session.commit()


def draw_for(count: int) -> float:
    """Let so many members wait at the drawn quiz, and draw for them; CPU seconds for one."""
    now, quiz_id = utcnow(), db.session.scalars(select(Quiz.id).where(Quiz.slug == "drawn")).one()
    for member_id in db.session.scalars(select(Member.id).order_by(Member.id.desc()).limit(count)):
        lobby.arrive(quiz_id, member_id, now)
    db.session.commit()

    def draw() -> None:
        while beforehand.draw_next(now):
            pass

    cost = harness.cpu_seconds(draw) / count
    lobby.forget(now + 2 * lobby.FORGET_AFTER)
    db.session.commit()
    return cost


def starts(app: Flask, slug: str, cookies: Sequence[str], token: str) -> dict[str, float]:
    """CPU milliseconds and statements of a start, without a context around it, as a request comes."""
    client, found = app.test_client(use_cookies=False), dict[str, float]()
    engine, count = db.engine, 0

    def note(_connection: Any, _cursor: Any, statement: str, *_about: Any) -> None:
        nonlocal count
        count += not statement.startswith("BEGIN")

    def press(cookie: str) -> None:
        headers = {"Cookie": cookie, "Accept": "application/json"}
        answer = client.post(f"/quizzes/{slug}/attempts", data={"csrf_token": token}, headers=headers)
        assert answer.status_code == 200, (answer.status_code, answer.data[:200])

    def work() -> None:
        for cookie in cookies[:WARM_UP]:
            press(cookie)
        with app.app_context():
            server = harness._server()
        measured = cookies[WARM_UP:]
        found["ms"] = 1000 * _cost(server, lambda: [press(cookie) for cookie in measured[1:]]) / (len(measured) - 1)
        event.listen(engine, "before_cursor_execute", note)
        press(measured[0])
        event.remove(engine, "before_cursor_execute", note)
        found["statements"] = count

    _apart(work)
    return found


def _cost(server: int | None, work: Callable[[], Any]) -> float:
    before = harness.time.process_time() + harness._server_cpu(server)
    work()
    return harness.time.process_time() + harness._server_cpu(server) - before


def _apart(work: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def carry_out() -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=carry_out)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def main() -> None:
    """Measure all three in one run."""
    asked = harness.options("start_quiz", 2_000, 200, __doc__ or "")
    with harness.application(asked) as app:
        app.extensions["start gate"] = Gate(0)
        ready(asked.size)
        cookies, token = signed_in(app, 2 * (EACH + WARM_UP))
        harness.analyse()
        half = len(cookies) // 2
        fixed = starts(app, "q", cookies[:half], token)
        here = starts(app, "drawn", cookies[:half], token)
        drawing = draw_for(half)
        before = starts(app, "drawn", cookies[half:], token)
    harness.report(
        asked,
        ms_fixed=fixed["ms"],
        ms_drawn_at_the_start=here["ms"],
        ms_drawn_beforehand=before["ms"],
        ms_of_drawing_one=1000 * drawing,
        statements_fixed=fixed["statements"],
        statements_drawn_at_the_start=here["statements"],
        statements_drawn_beforehand=before["statements"],
        baseline="a start that draws for itself",
        ratio=here["ms"] / before["ms"],
        goal=">= 2 at 2,000 questions",
    )


if __name__ == "__main__":
    main()
