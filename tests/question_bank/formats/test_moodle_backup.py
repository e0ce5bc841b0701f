"""Backups of Moodle: the questions of their banks, of the age before versions and of the age with them."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from html import escape

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from question_bank.formats.moodle import backup_files
from question_bank.media import ADDRESS
from tests.question_bank import making
from tests.question_bank.formats.test_unseen_shapes import reasons

NULL = "$@NULL@$"
ABOUT = "<moodle_backup><information><moodle_release>4.1</moodle_release></information></moodle_backup>"


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def taped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in {".ARCHIVE_INDEX": b"Moodle archive file index. Count: 1\n", **files}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def row(table: str, /, **values: str | int) -> str:
    """A row of a table, as Moodle writes it."""
    ident = values.pop("ident", None)
    inner = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in values.items())
    identified = f' id="{ident}"' if ident else ""
    return f"<{table}{identified}>{inner}</{table}>"


def answer(ident: int, text: str, share: str = "0.0000000", feedback: str = "") -> str:
    return row(
        "answer", ident=ident, answertext=text, answerformat=1, fraction=share, feedback=feedback, feedbackformat=1
    )


def question(ident: int, kind: str, text: str, plugin: str = "", more: str = "", **values: str | int) -> str:
    told: dict[str, str | int] = {
        "parent": 0, "name": f"Q{ident}", "questiontext": text, "questiontextformat": 1, "generalfeedback": "",
        "generalfeedbackformat": 1, "defaultmark": "1.0000000", "penalty": "0.0000000", "qtype": kind, "length": 1,
    } | values  # fmt: skip
    inner = row("x", **told)[3:-4]
    return (
        f'<question id="{ident}">{inner}<plugin_qtype_{kind}_question>{plugin}</plugin_qtype_{kind}_question>'
        f"{more}</question>"
    )


def category(ident: int, name: str, parent: int, inner: str) -> str:
    told = row("x", name=name, contextid=40, contextlevel=50, info="", infoformat=0, parent=parent, idnumber=NULL)[3:-4]
    return f'<question_category id="{ident}">{told}{inner}</question_category>'


def entry(ident: int, *versions: tuple[str, str], idnumber: str = NULL) -> str:
    """Versions of a question: the state of each, and the question."""
    inner = "".join(
        f'<question_versions id="{ident}{n}"><version>{n}</version><status>{status}</status>'
        f"<questions>{one}</questions></question_versions>"
        for n, (status, one) in enumerate(versions, 1)
    )
    return (
        f'<question_bank_entry id="{ident}"><questioncategoryid>2</questioncategoryid><idnumber>{idnumber}</idnumber>'
        f"<ownerid>2</ownerid><question_version>{inner}</question_version></question_bank_entry>"
    )


def old(*questions: str, **more: bytes) -> dict[str, bytes]:
    """A backup of Moodle 3."""
    inner = category(1, "top", 0, "<questions></questions>") + category(
        2, "Sea / land", 1, f"<questions>{''.join(questions)}</questions>"
    )
    return listed(inner, more)


def new(*entries: str, **more: bytes) -> dict[str, bytes]:
    """A backup of Moodle 4."""
    held = "<question_bank_entries>{}</question_bank_entries>"
    inner = category(1, "top", 0, held.format("")) + category(2, "Sea", 1, held.format(""))
    return listed(inner + category(3, "Whales", 2, held.format("".join(entries))), more)


def listed(inner: str, more: Mapping[str, bytes]) -> dict[str, bytes]:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return {
        "moodle_backup.xml": ABOUT.encode(),
        "files.xml": f"{head}<files></files>".encode(),
        "questions.xml": f"{head}<question_categories>{inner}</question_categories>".encode(),
        "course/course.xml": b"<course/>",
        **more,
    }


def bring(files: Mapping[str, bytes]) -> Reading:
    reading = read(zipped(files), "backup.mbz")
    assert reading.format == "moodle-backup"
    return reading


SWIMS = f"<answers>{answer(11, '<p>Cod</p>', '1.0000000', 'Yes')}{answer(12, 'Cat', '-0.3333333')}</answers>" + row(
    "multichoice", ident=5, layout=0, single=1, shuffleanswers=1, correctfeedback="", correctfeedbackformat=1
)
CHOICE = question(7, "multichoice", "<p>Which swims?</p>", SWIMS, defaultmark="2.5000000")


@pytest.mark.parametrize("packed", [zipped, taped])
@pytest.mark.parametrize("files", [old(CHOICE), new(entry(3, ("ready", CHOICE)))])
def test_a_question_of_either_age_in_either_archive(packed: object, files: dict[str, bytes]) -> None:
    data = zipped(files) if packed is zipped else taped(files)
    reading = read(data, "backup.mbz")
    found = reading.questions[0]
    assert (reading.format, reading.refused, reading.warnings) == ("moodle-backup", [], [])
    assert (found.kind, found.title, found.mark, found.where) == ("single_choice", "Q7", 2500, "question 7")
    assert found.category in {"Sea \uff0f land", "Sea/Whales"}
    assert [(one["html"], one["fraction"], one["feedback_html"]) for one in found.content["options"]] == [
        ("<p>Cod</p>", "1", "Yes"),
        ("Cat", "-1/3", ""),
    ]


def test_the_newest_version_is_read_unless_it_is_a_draft() -> None:
    first, second, third = (question(n, "essay", f"<p>Version {n}</p>", row("essay", ident=n)) for n in (1, 2, 3))
    reading = bring(new(entry(1, ("ready", first), ("ready", second), ("draft", third), idnumber="sea-1")))
    assert [(one.stem_html, one.external_id) for one in reading.questions] == [("<p>Version 2</p>", "sea-1")]
    reading = bring(new(entry(1, ("hidden", first)), entry(2, ("draft", second))))
    assert [one.stem_html for one in reading.questions] == ["<p>Version 1</p>", "<p>Version 2</p>"]
    assert ["hidden" in str(reading.warnings[0]), "draft" in str(reading.warnings[1])] == [True, True]


TRUE = f"<answers>{answer(1, '对', '0.0000000', 'No')}{answer(2, '错', '1.0000000')}</answers>" + row(
    "truefalse", ident=1, trueanswer=1, falseanswer=2
)
SHORT = f"<answers>{answer(3, 'Whale', '1.0000000')}{answer(4, 'Orca', '0.5000000')}</answers>" + row(
    "shortanswer", ident=1, usecase=0
)
NUMBER = (
    f"<answers>{answer(5, '20', '1.0000000')}</answers>"
    + f"<numerical_units>{row('numerical_unit', ident=1, multiplier='1.0', unit='m')}</numerical_units>"
    + f"<numerical_options>{row('numerical_option', ident=1, showunits=0, unitsleft=0, unitgradingtype=0)}"
    + f"</numerical_options><numerical_records>{row('numerical_record', ident=1, answer=5, tolerance='0.5')}"
    + "</numerical_records>"
)
PAIRS = row("matchoptions", ident=1, shuffleanswers=1) + "<matches>{}</matches>".format(
    row("match", ident=1, questiontext="<p>Whale</p>", questiontextformat=1, answertext="Sea")
    + row("match", ident=2, questiontext="<p>Cat</p>", questiontextformat=1, answertext="Land")
    + row("match", ident=3, questiontext="", questiontextformat=1, answertext="Air")
)
ESSAY = row(
    "essay", ident=1, responseformat="editor", responserequired=1, responsefieldlines=15, attachments=0,
    graderinfo="<p>Depth</p>", graderinfoformat=1, responsetemplate="", responsetemplateformat=1, minwordlimit=NULL,
)  # fmt: skip
GROUP = 'O:8:"stdClass":2:{{s:9:"draggroup";s:1:"{}";s:8:"infinite";b:{};}}'
CHOICES = answer(6, "sea", feedback=GROUP.format(1, 0)) + answer(7, "land", feedback=GROUP.format(1, 1))
DRAG = f"<answers>{CHOICES}</answers>"
ORDER = f"<answers>{answer(8, 'calf', '1.0000000')}{answer(9, 'cow', '2.0000000')}</answers>" + row(
    "ordering", ident=1, layouttype=0, selecttype=0, selectcount=0, gradingtype=0
)


@pytest.mark.parametrize(
    ("name", "plugin", "kind", "listing"),
    [
        ("truefalse", TRUE, "true_false", {"answers": [False]}),
        ("shortanswer", SHORT, "short_answer", {"answers": [("Whale", 1), ("Orca", 0.5)]}),
        ("numerical", NUMBER, "numerical", {}),
        ("match", PAIRS, "matching", {"options": ["Sea", "Land", "Air"]}),
        ("essay", ESSAY, "essay", {}),
        ("ordering", ORDER, "ordering", {"answers": ["calf", "cow"]}),
        ("description", "", "description", {}),
    ],
)
def test_each_type_is_what_it_is_in_moodle_xml(name: str, plugin: str, kind: str, listing: dict[str, object]) -> None:
    reading = bring(old(question(7, name, "<p>About whales</p>", plugin)))
    assert (reasons(reading), [one.kind for one in reading.questions]) == ([], [kind])
    told = as_json(reading.questions[0])
    if "options" in listing:
        assert sorted(one["text"] for one in told["options"]) == sorted(listing["options"])  # type: ignore[call-overload]
    if name == "shortanswer":
        assert [(one["text"], one["fraction"]) for one in told["answers"]] == listing["answers"]
    elif "answers" in listing:
        assert told["answers"] == listing["answers"]


def test_a_number_has_its_margin_and_unit() -> None:
    content = bring(old(question(7, "numerical", "How long?", NUMBER))).questions[0].content
    assert (content["answers"][0]["value"], content["answers"][0]["tolerance"]) == ("20", "0.5")
    assert [one["unit"] for one in content["units"]] == ["m"]


@pytest.mark.parametrize("name", ["ddwtos", "gapselect"])
def test_dragged_words_have_their_groups(name: str) -> None:
    plugin = (
        DRAG
        if name == "ddwtos"
        else f"<answers>{answer(6, 'sea', feedback='1')}{answer(7, 'land', feedback='1')}</answers>"
    )
    found = bring(old(question(7, name, "<p>Whales: [[1]]; cats: [[2]]</p>", plugin))).questions[0]
    assert ([one["html"] for one in found.content["choices"]], found.content["gaps"]) == (["sea", "land"], [0, 1])
    assert [one.get("unlimited", False) for one in found.content["choices"]] == [name != "ddwtos", True]


def test_the_parts_of_a_text_go_back_to_their_places() -> None:
    whole = question(
        7, "multianswer", "<p>Whales live in the {#1} and have {#2} lungs.</p>",
        "<answers></answers>" + row("multianswer", ident=1, question=7, sequence="8,9"),
    )  # fmt: skip
    first = question(8, "shortanswer", "{1:SHORTANSWER:=sea}", SHORT, parent=7)
    second = question(9, "numerical", "{2:NUMERICAL:=2:0}", NUMBER, parent=7)
    for files in (
        old(whole, first, second),
        new(*(entry(n, ("ready", one)) for n, one in enumerate((first, whole, second), 1))),
    ):
        reading = bring(files)
        assert (reasons(reading), [one.kind for one in reading.questions]) == ([], ["cloze"])
        assert [one["kind"] for one in reading.questions[0].content["parts"]] == ["short_answer", "numerical"]
    reading = bring(old(whole, first))
    assert (reading.questions, "Part 2" in reasons(reading)[0]) == ([], True)


def test_random_questions_are_counted_and_left_out() -> None:
    reading = bring(old(CHOICE, question(8, "random", "0"), question(9, "random", "0", parent=9)))
    assert (len(reading.questions), reasons(reading)) == (1, [])
    assert ["2 random questions" in str(one) for one in reading.warnings] == [True]


@pytest.mark.parametrize("name", ["calculated", "ddmarker", "coderunner", "wirisx"])
def test_types_without_a_like_here_are_refused_by_name(name: str) -> None:
    reading = bring(old(CHOICE, question(8, name, "?", "<answers></answers>")))
    assert (len(reading.questions), [name in why for why in reasons(reading)]) == (1, [True])
    assert [one.where for one in reading.refused] == ["question 8"]


def test_hints_tags_and_feedback_come_along() -> None:
    more = (
        "<question_hints>"
        + row("question_hint", ident=4, hint="<p>It has fins</p>", hintformat=1, options=NULL)
        + row("question_hint", ident=5, hint="It has gills", hintformat=2)
        + "</question_hints><tags>"
        + row("tag", ident=1, name="sea", rawname="Sea")
        + "</tags>"
    )
    found = bring(old(question(7, "multichoice", "Which?", SWIMS, more, generalfeedback="Fish swim"))).questions[0]
    assert (found.hints, found.tags, found.explanation_html) == (
        ("<p>It has fins</p>", "It has gills"),
        ("Sea",),
        "Fish swim",
    )


def held(*files: tuple[str, int, str, bytes]) -> dict[str, bytes]:
    """`files.xml` and the files it lists: area, item, name, bytes."""
    rows, kept = "", {}
    for n, (area, item, name, data) in enumerate(files, 1):
        digest = hashlib.sha1(data).hexdigest()
        rows += row(
            "file", ident=n, contenthash=digest, contextid=40, component="question", filearea=area, itemid=item,
            filepath="/", filename=name, filesize=len(data),
        )  # fmt: skip
        kept[f"files/{digest[:2]}/{digest}"] = data
    return {"files.xml": f"<files>{rows}</files>".encode(), **kept}


@pytest.mark.parametrize("packed", [zipped, taped])
def test_pictures_are_found_by_their_hash(packed: object) -> None:
    text = '<p>Which? <img src="@@PLUGINFILE@@/the%20whale.png" alt="whale"> <img src="@@PLUGINFILE@@/lost.png"></p>'
    options = SWIMS.replace("Cod", escape('<img src="@@PLUGINFILE@@/cod.png" alt="cod">'))
    one, other = making.picture(), making.picture("red")
    files = old(question(7, "multichoice", text, options)) | held(
        ("questiontext", 7, "the whale.png", one), ("answer", 11, "cod.png", other), ("answer", 99, "cod.png", one)
    )
    reading = read(zipped(files) if packed is zipped else taped(files), "a.mbz")
    found = reading.questions[0]
    assert len(reading.files) == 2
    assert (found.stem_html.count(ADDRESS), found.content["options"][0]["html"].count(ADDRESS)) == (1, 1)
    assert ["lost.png" in str(warning) for warning in reading.warnings] == [True]


def test_the_list_of_a_backup_is_read_without_its_archive() -> None:
    reading = read(old(CHOICE)["questions.xml"], "questions.xml")
    assert (reading.format, [one.title for one in reading.questions]) == ("moodle-backup", ["Q7"])


def test_backups_without_questions_or_too_old_are_refused() -> None:
    files = old(CHOICE)
    del files["questions.xml"]
    with pytest.raises(Refused, match="question bank"):
        read(zipped(files), "a.mbz")
    old_list = b"<?xml version='1.0'?>\n<MOODLE_BACKUP><INFO/></MOODLE_BACKUP>"
    for data, name in ((zipped({"moodle.xml": old_list}), "a.zip"), (old_list, "moodle.xml")):
        with pytest.raises(Refused, match=r"1\.9"):
            read(data, name)
    with pytest.raises(Refused, match="no questions"):
        read(zipped(old()), "a.mbz")
    with pytest.raises(Refused):
        read(zipped(old(CHOICE) | {"questions.xml": b"<question_categories><question>"}), "a.mbz")


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"<question_categories>" + b"<a>" * 500 + b"</a>" * 500 + b"</question_categories>"
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]><question_categories>&b;</question_categories>'
    for xml in (deep, entity):
        with pytest.raises(Refused):
            read(zipped(old(CHOICE) | {"questions.xml": xml}), "a.mbz")
    swollen = taped(old(CHOICE) | {"activities/a/a.bin": b"\0" * (30 << 20)})
    assert len(swollen) < 100_000
    with pytest.raises(Refused):
        read(swollen, "a.mbz", "moodle-backup")
    monkeypatch.setattr(backup_files, "LARGEST_LIST", 100)
    with pytest.raises(Refused, match="question bank"):
        read(zipped(old(CHOICE)), "a.mbz")


def test_a_packed_file_that_is_no_backup_is_refused() -> None:
    with pytest.raises(Refused):
        read(gzip.compress(b"1. Which?\nA. a\nB. b\nAnswer: A\n"), "a.txt.gz")
    with pytest.raises(Refused):
        read(taped({"readme.txt": b"hello"}), "a.tar.gz")
    with pytest.raises(Refused):
        read(taped(old(CHOICE))[:400], "a.mbz")
