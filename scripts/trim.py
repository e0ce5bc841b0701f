"""Keep of Bootstrap's style sheet what our pages can use; `make vendor` runs it, and so may anyone, without network.

A rule stays when every class it asks for is a word of a template, a script or a style sheet of ours. Variables that
nothing reads then and animations that nothing plays go as well.
"""

from __future__ import annotations

import re
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

WEB = Path(__file__).resolve().parents[1] / "learnhub" / "web"
STATIC = WEB / "static"
WHOLE = STATIC / "vendor" / "bootstrap" / "bootstrap.min.css"
USED = STATIC / "vendor" / "bootstrap" / "used.css"
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"[A-Za-z_][\w-]*")
READ = re.compile(r"var\((--[\w-]+)")


def words() -> set[str]:
    """Every word that could be a class: of templates, of scripts, of our own style sheets."""
    ours = [*(WEB / "templates").rglob("*.html"), *(STATIC / "js").rglob("*.js"), *(STATIC / "css").rglob("*.css")]
    return {word for path in ours for word in WORD.findall(path.read_text(encoding="utf-8"))}


def classes(css: str) -> set[str]:
    """The classes that a style sheet has rules for."""
    return {name for rule in _rules(css) for name in CLASS.findall(_selectors(rule))}


def trimmed(css: str, known: set[str]) -> str:
    """The sheet without rules for unknown classes, unread variables and unplayed animations."""
    kept = "".join(_kept(rule, known) for rule in tinycss2.parse_stylesheet(css, skip_comments=False))
    ours = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").rglob("*.css"))
    while True:
        read = set(READ.findall(kept)) | set(READ.findall(ours))
        fewer = re.sub(
            r"(--[\w-]+):[^;{}]*;?(?=[^{}]*\})", lambda one, read=read: one[0] if one[1] in read else "", kept
        )
        if fewer == kept:
            break
        kept = fewer
    played = set(re.findall(r"animation(?:-name)?:[^;}]*", kept))
    kept = re.sub(
        r"@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}",
        lambda one: one[0] if any(one[1] in line for line in played) else "",
        kept,
    )
    return re.sub(r"[^{}]+\{\}", "", kept)


def _kept(rule: Node, known: set[str]) -> str:
    if isinstance(rule, QualifiedRule):
        chosen = [one for one in _split(rule) if set(CLASS.findall(one)) <= known]
        return f"{','.join(chosen)}{{{tinycss2.serialize(rule.content).strip()}}}" if chosen else ""
    if isinstance(rule, AtRule) and rule.lower_at_keyword in {"media", "supports"} and rule.content is not None:
        inner = "".join(_kept(one, known) for one in tinycss2.parse_rule_list(rule.content))
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}" if inner else ""
    return "" if isinstance(rule, AtRule) and rule.lower_at_keyword == "charset" else str(rule.serialize())


def _rules(css: str) -> list[QualifiedRule]:
    found = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True):
        if isinstance(rule, QualifiedRule):
            found.append(rule)
        elif isinstance(rule, AtRule) and rule.content is not None and rule.lower_at_keyword in {"media", "supports"}:
            found += [one for one in tinycss2.parse_rule_list(rule.content) if isinstance(one, QualifiedRule)]
    return found


def _selectors(rule: QualifiedRule) -> str:
    return str(tinycss2.serialize(rule.prelude))


def _split(rule: QualifiedRule) -> list[str]:
    """The selectors of a list; commas within `:not(…)` and the like belong to their selector."""
    parts: list[list[Node]] = [[]]
    for token in rule.prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [str(tinycss2.serialize(part)).strip() for part in parts]


def main() -> None:
    """Write the trimmed sheet next to the whole one."""
    USED.write_text(trimmed(WHOLE.read_text(encoding="utf-8"), words()) + "\n", encoding="utf-8")
    print(f"bootstrap: {WHOLE.stat().st_size} → {USED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
