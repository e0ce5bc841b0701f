"""The rules by which a quiz is held, as its author sets them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from learnhub.quizzes.conduct.models import QuizConduct
from learnhub.quizzes.models import Quiz

MOST_KEYS = 20
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Rules:
    """What holds for attempts that begin from now on; keys and switching off hold at once."""

    one_device: bool = False
    safe_browser: bool = False
    own_config: bool = True
    config_keys: Sequence[str] = ()
    browser_keys: Sequence[str] = ()
    log_focus: bool = False


def of_quiz(quiz_id: int) -> QuizConduct | None:
    """The rules of a quiz; None where nothing was set."""
    return db.session.get(QuizConduct, quiz_id)


def by_token(token: str) -> QuizConduct:
    """The rules whose configuration file has this address; NotFound when no safe browser is asked for."""
    found = db.session.scalar(select(QuizConduct).where(QuizConduct.token == token, QuizConduct.safe_browser))
    if found is None:
        raise NotFound(_("There is no such configuration."))
    return found


def put(quiz: Quiz, rules: Rules, by: int | None, now: datetime) -> QuizConduct:
    """Set the rules of a quiz. Refused when a key is none, or the safe browser is asked for and nothing opens it."""
    config_keys, browser_keys = _keys(rules.config_keys), _keys(rules.browser_keys)
    if rules.safe_browser and not (rules.own_config or config_keys):
        raise Refused(_("Accept the configuration made here, or enter a Config Key; else nobody could begin."))
    found = of_quiz(quiz.id)
    if found is None:
        found = QuizConduct(quiz_id=quiz.id, token=secrets.token_urlsafe(18))
        db.session.add(found)
    found.one_device, found.safe_browser, found.own_config = rules.one_device, rules.safe_browser, rules.own_config
    found.config_keys, found.browser_keys, found.log_focus = config_keys, browser_keys, rules.log_focus
    found.set_by, found.set_at = by, now
    db.session.flush()
    return found


def _keys(typed: Sequence[str]) -> list[str]:
    keys = [one.strip().lower() for one in typed if one.strip()]
    if len(keys) > MOST_KEYS or not all(_KEY.fullmatch(one) for one in keys):
        raise Refused(_("A key has 64 digits from 0 to 9 and a to f; write one per line, at most %(n)s.", n=MOST_KEYS))
    return keys
