"""What roles are called, the four and the custom ones, in the reader's language."""

from __future__ import annotations

from typing import cast

from flask import g
from flask_babel import get_locale

from learnhub.organisations import custom_roles
from learnhub.organisations.models import CustomRole
from learnhub.organisations.permissions import ROLE_NAMES
from learnhub.web.language import say


def role_names() -> dict[str, str]:
    """The name of every role by its key, the retired ones too; read once a request."""
    if "role_names" not in g:
        fixed = {str(role): str(say(name)) for role, name in ROLE_NAMES.items()}
        g.role_names = fixed | {one.key: custom_name(one) for one in custom_roles.everyone()}
    return cast(dict[str, str], g.role_names)


def at_start(name: str) -> str:
    """A role's name where a choice begins with it, as the names of custom roles are written."""
    return name[:1].upper() + name[1:]


def custom_name(role: CustomRole) -> str:
    """The name of a custom role in the reader's language."""
    locale = get_locale()
    return role.name_zh if locale is not None and locale.language == "zh" else role.name_en
