"""The lines between --- at the head of a Markdown file, as plain values within limits."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

LONGEST = 16_384
"""Characters of a front matter."""
DEEPEST = 50

_YAML = re.compile(r"\A---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[\w-]+[ \t]*:")


def split(text: str) -> tuple[dict[str, Any], str]:
    """The values of a file's front matter (empty when it has none) and the text below it.

    Raises Refused for a front matter that can't be read, is too long, or refers to itself.
    """
    found = _TOML.match(text)
    if found:
        try:
            return tomllib.loads(found.group(1)[:LONGEST]), text[found.end() :]
        except tomllib.TOMLDecodeError as error:
            raise Refused(_("The front matter can't be read: %(reason)s", reason=str(error))) from None
    found = _YAML.match(text)
    if not found or not (_KEY.match(found.group(1)) or not found.group(1).strip()):
        return {}, text
    values = _load(found.group(1))
    return values, text[found.end() :]


def _load(block: str) -> dict[str, Any]:
    if len(block) > LONGEST:
        raise Refused(_("The front matter is longer than %(limit)s characters.", limit=LONGEST))
    if _depth(block) > DEEPEST:
        raise Refused(_("The front matter is nested too deeply."))
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(block)):
            raise Refused(_("The front matter may not use anchors."))
        values = yaml.safe_load(block)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise Refused(_("The front matter can't be read, line %(line)s.", line=line)) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Refused(_("The front matter can't be read.")) from None
    return {str(key).strip().lower(): value for key, value in values.items()} if isinstance(values, dict) else {}


def _depth(block: str) -> int:
    """How deep brackets, or dashes on one line, go into each other: the parser's cost grows with its square."""
    depth = deepest = 0
    for character in block:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return max([deepest, *(line.count("- ") + line.count("? ") for line in block.split("\n"))])


def words(value: Any, longest: int = 200) -> str:
    """A scalar of a front matter as a line of text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())[:longest]
