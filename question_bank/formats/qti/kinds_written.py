"""Kinds of questions as interactions of QTI 2.1, with their declarations and rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.xhtml import (
    as_text,
    attribute,
    base,
    boxed,
    decimals,
    feedback,
    mapping,
    outcome,
    response,
    setting,
    variable,
    xhtml,
)
from question_bank.fractions import fraction
from question_bank.kinds.file_upload import LARGEST_FILE
from question_bank.kinds.in_text import PLACE

Content = dict[str, Any]


@dataclass
class Written:
    """Parts of an item: what is declared, shown, scored and told. `name` is the outcome that holds the score."""

    name: str
    declarations: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    body: str = ""
    rules: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    negative: bool = False
    count: int = 0

    def ident(self) -> str:
        """A name for the next response of the question."""
        self.count += 1
        if self.name == "SCORE":
            return "RESPONSE" if self.count == 1 else f"RESPONSE{self.count}"
        return f"{self.name}_R{self.count}"

    def score(self, expression: str) -> None:
        """What the question earns."""
        self.rules.append(setting(self.name, expression))

    def tell(self, ident: str, told: dict[str, str], rules: str) -> None:
        """Feedback by identifier, shown by rules that set an outcome of its own; Refused when it can't be told."""
        name = self.feedback_of(ident)
        self.outcomes.append(outcome(name, "identifier"))
        self.rules.append(rules)
        self.feedback += [feedback("modalFeedback", name, key, text) for key, text in told.items()]

    def feedback_of(self, ident: str) -> str:
        """The name of the outcome that shows feedback to a response."""
        return f"{self.name}_F{self.count}" if self.name != "SCORE" else f"FEEDBACK{self.count}"


def write(kind: str, stem_html: str, content: Content, name: str = "SCORE") -> Written:
    """A question as parts of an item; Refused for what QTI 2.1 has no way to say."""
    written = Written(name)
    if kind not in _WRITERS:
        raise Refused(_("Questions of this kind can't be written as %(name)s.", name="qti"))
    _WRITERS[kind](written, stem_html, content)
    return written


def _map(ident: str) -> str:
    return f'<mapResponse identifier="{ident}"/>'


def _told_inside(written: Written, ident: str, choices: list[tuple[str, str]], cardinality: str) -> dict[str, str]:
    """Feedback inside choices, by choice; with the rule that shows it."""
    told = {key: text for key, text in choices if text}
    if not told:
        return {}
    name = written.feedback_of(ident)
    written.outcomes.append(outcome(name, "identifier", cardinality))
    written.rules.append(setting(name, variable(ident)))
    return {key: feedback("feedbackInline", name, key, text) for key, text in told.items()}


def _choice(written: Written, stem_html: str, content: Content, kind: str) -> None:
    written.body = boxed(stem_html) + _choice_in(written, content, kind, "vertical")
    written.negative = bool(content.get("negative"))
    written.score(_map("RESPONSE" if written.name == "SCORE" else f"{written.name}_R1"))


def _choice_in(written: Written, content: Content, kind: str, layout: str) -> str:
    """Options to choose from: below each other, side by side, or as a list in the line."""
    ident = written.ident()
    several = kind == "multiple_choice"
    cardinality = "multiple" if several else "single"
    options = [(f"c{n}", option) for n, option in enumerate(content["options"], 1)]
    worths = [(key, fraction(option["fraction"])) for key, option in options]
    right = [key for key, worth in worths if worth > 0]
    right = right if several else [max(worths, key=lambda one: one[1])[0]]
    written.declarations.append(response(ident, cardinality, "identifier", right, mapping(worths)))
    pairs = [(key, option.get("feedback_html", "")) for key, option in options]
    told = _told_inside(written, ident, pairs, cardinality)
    tag, outer = (
        ("inlineChoice", "inlineChoiceInteraction")
        if layout == "inline" and not several
        else (
            "simpleChoice",
            "choiceInteraction",
        )
    )
    inner = "".join(
        f'<{tag} identifier="{key}">{boxed(option["html"])}{told.get(key, "")}</{tag}>' for key, option in options
    )
    if tag == "inlineChoice":
        return f'<{outer} responseIdentifier="{ident}" shuffle="false">{inner}</{outer}>'
    side = ' orientation="horizontal"' if layout == "horizontal" else ""
    return (
        f'<{outer} responseIdentifier="{ident}" shuffle="false" maxChoices="{0 if several else 1}"{side}'
        f' class="lh-layout-{layout}">{inner}</{outer}>'
    )


