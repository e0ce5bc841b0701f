"""The tour of each role: a few steps, each a place, what it is for, and the section that says more."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from learnhub.kernel.words import Message, _
from learnhub.organisations.permissions import Role
from learnhub.web.context import scope, signed_in_session


@dataclass(frozen=True)
class Step:
    """One stop: its words, the place in the navigation or the part of home that it points at, more in the manual.

    With both, home points at its part, and the page of the tour leads to the place.
    """

    title: Message
    text: Message
    more: str
    endpoint: str = ""
    part: str = ""


TOURS: dict[Role, tuple[Step, ...]] = {
    Role.MEMBER: (
        Step(
            _("This is your home"),
            _("It shows what to do now: the lesson where you stopped, and the quizzes that wait for you."),
            "first-steps#home",
            part=".hero, main .empty",
        ),
        Step(
            _("Learn here"),
            _("Choose a course and open a lesson. Your time counts while the lesson is open before you."),
            "courses#take",
            endpoint="courses.index",
        ),
        Step(
            _("Take quizzes here"),
            _("Every answer is saved as you give it. You may leave and go on later, on another device too."),
            "quizzes#answers",
            endpoint="quizzes.index",
        ),
        Step(
            _("See what you have earned"),
            _("Hours, points and your rank. Tap a number, and it tells you where it comes from."),
            "points#why",
            endpoint="points.index",
            part=".tiles, .stats",
        ),
        Step(
            _("Help is never far"),
            _("The question mark is on every page and opens the part of the manual that fits it."),
            "first-steps#help",
            part="[data-help-link]",
        ),
    ),
    Role.INSTRUCTOR: (
        Step(
            _("Your courses"),
            _("Write a course here, or bring one in as a zip. Members see it when you publish it."),
            "making-courses#mine",
            endpoint="authoring.index",
        ),
        Step(
            _("Your question banks"),
            _("Write questions, or bring in an Excel file. You look at it first; nothing is stored before you accept."),
            "importing-questions#look",
            endpoint="question_bank.index",
        ),
        Step(
            _("Your quizzes"),
            _("A quiz takes its questions from a bank. Here you make one, try it yourself, and read its results."),
            "making-quizzes#new",
            endpoint="quizzes.desk",
        ),
        Step(
            _("Help is never far"),
            _("The question mark is on every page and opens the part of the manual that fits it."),
            "first-steps#help",
            part="[data-help-link]",
        ),
    ),
    Role.SECRETARY: (
        Step(
            _("Members behind"),
            _("Home shows for each of your units who has the fewest hours and which quizzes close soon."),
            "progress#behind",
            part="[aria-labelledby^='unit-'] .figures, [aria-labelledby^='unit-']",
        ),
        Step(
            _("Your units and members"),
            _("Find a member, see everybody's numbers, and remind those who are behind."),
            "members#find",
            endpoint="organisations.index",
        ),
        Step(
            _("Export the scores"),
            _("One button makes an Excel sheet of a unit. It holds the same numbers as the page."),
            "score-sheets#make",
            part="form[data-download] button",
        ),
        Step(
            _("Help is never far"),
            _("The question mark is on every page and opens the part of the manual that fits it."),
            "first-steps#help",
            part="[data-help-link]",
        ),
    ),
    Role.ADMINISTRATOR: (
        Step(
            _("Units and roles"),
            _("Open a unit and its settings: there you name it, add units below it, and give people their roles."),
            "units#roles",
            endpoint="organisations.index",
        ),
        Step(
            _("What earns points"),
            _("Change a rule from a day on. What was earned before stays as it was."),
            "points-rules#change",
            endpoint="points.rules",
        ),
        Step(
            _("Who did what"),
            _("Every change is recorded in the audit trail. Nobody can alter it."),
            "audit-trail#read",
            endpoint="organisations.audit",
        ),
        Step(
            _("Is everything well?"),
            _("The system page shows whether database and clock are in order, and how much is stored."),
            "system#checks",
            endpoint="health.status",
        ),
        Step(
            _("Help is never far"),
            _("The question mark is on every page and opens the part of the manual that fits it."),
            "first-steps#help",
            part="[data-help-link]",
        ),
    ),
}


@dataclass(frozen=True)
class Offer:
    """A tour that home offers, and whether the person asked for it just now."""

    role: Role
    steps: tuple[Step, ...]
    asked: bool = False


def offer() -> Offer | None:
    """The tour for home: the one that was asked for, else that of a role whose tour the person has not seen.

    Of several, the last role's: who comes as a secretary is shown the desk, and finds the member's tour in the help.
    """
    session = signed_in_session()
    if session is None:
        return None
    asked = request.args.get("tour", "")
    if asked in TOURS:
        return Offer(Role(asked), TOURS[Role(asked)], asked=True)
    seen = session.tours_seen.split()
    held = [role for role in Role if role in scope().roles]
    role = held[-1]
    return None if role in seen else Offer(role, TOURS[role])
