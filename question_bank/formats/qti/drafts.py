"""Drafts of questions for items of QTI: the kind that says the same, with weights found by trying responses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.hints import as_many_as_fit
from question_bank.formats.qti import grids
from question_bank.formats.qti.items import BREAK, SPOT, Ask, Item
from question_bank.formats.qti.singles import single
from question_bank.formats.qti.texts import beside
from question_bank.formats.qti.trying import Trial, best_score, share, told_always
from question_bank.formats.resting import source_and_clause
from question_bank.kinds.fill_in import LARGEST_GROUP

Content = dict[str, Any]
_EMPTY = re.compile(r"<(div|span|p)(?: class=\"[^\"]*\")?>\s*</\1>")
_VOID = re.compile(r"<(?:br|hr|img|col|wbr)\b[^<>]*>")
_TO_THE_END = re.compile(r"[^\ue000]*?</(?:p|div|li|td|h[1-6])>")
"""What follows a field up to the end of its line."""
_BY_HAND = frozenset({"essay", "upload"})
_INLINE = frozenset({"text", "number", "inline"})


def draft_of(item: Item) -> QuestionDraft:
    """The draft of an item; Refused for what has no counterpart. What is lost on the way stands in its warnings."""
    kind, stem, content = _question(item)
    if not item.own and kind == "matching" and not text_of(stem) and not re.search(r"<(?:img|audio)\b", stem):
        stem = escape(item.title, quote=False)
        item.warn(_("The question has no text of its own; its title stands there."))
    explanation = _explanation(item)
    unscored = kind == "description" and not item.own
    return QuestionDraft(
        kind=kind,
        stem_html=stem,
        content=content,
        title=item.title,
        mark=0 if unscored else _thousandths(item),
        category=item.category,
        tags=item.tags,
        difficulty=item.difficulty,
        explanation_html=explanation,
        where=item.where,
        external_id=item.id,
        hints=tuple(item.hints),
        **source_and_clause(item.source),
    )


def _thousandths(item: Item) -> int:
    mark = item.mark if item.mark is not None else Fraction(1)
    if mark < 0 or mark > 1000:
        raise Refused(_("A mark lies between 0 and 1000."))
    rounded = round(mark * 1000)
    if rounded != mark * 1000:
        item.warn(_("The mark %(n)s is rounded to thousandths.", n=f"{float(mark):g}"))
    return rounded


def _question(item: Item) -> tuple[str, str, Content]:
    if len(item.asks) < 2 or item.own:
        item.body = item.body.replace(BREAK, "")
    if item.kind == "case" and item.own:
        return "case", item.body, {"questions": [_part_of_case(part) for part in item.parts]}
    if not item.asks:
        return "description", item.body, {}
    if item.own and item.kind in {"cloze", "fill_in"}:
        return _own_in_line(item)
    if len(item.asks) == 1:
        ask = item.asks[0]
        grid = grids.grid_of(ask)
        if grid is not None:
            rows = grids.questions(item, ask, grid, _thousandths(item))
            return "case", _stem(item.body, ask, "case"), {"questions": rows}
        if ask.sort != "inline":
            kind, content = single(item, ask, Trial(item, ask))
            return kind, _stem(item.body, ask, kind), content
    if all(ask.sort in _INLINE for ask in item.asks):
        return _any_order(item) or _in_line(item, item.body, item.asks)
    return _case(item)


def _any_order(item: Item) -> tuple[str, str, Content] | None:
    """Fields that accept the same answers, of which each counts once: blanks whose answers stand in any order."""
    count = len(item.asks)
    known = [{typed.sample: typed.answer for typed in ask.typed} for ask in item.asks]
    if not 2 <= count <= LARGEST_GROUP or len(known[0]) < count or any(one != known[0] for one in known):
        return None
    groups = _groups(item, list(known[0]))
    if len(groups) != count:
        return None
    each = {ask.id: [group[0]] for ask, group in zip(item.asks, groups, strict=True)}
    full, same = (item.rules.verdict(given).score for given in (each, {ask.id: [groups[0][0]] for ask in item.asks}))
    if (item.top is not None and full != item.top) or same >= full:
        return None
    blanks = [{"answers": [known[0][sample] for sample in group]} for group in groups]
    return "fill_in", SPOT.sub("____", item.body), {"blanks": blanks, "unordered": [list(range(count))]}


def _groups(item: Item, samples: Sequence[str]) -> list[list[str]]:
    """Answers of which only one counts, each time together: other words for the same."""
    one, other = item.asks[:2]
    groups: list[list[str]] = []
    for sample in samples:
        alone = item.rules.verdict({one.id: [sample]}).score
        for group in groups:
            if item.rules.verdict({one.id: [sample], other.id: [group[0]]}).score <= alone:
                group.append(sample)
                break
        else:
            groups.append([sample])
    return groups


def _stem(body: str, ask: Ask, kind: str) -> str:
    """The text of a question with one thing asked: the blank stands where it was inside a sentence."""
    before, after = SPOT.split(body, maxsplit=1)[0], body
    found = SPOT.search(body)
    if found:
        before, after = body[: found.start()], body[found.end() :]
        inside = kind in {"short_answer", "numerical"} and (text_of(after) or ask.details.get("inside"))
        inside = inside or (kind == "essay" and ask.details.get("inside"))
        blanks = " ".join(["____"] * ask.details.get("boxes", 1))
        body = f"{before}{blanks}{after}" if inside or kind == "fill_in" else _filled(f"{before}{after}")
    prompt = ask.prompt_html if ask.prompt_html and ask.prompt_html not in body else ""
    if not text_of(body) and "<img" not in body and "<audio" not in body:
        return (body + prompt).strip()
    if prompt and found and text_of(after) and "____" not in body and _is_whole(before):
        return f"{before.strip()}<p>{prompt}</p>{after.strip()}"
    return f"{body.strip()}<p>{prompt}</p>" if prompt else body.strip()


def _is_whole(markup: str) -> bool:
    """Whether every box that a piece of markup opens is closed in it, so that another one may follow."""
    return markup.count("</") == len(re.findall(r"<[a-zA-Z]", _VOID.sub("", markup)))


def _filled(body: str) -> str:
    """A text without the boxes that are empty since what they held is asked below it."""
    while _EMPTY.search(body):
        body = _EMPTY.sub("", body)
    return body


# Several things asked


def _trials(item: Item, asks: Sequence[Ask]) -> list[tuple[Ask, Trial, Fraction]]:
    """Each thing asked, with the others answered rightly, and its share of the whole."""
    trials = [(ask, Trial(item, ask, item.asks)) for ask in asks]
    worths = _worths(item, asks, [trial.worth() for _ask, trial in trials])
    found = [_where_it_counts(item, ask) for ask in item.asks]
    if any(worth <= 0 for worth in worths) and all(one is not None for one in found) and not _overlap(item.asks):
        item.warn(_("Parts earn equal shares here; in the file it counts how many of them are right."))
        share = Trial(item, None, item.asks).score([]) / len(item.asks)
        return [(ask, one, share) for ask in asks for one in [found[item.asks.index(ask)]] if one is not None]
    if any(worth <= 0 for worth in worths) and _unlike(item.asks):
        apart = [(ask, one, one.worth()) for ask in item.asks for one in [Trial(item, ask)]]
        if sum(worth for _ask, _trial, worth in apart) == best_score(item):
            item.warn(_("The same text in two blanks counts in both here; in the file it counts once."))
            return [one for one in apart if one[0] in asks]
    if any(worth <= 0 for worth, (ask, _trial) in zip(worths, trials, strict=True) if ask.sort not in _BY_HAND):
        raise Refused(_("One of the parts earns nothing by the rules of the file."))
    return [(ask, trial, worth) for (ask, trial), worth in zip(trials, worths, strict=True)]


def _unlike(asks: Sequence[Ask]) -> bool:
    """Whether all of it are fields, and not each accepts the same."""
    lists = {frozenset(typed.sample for typed in ask.typed) for ask in asks}
    return len(lists) > 1 and all(ask.sort == "text" for ask in asks)


def _overlap(asks: Sequence[Ask]) -> bool:
    """Whether two fields accept the same text: then it may count once."""
    samples = [typed.sample for ask in asks for typed in ask.typed]
    return len(set(samples)) < len(samples)


def _where_it_counts(item: Item, ask: Ask) -> Trial | None:
    """A trial of a part in which its right answer earns something: while some of the others are right, or none."""
    others = [other for other in item.asks if other is not ask]
    for count in range(len(others), -1, -1):
        for start in range(max(len(others), 1)):
            trial = Trial(item, ask, [ask, *[*others, *others][start : start + count]])
            if trial.worth() > 0:
                return trial
    return None


def _worths(item: Item, asks: Sequence[Ask], alone: list[Fraction]) -> list[Fraction]:
    """What each part adds to the others; where one counts only with another, what it adds to those before it."""
    full = Trial(item, None, item.asks).score([])
    together = [Trial(item, ask, item.asks).worth() for ask in item.asks]
    if abs(sum(together) - full) <= full / 100:
        return alone
    so_far = [Trial(item, None, item.asks[:count]).score([]) for count in range(len(item.asks) + 1)]
    added = [after - before for before, after in pairwise(so_far)]
    if min(added) <= 0 and min(alone) <= 0:
        return alone
    if min(added) <= 0:
        item.warn(_("Every part earns its share here; in the file only the whole answer earns."))
        return alone
    item.warn(_("Every part earns its own marks here; in the file some parts earn only together with others."))
    return [added[item.asks.index(ask)] for ask in asks]


def _in_line(item: Item, body: str, asks: Sequence[Ask]) -> tuple[str, str, Content]:
    """Blanks and lists in a text: a fill-in when all are texts of the same worth, else a cloze."""
    found = _trials(item, asks)
    worths = {worth for _ask, _trial, worth in found}
    total = sum((worth for _ask, _trial, worth in found), Fraction(0))
    numbers = {item.asks.index(ask): number for number, ask in enumerate(asks, 1)}
    parts = [(single(item, ask, trial), worth) for ask, trial, worth in found]
    plain = all(ask.sort != "inline" for ask in asks) and _is_even(worths, len(found))
    if plain and not _tells(parts):
        blanks = [{"answers": content["answers"]} for (_kind, content), _worth in parts]
        return "fill_in", SPOT.sub("____", body), {"blanks": blanks}
    even = _is_even(worths, len(found))
    weights = [Fraction(1) if even else share(worth, total) for worth in (worth for _part, worth in parts)]
    content = {
        "parts": [
            {"kind": kind, "weight": str(weight), "layout": ask.details.get("layout", "inline"), "content": inner}
            for ((kind, inner), _worth), weight, ask in zip(parts, weights, asks, strict=True)
        ]
    }
    return "cloze", SPOT.sub(lambda spot: f"[[{numbers[int(spot.group(1))]}]]", body), content


def _own_in_line(item: Item) -> tuple[str, str, Content]:
    """A fill-in or a cloze that was written here: its parts are scored each by an outcome of its own."""
    found = [(part.asks[0], single(part, part.asks[0], Trial(part, part.asks[0]))) for part in item.parts]
    if item.kind == "fill_in":
        return "fill_in", SPOT.sub("", item.body), {"blanks": [{"answers": c["answers"]} for _ask, (_kind, c) in found]}
    parts = [
        {
            "kind": kind,
            "weight": ask.details.get("weight", "1"),
            "layout": ask.details.get("layout", "inline"),
            "content": content,
        }
        for ask, (kind, content) in found
    ]
    return "cloze", SPOT.sub(lambda at: f"[[{int(at.group(1)) + 1}]]", item.body), {"parts": parts}


def _is_even(worths: set[Fraction], count: int) -> bool:
    return max(worths) - min(worths) <= max(worths) / 500 if count else True


def _tells(parts: Sequence[tuple[tuple[str, Content], Fraction]]) -> bool:
    return any(answer.get("feedback_html") for (_kind, content), _worth in parts for answer in content["answers"])


def _part_of_case(part: Item) -> dict[str, Any]:
    kind, stem, content = _question(part)
    return {"kind": kind, "stem_html": stem, "mark": _thousandths(part), "content": content}


def _case(item: Item) -> tuple[str, str, Content]:
    """Several things asked one after the other: a case, each of them a question of its own."""
    questions: list[dict[str, Any]] = []
    stem = ""
    full = Trial(item, None, item.asks).score([]) or Fraction(1)
    together = sum((worth for _ask, _trial, worth in _trials(item, item.asks)), Fraction(0))
    by_hand = _by_hand(item, together)
    together += by_hand * sum(1 for ask in item.asks if ask.sort in _BY_HAND)
    full = together if together > full or by_hand else full
    mark = _thousandths(item) or 1000
    for text, asks in _sections(item):
        if not asks:
            stem += text
            continue
        if all(ask.sort in _INLINE for ask in asks) and (len(asks) > 1 or asks[0].sort == "inline"):
            kind, body, content = _in_line(item, text, asks)
            worth = sum((worth for _ask, _trial, worth in _trials(item, asks)), Fraction(0))
        else:
            ((ask, trial, worth),) = _trials(item, asks)
            kind, content = single(item, ask, trial)
            body = _stem(text, ask, kind)
            worth += by_hand if ask.sort in _BY_HAND else 0
        if not questions and not stem and not asks[0].prompt_html:
            stem = item.title
        marks = round(worth / full * mark)
        questions.append({"kind": kind, "stem_html": body or item.title, "mark": marks, "content": content})
    return "case", stem or item.title or "…", {"questions": questions}


def _by_hand(item: Item, scored: Fraction) -> Fraction:
    """What each part is worth that a person marks: the rest of what the file promises, else equal shares."""
    count = sum(1 for ask in item.asks if ask.sort in _BY_HAND)
    if item.own or not count:
        return Fraction(0)
    if item.top is not None and item.top > scored and item.top != 100:
        return (item.top - scored) / count
    if scored <= 0:
        return Fraction(1, count)
    item.warn(_("The file does not say what the part is worth that a person marks; here it has no marks."))
    return Fraction(0)


def _sections(item: Item) -> list[tuple[str, list[Ask]]]:
    """The text cut behind each block that asks: things asked inside one text stay together."""
    sections: list[tuple[str, list[Ask]]] = []
    text, waiting = "", []
    at = 0
    for found in SPOT.finditer(item.body):
        before = item.body[at : found.start()]
        at = found.end()
        ask = item.asks[int(found.group(1))]
        if ask.sort in _INLINE:
            text += before + found.group()
            waiting.append(ask)
            continue
        if waiting:
            behind, _mark, before = before.partition(BREAK)
            sections.append((text + behind, waiting))
            text, waiting = "", []
        text += before.replace(BREAK, "")
        if ask.prompt_html and text_of(text):
            sections.append((text, []))
            text = ""
        here = found.group()
        if ask.details.get("inside"):
            line = _TO_THE_END.match(item.body, at)
            here += line.group() if line else ""
            at = line.end() if line else at
        sections.append((text + here, [ask]))
        text = ""
    rest = text + item.body[at:]
    if waiting or text_of(rest):
        sections.append((rest, waiting))
    return [section for section in sections if section[1] or text_of(section[0]) or "<img" in section[0]]


def _explanation(item: Item) -> str:
    """What is told to everybody, and what has no place of its own, which is warned about."""
    always = told_always(item)
    apart = [text for ident, text in item.feedback.items() if ident not in item.used and text not in always]
    if apart:
        item.warn(_("Feedback for right or wrong answers stands in the explanation, which everybody is shown."))
    return beside([*always, *apart])


def with_shared_texts(drafts: Sequence[QuestionDraft], parents: Mapping[str, str]) -> list[QuestionDraft]:
    """The drafts, those that share a text put together as a case; `parents` names the text of a draft by its place."""
    texts = {draft.external_id: draft for draft in drafts if draft.kind == "description" and draft.external_id}
    below: dict[str, list[QuestionDraft]] = {}
    for draft in drafts:
        parent = parents.get(draft.where, "")
        if parent in texts and draft.kind not in {"case", "description"}:
            below.setdefault(parent, []).append(draft)
    kept = []
    for draft in drafts:
        if draft.external_id in below and texts[draft.external_id] is draft:
            kept.append(_case_of(draft, below[draft.external_id]))
        elif parents.get(draft.where, "") not in below or draft.kind in {"case", "description"}:
            kept.append(draft)
    return kept


def _case_of(text: QuestionDraft, drafts: Sequence[QuestionDraft]) -> QuestionDraft:
    questions = [
        {"kind": one.kind, "stem_html": one.stem_html, "mark": one.mark, "content": one.content} for one in drafts
    ]
    return replace(
        text,
        kind="case",
        content={"questions": questions},
        mark=sum(one.mark for one in drafts),
        explanation_html=beside([text.explanation_html, *(one.explanation_html for one in drafts)]),
        hints=as_many_as_fit([*text.hints, *(hint for one in drafts for hint in one.hints)]),
    )