def _true_false(written: Written, stem_html: str, content: Content) -> None:
    told = {"true": content.get("feedback_true_html", ""), "false": content.get("feedback_false_html", "")}
    ident = written.ident()
    right = "true" if content["answer"] else "false"
    written.declarations.append(response(ident, "single", "identifier", [right], mapping([(right, Fraction(1))])))
    inside = _told_inside(written, ident, list(told.items()), "single")
    inner = "".join(
        f'<simpleChoice identifier="{key}">{word}{inside.get(key, "")}</simpleChoice>'
        for key, word in (("true", "True"), ("false", "False"))
    )
    written.body = (
        f'{boxed(stem_html)}<choiceInteraction responseIdentifier="{ident}" shuffle="false" maxChoices="1">'
        f"{inner}</choiceInteraction>"
    )
    written.score(_map(ident))


# Typed answers


def _typed(written: Written, stem_html: str, content: Content, kind: str) -> None:
    entry, worth = _entry(written, content["answers"], kind == "numerical")
    written.body = f'{boxed(stem_html)}<div class="lh-answers">{entry}</div>'
    written.score(worth)


def _entry(written: Written, answers: list[dict[str, Any]], numeric: bool) -> tuple[str, str]:
    """A field to type into, and the expression of what the answer is worth."""
    ident = written.ident()
    told = [answer.get("feedback_html", "") for answer in answers]
    *kept, last = answers
    is_rest = last.get("text") == "*" and last.get("wildcards") and fraction(last.get("fraction", "1")) == 0
    kept = kept if is_rest else answers
    if numeric or any("text" not in answer for answer in kept):
        worth = _numbers(written, ident, kept)
        worths = ".".join(str(fraction(answer.get("fraction", "1"))) for answer in kept)
        entry = f'<textEntryInteraction responseIdentifier="{ident}" class="lh-worth-{worths}"/>'
        tests = [_number_test(ident, answer) for answer in kept]
    else:
        worth = _map(ident)
        wild = ".".join(str(n) for n, answer in enumerate(kept, 1) if answer.get("wildcards"))
        entries = [(answer["text"], fraction(answer.get("fraction", "1"))) for answer in kept]
        best = next((answer["text"] for answer in kept if fraction(answer.get("fraction", "1")) == 1), "")
        written.declarations.append(
            response(ident, "single", "string", [best] if best else [], mapping(entries, ' caseSensitive="false"'))
        )
        named = f' class="lh-wild-{wild}"' if wild else ""
        entry = f'<textEntryInteraction responseIdentifier="{ident}"{named}/>'
        tests = [
            f'<stringMatch caseSensitive="false">{variable(ident)}{base("string", answer["text"])}</stringMatch>'
            for answer in kept
        ]
    if is_rest:
        entry = _with_class(entry, "lh-rest-last")
    if any(told):
        _tell_typed(written, ident, tests, told, is_rest=bool(is_rest))
    return entry, worth


def _tell_typed(written: Written, ident: str, tests: list[str], told: list[str], *, is_rest: bool) -> None:
    name = written.feedback_of(ident)
    keys = {"rest" if is_rest and n == len(told) else f"a{n}": text for n, text in enumerate(told, 1) if text}
    branches = []
    for number, test in enumerate(tests, 1):
        tag = "responseIf" if number == 1 else "responseElseIf"
        branches.append(f"<{tag}>{test}{setting(name, base('identifier', f'a{number}'))}</{tag}>")
    if is_rest:
        branches.append(f"<responseElse>{setting(name, base('identifier', 'rest'))}</responseElse>")
    written.tell(ident, keys, f"<responseCondition>{''.join(branches)}</responseCondition>")


