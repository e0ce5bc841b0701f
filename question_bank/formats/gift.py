"""GIFT, the teachers' text format: read into drafts, question by question."""

from __future__ import annotations

import html
import re
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import TAGS, text_of
from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft
from question_bank.formats import cloze_syntax, gift_escapes, gift_runs, gift_signs, gift_syntax
from question_bank.formats.carries import BOTH, Carried, Carries, both, only_read
from question_bank.formats.fields.vocabulary import FALSE_ELSEWHERE, TRUE_ELSEWHERE
from question_bank.formats.gift_signs import asks_for_several
from question_bank.formats.gift_syntax import FORMATS, Answer, Block, Item, Malformed, Text
from question_bank.formats.moodle.scorings import scoring_of
from question_bank.formats.reading import Lines, Reading, Refusal
from question_bank.formats.resting import source_among, source_and_clause
from question_bank.formats.rich_text import html_of
from question_bank.fractions import decimal, evened, from_percent
from question_bank.kinds import kind

NAME = "gift"
LONGEST_LOOK = 200_000
"""Characters in which the marks of the format are looked for."""
CARRIES = Carried(
    "Marks and difficulty are not kept; the writer counts the questions that have others than one mark. Weights have"
    " five places of a percent, and a simple fraction comes back as it was.",
    {
        "single_choice": both("A mark below zero is left out."),
        "multiple_choice": both("A mark below zero is left out."),
        "true_false": BOTH,
        "short_answer": BOTH,
        "numerical": both("Units, significant figures and relative tolerances are left out."),
        "matching": BOTH,
        "ordering": only_read("As Moodle writes it: > and an item in each line."),
        "essay": both("One with a template, a number of words, notes for the marker or a rubric is left out."),
        "cloze": Carries(
            read=True,
            lost="Several pairs of braces, or Moodle's embedded answers, are read; other programs read neither.",
        ),
        "description": both("One with an explanation is left out."),
    },
)


def read(text: str) -> Reading:
    """Every question of a GIFT text; a malformed one costs only itself."""
    reading = Reading(NAME)
    for block in gift_syntax.blocks(text):
        questions = gift_runs.apart(block)
        if len(questions) > 1:
            told = _("There are no empty lines between these %(n)s questions.", n=len(questions))
            reading.warnings.append(_("%(where)s: %(what)s", where=f"line {block.line}", what=told))
        for one in questions:
            _read(one, reading)
    for number in gift_signs.uncommented(gift_syntax.lines_of(text))[1]:
        left_out = _("What stands between /* and */ was left out.")
        reading.warnings.append(_("%(where)s: %(what)s", where=f"line {number}", what=left_out))
    found = reading.questions
    if found and not reading.refused and all(map(_asks_nothing, found)) and not _MARKED.search(text):
        raise Refused(_("There are no questions in this file."))
    return reading


def _read(block: Block, reading: Reading) -> None:
    where = f"line {block.line}"
    reading.sources[where] = Lines(block.line, block.last)
    try:
        draft, warning = draft_of(gift_syntax.parse(block))
        kind(draft.kind).validate(draft.content)
    except Malformed as error:
        reading.refused.append(Refusal(where, error.message))
    except Refused as error:
        reading.refuse(where, error)
    else:
        reading.questions.append(draft)
        if warning is not None:
            reading.warnings.append(_("%(where)s: %(what)s", where=where, what=warning))


_MARKED = re.compile(rf"^\s*\[(?:{'|'.join(FORMATS)})\]", re.MULTILINE)


def _asks_nothing(draft: QuestionDraft) -> bool:
    """Whether this is a text without a name, a category or braces, as any file of another format is."""
    return draft.kind == "description" and not draft.title and not draft.category


_BRACES = re.compile(r"(?<!\\)\{((?:\\.|[^{}\\])*)\}", re.DOTALL)
_TRUTHS = "|".join(one for one in f"{TRUE_ELSEWHERE} {FALSE_ELSEWHERE}".split() if len(one) > 1 or not one.isascii())
_OPENS_ANSWERS = re.compile(
    rf"\s*(?:[=~](?!=)|>\s*\d*\s+[A-Z]{{3}}|#\s*[=%+\-.\d]|(?:T|TRUE|F|FALSE|{_TRUTHS})\s*(?:#|\Z)|####|\d*\s*:\s*[A-Z_]{{2,20}}\s*:)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^\s*::[^:\n].*?::(?:(?!\n\s*\n)[^{}])*?(?<!\\)\{\s*\}", re.MULTILINE | re.DOTALL)


def looks_like(text: str) -> bool:
    """Whether a text has the marks of GIFT: a category, or answers in most of its braces; not those of a program."""
    if re.search(r"^\s*\$CATEGORY:", text, re.MULTILINE):
        return True
    looked_at = re.sub(r"^\s*//.*$", "", gift_escapes.escaped(text[:LONGEST_LOOK]), flags=re.MULTILINE)
    inside = _BRACES.findall(looked_at)
    answers = sum(1 for one in inside if _OPENS_ANSWERS.match(one))
    empty = sum(1 for one in inside if not one.strip())
    if answers:
        return 2 * (answers + empty) > len(inside)
    return bool(inside) and empty == len(inside) and _NAMED.search(text[:LONGEST_LOOK]) is not None


