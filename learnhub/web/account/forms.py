"""Forms of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, NumberRange

from learnhub.web.language import LOCALES


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Name and password."""

    name = StringField(
        _l("Sign-in name or number"),
        [DataRequired(_l("Enter your sign-in name or number.")), Length(max=64)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password.")), Length(max=1024)],
        render_kw={"autocomplete": "current-password"},
    )


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """The language in which a member reads."""

    locale = SelectField(_l("Language"), choices=[("", _l("Same as browser")), *LOCALES.items()])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, with the old one as proof."""

    current = PasswordField(_l("Current password"), [InputRequired()], render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        _l("New password"), [InputRequired(), Length(max=256)], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _l("New password again"),
        [EqualTo("new", _l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """Who asks for a code by mail."""

    typed = StringField(
        _l("Sign-in name or e-mail"),
        [DataRequired(_l("Enter your sign-in name or your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class WelcomeForm(FlaskForm):  # type: ignore[misc]
    """A code from a slip of paper or a mail, and the password that the member chooses."""

    code = StringField(
        _l("Sign-in code"),
        [InputRequired(_l("Enter the code.")), Length(max=64)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(), Length(max=256)],
        description=_l("At least 8 characters; several words in a row are easy to remember and hard to guess."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password again"),
        [EqualTo("new", _l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A personal access token for programs."""

    name = StringField(_l("What it is for"), [DataRequired(), Length(max=120)])
    days = IntegerField(_l("Valid for (days)"), [NumberRange(1, 366)], default=90)
    write = BooleanField(_l("Allow changes"))
