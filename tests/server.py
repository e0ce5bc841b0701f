"""`learnhub serve` as a real process, for tests that look at it from outside, kill it and start it again."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEMO_PASSWORD = "fair winds 2026"


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
    words: list[str] = field(default_factory=list)
    """More words for `learnhub serve`."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """The address of its database for SQLAlchemy."""
        url = self.settings.get("LEARNHUB_DATABASE_URL", f"sqlite:///{self.folder / 'learnhub.db'}")
        return url.replace("postgresql://", "postgresql+psycopg://")

    @property
    def environment(self) -> dict[str, str]:
        """The settings that it runs with."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("LEARNHUB_")},
            "LEARNHUB_INSTANCE": str(self.folder),
            "LEARNHUB_DEMO_PASSWORD": DEMO_PASSWORD,
            "LEARNHUB_BASE_URL": self.url,
            "LEARNHUB_MAIL_URL": (self.folder / "mail").as_uri(),
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
            timeout=600,
        )

    def start(self) -> None:
        """Start it and wait until it is ready."""
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "learnhub.cli", "serve", "--port", str(self.port), *self.words],
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=1)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "server.log").read_text())

    def clock(self) -> subprocess.Popen[bytes]:
        """`learnhub jobs` beside it: what a server on SQLite has as a child."""
        log = (self.folder / "jobs.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "learnhub.cli", "jobs"], env=self.environment, stdout=log, stderr=log
        )

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


def demo_folder(shared: Path) -> Path:
    """A folder with the demo organisation, to be copied: made once for all workers of a run that share a folder."""
    folder = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo.made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            set_up(Server(folder))
            (shared / "demo.made").touch()
    return folder


def set_up(server: Server, *, demo: bool = True) -> None:
    """Its tables, and the demo organisation unless it is not wanted."""
    server.command("db", "upgrade")
    if demo:
        server.command("demo")


@contextmanager
def served(
    folder: Path, *, like: Path | None = None, demo: bool = True, port: int | None = None, **settings: str
) -> Iterator[Server]:
    """A server on a new database, or on a copy of the folder `like`; stopped at the end."""
    running = Server(folder, settings, port or free_port())
    if like:
        shutil.copytree(like, folder, dirs_exist_ok=True)
    else:
        set_up(running, demo=demo)
    running.start()
    try:
        yield running
    finally:
        running.stop()
