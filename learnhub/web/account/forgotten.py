"""A password was forgotten: a code by mail to the address that stands in the books, and one answer for everybody."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.identity import code_mails
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.web.account.forms import ForgottenForm
from learnhub.web.account.views import area
from learnhub.web.context import arrived
from learnhub.web.guards import public
from learnhub.web.limits import limiter


@area.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """The form for a name or an address."""
    return _page(ForgottenForm(formdata=None))


@area.post("/forgotten")
@public
@limiter.limit("5/minute;20/hour")
def ask_for_code() -> ResponseReturnValue:
    """Note what was typed. Whom it means is looked up later, so nothing can be learnt from answer or time."""
    form = ForgottenForm()
    if not form.validate():
        return _page(form, 422)
    _require_mail()
    code_mails.ask_for(form.typed.data, arrived())
    return redirect(url_for("account.on_its_way"), 303)


@area.get("/forgotten/sent")
@public
def on_its_way() -> ResponseReturnValue:
    """What happens now, the same for everybody."""
    _require_mail()
    return render_template("account/on_its_way.html")


def _page(form: ForgottenForm, status: int = 200) -> ResponseReturnValue:
    _require_mail()
    return render_template("account/forgotten.html", form=form), status


def _require_mail() -> None:
    if not house.mail_url:
        raise NotFound(_w("No mail is sent from here. Ask your secretary for a code."))