_PAGE = re.compile(
    r"<(?:[?!]|/?(?:html|head|body|meta|title|link|script|style|template|svg|math|xml)\b|\w+:)", re.IGNORECASE
)


def begins_in_html(text: str) -> bool:
    """Whether a text that begins with a tag is GIFT whose first stem is HTML, `<b>…</b> {`, and no page or XML."""
    named = re.match(r"<([a-zA-Z][a-zA-Z0-9]*)[\s/>]", text)
    return (
        named is not None and named[1].casefold() in TAGS and not _PAGE.search(text[:LONGEST_LOOK]) and looks_like(text)
    )


def draft_of(item: Item) -> tuple[QuestionDraft, Message | None]:
    """The draft of a question as written, and what its author should look at."""
    if item.type == "Cloze":
        stem_html, content, warning = _cloze(item)
        name = "cloze"
    else:
        stem_html = _html(item.stem)
        name, content, warning = _content(item)
    if item.bare:
        warning = _("The answers stand without braces; each line that begins with ~ or = was taken for one.")
    elif item.wide:
        warning = warning or _("Signs of full width were taken for those of GIFT.")
    elif item.noted:
        warning = _("There are no answers but a text behind #; taken for feedback to an essay.")
    elif item.below:
        warning = warning or _("Its answers stand below an empty line; what is between was taken for its text.")
    elif item.arrows:
        warning = _("The answers are pairs with other arrows than ->; taken for a matching.")
    elif item.word:
        warning = _("The answer “%(word)s” was taken for true or false.", word=item.word)
    elif name == "description" and not item.title:
        warning = _("There are no braces in this text; it comes in as a description.")
    general = item.general_feedback
    source, tags = source_among(item.tags)
    draft = QuestionDraft(
        kind=name,
        stem_html=stem_html,
        content=content,
        title=item.title or "",
        mark=0 if name == "description" else int(Fraction(item.mark or "1") * 1000),
        category=category_path(item.category),
        tags=tags,
        explanation_html=_html(general) if general else "",
        where=f"line {item.line}",
        external_id=item.id or "",
        **source_and_clause(source),
    )
    return draft, warning


def category_path(written: str) -> str:
    """A category without the format's own roots: `$course$/top/Law` is `Law`; `//` in a name is a slash."""
    path = re.sub(r"^\$(?:course|cat|module|coursecat|system)\$/?", "", written.strip(), flags=re.IGNORECASE)
    path = path.replace("//", "\uff0f")
    return re.sub(r"^/?top(?:/|$)", "", path)


def _html(text: Text | None) -> str:
    return html_of(text.text, text.format) if text else ""


def _content(item: Item) -> tuple[str, dict[str, Any], Message | None]:
    if item.type == "MC":
        return _choice(item)
    if item.type == "TF":
        wrong, right = map(_html, item.feedbacks)
        told = {True: right, False: wrong}
        of_true, of_false = told[item.is_true is True], told[item.is_true is False]
        content = {"answer": item.is_true, "feedback_true_html": of_true, "feedback_false_html": of_false}
        return "true_false", content, None
    if item.type == "Numerical":
        return "numerical", {"answers": [_number(answer) for answer in item.answers]}, None
    if item.type == "Short":
        return "short_answer", {"answers": [_typed(answer) for answer in item.answers]}, None
    if item.type == "Matching":
        return "matching", _pairs(item), None
    if item.type == "Ordering":
        scoring, is_known = scoring_of(item.scoring)
        warning = None if is_known else _("The order is marked in the way that comes nearest to that of the file.")
        return "ordering", {"items": [{"html": _html(one.text)} for one in item.answers], "scoring": scoring}, warning
    if item.type == "Essay":
        return "essay", {}, None
    return "description", {}, None


_PART_KINDS = {"single_choice", "multiple_choice", "short_answer", "numerical"}


def _cloze(item: Item) -> tuple[str, dict[str, Any], Message | None]:
    """The text with its places, and the parts: answers in several braces, or Moodle's embedded answers.

    Moodle itself takes the first braces for the answers and leaves the others in the text as they are, which nobody
    can mean.
    """
    texts, groups = gift_syntax.groups_of(item)
    if any(re.search(r"^\s*::", text, re.MULTILINE) for text in texts[1:]):
        raise Refused(
            _("Another question begins inside this one: its title lacks the second ::, or an empty line is missing.")
        )
    parts = [_part(group, item.stem.format) for group in groups]
    raw = texts[0] + "".join(f"[[{number}]]{text}" for number, text in enumerate(texts[1:], 1))
    told = _("Its %(n)s pairs of braces were taken for the gaps of one text.", n=len(groups))
    is_moodles = all(isinstance(group, str) for group in groups)
    stem_html = _html(gift_syntax.text_of_pieces(raw, item.stem.format))
    return stem_html, {"parts": parts}, None if is_moodles else told


