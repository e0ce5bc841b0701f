"""A roster that was taken back is looked at once more, with all that was chosen and mended."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import import_roster, roster_again
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.rosters.views import area


@area.post("/rosters/<int:import_id>/again")
@signed_in
def look_again(import_id: int) -> ResponseReturnValue:
    """Make a preview of the same file; a long one is read by the clock."""
    row = import_roster.visible(scope(), import_id, lock=True)
    try:
        made = roster_again.look_again(row, actor(), arrived())
    except DomainError as error:
        db.session.rollback()
        import_roster.visible(scope(), import_id)
        flash(str(say(error.message)), "warning")
        return redirect(url_for("rosters.show", import_id=import_id), 303)
    return redirect(url_for("rosters.show", import_id=made.id), 303)
