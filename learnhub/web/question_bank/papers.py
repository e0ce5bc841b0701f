"""Papers assembled from a bank: the blueprint, the variants beside each other, print, key, and a quiz made of one."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit.trail import record
from learnhub.authorship import works
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import aside
from learnhub.kernel.errors import Conflict, DomainError, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import seen, setup
from learnhub.web import files
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.question_bank import printing
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.paper_forms import BlueprintForm, values_of
from learnhub.web.question_bank.sending import Sending
from question_bank import catalogue, drawing, paper_sets, sources
from question_bank.kinds import KINDS
from question_bank.models import Bank

LARGEST_SEED = 2**53 - 1


@area.get("/desk/banks/<slug>/papers")
@signed_in
def papers(slug: str) -> ResponseReturnValue:
    """The papers that were assembled from a bank."""
    bank = works.editable_bank(scope(), slug)
    return render_template("question_bank/papers/index.html", bank=bank, sets=paper_sets.of_bank(bank))


@area.get("/desk/banks/<slug>/new-papers")
@signed_in
def new_papers(slug: str) -> ResponseReturnValue:
    """The form of a blueprint; `like` names papers whose rules it begins with."""
    bank = works.editable_bank(scope(), slug)
    like = request.args.get("like", type=int)
    if like is None:
        return _form_page(bank, _form(bank, formdata=None))
    kept = paper_sets.get(bank, like)
    return _form_page(bank, _form(bank, formdata=None, data=values_of(kept.title, kept.blueprint)))


@area.post("/desk/banks/<slug>/new-papers")
@signed_in
@limiter.limit("30/minute")
def make_papers(slug: str) -> ResponseReturnValue:
    """Assemble the papers; where there are none, the form says which rules are in each other's way."""
    bank = works.editable_bank(scope(), slug)
    form = _form(bank)
    if "more" in request.form:
        form.add_rows()
        return _form_page(bank, _with_choices(form, bank))
    if not form.validate():
        return _form_page(bank, form, 422)
    try:
        seed = secrets.randbelow(LARGEST_SEED) if form.seed.data is None else form.seed.data
        with aside():
            made = paper_sets.assemble(bank, form.blueprint(), seed, arrived(), partial(seen.of_bank, bank.id))
        sending = Sending()
        if sending.before is not None:
            return redirect(url_for("question_bank.paper_set", slug=slug, set_id=sending.before), 303)
        kept = paper_sets.keep(bank, form.title.data, made, arrived())
    except (Refused, Conflict) as error:
        form.form_errors.append(str(say(error.message)))
        return _form_page(bank, form, 422, error.details.get("quotas", ()))
    sending.made(kept.id)
    record(actor(), "papers.made", "bank", bank.id, arrived(), papers=len(kept.variants), title=kept.title)
    return redirect(url_for("question_bank.paper_set", slug=slug, set_id=kept.id), 303)


@area.get("/desk/banks/<slug>/papers/<int:set_id>")
@signed_in
def paper_set(slug: str, set_id: int) -> ResponseReturnValue:
    """The variants beside each other, and what can be done with them."""
    bank = works.editable_bank(scope(), slug)
    kept = paper_sets.get(bank, set_id)
    compared = paper_sets.compare(kept)
    return render_template(
        "question_bank/papers/set.html",
        bank=bank,
        kept=kept,
        compared=compared,
        categories=sorted({name for figures in compared.figures for name in figures.by_category}),
        kinds=[name for name in KINDS if any(name in figures.by_kind for figures in compared.figures)],
        labels={name: kind.label for name, kind in KINDS.items()},
        letter=printing.letter,
        by_kind=paper_sets.is_by_kind(kept),
        parts=[printing.parts_in_words(kept, number) for number in range(1, len(kept.variants) + 1)],
        may_quiz=scope().has(Permission.AUTHOR),
    )


@area.get("/desk/banks/<slug>/papers/<int:set_id>/<int:variant>.pdf")
@signed_in
@limiter.limit("30/minute")
def print_paper(slug: str, set_id: int, variant: int) -> ResponseReturnValue:
    """A variant as PDF, or with `key=1` its answers."""
    bank = works.editable_bank(scope(), slug)
    kept = paper_sets.get(bank, set_id)
    key = request.args.get("key") == "1"
    pdf = printing.pdf_of(kept, variant, key=key)
    what = _("key") if key else _("paper")
    name = f"{kept.title} {printing.letter(variant - 1)} {what}.pdf"
    headers = {"Content-Disposition": files.disposition(name, inline=True)}
    headers["Content-Security-Policy"] = files.SANDBOX
    return Response(pdf, headers=headers, mimetype="application/pdf")


