"""The import desk: a file of questions looked at, read in another way, corrected in place, and brought in again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit import imports
from learnhub.audit.models import Import, ImportState
from learnhub.authorship import works
from learnhub.journeys import import_questions, question_corrections, seen_files
from learnhub.journeys.question_file import Item, Looked, Verdict, items_of
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, NotFound
from learnhub.kernel.words import Message, place
from learnhub.kernel.words import _ as _w
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import number, say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.navigation import stand_at
from learnhub.web.question_bank import showing
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.forms import ENCODINGS, LABELS
from learnhub.web.question_bank.import_forms import columns_said, fields_said, kinds_said, tables_to_tell
from question_bank import authoring, catalogue
from question_bank.finding.differing import in_order_of, marked, text_for_people
from question_bank.formats import objects, own_form
from question_bank.models import QuestionVersion

PER_PAGE = 25
"""Questions on one page."""
MOST_LISTED = 500
"""Refusals and warnings that a page lists; the rest are counted."""
MOST_LINES = 60
"""Lines of a source that are shown."""
VERDICTS = {
    Verdict.IN: (_w("Will be imported"), "success"),
    Verdict.REMARK: (_w("With a remark"), "warning"),
    Verdict.REFUSED: (_w("Refused"), "danger"),
    Verdict.SKIPPED: (_w("Left out"), "neutral"),
}


def page(row: Import, status: int = 200, *, fault: str = "", at: str = "", typed: Any = None) -> ResponseReturnValue:
    """An import of questions: what waits to be accepted, question by question; else its report.

    `fault` is why the correction `typed` at the place `at` was not taken.
    """
    stand_at("question_bank.index")
    found: dict[str, Any] = {
        "row": row,
        "bank": authoring.find_bank(row.target),
        "states": ImportState,
        "report": imports.read_back(row),
        "labels": LABELS,
        "most": MOST_LISTED,
        "fault": fault,
        "fault_at": at,
        "typed": typed or {},
        "cells_typed": "\n".join(text for name, text in (typed or {}).items() if name.startswith("cell-") and text),
    }
    if row.state == ImportState.PREVIEWED:
        try:
            found |= _waiting(row, at)
        except DomainError as error:
            found["unreadable"] = str(say(error.message))
    return render_template("question_bank/import.html", **found), status


def _waiting(row: Import, at: str) -> dict[str, Any]:
    looked = seen_files.see(row)
    items = items_of(looked)
    show = request.args.get("show", "")
    wanted = [(n, one) for n, one in enumerate(items, 1) if show not in set(Verdict) or one.verdict == show]
    pages = max(1, -(-len(wanted) // PER_PAGE))
    here = min(_page_asked(), pages)
    if at:
        here = next((n // PER_PAGE + 1 for n, (_n, one) in enumerate(wanted) if one.source.key == at), here)
    chosen = wanted[(here - 1) * PER_PAGE : here * PER_PAGE]
    counts = Counter(one.verdict for one in items)
    places = {one.where for one in items}
    asked = import_questions.asked_of(row)
    return {
        "looked": looked,
        "report": looked.report(),
        "remarks": [_placed(one) for one in looked.warnings if str(one.params.get("where", "")) not in places],
        "questions": _shown(looked, chosen),
        "verdicts": VERDICTS,
        "kinds": _kinds(row, counts, show),
        "show": show,
        "number": here,
        "pages": pages,
        "asked": asked,
        "corrected": len(asked.corrections),
        "encodings": ENCODINGS,
        "tables": tables_to_tell(looked.tables, are_lists=looked.format == objects.NAME),
        "are_lists": looked.format == objects.NAME,
        "told": bool(items) or any("stem" in table.roles.values() for table in looked.tables) or not looked.tables,
    }


def _page_asked() -> int:
    asked = request.args.get("page", "1")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def _kinds(row: Import, counts: Counter[Verdict], show: str) -> list[tuple[str, str, bool]]:
    """The tabs: everything, and what becomes of it, each with its number."""
    kinds = [("", _("All"), counts.total())]
    kinds += [(str(one), str(say(VERDICTS[one][0])), counts[one]) for one in Verdict if counts[one] or one == show]
    return [
        (f"{label} {number(n)}", url_for("authoring.import_page", import_id=row.id, show=key or None), key == show)
        for key, label, n in kinds
    ]


def _shown(looked: Looked, chosen: list[tuple[int, Item]]) -> list[dict[str, Any]]:
    near = [one.near.question_id for _n, one in chosen if one.near is not None and one.near.question_id]
    versions = catalogue.newest_versions(near) if near else {}
    drafts = {one.draft.where: one.draft for one in looked.questions}
    found = []
    for n, item in chosen:
        lines = item.source.text.split("\n") if item.source.text else []
        found.append(
            {
                "n": n,
                "item": item,
                "reasons": [_bare(one) for one in item.reasons],
                "lines": list(enumerate(lines[:MOST_LINES], item.source.first or 1)),
                "more_lines": max(0, len(lines) - MOST_LINES),
                "text": _to_correct(item),
                "shown": showing.of_draft(item.draft) if item.draft is not None else None,
                "near": _beside(item, versions, drafts),
            }
        )
    return found


def _to_correct(item: Item) -> str:
    """What stands in the field of a question that is corrected as a text."""
    source = item.source
    if not source.is_written_anew or source.corrected:
        return source.written or source.text
    return own_form.said(item.draft) if item.draft is not None else source.text


def _placed(message: Message) -> Message:
    """A sentence with its places in the reader's words: `line 7` is a message of its own."""
    params = {
        name: place(value) if name in {"where", "first"} and isinstance(value, str) else value
        for name, value in message.params.items()
    }
    return Message(message.text, message.plural, params)


