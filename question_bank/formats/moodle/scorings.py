"""How Moodle marks an order, and the ways to do it that come nearest here."""

from __future__ import annotations

_SCORINGS = {
    "-1": "all_or_nothing",
    "all_or_nothing": "all_or_nothing",
    "0": "per_place",
    "absolute_position": "per_place",
    "1": "adjacent_pairs",
    "relative_next_exclude_last": "adjacent_pairs",
    "5": "longest_sequence",
    "longest_ordered_subset": "longest_sequence",
}
SCORING_NUMBERS = {"all_or_nothing": -1, "per_place": 0, "adjacent_pairs": 1, "longest_sequence": 5}
"""How the ways to mark an order are numbered there."""
_NEAREST = {
    "2": "adjacent_pairs",
    "relative_next_include_last": "adjacent_pairs",
    "3": "adjacent_pairs",
    "relative_one_previous_and_next": "adjacent_pairs",
    "4": "adjacent_pairs",
    "relative_all_previous_and_next": "adjacent_pairs",
    "6": "longest_sequence",
    "longest_contiguous_subset": "longest_sequence",
    "7": "per_place",
    "relative_to_correct": "per_place",
}
"""Ways to mark an order that have no equal here, and what comes nearest."""


def scoring_of(name: str) -> tuple[str, bool]:
    """The way to mark that Moodle calls so, and whether it is the same here; without a name, place by place."""
    name = name.casefold() or "0"
    return _SCORINGS.get(name) or _NEAREST.get(name, "per_place"), name in _SCORINGS
