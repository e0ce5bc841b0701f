"""Quizzes for authors: mine and my units', making and changing one, its results, a preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from courses.models import Course, Lesson, LessonKind
from learnhub.audit.trail import record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import catalogue, results, setup, waiting, worries
from learnhub.quizzes.conduct import focus
from learnhub.quizzes.models import Quiz
from learnhub.web.context import actor, arrived, me, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.quizzes import charts
from learnhub.web.quizzes.blueprint import area
from learnhub.web.quizzes.forms import QuizForm, differing_marks, values_of
from learnhub.web.tables import Column, Row, Table, sorted_by
from question_bank import catalogue as bank_catalogue
from question_bank.kinds import KINDS
from question_bank.models import Bank, Question

MOST_LISTED = 500
"""Questions of a bank that the form lists for choosing."""
PER_PAGE = 50


TO_SORT: dict[str, Callable[[Quiz, str, results.Figures], Any]] = {
    "title": lambda quiz, _unit, _done: quiz.title,
    "unit": lambda _quiz, unit, _done: unit,
    "attempts": lambda _quiz, _unit, done: done.attempts,
    "members": lambda _quiz, _unit, done: done.members,
    "passed": lambda _quiz, _unit, done: done.passed,
    "waiting": lambda _quiz, _unit, done: done.waiting,
    "mean": lambda _quiz, _unit, done: done.mean_percent,
    "open": lambda _quiz, _unit, done: done.open,
    "state": lambda quiz, _unit, _done: not quiz.published,
}
QUIZZES = Table(
    (
        Column("title", _w("Quiz")),
        Column("unit", _w("Unit")),
        Column("attempts", _w("Attempts"), number=True, down=True),
        Column("open", _w("In progress"), number=True, down=True),
        Column("members", _w("Members"), number=True, down=True, shown=False),
        Column("passed", _w("Passed attempts"), number=True, down=True),
        Column("waiting", _w("Attempts to mark"), number=True, down=True),
        Column("mean", _w("Mean"), number=True),
        Column("state", _w("State")),
    )
)
RESULTS = Table(
    (
        Column("name", _w("Name")),
        Column("number", _w("Number")),
        Column("unit", _w("Unit")),
        Column("attempt", _w("Attempt"), number=True, down=True),
        Column("score", _w("Score"), number=True, down=True),
        Column("passed", _w("Result")),
        Column("started", _w("Started"), down=True, shown=False),
        Column("submitted", _w("Handed in"), down=True),
        Column("notes", _w("Notes"), sorts=False),
    ),
    sort="-started",
)


@area.get("/desk/quizzes")
@requires(Permission.AUTHOR)
def desk() -> ResponseReturnValue:
    """The quizzes that I may change, each with its figures."""
    found = catalogue.authored(scope())
    figures = results.figures([quiz.id for quiz in found], scope().unit_ids(Permission.AUTHOR))
    units = _names_of({quiz.unit_id for quiz in found})
    items = [(quiz, units.get(quiz.unit_id, ""), figures.get(quiz.id, results.Figures())) for quiz in found]
    view = QUIZZES.read(request.args, "quizzes.desk")
    if view.key:
        items = sorted_by(items, view, lambda item: TO_SORT[view.key](*item), lambda item: item[0].title)
    rows = [Row(item, url_for("quizzes.results", quiz_id=item[0].id), str(item[0].id), item[0].title) for item in items]
    return render_template("quizzes/desk.html", view=view, rows=rows)


def _names_of(unit_ids: set[int]) -> dict[int, str]:
    """The names of those units that are in my reach."""
    reach = scope().unit_ids(Permission.AUTHOR)
    rows = db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids), Unit.id.in_(reach)))
    return {unit_id: name for unit_id, name in rows}


@area.get("/desk/quizzes/new")
@requires(Permission.AUTHOR)
def new() -> ResponseReturnValue:
    """The form of a new quiz over a bank."""
    banks = works.editable_banks(scope())
    bank = _bank(banks, request.args.get("bank", ""))
    if bank is None:
        return render_template("quizzes/form.html", form=None, banks=banks, bank=None, quiz=None)
    return _form_page(_form(bank), bank, banks)


@area.post("/desk/quizzes/new")
@requires(Permission.AUTHOR)
def create() -> ResponseReturnValue:
    """Make a quiz."""
    banks = works.editable_banks(scope())
    bank = _bank(banks, request.args.get("bank", ""))
    if bank is None:
        raise NotFound(_w("There is no such bank in your reach."))
    form = _form(bank)
    if form.validate():
        try:
            unit = scope().unit(Permission.AUTHOR, form.unit.data)
            quiz = setup.create_quiz(unit, _settings(form, bank), arrived())
        except Refused as refusal:
            form.form_errors.append(say(refusal.message))
        else:
            record(actor(), "quiz.made", "quiz", quiz.id, arrived(), unit_id=unit.id, title=quiz.title)
            flash(_("The quiz is there. Look at it once as your members will see it."), "success")
            return redirect(url_for("quizzes.results", quiz_id=quiz.id), 303)
    return _form_page(form, bank, banks, status=422)


@area.get("/desk/quizzes/<int:quiz_id>/edit")
@requires(Permission.AUTHOR)
def edit(quiz_id: int) -> ResponseReturnValue:
    """The form of a quiz that is there."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    bank, banks = _bank_of(quiz)
    unit = db.session.get_one(Unit, quiz.unit_id)
    form = _form(bank, quiz, formdata=None, data={**values_of(quiz), "unit": unit.code})
    return _form_page(form, bank, banks, quiz)


