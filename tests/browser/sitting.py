"""Sitting a quiz in a browser: starting it, what each question says about itself, what this device keeps of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from learnhub.kernel.db import db
from learnhub.quizzes.models import Attempt, Quiz
from tests.server import DEMO_PASSWORD, Server

STORES = """async () => {
  const found = { waiting: [], held: [], papers: [] };
  found.spare = Object.keys(localStorage).filter((key) => key.startsWith("learnhub-answer:"));
  found.caches = (await caches.keys()).filter((name) => name.startsWith("learnhub-paper-"));
  if (!(await indexedDB.databases()).some((one) => one.name === "learnhub-attempts")) return found;
  const base = await new Promise((done) => {
    indexedDB.open("learnhub-attempts").onsuccess = (event) => done(event.target.result);
  });
  for (const name of ["waiting", "held", "papers"]) {
    found[name] = await new Promise((done) => {
      base.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result);
    });
  }
  base.close();
  return found;
}"""
PAPER = """async () => {
  for (const name of await caches.keys()) {
    if (!name.startsWith("learnhub-paper-")) continue;
    const kept = (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
    if (kept.some((path) => path.startsWith("/attempts/"))) return true;
  }
  return false;
}"""


def newest() -> Attempt:
    """The attempt that was started last in this browser's quizzes."""
    mine = select(func.max(Attempt.id)).join(Quiz, Quiz.id == Attempt.quiz_id).where(Quiz.slug.like("browser-%"))
    return db.session.scalars(select(Attempt).where(Attempt.id == mine.scalar_subquery())).one()


def start(page: Page, address: str, name: str = "member", *, scripts: bool = True) -> None:
    """Sign in as one of the demo's accounts, start the quiz, and wait until the page keeps what is answered."""
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(address)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/attempts/\d+"))
    if scripts:
        running(page)


def running(page: Page) -> None:
    """The page's scripts are at work: what is answered from here on stays on this device."""
    expect(page.locator("form[data-running]")).to_be_attached(timeout=30_000)


def stores(page: Page) -> dict[str, list[Any]]:
    """What this device keeps: answers that wait, those the server held, papers, and what localStorage kept instead."""
    found: dict[str, list[Any]] = page.evaluate(STORES)
    return found


def kept(page: Page) -> set[str]:
    """The answers that wait on this device: member, attempt and slot of each."""
    found = stores(page)
    bases = {f"{one['member']}:{one['attempt']}:{one['slot']}" for one in found["waiting"]}
    return bases | {one.removeprefix("learnhub-answer:") for one in found["spare"]}


def paper_is_kept(page: Page) -> None:
    """Wait until the service worker has the paper with everything that it needs."""
    waits_for(lambda: bool(page.evaluate(PAPER)), 20)


def state(page: Page, slot: int) -> Locator:
    """The line under a question that says whether it is saved."""
    return page.locator(f"#q{slot} .save-state")


def waits_for(check: Callable[[], bool], seconds: float = 5) -> None:
    """Until the server has it."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.05)


def text(page: Page, slot: int) -> Locator:
    """The field of a question that asks for a word."""
    return page.locator(f"#q{slot} input[name=s{slot}-text]")


def cut(context: BrowserContext, server: Server) -> None:
    """No network. The browser says so, and since what it sends while a page closes gets past that: no server either."""
    context.set_offline(True)
    server.kill()


def mend(context: BrowserContext, server: Server) -> None:
    """The network is back."""
    server.start()
    context.set_offline(False)
