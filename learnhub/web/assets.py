"""Static files: named by their content, cached for a year, compressed once per process."""

from __future__ import annotations

import functools
import gzip
import hashlib
import mimetypes
import posixpath
import re
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
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
}
A_YEAR = "public, max-age=31536000, immutable"
ENDPOINT = "assets.serve"

_PART = re.compile(r'^@import "(\.[^"]+)";\n', re.MULTILINE)
_MODULE = re.compile(
    r"""(?P<before>\bfrom\s+["']|\bimport(?:\.meta\.resolve)?\s*\(?\s*["'])(?P<target>\.{1,2}/[^"']+)"""
)
_URL = re.compile(r"""(?P<before>\burl\(["']?)(?P<target>\.{1,2}/[^"')]+)""")

area = Blueprint("assets", __name__)


@functools.cache
def content(path: str) -> bytes:
    """What is served for a file; KeyError when there is no such file in the folder.

    In our own files an `@import` of a style sheet is replaced by the sheet, and the modules, sheets, pictures and fonts
    that a file names get their hashed addresses: when one of them changes, so does the address of whoever uses it.
    """
    found = (FOLDER / path).resolve()
    if FOLDER.resolve() not in found.parents or not found.is_file():
        raise KeyError(path)
    if found.suffix not in {".css", ".js"} or (path.startswith("vendor/") and found.suffix == ".js"):
        return found.read_bytes()
    pattern = _MODULE if found.suffix == ".js" else _URL
    text = pattern.sub(
        lambda use: use["before"] + _address(path, _resolved(path, use["target"])), found.read_text(encoding="utf-8")
    )
    return _PART.sub(lambda part: content(_resolved(path, part[1])).decode(), text).encode()


def _resolved(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _address(path: str, target: str) -> str:
    """The hashed address of one file, relative to that of another, so that it holds below any prefix."""
    return f"{'../' * (path.count('/') + 1)}{digest(target)}/{target}"


@functools.cache
def rooted(path: str, root: str) -> str:
    """The text of a module of ours that is served from the top instead of from the folder of static files."""
    return _MODULE.sub(
        lambda use: (
            f"{use['before']}{root}/static/{digest(_resolved(path, use['target']))}/{_resolved(path, use['target'])}"
        ),
        (FOLDER / path).read_text(encoding="utf-8"),
    )


@functools.cache
def digest(path: str) -> str:
    """The first twelve hex digits of the SHA-256 of what is served for a file."""
    return hashlib.sha256(content(path)).hexdigest()[:12]


@functools.cache
def encoded(path: str, coding: str) -> bytes:
    """A file's bytes under a content coding: br, gzip or none."""
    if coding == "br":
        return bytes(brotli.compress(content(path)))
    return gzip.compress(content(path), 9, mtime=0) if coding == "gzip" else content(path)


def asset(path: str) -> str:
    """The address of a static file, changing with its content: what templates call."""
    return _address_below(request.script_root, path)


@functools.cache
def _address_below(_root: str, path: str) -> str:
    """Kept for each prefix under which we are served: a page asks for an icon in every row."""
    return url_for(ENDPOINT, digest_=digest(path), path=path)


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
    coding = _coding(path)
    response = Response(encoded(path, coding), mimetype=media_type(path))
    if coding:
        response.headers["Content-Encoding"] = coding
    if Path(path).suffix in COMPRESSED:
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = A_YEAR
    response.set_etag(f"{current}-{coding or 'plain'}")
    return response.make_conditional(request)


def _coding(path: str) -> str:
    if Path(path).suffix not in COMPRESSED:
        return ""
    return next((coding for coding in ("br", "gzip") if request.accept_encodings.quality(coding) > 0), "")


def init_app(app: Flask) -> None:
    """Serve the folder and give templates `asset`."""
    app.register_blueprint(area)
    app.jinja_env.globals["asset"] = asset
