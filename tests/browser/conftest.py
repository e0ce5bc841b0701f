"""A real server with the demo organisation, and a real browser in front of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from scripts import find_chromium

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
DEMO_PASSWORD = "fair winds 2026"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test; LEARNHUB_TESTS=nobrowser deselects it, aloud."""
    for item in items:
        if Path(__file__).parent in Path(str(item.fspath)).parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`learnhub serve` on a folder of its own; it can be killed hard and started again."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that it runs with."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("LEARNHUB_")},
            "LEARNHUB_INSTANCE": str(self.folder),
            "LEARNHUB_DEMO_PASSWORD": DEMO_PASSWORD,
            "LEARNHUB_BASE_URL": self.url,
            **self.settings,
        }

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the learnhub command on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "learnhub.cli", *words],
            env=self.environment,
            check=check,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self) -> None:
        """Start it and wait until it is ready."""
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "learnhub.cli", "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=1)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """SIGKILL for the server, its workers and its clock at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo organisation, served."""
    running = Server(tmp_path_factory.mktemp("instance"))
    running.command("db", "upgrade")
    running.command("demo")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, driving the Chromium of this machine."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without a screen."""
    path = find_chromium.find()
    assert path, find_chromium.ADVICE
    running = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def open_browser(browser: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Gives fresh browser profiles: `open_browser(viewport=DESK, locale="en-GB", java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def fresh(**options: Any) -> BrowserContext:
        settings = {"viewport": PHONE, "locale": "zh-CN", "base_url": server.url, "timezone_id": "Asia/Shanghai"}
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def phone(open_browser: Callable[..., BrowserContext]) -> Page:
    """A phone-sized page in Chinese. Errors of scripts and of the content policy fail the test."""
    return watched(open_browser().new_page())


def watched(page: Page) -> Page:
    """A page on which no script may fail and nothing may be blocked by the content policy."""

    def complain(text: str) -> None:
        raise AssertionError(text)

    page.on("pageerror", lambda error: complain(f"script error: {error}"))
    page.on(
        "console",
        lambda message: complain(message.text) if "Content Security Policy" in message.text else None,
    )
    return page


def sign_in(page: Page, name: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in as one of the demo accounts, the way a person does."""
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
