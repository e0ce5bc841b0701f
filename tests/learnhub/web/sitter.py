"""A member who sits a quiz: by its forms, as a browser without scripts does, and by the API."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from learnhub.identity.models import Member
from learnhub.quizzes import answers, attempts
from learnhub.quizzes.models import Attempt, Quiz
from tests.visiting import Visitor


class Sitter(Visitor):
    """A member who sits a quiz."""

    def __init__(self, app: Flask, member: Member, quiz: Quiz) -> None:
        self.member_id, self.slug, self.quiz_id = member.id, quiz.slug, quiz.id
        super().__init__(app, member)

    def start(self) -> Attempt:
        answer = self.post(f"/quizzes/{self.slug}/attempts")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/attempts/")
        return self.attempt

    @property
    def attempt(self) -> Attempt:
        return attempts.of_member(self.member_id, self.quiz_id)[-1]

    @property
    def held(self) -> dict[int, Any]:
        attempt = self.attempt
        return {slot: row.response for slot, row in answers.of_attempt(self.member_id, attempt.id).items()}

    def fields(self, page: int = 1) -> dict[str, str]:
        """The hidden fields of a page."""
        text = self.page(f"/attempts/{self.attempt.id}?page={page}")
        return dict(re.findall(r'type="hidden" name="(s\d+-(?:base|sequence))" value="(\d+)"', text))

    def send(self, data: dict[str, Any], page: int = 1) -> Any:
        """Send a page as its form does."""
        return self.post(f"/attempts/{self.attempt.id}?page={page}", {**self.fields(page), **data})

    def put(self, slot: int, response: Any, sequence: int = 1, base: int = 0, **more: Any) -> Any:
        """Save an answer by the API."""
        body = {"response": response, "sequence": sequence, "base": base, **more}
        return self.json("PUT", f"/api/v1/attempts/{self.attempt.id}/answers/{slot}", body)
