"""Who may begin a quiz, and from where."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from learnhub.journeys import submit_quiz
from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.quizzes import access
from learnhub.quizzes.access import Came
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import new_member, new_unit


@pytest.mark.parametrize(
    ("ranges", "address", "inside"),
    [
        (["10.1.0.0/16"], "10.1.255.3", True),
        (["10.1.0.0/16"], "10.2.0.1", False),
        (["10.1.0.0/16", "192.0.2.7/32"], "192.0.2.7", True),
        (["2001:db8::/32"], "2001:db8:1::5", True),
        (["2001:db8::/32"], "2001:db9::5", False),
        (["10.1.0.0/16"], "::ffff:10.1.2.3", True),
        (["fe80::/10"], "fe80::1%eth0", True),
        (["10.1.0.0/16"], "", False),
        (["10.1.0.0/16"], "unknown", False),
        ([], "10.1.0.1", False),
    ],
)
def test_an_address_lies_in_a_range_or_not(ranges: list[str], address: str, inside: bool) -> None:
    assert access.is_inside(ranges, address) is inside


def test_ranges_are_read_as_people_write_them() -> None:
    assert access.ranges_of("10.1.2.3/16\n192.0.2.7，2001:DB8::/32、 １０.1.0.0/16") == [
        "10.1.0.0/16",
        "192.0.2.7/32",
        "2001:db8::/32",
    ]
    for text in ("10.1", "10.0.0.0/33", "the library", "10.0.0.1-10.0.0.9"):
        with pytest.raises(Refused, match="no address range"):
            access.ranges_of(text)


def test_an_attempt_begins_with_the_access_code_and_goes_on_without(app: Flask, now: datetime) -> None:
    unit = new_unit()
    quiz, member = new_quiz(unit, access_code=" Tea-7 "), new_member(unit)
    for code in ("", "tea", "tea-77"):
        with pytest.raises(Refused) as refusal:
            submit_quiz.start(quiz, member, now, came=Came(code))
        assert refusal.value.details["code"] == access.WRONG_CODE
    attempt = submit_quiz.start(quiz, member, now, came=Came("ＴＥＡ-７ "))
    assert submit_quiz.start(quiz, member, now).id == attempt.id
    assert submit_quiz.start(quiz, new_member(unit), now, preview=True).preview, "a preview asks for none"


def test_an_attempt_begins_and_goes_on_from_the_named_networks_only(app: Flask, now: datetime) -> None:
    unit = new_unit()
    quiz, member = new_quiz(unit, addresses=["10.1.0.0/16"]), new_member(unit)
    with pytest.raises(NotAllowed, match=r"you come from 192\.0\.2\.1"):
        submit_quiz.start(quiz, member, now, came=Came(address="192.0.2.1"))
    attempt = submit_quiz.start(quiz, member, now, came=Came(address="10.1.0.9"))
    with pytest.raises(NotAllowed):
        submit_quiz.start(quiz, member, now, came=Came(address="192.0.2.1"))
    assert submit_quiz.start(quiz, member, now, came=Came(address="10.1.7.7")).id == attempt.id


@pytest.mark.sqlite_only
def test_a_quiz_refuses_what_is_no_range_or_too_long_a_code(app: Flask) -> None:
    unit = new_unit()
    with pytest.raises(Refused, match="no address range"):
        new_quiz(unit, addresses=["here"])
    with pytest.raises(Refused, match="at most 40 characters"):
        new_quiz(unit, access_code="x" * 41)
