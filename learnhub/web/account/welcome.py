"""The first time, or after a password was forgotten: a code from a slip of paper becomes a password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit.trail import Actor, record
from learnhub.identity import invitations
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.web.account.forms import WelcomeForm
from learnhub.web.account.views import area
from learnhub.web.context import arrived
from learnhub.web.guards import public
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter


@area.get("/welcome")
@public
def welcome() -> ResponseReturnValue:
    """The form for a code and a new password."""
    form = WelcomeForm(formdata=None, code=request.args.get("code", "")[:64])
    return _page(form)


def _page(form: WelcomeForm, status: int = 200) -> ResponseReturnValue:
    return render_template("account/welcome.html", form=form, mails=bool(house.mail_url)), status


@area.post("/welcome")
@public
@limiter.limit("10/minute")
def choose_password() -> ResponseReturnValue:
    """Take the code and set the password; then the member signs in with it."""
    form = WelcomeForm()
    if form.validate():
        try:
            member = invitations.member_of(form.code.data, arrived())
        except Refused as refusal:
            form.code.errors = [say(refusal.message)]
            return _page(form, 422)
        try:
            invitations.use(form.code.data, form.new.data, arrived())
        except Refused as refusal:
            db.session.rollback()
            form.new.errors = [say(refusal.message)]
        else:
            address = request.remote_addr or ""
            record(Actor(member, address), "password.chosen", "member", member.id, arrived())
            flash(_("Your password is set. Sign in with %(name)s.", name=member.sign_in_name), "success")
            return redirect(url_for("account.sign_in"), 303)
    return _page(form, 422)
