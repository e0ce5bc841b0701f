"""File upload: files handed in as an answer, marked by a person, with a rubric if there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds import rubric
from question_bank.kinds.base import BLANK_OUTCOME, Content, Correctness, Outcome, Response, as_object, rich

ACCEPTED = ("picture", "pdf", "document", "spreadsheet", "slides", "audio", "video", "text", "archive")
"""Sorts of files that a question may take."""
MOST_FILES = 10
LARGEST_FILE = 100 << 20
"""Bytes of one file."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FileUpload:
    """Content: `{"accept": ["pdf", …], "most": 1, "largest": bytes, "marker_html", "rubric": […]}`.

    An empty `accept` takes every sort that the platform takes. Response: `{"files": [{"digest", "name", "size"}]}`;
    that these files were uploaded by the member is for the caller to check. Form field: `file`, once per digest kept
    (`DIGEST/SIZE/NAME`); uploading itself is a request of its own.
    """

    name = "file_upload"
    label = _("File upload")

    def validate(self, content: Content) -> None:
        accept = content.get("accept", [])
        if not isinstance(accept, list) or not set(accept) <= set(ACCEPTED):
            raise Refused(_("There is no such sort of file."))
        if not _is_number(content.get("most", 1), MOST_FILES):
            raise Refused(_("An answer has from 1 to %(n)s files.", n=MOST_FILES))
        if not _is_number(content.get("largest", LARGEST_FILE), LARGEST_FILE):
            raise Refused(_("A file has at most %(n)s MB.", n=LARGEST_FILE >> 20))
        rubric.validate(content.get("rubric", []))

    def prepare(self, content: Content) -> Content:
        return {
            "accept": [sort for sort in ACCEPTED if sort in content.get("accept", [])],
            "most": content.get("most", 1),
            "largest": content.get("largest", LARGEST_FILE),
            "marker_html": rich(content.get("marker_html")),
            "rubric": rubric.prepare(content.get("rubric", [])),
        }

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {"input": "files", **{name: content[name] for name in ("accept", "most", "largest", "rubric")}}

    def clean_response(self, content: Content, raw: Any) -> Response:
        files = as_object(raw, "files").get("files")
        if files is None:
            return {}
        if not isinstance(files, list) or len(files) > 2 * MOST_FILES:
            raise Refused(_("An answer has at most %(n)s files.", n=content["most"]))
        kept = {one["digest"]: one for one in (_file(one, content["largest"]) for one in reversed(files))}
        if len(kept) > content["most"]:
            raise Refused(_("An answer has at most %(n)s files.", n=content["most"]))
        return {"files": list(reversed(kept.values()))} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        files = []
        for line in filter(None, fields.get("file", [])):
            digest, size, name = ([*line.split("/", 2), "", ""])[:3]
            files.append(
                {"digest": digest, "size": int(size) if size.isascii() and size.isdigit() else -1, "name": name}
            )
        return self.clean_response(content, {"files": files})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        return Outcome(Fraction(0), Correctness.BY_HAND) if response.get("files") else BLANK_OUTCOME

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return []

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _file(raw: Any, largest: int) -> dict[str, Any]:
    found = as_object(raw, "digest", "name", "size")
    digest, name, size = found.get("digest"), found.get("name"), found.get("size")
    is_known = (
        isinstance(digest, str) and _DIGEST.fullmatch(digest) and isinstance(name, str) and _is_number(size, largest)
    )
    if not is_known:
        raise Refused(_("This is not an answer to this question."))
    return {"digest": digest, "name": clean_name(str(name)), "size": size}


def clean_name(name: str) -> str:
    """A file's name as an answer keeps it: one line of at most 200 characters, "file" where nothing is left."""
    return " ".join(name.replace("\0", "").split())[:200] or "file"


KIND = FileUpload()
