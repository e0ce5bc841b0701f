"""How a quiz is held: one device at a time, Safe Exam Browser and its configuration, a log of focus."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from learnhub.audit.trail import record
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import catalogue
from learnhub.quizzes.conduct import rules, safe_browser
from learnhub.quizzes.models import Quiz
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import public, requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.quizzes import door
from learnhub.web.quizzes.blueprint import area


class ConductForm(FlaskForm):  # type: ignore[misc]
    """How a quiz is held."""

    log_focus = BooleanField(_l("Record when the page is left, and how much is pasted"))
    one_device = BooleanField(_l("One device at a time"))
    safe_browser = BooleanField(_l("Safe Exam Browser only"))
    own_config = BooleanField(_l("Accept the configuration made here"), default=True)
    config_keys = TextAreaField(
        _l("Config Keys of your own configurations"),
        [Optional(), Length(max=2000)],
        description=_l("One per line, as the configuration tool shows them."),
    )
    browser_keys = TextAreaField(
        _l("Browser Exam Keys"),
        [Optional(), Length(max=2000)],
        description=_l("Only if you also require certain versions of the browser. One per line."),
    )

    def rules(self) -> rules.Rules:
        """What the form says."""
        return rules.Rules(
            one_device=bool(self.one_device.data),
            safe_browser=bool(self.safe_browser.data),
            own_config=bool(self.own_config.data),
            config_keys=(self.config_keys.data or "").split(),
            log_focus=bool(self.log_focus.data),
            browser_keys=(self.browser_keys.data or "").split(),
        )


@area.get("/desk/quizzes/<int:quiz_id>/conduct")
@requires(Permission.AUTHOR)
def conduct(quiz_id: int) -> ResponseReturnValue:
    """How a quiz is held, as it is set."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    found = rules.of_quiz(quiz.id)
    values: dict[str, Any] = {}
    if found is not None:
        values = {"one_device": found.one_device, "safe_browser": found.safe_browser, "own_config": found.own_config}
        values |= {"log_focus": found.log_focus}
        values |= {"config_keys": "\n".join(found.config_keys), "browser_keys": "\n".join(found.browser_keys)}
    return _page(quiz, ConductForm(formdata=None, data=values))


@area.post("/desk/quizzes/<int:quiz_id>/conduct")
@requires(Permission.AUTHOR)
def set_conduct(quiz_id: int) -> ResponseReturnValue:
    """Set how a quiz is held."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    form = ConductForm()
    if not form.validate():
        return _page(quiz, form, 422)
    try:
        made = rules.put(quiz, form.rules(), actor().id, arrived())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
        return _page(catalogue.find_authored(scope(), quiz_id), form, 422)
    names = ("one_device", "safe_browser", "log_focus")
    details = {name: getattr(made, name) for name in names}
    record(actor(), "quiz.conduct_set", "quiz", quiz.id, arrived(), unit_id=quiz.unit_id, title=quiz.title, **details)
    flash(_("It holds for attempts that begin from now on. Keys, and what you switched off, hold at once."), "success")
    return redirect(url_for("quizzes.conduct", quiz_id=quiz_id), 303)


def _page(quiz: Quiz, form: ConductForm, status: int = 200) -> ResponseReturnValue:
    found = rules.of_quiz(quiz.id)
    file, link = door.start_links(found.token) if found is not None and found.safe_browser else ("", "")
    key = safe_browser.config_key(door.settings(quiz.slug)) if file else ""
    return render_template("quizzes/conduct.html", quiz=quiz, form=form, file=file, link=link, key=key), status


@area.get("/seb/<token>.seb")
@public
def safe_browser_file(token: str) -> ResponseReturnValue:
    """The configuration of a quiz for Safe Exam Browser, which fetches it before anybody signs in; it names the quiz's
    address and nothing else of it."""
    quiz = db.session.get_one(Quiz, rules.by_token(token).quiz_id)
    answer = Response(safe_browser.config_file(door.settings(quiz.slug)), mimetype=safe_browser.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{quiz.slug}.seb"'
    return answer
