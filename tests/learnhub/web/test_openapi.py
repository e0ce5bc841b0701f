"""The OpenAPI document is true: whatever a client sends by it, no answer is a 500, and each is of a documented kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tests.learnhub.web.world import build
from tests.makers import PASSWORD

pytestmark = [pytest.mark.sqlite_only, pytest.mark.slow]


@pytest.fixture
def bearer(app: Flask, now: datetime) -> dict[str, str]:
    _places, people = build(now)
    name = people["top"].number
    made = app.test_client().post("/api/v1/tokens", json={"name": name, "password": PASSWORD})
    return {"Authorization": f"Bearer {made.get_json()['token']}"}


def test_no_call_by_the_document_gives_a_server_error(app: Flask, bearer: dict[str, str]) -> None:
    app.config["PROPAGATE_ERRORS"] = False
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    faults: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def call(case: Any) -> None:
            answer = case.call(headers=bearer)
            if answer.status_code >= 500:
                faults.append(f"{case.method} {case.formatted_path} {case.query} {case.body}: {answer.status_code}")

        call()
    app.config["PROPAGATE_ERRORS"] = True
    assert faults == []


def test_the_document_needs_no_sign_in_and_names_every_route(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    served = {
        rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint.startswith("api.")
    }
    assert served == set(document["paths"])
