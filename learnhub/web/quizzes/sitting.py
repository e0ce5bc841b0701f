"""Who sits now, and more time for them: of a quiz for its authors, of a unit for its secretaries."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy import Select, select
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from learnhub.audit.trail import record
from learnhub.identity.models import Member
from learnhub.journeys import attempt_devices, grant_time
from learnhub.journeys.grant_time import Wish
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.models import Unit, UnitPath
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import catalogue, grants, lobby, sitting, taken_back, windows
from learnhub.quizzes.conduct import doors
from learnhub.quizzes.models import Quiz, TimeGrant
from learnhub.quizzes.taken_back import Taken
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say, sentences
from learnhub.web.language import translated as _
from learnhub.web.quizzes.blueprint import area
from learnhub.web.quizzes.forms import MOMENTS, instant_of
from learnhub.web.quizzes.moments import UntilField
from learnhub.web.tables import Column, Row, Table, chosen_ids

PER_PAGE = 50
AT_ONCE = 10
"""Batches that a request carries out itself; the clock does the rest."""
LAST_GRANTS = 20

SITTING = Table(
    (
        Column("name", _w("Name")),
        Column("number", _w("Number")),
        Column("unit", _w("Unit")),
        Column("quiz", _w("Quiz")),
        Column("answered", _w("Answers held"), number=True),
        Column("deadline", _w("Ends")),
        Column("saved", _w("Last saved"), down=True),
        Column("started", _w("Started"), down=True, shown=False),
    ),
    sort="deadline",
    filters=("quiz",),
)


class TimeForm(FlaskForm):  # type: ignore[misc]
    """More time, for whom, and why."""

    whom = SelectField(
        _l("For whom"),
        choices=[
            ("all", _l("Everyone in progress now")),
            ("member", _l("One member, by number")),
        ],
    )
    number = StringField(_l("Member number"), [Length(max=64)])
    minutes = IntegerField(
        _l("Minutes"), [InputRequired(_l("Say how many minutes.")), NumberRange(1, 1440)], default=10
    )
    reason = StringField(
        _l("Reason"), description=_l("Kept in the audit trail and shown to the member whose attempt is reopened.")
    )
    may_pass_close = BooleanField(_l("Also past the quiz's close"))
    lasting = BooleanField(_l("Also for attempts that begin later"))
    since = DateTimeLocalField(
        _l("Reopen attempts that ran out after"),
        [Optional()],
        format=MOMENTS,
        description=_l("For an incident: attempts that ran out after this time go on with the answers they had."),
    )


class WindowForm(FlaskForm):  # type: ignore[misc]
    """When a quiz is open for a unit."""

    unit_code = SelectField(_l("Unit"), validate_choice=False)
    opens_at = DateTimeLocalField(_l("Opens"), [Optional()], format=MOMENTS)
    closes_at = UntilField(_l("Closes"), [Optional()], format=MOMENTS)
    extra_minutes = IntegerField(_l("More minutes for everybody"), [Optional(), NumberRange(0, 1440)])


@dataclass(frozen=True)
class Place:
    """Where one looks from: a quiz with all units of its author, or a unit with all its quizzes."""

    unit: Unit
    reach: Select[int]
    endpoint: str
    values: dict[str, Any]
    quiz: Quiz | None = None

    def url(self, act: str = "") -> str:
        """The page's address, or that of one of its acts."""
        return url_for(self.endpoint + act, **self.values)


