"""Scores and feedback of an item found by trying responses on its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.items import Ask, Item
from question_bank.formats.qti.texts import beside
from question_bank.fractions import from_percent

NOT_AS_DECLARED = _(
    "The rules of the file give most for another answer than it declares as right; the rules count here."
)
_ALWAYS = ("general_fb",)
_ON_RIGHT = ("correct_fb",)
_ON_WRONG = ("general_incorrect_fb", "incorrect_fb")


def share(score: Fraction, whole: Fraction) -> Fraction:
    """A score as a share of the whole; one within rounding of a simple ratio is that ratio."""
    exact = score / whole
    percent = exact * 100
    if percent.denominator == 1 or abs(exact) > 1:
        return exact
    shown = Decimal(percent.numerator) / Decimal(percent.denominator)
    if Fraction(shown) != percent:
        return exact
    try:
        return from_percent(format(shown.normalize(), "f"))
    except Refused:
        return exact


class Trial:
    """Responses to one thing asked, tried on the rules of its item while `others` are answered rightly."""

    def __init__(self, item: Item, ask: Ask | None, others: Sequence[Ask] = ()) -> None:
        self._item = item
        self._ask = ask
        self._rest = {other.id: list(right_of(other)) for other in others if other is not ask}
        self._base = item.rules.verdict(self._rest).score if self._rest and ask is not None else Fraction(0)

    def score(self, values: Sequence[str]) -> Fraction:
        """What answering with these values adds to the score."""
        return self._item.rules.verdict(self._responses(values)).score - self._base

    def worth(self) -> Fraction:
        """What the right answer adds."""
        return self.score(list(right_of(self._ask))) if self._ask is not None else Fraction(0)

    def check_top(self, best: Fraction) -> None:
        """Warn when the file promises more than the best answer earns, for whatever reason."""
        top = self._item.top
        if (
            top is not None
            and not self._item.own
            and len(self._item.asks) < 2
            and top > 0
            and abs(best - top) > top / 100
            and 100 not in {top, best}
        ):
            self._item.warn(
                _(
                    "The best answer earns %(best)s of %(top)s in the file; here it earns the full mark.",
                    best=f"{float(best):g}",
                    top=f"{float(top):g}",
                )
            )

    def told(self, values: Sequence[str]) -> str:
        """The feedback to these values that not everybody is shown."""
        if not self._item.feedback:
            return ""
        told = set(self._item.rules.verdict(self._responses(values)).told)
        if self._rest:
            told -= self._item.rules.verdict(self._responses([])).told | set(_ON_RIGHT)
            told -= self._item.rules.verdict(self._all_right()).told
        else:
            told |= self._by_custom(values)
        return self._texts(told | {f"{value}_fb" for value in values})

    def told_of(self, option: str, right: Sequence[str]) -> str:
        """The feedback to one option of several: what is told both when it is chosen alone and beside the right ones.

        So what is told because another one is missing, or because only a part is right, is none of the option.
        """
        if not self._item.feedback:
            return ""
        told = set(self._item.rules.verdict(self._responses([option])).told)
        told &= self._item.rules.verdict(self._responses([*right, *([] if option in right else [option])])).told
        told -= self._item.rules.verdict(self._responses([])).told | set(_ON_RIGHT)
        told -= self._item.rules.verdict(self._all_right()).told if self._rest else set()
        return self._texts(told | {f"{option}_fb"})

    def _texts(self, told: set[str]) -> str:
        told -= _always(self._item)
        found = {ident: text for ident, text in self._item.feedback.items() if ident in told}
        self._item.used.update(found)
        return beside(found.values())

    def _all_right(self) -> dict[str, Sequence[str]]:
        return self._responses(list(right_of(self._ask)) if self._ask is not None else [])

    def _by_custom(self, values: Sequence[str]) -> set[str]:
        """Feedback that no rule shows, but its name says when."""
        linked = self._item.linked
        names = _ON_RIGHT if self._is_right(values) else _ON_WRONG
        return {name for name in names if name not in linked}

    def _is_right(self, values: Sequence[str]) -> bool:
        top = self._item.top
        score = self.score(values)
        return score > 0 and (top is None or abs(score - top) <= top / 100)

    def _responses(self, values: Sequence[str]) -> dict[str, Sequence[str]]:
        responses: dict[str, Sequence[str]] = dict(self._rest)
        if self._ask is not None and values:
            responses[self._ask.id] = list(values)
        return responses


def right_of(ask: Ask) -> Sequence[str]:
    """The right response to a thing asked."""
    if ask.right:
        return ask.right if ask.multiple or ask.sort not in {"choice", "inline", "text", "number"} else ask.right[:1]
    return [ask.typed[0].sample] if ask.typed else []


def best_first(item: Item, ask: Ask) -> None:
    """Put the answer first that the rules give the most for: a file may list answers that are worth a part first."""
    others = {other.id: list(right_of(other)) for other in item.asks if other is not ask and right_of(other)}

    def scores(values: Sequence[str]) -> dict[str, Fraction]:
        alone = {value: item.rules.verdict({ask.id: [value]}).score for value in values}
        if any(alone.values()):
            return alone
        return {value: item.rules.verdict({**others, ask.id: [value]}).score for value in values}

    if len(ask.typed) > 1:
        found = scores([typed.sample for typed in ask.typed])
        ask.typed.sort(key=lambda typed: -found[typed.sample])
    elif not ask.multiple and ask.sort in {"choice", "inline", "hottext"}:
        found = scores(ask.right or [option.id for option in ask.options])
        ask.right = sorted(found, key=lambda value: -found[value]) if any(found.values()) else ask.right
    elif ask.sort in {"choice", "hottext"}:
        _gaining(item, ask, others)


def _gaining(item: Item, ask: Ask, others: Mapping[str, Sequence[str]]) -> None:
    """Take the options that earn something by themselves where what is declared as right earns less or is no option."""

    def score(values: Sequence[str]) -> Fraction:
        return item.rules.verdict({**others, **({ask.id: values} if values else {})}).score

    idle = score([])
    gains = [option.id for option in ask.options if score([option.id]) > idle]
    if gains and score(gains) > max(score(ask.right), idle):
        if ask.right:
            item.warn(NOT_AS_DECLARED)
        ask.right = gains


def best_score(item: Item) -> Fraction:
    """What an item earns at most, as far as its right answers tell; a text that counts once is typed once."""
    together: dict[str, Sequence[str]] = {ask.id: list(right_of(ask)) for ask in item.asks if right_of(ask)}
    chosen: dict[str, Sequence[str]] = {}
    for ask in item.asks:
        answers = [[typed.sample] for typed in ask.typed] or [list(right_of(ask))]
        scores = [item.rules.verdict({**chosen, ask.id: answer}).score for answer in answers]
        chosen[ask.id] = answers[scores.index(max(scores))]
    return max(item.rules.verdict(together).score, item.rules.verdict(chosen).score)


def _always(item: Item) -> frozenset[str]:
    """Feedback that a blank response and a right one and every option alone are shown."""
    found: frozenset[str] | None = None
    for responses in _probes(item):
        told = item.rules.verdict(responses).told
        found = told if found is None else found & told
    return (found or frozenset()) | {name for name in _ALWAYS if name not in item.linked}


def _probes(item: Item) -> list[dict[str, list[str]]]:
    probes: list[dict[str, list[str]]] = [{}]
    probes.append({ask.id: list(right_of(ask)) for ask in item.asks if right_of(ask)})
    if len(item.asks) == 1:
        probes += [{item.asks[0].id: [option.id]} for option in item.asks[0].options]
    return probes


def told_always(item: Item) -> list[str]:
    """The texts of the feedback that everybody is shown."""
    if not item.feedback:
        return []
    everybody = _always(item)
    item.used.update(everybody)
    return [text for ident, text in item.feedback.items() if ident in everybody]
