"""Texts of one file that are nearly the same, found as those of a bank are: by bands, then compared exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping

from question_bank.finding.likeness import LIKE, MOST_COMPARED, Like, bands_of, share
from question_bank.finding.texts import shingles_of


def like_before(wanted: Mapping[int, str], aside: Container[int] = ()) -> dict[int, Like]:
    """For each text that is nearly the same as one before it, the likest of those, by its number.

    Texts with a number in `aside` are like others, but nothing is told to be like them.
    """
    met: dict[int, list[int]] = {}
    cut: dict[int, set[str]] = {}
    found: dict[int, Like] = {}
    for number, words in wanted.items():
        bands, own = sorted(set(bands_of(words))), shingles_of(words)
        before = Counter(one for band in bands for one in met.get(band, ()))
        near = _likest(own, {one: cut[one] for one, _count in before.most_common(MOST_COMPARED)})
        if near is not None:
            found[number] = near
        if number not in aside:
            cut[number] = own
            for band in bands:
                met.setdefault(band, []).append(number)
    return found


def _likest(own: set[str], before: Mapping[int, set[str]]) -> Like | None:
    """The likest of some texts, by their shingles; lengths alone rule many of them out."""
    near = [Like(one, share(own, other)) for one, other in before.items() if _may_be_like(own, other)]
    return max(near, key=lambda one: (one.share, -one.question_id), default=None)


def _may_be_like(own: set[str], other: set[str]) -> bool:
    """Whether the share of common shingles is LIKE at least, in whole numbers: c / (a + b - c) >= n / d."""
    n, d = LIKE.numerator, LIKE.denominator
    a, b = len(own), len(other)
    return d * min(a, b) >= n * max(a, b) and (n + d) * len(own & other) >= n * (a + b)
