"""Questions that are nearly the same: MinHash signatures in bands, so that a look-up costs the same in any bank.

A. Broder, *On the resemblance and containment of documents*, 1997; banding as in Leskovec, Rajaraman, Ullman, *Mining
of Massive Datasets*, 2014, chapter 3. Two questions of which a share s of shingles is common meet in one of the bands
with the probability 1 - (1 - s^3)^12: 0.95 at 0.6, 0.99 at 0.7. What meets is then compared exactly. Likeness is shown
to people and decides nothing: "must not persist" is very like "must persist".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from sqlalchemy import delete, insert, select

from learnhub.kernel.db import db
from question_bank.finding.models import QuestionBand, QuestionText
from question_bank.finding.texts import shingles_of
from question_bank.models import Question

BANDS, ROWS = 12, 3
LIKE = Fraction(3, 5)
"""From this share of common shingles on, two questions count as nearly the same."""
MOST_SHOWN = 5
"""Like questions that are shown for one."""
MOST_COMPARED = 200
"""Candidates of one question that are compared; what is like more than that is like everything."""
CHUNK = 400
_PRIME = (1 << 61) - 1
_random = np.random.default_rng(20261129)
_FACTORS = _random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
_SHIFTS = _random.integers(0, 1 << 62, BANDS * ROWS, dtype=np.uint64)


@dataclass(frozen=True)
class Like:
    """A question of the bank and the share of shingles (0 to 1) that it has in common with the one looked for."""

    question_id: int
    share: Fraction


def bands_of(words: str) -> list[int]:
    """The signed 63-bit numbers by which a text is met, one for each band; none for a text without letters."""
    shingles = shingles_of(words)
    if not shingles:
        return []
    hashed = np.array([_hash(shingle) for shingle in shingles], dtype=np.uint64)
    mixed = hashed[:, None] * _FACTORS[None, :] + _SHIFTS[None, :]
    mixed ^= mixed >> np.uint64(29)
    least = mixed.min(axis=0).reshape(BANDS, ROWS)
    return [_band(number, row.tobytes()) for number, row in enumerate(least)]


@lru_cache(maxsize=200_000)
def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=7).digest())


def _band(number: int, rows: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(bytes([number]) + rows, digest_size=8).digest()) >> 1


def add(bank_id: int, rows: Sequence[tuple[int, Sequence[int]]]) -> None:
    """Make new questions (id, bands) of a bank findable by likeness."""
    bands = [
        {"bank_id": bank_id, "band": band, "question_id": question_id}
        for question_id, met_by in rows
        for band in met_by
    ]
    if bands:
        db.session.execute(insert(QuestionBand.__table__), bands)  # type: ignore[arg-type]


def forget(question_ids: Sequence[int]) -> None:
    """Take questions out of the index."""
    db.session.execute(delete(QuestionBand).where(QuestionBand.question_id.in_(list(question_ids))))


def like(bank_id: int, wanted: Mapping[int, str], least: Fraction = LIKE) -> dict[int, list[Like]]:
    """For each text (by any number of the caller's) the questions of the bank that are nearly the same, likest first.

    A few statements for every hundred texts, whatever the size of the bank. A question that is wanted under its own
    id is not like itself.
    """
    found: dict[int, list[Like]] = {}
    numbers = list(wanted)
    for start in range(0, len(numbers), CHUNK // 4):
        chunk = numbers[start : start + CHUNK // 4]
        met = _met(bank_id, {number: bands_of(wanted[number]) for number in chunk})
        words = _words_of({question_id for ids in met.values() for question_id in ids})
        cut = {question_id: shingles_of(text) for question_id, text in words.items()}
        for number, ids in met.items():
            own = shingles_of(wanted[number])
            near = [Like(one, share(own, cut[one])) for one in ids if one in cut and one != number]
            near = sorted((one for one in near if one.share >= least), key=lambda one: (-one.share, one.question_id))
            if near:
                found[number] = near[:MOST_SHOWN]
    return found


def share(one: set[str], other: set[str]) -> Fraction:
    """The Jaccard index: the share of common shingles among all."""
    common = len(one & other)
    union = len(one) + len(other) - common
    return Fraction(common, union) if union else Fraction(0)


def _met(bank_id: int, bands: Mapping[int, list[int]]) -> dict[int, list[int]]:
    wanted_by: dict[int, list[int]] = {}
    for number, own in bands.items():
        for band in own:
            wanted_by.setdefault(band, []).append(number)
    met: dict[int, dict[int, int]] = {number: {} for number in bands}
    keys = sorted(wanted_by)
    for start in range(0, len(keys), CHUNK):
        query = select(QuestionBand.band, QuestionBand.question_id).where(
            QuestionBand.bank_id == bank_id, QuestionBand.band.in_(keys[start : start + CHUNK])
        )
        for band, question_id in db.session.execute(query):
            for number in wanted_by[band]:
                met[number][question_id] = met[number].get(question_id, 0) + 1
    return {
        number: sorted(counts, key=lambda one: (-counts[one], one))[:MOST_COMPARED] for number, counts in met.items()
    }


def _words_of(question_ids: set[int]) -> dict[int, str]:
    """What the questions say; those that an undone import left are not in the bank any more."""
    words: dict[int, str] = {}
    ids = sorted(question_ids)
    for start in range(0, len(ids), CHUNK):
        query = (
            select(QuestionText.question_id, QuestionText.words)
            .join(Question, Question.id == QuestionText.question_id)
            .where(QuestionText.question_id.in_(ids[start : start + CHUNK]), Question.fingerprint != "")
        )
        words.update((question_id, text) for question_id, text in db.session.execute(query))
    return words