@area.post("/desk/banks/<slug>/papers/<int:set_id>/quiz")
@requires(Permission.AUTHOR)
def quiz_of_paper(slug: str, set_id: int) -> ResponseReturnValue:
    """A quiz that asks the questions of a variant; members do not see it before it is published."""
    bank = works.editable_bank(scope(), slug)
    kept = paper_sets.get(bank, set_id)
    variant = request.form.get("variant", 1, type=int)
    if not 1 <= variant <= len(kept.variants):
        raise NotFound(_("There is no such paper."))
    sending = Sending()
    if sending.before is not None:
        return redirect(url_for("quizzes.edit", quiz_id=sending.before), 303)
    questions = [{"id": str(one.question_id), "mark": one.mark} for one in paper_sets.paper(kept, variant)]
    title = f"{kept.title} {printing.letter(variant - 1)}" if len(kept.variants) > 1 else kept.title
    paper: dict[str, Any] = {"banks": [str(bank.id)], "questions": questions}
    settings = setup.Settings(title=title, paper=paper, published=False)
    try:
        quiz = setup.create_quiz(works.unit_to_own(scope()), settings, arrived())
    except DomainError as error:
        flash(str(say(error.message)), "warning")
        return redirect(url_for("question_bank.paper_set", slug=slug, set_id=set_id), 303)
    sending.made(quiz.id)
    record(actor(), "quiz.made", "quiz", quiz.id, arrived(), unit_id=quiz.unit_id, title=quiz.title)
    flash(_("The quiz is there, and nobody sees it yet. Set its times and rules, then publish it."), "success")
    return redirect(url_for("quizzes.edit", quiz_id=quiz.id), 303)


@area.post("/desk/banks/<slug>/papers/<int:set_id>/parts")
@signed_in
def part_papers(slug: str, set_id: int) -> ResponseReturnValue:
    """Print papers in parts by kind, or in the order of their rules."""
    bank = works.editable_bank(scope(), slug)
    kept = paper_sets.get(bank, set_id)
    paper_sets.group_by_kind(kept, request.form.get("by_kind") == "yes")
    record(actor(), "papers.parted", "bank", bank.id, arrived(), title=kept.title, by_kind=paper_sets.is_by_kind(kept))
    flash(_("Questions have other numbers now: print the papers and their keys anew."), "success")
    return redirect(url_for("question_bank.paper_set", slug=slug, set_id=set_id), 303)


@area.post("/desk/banks/<slug>/papers/<int:set_id>/discard")
@signed_in
def discard_papers(slug: str, set_id: int) -> ResponseReturnValue:
    """Throw papers away: their questions count as unused again."""
    bank = works.editable_bank(scope(), slug)
    kept = paper_sets.get(bank, set_id)
    paper_sets.discard(kept, arrived())
    record(actor(), "papers.discarded", "bank", bank.id, arrived(), title=kept.title)
    flash(_("The papers are discarded. Quizzes made from them stay."), "success")
    return redirect(url_for("question_bank.papers", slug=slug), 303)


def _form(bank: Bank, **options: Any) -> BlueprintForm:
    return _with_choices(BlueprintForm(**options), bank)


def _with_choices(form: BlueprintForm, bank: Bank) -> BlueprintForm:
    any_ = ("", _("any"))
    categories = [any_, *((path, path) for path in catalogue.categories(bank))]
    tags = [any_, *((tag, tag) for tag in catalogue.tags(bank))]
    kinds = [any_, *((name, say(kind.label)) for name, kind in KINDS.items() if name != "description")]
    names = [any_, *((source.name, source.name) for source, _count in sources.of_bank(bank))]
    for row in form.rules:
        row.category.choices, row.tag.choices, row.kind.choices = categories, tags, kinds
        row.source.choices = names
    return form


def _form_page(bank: Bank, form: BlueprintForm, status: int = 200, wrong: Any = ()) -> ResponseReturnValue:
    used = [n for n, row in enumerate(form.rules) if row["count"].data]
    rows_wrong = {used[number - 1] for number in wrong if number <= len(used)}
    return render_template(
        "question_bank/papers/new.html",
        bank=bank,
        form=form,
        wrong=rows_wrong,
        numbers={row: number for number, row in enumerate(used, 1)},
        count=drawing.count_candidates(bank, local_date(arrived(), house.zone)),
    ), status
