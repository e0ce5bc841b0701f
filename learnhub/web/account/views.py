"""Signing in and out, one's own profile, password, devices and tokens."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from learnhub.audit.trail import Actor, record
from learnhub.identity import members, passwords, sessions, tokens
from learnhub.identity.models import Member
from learnhub.journeys import start_day
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import NotFound, Refused
from learnhub.organisations import memberships, roles, units
from learnhub.organisations.models import Unit
from learnhub.web import sign_in as door
from learnhub.web.account.forms import PasswordForm, ProfileForm, SignInForm, TokenForm
from learnhub.web.context import actor, address, arrived, config, me, member_id, member_id_or_none, signed_in_session
from learnhub.web.errors import problem
from learnhub.web.guards import public, signed_in
from learnhub.web.language import COOKIE, LOCALES, minutes, say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.local_paths import local_path
from learnhub.web.looks import COOKIE as LOOK_COOKIE
from learnhub.web.looks import look
from learnhub.web.role_names import role_names

area = Blueprint("account", __name__)


@area.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The door."""
    if member_id_or_none() is not None:
        return redirect(local_path(request.args.get("next"), url_for("home.index")), 303)
    form = SignInForm(formdata=None)
    return render_template("account/sign_in.html", form=form, next=_next())


@area.post("/sign-in")
@public
@limiter.limit("30/minute")
def enter() -> ResponseReturnValue:
    """Check name and password; on success a fresh session begins."""
    form = SignInForm()
    if not form.validate():
        return render_template("account/sign_in.html", form=form, next=_next()), 422
    refusal = _check_password(form.name.data.strip(), form.password.data)
    if isinstance(refusal, str):
        form.password.errors = [refusal]
        return render_template("account/sign_in.html", form=form, next=_next()), 422
    door.open_session(refusal, arrived())
    return redirect(_next(), 303)


@area.post("/sign-in/resume")
@public
@limiter.limit("30/minute")
def resume() -> ResponseReturnValue:
    """Enter the password again where one was: by a script (204), or by the page that keeps what was written (307)."""
    left = g.left_alone or g.signed_in
    body = request.get_json(silent=True)
    scripted = request.is_json
    password = (
        str(body.get("password", ""))
        if scripted and isinstance(body, dict)
        else request.form.get("resume_password", "")
    )
    path = local_path(request.args.get("path"), url_for("home.index"))
    member = db.session.get(Member, left.member_id) if left else None
    found = _check_password(member.number, password) if member else _("Sign in again.")
    if not isinstance(found, str):
        door.open_session(found, arrived(), keep_form_token=True)
        return ("", 204) if scripted else redirect(path, 307)
    if scripted:
        return problem(401, found)
    if member is None:
        return redirect(url_for("account.sign_in", next=path), 303)
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in {"csrf_token", "resume_password"}
        for value in values
    ]
    return render_template("account/resume.html", kept=kept, path=path, files=False, refusal=found), 401


