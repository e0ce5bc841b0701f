"""Course packages: which kind a file is, and its reading as a draft with everything that was wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from courses.packages import markdown
from courses.packages.reading import Reading, Remark
from learnhub.kernel.archives import Archive, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _

__all__ = ["FORMATS", "Reading", "Remark", "read"]

FORMATS = ("auto", "markdown", "scorm", "common-cartridge", "olx", "cmi5", "learnhub")
_NOT_READ: Mapping[str, Message] = {
    "scorm": _("This is a SCORM package; packages of this kind are not read yet. Send the course as Markdown."),
    "common-cartridge": _("This is a Common Cartridge; it is not read yet. Send the course as Markdown."),
    "olx": _("This is an Open edX course (OLX); it is not read yet. Send the course as Markdown."),
    "cmi5": _("This is a cmi5 package; packages of this kind are not read yet. Send the course as Markdown."),
    "moodle-backup": _("This is a Moodle backup; it is not read. Send the course as Markdown."),
}


def read(source: str | Path | bytes, file_name: str = "", format: str = "auto") -> Reading:
    """The course in a folder, a zip or one Markdown file (`source`: its path or its bytes), named `file_name`.

    Never raises for what is in the file: a file that can't be read at all gives a reading without a course. Close
    the reading when its course is stored: the files of the draft are read from the package until then.
    """
    file_name = file_name or (Path(source).name if isinstance(source, str | Path) else "")
    if format not in FORMATS:
        return _refusal(format, file_name, _("There is no course format %(name)s.", name=format))
    try:
        archive = open_archive(_as_archive(source, file_name))
    except Refused as refused:
        found = "olx" if file_name.endswith((".tar.gz", ".tgz")) else "unknown"
        return _refusal(found, str(refused.details.get("where") or file_name), _reason(refused, found))
    found = recognise(archive) if format == "auto" else format
    if found in _NOT_READ:
        archive.close()
        return _refusal(found, file_name, _NOT_READ[found])
    return markdown.read(archive, file_name)


def recognise(archive: Archive) -> str:
    """The format of a package, by the files that only packages of that kind have."""
    names = {entry.name.split("/", 1)[-1] if entry.name.count("/") == 1 else entry.name: entry.name
             for entry in archive.members()}  # fmt: skip
    if "cmi5.xml" in names:
        return "cmi5"
    if "moodle_backup.xml" in names:
        return "moodle-backup"
    if "imsmanifest.xml" in names:
        manifest = archive.head(names["imsmanifest.xml"], 16_384).lower()
        return "common-cartridge" if b"imscc" in manifest or b"common cartridge" in manifest else "scorm"
    if "course.xml" in names or "course/course.xml" in names:
        return "olx"
    return "markdown"


def _as_archive(source: str | Path | bytes, file_name: str) -> str | Path | bytes:
    if not file_name.lower().endswith((".md", ".markdown")):
        return source
    if isinstance(source, str | Path):
        if Path(source).is_dir():
            return source
        source = Path(source).read_bytes()
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr(Path(file_name).name, source)
    return packed.getvalue()


def _reason(refused: Refused, found: str) -> Message:
    why = refused.details.get("why", refused.message)
    return _NOT_READ[found] if found in _NOT_READ else why if isinstance(why, Message) else Message(str(why))


def _refusal(found: str, where: str, why: Message) -> Reading:
    return Reading(found, None, [Remark(where, why)])
