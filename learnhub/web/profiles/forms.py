"""Forms about details of members and the fields that there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from learnhub.kernel.words import Message
from learnhub.organisations.profile.fields import CHANGED_BY_NAMES, KIND_NAMES, SEEN_BY_NAMES, label_of
from learnhub.organisations.profile.models import Kind, MemberField
from learnhub.organisations.profile.values import LONGEST, LONGEST_TEXT, choices_of
from learnhub.web.language import day, number, say

YES_NO: dict[str, Any] = {"yes": _l("Yes"), "no": _l("No")}
_KEYBOARDS = {
    Kind.NUMBER: {"inputmode": "decimal"},
    Kind.DATE: {"type": "date"},
    Kind.PHONE: {"inputmode": "tel"},
    Kind.EMAIL: {"inputmode": "email"},
}
_OWN = {"name": "name", "phone": "tel", "email": "email"}
"""What a browser may fill in for the member, by the built-in field; nothing where others type it."""


def name_of(field: MemberField) -> str:
    """What a field is called in the reader's language."""
    return str(say(label_of(field, str(get_locale() or "zh_Hans"))))


def shown(field: MemberField, text: str | None) -> str:
    """A value as people read it; one that is hidden stays as it is."""
    if text is None:
        return ""
    if field.kind == Kind.YES_NO:
        return str(YES_NO.get(text, text))
    if field.kind == Kind.DATE and text[:4].isdecimal():
        return day(date.fromisoformat(text))
    return number(float(text)) if field.kind == Kind.NUMBER and text[-1:].isdecimal() else text


def values_form(
    fields: Sequence[MemberField],
    held: Mapping[int, str | None],
    hints: Mapping[int, Message | str],
    *,
    own: bool = False,
    **options: Any,
) -> Any:
    """A form with an input for each field, by its kind; `own` when members type their own details."""
    inputs = {field.key: _input(field, held.get(field.id), hints.get(field.id, ""), own) for field in fields}
    return type("ValuesForm", (FlaskForm,), inputs)(prefix="field", **options)


def _input(field: MemberField, value: str | None, hint: Message | str, own: bool) -> Any:
    common: dict[str, Any] = {"label": name_of(field), "default": value or "", "description": say(hint)}
    kind = Kind(field.kind)
    if kind in {Kind.CHOICE, Kind.YES_NO}:
        known = [(one, YES_NO[one] if kind is Kind.YES_NO else one) for one in choices_of(field)]
        if value and value not in choices_of(field):
            known.append((value, value))
        needed = [] if field.required else [Optional()]
        return SelectField(choices=[("", _l("Not stated")), *known], validators=needed, **common)
    checks = [Length(max=LONGEST_TEXT)] if field.required else [Optional(), Length(max=LONGEST_TEXT)]
    if kind is Kind.LONG_TEXT:
        return TextAreaField(validators=checks, render_kw={"rows": 4}, **common)
    keys = {"maxlength": LONGEST, **_KEYBOARDS.get(kind, {})}
    if not own:
        keys["autocomplete"] = "off"
    elif field.built_in and field.key in _OWN:
        keys["autocomplete"] = _OWN[field.key]
    return StringField(validators=checks, render_kw=keys, **common)


class PhotoForm(FlaskForm):  # type: ignore[misc]
    """A photo."""

    photo = FileField(
        _l("Photo"),
        [FileRequired(_l("Choose a photo."))],
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
        description=_l("JPEG, PNG or WebP, up to 8 MB. It is cut to a portrait; place and camera are not kept."),
    )


class RulesForm(FlaskForm):  # type: ignore[misc]
    """The name and the rules of a field."""

    zh_Hans = StringField(_l("Name in Chinese"), [Length(max=80)])
    en = StringField(_l("Name in English"), [Length(max=80)], description=_l("One of the two names is enough."))
    choices = TextAreaField(
        _l("Choices"),
        [Optional(), Length(max=4_000)],
        render_kw={"rows": 4},
        description=_l("One on each line; only for a choice from a list."),
    )
    required = BooleanField(_l("Required"))
    seen_by = SelectField(_l("Seen by"), choices=[(str(one), name) for one, name in SEEN_BY_NAMES.items()])
    changed_by = SelectField(
        _l("Changed by"), choices=[(str(one), name) for one, name in CHANGED_BY_NAMES.items()], default="approval"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for select in (one for one in self if isinstance(one, SelectField)):
            select.choices = [(value, say(name)) for value, name in select.choices]

    @property
    def label(self) -> dict[str, str]:
        """The field's name by language."""
        return {"zh_Hans": self.zh_Hans.data or "", "en": self.en.data or ""}


class NewFieldForm(RulesForm):
    """A new field."""

    kind = SelectField(_l("Type of content"), choices=[(str(one), name) for one, name in KIND_NAMES.items()])
    sensitive = BooleanField(
        _l("Sensitive"),
        description=_l("Stored encrypted and shown with the middle hidden. It can't be searched, nor changed later."),
    )
