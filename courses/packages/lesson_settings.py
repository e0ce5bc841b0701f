"""A lesson's front matter applied to its draft: kind, media, length, when it is completed, attachments."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from courses.drafts import LessonDraft
from courses.models import CompletionRule, LessonKind
from courses.packages.files import HERE, PackageFiles, quoted
from courses.packages.front_matter import words
from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import sanitize_html, text_of
from learnhub.kernel.words import Message, _

Warn = Callable[[str, Message], None]

_NEEDS = {LessonKind.VIDEO: "video", LessonKind.AUDIO: "audio", LessonKind.PDF: "pdf"}
CHINESE_A_MINUTE = 400
WORDS_A_MINUTE = 200
LONGEST_MINUTES = 24 * 60


def apply_settings(lesson: LessonDraft, values: dict[str, Any], files: PackageFiles, warn: Warn) -> None:
    """Fill in what the front matter says and guess the rest. Raises Refused when the lesson can't be what it says."""
    media = words(values.get("media") or values.get("video") or values.get("audio"), 500)
    url = words(values.get("url") or values.get("link"), 500)
    lesson.quiz = words(values.get("quiz"), 80)
    if re.match(r"https?://", media, re.IGNORECASE):
        media, url = "", media
        warn(lesson.where, _("Media on another site is shown as a link."))
        values = {**values, "kind": LessonKind.LINK}
    _attach(lesson, values.get("attachments"), files)
    if media:
        lesson.main_asset = files.add(media, lesson.where)
        if lesson.main_asset is None:
            raise Refused(_("The lesson's main file %(name)s is missing or not accepted.", name=media[:120]))
    lesson.kind = _kind(lesson, words(values.get("kind")).lower(), url, files)
    if lesson.kind == LessonKind.LINK:
        if not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
            raise Refused(_("A link lesson needs a url that begins with http:// or https://."))
        lesson.link_url = url
    lesson.nominal_seconds = _length(lesson, values, files)
    _completion(lesson, values.get("completion"), warn)


def _kind(lesson: LessonDraft, given: str, url: str, files: PackageFiles) -> LessonKind:
    main = files.assets[lesson.main_asset].kind if lesson.main_asset else ""
    if not given:
        if main:
            return LessonKind(main) if main in {"video", "audio", "pdf"} else LessonKind.FILE
        return LessonKind.LINK if url else LessonKind.QUIZ if lesson.quiz else LessonKind.TEXT
    if given not in set(LessonKind):
        raise Refused(_("There is no lesson of the kind %(kind)s.", kind=given[:40]))
    kind = LessonKind(given)
    if kind in _NEEDS and main != _NEEDS[kind]:
        raise Refused(_("A lesson of the kind %(kind)s needs a file of this kind as media.", kind=kind.value))
    if kind == LessonKind.FILE and not main and not lesson.attachments:
        raise Refused(_("A file lesson needs a file: media or attachments."))
    return kind


def _attach(lesson: LessonDraft, given: Any, files: PackageFiles) -> None:
    for item in given if isinstance(given, list) else [given]:
        title = words(item.get("title")) if isinstance(item, dict) else ""
        path = words(item.get("file") if isinstance(item, dict) else item, 255)
        asset = files.add(path, lesson.where) if path else None
        if asset is None:
            continue
        title = title or asset.rsplit("/", 1)[-1]
        if files.attached_to.setdefault(asset, lesson.where) == lesson.where:
            lesson.attachments[asset] = title
        else:
            address = html.escape(f"{HERE}assets/{quoted(asset)}")
            lesson.body_html += sanitize_html(f'<p><a href="{address}">{html.escape(title)}</a></p>')


def _number(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\d{1,5}(?:\.\d{1,3})?", value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_MINUTES:
        return None
    return float(value)


def _length(lesson: LessonDraft, values: dict[str, Any], files: PackageFiles) -> int:
    minutes = _number(values.get("minutes"))
    if minutes is None and (teaching := _number(values.get("teaching"))):
        minutes = teaching + (_number(values.get("exercises")) or 0)
    if minutes is not None:
        return max(round(minutes * 60), 1)
    text = text_of(lesson.body_html)
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    spoken = len(re.findall(r"[A-Za-z0-9]+", text))
    reading = chinese * 60 // CHINESE_A_MINUTE + spoken * 60 // WORDS_A_MINUTE
    media = files.assets[lesson.main_asset].seconds or 0 if lesson.main_asset else 0
    return max(60, reading + media)


_SHORT = re.compile(r"(time|coverage)\s*[:=]?\s*(\d{1,4}(?:\.\d)?)\s*(?:%|minutes?|min)?")


def _completion(lesson: LessonDraft, given: Any, warn: Warn) -> None:
    played = lesson.kind in {LessonKind.VIDEO, LessonKind.AUDIO}
    usual = CompletionRule.COVERAGE if played else CompletionRule.QUIZ if lesson.kind == LessonKind.QUIZ else None
    lesson.completion_rule = usual or CompletionRule.MARKED
    if given is None:
        return
    rule, value = words(given).lower(), None
    if isinstance(given, dict) and len(given) == 1:
        [(rule, value)] = ((words(key).lower(), _number(item)) for key, item in given.items())
    elif short := _SHORT.fullmatch(rule):
        rule, value = short.group(1), _number(short.group(2))
    if rule == CompletionRule.TIME and value:
        lesson.completion_rule, lesson.completion_seconds = CompletionRule.TIME, round(value * 60)
    elif rule == CompletionRule.COVERAGE and played and (value is None or value <= 100):
        lesson.completion_rule, lesson.completion_coverage = CompletionRule.COVERAGE, round(value or 90)
    elif rule in {CompletionRule.MARKED, CompletionRule.QUIZ} and value is None:
        lesson.completion_rule = CompletionRule(rule)
    else:
        warn(lesson.where, _("The completion rule is not understood; the usual one of this kind is taken."))