@area.post("/desk/quizzes/<int:quiz_id>/edit")
@requires(Permission.AUTHOR)
def change(quiz_id: int) -> ResponseReturnValue:
    """Change a quiz; attempts under way keep what they began with."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    bank, banks = _bank_of(quiz)
    form = _form(bank, quiz)
    if form.validate():
        try:
            unit = scope().unit(Permission.AUTHOR, form.unit.data)
            setup.change_quiz(quiz, unit, _settings(form, bank, quiz), arrived())
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(say(refusal.message))
        else:
            record(actor(), "quiz.changed", "quiz", quiz.id, arrived(), unit_id=unit.id, title=quiz.title)
            flash(_("The quiz is changed."), "success")
            return redirect(url_for("quizzes.results", quiz_id=quiz.id), 303)
    return _form_page(form, bank, banks, quiz, status=422)


@area.get("/desk/quizzes/<int:quiz_id>", endpoint="results")
@requires(Permission.AUTHOR)
def show_results(quiz_id: int) -> ResponseReturnValue:
    """How a quiz went: its figures, and the attempts of the members in my reach."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    reach = scope().unit_ids(Permission.AUTHOR)
    view = RESULTS.read(request.args, "quizzes.results", quiz_id=quiz_id)
    total = results.count(quiz, reach)
    pages = max(1, -(-total // PER_PAGE))
    before = (min(view.page, pages) - 1) * PER_PAGE
    lines = results.lines(quiz, reach, order=view.key, down=view.down, before=before, limit=PER_PAGE)
    return render_template(
        "quizzes/results.html",
        quiz=quiz,
        unit=db.session.get_one(Unit, quiz.unit_id),
        view=view,
        rows=[Row(line) for line in lines],
        total=total,
        leaf=view.leaf(pages),
        figures=results.figures([quiz.id], reach).get(quiz.id, results.Figures()),
        focus=focus.counts([line.attempt.id for line in lines]),
        marked_by_hand=waiting.are_there(quiz, reach, me().id),
        worries=worries.of_quiz(quiz, arrived()),
        **charts.of_quiz(quiz, reach),
    )


@area.post("/desk/quizzes/<int:quiz_id>/preview")
@requires(Permission.AUTHOR)
def preview(quiz_id: int) -> ResponseReturnValue:
    """Sit a quiz as a member would; it counts nowhere."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    try:
        attempt = submit_quiz.start(quiz, me(), arrived(), preview=True)
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return redirect(url_for("quizzes.results", quiz_id=quiz_id), 303)
    return redirect(url_for("quizzes.attempt", attempt_id=attempt.id), 303)


def _bank(banks: list[Bank], slug: str) -> Bank | None:
    """The bank named, or the only one there is."""
    if not slug and len(banks) == 1:
        return banks[0]
    return next((bank for bank in banks if bank.slug == slug), None)


def _bank_of(quiz: Quiz) -> tuple[Bank, list[Bank]]:
    """The bank whose questions the form offers: the one asked for, else the one that the paper draws from."""
    banks = works.editable_banks(scope())
    named = {int(bank) for bank in quiz.paper.get("banks", [])}
    asked = [int(one["id"]) for one in quiz.paper.get("questions", [])]
    named |= set(db.session.scalars(select(Question.bank_id).where(Question.id.in_(asked))))
    bank = _bank(banks, request.args.get("bank", "")) or next((one for one in banks if one.id in named), None)
    if bank is None:
        raise Refused(_w("You may edit none of the banks that this quiz asks from."))
    return bank, banks


def _form(bank: Bank, quiz: Quiz | None = None, **options: Any) -> QuizForm:
    """The form with what there is to choose from in my reach."""
    form = QuizForm(**options)
    form.unit.offer(Permission.AUTHOR)
    form.lesson.choices = [("", _("None")), *_lessons(quiz)]
    categories = [("", _("any"))] + [(path, path) for path in bank_catalogue.categories(bank)]
    kinds = [("", _("any"))] + [(name, say(kind.label)) for name, kind in KINDS.items() if name != "description"]
    for row in form.quotas:
        row.category.choices, row.kind.choices = categories, kinds
    return form


def _lessons(quiz: Quiz | None) -> list[tuple[str, str]]:
    """Quiz lessons of the courses that I may edit; the quiz's own lesson in any case."""
    rows = db.session.execute(
        select(Lesson.id, Lesson.title, Course.title)
        .join(Course, Course.id == Lesson.course_id)
        .where(
            Lesson.kind == LessonKind.QUIZ,
            Course.id.in_(works.editable_ids(scope(), Work.COURSE))
            | (Lesson.id == (quiz.lesson_id if quiz is not None else None)),
        )
        .order_by(Course.title, Lesson.position)
    )
    return [(str(lesson_id), f"{course}: {lesson}") for lesson_id, lesson, course in rows]


def _settings(form: QuizForm, bank: Bank, quiz: Quiz | None = None) -> setup.Settings:
    """What the form says. Chosen questions are looked up in the bank: nobody asks what they may not see."""
    settings = form.settings(bank.id, quiz)
    wanted = {int(one["id"]) for one in settings.paper.get("questions", [])}
    there = db.session.scalars(select(Question.id).where(Question.bank_id == bank.id, Question.id.in_(wanted)))
    if wanted - set(there):
        raise Refused(_w("A chosen question is not in this bank."))
    return settings


def _listed(bank: Bank, chosen: set[str]) -> list[bank_catalogue.Listed]:
    """The questions to choose from: those that are published, and in any case those that are chosen."""
    ids = [int(one) for one in chosen if one.isdecimal() and len(one) < 20]
    published = bank_catalogue.questions(bank, per_page=MOST_LISTED).items
    missing = set(ids) - {one.question.id for one in published}
    there = db.session.scalars(select(Question.id).where(Question.bank_id == bank.id, Question.id.in_(missing)))
    return published + [bank_catalogue.get_question(bank, question_id) for question_id in there]


def _form_page(
    form: QuizForm, bank: Bank, banks: list[Bank], quiz: Quiz | None = None, status: int = 200
) -> ResponseReturnValue:
    chosen = {str(one) for one in form.chosen.data or []}
    return render_template(
        "quizzes/form.html",
        form=form,
        bank=bank,
        banks=banks,
        quiz=quiz,
        questions=_listed(bank, chosen),
        kinds=KINDS,
        chosen=chosen,
        own_marks=differing_marks(quiz),
    ), status
