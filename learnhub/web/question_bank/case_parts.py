"""The questions of a case at the desk: each is written with the form of its own kind; every change is a new version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.authorship import works
from learnhub.journeys import write_questions
from learnhub.kernel.errors import Conflict, DomainError, NotFound, Refused
from learnhub.kernel.words import _ as _w
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank import paragraphs
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.forms import QuestionForm
from learnhub.web.question_bank.kind_forms import FORMS
from question_bank import authoring, catalogue
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Listed
from question_bank.kinds import KINDS
from question_bank.kinds.base import rich
from question_bank.models import Bank, QuestionVersion

PREFIX = "part-"
"""What the fields of a question inside a case begin with, where the case's own fields stand beside them."""


def kinds() -> list[tuple[str, Any]]:
    """The kinds that a question of a case can have."""
    return [(name, KINDS[name].label) for name in FORMS if name != "case"]


def form_of(kind: str, **more: Any) -> QuestionForm:
    """The form of a question inside a case; the page's own token protects it. NotFound for no such kind."""
    if kind not in FORMS or kind == "case":
        raise NotFound(_w("Questions of this kind can't be written in the browser."))
    return FORMS[kind](prefix=PREFIX, meta={"csrf": False}, **more)


def question_in(form: QuestionForm, kind: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The question of a case that a valid form describes."""
    draft = form.draft(kind, before)
    return {"kind": kind, "stem_html": draft.stem_html, "mark": draft.mark, "content": draft.content}


def inside(
    action: str, kept: list[tuple[str, str]], case: QuestionDraft | QuestionVersion, number: int | None
) -> dict[str, Any]:
    """What the form of a question inside a case shows of the case: its text, and what it asks beside this question."""
    asked = [] if isinstance(case, QuestionDraft) else case.content["questions"]
    others = [(n, one["stem_html"]) for n, one in enumerate(asked, 1) if n != number]
    return {"action": action, "kept": kept, "case_html": rich(case.stem_html), "others": others}


@area.get("/desk/banks/<slug>/questions/<int:question_id>/parts/new")
@signed_in
def new_part(slug: str, question_id: int) -> ResponseReturnValue:
    """The form of one more question of a case."""
    bank, listed = _found(slug, question_id)
    kind = request.args.get("kind", "single_choice")
    return _page(bank, listed, form_of(kind, formdata=None), kind)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/parts/new")
@signed_in
def add_part(slug: str, question_id: int) -> ResponseReturnValue:
    """Put a question at the end of a case."""
    bank, listed = _found(slug, question_id)
    kind = request.args.get("kind", "single_choice")
    form = form_of(kind)
    return _keep(bank, listed, form, kind, None)


@area.get("/desk/banks/<slug>/questions/<int:question_id>/parts/<int:part>")
@signed_in
def edit_part(slug: str, question_id: int, part: int) -> ResponseReturnValue:
    """The form of a question of a case."""
    bank, listed = _found(slug, question_id)
    question = _part(listed, part)
    kind = question["kind"]
    draft = QuestionDraft(kind, question["stem_html"], question["content"], mark=question["mark"])
    values = FORMS[kind].values(draft) if kind in FORMS else {}
    return _page(bank, listed, form_of(kind, formdata=None, data=values), kind, part)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/parts/<int:part>")
@signed_in
def change_part(slug: str, question_id: int, part: int) -> ResponseReturnValue:
    """Change a question of a case."""
    bank, listed = _found(slug, question_id)
    kind = _part(listed, part)["kind"]
    return _keep(bank, listed, form_of(kind), kind, part)


@area.post("/desk/banks/<slug>/questions/<int:question_id>/parts/<int:part>/place")
@signed_in
def place_part(slug: str, question_id: int, part: int) -> ResponseReturnValue:
    """Move a question of a case up or down, or take it out."""
    bank, listed = _found(slug, question_id)
    question = _part(listed, part)
    questions = [one for one in listed.version.content["questions"] if one is not question]
    act = request.form.get("act")
    if act == "remove" and not questions:
        raise Refused(_w("A case has at least one question."))
    if act != "remove":
        questions.insert(max(0, part - 2) if act == "up" else part, question)
    _store(bank, listed, questions)
    return redirect(url_for("question_bank.question", slug=slug, question_id=question_id), 303)


def _found(slug: str, question_id: int) -> tuple[Bank, Listed]:
    bank = works.editable_bank(scope(), slug)
    listed = catalogue.get_question(bank, question_id)
    if listed.version.kind != "case":
        raise NotFound(_w("This question is no case."))
    return bank, listed


def _part(listed: Listed, number: int) -> dict[str, Any]:
    questions: list[dict[str, Any]] = listed.version.content["questions"]
    if not 1 <= number <= len(questions):
        raise NotFound(_w("This case has no such question."))
    return questions[number - 1]


def _keep(bank: Bank, listed: Listed, form: QuestionForm, kind: str, part: int | None) -> ResponseReturnValue:
    """Write the case with the question that the form describes, or show the form again with what is wrong."""
    if "more" in request.form:
        form.add_rows()
        return _page(bank, listed, form, kind, part)
    questions = list(listed.version.content["questions"])
    before = questions[part - 1]["content"] if part is not None else None
    try:
        if not form.validate():
            return _page(bank, listed, form, kind, part, 422)
        if part is None:
            questions.append(question_in(form, kind))
        else:
            changed = question_in(form, kind, before)
            questions[part - 1] = paragraphs.content_as_stored(changed, questions[part - 1])
        _store(bank, listed, questions)
    except DomainError as error:
        form.form_errors.append(str(say(error.message)))
        return _page(bank, listed, form, kind, part, 409 if isinstance(error, Conflict) else 422)
    return redirect(url_for("question_bank.question", slug=bank.slug, question_id=listed.question.id), 303)


def _store(bank: Bank, listed: Listed, questions: list[dict[str, Any]]) -> None:
    """A new version of the case. Conflict when another one was written since the page was made."""
    if request.form.get("version") != str(listed.version.number):
        raise Conflict(_w("This case was changed in the meantime. Load the page again."))
    draft = authoring.draft_of(listed.version, listed.question, listed.category, listed.tags, listed.source_name)
    draft = replace(draft, content={"questions": questions})
    version = write_questions.revise(bank, listed.question, draft, actor(), arrived())
    flash(_("Version %(n)s is there. Attempts that have an earlier one keep it.", n=version.number), "success")


def _page(
    bank: Bank, listed: Listed, form: QuestionForm, kind: str, part: int | None = None, status: int = 200
) -> ResponseReturnValue:
    question_id = listed.question.id
    action = (
        url_for("question_bank.add_part", slug=bank.slug, question_id=question_id, kind=kind)
        if part is None
        else url_for("question_bank.change_part", slug=bank.slug, question_id=question_id, part=part)
    )
    kept = [("version", request.form.get("version", str(listed.version.number)))]
    return render_template(
        "question_bank/form.html",
        bank=bank,
        form=form,
        kind=kind,
        label=KINDS[kind].label,
        question_id=listed.question.id,
        used=0,
        inside=inside(action, kept, listed.version, part),
    ), status
