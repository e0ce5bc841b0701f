"""Catalogues are compiled when they changed, by any number of processes at once."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from learnhub.kernel.catalogues import CATALOGUES, compile_catalogues, reader
from learnhub.kernel.words import _, n_


def test_many_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    shutil.copytree(CATALOGUES, tmp_path / "t", ignore=shutil.ignore_patterns("*.mo", "*.part"))
    failures: list[BaseException] = []

    def compile_them() -> None:
        try:
            compile_catalogues(tmp_path / "t")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=compile_them) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(list((tmp_path / "t").rglob("*.mo"))) == 2
    assert list((tmp_path / "t").rglob("*.part")) == []


def test_a_message_is_read_in_either_language() -> None:
    assert reader("zh_CN.UTF-8")(_("Sign in")) == "登录"
    assert reader("C")(_("Sign in")) == "Sign in"
    assert reader("en")(n_("%(n)s row", "%(n)s rows", n=2)) == "2 rows"
    assert reader("zh")("plain") == "plain"
