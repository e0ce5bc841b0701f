"""The API's blueprint and `documented`: bodies are checked, answers typed, and both stand in the OpenAPI document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from sqlalchemy.exc import IntegrityError

from learnhub.audit import repeats
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict
from learnhub.kernel.words import _
from learnhub.web.context import arrived, member_id_or_none
from learnhub.web.errors import problem

api = Blueprint("api", __name__, url_prefix="/api/v1")

spec = SpecTree(
    "flask",
    title="LearnHub",
    version="1",
    description="Courses, quizzes, study hours, points, boards and transcripts of one organisation.",
    path="api/described",
    filename="openapi.json",
    openapi_version="3.1.0",
    annotations=False,
    mode="strict",
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[
        SecurityScheme(name="token", data={"type": "http", "scheme": "bearer"}),  # type: ignore[arg-type]
        SecurityScheme(name="session", data={"type": "apiKey", "in": "cookie", "name": "learnhub"}),  # type: ignore[arg-type]
    ],
    security=[{"token": []}, {"session": []}],
)


class Body(BaseModel):
    """A request's body: a field that is not listed is refused."""

    model_config = ConfigDict(extra="forbid")


class Query(BaseModel):
    """A request's query: unknown names are ignored, as the web does."""

    model_config = ConfigDict(extra="ignore")


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    detail: str | None = None


def documented(
    *,
    tag: str,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    errors: tuple[int, ...] = (),
    others: dict[int, type[BaseModel]] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Check what comes in against `body` and `query` (passed to the view by these names) and document the view.

    The view returns a model, or (model, status), or a Response. A POST with an `Idempotency-Key` is carried out once:
    the same key again gets the first answer, unless that is not to be stored (a place in a queue).
    """
    standard = {400, 401, 403, 404, 409, 422, 429} if body or query or errors else {401, 403, 404, 429}
    good = {f"HTTP_{code}": model for code, model in {status: answer, **(others or {})}.items()}
    answers = Answers(**good, **{f"HTTP_{code}": Problem for code in standard | set(errors)})

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            try:
                if query is not None:
                    kwargs["query"] = query.model_validate(request.args.to_dict())
                if body is not None:
                    kwargs["body"] = body.model_validate(_json_body())
            except ValidationError as error:
                return _invalid(error)
            return _once(lambda: _serialised(view(*args, **kwargs), status))

        described = spec.validate(query=query, json=body, resp=answers, tags=[tag], skip_validation=True)(checked)
        noted = {name: value for name, value in vars(described).items() if name != "__wrapped__"}
        vars(checked).update(noted)  # the document needs what was noted on the view, not a call around it
        return checked

    return decorate


def _json_body() -> Any:
    if not request.data:
        return {}
    return request.get_json(force=True)


def _invalid(error: ValidationError) -> Response:
    faults = [
        {"field": ".".join(str(part) for part in fault["loc"]), "fault": fault["msg"]} for fault in error.errors()
    ]
    return problem(422, _("Some fields are not as they should be."), errors=faults)


def _serialised(result: Any, status: int) -> Response:
    if isinstance(result, tuple):
        result, status = result
    if isinstance(result, Response):
        return result
    text = result.model_dump_json() if isinstance(result, BaseModel) else current_app.json.dumps(result)
    return Response(text if result is not None else "", status, mimetype="application/json")


def _once(call: Callable[[], Response]) -> Response:
    """Carry out a call; with an Idempotency-Key only once for each member and key."""
    key, member_id = request.headers.get("Idempotency-Key"), member_id_or_none()
    if request.method != "POST" or not key or member_id is None:
        return call()
    if len(key) > repeats.LONGEST_KEY:
        return problem(422, _("An Idempotency-Key has at most %(n)s characters.", n=repeats.LONGEST_KEY))
    asked = _what_is_asked()
    before = repeats.find(member_id, key)
    if before is None:
        response = call()
        if response.status_code < 400 and response.is_json and not response.cache_control.no_store:
            try:
                repeats.keep(member_id, key, asked, response.status_code, response.get_data(as_text=True), arrived())
            except IntegrityError:
                db.session.rollback()
                raise Conflict(_("The same call is being carried out at this moment. Ask again.")) from None
        return response
    if before.asked != asked:
        return problem(422, _("This Idempotency-Key was used for another call."))
    return Response(before.answer, before.status, mimetype="application/json", headers={"Idempotent-Replayed": "true"})


def _what_is_asked() -> str:
    """The digest of a call: its address and its body, the fields and files of a form included."""
    digest = hashlib.sha256(request.full_path.encode() + b"\0" + request.get_data())
    for name, values in sorted(request.form.lists()):
        digest.update(repr((name, values)).encode())
    for name, file in sorted(request.files.items()):
        digest.update(repr((name, file.filename)).encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.hexdigest()
