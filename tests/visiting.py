"""A person at the browser, without JavaScript: signs in, reads pages, sends their forms."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.web.templating import MID_DOT
from tests.makers import PASSWORD


class Visitor:
    """A browser of its own; `page(...)` gives the text of a page."""

    _read = ("", "")
    """The session's cookie as it was when its form token was read, and that token."""

    def __init__(self, app: Flask, member: Member | None = None, *, language: str = "en") -> None:
        """Commit what the test made, and sign in the member (whose password is PASSWORD), if one is given."""
        name = member.sign_in_name if member is not None else None
        db.session.commit()
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}
        if name is not None:
            answer = self.post("/sign-in", {"name": name, "password": PASSWORD})
            assert answer.status_code == 303, answer.get_data(as_text=True)

    def get(self, address: str, **more: Any) -> TestResponse:
        """Open an address."""
        return self.client.get(address, headers={**self.headers, **more.pop("headers", {})}, **more)

    def page(self, address: str, status: int = 200) -> str:
        """The text of a page that answers with this status, dates and dots between facts as they are read."""
        answer = self.get(address)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True).replace("\u00a0", " ").replace(MID_DOT, " · ")

    def post(self, address: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Send a form with the token of this browser's session."""
        return self.client.post(address, data={"csrf_token": self.token(), **(data or {})}, headers=self.headers)

    def json(self, method: str, address: str, body: Any = None, **headers: str) -> TestResponse:
        """Call the API by the session's cookie."""
        headers = {**self.headers, "X-CSRFToken": self.token(), **headers}
        return self.client.open(address, method=method, json=body, headers=headers)

    def token(self) -> str:
        """The form token of this browser's session, read from a page again when the session's cookie changed."""
        before, known = self._read
        if before and before == self._session():
            return known
        text = self.client.get("/me/password", headers=self.headers, follow_redirects=True).get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        assert found
        self._read = (self._session(), found.group(1))
        return found.group(1)

    def _session(self) -> str:
        cookie = self.client.get_cookie("learnhub")
        return cookie.value if cookie else ""
