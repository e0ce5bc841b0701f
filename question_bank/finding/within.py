"""Texts of one file that are nearly the same, found as those of a bank are: by bands, then compared exactly."""

from __future__ import annotations

from collections.abc import Container, Mapping

from question_bank.finding.likeness import LIKE, MOST_COMPARED, Like, bands_of, share
from question_bank.finding.texts import shingles_of


def like_before(wanted: Mapping[int, str], aside: Container[int] = ()) -> dict[int, Like]:
    """For each text that is nearly the same as one before it, the likest of those, by its number.

    Texts with a number in `aside` are like others, but nothing is told to be like them.
    """
    met: dict[int, list[int]] = {}
    found: dict[int, Like] = {}
    for number, words in wanted.items():
        bands = sorted(set(bands_of(words)))
        before = dict.fromkeys(one for band in bands for one in met.get(band, ()))
        near = _likest(words, list(before)[:MOST_COMPARED], wanted)
        if near is not None:
            found[number] = near
        for band in bands if number not in aside else ():
            met.setdefault(band, []).append(number)
    return found


def _likest(words: str, before: list[int], wanted: Mapping[int, str]) -> Like | None:
    own = shingles_of(words)
    near = [Like(one, share(own, shingles_of(wanted[one]))) for one in before]
    return max((one for one in near if one.share >= LIKE), key=lambda one: (one.share, -one.question_id), default=None)
