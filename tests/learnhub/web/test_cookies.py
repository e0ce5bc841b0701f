"""The signed cookie and the form token: what is kept in memory makes nothing right that is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, session
from flask.testing import FlaskClient

from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.web.cookies import Sessions
from tests.makers import PASSWORD, new_member, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def read(app: Flask, cookie: str) -> dict[str, object]:
    with app.test_request_context(headers={"Cookie": f"learnhub={cookie}"}):
        return dict(session)


def signed(app: Flask, content: dict[str, object]) -> str:
    assert isinstance(app.session_interface, Sessions)
    signer = app.session_interface.get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps(content))


def test_a_kept_cookie_grows_old_like_any_other(app: Flask) -> None:
    with time_machine.travel(utcnow(), tick=False) as clock:
        cookie = signed(app, {"sid": "one"})
        assert read(app, cookie) == read(app, cookie) == {"sid": "one"}
        clock.shift(timedelta(days=30, seconds=1))
        assert read(app, cookie) == {}


def test_a_forged_cookie_is_nobody_s_whatever_was_read_before(app: Flask) -> None:
    cookie = signed(app, {"sid": "one"})
    assert read(app, cookie) == {"sid": "one"}
    for forged in (cookie[:-2] + ("aa" if cookie[-2:] != "aa" else "bb"), "x" + cookie, cookie + "x", ""):
        assert read(app, forged) == {}


def test_what_one_request_adds_to_its_session_no_other_sees(app: Flask) -> None:
    cookie = signed(app, {"sid": "one", "_flashes": [("info", "first")]})
    for _request in range(2):
        with app.test_request_context(headers={"Cookie": f"learnhub={cookie}"}):
            assert len(session["_flashes"]) == 1
            session["_flashes"].append(("info", "second"))
            session["more"] = 1


def test_a_token_counts_for_its_own_session_only(app: Flask, client: FlaskClient) -> None:
    unit = small_tree()["B1"]
    one, other = (
        Visitor(app, new_member(unit, number=name, sign_in_name=name, password=PASSWORD)) for name in ("M1", "M2")
    )
    db.session.commit()
    address = "/api/v1/attempts/1/answers/1"
    body = {"response": {}, "sequence": 1}
    for _time in range(2):
        assert one.json("PUT", address, body).status_code == 404
        assert other.json("PUT", address, body, **{"X-CSRFToken": one.token()}).status_code == 400
        assert one.json("PUT", address, body, **{"X-CSRFToken": ""}).status_code == 400
        assert one.json("PUT", address, body, **{"X-CSRFToken": one.token() + "x"}).status_code == 400
