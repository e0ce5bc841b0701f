"""A quiz's results as charts: how the scores are spread, and which questions brought few of their points."""

from __future__ import annotations

from flask_babel import ngettext
from jinja2.filters import do_striptags
from sqlalchemy import Select

from learnhub.quizzes import item_figures
from learnhub.quizzes.models import Quiz
from learnhub.web import charts, scales
from learnhub.web.language import number, sentences
from learnhub.web.language import translated as _
from learnhub.web.over_time import Chart
from question_bank.kinds.in_text import blanked

EDGES = range(0, 101, 10)
MOST_QUESTIONS = 8
"""Bars of one chart: the questions that brought the smallest share of their points."""
LONGEST = 90
"""Characters of a question's wording beside its bar."""


def of_quiz(quiz: Quiz, unit_ids: Select[int]) -> dict[str, Chart | None]:
    """Both charts of a quiz, over the attempts of members of these units; None before the first is closed."""
    return {"score_chart": _scores(quiz, unit_ids), "question_chart": _questions(quiz, unit_ids)}


def _scores(quiz: Quiz, unit_ids: Select[int]) -> Chart | None:
    percents = item_figures.percents(quiz, unit_ids)
    attempts = sum(many for _percent, many in percents)
    if not attempts:
        return None
    enough = sum(many for percent, many in percents if percent >= quiz.pass_percent)
    drawing = charts.histogram(list(EDGES), scales.counted(list(EDGES), percents), _("Attempts"), number, unit="%")
    return Chart(drawing, _reached(enough, attempts, item_figures.unmarked(quiz, unit_ids), quiz.pass_percent))


def _reached(enough: int, attempts: int, unmarked: int, percent: int) -> str:
    """How many passed of those that have a score, and how many still wait for theirs."""
    numbers = {"enough": number(enough), "attempts": number(attempts), "percent": percent}
    if not unmarked:
        return _("%(enough)s of %(attempts)s attempts reached the %(percent)s%% that pass.", **numbers)
    return sentences(
        [
            ngettext(
                "%(enough)s of %(attempts)s marked attempt reached the %(percent)s%% that pass.",
                "%(enough)s of %(attempts)s marked attempts reached the %(percent)s%% that pass.",
                attempts,
                **numbers,
            ),
            ngettext(
                "%(n)s attempt is still to be marked.",
                "%(n)s attempts are still to be marked.",
                unmarked,
                n=number(unmarked),
            ),
        ]
    )


def _questions(quiz: Quiz, unit_ids: Select[int]) -> Chart | None:
    items = item_figures.items(quiz, unit_ids)
    if not items:
        return None
    rows = [(_wording(one.stem_html), round(one.percent, 1)) for one in items]
    asked = items[0].asked
    told = [
        ngettext(
            "The lowest: %(share)s%% of its marks, from %(n)s answer.",
            "The lowest: %(share)s%% of its marks, from %(n)s answers.",
            asked,
            share=number(rows[0][1]),
            n=number(asked),
        )
    ]
    if len(items) > MOST_QUESTIONS:
        told.append(_("The %(n)s hardest of %(all)s questions are drawn.", n=MOST_QUESTIONS, all=number(len(items))))
    summary = sentences(told)
    return Chart(charts.bars(rows, _("Marks in percent"), number, full=100, unit="%", most=MOST_QUESTIONS), summary)


def _wording(html: str) -> str:
    text = blanked(do_striptags(html))
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
