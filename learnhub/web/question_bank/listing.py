"""The questions of a bank as a table: found, sorted, and many of them changed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from learnhub.authorship import works
from learnhub.journeys import change_questions
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.kernel.words import n_
from learnhub.quizzes import reports
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.local_paths import local_path
from learnhub.web.question_bank import showing
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.kind_forms import FORMS
from learnhub.web.tables import Column, Row, Table, chosen_ids
from question_bank import catalogue, facets, sources, together
from question_bank.kinds import KINDS
from question_bank.models import Bank, QuestionState
from question_bank.together import Change

QUESTIONS = Table(
    (
        Column("name", _w("Question")),
        Column("kind", _w("Kind")),
        Column("category", _w("Category")),
        Column("tags", _w("Tags"), sorts=False),
        Column("source", _w("Source of the question"), shown=False),
        Column("difficulty", _w("Difficulty"), number=True, down=True),
        Column("mark", _w("Marks"), number=True, down=True),
        Column("updated", _w("Changed"), down=True),
        Column("made", _w("Written"), down=True, shown=False),
        Column("state", _w("State")),
    ),
    sort="made",
    filters=("kind", "category", "tag", "difficulty", "state", "source", "stale", "q"),
)

VALUES = {
    Change.CATEGORY: "category",
    Change.ADD_TAG: "tag",
    Change.REMOVE_TAG: "tag",
    Change.DIFFICULTY: "difficulty",
    Change.MARK: "mark",
    Change.SOURCE: "source",
}
"""The fields of the form that say with what a change is made."""
NAMED = 5
"""Questions that a refusal names."""


@area.get("/desk/banks/<slug>")
@signed_in
def bank(slug: str) -> ResponseReturnValue:
    """A bank: its questions, found by kind, category, tag, difficulty, state, source and words."""
    found = works.editable_bank(scope(), slug)
    view = QUESTIONS.read(request.args, "question_bank.bank", slug=slug)
    asked = {name: view.filters.get(name, "") for name in QUESTIONS.filters}
    wanted = _filter(asked)
    counted = facets.of_bank(found, _today())
    page = catalogue.questions(found, wanted, view.page, order=view.key, down=view.down, total=counted.total(wanted))
    rows = [
        Row(
            one,
            url_for("question_bank.question", slug=slug, question_id=one.question.id),
            str(one.question.id),
            showing.name_of(one.version) or _("(a picture)"),
        )
        for one in page.items
    ]
    return render_template(
        "question_bank/bank.html",
        bank=found,
        view=view,
        page=page,
        rows=rows,
        leaf=view.leaf(page.pages),
        asked=asked,
        elsewhere=0 if page.items or asked.get("state") else _in_any_state(found, asked),
        counts=counted.kinds,
        categories=counted.categories,
        tree=counted.tree,
        tags=counted.tags,
        sources=counted.sources,
        stale=counted.stale,
        drafts=counted.states,
        reported=reports.count_waiting([found.id]).get(found.id, 0),
        today=_today(),
        why_stale=sources.why_stale,
        kinds=KINDS,
        asked_by=showing.asked_by,
        writable=[(name, KINDS[name].label) for name in FORMS],
        changes=[(row, change_questions.in_words(row)) for row in change_questions.to_take_back(found, arrived())],
    )


def _filter(asked: Mapping[str, str]) -> catalogue.Filter:
    """What an address asks for; what it does not know is not looked for."""
    difficulty, source = asked.get("difficulty", ""), asked.get("source", "")
    return catalogue.Filter(
        kind=asked.get("kind") or None,
        category=asked.get("category") or None,
        tag=asked.get("tag") or None,
        state={"all": None, "": QuestionState.PUBLISHED}.get(asked.get("state", ""), asked.get("state", "")),
        text=asked.get("q") or None,
        difficulty=int(difficulty) if difficulty in {"1", "2", "3", "4", "5"} else None,
        source=int(source) if source.isdecimal() and len(source) < 19 else None,
        stale_on=_today() if asked.get("stale") == "yes" else None,
    )


def _in_any_state(bank: Bank, asked: Mapping[str, str]) -> int:
    """How many drafts, reviewed and retired questions there are where no published one is found."""
    return catalogue.questions(bank, replace(_filter(asked), state=None), per_page=1).total


def _today() -> date:
    return local_date(arrived(), house.zone)


def _meant(bank: Bank) -> list[int]:
    """The questions that a form means: the chosen ones, or all that its page's filters find."""
    if request.form.get("all") != "found":
        return chosen_ids(request.form)
    asked = MultiDict(parse_qsl(urlsplit(_back(bank.slug)).query))
    view = QUESTIONS.read(asked, "question_bank.bank", slug=bank.slug)
    return catalogue.ids(bank, _filter(view.filters), together.MOST)


@area.post("/desk/banks/<slug>/changes")
@signed_in
def change_many(slug: str) -> ResponseReturnValue:
    """Change the chosen questions; the message that says so has the button to undo it."""
    found = works.editable_bank(scope(), slug)
    back, act = redirect(_back(slug), 303), request.form.get("act", "")
    if act not in set(Change):
        flash(_("Choose what is to be done with the questions."), "warning")
        return back
    what = Change(act)
    try:
        value = request.form.get(VALUES.get(what, ""), "")
        row = change_questions.change(found, _meant(found), what, value, actor(), arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return back
    if row is None:
        flash(
            _("Nothing was changed: the chosen questions are so already, or this step does not fit their state."),
            "info",
        )
        return back
    undo = render_template("question_bank/_undo.html", bank=found, row=row, back=_back(slug))
    flash(Markup("{} {}").format(say(change_questions.in_words(row)), Markup(undo)), "success")  # noqa: S704
    return back


@area.post("/desk/banks/<slug>/changes/<int:change_id>/undo")
@signed_in
def undo_change(slug: str, change_id: int) -> ResponseReturnValue:
    """Put the questions of a change back as they were, but for those that somebody changed since."""
    found = works.editable_bank(scope(), slug)
    try:
        done = change_questions.undo(found, change_id, actor(), arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return redirect(_back(slug), 303)
    if done.put_back:
        flash(say(n_("%(n)s question is as before.", "%(n)s questions are as before.", len(done.put_back))), "success")
    if done.refused:
        named = [catalogue.get_question(found, one).version for one in done.refused[:NAMED]]
        names = "; ".join([showing.name_of(one)[:40] for one in named])
        if len(done.refused) > NAMED:
            names += " …"
        flash(
            say(
                n_(
                    "%(n)s question was changed by somebody since, and stays: %(names)s",
                    "%(n)s questions were changed by somebody since, and stay: %(names)s",
                    len(done.refused),
                    names=names,
                )
            ),
            "warning",
        )
    return redirect(_back(slug), 303)


def _back(slug: str) -> str:
    return local_path(request.form.get("back"), url_for("question_bank.bank", slug=slug))