def _number_test(ident: str, answer: dict[str, Any]) -> str:
    if "text" in answer:
        raise Refused(_("A text among numbers can't be written as %(name)s.", name="qti"))
    if answer.get("tolerance_kind", "absolute") != "absolute":
        raise Refused(_("A tolerance that is a share can't be written as %(name)s.", name="qti"))
    if "value" in answer:
        margin = answer.get("tolerance", "0")
        return (
            f'<equal toleranceMode="absolute" tolerance="{margin} {margin}">'
            f"{variable(ident)}{base('float', answer['value'])}</equal>"
        )
    return (
        f"<and><gte>{variable(ident)}{base('float', answer['low'])}</gte>"
        f"<lte>{variable(ident)}{base('float', answer['high'])}</lte></and>"
    )


def _numbers(written: Written, ident: str, answers: list[dict[str, Any]]) -> str:
    """The most that any of the numbers met is worth, in an outcome of its own."""
    name = f"WORTH_{ident}"
    written.outcomes.append(outcome(name, initial="0"))
    right = next((answer["value"] for answer in answers if "value" in answer and answer["fraction"] == "1"), None)
    written.declarations.append(response(ident, "single", "float", [right] if right else []))
    for answer in answers:
        worth = base("float", decimals(fraction(answer.get("fraction", "1"))))
        written.rules.append(
            f"<responseCondition><responseIf><and>{_number_test(ident, answer)}<lt>{variable(name)}{worth}</lt></and>"
            f"{setting(name, worth)}</responseIf></responseCondition>"
        )
    return variable(name)


def _fill_in(written: Written, stem_html: str, content: Content) -> None:
    if content.get("unordered"):
        raise Refused(_("Blanks in any order can't be written as %(name)s.", name="qti"))
    found = [_entry(written, blank["answers"], False) for blank in content["blanks"]]
    fields = "".join(entry for entry, _worth in found)
    written.body = f'{boxed(stem_html)}<div class="lh-answers">{fields}</div>'
    share = Fraction(1, len(found))
    written.score(_sum([(share, _part(written, n, worth)) for n, (_field, worth) in enumerate(found, 1)]))


def _part(written: Written, number: int, worth: str) -> str:
    """What a part of a text earns, in an outcome of its own."""
    name = f"P{number}" if written.name == "SCORE" else f"{written.name}_P{number}"
    written.outcomes.append(outcome(name, initial="0"))
    written.rules.append(setting(name, worth))
    return variable(name)


def _sum(terms: list[tuple[Fraction, str]]) -> str:
    inner = "".join(f"<product>{base('float', decimals(share))}{worth}</product>" for share, worth in terms)
    return f"<sum>{inner}</sum>"


def _cloze(written: Written, stem_html: str, content: Content) -> None:
    total = sum((fraction(part["weight"]) for part in content["parts"]), Fraction(0))
    fields: dict[int, str] = {}
    terms = []
    for number, part in enumerate(content["parts"], 1):
        inner = part["content"]
        if part["kind"] in {"single_choice", "multiple_choice"}:
            if inner.get("negative"):
                raise Refused(_("Marks below zero in a part can't be written as %(name)s.", name="qti"))
            fields[number] = _choice_in(written, inner, part["kind"], part["layout"])
            worth = _map(f"RESPONSE{written.count if written.count > 1 else ''}")
            worth = worth if written.name == "SCORE" else _map(f"{written.name}_R{written.count}")
        elif part["layout"] != "inline":
            raise Refused(_("The layout of a typed part can't be written as %(name)s.", name="qti"))
        else:
            fields[number], worth = _entry(written, inner["answers"], part["kind"] == "numerical")
        weighed = f"lh-weight-{fraction(part['weight'])}"
        fields[number] = _with_class(fields[number], weighed)
        terms.append((fraction(part["weight"]) / total, _part(written, number, worth)))
    text = PLACE.sub(lambda place: fields.get(int(place.group(1)), place.group()), xhtml(stem_html))
    written.body = f'<div class="learnhub-text">{text}</div>'
    written.score(_sum(terms))


