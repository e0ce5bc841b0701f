"""Sentences of templates: in the language in force, their parameters escaped."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

pytestmark = pytest.mark.sqlite_only


def test_sentences_follow_a_language_that_changes_within_a_request(app: Flask) -> None:
    page = "{{ _('Sign in') }} {{ _('%(n)s s', n='<b>') }}"
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert render_template_string(page) == "Sign in &lt;b&gt; s"
        with force_locale("zh_Hans"):
            assert render_template_string(page).startswith("登录 &lt;b&gt;")
        assert render_template_string(page) == "Sign in &lt;b&gt; s"
