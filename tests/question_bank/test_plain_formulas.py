"""Formulas as signs of a line, for lists to open and other places that hold nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.plain_formulas import in_plain_text


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        (r"x^2+y_{12}", "x²+y₁₂"),
        (r"x^{-1}", "x⁻¹"),
        (r"e^{i\pi}+1=0", "e^(iπ)+1=0"),
        (r"\vec{a}\cdot\vec b", "a\u20d7·b\u20d7"),
        (r"\overrightarrow{AB}", "vec(AB)"),
        (r"\bar z+\hat{p}", "z\u0304+p\u0302"),
        (r"\overline{AB}", "A\u0305B\u0305"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"\frac12", "1/2"),
        (r"\left(\frac{1}{2}\right)^n", "(1/2)ⁿ"),
        (r"\sqrt[3]{x+1}", "³√(x+1)"),
        (r"\begin{cases}x^2, & x\ge 0\\ -x, & \text{否则}\end{cases}", "{ x², x≥0; −x, 否则"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1 2; 3 4)"),
        (r"\begin{vmatrix}a&b\\c&d\end{vmatrix}=ad-bc", "|a b; c d|=ad−bc"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a=b; c=d"),
        (r"\binom{n}{k}", "C(n, k)"),
        (r"\sum_{k=1}^{n} k", "∑ₖ₌₁ⁿ k"),
        (r"\lim_{x\to 0}\frac{\sin x}{x}", "lim_(x→0) (sin x)/x"),
        (r"\int_0^1 x\,dx", "∫₀¹ x dx"),
        (r"x\in\mathbb{R},\ a\not= b", "x∈ℝ, a≠b"),
        (r"\mathrm{H_2O}", "H₂O"),
        (r"90^{\circ}", "90°"),
        (r"\nosuch{x}", r"\nosuch{x}"),
        (r"\begin{tikzcd}x\end{tikzcd}", r"\begin{tikzcd}x\end{tikzcd}"),
    ],
)
def test_a_formula_as_signs(tex: str, signs: str) -> None:
    assert in_plain_text(rf"若 \({tex}\) 则") == f"若 {signs} 则"


def test_every_formula_of_a_text_is_said_and_the_rest_stays() -> None:
    assert in_plain_text(r"a \(x^2\) costs $5, \[y\] and $$z_1$$") == "a x² costs $5, y and z₁"


@given(st.text(alphabet="ab1{}^_\\ &[]()-'$%#~fracsqtxbeginendvec", max_size=40))
def test_whatever_is_written_becomes_a_text_and_what_stands_before_it_stays(text: str) -> None:
    assert in_plain_text(rf"若 \({text}\)").startswith("若 ")
