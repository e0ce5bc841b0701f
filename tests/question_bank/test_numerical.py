"""Numbers as people type them: tolerances, units and significant figures, exact to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank import marking, quantities
from question_bank.authoring import QuestionDraft
from question_bank.fingerprints import fingerprint
from question_bank.kinds import kind

NUMERICAL = kind("numerical")
METRES = [
    {"unit": "m", "factor": "1"},
    {"unit": "cm", "factor": "0.01"},
    {"unit": "km", "factor": "1000"},
    {"unit": "mm", "factor": "1/1000"},
]
FACTORS = quantities.factors(METRES)
DECIMALS = st.decimals(Decimal(-10_000), Decimal(10_000), allow_nan=False, places=4)
SIZES = st.decimals(Decimal("0.0001"), Decimal(100), allow_nan=False, places=4)


def content(value: str = "3.5", **more: Any) -> dict[str, Any]:
    answer = {name: more.pop(name) for name in ("tolerance", "tolerance_kind", "fraction") if name in more}
    found = {"answers": [{"value": value, **answer}], **more}
    NUMERICAL.validate(found)
    return NUMERICAL.prepare(found)


def earned(asked: dict[str, Any], text: str, unit: str = "") -> Fraction:
    response = NUMERICAL.clean_response(asked, {"text": text, **({"unit": unit} if unit else {})})
    return NUMERICAL.mark(asked, response).fraction


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("3.5 cm", "3.5", "cm"),
        ("3,5cm", "3.5", "cm"),
        ("１２．５ｍ", "12.5", "m"),
        ("1.2×10^3 m", "1200", "m"),
        ("1.2×10³m", "1200", "m"),
        ("5·10⁻³ kg", "0.005", "kg"),
        ("1.2e3", "1200", ""),
        ("三点五米", "3.5", "m"),
        ("两千米", "2000", "m"),
        ("三千克", "3", "kg"),
        ("3.5万元", "35000", "元"),
        ("百分之五", "5", "%"),
        ("-5℃", "-5", "°C"),
        ("1,234.5 kg", "1234.5", "kg"),
        ("12 m/s", "12", "m/s"),
        ("9.8 m·s⁻²", "9.8", "m·s-2"),
        ("4 ㎡", "4", "m2"),
        ("9.8米/秒²", "9.8", "m/s2"),
        ("5兆瓦", "5", "MW"),
        ("10 000 m", "10000", "m"),
        ("¥12.50", "12.5", "¥"),
    ],
)
def test_a_number_with_its_unit_is_understood(typed: str, value: str, unit: str) -> None:
    found = quantities.read(typed, ["¥"])
    assert found is not None
    assert (found.value, found.unit) == (Fraction(value), unit)


@pytest.mark.parametrize(
    "typed",
    ["3rd", "第3", "第三米", "3不对", "not 3 m", "不是3米", "3-5 m", "3 m 4", "~3 m", "<3 m", "3.5.2 m", "3²", "m", "",
     "3 or 4 m", "2022-08-01", "一百二米", "3号", "8月"],
)  # fmt: skip
def test_what_is_not_one_quantity_is_none(typed: str) -> None:
    assert quantities.read(typed, ["m"]) is None


def test_capitals_of_a_unit_tell_units_apart() -> None:
    asked = content("3", units=[{"unit": "mW", "factor": "1"}, {"unit": "MW", "factor": "1e9"}])
    assert earned(asked, "3 mW") == 1
    assert earned(asked, "3 MW") == 0
    assert earned(asked, "3 MM") == 0


@given(DECIMALS, st.sampled_from(sorted(FACTORS)))
def test_a_length_is_right_in_every_unit(value: Decimal, unit: str) -> None:
    asked = content(str(value), units=METRES)
    in_unit = Fraction(value) / FACTORS[unit]
    written = f"{in_unit.numerator}/{in_unit.denominator}" if in_unit.denominator > 1 else str(in_unit)
    assert earned(asked, f"{written} {unit}") == 1
    assert earned(asked, wide(f"{written}{unit}")) == 1


@given(DECIMALS, DECIMALS, st.sampled_from(sorted(FACTORS)))
def test_another_length_is_wrong_in_every_unit(value: Decimal, other: Decimal, unit: str) -> None:
    assume(Fraction(other) * FACTORS[unit] != Fraction(value))
    assert earned(content(str(value), units=METRES), f"{other} {unit}") == 0


@given(st.integers(-(10**9), 10**9))
def test_widths_and_thousands_say_the_same(value: int) -> None:
    asked = content(str(value))
    for text in (str(value), f"{value:,}", wide(str(value)), wide(f"{value:,}"), f"{value}.0", f"{value}e0"):
        assert earned(asked, text) == 1, text


@given(DECIMALS, SIZES, st.sampled_from(["absolute", "relative", "geometric"]), DECIMALS)
def test_no_number_outside_its_tolerance_is_right(value: Decimal, size: Decimal, how: str, typed: Decimal) -> None:
    """The oracle is written out by hand, in fractions."""
    v, t, x = Fraction(value), Fraction(size), Fraction(typed)
    ends = {
        "absolute": [v - t, v + t],
        "relative": [v - t * abs(v), v + t * abs(v)],
        "geometric": sorted([v / (1 + t), v * (1 + t)]),
    }[how]
    asked = content(str(value), tolerance=str(size), tolerance_kind=how)
    assert (earned(asked, str(typed)) == 1) == (ends[0] <= x <= ends[1])


@given(st.decimals(0, 10_000, allow_nan=False, places=4), SIZES, st.integers(1, 36))
def test_the_end_of_a_tolerance_is_inside_and_the_next_digit_outside(value: Decimal, size: Decimal, more: int) -> None:
    asked = content(str(value), tolerance=str(size))
    assert earned(asked, str(value + size)) == 1
    assert earned(asked, f"{value + size}{'0' * (more - 1)}1") == 0


def test_a_tolerance_of_sixty_digits_is_compared_to_the_last() -> None:
    asked = content("1", tolerance="0." + "0" * 38 + "1")
    assert earned(asked, "1." + "0" * 38 + "1") == 1
    assert earned(asked, "1." + "0" * 38 + "2") == 0


def test_without_a_penalty_the_unit_may_be_left_out_but_not_be_another() -> None:
    asked = content(units=METRES)
    assert [earned(asked, text) for text in ("3.5", "3.5 m", "350 cm", "3500mm", "三点五米")] == [1] * 5
    assert [earned(asked, text) for text in ("3.5 cm", "3.5 kg", "350", "3.5 不对")] == [0] * 4


def test_a_missing_or_wrong_unit_loses_its_share() -> None:
    asked = content(units=METRES, unit_penalty="1/10")
    assert earned(asked, "350 cm") == 1
    assert [earned(asked, text) for text in ("3.5", "3.5 cm", "3.5 kg")] == [Fraction(9, 10)] * 3
    assert [earned(asked, text) for text in ("4 m", "3.5rd", "第3.5", "不是3.5 m")] == [0] * 4
    part = NUMERICAL.mark(asked, {"text": "3.5"}).parts[0]
    assert (part["lost"], part["correctness"]) == (["unit"], "partly")


def test_a_necessary_unit_is_necessary() -> None:
    asked = content(units=METRES, unit_penalty="1")
    assert [earned(asked, text) for text in ("3.5 m", "3.5", "3.5 kg")] == [1, 0, 0]


def test_a_chosen_unit_counts_like_a_typed_one() -> None:
    asked = content(units=METRES, unit_penalty="1/2", unit_input="choice")
    assert NUMERICAL.public(asked) == {"input": "number", "units": ["m", "cm", "km", "mm"]}
    assert earned(asked, "350", "cm") == 1
    assert earned(asked, "3.5", "cm") == Fraction(1, 2)
    assert earned(asked, "3.5") == Fraction(1, 2)
    assert earned(asked, "350 cm", "cm") == 1
    assert earned(asked, "350 cm", "m") == 0
    fields = {"text": ["350"], "unit": ["cm"]}
    assert NUMERICAL.response_from_fields(asked, fields) == {"text": "350", "unit": "cm"}
    assert NUMERICAL.response_from_fields(asked, {"text": [""], "unit": ["cm"]}) == {}
    with pytest.raises(Refused):
        NUMERICAL.clean_response(asked, {"text": "350", "unit": "stone"})


def test_units_that_are_typed_are_told_to_nobody() -> None:
    assert NUMERICAL.public(content(units=METRES)) == {"input": "number"}
    with pytest.raises(Refused):
        NUMERICAL.clean_response(content(units=METRES), {"text": "3.5", "unit": "m"})


@pytest.mark.parametrize(
    ("written", "found"),
    [("0.0350", (3, 3)), ("1200", (2, 4)), ("1200.", (4, 4)), ("1.20×10^3", (3, 3)), ("-3.14", (3, 3)), ("0", (1, 1)),
     ("三点五", (2, 2)), ("1,200.0", (5, 5)), ("1/3", None), ("abc", None)],
)  # fmt: skip
def test_significant_figures_are_counted(written: str, found: tuple[int, int] | None) -> None:
    assert quantities.figures(written) == found


def test_other_figures_than_asked_lose_their_share() -> None:
    asked = content("0.035", units=METRES, unit_penalty="1/2", significant={"figures": 2, "penalty": "1/10"})
    assert earned(asked, "0.035 m") == 1
    assert earned(asked, "3.5 cm") == 1
    assert earned(asked, "3.50 cm") == Fraction(9, 10)
    assert earned(asked, "0.0350") == Fraction(9, 20)
    assert NUMERICAL.mark(asked, {"text": "0.0350"}).parts[0]["lost"] == ["unit", "figures"]


@given(st.integers(1, 999), st.integers(-6, 6))
def test_a_shifted_point_keeps_the_figures(digits: int, shift: int) -> None:
    assume(digits % 10)
    assert quantities.figures(f"{digits}e{shift}") == (len(str(digits)),) * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"units": [{"unit": "m", "factor": "0"}]},
        {"units": [{"unit": "m", "factor": "-1"}]},
        {"units": [{"unit": "m", "factor": "about one"}]},
        {"units": [{"unit": "m"}, {"unit": "ｍ"}]},
        {"units": [{"unit": "米"}, {"unit": "m"}]},
        {"units": [{"unit": ""}]},
        {"units": [{"unit": "5"}]},
        {"units": ["m"]},
        {"units": "m"},
        {"unit_penalty": "1/10"},
        {"unit_input": "choice"},
        {"units": METRES, "unit_penalty": "2"},
        {"units": METRES, "unit_penalty": "much"},
        {"units": METRES, "unit_input": "guess"},
        {"significant": {"figures": 0}},
        {"significant": {"figures": True}},
        {"significant": 3},
        {"significant": {"figures": 3, "penalty": "-1"}},
        {"tolerance": "-1"},
        {"tolerance": "1", "tolerance_kind": "roughly"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        content(**wrong)


@pytest.mark.parametrize("kind_name", ["fill_in", "cloze"])
def test_blanks_and_parts_know_the_tolerances_too(kind_name: str) -> None:
    answers = [{"value": "100", "tolerance": "0.02", "tolerance_kind": "relative"}]
    found, asked = (
        kind(kind_name),
        {
            "fill_in": {"blanks": [{"answers": answers}]},
            "cloze": {"parts": [{"kind": "numerical", "content": {"answers": answers}}]},
        }[kind_name],
    )
    found.validate(asked)
    asked = found.prepare(asked)

    def response(text: str) -> dict[str, Any]:
        return {"blanks": [text]} if kind_name == "fill_in" else {"parts": {"1": {"text": text}}}

    assert [found.mark(asked, response(text)).fraction for text in ("98", "102", "102.1", "97")] == [1, 1, 0, 0]


def test_the_right_answer_is_told_with_its_tolerance_and_unit() -> None:
    told = [NUMERICAL.right_answer(content("3.14", **more))[0]["text"] for more in (
        {}, {"tolerance": "0.01"}, {"tolerance": "0.025", "tolerance_kind": "relative"},
        {"tolerance": "1", "tolerance_kind": "geometric", "units": METRES},
    )]  # fmt: skip
    assert told == ["3.14", "3.14 ± 0.01", "3.14 ± 2.5%", "3.14 ×÷ 2 m"]


def test_another_tolerance_or_penalty_makes_another_question() -> None:
    made = [content(), content(tolerance="1"), content(tolerance="1", tolerance_kind="relative"), content(units=METRES),
            content(units=METRES, unit_penalty="1"), content(significant={"figures": 2})]  # fmt: skip
    assert len({fingerprint(QuestionDraft("numerical", "How long?", one)) for one in made}) == len(made)


def test_preparing_twice_changes_nothing() -> None:
    made = content(tolerance="1", tolerance_kind="geometric", units=METRES, unit_penalty="0.1", unit_input="choice",
                   significant={"figures": 3, "penalty": "0.5"})  # fmt: skip
    assert NUMERICAL.prepare(made) == made


@given(DECIMALS, st.sampled_from(["1/3", "0.1", "1"]), st.integers(1, 10**6))
def test_g06_a_mark_is_whole_thousandths_whatever_is_taken_off(value: Decimal, penalty: str, full: int) -> None:
    asked = content(str(value), units=METRES, unit_penalty=penalty)
    found = marking.mark("numerical", asked, {"text": str(value)}, full)
    assert type(found.mark) is int
    assert found.mark == marking.round_half_up(full * (1 - Fraction(penalty)))


@given(st.text(max_size=20) | DECIMALS.map(str))
def test_g01_the_same_number_is_marked_the_same_again(text: str) -> None:
    asked = content("5", tolerance="2", units=METRES, unit_penalty="1/2", significant={"figures": 1, "penalty": "1/2"})
    assert NUMERICAL.mark(asked, {"text": text}) == NUMERICAL.mark(dict(asked), {"text": text})
