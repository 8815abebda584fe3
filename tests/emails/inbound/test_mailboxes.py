"""Mailboxes: what waits is read, what was understood goes, the rest is put aside for a person."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from emails.inbound.mailbox import Mailbox, MailboxAway, problem_with
from emails.inbound.open_mailbox import open_mailbox
from emails.inbound.parts import MOST_BYTES
from tests.emails.inbound.imap_server import PASSWORD, USER, Box, serving

LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"


def emptied(box: Mailbox) -> list[bytes]:
    """The first mail is understood, the others are not."""
    with box:
        found = list(box.waiting(10))
        for place, (name, _) in enumerate(found):
            if place:
                box.put_aside(name)
            else:
                box.drop(name)
        assert list(box.waiting(10)) == []
    return [raw for _, raw in found]


def test_a_mailbox_at_a_server_is_read_and_emptied() -> None:
    box = Box({7: b"Subject: one\r\n\r\n(x) {3}\r\n", 8: b"Subject: two\r\n\r\n" + b"y" * MOST_BYTES})
    with serving(box) as port:
        first, second = emptied(open_mailbox(f"imap://{LOGIN}@127.0.0.1:{port}/INBOX"))
    assert first == b"Subject: one\r\n\r\n(x) {3}\r\n"
    assert len(second) == MOST_BYTES
    assert box.mails == {}
    assert [raw[:12] for raw in box.aside] == [b"Subject: two"]


@pytest.mark.parametrize("prefix", ["INBOX.", "INBOX/"])
def test_a_server_that_keeps_all_folders_below_the_inbox_is_emptied_too(prefix: str) -> None:
    """Else the first mail that is none of ours would stay, and all behind it unread."""
    box = Box({7: b"one", 8: b"two"}, prefix=prefix)
    with serving(box) as port:
        emptied(open_mailbox(f"imap://{LOGIN}@127.0.0.1:{port}/INBOX"))
    assert (box.mails, box.aside) == ({}, [b"two"])
    assert box.folders == {"INBOX", f"{prefix}Other"}


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE", "COPY"])
@pytest.mark.parametrize("how", ["refuse", "cut"])
def test_a_server_that_refuses_or_breaks_off_keeps_its_mails(command: str, how: str) -> None:
    box = Box({7: b"one", 8: b"two"})
    setattr(box, how, command)
    with serving(box) as port, pytest.raises(MailboxAway) as caught:
        emptied(open_mailbox(f"imap://{LOGIN}@127.0.0.1:{port}/INBOX"))
    assert set(box.mails) >= {8}
    assert PASSWORD not in str(caught.value)


def test_a_folder_that_is_not_there_is_away() -> None:
    with serving(Box()) as port, pytest.raises(MailboxAway):
        emptied(open_mailbox(f"imap://{LOGIN}@127.0.0.1:{port}/Elsewhere"))


def test_nobody_at_home_is_away() -> None:
    with serving(Box()) as port:
        pass
    with pytest.raises(MailboxAway):
        emptied(open_mailbox(f"imap://{LOGIN}@127.0.0.1:{port}/INBOX"))


def test_a_folder_of_files_is_read_and_emptied(tmp_path: Path) -> None:
    for part, name in (("new", "1"), ("cur", "2:2,S")):
        (tmp_path / part).mkdir()
        (tmp_path / part / name).write_bytes(name.encode())
    assert emptied(open_mailbox(f"maildir://{tmp_path}")) == [b"2:2,S", b"1"]
    assert [path.name for path in (tmp_path / ".Other" / "cur").iterdir()] == ["1"]


def test_what_another_reader_took_is_no_error(tmp_path: Path) -> None:
    for part in ("new", "cur"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1").write_bytes(b"x")
    with open_mailbox(f"maildir://{tmp_path}") as box:
        ((name, _),) = box.waiting(10)
        box.drop(name)
        box.drop(name)
        box.put_aside(name)


def test_a_folder_of_files_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(MailboxAway), open_mailbox(f"maildir://{tmp_path}/nothing"):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "imap://u:p@mail.example.com/INBOX",
        "imaps://mail.example.com/INBOX",
        "imaps://u@mail.example.com/INBOX",
        "imaps://u:p@/INBOX",
        "imaps://u%0d%0a:p@mail.example.com/INBOX",
        "imaps://u:p@mail.example.com/IN%0ABOX",
        "imaps://u:p@mail.example.com:99999/",
        "maildir://host/folder",
        "maildir:///",
        "pop3://u:p@mail.example.com",
        "",
    ],
)
def test_an_address_that_is_none_is_told_without_its_secret(url: str) -> None:
    problem = problem_with(url)
    assert problem and "u:p" not in problem
    with pytest.raises(ValueError, match="it "):
        open_mailbox(url)
