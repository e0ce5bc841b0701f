"""Typed answers: forms are folded, meanings never."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.numerals import digits_for_numerals
from question_bank.typed_text import folded, matches, number

SAME = """
二〇二二 = 2022
二零二二年 = 2022年
百分之五 = 5%
百分之二十五 = ２５％
十二 = 12
一百零五 = 105
一千二百三十四 = 1234
三万五千 = 35000
三点一四 = 3.14
3.5万 = 35000
三亿 = 300000000
一万亿 = 1000000000000
负五 = -5
三分之一 = 1/3
千分之三 = 3‰
１，０００ = 1000
1,000 = 1000
叁拾贰 = 32
两百 = 200
第二十三 = 第23
２０２２年８月１日 = 2022-08-01
2022/8/1 = 2022年8月1日
ＡＢＣ = abc
苏 轼 = 苏轼
《呼兰河传》 = 呼兰河传
“小品” = 小品
甲、乙 = 甲乙
New   York = new york
don’t = don't
H₂O = H2O
5 个 = 5个
No one. = no one
三十三（33） = 33(33)
是！ = 是
百分之百 = 100%
10分之1 = 1/10
1万5千 = 15000
2022年1月 = 2022-01
2020年02月 = 2020年2月
No. 5 = No.5
x² = x^2
x² = x2
x₂ = x2
H₂SO4 = H2SO₄
5 m² = 5m^2
E=mc² = E=mc^2
Ca²⁺ = Ca2+
Ca²⁺ = Ca^2+
log₂8 = log_2 8
（1，2） = (1, 2)
[1,2] = 1,2
y′ = y'
6'2" = 6′2″
“2022” = "2022"
'a' = a
5 mw = 5 MW
≥5 = >=5
A→B = A->B
3×4 = 3*4
"""

OTHER = """
must not persist = must persist
the 23rd = the 28th
32小时 = 36小时
2022.10 = 2022.1
第23 = 23
1,2 = 12
1 2 = 12
10² = 102
10₂ = 102
-5 = 5
不是 = 是
12:30 = 12.30
1½ = 11/2
一百二 = 102
3.5 = 35
.5 = 5
a-b = ab
1/2 = 12
5% = 5
we're = were
no one = noone
2022-08-01 = 2022-08-10
三两 = 32
十点三十分 = 10.30分
(a+b)c = a+bc
x² = x₂
x^2 = x2
log₂8 = log28
2022-01 = 2022-10
5 mW = 5 MW
[1,2] = (1,2)
[0,1) = [0,1]
{1,2} = (1,2)
f(1) = f1
x[1] = x(1)
y' = y
f''(x) = f'(x)
30°15' = 30°15
5! = 5
n! = n
!= = =
1万5 = 15000
習近平 = 习近平
"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [tuple(line.split(" = ", 1)) for line in text.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(("typed", "accepted"), pairs(SAME))
def test_another_form_of_the_same_answer_is_right(typed: str, accepted: str) -> None:
    assert matches(typed, accepted), (folded(typed), folded(accepted))


@pytest.mark.parametrize(("typed", "accepted"), pairs(OTHER))
def test_another_number_order_or_negation_is_wrong(typed: str, accepted: str) -> None:
    assert not matches(typed, accepted), (folded(typed), folded(accepted))


def in_chinese(n: int) -> str:
    """A whole number below 10^16 the way it is spoken."""
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]

    def section(value: int) -> str:
        out, zero = "", False
        for place in (3, 2, 1, 0):
            digit = value // 10**place % 10
            if digit:
                out += ("零" if zero and out else "") + digits[digit] + units[place]
                zero = False
            else:
                zero = True
        return out

    if n == 0:
        return "零"
    out = ""
    for unit, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        value = n // size if unit == "亿" else n // size % 10**4
        if value:
            gap = out and value < 1000
            out += ("零" if gap else "") + (in_chinese(value) if unit == "亿" else section(value)) + unit
    return out[1:] if out.startswith("一十") else out


@given(st.integers(0, 10**12))
def test_a_spoken_number_is_its_digits(n: int) -> None:
    assert digits_for_numerals(in_chinese(n)) == str(n)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_numbers_are_equal_only_when_they_are(a: int, b: int) -> None:
    assert matches(f"{a} 小时", f"{b}小时") == (a == b)


@given(st.text(max_size=40))
def test_any_text_equals_itself_however_wide(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert folded(text) == "" or matches(text, text)
    assert folded(wide) == folded(text) or any(c in text for c in "⁰¹²³₀₁¼½¾") or not text.isascii()


@given(st.text(alphabet="甲乙丙不十百千万亿零一二三点分之负 .,:-/%()0123456789", max_size=30))
def test_folding_survives_anything(text: str) -> None:
    assert isinstance(folded(text), str)
    assert number(text) is None or matches(text, text)


@pytest.mark.parametrize(
    ("pattern", "typed", "found"),
    [
        ("*", "anything", True),
        ("gr*y", "grey", True),
        ("gr*y", "gra", False),
        ("*cat*", "two cats", True),
        ("a*a", "a", False),
    ],
)
def test_a_star_stands_for_anything(pattern: str, typed: str, found: bool) -> None:
    assert matches(typed, pattern, wildcards=True) is found


def test_a_star_is_a_star_unless_wildcards_are_meant() -> None:
    assert not matches("anything", "*")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("３．１４", "3.14"),
        ("1,822", "1822"),
        ("－5", "-5"),
        ("3,5", "3.5"),
        ("一千八百二十二", "1822"),
        ("1e3", "1e3"),
        ("1 822", "1822"),
        ("1 82", None),
        ("1 822 3", None),
        ("1 822/3", None),
        ("", None),
        ("about 5", None),
        ("1.2.3", None),
        ("inf", None),
    ],
)
def test_a_number_is_read_exactly(typed: str, value: str | None) -> None:
    assert number(typed) == (None if value is None else Decimal(value))
