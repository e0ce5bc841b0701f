"""The manual is whole: the same chapters and anchors in both languages, links that lead somewhere, real pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from learnhub.organisations.permissions import Role
from learnhub.web.assets import FOLDER as STATIC
from learnhub.web.help.manual import BY_SLUG, CHAPTERS, FOLDER, LANGUAGES, manual
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

SOURCES = sorted(FOLDER.glob("*/*.md"))
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<to>[^)]+)\)")


def test_both_languages_have_the_same_chapters_and_the_same_anchors_in_the_same_order() -> None:
    chinese, english = (
        {slug: [one.anchor for one in written.sections] for slug, written in manual(language).items()}
        for language in LANGUAGES
    )
    assert chinese == english
    assert all(anchors and len(set(anchors)) == len(anchors) for anchors in english.values())
    for language in LANGUAGES:
        assert {path.stem for path in FOLDER.glob(f"{language}/*.md")} == set(BY_SLUG)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_picture_of_a_chapter_exists_is_small_and_says_what_it_shows(source: Path) -> None:
    for alt, path in PICTURE.findall(source.read_text(encoding="utf-8")):
        assert len(alt) >= 6, path
        place = STATIC / "manual" / source.parent.name / Path(path).name
        assert path == f"pictures/{place.name}"
        assert place.stat().st_size <= 25_000
        with Image.open(place) as picture:
            assert picture.format == "WEBP"


def test_no_picture_is_left_over() -> None:
    kept = {f"{path.parent.name}/{path.name}" for path in (STATIC / "manual").glob("*/*.webp")}
    shown = {
        f"{source.parent.name}/{Path(path).name}"
        for source in SOURCES
        for _alt, path in PICTURE.findall(source.read_text(encoding="utf-8"))
    }
    assert kept == shown


def test_every_link_of_the_manual_leads_somewhere(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for source in SOURCES:
        known = {slug: {one.anchor for one in written.all} for slug, written in manual(source.parent.name).items()}
        for to in LINK.findall(source.read_text(encoding="utf-8")):
            if to.startswith("../"):
                adapter.match(to.removeprefix(".."), method="GET")
                continue
            slug, _md, anchor = to.partition(".md")
            assert anchor.removeprefix("#") in known[slug], f"{source}: {to}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_opens_in_both_languages_with_its_pictures(app: Flask, language: str) -> None:
    tree = small_tree()
    visitor = Visitor(app, new_member(tree["B1"], password=PASSWORD), language=language.replace("_", "-"))
    for chapter in CHAPTERS:
        page = visitor.page(f"/help/{chapter.slug}")
        written = manual(language)[chapter.slug]
        assert f"<h1>{written.title}</h1>" in page
        assert all(f'id="{one.anchor}"' in page for one in written.sections)
        assert "pictures/" not in page
        for address in re.findall(r'<img src="(/static/[^"]+)" width="\d+" height="\d+" loading="lazy"', page):
            assert visitor.get(address).headers["Content-Type"] == "image/webp"


def test_a_visitor_reads_the_members_chapters_and_is_asked_in_for_the_desk(app: Flask) -> None:
    visitor = Visitor(app)
    assert 'id="sign-in"' in visitor.page("/help/first-steps")
    assert "/help/making-courses" not in visitor.page("/help")
    answer = visitor.get("/help/making-courses")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/help/making-courses")
    assert visitor.get("/help?q=audit").get_data(as_text=True).count("audit-trail") == 0


def test_the_chapters_of_ones_own_roles_come_before_the_others(app: Flask) -> None:
    secretary = Visitor(app, new_staff(Role.SECRETARY, small_tree()["B1"], password=PASSWORD))
    page = secretary.page("/help")
    order = [page.index(f'"/help/{slug}"') for slug in ("first-steps", "progress", "making-courses", "system")]
    assert order == sorted(order)


def test_a_chapter_that_does_not_exist_is_said_to_be_missing(app: Flask) -> None:
    answer = Visitor(app).get("/help/no-such-chapter")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.get_data(as_text=True)
