"""Forms about rosters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from learnhub.organisations.roster.columns import FIELD_NAMES, Field
from learnhub.organisations.roster.reading import RosterRow

LONGEST = 160
"""Characters of a cell that is mended by hand."""


class RosterForm(FlaskForm):  # type: ignore[misc]
    """A roster's file."""

    file = FileField(
        _l("Roster"),
        [FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt,.zip"},
        description=_l("Excel, CSV or OneRoster, up to 50 MB. You see each row before anything is written."),
    )
    encoding = SelectField(
        _l("Encoding of a text file"),
        choices=[("", _l("Found by itself")), ("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("big5", "Big5")],
        default="",
    )
    create_units = BooleanField(_l("Make the units that the file names and nobody knows"))


DETAIL = "detail_"


class RowForm(FlaskForm):  # type: ignore[misc]
    """One row, to be mended."""

    where = HiddenField()
    number = StringField(FIELD_NAMES[Field.NUMBER], [Optional(), Length(max=LONGEST)])
    name = StringField(FIELD_NAMES[Field.NAME], [Optional(), Length(max=LONGEST)])
    unit = StringField(FIELD_NAMES[Field.UNIT], [Optional(), Length(max=LONGEST)])
    post = StringField(FIELD_NAMES[Field.POST], [Optional(), Length(max=LONGEST)])
    phone = StringField(FIELD_NAMES[Field.PHONE], [Optional(), Length(max=LONGEST)])
    email = StringField(FIELD_NAMES[Field.EMAIL], [Optional(), Length(max=LONGEST)])
    since = StringField(FIELD_NAMES[Field.SINCE], [Optional(), Length(max=LONGEST)])

    @classmethod
    def with_details(cls, names: Mapping[str, str]) -> type[RowForm]:
        """The form with a field for each of the organisation's own that the file has (key → name).

        It does not show what the file says there, which may be sensitive; what is entered stands instead of it.
        """
        hint = _l("Empty: as it stands in the file.")
        own = {
            DETAIL + key: StringField(name, [Optional(), Length(max=LONGEST)], description=hint)
            for key, name in names.items()
        }
        return type("RowForm", (cls,), own)

    @classmethod
    def of(cls, row: RosterRow) -> RowForm:
        """A form that holds what the row says."""
        return cls(formdata=None, **vars(row))

    @property
    def details(self) -> dict[str, str]:
        """What was entered for the organisation's own fields, by their keys."""
        entered = {one.name: " ".join((one.data or "").split()) for one in self if one.name.startswith(DETAIL)}
        return {name.removeprefix(DETAIL): text for name, text in entered.items() if text}

    @property
    def said(self) -> dict[str, str]:
        """What was entered, by field."""
        return {str(one): " ".join((self[str(one)].data or "").split()) for one in Field}


def columns_form(titles: list[str], columns: Mapping[str, int], details: Mapping[str, str], **options: Any) -> Any:
    """A form with a list for each field and each of the organisation's own (key → name): its column, or none."""
    choices = [("", _l("Not in this file"))] + [
        (str(at), f"{at + 1}. {title}" if title else str(at + 1)) for at, title in enumerate(titles)
    ]
    names: dict[str, Any] = {str(one): name for one, name in FIELD_NAMES.items()} | dict(details)
    fields = {
        key: SelectField(name, choices=choices, default=str(columns[key]) if key in columns else "")
        for key, name in names.items()
    }
    return type("ColumnsForm", (FlaskForm,), fields)(prefix="column", **options)
