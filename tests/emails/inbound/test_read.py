"""Mails that come to the return path: what they tell, and of which mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emails.feedback import Told
from emails.inbound.read import read_mail
from tests.emails.inbound import samples
from tests.emails.inbound.samples import OURS, READER, bounce, fields, words

NOW = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mail", "kind", "status"),
    [
        (bounce("", fields()), Told.HARD_BOUNCED, "5.1.1"),
        (
            bounce("", fields("5.2.2", "smtp; 552 5.2.2 Mailbox size limit exceeded")),
            Told.SOFT_BOUNCED,
            "5.2.2",
        ),
        (
            bounce("", fields("5.7.1", "smtp; 550 5.7.1 No such user? Blocked by policy")),
            Told.SOFT_BOUNCED,
            "5.7.1",
        ),
        (bounce("", fields("4.4.1", "smtp; connect timed out", "delayed")), Told.DELAYED, "4.4.1"),
        (bounce("", fields("2.0.0", "smtp; 250 Ok", "relayed")), Told.DELIVERED, "2.0.0"),
        # The fields tell nothing, the words do.
        (bounce(f"<{READER}>: no such user here", fields("5.0.0", "")), Told.HARD_BOUNCED, "5.0.0"),
        # Microsoft's words for a recipient that the directory does not know.
        (
            bounce("", fields("5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied.")),
            Told.HARD_BOUNCED,
            "5.4.1",
        ),
        # A carrier whose customer lets few people write takes the address and refuses the mail.
        (
            bounce(">>> DATA\n<<< 550 : User unknown", fields("5.0.0", "smtp; 550 : User unknown")),
            Told.SOFT_BOUNCED,
            "5.0.0",
        ),
        (samples.QMAIL, Told.HARD_BOUNCED, ""),
        (samples.EXIM, Told.SOFT_BOUNCED, "5.2.2"),
        (samples.JAPANESE, Told.HARD_BOUNCED, ""),
        (samples.COMPLAINT, Told.COMPLAINED, ""),
        (samples.OUTLOOK_COMPLAINT, Told.COMPLAINED, ""),
        (samples.VACATION, Told.REPLIED, ""),
        (samples.LEAVES_IN_WORDS, Told.UNSUBSCRIBED, ""),
    ],
)
def test_each_says_what_became_of_our_mail(mail: bytes, kind: Told, status: str) -> None:
    (one,) = read_mail(mail, NOW).told
    assert (one.kind, one.status, one.message_id, one.recipient) == (kind, status, OURS, READER)


@pytest.mark.parametrize(
    ("words_of_server", "kind"),
    [
        ("450 4.1.1 User unknown in local recipient table", Told.SOFT_BOUNCED),
        ("451 user unknown, try again", Told.SOFT_BOUNCED),
        ("550 Requested action not taken: mailbox unavailable", Told.HARD_BOUNCED),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts", Told.SOFT_BOUNCED),
        ("550 5.1.1 inactive email address", Told.HARD_BOUNCED),
        ("550 this account is disabled; invalid mailbox", Told.SOFT_BOUNCED),
        ("550 no such user at scriptreader.example", Told.HARD_BOUNCED),
        ("550 no such user, see https://spam.example/blocked", Told.HARD_BOUNCED),
        ("550 5.7.26 Unauthenticated mail is prohibited", Told.SOFT_BOUNCED),
        ("something that nobody has ever said", Told.SOFT_BOUNCED),
    ],
)
def test_what_a_server_says(words_of_server: str, kind: Told) -> None:
    mail = words(f"<{READER}>:\n{words_of_server}\n\n--- Below this line is a copy\n\n{samples.RETURNED}")
    assert [one.kind for one in read_mail(mail, NOW).told] == [kind]


def test_who_writes_to_the_address_that_leaves_needs_no_words() -> None:
    incoming = read_mail(samples.LEAVES, NOW)
    assert [one.kind for one in incoming.told] == [Told.UNSUBSCRIBED]
    assert incoming.places == ("l+abc234@mail.example.com",)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_kind_are_read(ending: bytes) -> None:
    mail = bounce("", fields()).replace(b"\n", ending)
    assert [one.kind for one in read_mail(mail, NOW).told] == [Told.HARD_BOUNCED]


def test_several_recipients_are_told_apart() -> None:
    both = fields() + (
        "\nFinal-Recipient: rfc822; otto@reader.example\nAction: failed\nStatus: 5.2.2\n"
        "Diagnostic-Code: smtp; 552 over quota\n"
    )
    told = read_mail(bounce("", both), NOW).told
    assert [(one.recipient, one.kind) for one in told] == [
        (READER, Told.HARD_BOUNCED),
        ("otto@reader.example", Told.SOFT_BOUNCED),
    ]
    assert len({one.key for one in told}) == 2


def test_a_boundary_that_is_not_the_one_that_was_told_is_found() -> None:
    mail = bounce("", fields()).replace(b'boundary="b"', b'boundary="another"')
    (one,) = read_mail(mail, NOW).told
    assert (one.kind, one.message_id) == (Told.HARD_BOUNCED, OURS)


def test_a_report_within_the_mail_that_came_back_is_about_another_mail() -> None:
    inner = bounce("", fields().replace(READER, "otto@reader.example")).decode()
    inner = inner.replace('boundary="b"', 'boundary="c"').replace("--b", "--c")
    outer = bounce("", fields("5.2.2", "smtp; 552 over quota"), returned=inner)
    assert [one.kind for one in read_mail(outer, NOW).told] == [Told.SOFT_BOUNCED]


def test_the_same_mail_has_the_same_keys_and_another_has_others() -> None:
    first, again = (read_mail(bounce("", fields()), NOW).told[0].key for _ in range(2))
    other = read_mail(bounce("later", fields()), NOW).told[0].key
    assert first == again != other


def test_a_letter_from_a_person_is_no_bounce() -> None:
    letter = words(
        "Your policy on quota and spam is unknown to this user.", subject="A question", sender=READER
    )
    assert read_mail(letter, NOW).told == ()


@pytest.mark.parametrize(
    "date", ["nonsense", "Mon, 99 Nov 99999 10:00:00 +9999", "Mon, 02 Nov 2099 10:00:00 +0000"]
)
def test_a_date_that_cannot_be_is_now(date: str) -> None:
    mail = bounce("", fields()).replace(b"Mon, 02 Nov 2026 10:00:00 +0000", date.encode())
    assert read_mail(mail, NOW).told[0].at == NOW
