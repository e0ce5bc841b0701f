"""Which language a person reads, and everything that templates need to speak it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from babel.core import Locale
from babel.dates import format_interval, format_skeleton
from flask import Flask, g, request
from flask_babel import Babel, format_date, format_time, get_domain, get_locale, gettext, ngettext
from flask_babel import format_decimal as babel_decimal
from markupsafe import Markup

from learnhub.config import Config
from learnhub.kernel import words as kernel_words
from learnhub.kernel.catalogues import CATALOGUES, compile_catalogues
from learnhub.kernel.periods import Grain, Period
from learnhub.kernel.words import Message
from learnhub.kernel.words import place as words_of_place

LOCALES = {"zh_Hans": "简体中文", "en": "English"}
COOKIE = "language"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_DAYS = re.compile(rf"{_ISO_DAY.pattern} – {_ISO_DAY.pattern}")
_ISO_INSTANT = re.compile(rf"{_ISO_DAY.pattern} \d\d:\d\d:\d\d [+-]\d\d:\d\d")


def choose(config: Config) -> str:
    """The member's setting, then the cookie of the switch, then what the browser asks for, then the default."""
    session = g.get("signed_in")
    wanted = (session.locale if session else None) or request.cookies.get(COOKIE)
    if wanted in LOCALES:
        return wanted
    for language, _quality in request.accept_languages:
        if language.lower().startswith("zh"):
            return "zh_Hans"
        if language.lower().startswith("en"):
            return "en"
    return config.default_locale


def say(value: Any) -> Any:
    """A message in the reader's language, its days as the language writes them; anything else as it is."""
    return value.translated(single, _plural, _parameter) if isinstance(value, Message) else value


def _parameter(value: Any) -> Any:
    """A parameter of a message as it is read: a calendar day, which messages keep as ISO 8601, as `day` writes it."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    return day(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def _plural(one: str, many: str, n: int) -> str:
    """The form for a number, its parameters still to be filled in; Flask-Babel's own fills them in at once."""
    return str(_catalogue().ungettext(one, many, n))


def single(text: str) -> str:
    """A sentence in the reader's language, its parameters still to be filled in."""
    return str(_catalogue().ugettext(text))


def _in_page(text: str, /, **params: Any) -> Markup:
    """What templates call `_`: as Jinja's own, parameters escaped and %% for a percent sign, in a third of its time."""
    sentence = single(text)
    markup = Markup(sentence)  # noqa: S704 (the catalogues are ours)
    return markup % params if params or "%" in sentence else markup


def _catalogue() -> Any:
    """The catalogue of the language in force, kept for the request: a page asks for it a hundred times.

    Flask-Babel finds it anew for each sentence, which was a tenth of a page's time.
    """
    state = g.get("_flask_babel")
    if state is not None:
        locale, catalogue = getattr(state, "learnhub_catalogue", (None, None))
        if locale is not None and locale is getattr(state, "babel_locale", None):
            return catalogue
    catalogue, locale = get_domain().get_translations(), get_locale()
    if locale is not None:
        g._flask_babel.learnhub_catalogue = locale, catalogue
    return catalogue


def translated(text: str, /, **params: Any) -> str:
    """A sentence in the reader's language, at once: what views call `_`."""
    return single(text) % params if params else single(text)


def words(stored: Any) -> str:
    """A stored message (from a report or a reason) in the reader's language."""
    if isinstance(stored, Message):
        return cast(str, say(stored))
    return cast(str, say(Message.from_json(stored))) if stored else ""


def place(where: str) -> str:
    """Where something stands in a file: `line 7` in the reader's language; `Sheet1!7` as it is."""
    return str(say(words_of_place(where)))


def exact(value: int, places: int = 3) -> str:
    """Thousandths as a number of the reader's locale, without needless zeros: 1250 → 1.25."""
    return _exact(value, places, str(get_locale()))


@functools.lru_cache(5000)
def _exact(value: int, places: int, _locale: str) -> str:
    """Kept for each language: a page shows the same few marks again and again."""
    return cast(str, babel_decimal(Decimal(value) / 1000, format=f"#,##0.{'#' * places}"))


def hours(value: int | None) -> str:
    """Thousandths of an hour, to two places."""
    return exact(value or 0, 2)


def marks(value: int | None) -> str:
    """Thousandths of a mark, to at most three places."""
    return exact(value or 0)


def in_marks(value: int) -> str:
    """Thousandths of a mark with their noun: "1 mark", "2.5 marks"."""
    return _in_marks(value, str(get_locale()))


@functools.lru_cache(5000)
def _in_marks(value: int, _locale: str) -> str:
    return cast(str, ngettext("%(mark)s mark", "%(mark)s marks", _form(Fraction(value, 1000)), mark=marks(value)))


def in_points(value: int, *, gain: bool = False) -> str:
    """Points with their noun: "1 point", "-2 points"; a gain with its sign: "+1 point"."""
    shown = ("+" if gain and value > 0 else "") + number(value)
    return cast(str, ngettext("%(points)s point", "%(points)s points", _form(value), points=shown))


def _form(value: int | Fraction) -> int:
    """A whole number with the same form of the noun, for catalogues that choose by one: 1 or -1 → 1, all else → 2."""
    return 1 if abs(value) == 1 else 2


def series(parts: Iterable[str]) -> str:
    """Several things in a row, with the language's own mark between them: "a, b", "a、b"."""
    between = str((get_locale() or Locale("zh", script="Hans")).list_patterns["standard"]["middle"])
    return between.replace("{0}", "").replace("{1}", "").join(parts)


def sentences(parts: Iterable[str]) -> str:
    """Sentences one after the other, with a space between them where the language has one."""
    locale = get_locale()
    return ("" if locale is not None and locale.language == "zh" else " ").join(str(one) for one in parts)


