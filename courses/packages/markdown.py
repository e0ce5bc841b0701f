"""Courses written as a tree of Markdown files, with front matter or without."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from courses.drafts import CourseDraft, LessonDraft, ModuleDraft
from courses.packages import contents, files, front_matter, layout
from courses.packages.lesson_settings import apply_settings
from courses.packages.links import is_outside, place, render
from courses.packages.reading import Reading, Remark
from learnhub.kernel.archives import Archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.text import decode
from learnhub.kernel.words import Message, _

LONGEST_TEXT = 2 << 20
"""Bytes of one Markdown file."""
_HEADING = re.compile(r"\A\s*(?:(#{1,3})[ \t]+(.+?)[ \t#]*\n|(?!```)([^\n#>|\-*`<!\[][^\n]*)\n={3,}[ \t]*(?:\n|\Z))")
_HTML_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL | re.IGNORECASE)


@dataclass
class Page:
    """One Markdown file: its values, its title, and its text below the title."""

    name: str
    values: dict[str, Any]
    title: str
    body: str


@dataclass
class Package:
    """What the steps of one reading share."""

    archive: Archive
    root: str
    files: files.PackageFiles
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    """Lesson file to slug."""

    def warn(self, where: str, reason: Message) -> None:
        """Note something that somebody should look at."""
        self.warnings.append(Remark(where, reason))


def read(archive: Archive, file_name: str) -> Reading:
    """The course in an archive of Markdown; a lesson that can't be read costs only itself."""
    names = [entry.name for entry in archive.members()]
    root = layout.common_folder(names)
    refused: list[Remark] = []
    warnings: list[Remark] = []
    package = Package(archive, root, files.PackageFiles(archive, root, refused), refused, warnings)
    shape = _in_listed_order(package, layout.lay_out(name[len(root) :] for name in names))
    for name in [shape.about, *(name for chapter in shape.chapters for name in (chapter.about, *chapter.lessons))]:
        if name:
            _read_page(package, name)
    course = _course(package, shape, file_name)
    if not course.lessons:
        reason = _("There is no Markdown lesson in this package.")
        return Reading("markdown", None, [*refused, Remark(file_name, reason)], warnings, archive)
    for name in shape.left_out:
        package.warn(name, _("This file is not taken for a lesson."))
    return Reading("markdown", course, refused, warnings, archive)


def _in_listed_order(package: Package, shape: layout.Layout) -> layout.Layout:
    listed = [name for name in shape.left_out if name.lower().rpartition("/")[2] in contents.NAMES]
    if not listed:
        return shape
    name = min(listed, key=lambda name: (name.count("/"), name))
    try:
        text = decode(package.archive.read(package.root + name, LONGEST_TEXT))
    except Refused:
        return shape
    return contents.arrange(shape, name, text.replace("\r\n", "\n"))


