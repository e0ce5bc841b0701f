"""The demo organisation: fictional, the same every time but for its dates, with three months behind it."""

from __future__ import annotations

import ipaddress
import random
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from learnhub.config import Config
from learnhub.demo import affairs, content, essays, history, notices, people, sources, transfers
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.points import chain

SEED = 20_261_122
FIRST_NUMBER = "YL000001"
NAMES = ("admin", "secretary", "instructor", "member")
WORDS = (
    "amber birch cedar cloud coral delta ember fern harbor hazel iris jade lake lilac maple meadow olive opal "
    "pebble pine plum quartz river sage sail spring stone tulip valley willow"
).split()


def create(size: str, config: Config, now: datetime) -> dict[str, Any]:
    """Make the demo organisation in an empty database. When it is there already, nothing changes.

    Refused when the database holds something else, or when the address is public: its passwords are no secret.
    """
    if exists():
        return {"demo": "there already", "members": count()}
    if count():
        raise Refused(_("This database already has members; the demo organisation wants an empty one."))
    if is_public(config.base_url):
        raise Refused(_("The demo organisation is not made on a public address: its passwords are no secret."))
    seed = random.Random(SEED)  # noqa: S311 (the same every time, and no secret)
    settled = people.settle(size, password(config), now, seed)
    taught = content.bring(settled, now)
    history.live(settled, taught, now, seed)
    essays.hand_in(settled, now)
    notices.tell(settled, taught, now, seed)
    transfers.begin(settled, now)
    affairs.arrange(settled, now)
    sources.report(now)
    chain.checkpoint(now)
    return {"demo": size, "members": count()}


def exists() -> bool:
    """Whether the demo organisation is in this database."""
    return db.session.scalar(select(Member.id).where(Member.number == FIRST_NUMBER)) is not None


def count() -> int:
    """How many members there are."""
    return db.session.scalar(select(func.count()).select_from(Member)) or 0


def password(config: Config) -> str:
    """The one password of the named accounts: the setting, or made once and kept in the instance folder."""
    if config.demo_password:
        return config.demo_password
    return config.kept_secret("demo_password", lambda: "-".join(secrets.choice(WORDS) for _n in range(4)))


def accounts(config: Config) -> list[str]:
    """Lines for the start of the server: the named accounts and their password; none without the demo."""
    if not exists():
        return []
    return [f"Demo accounts: {', '.join(NAMES)}", f"Password of each: {password(config)}"]


def is_public(address: str) -> bool:
    """Whether an address can be reached from the internet: neither this machine nor a private network."""
    host = urlsplit(address).hostname or ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return not (host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".internal", ".test")))
    return not (found.is_private or found.is_loopback or found.is_link_local)
