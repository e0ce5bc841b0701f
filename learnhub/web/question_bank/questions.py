"""One question at the desk: every version of it, where it is asked, writing and changing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.authorship import hands, works
from learnhub.journeys import change_questions, write_questions
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import DomainError, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.quizzes.papers import NOT_AT_ONCE
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank import bank_files, case_parts, paragraphs, showing, uses
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.by_hand_forms import CaseForm
from learnhub.web.question_bank.forms import QuestionForm
from learnhub.web.question_bank.kind_forms import FORMS
from learnhub.web.question_bank.sending import Sending
from question_bank import authoring, catalogue, sources
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Listed
from question_bank.fingerprints import fingerprint
from question_bank.kinds import KINDS, NAMES
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
        names=NAMES,
        writable=FORMS,
        part_kinds=case_parts.kinds(),
    )


@area.get("/desk/banks/<slug>/new-question")
@signed_in
def new_question(slug: str) -> ResponseReturnValue:
    """The form of a new question of the kind asked for."""
    bank = works.editable_bank(scope(), slug)
    kind = _kind(request.args.get("kind", "single_choice"))
    form = FORMS[kind](formdata=None, category=request.args.get("category", "")[:255])
    if isinstance(form, CaseForm):
        form.first.choices = case_parts.kinds()
    return _form_page(bank, form, kind)


@area.post("/desk/banks/<slug>/new-question")
@signed_in
def add_question(slug: str) -> ResponseReturnValue:
    """Write a new question."""
    bank = works.editable_bank(scope(), slug)
    kind = _kind(request.args.get("kind", "single_choice"))
    form = FORMS[kind]()
    if isinstance(form, CaseForm):
        form.first.choices = case_parts.kinds()
        return _add_case(bank, form)
    if "more" in request.form:
        return _with_more_rows(bank, form, kind)
    draft = _checked(form, kind)
    if draft is None:
        return _form_page(bank, form, kind, status=422)
    if "look" in request.form:
        return _form_page(bank, form, kind, draft=draft)
    return _add(bank, form, draft)


def _add_case(bank: Bank, form: CaseForm) -> ResponseReturnValue:
    """Write a case with its first question: the case's own fields go along to the page of the question."""
    if not form.validate():
        return _form_page(bank, form, "case", status=422)
    kind = form.first.data or "single_choice"
    is_written = f"{case_parts.PREFIX}stem" in request.form
    part = case_parts.form_of(kind, **({} if is_written else {"formdata": None}))
    if "more" in request.form:
        part.add_rows()
    if not is_written or "more" in request.form or not part.validate():
        return _first_part(bank, form, part, 422 if part.errors else 200)
    try:
        question = case_parts.question_in(part, kind)
        draft = authoring.cleaned(replace(form.draft("case"), content={"questions": [question]}))
    except DomainError as error:
        part.form_errors.append(str(say(error.message)))
        return _first_part(bank, form, part, 422)
    return _add(bank, form, draft)


def _first_part(bank: Bank, form: CaseForm, part: QuestionForm, status: int) -> ResponseReturnValue:
    kept = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if not name.startswith(case_parts.PREFIX) and name not in ("csrf_token", "more")
    ]
    action = url_for("question_bank.add_question", slug=bank.slug, kind="case")
    inside = case_parts.inside(action, kept, form.draft("case"), 1)
    return _form_page(bank, part, form.first.data or "single_choice", status=status, inside=inside)


def _add(bank: Bank, form: QuestionForm, draft: QuestionDraft) -> ResponseReturnValue:
    kind = draft.kind
    sending = Sending()
    if sending.before is not None:
        return _added(bank, kind, draft, sending.before)
    twin = authoring.known_fingerprints(bank).get(fingerprint(draft))
    if twin is not None:
        form.form_errors.append(_("The bank has this question already."))
        return _form_page(bank, form, kind, status=422)
    as_draft = request.form.get("then") == "draft"
    made = write_questions.write(bank, draft, actor(), arrived(), as_draft=as_draft)
    sending.made(made.id)
    flash(
        _("The draft is in the bank. It is asked once it is reviewed and published.")
        if as_draft
        else _("The question is in the bank."),
        "success",
    )
    bank_files.warn_of_untold(draft)
    return _added(bank, kind, draft, made.id)


