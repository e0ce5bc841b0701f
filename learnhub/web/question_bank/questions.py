"""One question at the desk: every version of it, where it is asked, writing and changing it."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.authorship import hands, works
from learnhub.journeys import change_questions, write_questions
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import DomainError, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank import showing, uses
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.forms import FORMS, QuestionForm
from question_bank import authoring, catalogue, sources
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Listed
from question_bank.kinds import KINDS
from question_bank.models import Bank
from question_bank.together import Change

STEPS = {
    "review": _w("The question is reviewed. Publish it when it is to be asked."),
    "publish": _w("The question is published: papers may ask it."),
    "retire": _w("The question is retired: no new paper gets it."),
    "bring_back": _w("The question is back where it was before it was retired."),
    "still_valid": _w("The question holds: papers may ask it again."),
}
"""What can be done with one question, and what is said then."""
LONGEST_HISTORY = 50
"""Versions that the page of a question shows."""


@area.get("/desk/banks/<slug>/questions/<int:question_id>")
@signed_in
def question(slug: str, question_id: int) -> ResponseReturnValue:
    """A question as members see it, with what is right, where it is asked, and its earlier versions."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    versions = catalogue.history(question_id)
    return render_template(
        "question_bank/question.html",
        bank=bank,
        listed=listed,
        shown=showing.of_version(listed.version),
        name=showing.name_of(listed.version),
        older=[(version, showing.of_version(version)) for version in versions[1:LONGEST_HISTORY]],
        uses=uses.of_question(bank, question_id),
        state=listed.question.state,
        stale=sources.why_stale(listed.source, listed.question.confirmed_on, local_date(arrived(), house.zone)),
        hands=hands.names([version.id for version in versions]),
        editable=listed.version.kind in FORMS,
    )


@area.get("/desk/banks/<slug>/new-question")
@signed_in
def new_question(slug: str) -> ResponseReturnValue:
    """The form of a new question of the kind asked for."""
    bank = works.editable_bank(scope(), slug)
    kind = _kind(request.args.get("kind", "single_choice"))
    form = FORMS[kind](formdata=None, category=request.args.get("category", "")[:255])
    return _form_page(bank, form, kind)


@area.post("/desk/banks/<slug>/new-question")
@signed_in
def add_question(slug: str) -> ResponseReturnValue:
    """Write a new question."""
    bank = works.editable_bank(scope(), slug)
    kind = _kind(request.args.get("kind", "single_choice"))
    form = FORMS[kind]()
    if "more" in request.form:
        return _with_more_rows(bank, form, kind)
    draft = _checked(form, kind)
    if draft is None:
        return _form_page(bank, form, kind, status=422)
    twin = authoring.known_fingerprints(bank).get(authoring.fingerprint(draft))
    if twin is not None:
        form.form_errors.append(_("The bank has this question already."))
        return _form_page(bank, form, kind, status=422)
    as_draft = request.form.get("then") == "draft"
    made = write_questions.write(bank, draft, actor(), arrived(), as_draft=as_draft)
    flash(
        _("The draft is in the bank. It is asked once it is reviewed and published.")
        if as_draft
        else _("The question is in the bank."),
        "success",
    )
    if request.form.get("then") == "another":
        return redirect(url_for("question_bank.new_question", slug=slug, kind=kind, category=draft.category), 303)
    return redirect(url_for("question_bank.question", slug=slug, question_id=made.id), 303)


@area.get("/desk/banks/<slug>/questions/<int:question_id>/edit")
@signed_in
def edit_question(slug: str, question_id: int) -> ResponseReturnValue:
    """The form of a question that is there."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    kind = _kind(listed.version.kind)
    return _form_page(bank, FORMS[kind](formdata=None, data=FORMS[kind].values(draft_of(listed))), kind, listed)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/edit")
@signed_in
def change_question(slug: str, question_id: int) -> ResponseReturnValue:
    """Write a new version; papers and attempts that have the old one keep it."""
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    kind = _kind(listed.version.kind)
    form = FORMS[kind]()
    if "more" in request.form:
        return _with_more_rows(bank, form, kind, listed)
    draft = _checked(form, kind, listed)
    if draft is None:
        return _form_page(bank, form, kind, listed, 422)
    if is_same(draft, authoring.cleaned(draft_of(listed))):
        flash(_("Nothing was changed."), "info")
    else:
        version = write_questions.revise(bank, listed.question, draft, actor(), arrived())
        flash(_("Version %(n)s is there. Attempts that have an earlier one keep it.", n=version.number), "success")
    return redirect(url_for("question_bank.question", slug=slug, question_id=question_id), 303)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/state")
@signed_in
def set_state(slug: str, question_id: int) -> ResponseReturnValue:
    """Review, publish or retire a question, bring it back, or say that it holds though its source is over."""
    bank = works.editable_bank(scope(), slug)
    catalogue.get_question(bank, question_id)
    act = request.form.get("act", "")
    if act not in STEPS:
        raise NotFound(_w("There is no such step."))
    try:
        change_questions.change(bank, [question_id], Change(act), "", actor(), arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
    else:
        flash(say(STEPS[act]), "success")
    return redirect(url_for("question_bank.question", slug=slug, question_id=question_id), 303)


def _kind(name: str) -> str:
    if name not in FORMS:
        raise NotFound(_w("Questions of this kind can't be written in the browser."))
    return name


def draft_of(listed: Listed) -> QuestionDraft:
    """The draft that would make a listed question again."""
    return authoring.draft_of(listed.version, listed.question, listed.category, listed.tags, listed.source_name)


def _checked(form: QuestionForm, kind: str, listed: Listed | None = None) -> QuestionDraft | None:
    """The question that the form describes, as it would be stored; None when it can't be, with why on the form."""
    if not form.validate():
        return None
    try:
        return authoring.cleaned(form.draft(kind, listed.version.content if listed else None))
    except DomainError as error:
        form.form_errors.append(str(say(error.message)))
        return None


def is_same(draft: QuestionDraft, before: QuestionDraft) -> bool:
    """Whether two drafts say the same; keys of options do not count."""
    return _without_keys(draft) == _without_keys(before)


def _without_keys(draft: QuestionDraft) -> QuestionDraft:
    options = [{**option, "key": ""} for option in draft.content.get("options", [])]
    content = {**draft.content, **({"options": options} if options else {})}
    return replace(draft, content=content, tags=tuple(sorted(draft.tags)))


def _with_more_rows(bank: Bank, form: QuestionForm, kind: str, listed: Listed | None = None) -> ResponseReturnValue:
    form.add_rows()
    return _form_page(bank, form, kind, listed)


def _form_page(
    bank: Bank, form: QuestionForm, kind: str, listed: Listed | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "question_bank/form.html",
        bank=bank,
        form=form,
        kind=kind,
        label=KINDS[kind].label,
        question_id=listed.question.id if listed else None,
        uses=uses.of_question(bank, listed.question.id) if listed else None,
        categories=catalogue.categories(bank),
        sources=[source.name for source, _count in sources.of_bank(bank)],
        others=[(name, KINDS[name].label) for name in FORMS],
    ), status
