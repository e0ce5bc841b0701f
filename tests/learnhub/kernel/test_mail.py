"""Mail leaves over SMTP or into a folder; what is refused for good is told apart from what may be tried again."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from learnhub.kernel import mail
from tests.post_office import post_office

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LETTER = mail.Letter("wang@example.org", "你的密码", "打开这个链接……")


def test_a_letter_arrives_as_it_was_written() -> None:
    with post_office() as office, mail.office(office.url, "learnhub@example.org", NOW) as send:
        send(LETTER)
        send(LETTER)
    first, second = office.letters
    assert (first["Subject"], first["To"], first["From"]) == ("你的密码", "wang@example.org", "learnhub@example.org")
    assert first.get_content().strip() == "打开这个链接……"
    assert first["Date"] == "Sun, 29 Nov 2026 12:00:00 +0000"
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize(
    ("said", "kind"), [("550 no such mailbox", mail.MailRefusedError), ("451 come back later", mail.MailDownError)]
)
def test_no_for_good_is_told_apart_from_not_now(said: str, kind: type[Exception]) -> None:
    with post_office() as office, mail.office(office.url, "a@example.org", NOW) as send:
        office.refuses["wang@example.org"] = said
        with pytest.raises(kind, match=said[:3]):
            send(LETTER)
        send(mail.Letter("li@example.org", "s", "t"))
    assert [one["To"] for one in office.letters] == ["li@example.org"]


def test_a_server_that_is_away_is_said_to_be_down() -> None:
    with post_office() as office:
        url = office.url
    with pytest.raises(mail.MailDownError), mail.office(url, "a@example.org", NOW):
        pass


def test_a_password_is_never_sent_in_the_clear() -> None:
    with post_office() as office:
        url = office.url.replace("//", "//name:secret@")
        with pytest.raises(mail.MailDownError, match="TLS"), mail.office(url, "a@example.org", NOW):
            pass


def test_an_address_with_a_line_break_becomes_no_header(tmp_path: Path) -> None:
    with mail.office(tmp_path.as_uri(), "a@example.org", NOW) as send, pytest.raises(mail.MailRefusedError):
        send(mail.Letter("wang@example.org\nBcc: all@example.org", "s", "t"))
    assert not list(tmp_path.iterdir())


def test_a_box_without_mail_keeps_letters_in_a_folder(tmp_path: Path) -> None:
    with mail.office((tmp_path / "mail").as_uri(), "a@example.org", NOW) as send:
        send(LETTER)
    (kept,) = (tmp_path / "mail").iterdir()
    read = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert read["Subject"] == "你的密码"


@pytest.mark.parametrize("url", ["smtp://h", "smtp://n:p%40@h:587", "smtps://h:465", "file:///var/mail"])
def test_addresses_of_settings_that_can_be_used(url: str) -> None:
    assert mail.fault_of(url) is None


@pytest.mark.parametrize("url", ["h:25", "http://h", "smtp://", "smtp://h:many", "file://folder", "smtp:"])
def test_addresses_of_settings_that_can_not(url: str) -> None:
    assert mail.fault_of(url)