def _added(bank: Bank, kind: str, draft: QuestionDraft, question_id: int) -> ResponseReturnValue:
    if request.form.get("then") == "another":
        return redirect(url_for("question_bank.new_question", slug=bank.slug, kind=kind, category=draft.category), 303)
    return redirect(url_for("question_bank.question", slug=bank.slug, question_id=question_id), 303)


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
    if "look" in request.form:
        return _form_page(bank, form, kind, listed, draft=draft)
    if request.form.get("version", str(listed.version.number)) != str(listed.version.number):
        return _overtaken(bank, form, kind, listed)
    if is_same(draft, authoring.cleaned(draft_of(listed))):
        flash(_("Nothing was changed."), "info")
    else:
        version = write_questions.revise(bank, listed.question, draft, actor(), arrived())
        flash(_("Version %(n)s is there. Attempts that have an earlier one keep it.", n=version.number), "success")
        bank_files.warn_of_untold(draft)
    return redirect(url_for("question_bank.question", slug=slug, question_id=question_id), 303)


def _overtaken(bank: Bank, form: QuestionForm, kind: str, listed: Listed) -> ResponseReturnValue:
    """Somebody else, or another window, was faster: what was typed stands there, and is saved when sent once more."""
    form.form_errors.append(
        _(
            "Version %(n)s was saved while you were writing; what you wrote is not saved yet. Compare the versions, or "
            "save once more to put yours in its place.",
            n=listed.version.number,
        )
    )
    return _form_page(bank, form, kind, listed, 409, based_on=listed.version.number)


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
    sent = bank_files.receive(form)
    refused = form.file.errors
    if not refused:
        bank_files.append_new(form, sent)
    if not form.validate() or refused:
        form.file.errors = [*refused, *form.file.errors]
        return None
    try:
        draft = authoring.cleaned(form.draft(kind, listed.version.content if listed else None))
    except DomainError as error:
        form.form_errors.append(str(say(error.message)))
        return None
    return paragraphs.as_stored(draft, draft_of(listed)) if listed else draft


def is_same(draft: QuestionDraft, before: QuestionDraft) -> bool:
    """Whether two drafts say the same; keys of options do not count."""
    return _without_keys(draft) == _without_keys(before)


def _without_keys(draft: QuestionDraft) -> QuestionDraft:
    return replace(draft, content=_keyless(draft.content), tags=tuple(sorted(draft.tags)))


def _keyless(content: Any) -> Any:
    """A piece of content without the random keys that are made anew for each version."""
    if isinstance(content, dict):
        return {name: _keyless(one) for name, one in content.items() if name not in ("key", "match_key")}
    return [_keyless(one) for one in content] if isinstance(content, list) else content


def _with_more_rows(bank: Bank, form: QuestionForm, kind: str, listed: Listed | None = None) -> ResponseReturnValue:
    if request.form["more"] == "file":
        sent = bank_files.receive(form)
        return _form_page(bank, form, kind, listed, 422 if form.file.errors else 200, sent)
    form.add_rows(hints=request.form["more"] == "hints")
    return _form_page(bank, form, kind, listed)


def _form_page(
    bank: Bank,
    form: QuestionForm,
    kind: str,
    listed: Listed | None = None,
    status: int = 200,
    sent: list[str] | None = None,
    draft: QuestionDraft | None = None,
    inside: dict[str, Any] | None = None,
    based_on: int | None = None,
) -> ResponseReturnValue:
    carried = request.form.getlist("kept") if sent is None else sent
    return render_template(
        "question_bank/form.html",
        bank=bank,
        form=form,
        kind=kind,
        label=KINDS[kind].label,
        question_id=listed.question.id if listed else None,
        uses=uses.of_question(bank, listed.question.id) if listed else None,
        offered=bank_files.offered(carried, draft_of(listed) if listed else None),
        shown=showing.of_draft(draft) if draft else None,
        categories=catalogue.categories(bank),
        sources=[source.name for source, _count in sources.of_bank(bank)],
        others=[(name, KINDS[name].label) for name in FORMS],
        inside=inside,
        based_on=based_on or request.form.get("version") or (listed.version.number if listed else ""),
        overtaken=based_on is not None,
        has_hints=kind not in NOT_AT_ONCE or any(hint.data for hint in form.hints),
    ), status
