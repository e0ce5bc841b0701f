"""A transfer of the demo that waits for the account `secretary`: a colleague of another branch sends a member."""

from __future__ import annotations

from datetime import datetime, timedelta

from learnhub.audit.trail import Actor
from learnhub.demo.people import People
from learnhub.journeys import transfer_member
from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.organisations.scope import scope_of
from learnhub.organisations.transfers import Wanted

REASON = "项目结束，回到机关工作"


def begin(people: People, now: datetime) -> None:
    """The secretary of the second branch asks that the last of its members goes to the first branch next week."""
    old, new = people.branches[1], people.branches[0]
    secretary = people.secretaries[1]
    member = next(one for one in reversed(people.members[:100]) if people.unit_of[one.id] == old.id)
    wanted = Wanted(new, local_date(now, house.zone) + timedelta(days=7), REASON)
    transfer_member.ask(scope_of(secretary.id, now), Actor(secretary), member, wanted, now)
