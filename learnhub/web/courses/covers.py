"""Courses' pictures as cards show them: cut to one shape and made small, since a catalogue shows many of them."""

from __future__ import annotations

import functools
import io

from flask import Response, request, url_for
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from courses.models import Asset, Course
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _

SIZE = (400, 225)
"""Enough for a card on a phone; templates name it, so that nothing jumps."""
QUALITY = 50
MOST_PIXELS = 40_000_000
"""A larger picture is not unpacked: it would take the memory of everybody's requests."""
KEPT = 256


@functools.lru_cache(KEPT)
def rendition(digest: str) -> bytes:
    """A stored picture as a small WebP; NotFound for what is no picture that we can read."""
    try:
        with house.files.open(digest) as stored, Image.open(stored) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotFound(_("This picture is too large to be shown."))
            picture.draft("RGB", SIZE)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            out = io.BytesIO()
            ImageOps.fit(upright, SIZE, Image.Resampling.LANCZOS).save(out, "WEBP", quality=QUALITY)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise NotFound(_("This picture can't be shown.")) from None
    return out.getvalue()


def answer(course: Course) -> Response:
    """The small picture of a course; kept for long under an address that names its content."""
    found = db.session.get(Asset, course.cover_asset_id) if course.cover_asset_id else None
    if found is None:
        raise NotFound(_("This course has no picture."))
    response = Response(rendition(found.digest), mimetype="image/webp")
    current = request.args.get("v") == found.digest[:12]
    response.headers["Cache-Control"] = f"private, max-age={31_536_000 if current else 60}"
    return response


def addresses(found: list[Course]) -> dict[int, str]:
    """Addresses of the courses' pictures, by one statement."""
    ids = {course.cover_asset_id: course for course in found if course.cover_asset_id}
    rows = db.session.execute(select(Asset.id, Asset.digest).where(Asset.id.in_(list(ids)))).all() if ids else []
    return {
        ids[asset_id].id: url_for("courses.cover", slug=ids[asset_id].slug, v=digest[:12]) for asset_id, digest in rows
    }
