"""One thing asked in an item of QTI as the kind that says the same, with its weights found by trying responses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import truth
from question_bank.formats.qti import pairs
from question_bank.formats.qti.items import Ask, Item, Option
from question_bank.formats.qti.texts import beside
from question_bank.formats.qti.trying import NOT_AS_DECLARED, Trial, share
from question_bank.kinds import KINDS
from question_bank.kinds.fill_in import LARGEST_GROUP
from question_bank.typed_text import folded

Content = dict[str, Any]
_TRUE = frozenset({"verdadero", "verdadeiro", "vrai", "wahr", "richtig", "vero", "waar", "juist", "benar"})
_FALSE = frozenset({"falso", "faux", "falsch", "onwaar", "onjuist", "salah"})
MOST_TRIED = 12
"""Places of an order that are tried in each other's stead."""


def single(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    """The kind and the content of something asked; Refused for what has no counterpart."""
    makers = {
        "choice": _choice,
        "inline": _choice,
        "text": _text,
        "number": _text,
        "boxes": _boxes,
        "essay": _essay,
        "upload": _upload,
        "order": _order,
        "matches": _matches,
        "match": pairs.match,
        "associate": pairs.associate,
        "gaps": pairs.gaps,
        "hottext": _hottext,
    }
    return makers[ask.sort](item, ask, trial)


def _choice(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    if ask.multiple:
        return "multiple_choice", _several(item, ask, trial)
    scores = [trial.score([option.id]) for option in ask.options]
    best = max(scores, default=Fraction(0))
    if best <= 0:
        raise Refused(_("No option is marked as right."))
    trial.check_top(best)
    declared = [score for option, score in zip(ask.options, scores, strict=True) if option.id in ask.right]
    if ask.right and not item.own and max(declared, default=Fraction(0)) < best:
        item.warn(NOT_AS_DECLARED)
    worths = [share(score, Fraction(1) if item.own else best) for score in scores]
    told = [trial.told([option.id]) for option in ask.options]
    if (item.kind != "multiple_choice_question" and item.kind not in KINDS) or item.kind == "true_false":
        judged = _true_false(item, ask, worths, told)
        if judged is not None:
            return "true_false", judged
    options = [
        {"html": option.html, "fraction": str(worth), "feedback_html": beside([option.feedback_html, feedback])}
        for option, worth, feedback in zip(ask.options, worths, told, strict=True)
    ]
    negative = item.below_zero and (item.own or any(worth < 0 for worth in worths))
    return "single_choice", {"options": options, **({"negative": True} if negative else {})}


def _true_false(item: Item, ask: Ask, worths: Sequence[Fraction], told: Sequence[str]) -> Content | None:
    named = "true" in item.kind and "false" in item.kind
    if len(ask.options) != 2 or sorted(worths)[0] > 0 or min(worths) < 0:
        return None
    found = [truth(text_of(option.html)) for option in ask.options]
    if set(found) != {True, False} and (named or not item.kind):
        found = [_truth_of(option) if not text_of(option.html) or named else None for option in ask.options]
    if set(found) != {True, False} or not (named or _is_spoken(ask)):
        return None
    right = found[0] if worths[0] == 1 else found[1]
    feedback = {
        truth_: beside([option.feedback_html, text])
        for truth_, option, text in zip(found, ask.options, told, strict=True)
    }
    return {"answer": right, "feedback_true_html": feedback[True], "feedback_false_html": feedback[False]}


def _truth_of(option: Option) -> bool | None:
    """Right or wrong, by the word of an option in another language, else by its name (`true`, `q1_true`)."""
    word = text_of(option.html).strip().casefold()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    last = re.split(r"[_.:-]", option.id)[-1]
    named = last if truth(last) is not None else option.id
    return truth(named) if len(named) > 1 or named.casefold() in {"t", "f", "1", "0"} else None


def _is_spoken(ask: Ask) -> bool:
    words = {text_of(option.html).strip().casefold() for option in ask.options}
    return words in ({"true", "false"}, {"对", "错"}, {"正确", "错误"})


def _several(item: Item, ask: Ask, trial: Trial) -> Content:
    """Weights of options of which several are right: each its own where they add up, else equal shares."""
    alone = {option.id: trial.score([option.id]) for option in ask.options}
    right = [option.id for option in ask.options if option.id in set(ask.right)]
    right = right or [ident for ident, score in alone.items() if score > 0]
    if not right:
        raise Refused(_("No option is marked as right."))
    best = trial.score(right)
    gains = [ident for ident, score in alone.items() if score > 0]
    if gains and set(gains) != set(right) and trial.score(gains) > best:
        right, best = gains, trial.score(gains)
    if best <= 0:
        raise Refused(_("The right options can't be told from the rules of the file."))
    trial.check_top(best)
    if item.own:
        worths = {ident: share(score, Fraction(1)) for ident, score in alone.items()}
        return _weighed(item, ask, trial, worths)
    idle = trial.score([])
    if 0 < idle < best:
        item.warn(_("Wrong options that are left out earn marks in the file; here they cost marks when chosen."))
        return _weighed(item, ask, trial, _above(idle, best, right, trial, list(alone)))
    adds_up = all(alone[ident] > 0 for ident in right) and sum(alone[ident] for ident in right) == best
    worths = {ident: share(alone[ident], best) if adds_up else Fraction(0) for ident in alone}
    if not adds_up:
        worths |= dict.fromkeys(right, Fraction(1, len(right)))
        _tell_of_shares(item, trial, right, alone)
    elif len({alone[ident] for ident in right}) > 1:
        worths |= _even(right, {ident: worths[ident] for ident in right})
    if adds_up:
        wrong = [ident for ident in alone if ident not in right]
        lost = {ident: trial.score([*right, ident]) - best for ident in wrong}
        if len(right) > 1 or any(-best < one < 0 for one in lost.values()):
            worths |= {ident: max(share(min(alone[ident], lost[ident]), best), Fraction(-1)) for ident in wrong}
    if len(right) == 1 and any(trial.score([*right, other]) > best for other in alone if other not in right):
        raise Refused(_("The right options can't be told from the rules of the file."))
    return _weighed(item, ask, trial, worths)


def _tell_of_shares(item: Item, trial: Trial, right: Sequence[str], alone: Mapping[str, Fraction]) -> None:
    """Where parts earn by themselves, but do not add up to the whole, equal shares are another measure."""
    earning = next((ident for ident in right if alone[ident] > 0), None)
    if earning is None:
        return
    item.warn(_("Every part earns an equal share here; the file weighs them differently."))
    if any(trial.score([earning, other]) < alone[earning] for other in alone if other not in right):
        item.warn(_("Wrong choices cost marks in the file, but not here."))


def _above(
    idle: Fraction, best: Fraction, right: Sequence[str], trial: Trial, idents: Sequence[str]
) -> dict[str, Fraction]:
    """What choosing each option changes, where already choosing none earns something."""
    worths = {ident: trial.score([ident]) - idle for ident in idents}
    whole = best - idle
    if any(worths[ident] <= 0 for ident in right) or sum(worths[ident] for ident in right) != whole:
        raise Refused(_("The right options can't be told from the rules of the file."))
    return {ident: max(share(worth, whole), Fraction(-1)) for ident, worth in worths.items()}


def _weighed(item: Item, ask: Ask, trial: Trial, worths: Mapping[str, Fraction]) -> Content:
    options = [
        {
            "html": option.html,
            "fraction": str(worths[option.id]),
            "feedback_html": beside([option.feedback_html, trial.told_of(option.id, ask.right)]),
        }
        for option in ask.options
    ]
    negative = item.below_zero and (item.own or any(worth < 0 for worth in worths.values()))
    return {"options": options, **({"negative": True} if negative else {})}


def _even(right: Sequence[str], worths: dict[str, Fraction]) -> dict[str, Fraction]:
    """Shares that were rounded to add up to a hundred (33.33, 33.33, 33.34) are equal ones."""
    equal = Fraction(1, len(right))
    close = all(abs(worth - equal) <= Fraction(1, 5000) for worth in worths.values())
    return dict.fromkeys(right, equal) if close else worths


def _text(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    kind = "numerical" if ask.sort == "number" else "short_answer"
    return kind, {"answers": _answers(item, ask, trial)}


def _boxes(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    """Several fields for as many answers, in any order."""
    count = len(ask.typed)
    if count != ask.details["boxes"] or count > LARGEST_GROUP:
        raise Refused(_("Several fields that share other answers than one each have no counterpart here."))
    return "fill_in", {"blanks": [{"answers": [one.answer]} for one in ask.typed], "unordered": [list(range(count))]}


def _answers(item: Item, ask: Ask, trial: Trial) -> list[dict[str, Any]]:
    if not ask.typed:
        raise Refused(_("No accepted answer is given."))
    if ask.details.get("all_accepted"):
        return [dict(typed.answer) for typed in ask.typed]
    if item.own:
        return _own_answers(item, ask, trial)
    scores = [trial.score([typed.sample]) for typed in ask.typed]
    best = max(scores)
    if best <= 0:
        raise Refused(_("No accepted answer is worth any marks."))
    if trial.score([_no_answer(ask)]) >= best:
        raise Refused(_("By the rules of the file any other answer earns as much."))
    trial.check_top(best)
    wrong = trial.told([_no_answer(ask)])
    answers = []
    for typed, score in zip(ask.typed, scores, strict=True):
        told = trial.told([typed.sample])
        if score > 0 or told not in {"", wrong}:
            worth = max(share(score, best), Fraction(0))
            answers.append({**typed.answer, "fraction": str(worth), "feedback_html": told})
    answers = _without_doubles(item, answers)
    if wrong:
        answers.append({"text": "*", "wildcards": True, "fraction": "0", "feedback_html": wrong})
    return answers


def _no_answer(ask: Ask) -> str:
    """What nobody would accept: more than any number of the file, or a sign that no text has."""
    return "987654321987654321" if ask.sort == "number" else "\ue002"


def _own_answers(item: Item, ask: Ask, trial: Trial) -> list[dict[str, Any]]:
    """Answers of a field that was written here: each has feedback by its number."""
    worths = ask.details.get("worths") or [str(share(trial.score([one.sample]), Fraction(1))) for one in ask.typed]
    told = {ident.partition(" ")[2]: ident for ident in item.feedback if ident.startswith(f"{_feedback_of(ask.id)} ")}
    item.used.update(told.values())
    texts = {key: item.feedback[ident] for key, ident in told.items()}
    answers = [
        {**one.answer, "fraction": worth, "feedback_html": texts.pop(f"a{number}", "")}
        for number, (one, worth) in enumerate(zip(ask.typed, worths, strict=True), 1)
    ]
    if "rest" in texts or ask.details.get("rest"):
        rest = {"text": "*", "wildcards": True, "fraction": "0", "feedback_html": texts.get("rest", "")}
        answers.append(rest)
    return answers


def _feedback_of(response: str) -> str:
    """The outcome that shows the feedback to a response of ours."""
    question, mark, number = response.rpartition("_R")
    return f"{question}_F{number}" if mark else f"FEEDBACK{response.removeprefix('RESPONSE') or '1'}"


def _without_doubles(item: Item, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts that are the same here once, at the most that one of them is worth."""
    kept: dict[str, dict[str, Any]] = {}
    for answer in answers:
        key = folded(answer["text"]) if "text" in answer and not answer.get("wildcards") else str(answer)
        other = kept.setdefault(key, answer)
        if other["fraction"] != answer["fraction"]:
            item.warn(_("Capitals count in the file, but not here."))
            if Fraction(answer["fraction"]) > Fraction(other["fraction"]):
                kept[key] = answer
    return list(kept.values())


def _essay(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    return "essay", _by_hand(item, ask)


def _upload(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    return "file_upload", _by_hand(item, ask)


def _by_hand(item: Item, ask: Ask) -> Content:
    """What the marker is given, without what is known of where a thing asked stands."""
    wanted = {name: value for name, value in ask.details.items() if name != "inside"}
    return {**wanted, **item.by_hand, **({"marker_html": item.marker_html} if item.marker_html else {})}


def _order(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    by_id = {option.id: option for option in ask.options}
    if len(ask.right) != len(by_id) or set(ask.right) != set(by_id):
        raise Refused(_("The right order does not name every item once."))
    scoring = ask.details.get("scoring") or "all_or_nothing"
    if trial.score(ask.right) <= 0:
        raise Refused(_("The right order earns nothing by the rules of the file."))
    swapped = [*ask.right[1::-1], *ask.right[2:]]
    if "scoring" not in ask.details and trial.score(swapped) > 0:
        scoring = "per_place"
        full, count = trial.score(ask.right), len(ask.right)
        if trial.score(swapped) * count == full * (count - 2) and not trial.score([*ask.right[1:], ask.right[0]]):
            return "ordering", {"items": [{"html": by_id[ident].html} for ident in ask.right], "scoring": scoring}
        item.warn(_("Orders that are partly right earn a share per place here; the file counts in its own way."))
    elif "scoring" not in ask.details and any(trial.score(other) > 0 for other in _nearly(ask.right)):
        item.warn(_("Some orders that are partly right earn marks in the file, but not here."))
    return "ordering", {"items": [{"html": by_id[ident].html} for ident in ask.right], "scoring": scoring}


def _nearly(right: Sequence[str]) -> list[list[str]]:
    """The right order with two items in each other's place."""
    found = []
    for one in range(min(len(right), MOST_TRIED)):
        for other in range(one + 1, min(len(right), MOST_TRIED)):
            order = list(right)
            order[one], order[other] = order[other], order[one]
            found.append(order)
    return found


def _matches(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    """Prompts that each have a choice of their own, by response: the matching of QTI 1.2."""
    prompts: list[Ask] = ask.details["prompts"]
    matched: list[dict[str, str]] = []
    used: set[str] = set()
    others: dict[str, None] = {}
    scores = []
    for prompt in prompts:
        html = {option.id: option.html for option in prompt.options}
        right = prompt.right[0]
        scores.append(item.rules.verdict({prompt.id: [right]}).score)
        matched.append({"html": prompt.prompt_html, "match_html": html[right]})
        used.add(html[right])
        others |= dict.fromkeys(html.values())
    if (
        len({share(score, Fraction(max(scores) or 1)) for score in scores if score}) > 1
        or 0 in scores[1:] != scores[:1]
    ):
        item.warn(_("Every part earns an equal share here; the file weighs them differently."))
    distractors = [{"html": text} for text in others if text not in used and text]
    return "matching", {"pairs": matched, **({"distractors": distractors} if distractors else {})}


def _hottext(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    content = _several(item, replace(ask, multiple=True), trial) if ask.multiple else _choice(item, ask, trial)[1]
    right = {Fraction(option["fraction"]) for option in content["options"]} - {Fraction(0)}
    if any(worth > 0 for worth in right) and len([worth for worth in right if worth > 0]) > 1:
        item.warn(_("Every part earns an equal share here; the file weighs them differently."))
    if ask.multiple and len(ask.right) > 1 and not any(trial.score([one]) for one in ask.right):
        item.warn(_("Every part earns its share here; in the file only the whole answer earns."))
    elif ask.multiple and not item.own and _costs_otherwise(ask, trial):
        item.warn(_("A wrong piece takes back as much as a right one earns here; the file counts it otherwise."))
    segments = [
        {"html": one["html"], "right": Fraction(one["fraction"]) > 0, "feedback_html": one["feedback_html"]}
        for one in content["options"]
    ]
    return "select_text", {"segments": segments}


def _costs_otherwise(ask: Ask, trial: Trial) -> bool:
    """Whether some wrong piece takes back another share in the file than here: a right one's, down to nothing."""
    best, count = trial.score(ask.right), len(ask.right)
    wrong = [option.id for option in ask.options if option.id not in ask.right]
    return any(trial.score([*ask.right, one]) * count != best * (count - 1) for one in wrong)
