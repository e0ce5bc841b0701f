"""Ordering: items are put into their right order; five ways to mark what is partly right."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.accepted import correctness_of
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    Content,
    Correctness,
    Outcome,
    Response,
    as_object,
    first,
    need_list,
    new_key,
    rich,
)

MOST_ITEMS = 30
SCORINGS = ("all_or_nothing", "per_place", "adjacent_pairs", "longest_sequence", "exact")
"""The ways to mark, of n items: everything or nothing; the share of items at their own place; the share of the n - 1
right neighbours that stand next to each other in order; the longest sequence in right order, if longer than one, as
a share of n; the items from the first on until one stands wrong, as a share of n."""


class Ordering:
    """Content: `{"items": [{"key", "html"}], "scoring": "per_place"}`, items in their right order.

    Response: `{"places": {key: place from 1}}`, keys sorted (their order must not tell the right one); the API may
    send `{"order": [key, …]}` instead. Two items may be given the same place while the member is at work: neither is
    right then. Form fields: `place-KEY`.
    """

    name = "ordering"
    label = _("Ordering")

    def validate(self, content: Content) -> None:
        items = need_list(content, "items", 2, MOST_ITEMS)
        texts = [item.get("html") for item in items]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise Refused(_("An item has no text."))
        if len(set(texts)) < len(texts):
            raise Refused(_("Two items are the same, so their order can't be told."))
        if content.get("scoring", "per_place") not in SCORINGS:
            raise Refused(_("There is no such way to mark an order."))

    def prepare(self, content: Content) -> Content:
        taken: set[str] = set()
        return {
            "items": [{"key": new_key(taken), "html": rich(item["html"])} for item in content["items"]],
            "scoring": content.get("scoring", "per_place"),
        }

    def option_keys(self, content: Content) -> list[str]:
        """Keys in an order that tells nothing: they are random, and sorted. By chance it is the right one."""
        return sorted(item["key"] for item in content["items"])

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        html = {item["key"]: item["html"] for item in content["items"]}
        shown = [key for key in order or self.option_keys(content) if key in html]
        return {"items": [{"key": key, "html": html[key]} for key in shown]}

    def clean_response(self, content: Content, raw: Any) -> Response:
        found = as_object(raw, "places", "order")
        known = [item["key"] for item in content["items"]]
        places = found.get("places")
        if places is None:
            order = found.get("order")
            if order is None:
                return {}
            if not isinstance(order, list) or not all(isinstance(key, str) for key in order):
                raise Refused(_("This is not an answer to this question."))
            if len(set(order)) != len(order):
                raise Refused(_("This is not an answer to this question."))
            places = {key: place for place, key in enumerate(order, 1)}
        if not isinstance(places, dict) or set(places) - set(known):
            raise Refused(_("This option does not belong to the question."))
        kept = {key: _place(places[key], len(known)) for key in sorted(known) if places.get(key) not in (None, "")}
        return {"places": kept} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        given = {item["key"]: first(fields, f"place-{item['key']}") for item in content["items"]}
        return self.clean_response(content, {"places": given})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        places = response.get("places")
        if not places:
            return BLANK_OUTCOME
        keys = [item["key"] for item in content["items"]]
        at = [places.get(key) for key in keys]
        own = [place if place is not None and at.count(place) == 1 else None for place in at]
        value = score(own, content.get("scoring", "per_place"))
        parts = [_part(key, given, own[n] == n + 1) for n, (key, given) in enumerate(zip(keys, at, strict=True))]
        return Outcome(value, correctness_of(value), parts)

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [{"key": item["key"], "html": item["html"], "place": n} for n, item in enumerate(content["items"], 1)]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def score(places: Sequence[int | None], scoring: str) -> Fraction:
    """The share of the mark for items in their right order that were put at these places (None: at none)."""
    count = len(places)
    right = [place == n for n, place in enumerate(places, 1)]
    if scoring == "all_or_nothing":
        return Fraction(int(all(right)))
    if scoring == "per_place":
        return Fraction(sum(right), count)
    if scoring == "adjacent_pairs":
        return Fraction(
            sum(1 for a, b in pairwise(places) if a is not None and b is not None and b == a + 1), count - 1
        )
    if scoring == "longest_sequence":
        longest = _longest_rising([place for place in places if place is not None])
        return Fraction(longest if longest > 1 else 0, count)
    return Fraction(next((n for n, is_right in enumerate(right) if not is_right), count), count)


def _longest_rising(places: Sequence[int]) -> int:
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _place(raw: Any, count: int) -> int:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= 3:
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or not 1 <= raw <= count:
        raise Refused(_("A place lies between 1 and %(n)s.", n=count))
    return raw


def _part(key: str, given: int | None, is_right: bool) -> dict[str, Any]:
    verdict = Correctness.BLANK if given is None else Correctness.RIGHT if is_right else Correctness.WRONG
    return {"key": key, "correctness": verdict.value, "fraction": "1" if is_right else "0", "feedback_html": ""}


KIND = Ordering()
