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
    "password.chosen": _("chose a password with a code"),
    "member.changed": _("changed a member's record"),
    "role.granted": _("granted a role"),
    "role.ended": _("ended a role"),
    "unit.added": _("added a unit"),
    "unit.changed": _("changed a unit"),
    "unit.moved": _("moved a unit"),
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
    "quiz.made": _("made a quiz"),
    "quiz.changed": _("changed a quiz"),
    "reminder.sent": _("reminded members of their study hours"),
    "notice.taken_back": _("took a notice back"),
    "import.course": _("imported a course"),
    "import.roster": _("imported a roster"),
    "import.questions": _("imported questions"),
    "import.undone": _("took an import back"),
    "export": _("exported a file"),
}


def act(code: str) -> str:
    """An act in the reader's language; its code where we have no words (an act of an older release)."""
    return str(say(ACTS[code])) if code in ACTS else code


OBJECTS: dict[str, Message] = {
    "member": _("Member"),
    "unit": _("Unit"),
    "unit_kind": _("Kind of unit"),
    "course": _("Course"),
    "lesson": _("Lesson"),
    "bank": _("Question bank"),
    "question": _("Question"),
    "quiz": _("Quiz"),
    "import": _("Import"),
    "rule": _("Points rule"),
    "entry": _("Points entry"),
    "notice": _("Notice"),
    "board": _("Board"),
    "sign_in_name": _("Sign-in name"),
}


def thing(kind: str) -> str:
    """The kind of an object of the trail in the reader's language; its code where we have no words."""
    return str(say(OBJECTS[kind])) if kind in OBJECTS else kind


def who(entry: AuditEntry) -> str:
    """Who acted: a person by name, or the system."""
    return str(say(_("the system"))) if entry.actor_id is None and entry.actor_name == "system" else entry.actor_name
