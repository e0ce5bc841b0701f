"""Pairs, orders, pieces of text, essays and uploads as interactions of QTI 2.1."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from question_bank.formats.qti.written import Content, Written, mapped, told_inside
from question_bank.formats.qti.xhtml import as_text, base, boxed, mapping, response, setting, variable, xhtml
from question_bank.kinds.file_upload import LARGEST_FILE
from question_bank.kinds.in_text import PLACE


def matching(written: Written, stem_html: str, content: Content) -> None:
    """A match."""
    ident = written.ident()
    rights: dict[str, str] = {}
    for pair in content["pairs"]:
        rights.setdefault(pair["match_html"], f"m{len(rights) + 1}")
    for one in content.get("distractors", []):
        rights.setdefault(one["html"], f"m{len(rights) + 1}")
    pairs = [f"p{n} {rights[pair['match_html']]}" for n, pair in enumerate(content["pairs"], 1)]
    share = Fraction(1, len(pairs))
    written.declarations.append(
        response(ident, "multiple", "directedPair", pairs, mapping([(pair, share) for pair in pairs]))
    )
    left = "".join(
        f'<simpleAssociableChoice identifier="p{n}" matchMax="1">{boxed(pair["html"])}</simpleAssociableChoice>'
        for n, pair in enumerate(content["pairs"], 1)
    )
    right = "".join(
        f'<simpleAssociableChoice identifier="{key}" matchMax="{len(pairs)}">{boxed(text)}</simpleAssociableChoice>'
        for text, key in rights.items()
    )
    written.body = (
        f'{boxed(stem_html)}<matchInteraction responseIdentifier="{ident}" shuffle="true"'
        f' maxAssociations="{len(pairs)}">'
        f"<simpleMatchSet>{left}</simpleMatchSet><simpleMatchSet>{right}</simpleMatchSet></matchInteraction>"
    )
    written.score(mapped(ident))


def ordering(written: Written, stem_html: str, content: Content) -> None:
    """An order."""
    ident = written.ident()
    keys = [f"i{n}" for n in range(1, len(content["items"]) + 1)]
    written.declarations.append(response(ident, "ordered", "identifier", keys))
    inner = "".join(
        f'<simpleChoice identifier="{key}">{boxed(item["html"])}</simpleChoice>'
        for key, item in zip(keys, content["items"], strict=True)
    )
    written.body = (
        f'{boxed(stem_html)}<orderInteraction responseIdentifier="{ident}" shuffle="true"'
        f' class="lh-scoring-{content["scoring"]}">{inner}</orderInteraction>'
    )
    written.rules.append(
        f'<responseCondition><responseIf><match>{variable(ident)}<correct identifier="{ident}"/></match>'
        f"{setting(written.name, base('float', '1'))}</responseIf></responseCondition>"
    )


def select_text(written: Written, stem_html: str, content: Content) -> None:
    """Pieces of a text to choose."""
    ident = written.ident()
    segments = [(f"h{n}", one) for n, one in enumerate(content["segments"], 1)]
    right = [key for key, one in segments if one["right"]]
    share = Fraction(1, len(right))
    worths = [(key, share if one["right"] else -share) for key, one in segments]
    written.declarations.append(response(ident, "multiple", "identifier", right, mapping(worths)))
    told = told_inside(written, ident, [(key, one.get("feedback_html", "")) for key, one in segments], "multiple")
    pieces = {
        n: f'<hottext identifier="{key}">{boxed(one["html"])}{told.get(key, "")}</hottext>'
        for n, (key, one) in enumerate(segments, 1)
    }
    text = PLACE.sub(lambda place: pieces.get(int(place.group(1)), place.group()), xhtml(stem_html))
    written.body = (
        f'<hottextInteraction responseIdentifier="{ident}" maxChoices="0">'
        f'<div class="learnhub-text">{text}</div></hottextInteraction>'
    )
    written.score(mapped(ident))


def drag_text(written: Written, stem_html: str, content: Content) -> None:
    """Gaps in a text to fill."""
    ident = written.ident()
    pairs = [f"c{at + 1} g{n}" for n, at in enumerate(content["gaps"], 1)]
    share = Fraction(1, len(pairs))
    written.declarations.append(
        response(ident, "multiple", "directedPair", pairs, mapping([(pair, share) for pair in pairs]))
    )
    choices = "".join(
        f'<gapText identifier="c{n}" matchMax="{0 if one["unlimited"] else 1}" class="lh-group-{one["group"]}">'
        f"{boxed(one['html'])}</gapText>"
        for n, one in enumerate(content["choices"], 1)
    )
    text = PLACE.sub(r'<gap identifier="g\1"/>', xhtml(stem_html))
    written.body = (
        f'<gapMatchInteraction responseIdentifier="{ident}" shuffle="true">{choices}'
        f'<div class="learnhub-text">{text}</div></gapMatchInteraction>'
    )
    written.score(mapped(ident))


def _by_hand(written: Written, content: Content) -> str:
    notes, begun = content.get("marker_html", ""), content.get("template", "")
    parts = [f'<rubricBlock view="scorer">{boxed(notes)}</rubricBlock>'] if notes else []
    if content.get("rubric"):
        parts.append(f'<rubricBlock view="scorer" class="lh-rubric">{_table(content["rubric"])}</rubricBlock>')
    if begun:
        parts.append(f'<rubricBlock view="author" class="lh-template"><pre>{as_text(begun)}</pre></rubricBlock>')
    return "".join(parts)


def _table(rubric: list[dict[str, Any]]) -> str:
    """A rubric: a row per criterion, a cell per level with its points."""
    rows = []
    for criterion in rubric:
        cells = "".join(
            f'<td class="lh-points-{level["points"]}">{as_text(level["text"])}</td>' for level in criterion["levels"]
        )
        rows.append(f'<tr><th scope="row">{as_text(criterion["title"])}</th>{cells}</tr>')
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def essay(written: Written, stem_html: str, content: Content) -> None:
    """An essay."""
    ident = written.ident()
    written.declarations.append(response(ident, "single", "string", []))
    limits = " ".join(f"lh-{name}-{content[name]}" for name in ("least", "most") if content.get(name))
    named = f' class="{limits}"' if limits else ""
    written.body = (
        f'{boxed(stem_html)}{_by_hand(written, content)}<extendedTextInteraction responseIdentifier="{ident}"{named}/>'
    )


def file_upload(written: Written, stem_html: str, content: Content) -> None:
    """Files to hand in."""
    ident = written.ident()
    written.declarations.append(response(ident, "single", "file", []))
    words = [f"lh-most-{content['most']}"]
    if content["largest"] != LARGEST_FILE:
        words.append(f"lh-largest-{content['largest']}")
    if content["accept"]:
        words.append(f"lh-accept-{'.'.join(content['accept'])}")
    written.body = (
        f"{boxed(stem_html)}{_by_hand(written, content)}"
        f'<uploadInteraction responseIdentifier="{ident}" class="{" ".join(words)}"/>'
    )
