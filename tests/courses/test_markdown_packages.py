"""Courses in Markdown: our own layout, other people's trees, and everything that may be wrong with them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from courses import packages
from courses.drafts import CourseDraft, LessonDraft
from courses.packages import Reading
from courses.packages.layout import lay_out, lesson_slug, natural, title_from_name
from tests.courses.packing import packed, picture, small_course

DATA = Path(__file__).parents[1] / "data"
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41"


def read(files: dict[str, str | bytes], name: str = "course.zip") -> Reading:
    return packages.read(packed(files), name)


def course_of(reading: Reading) -> CourseDraft:
    assert reading.course, [(str(remark.where), str(remark.reason)) for remark in reading.refused]
    return reading.course


def lesson_of(front_matter: str, **files: str | bytes) -> tuple[LessonDraft | None, Reading]:
    """A course of one good lesson and one with this front matter."""
    lesson = f"---\n{front_matter}\n---\n正文。\n"
    more = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in files.items()}
    reading = read({"course.md": "---\ntitle: T\n---\n", "1-good.md": "# 好\n\n字", "2-asked.md": lesson, **more})
    return next((item for item in course_of(reading).lessons if item.slug == "asked"), None), reading


def remarks(reading: Reading) -> list[tuple[str, str]]:
    return [(remark.where, str(remark.reason)) for remark in reading.refused]


def test_our_own_layout_is_read_whole() -> None:
    reading = read(small_course())
    course = course_of(reading)
    assert (course.slug, course.title, course.summary) == ("tea", "茶的常识", "怎样泡好一杯茶。")
    assert (course.language, course.category) == ("zh_Hans", "生活")
    assert [(module.title, [lesson.slug for lesson in module.lessons]) for module in course.modules] == [
        ("开始", ["kinds", "water"]),
        ("Practice", ["brew"]),
    ]
    assert sorted(course.assets) == ["media/leaf.png", "media/table.csv"]
    assert course.lessons[1].attachments == {"media/table.csv": "table.csv"}
    assert (reading.refused, reading.warnings) == ([], [])


def test_a_folder_reads_like_its_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(packed(small_course()))) as archive:
        archive.extractall(tmp_path / "tea")
    from_folder, from_zip = packages.read(tmp_path / "tea"), read(small_course())
    assert [lesson.__dict__ for lesson in course_of(from_folder).lessons] == [
        lesson.__dict__ for lesson in course_of(from_zip).lessons
    ]


def test_a_folder_around_everything_is_looked_through() -> None:
    course = course_of(read({f"tea-main/{name}": content for name, content in small_course().items()}))
    assert course.slug == "tea"
    assert sorted(course.assets) == ["media/leaf.png", "media/table.csv"]


def test_other_peoples_course_is_read_sensibly() -> None:
    reading = packages.read(DATA / "pkg-markdown" / "skills+introduction-to-github")
    course = course_of(reading)
    assert course.title == "Introduction to GitHub"
    assert course.summary == "Get started using GitHub in less than an hour."
    assert course.language == "en"
    assert [lesson.title for lesson in course.lessons] == [
        "Introduction to GitHub",
        "Step 1: Create a branch",
        "Step 2: Commit a file",
        "Step 3: Open a pull request",
        "Step 4: Merge your pull request",
        "Review",
    ]
    assert 'alt="screenshot showing an example profile readme"' in course.lessons[1].body_html
    assert reading.refused == []


def test_a_tree_whose_lessons_are_folders_is_read_by_its_folders() -> None:
    course = course_of(
        read(
            {
                "README.md": '<h1 align="center">Web for all</h1>\n\nA course of two units.\n',
                "1-basics/README.md": "# Basics\n",
                "1-basics/1-html/README.md": "# HTML\n\n![x](images/x.png)",
                "1-basics/1-html/images/x.png": picture(),
                "1-basics/10-css/README.md": "# CSS\n",
                "1-basics/2-forms/README.md": "# Forms\n",
                "2-more/a.md": "Text only",
                "translations/zh/README.md": "# 译文",
                "CONTRIBUTING.md": "# How to",
                "LICENSE.md": "MIT",
            }
        )
    )
    assert course.title == "Web for all"
    assert [(module.title, [lesson.title for lesson in module.lessons]) for module in course.modules] == [
        ("Basics", ["HTML", "Forms", "CSS"]),
        ("More", ["A"]),
    ]
    assert list(course.assets) == ["1-basics/1-html/images/x.png"]


def test_one_markdown_file_is_a_course_of_one_lesson() -> None:
    course = course_of(packages.read("# 泡茶\n\n先烧水。\n".encode(), "泡茶.md"))
    assert (course.slug, course.title) == ("泡茶", "泡茶")
    assert [lesson.title for lesson in course.lessons] == ["泡茶"]


def test_numbers_sort_as_numbers_in_both_scripts() -> None:
    names = ["第十章/a.md", "第二章/a.md", "第一章/10.md", "第一章/9.md", "第一章/README.md", "第十一章/a.md"]
    assert sorted(names, key=natural) == [names[i] for i in (4, 3, 2, 1, 0, 5)]


def test_titles_and_slugs_come_from_names() -> None:
    assert title_from_name("01-tea_and-water.md") == "Tea and water"
    assert title_from_name("02、水温.md") == "水温"
    assert title_from_name("3-brew/README.md") == "Brew"
    assert lesson_slug("01-a/01-intro.md", set()) == "intro"
    assert lesson_slug("02-b/01-intro.md", {"intro"}) == "b-intro"
    assert lesson_slug("02-b/01-intro.md", {"intro", "b-intro"}) == "intro-2"


def test_notices_of_a_repository_are_no_lessons_unless_a_course_file_says_so() -> None:
    plain = lay_out(["a.md", "SECURITY.md", "README.zh-CN.md", ".github/ISSUE_TEMPLATE/bug.md", ".notes/x.md"])
    assert [lesson for chapter in plain.chapters for lesson in chapter.lessons] == ["a.md"]
    own = lay_out(["course.md", "security.md"])
    assert [lesson for chapter in own.chapters for lesson in chapter.lessons] == ["security.md"]


@pytest.mark.parametrize(
    ("front_matter", "kind", "rule"),
    [
        ("media: v.mp4", "video", "coverage"),
        ("media: v.mp4\ncompletion: {coverage: 70}", "video", "coverage"),
        ("media: t.csv", "file", "marked"),
        ("url: https://example.org/", "link", "marked"),
        ("media: https://example.org/v", "link", "marked"),
        ("quiz: q1", "quiz", "quiz"),
        ("completion: {time: 3}", "text", "time"),
        ("completion: time 3", "text", "time"),
        ("kind: text\ncompletion: quiz\nquiz: q1", "text", "quiz"),
        ("kind: TEXT\nunknown: [1, 2]", "text", "marked"),
    ],
)
def test_front_matter_says_what_a_lesson_is(front_matter: str, kind: str, rule: str) -> None:
    lesson, reading = lesson_of(front_matter, v_DOT_mp4=MP4, t_DOT_csv="a,b\n")
    assert lesson, remarks(reading)
    assert (lesson.kind, lesson.completion_rule) == (kind, rule)


@pytest.mark.parametrize(
    "front_matter",
    [
        "kind: film",
        "kind: video",
        "kind: video\nmedia: t.csv",
        "kind: link\nurl: javascript:alert(1)",
        "media: absent.mp4",
        "media: ../../etc/passwd",
        "media: evil.svg",
        "kind: file",
        "title: [unclosed",
        "title: &a x\nsummary: *a",
        "title: !!python/object/apply:os.system [id]",
        "title: " + "x" * 20_000,
        "title: " + "[" * 5_000,
        "title: \n" + "- " * 5_000,
    ],
)
def test_a_lesson_that_can_not_be_costs_only_itself(front_matter: str) -> None:
    lesson, reading = lesson_of(front_matter, evil_DOT_svg="<svg onload='x'/>", t_DOT_csv="a,b\n")
    assert lesson is None
    assert [item.title for item in course_of(reading).lessons] == ["好"]
    assert any("2-asked.md" in where for where, _why in remarks(reading))


def test_minutes_are_given_or_counted() -> None:
    given, _reading = lesson_of("minutes: 12")
    assert given
    assert given.nominal_seconds == 720
    long = read({"a.md": "字" * 2_000})
    assert course_of(long).lessons[0].nominal_seconds == 300


def test_missing_pictures_and_dead_links_are_named_with_their_page() -> None:
    reading = read({"a.md": "# A\n\n![茶](x.png) [b](b.md) [c](../../etc/passwd)\n\n<img alt='水' src='y.png'>"})
    assert {remark.where for remark in reading.warnings} == {"a.md"}
    assert len(reading.warnings) == 4
    body = course_of(reading).lessons[0].body_html
    assert "x.png" not in body
    assert "茶" in body
    assert "水" in body
    assert "<img" not in body
    assert "href" not in body


def test_a_file_of_another_kind_is_refused_once_with_its_place() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    reading = read({"a.md": "![](p.svg) ![](p.svg) [x](p.svg)", "p.svg": svg, "b.md": "![](fake.png)", "fake.png": svg})
    assert [where for where, _why in remarks(reading)] == ["p.svg", "fake.png"]
    assert course_of(reading).assets == {}


def test_what_an_author_writes_is_cleaned() -> None:
    text = "# A\n\n<script>x</script><img src=x onerror=y>\n\n[l](javascript:z) ![p](data:image/png;base64,AA)"
    body = course_of(read({"a.md": text})).lessons[0].body_html
    for word in ("<script", "<img", "onerror", "href", "data:"):
        assert word not in body


def test_links_between_lessons_and_to_files_lead_there() -> None:
    files = {
        "1.md": "# One\n\n[next](./2.md#part) [html](2.html) [file](f.pdf) [web](https://example.org) [here](#x)",
        "2.md": "# Two\n\n<a href='1.md'>back</a>",
        "f.pdf": b"%PDF-1.4\n",
    }
    one, two = course_of(read(files)).lessons
    assert 'href="/courses/@course/lessons/2#part"' in one.body_html
    assert one.body_html.count("/courses/@course/lessons/2") == 2
    assert 'href="/courses/@course/assets/f.pdf"' in one.body_html
    assert 'href="https://example.org"' in one.body_html
    assert 'href="/courses/@course/lessons/1"' in two.body_html


def test_captions_go_with_their_video() -> None:
    files = {
        "a.md": "---\nmedia: m/v.mp4\n---\n",
        "m/v.mp4": MP4,
        "m/v.zh.vtt": "WEBVTT\n",
        "m/v.vtt": "WEBVTT\n",
        "m/vx.vtt": "WEBVTT\n",
    }
    course = course_of(read(files))
    assert [track["path"] for track in course.assets["m/v.mp4"].details["captions"]] == ["m/v.vtt", "m/v.zh.vtt"]
    assert course.assets["m/v.mp4"].details["captions"][1]["language"] == "zh"
    assert "m/vx.vtt" not in course.assets


def test_an_attachment_of_two_lessons_is_a_link_in_the_second() -> None:
    page = "---\nattachments: t.csv\n---\n"
    one, two = course_of(read({"1.md": page, "2.md": page, "t.csv": "a\n"})).lessons
    assert one.attachments == {"t.csv": "t.csv"}
    assert two.attachments == {}
    assert 'href="/courses/@course/assets/t.csv"' in two.body_html


def test_text_in_gb18030_is_read_and_windows_1252_is_refused() -> None:
    reading = read({"1.md": "# 茶\n\n水".encode("gb18030"), "2.md": b"# it\x92s\n"})
    assert [lesson.title for lesson in course_of(reading).lessons] == ["茶"]
    assert [where for where, _why in remarks(reading)] == ["2.md"]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"imsmanifest.xml": "<manifest><schema>ADL SCORM</schema></manifest>"}, "scorm"),
        ({"x/imsmanifest.xml": "<manifest><schema>IMS Common Cartridge</schema></manifest>"}, "common-cartridge"),
        ({"cmi5.xml": "<courseStructure/>"}, "cmi5"),
        ({"course/course.xml": "<course/>"}, "olx"),
        ({"moodle_backup.xml": "<moodle_backup/>"}, "moodle-backup"),
    ],
)
def test_packages_of_other_kinds_are_named_and_refused(files: dict[str, str | bytes], found: str) -> None:
    reading = read({**files, "a.md": "# A"})
    assert (reading.format, reading.course) == (found, None)
    assert "Markdown" in remarks(reading)[0][1]


@pytest.mark.parametrize(
    "source",
    [b"", b"not a zip", packed({"a.txt": "x"}), packed({"../a.md": "# A"}), packed({"z.md": b"\0" * (9 << 20)})],
)
def test_what_is_no_course_gives_a_reason_and_no_course(source: bytes) -> None:
    reading = packages.read(source, "x.zip")
    assert reading.course is None
    assert reading.refused


def test_an_unknown_format_or_a_missing_file_is_refused() -> None:
    assert packages.read(packed({"a.md": "x"}), "x.zip", "powerpoint").course is None
    assert packages.read("/nowhere/x.zip").course is None


def test_a_rule_line_at_the_top_is_no_front_matter() -> None:
    course = course_of(
        read({"a.md": "---\nJust a line: of text it is not\nbut prose\n---\n\nMore\n", "b.md": "---\n\n# B\n"})
    )
    assert len(course.lessons) == 1 or course.lessons[1].title == "B"


def test_weights_order_lessons_when_all_have_them() -> None:
    files: dict[str, str | bytes] = {"a.md": "---\nweight: 2\n---\n# A", "b.md": "---\nweight: 1\n---\n# B"}
    assert [lesson.title for lesson in course_of(read(files)).lessons] == ["B", "A"]


def test_strange_names_and_texts_do_not_break_the_reader() -> None:
    files: dict[str, str | bytes] = {
        f"{name}.md": f"# {name}\n\n{name}" for name in ("😀", "a'b", 'a"b', "%2e%2e", "a#b", "a?b", "田中", "ё")
    }
    course = course_of(read(files))
    assert len({lesson.slug for lesson in course.lessons}) == 8


def test_a_table_of_contents_gives_order_and_modules() -> None:
    pages: dict[str, str | bytes] = {f"src/{name}.md": f"# {name.upper()}\n\nText" for name in "abcdef"}
    nested = "# Summary\n\n[F](f.md)\n\n- [Part one](b.md)\n  - [A](a.md)\n- [C](c.md)\n- Part two\n    - [D](./d.md)\n"
    course = course_of(read({"README.md": "# Book\n", "src/SUMMARY.md": nested, **pages}))
    assert [(module.title, [lesson.title for lesson in module.lessons]) for module in course.modules] == [
        ("Book", ["F"]),
        ("Part one", ["B", "A"]),
        ("Book", ["C"]),
        ("Part two", ["D"]),
        ("Src", ["E"]),
    ]


def test_a_side_bar_with_headings_gives_modules_and_a_poor_one_is_not_followed() -> None:
    pages: dict[str, str | bytes] = {f"{name}.md": f"# {name.upper()}\n\nText" for name in "abc"}
    course = course_of(read({"_sidebar.md": "## 二\n* [C](/c)\n## 一\n* [A](a.md)\n* [B](b.md)\n", **pages}))
    assert [(module.title, len(module.lessons)) for module in course.modules] == [("二", 1), ("一", 2)]
    poor = course_of(read({"_sidebar.md": "* [C](c.md)\n", **pages}))
    assert [lesson.title for lesson in poor.lessons] == ["A", "B", "C"]
