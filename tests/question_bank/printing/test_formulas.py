"""Mathematics on paper: what a line can say is set as mathematics, the rest stays as it was written."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from question_bank.printing import render
from question_bank.printing.formulas import in_line
from tests.question_bank.printing.test_printing import HEADING, options, question, say, text_of

ALL = frozenset(range(0x10000))


@pytest.mark.parametrize(
    ("tex", "markup"),
    [
        (r"a^2 + b_{12}", "a<super>2</super>+b<sub>12</sub>"),
        (r"\frac{1}{x+1}", "<super>1</super>/<sub>x+1</sub>"),
        (r"\sqrt[3]{8} - \sqrt{x+1}", "<super>3</super>√8−√(x+1)"),
        (r"90^{\circ} \le \alpha", "90°≤α"),
        (r"\sin x + \log_2 8", "sin x+log<sub>2</sub>8"),
        (r"\left\{ x \mid x < 0 \right.", "{x|x&lt;0"),
        (r"\text{if } n \to \infty", "if n→∞"),
    ],
)
def test_what_a_line_can_say(tex: str, markup: str) -> None:
    assert in_line(tex, ALL) == markup


@pytest.mark.parametrize(
    "tex", [r"\vec{a}", r"\begin{cases}1\end{cases}", r"\frac{1}", r"x^", r"\nosuch", r"a & b", r"\bar x", r"\text x"]
)
def test_what_a_line_can_not_say_is_left_alone(tex: str) -> None:
    assert in_line(tex, ALL) is None


def test_a_sign_that_the_font_lacks_leaves_the_formula_as_it_is() -> None:
    assert in_line(r"\alpha", frozenset(map(ord, "abc"))) is None


@given(st.text(alphabet="ab1{}^_\\ &<>[]()-'$%#~fracsqtx", max_size=30))
def test_whatever_is_written_makes_markup_or_nothing(tex: str) -> None:
    made = in_line(tex, ALL)
    if made is not None:
        assert "kept" in text_of([question("description", f"<p>kept {made}</p>", {})])


def test_formulas_and_chemistry_are_printed_on_the_paper_and_its_key() -> None:
    stem = r"水（H₂O）与 \(x^2\)、$$\frac{1}{2}$$、\(\vec{a}\)、<code>\(y^2\)</code>"
    item = question("single_choice", stem, options("1", "0"), r"<p>因 \[a\ge b\]</p>")
    for key, words in ((False, ("H2O", "x2", "1/2", r"\(\vec{a}\)", r"\(y^2\)")), (True, ("a≥b",))):
        pdf = render(HEADING, [item], lambda _address: None, say, key=key)
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
        for word in words:
            assert word in text