@area.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session, here and on the server."""
    door.close_session(arrived())
    flash(_("You are signed out."), "success")
    return redirect(url_for("account.sign_in"), 303)


@area.post("/language")
@public
def language() -> ResponseReturnValue:
    """Switch the language: kept in a cookie, and with the member when one is signed in."""
    wanted = request.form.get("language", "")
    response = make_response(redirect(local_path(request.form.get("next"), url_for("home.index")), 303))
    if wanted in LOCALES:
        if member_id_or_none() is not None:
            me().locale = wanted
        response.set_cookie(COOKIE, wanted, max_age=31_536_000, samesite="Lax", secure=config().secure, httponly=True)
    return response


@area.post("/display")
@public
def display() -> ResponseReturnValue:
    """Change how the pages look on this device: theme, large type, contrast."""
    response = make_response(redirect(local_path(request.form.get("next"), url_for("home.index")), 303))
    wanted = str(look().changed(request.form.get("set", "")))
    response.set_cookie(LOOK_COOKIE, wanted, max_age=31_536_000, samesite="Lax", secure=config().secure, httponly=True)
    return response


@area.get("/me")
@signed_in
def profile() -> ResponseReturnValue:
    """My account: who I am here, where I belong, which roles I hold."""
    return _profile_page(ProfileForm(formdata=None, obj=me()))


@area.post("/me")
@signed_in
def save_profile() -> ResponseReturnValue:
    """Change the language; details of the member have a page of their own."""
    form = ProfileForm()
    if not form.validate():
        return _profile_page(form, 422)
    member = me()
    if (member.locale or "") != form.locale.data:
        member.locale = form.locale.data or None
        record(actor(), "profile.changed", "member", member.id, arrived(), fields=["locale"])
    refresh()
    flash(_("Your profile is saved."), "success")
    return redirect(url_for("account.profile"), 303)


def _profile_page(form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    member, now = me(), arrived()
    unit_id = memberships.primary_unit_id(member.id, now)
    held = [
        {
            "role": role_names().get(grant.role, grant.role),
            "unit": db.session.get(Unit, grant.unit_id),
            "until": grant.ends_at,
        }
        for grant in roles.grants_of(member.id, now)
    ]
    path = units.path(unit_id) if unit_id else []
    links = [
        (label, icon, url_for(endpoint))
        for label, icon, endpoint in (
            (_("My details"), "card-checklist", "profiles.own"),
            (_("My points"), "star", "points.index"),
            (_("My study hours"), "clock", "hours.index"),
            (_("My transcript"), "file-earmark-text", "transcripts.own"),
            (_("My transfers"), "arrow-right", "transfers.mine"),
            (_("Password"), "key", "account.password"),
            (_("Devices"), "phone", "account.devices"),
            (_("Access tokens"), "plug", "account.access_tokens"),
            *([(_("My deputies"), "people", "account.deputies")] if held else []),
        )
        if endpoint in current_app.view_functions
    ]
    return render_template("account/profile.html", form=form, member=member, held=held, path=path, links=links), status


@area.get("/me/password")
@signed_in
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return render_template("account/password.html", form=PasswordForm(formdata=None))


@area.post("/me/password")
@signed_in
@limiter.limit("10/minute")
def save_password() -> ResponseReturnValue:
    """A new password ends all other sessions and gives this one a fresh id."""
    form = PasswordForm()
    if form.validate():
        checked = _check_password(me().number, form.current.data)
        if isinstance(checked, str):
            form.current.errors = [checked]
        else:
            try:
                members.set_password(checked, form.new.data, arrived())
            except Refused as refusal:
                form.new.errors = [say(refusal.message)]
            else:
                sessions.end_all(checked.id, arrived())
                door.open_session(checked, arrived())
                record(actor(), "password.changed", "member", checked.id, arrived())
                flash(_("Your password is changed. All other devices are signed out."), "success")
                return redirect(url_for("account.profile"), 303)
    return render_template("account/password.html", form=form), 422


@area.get("/me/devices")
@signed_in
def devices() -> ResponseReturnValue:
    """Where I am signed in."""
    here = signed_in_session()
    return render_template(
        "account/devices.html", sessions=sessions.of_member(member_id()), here=here.session_id if here else None
    )


@area.post("/me/devices/<int:session_id>/end")
@signed_in
def end_device(session_id: int) -> ResponseReturnValue:
    """Sign a device out."""
    if not sessions.end(session_id, member_id(), arrived()):
        raise NotFound(say(_("This device is not signed in any more.")))
    flash(_("The device is signed out."), "success")
    return redirect(url_for("account.devices"), 303)


@area.get("/me/tokens")
@signed_in
def access_tokens() -> ResponseReturnValue:
    """My tokens for programs."""
    return _tokens_page(TokenForm(formdata=None))


@area.post("/me/tokens")
@signed_in
def make_access_token() -> ResponseReturnValue:
    """Make a token; its text is shown on the answer and never again."""
    form = TokenForm()
    if not form.validate():
        return _tokens_page(form, status=422)
    scopes = ["read", "write"] if form.write.data else ["read"]
    token, text = tokens.make(me(), form.name.data, scopes, form.days.data, arrived())
    record(actor(), "token.made", "member", member_id(), arrived(), token=str(token.id), scopes=scopes)
    return _tokens_page(TokenForm(formdata=None), text=text)


@area.post("/me/tokens/<int:token_id>/revoke")
@signed_in
def revoke_access_token(token_id: int) -> ResponseReturnValue:
    """End a token."""
    if not tokens.revoke(token_id, member_id(), arrived()):
        raise NotFound(say(_("There is no such token any more.")))
    flash(_("The token opens nothing any more."), "success")
    return redirect(url_for("account.access_tokens"), 303)


def _tokens_page(form: TokenForm, *, text: str = "", status: int = 200) -> ResponseReturnValue:
    found = tokens.of_member(member_id(), arrived())
    return render_template("account/tokens.html", form=form, tokens=found, text=text), status


def _next() -> str:
    return local_path(request.values.get("next"), url_for("home.index"))


def _check_password(name: str, password: str) -> Member | str:
    """The member whose password it is, or what to tell the person. A wrong one is counted, whatever follows.

    No transaction of the request is open while the password is looked at.
    """
    db.session.rollback()
    now, where = arrived(), address()
    account = sessions.account(name, where, now)
    if account.wait:
        return _(
            "Too many wrong passwords. Try again in %(time)s.", time=minutes(int(account.wait.total_seconds()) + 1)
        )
    if not passwords.matches(account.password_hash, password):
        with unit_of_work():
            sessions.note_failure(name, where, now)
            record(Actor(None, where), "sign_in.refused", "sign_in_name", name, now)
        return _("The name or the password is wrong.")
    member = db.session.get(Member, account.member_id)
    if member is None:
        return _("The name or the password is wrong.")
    sessions.forget_failures(name, where)
    if member.password_hash and passwords.needs_rehash(member.password_hash):
        member.password_hash = passwords.hash_password(password)
    record(Actor(member, where), "sign_in", "member", member.id, now)
    start_day.first_visit(member.id, now)
    return member


from learnhub.web.account import deputies, forgotten, welcome  # noqa: E402, F401 (put their views on the same blueprint)
