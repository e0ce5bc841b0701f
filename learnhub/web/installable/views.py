"""Manifest, service worker, the page without network, and photos that were shared from the phone."""

from __future__ import annotations

import hashlib

import orjson
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from learnhub.learning import progress
from learnhub.web import assets
from learnhub.web.context import config, member_id
from learnhub.web.guards import public, signed_in
from learnhub.web.installable.manifest import HEADER, manifest
from learnhub.web.language import LOCALES, html_language
from learnhub.web.language import translated as _
from question_bank import media

area = Blueprint("installable", __name__)

SHELL = ("css/app.css", "js/app.js", "js/install.js", "js/shelf.js", "js/kept.js", "img/icons.svg", "img/mark.svg")
"""What every page needs: the service worker keeps these before they are asked for, and others when they are."""
WORKER = "js/worker.js"


@area.get("/manifest.webmanifest")
@public
def describe() -> ResponseReturnValue:
    """The manifest in the language that the page named: browsers ask for it without cookies."""
    language = request.args.get("language", "")
    if language not in LOCALES:
        return _manifest()
    with force_locale(language):
        return _manifest()


def _manifest() -> Response:
    response = Response(orjson.dumps(manifest()), mimetype=assets.TYPES[".webmanifest"])
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@area.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker; its bytes change with the files and the page that it keeps, and only then."""
    offline = url_for("installable.offline")
    kept = [assets.asset(path) for path in SHELL]
    code = assets.rooted(WORKER, request.script_root)
    version = hashlib.sha256("\n".join([*kept, code, offline_page()]).encode()).hexdigest()[:12]
    known = {
        "version": version,
        "shell": kept,
        "assets": f"{request.script_root}/static/",
        "offline": offline,
        "attempts": f"{request.script_root}/attempts/",
        "pictures": "" if config().files_origin else f"{request.script_root}{media.ADDRESS}",
        "share": url_for("installable.share"),
        "shared": url_for("installable.shared"),
        "signOut": url_for("account.sign_out"),
    }
    response = Response(f"const HERE = {orjson.dumps(known).decode()};\n{code}", mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = f"{request.script_root}/"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@area.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """Shown in place of a page that can't be fetched."""
    return offline_page()


def offline_page() -> str:
    """In both languages, and it names nobody: it is kept on the phone, whoever reads it next.

    Its script leaves the language in which the phone last showed a page of ours.
    """
    told = []
    for language in LOCALES:
        with force_locale(language):
            told.append(
                (
                    html_language(),
                    _("No connection"),
                    _("This page needs the network. Saved answers and shared photos are not lost."),
                    _("Try again"),
                    _("Go on with your quiz: %(quiz)s", quiz="{quiz}"),
                )
            )
    return render_template("installable/offline.html", told=told)


@area.get("/go-on")
@signed_in
def go_on() -> ResponseReturnValue:
    """The lesson where the member stopped: what a long press on the icon offers."""
    found = progress.where_stopped(member_id())
    if found is None:
        return redirect(url_for("courses.index"), 303)
    course, lesson = found
    return redirect(url_for("courses.lesson", slug=course.slug, lesson_slug=lesson.slug), 303)


@area.get("/shared")
@signed_in
def shared() -> ResponseReturnValue:
    """The photos that this member shared on this phone; they lie on the phone, the script lists them."""
    return render_template("installable/shared.html", kept=request.args.get("kept", ""))


@area.post("/share")
@public
def share() -> ResponseReturnValue:
    """Photos from the phone's share sheet, where no service worker took them: nothing is kept, and we say so."""
    return render_template("installable/not_kept.html")


@area.record_once
def _name_colours(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["HEADER_COLOURS"] = HEADER
