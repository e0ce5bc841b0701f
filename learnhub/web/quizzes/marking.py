"""Marking by hand: what waits in a quiz, question by question, and one answer after another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.identity.models import Member
from learnhub.journeys import mark_by_hand
from learnhub.kernel.db import unit_of_work
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import answers, catalogue, hand_marks, papers, waiting
from learnhub.quizzes.hand_marks import Given, Part
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.web.context import actor, arrived, member_id, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.quizzes import showing_by_hand, uploads
from learnhub.web.quizzes.blueprint import area
from question_bank.fractions import decimal
from question_bank.kinds import Correctness
from question_bank.versions import versions_by_id


@area.get("/desk/quizzes/<int:quiz_id>/marking")
@requires(Permission.AUTHOR)
def marking(quiz_id: int) -> ResponseReturnValue:
    """The answers of a quiz that a person marks, by question: those that wait, and those that are marked."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    asked = waiting.queue(quiz, scope().unit_ids(Permission.AUTHOR), member_id())
    return render_template("quizzes/marking.html", quiz=quiz, asked=asked, hidden=_hides(), code=code_of)


@area.get("/desk/quizzes/<int:quiz_id>/marking/<int:handed_id>/<int:slot>")
@requires(Permission.AUTHOR)
def answer_to_mark(quiz_id: int, handed_id: int, slot: int) -> ResponseReturnValue:
    """One answer with its rubric, its mark and its comment."""
    quiz, attempt, member = _found(quiz_id, handed_id)
    return _page(quiz, attempt, member, slot)


@area.post("/desk/quizzes/<int:quiz_id>/marking/<int:handed_id>/<int:slot>")
@requires(Permission.AUTHOR)
def mark_answer(quiz_id: int, handed_id: int, slot: int) -> ResponseReturnValue:
    """Mark an answer, and go on to the next one to the same question."""
    quiz, attempt, member = _found(quiz_id, handed_id)
    after = _after(quiz, attempt, slot) if request.form.get("go") == "next" else None
    try:
        given = [_given(part) for part in hand_marks.of_slot(attempt, slot)]
        with unit_of_work():
            quiz, attempt, member = _found(quiz_id, handed_id)
            seen = request.form.get("seen", "0")
            mark_by_hand.mark(
                actor(),
                attempt,
                slot,
                given,
                request.form.get("comment", ""),
                int(seen) if seen.isdecimal() and len(seen) < 20 else 0,
                arrived(),
            )
    except (Refused, Conflict) as refusal:
        quiz, attempt, member = _found(quiz_id, handed_id)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(quiz, attempt, member, slot, fault=str(say(refusal.message)), status=status)
    flash(_("The mark is saved."), "success")
    names = "hide" if _hides() else None
    if after is None:
        return redirect(url_for("quizzes.marking", quiz_id=quiz_id, names=names), 303)
    address = url_for(
        "quizzes.answer_to_mark", quiz_id=quiz_id, handed_id=after.attempt_id, slot=after.slot, names=names
    )
    return redirect(address, 303)


@area.get("/desk/quizzes/<int:quiz_id>/marking/<int:handed_id>/<int:slot>/versions")
@requires(Permission.AUTHOR)
def answer_versions(quiz_id: int, handed_id: int, slot: int) -> ResponseReturnValue:
    """Every version of an answer as it was saved, and what came too late to count."""
    quiz, attempt, member = _found(quiz_id, handed_id)
    asked = papers.asked(papers.slot_of(attempt.layout, slot).version_id)
    return render_template(
        "quizzes/answer_versions.html",
        quiz=quiz,
        attempt=attempt,
        slot=slot,
        name=_name(attempt, member),
        hidden=_hides(),
        versions=answers.versions(attempt.member_id, attempt.id, slot),
        question={"kind": asked.kind.name, "public": asked.kind.public(asked.content)},
    )


@area.get("/desk/quizzes/<int:quiz_id>/marking/<int:handed_id>/<int:slot>/files/<digest>")
@requires(Permission.AUTHOR)
def file_to_mark(quiz_id: int, handed_id: int, slot: int, digest: str) -> ResponseReturnValue:
    """A file that was handed in, for who marks it."""
    _quiz, attempt, _member = _found(quiz_id, handed_id)
    return uploads.deliver(attempt, slot, digest)