def _with_class(element: str, name: str) -> str:
    """An interaction with one more class."""
    head, mark, rest = element.partition(">")
    if ' class="' in head:
        return head.replace(' class="', f' class="{name} ', 1) + mark + rest
    slash = "/" if head.endswith("/") else ""
    return f'{head.removesuffix("/")} class="{name}"{slash}{mark}{rest}'


# Pairs, orders, pieces of text


def _matching(written: Written, stem_html: str, content: Content) -> None:
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
    written.score(_map(ident))


def _ordering(written: Written, stem_html: str, content: Content) -> None:
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


def _select_text(written: Written, stem_html: str, content: Content) -> None:
    ident = written.ident()
    segments = [(f"h{n}", one) for n, one in enumerate(content["segments"], 1)]
    right = [key for key, one in segments if one["right"]]
    share = Fraction(1, len(right))
    worths = [(key, share if one["right"] else -share) for key, one in segments]
    written.declarations.append(response(ident, "multiple", "identifier", right, mapping(worths)))
    told = _told_inside(written, ident, [(key, one.get("feedback_html", "")) for key, one in segments], "multiple")
    pieces = {
        n: f'<hottext identifier="{key}">{boxed(one["html"])}{told.get(key, "")}</hottext>'
        for n, (key, one) in enumerate(segments, 1)
    }
    text = PLACE.sub(lambda place: pieces.get(int(place.group(1)), place.group()), xhtml(stem_html))
    written.body = (
        f'<hottextInteraction responseIdentifier="{ident}" maxChoices="0">'
        f'<div class="learnhub-text">{text}</div></hottextInteraction>'
    )
    written.score(_map(ident))


def _drag_text(written: Written, stem_html: str, content: Content) -> None:
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
    written.score(_map(ident))


# Marked by hand


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


def _essay(written: Written, stem_html: str, content: Content) -> None:
    ident = written.ident()
    written.declarations.append(response(ident, "single", "string", []))
    limits = " ".join(f"lh-{name}-{content[name]}" for name in ("least", "most") if content.get(name))
    named = f' class="{limits}"' if limits else ""
    written.body = (
        f'{boxed(stem_html)}{_by_hand(written, content)}<extendedTextInteraction responseIdentifier="{ident}"{named}/>'
    )


def _file_upload(written: Written, stem_html: str, content: Content) -> None:
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


def _description(written: Written, stem_html: str, content: Content) -> None:
    written.body = boxed(stem_html)


def _case(written: Written, stem_html: str, content: Content) -> None:
    parts = [boxed(stem_html)]
    total = sum(question["mark"] for question in content["questions"])
    terms = []
    for number, question in enumerate(content["questions"], 1):
        inner = write(question["kind"], question["stem_html"], question["content"], f"Q{number}")
        below = " lh-below-zero" if inner.negative else ""
        parts.append(
            f'<div class="lh-question-{question["kind"]} lh-mark-{question["mark"]}{below}">{inner.body}</div>'
        )
        written.declarations += inner.declarations
        written.outcomes += [outcome(f"Q{number}", initial="0"), *inner.outcomes]
        written.rules += inner.rules
        written.feedback += inner.feedback
        terms.append((Fraction(question["mark"], total), variable(f"Q{number}")))
    written.body = "".join(parts)
    written.score(_sum(terms))


_WRITERS: dict[str, Callable[[Written, str, Content], None]] = {
    "single_choice": lambda written, stem, content: _choice(written, stem, content, "single_choice"),
    "multiple_choice": lambda written, stem, content: _choice(written, stem, content, "multiple_choice"),
    "true_false": _true_false,
    "short_answer": lambda written, stem, content: _typed(written, stem, content, "short_answer"),
    "numerical": lambda written, stem, content: _typed(written, stem, content, "numerical"),
    "fill_in": _fill_in,
    "cloze": _cloze,
    "matching": _matching,
    "ordering": _ordering,
    "select_text": _select_text,
    "drag_text": _drag_text,
    "essay": _essay,
    "file_upload": _file_upload,
    "description": _description,
    "case": _case,
}

__all__ = ["Written", "attribute", "write"]
