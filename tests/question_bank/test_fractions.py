"""Weights stay exact, and percentages near a simple ratio are that ratio."""

from __future__ import annotations

from fractions import Fraction

import pytest

from learnhub.kernel.errors import Refused
from question_bank.fractions import fraction, from_percent


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("33.33333", "1/3"),
        ("33.333", "1/3"),
        ("66.667", "2/3"),
        ("66.66667", "2/3"),
        ("16.667", "1/6"),
        ("16.66667", "1/6"),
        ("14.28571", "1/7"),
        ("11.11111", "1/9"),
        ("83.33333", "5/6"),
        ("-33.33333", "-1/3"),
        ("50", "1/2"),
        ("12.5", "1/8"),
        ("100", "1"),
        ("0", "0"),
        ("33", "33/100"),
        ("37.4", "187/500"),
        ("33,33333", "1/3"),
    ],
)
def test_a_percentage_is_the_ratio_it_was_rounded_from(text: str, value: str) -> None:
    assert from_percent(text) == Fraction(value)


def test_three_thirds_are_full_marks() -> None:
    assert sum(from_percent("33.33333") for _n in range(3)) == 1


@pytest.mark.parametrize("text", ["", "1/0", "1/00", "nan", "1e5", "--1", "½", "1/2/3", "9" * 30])
def test_what_is_no_fraction_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        fraction(text)


@pytest.mark.parametrize("text", ["", "abc", "150", "-101", "1e1"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        from_percent(text)