def _part(group: Item | str, written_as: str) -> dict[str, Any]:
    if isinstance(group, str):
        begin = cloze_syntax.BEGIN.match(group)
        if begin is None:
            raise Refused(_("A part of the text is not well formed: %(part)s …", part=group[:40]))
        return cloze_syntax.part_of(begin, group[begin.end() :], written_as, gift_syntax.unshielded)
    name, content, _warning = _content(group)
    if name not in _PART_KINDS or group.general_feedback:
        raise Refused(
            _(
                "A question with several pairs of braces (a cloze) has a choice, a short answer or a number in each,"
                " and no general feedback in them."
            )
        )
    layout = "vertical" if name == "multiple_choice" else "inline"
    return {"kind": name, "weight": "1", "layout": layout, "content": content}


def _pairs(item: Item) -> dict[str, Any]:
    pairs, others = [], []
    for answer in item.answers:
        left, arrow, right = answer.text.text.partition("->")
        if not arrow or not right.strip():
            raise Refused(_("A pair of a matching is written = left -> right."))
        match_html = html_of(*_written(right))
        if left.strip():
            pairs.append({"html": html_of(left.strip(), answer.text.format), "match_html": match_html})
        else:
            others.append({"html": match_html})
    return {"pairs": pairs, **({"distractors": others} if others else {})}


def _written(right: str) -> tuple[str, str]:
    """The right side of a pair and how it is written: it may say so like any other text."""
    found = re.match(rf"\s*\[({'|'.join(FORMATS)})\]", right, re.IGNORECASE)
    return (right[found.end() :].strip(), found.group(1).lower()) if found else (right.strip(), "moodle")


def weight_of(answer: Answer) -> Fraction:
    """What an answer is worth: its percentage; without one, `=` is everything and `~` nothing."""
    if answer.weight is not None:
        return from_percent(answer.weight)
    return Fraction(1 if answer.right else 0)


def _choice(item: Item) -> tuple[str, dict[str, Any], Message | None]:
    options = [
        {"html": _html(a.text), "fraction": str(weight_of(a)), "feedback_html": _html(a.feedback)} for a in item.answers
    ]
    weights = [weight_of(answer) for answer in item.answers]
    if any(answer.right for answer in item.answers):
        full = sum(1 for weight in weights if weight == 1)
        if full > 1 and all(weight in {0, 1} for weight in weights) and asks_for_several(text_of(_html(item.stem))):
            for option, weight in zip(options, weights, strict=True):
                option["fraction"] = str(Fraction(1, full) if weight else 0)
            told = _("The question asks for several; each of the %(n)s right options earns its share.", n=full)
            return "multiple_choice", {"options": options}, told
        warning = _("%(n)s options are each fully right; choosing any one earns the full mark.", n=full)
        if not full:
            best = f"{float(max(weights) * 100):g}"
            warning = _("One option is to be chosen, but the best earns %(percent)s%% of the mark.", percent=best)
        return "single_choice", {"options": options}, warning if full != 1 else None
    weights = evened(weights)
    for option, weight in zip(options, weights, strict=True):
        option["fraction"] = str(weight)
    if sorted(weights) == [0] * (len(weights) - 1) + [1] and all(answer.weight is not None for answer in item.answers):
        told = _("One option earns 100% and each other one is said to earn 0%; one is to be chosen.")
        return "single_choice", {"options": options}, told
    total = sum(weight for weight in weights if weight > 0)
    warning = _("The weights of the right options add up to %(percent)s%%.", percent=f"{float(total * 100):g}")
    return "multiple_choice", {"options": options}, warning if total not in (0, 1) else None


def _typed(answer: Answer) -> dict[str, Any]:
    text = answer.text.text
    if answer.text.format in {"html", "markdown", "moodle"} and re.search(r"<[a-zA-Z/]|&\w+;|&#\d+;", text):
        text = text_of(_html(answer.text)) or html.unescape(text)
    text = " ".join(text.split())
    wild = "*" in text and not re.search(r"\d\s*\*|\*\s*\d", text)
    return {
        "text": text.replace("\\*", "*"),
        "fraction": str(weight_of(answer)),
        "feedback_html": _html(answer.feedback),
        **({"wildcards": True} if wild and "\\*" not in text else {}),
    }


def _number(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"fraction": str(weight_of(answer)), "feedback_html": _html(answer.feedback)}
    match answer.number:
        case None:
            return {"text": "*", "wildcards": True, **found}
        case ("high-low", low, high):
            return {"low": _exact(low), "high": _exact(high), **found}
        case ("range", value, tolerance):
            return {"value": _exact(value), "tolerance": _exact(tolerance), **found}
        case (_simple, value, *_rest):
            return {"value": _exact(value), "tolerance": "0", **found}
    raise AssertionError(answer.number)


def _exact(text: str) -> str:
    return format(decimal(text), "f")
