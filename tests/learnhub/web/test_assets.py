"""Static files and templates: named by content, kept a year, compressed, nothing from elsewhere, nothing inline."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from learnhub.kernel.db import db
from learnhub.web import assets
from learnhub.web.errors import page
from scripts import trim

pytestmark = pytest.mark.sqlite_only

WEB = Path(assets.__file__).parent
STATIC = WEB / "static"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
OURS = sorted(path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"} and "vendor" not in path.parts)
FILES = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file())
NAMESPACE = "http://www.w3.org/"

FIRST_PAGE = 100_000
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


def address(app: Flask, path: str) -> str:
    with app.test_request_context():
        return assets.asset(path)


def test_a_file_is_kept_for_a_year_under_the_name_of_its_content(app: Flask, client: FlaskClient) -> None:
    answer = client.get(address(app, "css/app.css"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


def test_a_file_comes_compressed_as_the_browser_accepts(app: Flask, client: FlaskClient) -> None:
    url = address(app, "vendor/bootstrap/bootstrap.min.css")
    plain = client.get(url).data
    for accepted, coding, unpack in (
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ):
        answer = client.get(url, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding
        assert unpack(answer.data) == plain
        assert len(answer.data) < len(plain) / 5


def test_a_file_that_the_browser_has_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    url = address(app, "js/app.js")
    tag = client.get(url).headers["ETag"]
    again = client.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_an_address_of_yesterday_leads_to_the_file_of_today(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/static/000000000000/js/app.js")
    assert (answer.status_code, answer.headers["Location"]) == (302, address(app, "js/app.js"))
    assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["js/none.js", "../assets.py", "%2e%2e/assets.py", "css", "", "..%2f..%2fconfig.py"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/000000000000/{path}").status_code == 404


def test_a_script_names_the_modules_that_it_imports_by_their_content(app: Flask) -> None:
    assert f'from "../../{assets.digest("js/app.js")}/js/app.js"' in assets.content("js/quiz.js").decode()


def test_every_file_can_be_served_and_parts_name_files_that_exist() -> None:
    for path in FILES:
        served = assets.content(path)
        if path.endswith((".css", ".js")) and not path.startswith("vendor/"):
            assert b"@import" not in served
    assert all(rule in assets.content("css/app.css").decode() for rule in (".card-plain", ".choice", ".board-row"))


def test_dark_is_the_same_whoever_asks_for_it() -> None:
    text = (STATIC / "css/tokens.css").read_text()
    by_device = re.search(r":root:not\(\[data-bs-theme=\"light\"\]\) \{(.*?)\}", text, re.DOTALL)
    by_page = re.search(r"\n\[data-bs-theme=\"dark\"\] \{(.*?)\}", text, re.DOTALL)
    assert by_device
    assert by_page
    assert by_device[1].split() == by_page[1].split()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_their_grounds_in_both_themes(theme: str) -> None:
    text = (STATIC / "css/tokens.css").read_text()
    block = re.search(rf"\n\[data-bs-theme=\"{theme}\"\] \{{(.*?)\}}", text, re.DOTALL)
    assert block
    colours = dict(re.findall(r"--lh-([a-z-]+): (#[0-9a-f]{6});", block[1]))
    grounds = ("paper", "ground", "sunk")
    words = [(word, ground) for word in ("ink", "ink-soft", "brand") for ground in grounds]
    words += [(tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "info")] + [("bad", "paper")]
    words += [
        ("brand-strong", "brand-soft"),
        ("brand", "brand-soft"),
        ("ink", "brand-soft"),
        ("ink-soft", "brand-soft"),
    ]
    words += [("on-fill", "fill"), ("on-fill", "fill-strong"), ("ink-soft", "good-soft")]
    faint = {f"{one} on {ground}": contrast(colours[one], colours[ground]) for one, ground in words}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}
    edges = {
        f"{one} on {ground}": contrast(colours[one], colours[ground])
        for one in ("edge", "focus", "bar")
        for ground in ("paper", "ground")
    }
    assert {pair: ratio for pair, ratio in edges.items() if ratio < 3} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_a_template_compiles_and_has_nothing_inline_or_from_elsewhere(app: Flask, path: Path) -> None:
    app.jinja_env.get_template(str(path.relative_to(WEB / "templates")))
    text = path.read_text(encoding="utf-8")
    assert INLINE.findall(text) == []
    assert re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//[^\"']*", text) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_styles_and_scripts_load_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert re.findall(r"https?://\S+|url\([\"']?//|\beval\(|document\.write", text) == []


def test_the_first_page_is_light(app: Flask, client: FlaskClient) -> None:
    accepted = {"Accept-Encoding": "br"}
    first = client.get("/sign-in", headers=accepted)
    html = client.get("/sign-in").get_data(as_text=True)
    linked = set(re.findall(r"(?:href|src)=\"(/static/[^\"#]+)", html))
    assert len(linked) <= 8
    assert len(first.data) + sum(len(client.get(url, headers=accepted).data) for url in linked) < FIRST_PAGE


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_design_page_shows_every_component_in_development_only(
    app: Flask, client: FlaskClient, language: str
) -> None:
    shown = client.get("/design?theme=dark", headers={"Accept-Language": language})
    html = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert ("人均" in html) == (language == "zh-CN")
    assert '<html lang="zh-Hans" data-bs-theme="dark">' in html or '<html lang="en" data-bs-theme="dark">' in html
    app.testing = False
    try:
        assert client.get("/design").status_code == 404
    finally:
        app.testing = True


def test_every_icon_of_a_page_is_in_the_sprite(app: Flask, client: FlaskClient) -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img/icons.svg").read_text()))
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    named = set(re.findall(r'\b(?:icon|symbol|empty_state)\(\s*"([a-z0-9-]+)"', text)) | set(
        re.findall(r'\bicon="([a-z0-9-]+)"', text)
    )
    assert named - known == set()


def test_an_error_page_needs_neither_session_nor_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr(db.session, "execute", broken)
    monkeypatch.setattr(db.session, "scalar", broken)
    with app.test_request_context("/", headers={"Cookie": "learnhub=none"}):
        html, status = page(500, error_id="9f2c41d8")
    assert status == 500
    assert "9f2c41d8" in html
    assert "csrf" not in html


def test_every_class_of_bootstrap_that_our_pages_name_is_in_what_we_serve_of_it() -> None:
    whole, used = (path.read_text(encoding="utf-8") for path in (trim.WHOLE, trim.USED))
    assert b"/*!" in assets.content("css/app.css")
    missing = (trim.words() & trim.classes(whole)) - trim.classes(used)
    assert missing == set(), "run `python -m scripts.trim` and commit what it writes"


def test_trimming_keeps_rules_whose_classes_are_known_variables_that_are_read_and_animations_that_play() -> None:
    sheet = (
        "@charset 'x';.a,.b:not(.c,.d){--used:1px;--unused:2px;top:var(--used)}.b,p{left:0}"
        "@media print{.b{top:0}.a{top:1px}}.b{--later:1}@keyframes spin{to{top:0}}@keyframes still{to{top:0}}"
        ".a.c{animation:1s spin}"
    )
    kept = trim.trimmed(sheet, {"a", "c"})
    assert kept == (
        ".a{--used:1px;top:var(--used)}p{left:0}@media print{.a{top:1px}}"
        "@keyframes spin{to{top:0}}.a.c{animation:1s spin}"
    )
