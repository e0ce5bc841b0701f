"""Errors that members reported in a bank's questions: what waits, and answering it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.authorship import works
from learnhub.journeys import answer_reports
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import n_
from learnhub.quizzes import reports
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.question_bank import showing
from learnhub.web.question_bank.blueprint import area
from question_bank import catalogue


@area.get("/desk/banks/<slug>/reports")
@signed_in
def bank_reports(slug: str) -> ResponseReturnValue:
    """The questions of a bank on which reports wait; who made them is not said."""
    bank = works.editable_bank(scope(), slug)
    rows = [(one, showing.of_version(one.version)) for one in reports.waiting(bank)]
    return render_template("question_bank/reports.html", bank=bank, rows=rows, reasons=reports.REASONS)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/reports")
@signed_in
def answer_report(slug: str, question_id: int) -> ResponseReturnValue:
    """Answer what waits on a question; every member who reported it is told."""
    bank = works.editable_bank(scope(), slug)
    catalogue.get_question(bank, question_id)
    outcome, words = request.form.get("outcome", ""), request.form.get("words", "")
    try:
        count = answer_reports.answer(bank, question_id, outcome, words, actor(), arrived())
    except (NotFound, Refused) as refusal:  # somebody else may have answered meanwhile
        flash(say(refusal.message), "warning")
    else:
        flash(say(n_("%(n)s member is told.", "%(n)s members are told.", count)), "success")
    return redirect(url_for("question_bank.bank_reports", slug=slug), 303)
