"""Mathematics on paper: drawn, or in a line as far as one can say it; what is not known stays as it was written."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.lib.styles import ParagraphStyle

from question_bank.printing import render
from question_bank.printing.drawn import _drawn_once, drawn
from question_bank.printing.flow import flowables
from question_bank.printing.formulas import in_line
from question_bank.tex import FORMULA
from tests.question_bank.printing.test_printing import HEADING, options, question, say, text_of

ALL = frozenset(range(0x10000))
STYLE = ParagraphStyle("plain", fontName="NotoSansSC", fontSize=10.5, leading=16, wordWrap="CJK")


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
    stem = r"水（H₂O）与 \(x^2\)、$$\frac{1}{2}$$、\(\nosuch{a}\)、<code>\(y^2\)</code>"
    item = question("single_choice", stem, options("1", "0"), r"<p>因 \[a\ge b\]</p>")
    for key, words in ((False, ("H2O", "x²", "1/2", r"\(\nosuch{a}\)", r"\(y^2\)")), (True, ("a≥b",))):
        pdf = render(HEADING, [item], lambda _address: None, say, key=key)
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
        for word in words:
            assert word in text


@pytest.mark.parametrize(
    "tex",
    [
        r"\vec{a}\perp\vec b",
        r"\overrightarrow{AB}",
        r"\hat{p}\pm z_{\alpha/2}\sqrt{\frac{\hat p(1-\hat p)}{n}}",
        r"\overline{AB}\parallel\overline{CD}",
        r"f(x)=\begin{cases}x^2+1, & \text{若 }x\ge 0\\ -\sqrt{x}, & \text{否则}\end{cases}",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}\begin{bmatrix}a\\b\end{bmatrix}=\begin{vmatrix}a&b\\c&d\end{vmatrix}",
        r"\binom{n_{1}}{k}=\frac{n!}{k!(n-k)!}",
        r"\sum_{k=1}^{n} k+\int_0^1 x\,dx+\prod_{i=1}^n a_i+\lim_{x\to 0}\frac{\sin x}{x}",
        r"A\cap B\subseteq\mathbb{R},\ x\notin\varnothing",
        r"速度=\frac{路程}{时间}",
        r"2\mathrm{H}_2+\mathrm{O}_2\xrightarrow{\text{点燃}}2\mathrm{H}_2\mathrm{O}",
        r"\left.\frac{dy}{dx}\right|_{x=0}",
        r"\begin{aligned}a&=b\\c&=d\end{aligned}",
        r"|\vec a||\vec b|\cos\theta \not= 0",
    ],
)
def test_what_papers_use_is_drawn(tex: str) -> None:
    found = drawn(tex)
    assert found is not None
    assert found.paths
    assert found.width > 0
    assert found.height > found.depth >= 0


@pytest.mark.parametrize(
    "tex",
    [
        r"\nosuch x",
        r"\frac{1}",
        r"a & b",
        r"x^",
        r"5% of x",
        r"\begin{array}{c|c}a&b\\\hline c&d\end{array}",
        r"\begin{tikzcd}a\end{tikzcd}",
        r"\cancel{x}",
        "\\text{\U0001f600}",
        "x" * 1001,
    ],
)
def test_what_would_not_be_drawn_as_it_is_meant_is_not_drawn(tex: str) -> None:
    assert drawn(tex) is None


def test_a_drawn_formula_is_as_high_as_what_it_holds_and_its_line_makes_room() -> None:
    low, high = drawn("x"), drawn(r"\begin{pmatrix}1\\2\\3\end{pmatrix}")
    assert low is not None
    assert high is not None
    assert high.height > 3 * low.height
    column = flowables(rf"<p>a \({'x'}\)</p>", STYLE, 400, lambda _address: None)
    grown = flowables(r"<p>a \(\begin{pmatrix}1\\2\\3\end{pmatrix}\)</p>", STYLE, 400, lambda _address: None)
    assert grown[0].wrap(400, 800)[1] > column[0].wrap(400, 800)[1] + 10


def test_formulas_go_over_to_the_next_line_and_into_the_width_that_there_is() -> None:
    many = "，".join(rf"\(\frac{{{n}}}{{x+1}}\)" for n in range(80))
    wide = rf"<p>{many}</p><p>\(\begin{{bmatrix}}{'&'.join(['123456'] * 30)}\end{{bmatrix}}\)</p>"
    text = text_of([question("description", wide, {})])
    assert all(f"{n}/(x+1)" in text for n in range(80))


@given(st.text(alphabet="ab1{}^_\\ &[]()-'$%#~fracsqtxvec", max_size=30))
@settings(deadline=None, max_examples=60)
def test_whatever_is_written_is_drawn_or_not(tex: str) -> None:
    found = _drawn_once.__wrapped__(tex)
    assert found is None or (found.paths and found.width > 0 and found.words)


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 20 + "x" + "}" * 20,
        r"\frac{1}{" * 20 + "x" + "}" * 20,
        "x^{" * 20 + "x" + "}" * 20,
        r"\left(" * 20 + "x" + r"\right)" * 20,
        r"\begin{matrix}" * 20 + "1" + r"\end{matrix}" * 20,
        (r"\frac{1}{" * 4 + "x" + "}" * 4) * 24,
        "}" * 900 + "{" * 90,
        r"\not" + " " * 100_000 + "=",
    ],
)
def test_formulas_made_to_be_slow_are_not_drawn(tex: str) -> None:
    started = time.process_time()
    assert drawn(tex) is None
    assert time.process_time() - started < 1


def test_groups_in_groups_as_papers_have_them_are_drawn() -> None:
    assert drawn(r"1+\frac{1}{1+\frac{1}{1+\frac{1}{1+\frac{1}{x^{2}}}}}") is not None
    assert drawn(r"\left\{\begin{array}{l}\frac{\sqrt{\left(x^{2}+1\right)}}{2}=1\\y=2\end{array}\right.") is not None


def test_formulas_that_never_end_are_looked_for_once() -> None:
    started = time.process_time()
    assert FORMULA.sub("", r"\(" * 10_000) == r"\(" * 10_000
    assert time.process_time() - started < 5
