"""The sources of a bank at the desk: from when to when each is in force, and what took its place."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, Length, Optional

from learnhub.audit.trail import record
from learnhub.authorship import works
from learnhub.journeys import tell_of_sources
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.sending import Sending
from question_bank import sources
from question_bank.models import Bank, Source


class SourceForm(FlaskForm):  # type: ignore[misc]
    """What is known of a source."""

    name = StringField(_l("Name of the source"), [DataRequired(_l("Give the source a name.")), Length(max=200)])
    valid_from = DateField(_l("In force from"), [Optional()])
    valid_until = DateField(
        _l("In force until"), [Optional()], description=_l("The last day. Leave empty for no end date.")
    )
    superseded_by = StringField(
        _l("Superseded by"),
        [Optional(), Length(max=200)],
        description=_l("The name of the source that replaced it. If it does not exist yet, it is added."),
        render_kw={"list": "sources"},
    )
    superseded_on = DateField(
        _l("Superseded on"),
        [Optional()],
        description=_l("Leave empty for the first day of the other source, or today."),
    )


@area.get("/desk/banks/<slug>/sources")
@signed_in
def bank_sources(slug: str) -> ResponseReturnValue:
    """The sources of a bank, those that are over marked, and the form of a new one."""
    bank = works.editable_bank(scope(), slug)
    return _list_page(bank, SourceForm(formdata=None))


@area.post("/desk/banks/<slug>/sources")
@signed_in
def add_source(slug: str) -> ResponseReturnValue:
    """A new source."""
    bank = works.editable_bank(scope(), slug)
    form, sending = SourceForm(), Sending()
    if sending.before is None:
        made = _written(bank, None, form)
        if made is None:
            return _list_page(bank, form, 422)
        sending.made(made.id)
    flash(_("The source is there. Questions can name it."), "success")
    return redirect(url_for("question_bank.bank_sources", slug=slug), 303)


@area.get("/desk/banks/<slug>/sources/<int:source_id>")
@signed_in
def source(slug: str, source_id: int) -> ResponseReturnValue:
    """One source, to be changed."""
    bank = works.editable_bank(scope(), slug)
    found = sources.find(bank, source_id)
    follower = sources.find(bank, found.superseded_by) if found.superseded_by else None
    values = {name: getattr(found, name) for name in ("name", "valid_from", "valid_until", "superseded_on")}
    values |= {"superseded_by": follower.name if follower else ""}
    return _source_page(bank, found, SourceForm(formdata=None, data=values))


@area.post("/desk/banks/<slug>/sources/<int:source_id>")
@signed_in
def change_source(slug: str, source_id: int) -> ResponseReturnValue:
    """Change what is known of a source; who looks after the bank is told when it is over."""
    bank = works.editable_bank(scope(), slug)
    found = sources.find(bank, source_id)
    form = SourceForm()
    if _written(bank, found, form) is None:
        return _source_page(bank, sources.find(bank, source_id), form, 422)
    tell_of_sources.tell(found, arrived())
    flash(_("The source is changed."), "success")
    return redirect(url_for("question_bank.bank_sources", slug=slug), 303)


def _written(bank: Bank, found: Source | None, form: SourceForm) -> Source | None:
    """The source as the form says; None when it can't be, with why on the form."""
    if not form.validate():
        return None
    fields = {name: form[name].data for name in ("name", "valid_from", "valid_until", "superseded_on")}
    try:
        written = sources.write(
            bank,
            found,
            superseded_by=form.superseded_by.data or "",
            today=local_date(arrived(), house.zone),
            **fields,
        )
    except Refused as refusal:
        form.form_errors.append(str(say(refusal.message)))
        return None
    record(actor(), "source.changed", "bank", bank.id, arrived(), bank=bank.slug, source=written.name)
    return written


def _list_page(bank: Bank, form: SourceForm, status: int = 200) -> ResponseReturnValue:
    today = local_date(arrived(), house.zone)
    listed = sources.of_bank(bank)
    names = {one.id: one.name for one, _count in listed}
    rows = [
        (
            one,
            count,
            sources.why_stale(one, None, today),
            names.get(one.superseded_by or 0) if one.superseded_on and one.superseded_on <= today else None,
        )
        for one, count in listed
    ]
    return render_template("question_bank/sources.html", bank=bank, form=form, rows=rows), status


def _source_page(bank: Bank, found: Source, form: SourceForm, status: int = 200) -> ResponseReturnValue:
    others: list[Any] = [one for one, _count in sources.of_bank(bank) if one.id != found.id]
    why = sources.why_stale(found, None, local_date(arrived(), house.zone))
    return render_template(
        "question_bank/source.html", bank=bank, source=found, form=form, others=others, why=why
    ), status
