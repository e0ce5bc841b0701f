"""How a reader and a writer say what they carry of each kind of question."""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass


@dataclass(frozen=True)
class Carries:
    """Whether a kind is read and written, and, for people, what of it is lost or left out."""

    read: bool = False
    written: bool = False
    lost: str = ""


class Carried(UserDict[str, Carries]):
    """What a format carries, by kind; a kind that is not named is neither read nor written.

    `about` says in a sentence or two what is lost of every question.
    """

    def __init__(self, about: str, kinds: dict[str, Carries]) -> None:
        super().__init__(kinds)
        self.about = about

    def __missing__(self, kind: str) -> Carries:
        return Carries()


BOTH = Carries(read=True, written=True)
"""Read and written, with nothing lost but what is lost of every question."""


def both(lost: str) -> Carries:
    """Read and written, but for what is said."""
    return Carries(read=True, written=True, lost=lost)


def only_read(lost: str = "") -> Carries:
    """Read, but never written."""
    return Carries(read=True, lost=lost)
