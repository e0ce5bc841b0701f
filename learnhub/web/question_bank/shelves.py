"""Categories as a tree and tags at the desk: renamed, moved, merged, and put back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.authorship import works
from learnhub.journeys import tidy_bank
from learnhub.kernel.errors import NotFound, Refused
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank.blueprint import area
from question_bank import shelving


@area.get("/desk/banks/<slug>/categories")
@signed_in
def shelves(slug: str) -> ResponseReturnValue:
    """The categories of a bank as a tree with their questions, and its tags."""
    bank = works.editable_bank(scope(), slug)
    changes = [(row, tidy_bank.in_words(row)) for row in tidy_bank.to_take_back(bank, arrived())]
    return render_template(
        "question_bank/shelves.html", bank=bank, tree=shelving.tree(bank), tags=shelving.tags(bank), changes=changes
    )


@area.post("/desk/banks/<slug>/categories")
@signed_in
def move_shelf(slug: str) -> ResponseReturnValue:
    """Rename, move or merge a category, or a tag."""
    bank = works.editable_bank(scope(), slug)
    old, new = request.form.get("old", ""), request.form.get("new", "")
    move = tidy_bank.move_tag if request.form.get("what") == "tag" else tidy_bank.move_category
    try:
        move(bank, old, new, actor(), arrived())
    except (Refused, NotFound) as refusal:
        flash(say(refusal.message), "warning")
    else:
        flash(_("Done. It can be undone below."), "success")
    return redirect(url_for("question_bank.shelves", slug=slug), 303)


@area.post("/desk/banks/<slug>/categories/<int:change_id>/undo")
@signed_in
def undo_shelf(slug: str, change_id: int) -> ResponseReturnValue:
    """Put a renamed, moved or merged category or tag back."""
    bank = works.editable_bank(scope(), slug)
    try:
        tidy_bank.undo(bank, change_id, actor(), arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
    else:
        flash(_("It is as before."), "success")
    return redirect(url_for("question_bank.shelves", slug=slug), 303)
