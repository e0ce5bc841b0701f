"""What an exam leaves on a device: for its member alone, through refusals, a full disk and a killed browser."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from scripts import find_chromium
from tests.browser.conftest import FLAGS, sign_in, watched
from tests.browser.sitting import cut, kept, mend, paper_is_kept, start, state, stores, text, waits_for
from tests.server import Server

Open = Callable[..., BrowserContext]


def test_another_member_on_the_same_phone_sees_neither_paper_nor_answers(
    open_browser: Open, new_quiz: Any, held: Any, server: Server
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    attempt = page.url
    paper_is_kept(page)
    cut(context, server)
    text(page, 3).fill("mine alone")
    waits_for(lambda: len(kept(page)) == 1)
    page.close()
    context.clear_cookies()
    mend(context, server)
    other = watched(context.new_page())
    sign_in(other, "secretary")
    waits_for(lambda: not (stores(other)["caches"] or stores(other)["held"] or stores(other)["papers"]))
    assert other.goto(attempt).status == 404  # type: ignore[union-attr]
    context.set_offline(True)
    other.goto(attempt)
    expect(other.get_by_role("heading", level=1)).to_have_text("没有网络")
    expect(other.locator("body")).not_to_contain_text("Browser")
    context.set_offline(False)
    assert len(kept(other)) == 1
    assert held() == {}
    context.clear_cookies()
    sign_in(other, "member")
    waits_for(lambda: held() == {3: {"text": "mine alone"}}, 10)
    waits_for(lambda: kept(other) == set())


def test_signing_out_takes_the_paper_along(open_browser: Open, new_quiz: Any) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    attempt = page.url
    text(page, 3).fill("saved")
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=4000)
    paper_is_kept(page)
    page.goto("/quizzes")
    page.locator("header summary").last.click()
    page.locator("form[action$='/sign-out'] button").click()
    page.wait_for_url("**/sign-in**")
    assert not any(stores(page).values())
    context.set_offline(True)
    page.goto(attempt)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")


REFUSES_ALL = """
  IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); };
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""
REFUSES_BASES = 'IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); };'
FULL = "IDBObjectStore.prototype.put = function () { this.transaction.abort(); };"


@pytest.mark.parametrize("script", [REFUSES_BASES, FULL], ids=["refused", "full"])
def test_where_indexeddb_keeps_nothing_the_older_storage_does(
    open_browser: Open, new_quiz: Any, held: Any, script: str
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    page.add_init_script(script)
    start(page, new_quiz())
    attempt = page.url
    context.set_offline(True)
    text(page, 3).fill("kept all the same")
    expect(state(page, 3)).to_have_attribute("data-state", "kept", timeout=3000)
    page.close()
    context.set_offline(False)
    again = watched(context.new_page())
    again.goto(attempt)
    waits_for(lambda: held() == {3: {"text": "kept all the same"}})
    waits_for(lambda: kept(again) == set())


def test_where_nothing_can_be_kept_the_page_says_so(open_browser: Open, new_quiz: Any, held: Any) -> None:
    context = open_browser()
    page = watched(context.new_page())
    page.add_init_script(REFUSES_ALL)
    start(page, new_quiz())
    context.set_offline(True)
    text(page, 3).fill("in memory")
    expect(state(page, 3)).to_have_attribute("data-state", "lost", timeout=3000)
    expect(page.locator("[data-all]")).to_contain_text("请不要关闭此页面")
    context.set_offline(False)
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=15_000)
    assert held() == {3: {"text": "in memory"}}


def test_answers_that_an_older_version_kept_are_taken_over(open_browser: Open, new_quiz: Any, held: Any) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    page.evaluate(
        """() => {
          const { member, attempt } = document.querySelector("[data-quiz]").dataset;
          const record = { response: { text: "old" }, sequence: 1, base: 0, sent: {}, tried: true,
            recorded_at: new Date().toISOString() };
          localStorage.setItem(`learnhub-answer:${member}:${attempt}:3`, JSON.stringify(record));
        }"""
    )
    page.reload()
    expect(text(page, 3)).to_have_value("old")
    waits_for(lambda: held() == {3: {"text": "old"}})
    waits_for(lambda: kept(page) == set())


@contextmanager
def own_browser(playwright: Playwright, server: Server, profile: Path) -> Iterator[Page]:
    """A browser of its own with that profile on the disk: its page."""
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=find_chromium.find_light(), args=FLAGS, base_url=server.url, locale="zh-CN"
    )
    context.set_default_timeout(30_000)
    yield watched(context.new_page())
    with suppress(Error):
        context.close()


def kill_browser(profile: Path) -> None:
    """SIGKILL for every process of the browser with that profile."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def test_a_browser_killed_without_a_network_opens_the_paper_with_every_answer(
    playwright: Playwright, server: Server, new_quiz: Any, held: Any, tmp_path: Path
) -> None:
    with own_browser(playwright, server, tmp_path) as page:
        start(page, new_quiz())
        attempt = page.url
        paper_is_kept(page)
        server.kill()
        text(page, 3).press_sequentially("to the last letter")
        page.locator("#q1 .choice").nth(1).click()
        page.wait_for_timeout(300)
        kill_browser(tmp_path)
    with own_browser(playwright, server, tmp_path) as page:
        page.goto(attempt)
        expect(page.locator("[data-without]")).to_be_visible()
        expect(text(page, 3)).to_have_value("to the last letter")
        expect(page.locator("#q1 input").nth(3)).to_be_checked()
        server.start()
        page.goto("/")
        if "/sign-in" in page.url:
            sign_in(page, "member")
        waits_for(lambda: set(held()) == {1, 3}, 40)
        assert held()[3] == {"text": "to the last letter"}
