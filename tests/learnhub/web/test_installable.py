"""The home screen: what the manifest names, what the service worker may keep, and that neither names a person."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from learnhub.web import assets
from learnhub.web.installable.manifest import GROUND, HEADER
from tests.makers import PASSWORD, new_course, new_member, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

TOKENS = (Path(assets.FOLDER) / "css" / "tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "word"), [("zh_Hans", "测验"), ("en", "Quizzes")])
def test_the_manifest_speaks_the_language_of_the_page_and_bears_the_organisation_s_name(
    app: Flask, language: str, word: str
) -> None:
    name = small_tree()["HQ"].name
    visitor = Visitor(app, language="en" if language == "zh_Hans" else "zh")
    answer = visitor.get(f"/manifest.webmanifest?language={language}")
    told = json.loads(answer.data)
    assert answer.content_type == "application/manifest+json"
    assert told["name"] == name
    assert (told["display"], told["start_url"], told["scope"]) == ("standalone", "/", "/")
    assert word in [shortcut["name"] for shortcut in told["shortcuts"]]
    assert told["share_target"]["enctype"] == "multipart/form-data"


def test_every_icon_of_the_manifest_is_a_picture_of_the_size_it_names(client: FlaskClient) -> None:
    told = client.get("/manifest.webmanifest").get_json()
    kinds = set()
    for icon in told["icons"]:
        with Image.open(io.BytesIO(client.get(icon["src"]).data)) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            corner = picture.convert("RGBA").getpixel((0, 0))
            assert isinstance(corner, tuple)
            assert (corner[3] == 255) == (icon["purpose"] == "maskable")
        kinds.add((icon["sizes"], icon["purpose"]))
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= kinds


def test_shortcuts_and_start_lead_to_pages(app: Flask) -> None:
    me = new_member(small_tree()["B1"], password=PASSWORD)
    visitor = Visitor(app, me)
    told = json.loads(visitor.get("/manifest.webmanifest").data)
    for url in (told["start_url"], *(shortcut["url"] for shortcut in told["shortcuts"])):
        assert visitor.get(url, follow_redirects=True).status_code == 200


def test_go_on_leads_to_the_courses_as_long_as_nothing_was_begun(app: Flask) -> None:
    tree = small_tree()
    new_course(unit=tree["HQ"])
    me = new_member(tree["B1"], password=PASSWORD)
    assert Visitor(app, me).get("/go-on").headers["Location"] == "/courses"


def test_the_phone_s_bar_has_the_colour_of_the_header() -> None:
    for theme, colour in HEADER.items():
        block = re.search(rf"\n\[data-bs-theme=\"{theme}\"\] \{{(.*?)\}}", TOKENS, re.DOTALL)
        assert block
        assert f"--lh-paper: {colour};" in block[1]
    assert f"--lh-ground: {GROUND};" in TOKENS


def test_a_page_names_the_bar_s_colour_for_each_theme_or_for_the_chosen_one(client: FlaskClient) -> None:
    bars = re.findall(r'name="theme-color" content="(#\w+)" (.*?)>', client.get("/sign-in").get_data(as_text=True))
    assert [colour for colour, _media in bars] == list(HEADER.values())
    assert all("prefers-color-scheme" in media for _colour, media in bars)
    client.set_cookie("look", "dark")
    bars = re.findall(r'name="theme-color" content="(#\w+)" (.*?)>', client.get("/sign-in").get_data(as_text=True))
    assert bars == [(HEADER["dark"], "")]


def test_the_service_worker_may_serve_the_whole_site_and_keeps_files_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    told = re.match(r"const HERE = (\{.*?\});\n", answer.get_data(as_text=True))
    assert told
    for url in json.loads(told[1])["shell"]:
        assert client.get(url).status_code == 200
    imported = re.search(r'from "(/static/[^"]+)"', answer.get_data(as_text=True))
    assert imported
    assert client.get(imported[1]).status_code == 200
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_page_without_network_speaks_both_languages_and_names_nobody(app: Flask) -> None:
    tree = small_tree()
    me = new_member(tree["B1"], password=PASSWORD, name="Somebody Else")
    seen = Visitor(app, me).page("/offline")
    assert seen == Visitor(app).page("/offline")
    assert "Somebody Else" not in seen
    assert "csrf" not in seen
    assert [tag for tag in ("zh-Hans", "en") if f'lang="{tag}"' in seen] == ["zh-Hans", "en"]


def test_a_photo_that_no_service_worker_took_is_answered_with_a_page_and_not_kept(client: FlaskClient) -> None:
    answer = client.post("/share", data={"photos": (io.BytesIO(b"GIF89a"), "flag.gif")})
    assert answer.status_code == 200
    assert "<h1" in answer.get_data(as_text=True)
