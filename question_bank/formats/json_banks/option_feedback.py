"""What the options of a question in JSON say of themselves: why each is right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from question_bank.formats.json_banks.json_fields import texts_of

_NAMES = ("feedback", "rationale", "explanation", "explain", "comment", "reason", "why", "解析", "反馈", "说明")


def feedback_of_json(found: Any, options: Mapping[str, str]) -> dict[str, str]:
    """By the letters of the options, which stand in the order of the objects that they come from."""
    items = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(items, list) or len(items) != len(options):
        return {}
    told = {letter: _said(one) for letter, one in zip(options, items, strict=True) if isinstance(one, dict)}
    return {letter: text for letter, text in told.items() if text}


def _said(option: Mapping[str, Any]) -> str:
    return next((texts_of(option[name]) for name in _NAMES if isinstance(option.get(name), str)), "")