def of_quiz(quiz_id: int) -> Place:
    """The place of a quiz that I may change."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    unit = db.session.get_one(Unit, quiz.unit_id)
    reach = scope().unit_ids(Permission.AUTHOR)
    return Place(unit, reach, "quizzes.sitting_quiz", {"quiz_id": quiz_id}, quiz)


def of_unit(code: str) -> Place:
    """The place of a unit that I look after."""
    unit = scope().unit(Permission.MANAGE_MEMBERS, code)
    reach = select(UnitPath.below_id).where(UnitPath.above_id == unit.id)
    return Place(unit, reach, "quizzes.sitting_unit", {"code": unit.code})


@area.get("/desk/quizzes/<int:quiz_id>/sitting")
@requires(Permission.AUTHOR)
def sitting_quiz(quiz_id: int) -> ResponseReturnValue:
    """Who sits a quiz now, the times of units, and more time."""
    return _page(of_quiz(quiz_id))


@area.get("/units/<code>/sitting")
@requires(Permission.MANAGE_MEMBERS)
def sitting_unit(code: str) -> ResponseReturnValue:
    """Who of a unit sits a quiz now, and more time."""
    return _page(of_unit(code))


@area.post("/desk/quizzes/<int:quiz_id>/sitting")
@requires(Permission.AUTHOR)
def sitting_quiz_grant(quiz_id: int) -> ResponseReturnValue:
    """Grant more time in a quiz."""
    return _grant(of_quiz(quiz_id))


@area.post("/units/<code>/sitting")
@requires(Permission.MANAGE_MEMBERS)
def sitting_unit_grant(code: str) -> ResponseReturnValue:
    """Grant members of a unit more time."""
    return _grant(of_unit(code))


@area.post("/desk/quizzes/<int:quiz_id>/sitting/release")
@requires(Permission.AUTHOR)
def sitting_quiz_release(quiz_id: int) -> ResponseReturnValue:
    """Let the next device of the chosen sitters in."""
    return _release(of_quiz(quiz_id))


@area.post("/units/<code>/sitting/release")
@requires(Permission.MANAGE_MEMBERS)
def sitting_unit_release(code: str) -> ResponseReturnValue:
    """Let the next device of the chosen sitters of a unit in."""
    return _release(of_unit(code))


def _release(place: Place) -> ResponseReturnValue:
    chosen = [sitting.one(place.reach, place.quiz, attempt_id) for attempt_id in chosen_ids(request.form)]
    freed = sum(attempt_devices.release(actor(), one, arrived()) for one in chosen)
    if freed:
        flash(ngettext("%(n)s attempt is released.", "%(n)s attempts are released.", freed, n=freed), "success")
    else:
        flash(_("No device held the chosen attempts."), "warning")
    return redirect(place.url(), 303)


def _page(place: Place, form: TimeForm | None = None, status: int = 200) -> ResponseReturnValue:
    view = SITTING.read(request.args, place.endpoint, **place.values)
    quizzes = sitting.quizzes_sat(place.reach) if place.quiz is None else []
    only = next((one for one in quizzes if str(one.id) == request.args.get("quiz")), place.quiz)
    total = sitting.count(place.reach, only)
    pages = max(1, -(-total // PER_PAGE))
    before = (min(view.page, pages) - 1) * PER_PAGE
    found = sitting.sitters(place.reach, only, order=view.key, down=view.down, before=before, limit=PER_PAGE)
    given = _grants(place)
    back = taken_back.of_grants([one.id for one in given])
    return render_template(
        "quizzes/sitting.html",
        place=place,
        view=view,
        quizzes=quizzes,
        only=only,
        total=total,
        rows=[Row(one, id=str(one.attempt.id), name=one.member.name) for one in found],
        leaf=view.leaf(pages),
        doors=doors.of_attempts([one.attempt.id for one in found]),
        in_lobby=lobby.count(place.reach, place.quiz),
        now=arrived(),
        key=secrets.token_urlsafe(16),
        form=form or TimeForm(formdata=None),
        granted=given,
        counts=grants.counts([one.id for one in given]),
        back=back,
        may_take_back=taken_back.reachable(scope(), [one.id for one in given]),
        names=_names(given, back),
        windows=windows.of_units(place.quiz) if place.quiz else [],
        window_form=_window_form(place.quiz) if place.quiz else None,
    ), status


def _grants(place: Place) -> list[TimeGrant]:
    """The last grants that concern this place."""
    query = select(TimeGrant).order_by(TimeGrant.granted_at.desc(), TimeGrant.id.desc()).limit(LAST_GRANTS)
    if place.quiz is not None:
        return list(db.session.scalars(query.where(TimeGrant.quiz_id == place.quiz.id)))
    members = scope().member_ids(Permission.MANAGE_MEMBERS)
    return list(db.session.scalars(query.where(TimeGrant.unit_id.in_(place.reach) | TimeGrant.member_id.in_(members))))


def _names(given: list[TimeGrant], back: Mapping[int, Taken]) -> dict[int, str]:
    """The names of the members and units that grants are for, and of who gave them and took them back, by id."""
    people = {one.member_id for one in given} | {one.granted_by for one in given} | {one.by for one in back.values()}
    rows = list(db.session.execute(select(Member.id, Member.name).where(Member.id.in_(people - {None}))))
    rows += db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_({one.unit_id for one in given})))
    return {key: name for key, name in rows}


def _grant(place: Place) -> ResponseReturnValue:
    form = TimeForm()
    chosen = chosen_ids(request.form)
    if not form.validate():
        return _page(place, form, 422)
    try:
        made = [
            grant_time.grant(actor(), wish, arrived(), unit_id=place.unit.id) for wish in _wishes(place, form, chosen)
        ]
    except (Refused, NotFound) as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
        return _page(place, form, 422)
    ids = [one.id for one in made]
    db.session.commit()
    for grant_id in ids:
        grant_time.carry_out(grant_id, arrived(), batches=AT_ONCE)
    given = grants.counts(ids).values()
    done = grant_time.Done(sum(moved for moved, _reopened in given), sum(reopened for _moved, reopened in given))
    flash(_said(done), "success")
    return redirect(place.url(), 303)


def _said(done: grant_time.Done) -> str:
    if not done.moved:
        return _("The time is granted. Nobody in progress is affected.")
    said = [ngettext("%(n)s attempt has more time.", "%(n)s attempts have more time.", done.moved, n=done.moved)]
    if done.reopened:
        said.append(ngettext("%(n)s was opened again.", "%(n)s were opened again.", done.reopened, n=done.reopened))
    return sentences(said)


def _wishes(place: Place, form: TimeForm, chosen: list[int]) -> list[Wish]:
    """What the form asks for: a grant for the unit, for a member, or one for each chosen attempt's member."""
    rules: dict[str, Any] = {
        "seconds": 60 * (form.minutes.data or 0),
        "reason": form.reason.data or "",
        "may_pass_close": bool(form.may_pass_close.data),
        "lasting": bool(form.lasting.data),
        "reopens_from": instant_of(form.since.data),
        "quiz": place.quiz,
    }
    key = _call_key(form)
    if chosen:
        found = [sitting.one(place.reach, place.quiz, attempt_id) for attempt_id in chosen]
        return [
            Wish(
                **rules | {"quiz": db.session.get_one(Quiz, one.quiz_id)},
                member_id=one.member_id,
                call_key=key and f"{key}:{one.id}",
            )
            for one in found
        ]
    if form.whom.data == "member":
        return [Wish(**rules, member_id=_member(place, form.number.data or "").id, call_key=key)]
    return [Wish(**rules, unit=place.unit, call_key=key)]


