"""Static files: named by their content, cached for a year, compressed once per process."""

from __future__ import annotations

import functools
import gzip
import hashlib
import mimetypes
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.web.guards import public

FOLDER = Path(__file__).parent / "static"
COMPRESSED = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt"}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
A_YEAR = "public, max-age=31536000, immutable"

area = Blueprint("assets", __name__)


@functools.cache
def content(path: str) -> bytes:
    """A file's bytes; KeyError when there is no such file in the folder."""
    found = (FOLDER / path).resolve()
    if FOLDER.resolve() not in found.parents or not found.is_file():
        raise KeyError(path)
    return found.read_bytes()


@functools.cache
def digest(path: str) -> str:
    """The first twelve hex digits of a file's SHA-256."""
    return hashlib.sha256(content(path)).hexdigest()[:12]


@functools.cache
def encoded(path: str, encoding: str) -> bytes:
    """A file's bytes under a content coding."""
    if encoding == "br":
        return bytes(brotli.compress(content(path)))
    return gzip.compress(content(path), 9, mtime=0) if encoding == "gzip" else content(path)


def asset(path: str) -> str:
    """The address of a static file, changing with its content: what templates call."""
    return url_for("assets.serve", digest_=digest(path), path=path)


def media_type(path: str) -> str:
    """The type by the name's ending; all names are ours."""
    return TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


@area.get("/static/<digest_>/<path:path>")
@public
def serve(digest_: str, path: str) -> ResponseReturnValue:
    """A static file. An address with an old digest leads to the new one."""
    try:
        current = digest(path)
    except KeyError:
        abort(404)
    if digest_ != current:
        return redirect(asset(path), 302)
    encoding = _coding(path)
    response = Response(encoded(path, encoding), mimetype=media_type(path))
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = A_YEAR
    response.set_etag(f"{current}{encoding}")
    return response.make_conditional(request)


def _coding(path: str) -> str:
    if Path(path).suffix not in COMPRESSED:
        return ""
    accepted = request.accept_encodings
    return next((coding for coding in ("br", "gzip") if coding in accepted), "")


def init_app(app: Flask) -> None:
    """Serve the folder and give templates `asset`."""
    app.register_blueprint(area)
    app.jinja_env.globals["asset"] = asset
