"""The versions of a question beside each other, an old one brought back; and the question tried as a member sees it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.authorship import hands, works
from learnhub.journeys import write_questions
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _ as _w
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank import showing
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.questions import draft_of, is_same
from question_bank import authoring, catalogue, differences, marking
from question_bank.kinds import kind
from question_bank.models import QuestionVersion

PREFIX = "try-"


@area.get("/desk/banks/<slug>/questions/<int:question_id>/versions")
@signed_in
def versions(slug: str, question_id: int) -> ResponseReturnValue:
    """Two versions beside each other: the last two, or those that the address names."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    found = catalogue.history(question_id)
    new = _numbered(found, request.args.get("new", ""), listed.version)
    old = _numbered(found, request.args.get("old", ""), found[1] if len(found) > 1 else found[0])
    return render_template(
        "question_bank/versions.html",
        bank=bank,
        listed=listed,
        name=showing.name_of(listed.version),
        versions=found,
        old=old,
        new=new,
        parts=differences.between(old, new, say),
        hands=hands.names([version.id for version in found]),
    )


def _numbered(found: list[QuestionVersion], number: str, default: QuestionVersion) -> QuestionVersion:
    return next((one for one in found if str(one.number) == number), default)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/versions/<int:number>/bring-back")
@signed_in
def bring_back_version(slug: str, question_id: int, number: int) -> ResponseReturnValue:
    """What an old version says, as a new one; its category, tags and source stay those of today."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    old = next((one for one in catalogue.history(question_id) if one.number == number), None)
    if old is None:
        raise NotFound(_w("There is no such version."))
    draft = authoring.draft_of(old, listed.question, listed.category, listed.tags, listed.source_name)
    if is_same(authoring.cleaned(draft), authoring.cleaned(draft_of(listed))):
        flash(_("The question says this already."), "info")
    else:
        version = write_questions.revise(bank, listed.question, draft, actor(), arrived(), as_in=number)
        flash(_("Version %(n)s says what version %(old)s said.", n=version.number, old=number), "success")
    return redirect(url_for("question_bank.question", slug=slug, question_id=question_id), 303)


@area.get("/desk/banks/<slug>/questions/<int:question_id>/try")
@signed_in
def try_question(slug: str, question_id: int) -> ResponseReturnValue:
    """A question as a member sees it, to be answered."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    return render_template(
        "question_bank/try.html", bank=bank, listed=listed, question=showing.of_version(listed.version), response={}
    )


@area.post("/desk/banks/<slug>/questions/<int:question_id>/try")
@signed_in
def mark_trial(slug: str, question_id: int) -> ResponseReturnValue:
    """What an answer would earn; nothing is kept."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    version, fault = listed.version, None
    asked = kind(version.kind)
    fields = {name.removeprefix(PREFIX): request.form.getlist(name) for name in request.form if name.startswith(PREFIX)}
    try:
        response = asked.response_from_fields(version.content, fields)
        marked = marking.mark(version.kind, version.content, response, version.mark)
    except Refused as refusal:
        response, marked, fault = {}, None, say(refusal.message)
    return render_template(
        "question_bank/try.html",
        bank=bank,
        listed=listed,
        question=showing.of_version(version),
        response=response,
        marked=marked,
        fault=fault,
    ), 422 if fault else 200
