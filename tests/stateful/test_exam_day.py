"""Whatever members, instructors and the clock do, in whatever order: the books hold what was promised.

The ordinary run is the same each time. `LEARNHUB_EXAMPLES=2000 pytest tests/stateful -k books` draws anew; Hypothesis
prints the shortest story that goes wrong.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from learnhub.kernel.db import db
from learnhub.points import rules
from tests.makers import JOINED, NOW, new_member, small_tree
from tests.stateful.bugs import FOUND, RULES, TOLD
from tests.stateful.hall import Place
from tests.stateful.machine import ExamDay

EXAMPLES = int(os.environ.get("LEARNHUB_EXAMPLES", "50"))
STEPS = 40


@pytest.fixture
def machine(app: Flask) -> type[ExamDay]:
    """The machine on the database of this test."""
    rules.ensure_default_rules(NOW, JOINED)
    tree = small_tree()
    marker = new_member(tree["HQ"])
    db.session.commit()

    class Here(ExamDay):
        place = Place({code: unit.id for code, unit in tree.items()}, marker.id)

    return Here


def run(machine: type[ExamDay], examples: int, *, anew: bool, phases: list[Phase]) -> None:
    """So many stories, drawn anew or the same each time."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            derandomize=not anew,
            phases=phases,
            database=None,
            deadline=None,
            print_blob=True,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(120 + 2 * EXAMPLES)
def test_e13_whatever_is_done_in_whatever_order_the_books_are_right(machine: Any) -> None:
    anew = "LEARNHUB_EXAMPLES" in os.environ
    run(machine, EXAMPLES, anew=anew, phases=[Phase.generate, Phase.shrink])


@pytest.mark.sqlite_only
@pytest.mark.parametrize("bug", FOUND)
def test_each_planted_bug_is_found(machine: Any, bug: str) -> None:
    machine.only, planted = FOUND[bug]
    with planted(), pytest.raises(AssertionError):
        run(machine, 200, anew=False, phases=[Phase.generate])


def tell(machine: type[ExamDay], story: list[tuple[Any, ...]]) -> None:
    """These steps in this order."""
    told = machine()
    told.open_the_hall(RULES, True)
    for step, *arguments in story:
        getattr(told, step)(*arguments)
        told.the_books_are_right()
    told.teardown()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("bug", TOLD)
def test_each_planted_bug_shows_in_its_story_and_nothing_shows_without_it(machine: Any, bug: str) -> None:
    machine.only, story, planted = TOLD[bug]
    tell(machine, story)
    with planted(), pytest.raises(AssertionError):
        tell(machine, story)