def _bare(message: Message) -> Message:
    """A remark beside its question, without the place that stands there anyway."""
    what = message.params.get("what")
    return what if isinstance(what, Message) and set(message.params) == {"where", "what"} else _placed(message)


def _beside(item: Item, versions: dict[int, QuestionVersion], drafts: dict[str, Any]) -> dict[str, Any] | None:
    """The question and the one that it is nearly the same as, with the words marked in which they differ."""
    near, draft = item.near, item.draft
    if near is None or draft is None:
        return None
    other = versions.get(near.question_id) if near.question_id else drafts.get(near.where)
    if other is None:
        return None
    there, here = marked(
        text_for_people(other.title, other.stem_html, in_order_of(other.content, draft.content)),
        text_for_people(draft.title, draft.stem_html, draft.content),
    )
    return {"share": near.share, "question_id": near.question_id, "where": near.where, "there": there, "here": here}


def _found(import_id: int) -> Import:
    """The import of questions with this id, locked."""
    row = works.visible_import(scope(), import_id, lock=True)
    if row.kind != import_questions.KIND:
        raise NotFound(_w("There is no such import in your reach."))
    return row


def _back(import_id: int, **there: Any) -> ResponseReturnValue:
    return redirect(url_for("authoring.import_page", import_id=import_id, **there), 303)


@area.post("/desk/imports/<int:import_id>/reading")
@signed_in
@limiter.limit("60/minute")
def read_again(import_id: int) -> ResponseReturnValue:
    """Read the file as another format or in another encoding, or with its columns told, without sending it again."""
    row = _found(import_id)
    try:
        _read_again(row)
    except DomainError as error:
        db.session.rollback()
        flash(str(say(error.message)), "warning")
    else:
        flash(_("The file was read again."), "success")
    return _back(import_id)


def _read_again(row: Import) -> None:
    form = request.form
    match form.get("act"):
        case "columns":
            tables = seen_files.see(row).tables
            import_questions.tell_columns(row, columns_said(tables, form), kinds_said(tables, form), arrived())
        case "fields":
            tables = seen_files.see(row).tables
            import_questions.tell_fields(row, fields_said(tables, form), kinds_said(tables, form), arrived())
        case "as found":
            import_questions.read_as_found(row)
        case _:
            encoding = form.get("encoding", "")
            chosen = encoding if encoding in dict(ENCODINGS) else ""
            import_questions.read_again(row, form.get("format", "auto"), chosen or None)


@area.post("/desk/imports/<int:import_id>/question")
@signed_in
@limiter.limit("120/minute")
def correct(import_id: int) -> ResponseReturnValue:
    """Correct a question in place, leave it out, or let it come in after all."""
    row = _found(import_id)
    key, act = request.form.get("key", "")[:400], request.form.get("act", "")
    try:
        match act:
            case "leave":
                question_corrections.leave_out(row, key)
            case "bring":
                question_corrections.bring_in(row, key)
            case "revert":
                question_corrections.read_as_sent(row, key)
            case _:
                _say_what_became(_correct(row, key))
    except DomainError as error:
        db.session.rollback()
        row = works.visible_import(scope(), import_id)
        return page(row, 422, fault=str(say(error.message)), at=key, typed=request.form.to_dict())
    show = request.form.get("show", "")
    there: dict[str, Any] = {"show": show} if show in set(Verdict) else {}
    if (number_ := request.form.get("page", "")).isdecimal() and number_ != "1":
        there["page"] = number_
    return _back(import_id, **there, _anchor=f"q{request.form.get('n', '')[:8]}")


def _correct(row: Import, key: str) -> list[Item]:
    if "text" in request.form:
        return question_corrections.correct_text(row, key, request.form["text"])
    cells = {
        int(name.removeprefix("cell-")): text
        for name, text in request.form.items()
        if name.startswith("cell-") and name[5:].isdecimal() and len(name) < 10
    }
    return question_corrections.correct_cells(row, key, cells)


def _say_what_became(items: list[Item]) -> None:
    refused = next((one for one in items if one.verdict is Verdict.REFUSED), None)
    if refused is None:
        flash(_("Read again: it comes in."), "success")
    else:
        flash(_("Read again, but still refused: %(why)s", why=str(say(refused.reasons[0]))), "warning")


@area.post("/desk/imports/<int:import_id>/again")
@signed_in
@limiter.limit("30/minute")
def bring_again(import_id: int) -> ResponseReturnValue:
    """Look again at a file whose import was taken back, with what was corrected in it."""
    row = _found(import_id)
    works.editable_bank(scope(), row.target)
    try:
        fresh = import_questions.again(row, actor(), arrived())
    except DomainError as error:
        db.session.rollback()
        flash(str(say(error.message)), "warning")
        return _back(import_id)
    return _back(fresh.id)
