"""A member's photo: made small and new on its way in, so that nothing of the camera's notes is kept."""

from __future__ import annotations

import io

from PIL import Image, ImageOps
from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.profile import ranks
from learnhub.organisations.profile.models import MemberPhoto
from learnhub.organisations.profile.ranks import Rank
from learnhub.organisations.scope import Scope

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
SIZE = (480, 640)
"""A portrait of 3 to 4, as on a card."""
FORMATS = ("JPEG", "PNG", "WEBP")


def current(member_id: int) -> MemberPhoto | None:
    """The photo that is shown; None when there is none."""
    found: MemberPhoto | None = db.session.scalar(
        select(MemberPhoto)
        .where(MemberPhoto.member_id == member_id, MemberPhoto.ended_at.is_(None))
        .order_by(MemberPhoto.id.desc())
        .limit(1)
    )
    return found


def find(member_id: int) -> MemberPhoto:
    """The photo that is shown; NotFound when there is none."""
    found = current(member_id)
    if found is None:
        raise NotFound(_("There is no photo."))
    return found


def put(scope: Scope, actor: Actor, member: Member, data: bytes) -> MemberPhoto:
    """A new photo takes the place of the one before. Refused for what is no picture that we can read."""
    _require_changer(scope, member)
    digest = house.files.put(rendition(data)).digest
    before = current(member.id)
    if before is not None:
        before.ended_at = scope.now
    photo = MemberPhoto(member_id=member.id, digest=digest, set_by=actor.id, set_at=scope.now)
    db.session.add(photo)
    db.session.flush()
    record(actor, "photo.set", "member", member.id, scope.now)
    return photo


def remove(scope: Scope, actor: Actor, member: Member) -> None:
    """No photo is shown any more."""
    _require_changer(scope, member)
    find(member.id).ended_at = scope.now
    db.session.flush()
    record(actor, "photo.removed", "member", member.id, scope.now)


def _require_changer(scope: Scope, member: Member) -> None:
    if ranks.changing(scope, member.id) is Rank.NONE:
        raise NotAllowed(_("You don't manage the record of this member."))
    ranks.require_not_higher(scope, member)


def rendition(data: bytes) -> bytes:
    """An upright portrait as JPEG from the pixels alone: no EXIF, no place, no name of a camera."""
    if len(data) > MOST_BYTES:
        raise Refused(_("The photo has more than %(most)s MB.", most=MOST_BYTES // 1_000_000))
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("The photo has more than %(most)s million pixels.", most=MOST_PIXELS // 1_000_000))
            picture.draft("RGB", SIZE)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except Refused:
        raise
    except Exception:
        raise Refused(_("Choose a photo as JPEG, PNG or WebP; this file can't be read as one.")) from None
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    ImageOps.fit(ground, SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=82)
    return out.getvalue()
