"""The posts of a unit: who holds which, which are vacant, whose term ends soon, and who held them before."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.identity import members
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import kinds, terms
from learnhub.organisations.models import Term, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.terms import How
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import html_language, say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import TermForm
from learnhub.web.organisations.views import area


@area.get("/units/<code>/posts")
@requires(Permission.SEE_MEMBERS)
def posts(code: str) -> ResponseReturnValue:
    """Who holds which post of a unit."""
    return _page(scope().unit(Permission.SEE_MEMBERS, code), TermForm(formdata=None))


def _page(found: Unit, form: TermForm, status: int = 200) -> ResponseReturnValue:
    kind = kinds.of(found)
    page = render_template(
        "organisations/posts.html",
        unit=found,
        kind=say(kind.called(html_language())),
        named=kind.posts,
        posts=terms.posts(found, kind.posts, local_date(arrived(), house.zone)),
        form=form,
        may_change=scope().reaches(Permission.MANAGE_MEMBERS, found.id),
    )
    return page, status


@area.post("/units/<code>/posts")
@requires(Permission.MANAGE_MEMBERS)
def begin_term(code: str) -> ResponseReturnValue:
    """Enter a term of office."""
    found = scope().unit(Permission.MANAGE_MEMBERS, code)
    form = TermForm()
    if form.validate():
        try:
            named = members.find_member(form.member.data.strip())
            member = scope().member(Permission.SEE_MEMBERS, named.id)
            terms.begin(
                actor(),
                found,
                form.post.data,
                member,
                form.starts_on.data,
                arrived(),
                last_day=form.last_day.data,
                ordinal=form.ordinal.data,
                how=How(form.how.data),
            )
        except NotFound:
            form.member.errors = [_("There is no such member in your reach.")]
        except DomainError as refusal:
            form.post.errors = [str(say(refusal.message))]
        else:
            flash(_("The term is entered."), "success")
            return redirect(url_for("organisations.posts", code=code), 303)
    return _page(found, form, 422)


@area.post("/terms/<int:term_id>/end")
@requires(Permission.MANAGE_MEMBERS)
def end_term(term_id: int) -> ResponseReturnValue:
    """End a term of office: yesterday was its last day."""
    term = db.session.get(Term, term_id)
    if term is None or not scope().reaches(Permission.MANAGE_MEMBERS, term.unit_id):
        raise NotFound(lazy("There is no such term in your reach."))
    terms.end(actor(), term, arrived())
    flash(_("The term has ended."), "success")
    return redirect(url_for("organisations.posts", code=db.session.get_one(Unit, term.unit_id).code), 303)
