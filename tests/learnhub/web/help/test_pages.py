"""The question mark: every page has a section that helps with it, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from learnhub.web.help.manual import LANGUAGES, manual
from learnhub.web.help.pages import NO_PAGES, SECTIONS, section_for
from tests.makers import PASSWORD, new_member, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def test_every_page_has_a_section_that_helps_with_it(app: Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not NO_PAGES & {rule.endpoint, rule.endpoint.split(".")[0]}
    }
    assert sorted(endpoint for endpoint in pages if section_for(endpoint) is None) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_that_is_written_down_exists(language: str) -> None:
    known = manual(language)
    for endpoint, place in SECTIONS.items():
        slug, _hash, anchor = place.partition("#")
        assert anchor in {one.anchor for one in known[slug].all}, f"{endpoint}: {place}"


def test_no_line_of_the_table_is_for_a_page_that_is_gone(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    areas = {endpoint.split(".")[0] for endpoint in known}
    assert sorted(one for one in SECTIONS if one not in known | areas) == []


def test_the_question_mark_of_a_page_leads_to_its_section(app: Flask) -> None:
    tree = small_tree()
    member = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    for address, place in {
        "/": "/help/first-steps#home",
        "/courses": "/help/courses#find",
        "/me/password": "/help/account#password",
        "/help/quizzes": "/help",
        "/nowhere": "/help",
    }.items():
        page = member.get(address).get_data(as_text=True)
        assert f'data-help-link href="{place}" aria-label="Help for this page"' in page
    assert 'data-help-link href="/help/first-steps#sign-in"' in Visitor(app).page("/sign-in")