def code_of(attempt_id: int) -> str:
    """The number that stands for a name where names are hidden."""
    return f"{attempt_id % 100_000:05d}"


def _hides() -> bool:
    return request.args.get("names") == "hide"


def _name(attempt: Attempt, member: Member) -> str:
    return str(_("Answer %(n)s", n=code_of(attempt.id))) if _hides() else member.name


def _found(quiz_id: int, attempt_id: int) -> tuple[Quiz, Attempt, Member]:
    quiz = catalogue.find_authored(scope(), quiz_id)
    return quiz, *waiting.find(quiz, scope().unit_ids(Permission.AUTHOR), member_id(), attempt_id)


def _after(quiz: Quiz, attempt: Attempt, slot: int) -> waiting.Entry | None:
    """The answer that comes next: to the same question if one waits, else to the next question that has one."""
    question_id = papers.slot_of(attempt.layout, slot).question_id
    asked = waiting.queue(quiz, scope().unit_ids(Permission.AUTHOR), member_id())
    place = next((n for n, one in enumerate(asked) if one.question_id == question_id), 0)
    in_turn = [entry for one in asked[place:] + asked[:place] for entry in one.waiting]
    here = next((n for n, one in enumerate(in_turn) if (one.attempt_id, one.slot) == (attempt.id, slot)), None)
    if here is not None:
        in_turn = in_turn[here + 1 :] + in_turn[:here]
    same = [one for one in in_turn if one.question_id == question_id]
    return next(iter(same or in_turn), None)


def _given(part: Part) -> Given:
    """What the form says of a part; Refused when its mark is none."""
    prefix = f"{part.key or 'whole'}-"
    typed = request.form.get(f"{prefix}mark", "").strip().replace(",", ".").replace("，", ".")
    levels = {criterion["key"]: request.form.get(f"{prefix}level-{criterion['key']}", "") for criterion in part.rubric}
    if not typed:
        return Given(part.key, None, levels)
    thousandths = decimal(typed) * 1000
    if thousandths != thousandths.to_integral_value():
        raise Refused(_w("A mark has at most three places."))
    return Given(part.key, int(thousandths), levels)


def _page(
    quiz: Quiz, attempt: Attempt, member: Member, slot_number: int, *, fault: str = "", status: int = 200
) -> ResponseReturnValue:
    slot = papers.slot_of(attempt.layout, slot_number)
    version = versions_by_id([slot.version_id]).get(slot.version_id)
    parts = hand_marks.of_slot(attempt, slot_number)
    earlier = hand_marks.history(attempt.member_id, attempt.id, slot_number)
    standing = hand_marks.newest(attempt.member_id, attempt.id).get(slot_number)
    now = attempt.marks[slot_number - 1]
    is_case = version is not None and version.kind == "case"
    return render_template(
        "quizzes/marking_answer.html",
        quiz=quiz,
        attempt=attempt,
        slot=slot,
        stem_html=version.stem_html if version is not None and is_case else "",
        name=_name(attempt, member),
        hidden=_hides(),
        rows=[_row(part, standing, bool(fault)) for part in parts],
        comment=request.form.get("comment", "") if fault else standing.comment if standing else "",
        earlier=[(one, showing_by_hand.role_of(one)) for one in earlier],
        seen=standing.id if standing else 0,
        automatic=now["mark"] if is_case and now["correctness"] == Correctness.BY_HAND else None,
        fault=fault,
    ), status


def _row(part: Part, standing: Any, is_sent: bool) -> dict[str, Any]:
    """A part with what its fields hold: what was sent, else what stands."""
    prefix = f"{part.key or 'whole'}-"
    given = showing_by_hand.part_in(standing, part.key) or {}
    chosen = given.get("levels", {})
    mark = _in_marks(given["mark"]) if given else ""
    if is_sent:
        chosen = {one["key"]: request.form.get(f"{prefix}level-{one['key']}", "") for one in part.rubric}
        mark = request.form.get(f"{prefix}mark", "")
    return {"part": part, "prefix": prefix, "chosen": chosen, "mark": mark}


def _in_marks(thousandths: int) -> str:
    return f"{Decimal(thousandths).scaleb(-3).normalize():f}"
