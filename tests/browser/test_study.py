"""A lesson in a real browser: time that counts and time that does not, a video that is sought in, a PDF in the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in, watched
from tests.server import free_port, served

VIDEO = "/courses/information-literacy/lessons/four-moves"
PDF = "/courses/network-security/lessons/desk"
TEXT = "/courses/information-literacy/lessons/ask-first"
HIDE = """visible => {
  Object.defineProperty(document, "visibilityState", { value: visible ? "visible" : "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def study(page: Page, state: str) -> None:
    """Wait until the page says that it counts, or that it paused."""
    expect(page.locator("#study")).to_have_attribute("data-state", state)


def until(page: Page, condition: str) -> None:
    """Wait until an expression about the first video `v` holds (the content policy forbids pages to evaluate any)."""
    for _try in range(200):
        if page.evaluate(f"(() => {{ const v = document.querySelector('video'); return Boolean({condition}); }})()"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def beats(page: Page) -> list[str]:
    """The beats that the page sends from now on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/beats") else None)
    return sent


def test_s05_a_hidden_tab_stops_the_counting_and_says_so(phone: Page) -> None:
    sign_in(phone, "member")
    phone.goto(TEXT)
    study(phone, "counting")
    phone.evaluate(HIDE, False)
    study(phone, "paused")
    expect(phone.locator("#study-state")).to_contain_text("暂停")
    phone.evaluate(HIDE, True)
    study(phone, "counting")


def test_s05_five_idle_minutes_stop_the_counting_and_a_touch_starts_it_again(phone: Page) -> None:
    phone.clock.install()
    sign_in(phone, "member")
    phone.goto(TEXT)
    study(phone, "counting")
    phone.clock.fast_forward("05:10")
    study(phone, "paused")
    sent = beats(phone)
    phone.clock.fast_forward("10:00")
    study(phone, "paused")
    assert sent == []
    phone.mouse.move(50, 300)
    study(phone, "counting")


def test_a_video_plays_is_sought_in_and_its_captions_are_there(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = watched(open_browser(viewport=DESK).new_page())
    sign_in(page, "member")
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if "four-moves.mp4" in answer.url else None)
    page.goto(VIDEO)
    until(page, "v.readyState >= 1")
    length = page.evaluate("document.querySelector('video').duration")
    assert length > 5
    page.evaluate("document.querySelector('video').currentTime = document.querySelector('video').duration - 3")
    until(page, "!v.seeking && v.readyState >= 2")
    assert set(answers) <= {200, 206}
    assert 206 in answers
    until(page, "v.textTracks[0].cues?.length > 0")
    played = []
    page.on("request", lambda request: played.append(request.post_data_json) if "/beats" in request.url else None)
    page.evaluate("document.querySelector('video').muted = true; document.querySelector('video').play()")
    until(page, "v.ended")
    page.wait_for_timeout(500)
    ranges = [one for body in played for one in body["played"] or []]
    assert ranges
    assert all(start > length - 4 for start, _end, _rate in ranges), "what was skipped was not reported as played"


def test_a_pdf_is_shown_in_the_page_and_can_be_fetched(open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(viewport=DESK, accept_downloads=True).new_page())
    sign_in(page, "member")
    with page.expect_response(lambda answer: answer.url.endswith(".pdf")) as asked:
        page.goto(PDF)
    assert asked.value.status == 200
    assert asked.value.headers["content-type"] == "application/pdf"
    frame = page.locator("iframe.document")
    expect(frame).to_be_visible()
    with page.expect_download() as loading:
        page.locator("main a[href*=download]").first.click()
    assert loading.value.suggested_filename.endswith(".pdf")


def test_w11_files_of_a_second_origin_play_and_show_in_the_page(
    whole_browser: Browser, tmp_path: Path, demo: Path
) -> None:
    port = free_port()
    origin = f"http://localhost:{port}"
    with served(tmp_path / "instance", like=demo, port=port, LEARNHUB_FILES_ORIGIN=origin) as server:
        context = whole_browser.new_context(base_url=server.url, locale="zh-CN", viewport=DESK)
        page = watched(context.new_page())
        sign_in(page, "member")
        page.goto(VIDEO)
        until(page, "v.readyState >= 1 && v.duration > 5")
        assert page.evaluate("document.querySelector('video').currentSrc").startswith(server.url)
        until(page, "v.textTracks[0].cues?.length > 0")
        with page.expect_response(lambda answer: "/files/" in answer.url and answer.status == 200) as asked:
            page.goto(PDF)
        assert asked.value.url.startswith("http://localhost:")
        assert "cookie" not in {name.lower() for name in asked.value.request.headers}
        page.wait_for_timeout(500)
        assert any(frame.url.startswith("http://localhost:") for frame in page.frames), "the frame is not refused"
        context.close()
