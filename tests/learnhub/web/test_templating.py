"""Templates speak their reader's language, and what they ask for again and again is the same as if it were new."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask, render_template, url_for
from flask.testing import FlaskClient
from jinja2 import DictLoader
from markupsafe import Markup, escape

from learnhub.kernel.db import db
from learnhub.kernel.words import Message, n_
from learnhub.organisations import units
from learnhub.web import navigation, templating

pytestmark = pytest.mark.sqlite_only

TEMPLATES = {
    "plain.html": "{% from 'part.html' import line %}{{ _('Saved') }}|{{ line(_('Sign in')) }}|{{ x or _('Home') }}",
    "part.html": "{% macro line(words) %}<b title=\"{{ words ~ '!' }}\">{{ words }}</b>{% endmacro %}",
    "filled.html": "{{ _('Question %(n)s', n=n) }}|{{ ngettext('%(num)s try left', '%(num)s tries left', n) }}",
    "shown.html": "{{ value }}",
    "addresses.html": "{{ url_for('quizzes.attempt', attempt_id=7, whole=flag) }}",
}


@pytest.fixture
def ours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application with a few small templates instead of its own."""
    environment = app.jinja_env.overlay(loader=DictLoader(TEMPLATES))
    environment.forget()  # type: ignore[attr-defined]
    monkeypatch.setitem(app.__dict__, "jinja_env", environment)
    return app


def made(app: Flask, name: str, language: str = "en", root: str = "", **names: object) -> str:
    request = app.test_request_context(headers={"Accept-Language": language}, environ_overrides={"SCRIPT_NAME": root})
    with app.app_context(), request:
        return render_template(name, **names)


def test_each_reader_gets_the_page_in_their_language(ours: Flask) -> None:
    english = 'Saved|<b title="Sign in!">Sign in</b>|Home'
    chinese = '已保存|<b title="登录!">登录</b>|首页'
    asked = [made(ours, "plain.html", language) for language in ("zh-CN", "en", "zh-CN", "en")]
    assert asked == [chinese, english, chinese, english]


def test_sentences_with_parameters_are_filled_for_each_page(ours: Flask) -> None:
    assert made(ours, "filled.html", n=1) == "Question 1|1 try left"
    assert made(ours, "filled.html", n=2) == "Question 2|2 tries left"
    assert made(ours, "filled.html", "zh-CN", n=3) == "第3题|还可以试3次"


@pytest.mark.parametrize(
    "value", ["plain", "a < b & \"c\" 'd'", Markup("<b>"), 7, 0, True, None, 1.5, ["<"], ""], ids=repr
)
def test_a_value_is_escaped_as_ever(ours: Flask, value: object) -> None:
    assert made(ours, "shown.html", value=value) == escape(value)


def test_a_message_is_said_in_the_language_of_its_page(ours: Flask) -> None:
    message = n_("%(n)s try left", "%(n)s tries left", n=2)
    assert made(ours, "shown.html", value=message) == "2 tries left"
    assert made(ours, "shown.html", value=Message("Question %(n)s", None, {"n": "<i>"})) == "Question &lt;i&gt;"
    assert made(ours, "shown.html", "zh-CN", value=Message("Saved")) == "已保存"


def test_an_address_that_is_kept_is_the_one_that_was_asked_for(ours: Flask) -> None:
    for root in ("", "/learn"):
        for flag in (1, True, 1.0, None, ["a", "b"]):
            with ours.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
                wanted = url_for("quizzes.attempt", attempt_id=7, whole=flag)
            assert made(ours, "addresses.html", root=root, flag=flag) == escape(wanted)


def test_a_symbol_is_an_element_that_nobody_hears(app: Flask) -> None:
    with app.test_request_context():
        assert 'aria-hidden="true"' in templating.symbol("house")
        assert templating.symbol("house").endswith('#house"></use></svg>')


def test_a_new_name_of_the_organisation_stands_on_the_next_page(
    app: Flask, client: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "NAME_KEPT", 60.0)
    unit = units.new_unit("HQ", "First name", now)
    db.session.commit()
    assert "First name" in client.get("/sign-in").text
    unit.name = "Second name"
    db.session.commit()
    assert "Second name" in client.get("/sign-in").text


def test_what_the_way_back_says_is_not_said_again_below_the_title(app: Flask) -> None:
    with app.test_request_context():
        header = app.jinja_env.get_template("components/page.html").module.page_header
        assert 'class="lead"' not in header("Marking", lead="Year exam", back="/desk", back_label="Year exam")
        assert '<p class="lead">B1</p>' in header("Marking", lead="B1", back="/desk", back_label="Year exam")