def minutes(seconds: int | None) -> str:
    """Seconds in words: "45 s", "12 min", "1 h 5 min"."""
    seconds = int(seconds or 0)
    if seconds < 60:
        return cast(str, gettext("%(n)s s", n=seconds))
    if seconds < 3600:
        return cast(str, gettext("%(n)s min", n=seconds // 60))
    return cast(str, gettext("%(h)s h %(m)s min", h=seconds // 3600, m=seconds % 3600 // 60))


def number(value: float | Fraction | None, places: int = 0) -> str:
    """A number with the locale's separators, to at most two places and at least `places`, so that columns agree."""
    if isinstance(value, Fraction):
        value = float(round(value, 2))
    return cast(str, babel_decimal(value or 0, format=f"#,##0.{'0' * places}{'#' * (2 - places)}"))


def size(octets: int) -> str:
    """The size of a file as the reader's language writes it: "12 kB", "3.4 MB"."""
    value, unit = float(octets), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{babel_decimal(value, format='#,##0.#' if unit in ('MB', 'GB') else '#,##0')} {unit}"


def when(instant: datetime | None, *, whole: bool = True) -> str:
    """An instant as date and time, to the minute, in the organisation's zone.

    In a narrow column, where it need not be `whole`, the time may stand below the date.
    """
    return _at(instant, "short", whole=whole) if instant else ""


def bound(title: Any) -> Any:
    """A title in which a dot between spaces stays with the word after it: no line ends with the dot."""
    return title.replace(" · ", " ·\u00a0") if isinstance(title, str) else title


def exactly(instant: datetime | None) -> str:
    """An instant to the second: for receipts, entries and trails."""
    return _at(instant, "medium", whole=False) if instant else ""


def _at(instant: datetime, precision: str, *, whole: bool) -> str:
    """A date and a time as the language puts them beside each other."""
    both = str((get_locale() or Locale("zh", script="Hans")).datetime_formats["medium"])
    time = _unbroken(format_time(instant, precision))
    both = _unbroken(both) if whole else both
    return both.replace("{0}", time).replace("{1}", _unbroken(format_date(instant, "medium")))


def _unbroken(text: str) -> str:
    """A date or a time with no space at which a line could break."""
    return text.replace(" ", "\u00a0")


def day(value: date | datetime | None) -> str:
    """A calendar day."""
    if isinstance(value, datetime):
        return _unbroken(format_date(value, "medium"))
    return _unbroken(format_date(value, "medium", rebase=False)) if value else ""


def last_day(end: date) -> str:
    """The last day of what ends before a day, as forms ask for it."""
    return day(end - timedelta(days=1))


def spelled(value: Any) -> Any:
    """What a signed paper keeps as ISO 8601 (a day, two days, an instant) as a page writes it; else as it is."""
    text = str(value)
    try:
        if _ISO_DAY.fullmatch(text):
            return day(date.fromisoformat(text))
        if _ISO_DAYS.fullmatch(text):
            return days(date.fromisoformat(text[:10]), date.fromisoformat(text[-10:]))
        if _ISO_INSTANT.fullmatch(text):
            return exactly(datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z"))
    except ValueError:
        return value
    return value


def days(first: date, last: date) -> str:
    """Calendar days from one to another, saying nothing twice: "2026年11月23日至29日", "Nov 23 – 29, 2026"."""
    if first == last:
        return day(first)
    return _unbroken(format_interval(first, last, "yMMMd", locale=get_locale()))


def period(one: Period) -> str:
    """The name of a period as people say it: "2026年第48周", "November 2026", "Q4 2026"."""
    if one.first is None:
        return str(gettext("All time"))
    match one.grain:
        case Grain.DAY:
            return day(one.first)
        case Grain.WEEK:
            year, week = one.first.isocalendar()[:2]
            return str(gettext("Week %(week)s of %(year)s", week=week, year=year))
        case Grain.MONTH:
            return _unbroken(format_date(one.first, gettext("MMMM y"), rebase=False))
        case Grain.QUARTER:
            return str(gettext("Quarter %(n)s of %(year)s", n=(one.first.month + 2) // 3, year=one.first.year))
    return str(gettext("Year %(year)s", year=one.first.year))


def short(one: Period) -> str:
    """The name of a period as it stands under a column: the first day of a week, the month alone."""
    match one.grain:
        case Grain.DAY | Grain.WEEK if one.first is not None:
            return str(format_skeleton("Md", one.first, locale=get_locale()))
        case Grain.MONTH if one.first is not None:
            return cast(str, format_date(one.first, "LLL", rebase=False))
    return one.key


def init_app(app: Flask, config: Config) -> None:
    """Babel with our catalogues, and the filters of the templates."""
    compile_catalogues()
    app.config.update(
        BABEL_DEFAULT_LOCALE=config.default_locale,
        BABEL_DEFAULT_TIMEZONE=config.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(CATALOGUES),
    )
    Babel(app, locale_selector=lambda: choose(config))
    app.jinja_env.install_gettext_callables(single, _plural, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = _in_page
    kernel_words.reading = say
    for made in (
        words,
        place,
        hours,
        marks,
        in_marks,
        in_points,
        minutes,
        number,
        size,
        series,
        sentences,
        when,
        bound,
        exactly,
        day,
        last_day,
        spelled,
        period,
    ):
        app.jinja_env.filters[made.__name__] = made
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["LOCALES"] = LOCALES
    app.jinja_env.globals["days"] = days
    app.jinja_env.add_extension("jinja2.ext.do")


def html_language() -> str:
    """The language tag of the page (BCP 47)."""
    return str(get_locale() or "zh_Hans").replace("_", "-")