def _call_key(form: TimeForm) -> str | None:
    """The same page sent again with the same words is the same wish; changed words, after going back, are another."""
    page = request.form.get("key", "")[:22]
    said = [str(field.data) for field in form if field.name != "csrf_token"]
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
    return f"{actor().id}:{page}:{digest}" if page else None


def _member(place: Place, number: str) -> Member:
    """The member of that number, who belongs to the place's units today."""
    if not number.strip():
        raise NotFound(_w("Enter the member's number."))
    permission = Permission.AUTHOR if place.quiz else Permission.MANAGE_MEMBERS
    within = scope().member_ids(permission)
    member = db.session.scalar(select(Member).where(Member.number == number.strip(), Member.id.in_(within)))
    if member is None:
        raise NotFound(_w("There is no member with the number “%(number)s” in your reach.", number=number.strip()))
    return member


def _window_form(quiz: Quiz, **options: Any) -> WindowForm:
    form = WindowForm(**options)
    below = scope().units(Permission.AUTHOR)
    reached = set(db.session.scalars(select(UnitPath.below_id).where(UnitPath.above_id == quiz.unit_id)))
    form.unit_code.choices = [(unit.code, f"{unit.name} ({unit.code})") for unit in below if unit.id in reached]
    return form


@area.post("/desk/quizzes/<int:quiz_id>/windows")
@requires(Permission.AUTHOR)
def set_window(quiz_id: int) -> ResponseReturnValue:
    """Give a unit its own times, or the quiz's own ones again."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    form = _window_form(quiz)
    unit = scope().unit(Permission.AUTHOR, request.form.get("unit_code", ""))
    if "remove" in request.form:
        windows.remove(quiz, unit)
        record(actor(), "quiz.window_removed", "quiz", quiz.id, arrived(), unit_id=unit.id, quiz=quiz.title)
        flash(_("%(unit)s has the quiz's own times again.", unit=unit.name), "success")
    elif not form.validate():
        flash(" ".join(str(fault) for faults in form.errors.values() for fault in faults), "warning")
    else:
        _put_window(quiz, unit, form)
    return redirect(url_for("quizzes.sitting_quiz", quiz_id=quiz_id, _anchor="windows"), 303)


def _put_window(quiz: Quiz, unit: Unit, form: WindowForm) -> None:
    opens, closes = instant_of(form.opens_at.data), instant_of(form.closes_at.data)
    extra = 60 * (form.extra_minutes.data or 0)
    try:
        windows.put(quiz, unit, opens_at=opens, closes_at=closes, extra_seconds=extra, by=actor().id, now=arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return
    details = {"quiz": quiz.title, "extra_seconds": extra}
    details |= {"opens_at": opens.isoformat()} if opens else {}
    details |= {"closes_at": closes.isoformat()} if closes else {}
    record(actor(), "quiz.window_set", "quiz", quiz.id, arrived(), unit_id=unit.id, **details)
    flash(_("%(unit)s has its own times.", unit=unit.name), "success")
