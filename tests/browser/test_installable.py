"""On the phone's home screen: offline, shared photos, what stays behind after signing out, going back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

from tests.browser.conftest import sign_in, watched

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
}"""
READ = """async (name) => {
  const there = (await indexedDB.databases()).some((one) => one.name === "learnhub");
  if (!there) return [];
  const base = await new Promise((done) => {
    indexedDB.open("learnhub").onsuccess = (event) => done(event.target.result);
  });
  const found = await new Promise((done) => {
    base.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result);
  });
  base.close();
  return found;
}"""
SHARE = """(files) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/share", enctype: "multipart/form-data" });
  const input = Object.assign(document.createElement("input"), { type: "file", name: "photos", multiple: true });
  const bag = new DataTransfer();
  for (const [name, type, bytes] of files) bag.items.add(new File([new Uint8Array(bytes)], name, { type }));
  input.files = bag.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}"""
GIF = list(
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xb3\x26\x1e\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
PHOTOS = [["flag.gif", "image/gif", GIF], ["notes.txt", "text/plain", [104, 105]]]


def app(page: Page) -> None:
    """Wait until the service worker has the page and the device knows who is here.

    A worker that could not be installed beside one page is installed by the next one that is opened.
    """
    for _opened in range(3):
        try:
            page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'", timeout=12_000)
            break
        except TimeoutError:
            page.reload()
    assert page.evaluate("navigator.serviceWorker.controller?.state") == "activated"
    here = page.evaluate("document.body.dataset.member || ''")
    for _n in range(50):
        if page.evaluate(READ, "who") == [here]:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the device does not know who is here")


def shelf(page: Page) -> list[tuple[str, str]]:
    """What lies on the device: whose it is and its name."""
    return [(photo["member"], photo["name"]) for photo in page.evaluate(READ, "photos")]


def share(page: Page) -> None:
    """What the phone does when one chooses us in its share sheet."""
    with page.expect_navigation(url=re.compile("shared")):
        page.evaluate(SHARE, PHOTOS)


def test_without_network_a_page_says_so_in_both_languages_and_nothing_personal_was_kept(phone: Page) -> None:
    sign_in(phone, "member")
    app(phone)
    for path in ("/", "/points", "/courses", "/transcript", "/me", "/api/v1/me"):
        phone.goto(path)
    phone.goto("/")
    kept = phone.evaluate(KEPT)
    assert "/offline" in kept
    assert [path for path in kept if not path.startswith("/static/") and path != "/offline"] == []
    phone.context.set_offline(True)
    phone.goto("/points")
    expect(phone.get_by_role("heading")).to_have_text(["没有网络"])
    expect(phone).to_have_title("没有网络")
    expect(phone.locator("body")).not_to_contain_text("王晓")
    phone.context.set_offline(False)
    phone.get_by_role("link", name="再试一次").click()
    expect(phone).to_have_url(re.compile("/points$"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("积分")


def test_the_page_without_network_speaks_the_language_that_the_phone_was_shown_last(phone: Page) -> None:
    phone.goto("/offline")
    expect(phone.get_by_role("heading")).to_have_text(["没有网络", "No connection"])
    sign_in(phone, "member")
    for language, told in (("en", "No connection"), ("zh_Hans", "没有网络")):
        phone.evaluate("lang => { localStorage['learnhub:language'] = lang.replace('_', '-'); }", language)
        phone.goto("/offline")
        expect(phone.get_by_role("heading", level=1)).to_have_text([told])
        expect(phone.locator("[data-again]")).to_have_count(1)


def test_a_photo_shared_from_the_phone_lies_there_until_it_is_removed(phone: Page) -> None:
    sign_in(phone, "member")
    app(phone)
    share(phone)
    expect(phone).to_have_url(re.compile("/shared"))
    rows = phone.locator("#shared li")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("flag.gif")
    expect(rows.first.locator("img")).to_be_visible()
    with phone.expect_download() as loading:
        rows.first.locator("a[download]").click()
    assert loading.value.suggested_filename == "flag.gif"
    phone.reload()
    rows.first.get_by_role("button").click()
    expect(rows).to_have_count(0)
    expect(phone.locator("#shared-empty")).to_be_visible()
    assert shelf(phone) == []


def test_signing_out_takes_the_photos_along_and_the_next_member_sees_none(phone: Page) -> None:
    sign_in(phone, "member")
    app(phone)
    share(phone)
    assert [name for _member, name in shelf(phone)] == ["flag.gif"]
    phone.context.clear_cookies()
    sign_in(phone, "secretary")
    phone.goto("/shared")
    expect(phone.locator("#shared-empty")).to_be_visible()
    app(phone)
    share(phone)
    members = {member for member, _name in shelf(phone)}
    assert len(members) == 2
    phone.locator("header summary").last.click()
    phone.locator("form[action$='/sign-out'] button").click()
    phone.wait_for_url("**/sign-in**")
    left = {member for member, _name in shelf(phone)}
    assert len(left) == 1
    assert left < members


def test_what_is_shared_while_nobody_is_signed_in_is_not_kept(phone: Page) -> None:
    phone.goto("/sign-in")
    app(phone)
    share(phone)
    assert shelf(phone) == []


def test_without_a_service_worker_the_page_says_that_nothing_was_kept(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = watched(open_browser(service_workers="block").new_page())
    sign_in(page, "member")
    page.evaluate(SHARE, PHOTOS)
    page.wait_for_url("**/share")
    expect(page.locator("main .empty")).to_be_visible()


@pytest.mark.parametrize("unread", [0, 3])
def test_the_number_of_unread_notices_stands_on_the_icon(phone: Page, unread: int) -> None:
    sign_in(phone, "member")
    phone.add_init_script(
        f"""window.badges = [];
        navigator.setAppBadge = async (n) => badges.push(n);
        navigator.clearAppBadge = async () => badges.push("none");
        document.addEventListener("DOMContentLoaded", () => {{
          document.querySelector("[data-unread]").dataset.unread = "{unread}";
        }});"""
    )
    phone.goto("/points")
    phone.wait_for_function("() => badges.length > 0")
    assert phone.evaluate("badges") == [unread or "none"]


def test_going_back_finds_the_place_on_the_page_and_what_was_typed(phone: Page) -> None:
    phone.set_viewport_size({"width": 390, "height": 500})
    sign_in(phone, "member")
    phone.goto("/courses")
    phone.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    place = phone.evaluate("scrollY")
    assert place > 0
    phone.locator("main a[href^='/courses/']").last.click()
    phone.wait_for_url("**/courses/*")
    phone.go_back()
    phone.wait_for_function("() => scrollY > 0")
    assert abs(phone.evaluate("scrollY") - place) <= 2
    phone.goto("/me/details")
    phone.fill("[name=field-phone]", "13800000000")
    phone.locator("nav.bottom a").first.click()
    phone.wait_for_url(lambda url: not url.endswith("/me/details"))
    phone.go_back()
    expect(phone.locator("[name=field-phone]")).to_have_value("13800000000")