def _read_page(package: Package, name: str) -> None:
    try:
        text = decode(package.archive.read(package.root + name, LONGEST_TEXT))
        values, body = front_matter.split(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    except Refused as refused:
        package.refused.append(Remark(name, _as_message(refused)))
        return
    title, body = _title(body, front_matter.words(values.get("title")))
    package.pages[name] = Page(name, values, title, body.strip("\n"))


def _title(body: str, given: str) -> tuple[str, str]:
    """The title and the text without it: the front matter's, else the first heading's."""
    found = _HEADING.match(body if body.endswith("\n") else f"{body}\n")
    if found:
        heading = text_of(render(found.group(2) or found.group(3), lambda address, _picture: address))[:200]
        if heading and (not given or heading == given):
            return heading, body[found.end() :]
    if given:
        return given, body
    later = re.search(r"^#[ \t]+(.+?)[ \t#]*$", body, re.MULTILINE)
    markup = _HTML_HEADING.search(body)
    if later and (not markup or later.start() < markup.start()):
        return text_of(render(later.group(1), lambda address, _picture: address))[:200], body
    return (text_of(markup.group(1))[:200] if markup else ""), body


def _course(package: Package, shape: layout.Layout, file_name: str) -> CourseDraft:
    about = package.pages.get(shape.about or "")
    values = about.values if about else {}
    title = about.title if about and about.title else layout.title_from_name(package.root or file_name or "course")
    course = CourseDraft(
        slug=layout.slug_from(
            front_matter.words(values.get("slug")) or _bare(package.root or file_name) or title, "course"
        ),
        title=title,
        summary=front_matter.words(values.get("summary") or values.get("description"), 2_000),
        language=_language(front_matter.words(values.get("language") or values.get("lang")), package),
        category=front_matter.words(values.get("category"), 80),
        assets=package.files.assets,
    )
    if about and not course.summary:
        course.summary = _first_paragraph(about.body)
    if cover := front_matter.words(values.get("cover"), 255):
        course.cover = package.files.add(cover, about.name if about else "", kind="image")
    _give_slugs(package, shape)
    course.modules = [module for chapter in shape.chapters if (module := _module(package, chapter, title)).lessons]
    _introduction(package, shape, course, about)
    return course


def _bare(name: str) -> str:
    return re.sub(r"(?:[-_](?:main|master|trunk))?(?:\.zip|\.md|\.markdown)?$", "", name.rstrip("/"))


def _language(given: str, package: Package) -> str:
    known = {"zh": "zh_Hans", "zh-cn": "zh_Hans", "zh-hans": "zh_Hans", "zh_cn": "zh_Hans", "zh_hans": "zh_Hans"}
    if given:
        return known.get(given.lower(), given.replace("-", "_")[:16])
    text = "".join(page.body[:2_000] for page in package.pages.values())
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return "zh_Hans" if chinese * 8 > len(text) or not text else "en"


def _give_slugs(package: Package, shape: layout.Layout) -> None:
    taken: set[str] = set()
    for chapter in shape.chapters:
        for name in filter(None, (chapter.about, *chapter.lessons)):
            page = package.pages.get(name)
            own = layout.slug_from(front_matter.words(page.values.get("slug")), "") if page else ""
            package.slugs[name] = own if own and own not in taken else layout.lesson_slug(name, taken)
            taken.add(package.slugs[name])


def _module(package: Package, chapter: layout.Chapter, course_title: str) -> ModuleDraft:
    about = package.pages.get(chapter.about or "")
    title = chapter.title or (about.title if about else "")
    module = ModuleDraft(title or (layout.title_from_name(chapter.folder) if chapter.folder else course_title))
    pages = [package.pages[name] for name in chapter.lessons if name in package.pages]
    if not chapter.title and all(_order(page) is not None for page in pages):
        pages.sort(key=lambda page: _order(page) or 0)
    if about and about.body.strip():
        pages.insert(0, about)
    for page in pages:
        try:
            module.lessons.append(_lesson(package, page))
        except Refused as refused:
            package.refused.append(Remark(page.name, _as_message(refused)))
    return module


def _order(page: Page) -> float | None:
    for key in ("order", "weight", "nav_order", "sidebar_position"):
        value = page.values.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def _introduction(package: Package, shape: layout.Layout, course: CourseDraft, about: Page | None) -> None:
    """The text of the course's own page becomes its first lesson, unless all of it is the summary already."""
    if not about or (len(about.body) <= len(course.summary) + 200 and course.lessons):
        return
    if not about.body.strip() or (about.name.lower() == "course.md" and course.lessons and len(about.body) < 400):
        return
    slug = "introduction" if "introduction" not in package.slugs.values() else "about-this-course"
    package.slugs[about.name] = slug
    try:
        lesson = _lesson(package, about)
    except Refused as refused:
        package.refused.append(Remark(about.name, _as_message(refused)))
        return
    if course.modules and shape.chapters[0].folder == shape.chapters[0].title == "":
        course.modules[0].lessons.insert(0, lesson)
    else:
        course.modules.insert(0, ModuleDraft(course.title, [lesson]))


def _first_paragraph(body: str) -> str:
    for block in re.split(r"\n\s*\n", body):
        if block.strip() and not re.match(r"\s*(?:[#>|`~<!:\[]|-{3,}|\*{3,}|[-*+]\s|\d+[.)]\s)", block):
            return text_of(render(block, lambda _address, _picture: None))[:500]
    return ""


def _lesson(package: Package, page: Page) -> LessonDraft:
    lesson = LessonDraft(
        slug=package.slugs[page.name],
        title=page.title or layout.title_from_name(page.name),
        body_source=page.body,
        where=page.name,
    )
    lesson.body_html = render(page.body, lambda address, picture: _address(package, page, address, picture))
    apply_settings(lesson, page.values, package.files, package.warn)
    return lesson


def _address(package: Package, page: Page, address: str, picture: bool) -> str | None:
    if is_outside(address):
        return None if picture and not re.match(r"https?:", address, re.IGNORECASE) else address
    target = place(address, page.name.rpartition("/")[0])
    lesson = next((name for name in _readings_of(target) if name in package.slugs), None)
    if lesson and not picture:
        fragment = f"#{address.partition('#')[2]}" if "#" in address else ""
        return f"{files.HERE}lessons/{files.quoted(package.slugs[lesson])}{fragment}"
    if target is None or not package.files.has(target):
        missing = _("The picture %(name)s is missing.", name=address[:120])
        package.warn(page.name, missing if picture else _("The link to %(name)s leads nowhere.", name=address[:120]))
        return None
    asset = package.files.add(target, page.name, rooted=True)
    return None if asset is None else f"{files.HERE}assets/{files.quoted(asset)}"


def _readings_of(target: str | None) -> list[str]:
    if target is None:
        return []
    return [target, f"{target}.md", f"{target}/README.md", f"{target}/index.md", re.sub(r"\.html?$", ".md", target)]


def _as_message(refused: Refused) -> Message:
    why = refused.details.get("why", refused.message)
    return why if isinstance(why, Message) else Message(str(why))
