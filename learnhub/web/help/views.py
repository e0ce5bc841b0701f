"""The manual's pages, its search, the tours; the question mark that leads there from every page."""

from __future__ import annotations

import functools
import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup
from PIL import Image

from learnhub.identity import members
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _ as lazy
from learnhub.organisations.permissions import Role
from learnhub.web.assets import FOLDER as STATIC
from learnhub.web.assets import asset
from learnhub.web.context import me, member_id_or_none, scope
from learnhub.web.guards import SignInNeeded, public, signed_in
from learnhub.web.help import search, tours
from learnhub.web.help.manual import BY_SLUG, CHAPTERS, LANGUAGES, PARTS, Chapter, Section, manual
from learnhub.web.help.pages import section_for
from learnhub.web.language import translated as _

area = Blueprint("help", __name__)

_PICTURE = re.compile(r'<img src="pictures/(?P<name>[a-z0-9-]+\.webp)"')


@area.get("/help")
@public
def contents() -> ResponseReturnValue:
    """The chapters, those of the person's own roles first; or what a search finds."""
    query = request.args.get("q", "").strip()
    written = manual(language())
    open_chapters = [chapter for chapter in CHAPTERS if _is_open(chapter)]
    found = search.search(query, (one for chapter in open_chapters for one in written[chapter.slug].all))
    roles = _roles()
    return render_template(
        "help/contents.html",
        query=query[: search.LONGEST_QUERY],
        found=found,
        written=written,
        parts=[
            (PARTS[role], [one for one in open_chapters if one.role is role])
            for role in sorted(PARTS, key=lambda role: role not in roles)
            if any(one.role is role for one in open_chapters)
        ],
        roles=roles,
    )


@area.get("/help/<chapter>")
@public
def read(chapter: str) -> ResponseReturnValue:
    """A chapter of the manual."""
    found = BY_SLUG.get(chapter)
    if found is None:
        raise NotFound(lazy("The manual has no such chapter. Search it, or look at its contents."))
    if not _is_open(found):
        raise SignInNeeded
    shelf = [one for one in CHAPTERS if one.role is found.role]
    at = shelf.index(found)
    return render_template(
        "help/chapter.html",
        written=manual(language())[chapter],
        titles=manual(language()),
        before=shelf[at - 1] if at else None,
        after=shelf[at + 1] if at + 1 < len(shelf) else None,
    )


@area.get("/help/tour/<role>")
@public
def tour(role: str) -> ResponseReturnValue:
    """The tour of a role as a page: its steps, with their places and with more in the manual."""
    return render_template("help/tour.html", role=_role(role), steps=tours.TOURS[_role(role)])


@area.post("/help/tour/<role>/seen")
@signed_in
def seen(role: str) -> ResponseReturnValue:
    """Remember that the person has seen a tour, or does not want it."""
    members.note_tour(me(), _role(role))
    if request.is_json:
        return {"seen": role}
    flash(_("You find the tour again in the help."), "success")
    return redirect(url_for("home.index"), 303)


def _role(name: str) -> Role:
    if name not in tours.TOURS:
        raise NotFound(lazy("There is no such tour."))
    return Role(name)


def _roles() -> list[Role]:
    """The roles of the person; a visitor reads as a member."""
    return list(scope().roles) if member_id_or_none() is not None else [Role.MEMBER]


def _is_open(chapter: Chapter) -> bool:
    """A member's chapters are open to everybody, since the sign-in page needs them; a desk's to who is signed in."""
    return chapter.role is Role.MEMBER or member_id_or_none() is not None


def language() -> str:
    """The language of the manual on this page."""
    wanted = str(get_locale())
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def body(section: Section) -> Markup:
    """A section's HTML with the addresses of its pictures."""
    return _with_pictures(section.html, language(), request.script_root)


@functools.cache
def _with_pictures(html: str, language: str, _root: str) -> Markup:
    """Kept for each prefix under which we are served. Sizes are written down, so that nothing jumps when they load."""

    def address(found: re.Match[str]) -> str:
        path = f"manual/{language}/{found['name']}"
        with Image.open(STATIC / path) as picture:
            width, height = picture.size
        return f'<img src="{asset(path)}" width="{width}" height="{height}" loading="lazy"'

    return Markup(_PICTURE.sub(address, html))  # noqa: S704 (clean by sanitize_html when it was read)


def section_url(place: str) -> str:
    """The address of `chapter#anchor`."""
    chapter, _hash, anchor = place.partition("#")
    return url_for("help.read", chapter=chapter, _anchor=anchor or None)


def help_for(endpoint: str | None) -> str:
    """The address of the section that helps on a page; the contents, where none is written down."""
    place = section_for(endpoint)
    return section_url(place) if place and endpoint and not endpoint.startswith("help.") else url_for("help.contents")


@area.record
def _name(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        help_for=help_for, help_section=section_url, help_body=body, tour_offer=tours.offer
    )
    for one in LANGUAGES:
        manual(one)
