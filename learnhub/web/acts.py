"""The acts of the audit trail in words; the trail itself keeps their codes, which never change."""

from __future__ import annotations

from learnhub.audit.models import AuditEntry
from learnhub.kernel.words import Message, _
from learnhub.web.language import say

ACTS: dict[str, Message] = {
    "sign_in": _("signed in"),
    "sign_in.refused": _("was refused at the door"),
    "password.changed": _("changed a password"),
    "profile.changed": _("changed a profile"),
    "token.made": _("made an access token"),
    "member.joined": _("added a member"),
    "member.invited": _("made a sign-in code"),
    "member.invited_by_mail": _("let a sign-in code go by e-mail"),
    "password.forgotten": _("was e-mailed a code after a password was forgotten"),
    "password.chosen": _("chose a password with a code"),
    "member.changed": _("changed a member's record"),
    "transfer.asked": _("asked for a transfer"),
    "transfer.agreed": _("agreed to a transfer"),
    "transfer.refused": _("refused a transfer"),
    "transfer.withdrawn": _("withdrew a transfer"),
    "transfer.done": _("carried a transfer out"),
    "transfer.lapsed": _("let a transfer lapse"),
    "member.retired": _("noted that a member retired"),
    "member.left": _("noted that a member left"),
    "member.returned": _("noted that a member came back"),
    "member.erased": _("erased a member's personal data"),
    "change.proposed": _("asked for a change of details"),
    "change.withdrawn": _("took a change of details back"),
    "change.approved": _("approved a change of details"),
    "change.refused": _("turned a change of details down"),
    "field.added": _("added a field of members"),
    "field.changed": _("changed a field of members"),
    "field.moved": _("moved a field of members"),
    "field.retired": _("retired a field of members"),
    "field.restored": _("brought a field of members back"),
    "field.shown": _("looked at a sensitive field"),
    "photo.set": _("changed a photo"),
    "photo.removed": _("removed a photo"),
    "role.granted": _("granted a role"),
    "role.ended": _("ended a role"),
    "role.passed_on": _("passed a role on to a deputy"),
    "custom_role.made": _("made a role"),
    "custom_role.changed": _("changed what a role may do"),
    "custom_role.renamed": _("renamed a role"),
    "custom_role.retired": _("retired a role"),
    "unit.added": _("added a unit"),
    "unit.changed": _("changed a unit"),
    "unit.moved": _("moved a unit"),
    "unit.placed": _("placed a unit on the map"),
    "map.outline_set": _("brought an outline for the map"),
    "map.outline_removed": _("removed the outline of the map"),
    "unit.closed": _("closed a unit"),
    "unit.reopened": _("opened a closed unit again"),
    "unit.merged": _("merged units"),
    "unit.split": _("split a unit"),
    "unit_change.planned": _("planned a change of the tree"),
    "unit_change.withdrawn": _("withdrew a planned change"),
    "unit_change.refused": _("could not carry out a planned change"),
    "unit_kind.changed": _("changed a kind of units"),
    "unit_kind.removed": _("removed a kind of units"),
    "term.begun": _("entered a term of office"),
    "term.ended": _("ended a term of office"),
    "rule.changed": _("changed a points rule"),
    "points.reversed": _("took points back"),
    "transcript.issued": _("issued a transcript"),
    "course.made": _("made a course"),
    "course.changed": _("changed a course"),
    "lesson.moved": _("moved a lesson"),
    "lesson.deleted": _("deleted a lesson"),
    "course.file": _("added a file to a course"),
    "lesson.changed": _("changed a lesson"),
    "bank.made": _("made a question bank"),
    "question.made": _("wrote a question"),
    "question.changed": _("changed a question"),
    "question.retired": _("retired a question"),
    "question.published": _("brought a question back"),
    "questions.changed": _("changed many questions at once"),
    "questions.change_undone": _("took a change of questions back"),
    "bank.tidied": _("renamed or merged a category or tag"),
    "bank.tidying_undone": _("put a category or tag back"),
    "reports.answered": _("answered reports on a question"),
    "source.changed": _("changed a source of questions"),
    "time.granted": _("granted more time"),
    "time.taken_back": _("took granted time back"),
    "quiz.window_removed": _("gave a unit the quiz's own times again"),
    "quiz.window_set": _("gave a unit its own times for a quiz"),
    "answer.late_counted": _("counted a late answer"),
    "answer.late_taken_back": _("took the counting of a late answer back"),
    "attempt.device_refused": _("was refused on another device"),
    "attempt.device_released": _("let another device open an attempt"),
    "quiz.conduct_set": _("set how a quiz is held"),
    "likeness.decided": _("decided about similar answers or times"),
    "clock.stepped": _("found that a clock had jumped"),
    "quiz.made": _("made a quiz"),
    "quiz.changed": _("changed a quiz"),
    "reminder.sent": _("reminded members of their study hours"),
    "notice.taken_back": _("took a notice back"),
    "import.course": _("imported a course"),
    "import.roster": _("imported a roster"),
    "import.questions": _("imported questions"),
    "import.undone": _("took an import back"),
    "search.kept": _("kept a search"),
    "search.removed": _("removed a search"),
    "export": _("exported a file"),
}


def act(code: str) -> str:
    """An act in the reader's language; its code where we have no words (an act of an older release)."""
    return str(say(ACTS[code])) if code in ACTS else code


OBJECTS: dict[str, Message] = {
    "member": _("Member"),
    "field": _("Member field"),
    "unit": _("Unit"),
    "unit_kind": _("Kind of unit"),
    "course": _("Course"),
    "lesson": _("Lesson"),
    "bank": _("Question bank"),
    "question": _("Question"),
    "quiz": _("Quiz"),
    "time_grant": _("More time"),
    "import": _("Import"),
    "rule": _("Points rule"),
    "entry": _("Points entry"),
    "notice": _("Notice"),
    "transfer": _("Transfer"),
    "board": _("Board"),
    "search": _("Search"),
    "sign_in_name": _("Sign-in name"),
    "custom_role": _("Role"),
    "attempt": _("Attempt"),
    "clock": _("Clock"),
}


def thing(kind: str) -> str:
    """The kind of an object of the trail in the reader's language; its code where we have no words."""
    return str(say(OBJECTS[kind])) if kind in OBJECTS else kind


def who(entry: AuditEntry) -> str:
    """Who acted: a person by name, with whom they stood in for; or the system."""
    if entry.actor_id is None and entry.actor_name == "system":
        return str(say(_("the system")))
    principal = entry.details.get("stands_in_for")
    return (
        str(say(_("%(deputy)s for %(name)s", deputy=entry.actor_name, name=principal)))
        if principal
        else entry.actor_name
    )
