"""Mails that are cut, flipped, nested or huge: never an exception, never slow (in time of the processor)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from emails.inbound.read import read_mail
from tests.emails.inbound import samples
from tests.emails.inbound.samples import bounce, fields
from tests.proof import Count

NOW = datetime(2026, 11, 3, tzinfo=UTC)
MAILS = (
    bounce("Some words", fields()),
    samples.QMAIL,
    samples.EXIM,
    samples.JAPANESE,
    samples.COMPLAINT,
    samples.OUTLOOK_COMPLAINT,
    samples.VACATION,
)
MEGABYTE = 1024 * 1024


def test_damaged_mails_are_read_or_left(count: Count) -> None:
    for seed in range(count(2_000, 50_000)):
        draw = random.Random(seed)
        mail = draw.choice(DAMAGES)(draw, draw.choice(MAILS))
        if draw.random() < 0.3:
            mail = draw.choice(DAMAGES)(draw, mail)
        began = time.process_time()
        incoming = read_mail(mail, NOW)
        taken = time.process_time() - began
        assert taken < 1, (seed, taken)
        for one in incoming.told:
            assert len(one.detail) <= 300, seed
            assert "\0" not in one.detail + one.recipient + one.message_id, seed


@pytest.mark.parametrize(
    "letter", [b"a", b" ", b"\n", b">", b"-", b"<", b"@", b"=", b"\x1b", b"\0", b"a@", b"--b\n"]
)
def test_a_megabyte_of_one_thing_is_read_at_once(letter: bytes) -> None:
    for mail in (
        letter * (MEGABYTE // len(letter)),
        bounce("", fields()) + letter * (MEGABYTE // len(letter)),
        samples.QMAIL.replace(b"Giving up", letter * (MEGABYTE // len(letter))),
    ):
        began = time.process_time()
        read_mail(mail, NOW)
        assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("charset", "letters"),
    [
        (b"raw_unicode_escape", b"\\ud800"),
        (b"unicode_escape", b"\\ud800\\x00"),
        (b"utf-7", b"+2AA-"),
        (b"punycode", b"-" + b"a" * (MEGABYTE // 4)),
        (b"idna", b"xn--a."),
    ],
)
def test_a_strange_alphabet_is_read_at_once_and_can_be_stored(charset: bytes, letters: bytes) -> None:
    head = b"From: MAILER-DAEMON@mx.example\nSubject: =?%s?q?failure_%s?=\n" % (charset, letters[:40])
    mail = head + b"Content-Type: text/plain; charset=%s\n\nuser unknown%s\n" % (charset, letters)
    began = time.process_time()
    (one,) = read_mail(mail, NOW).told
    assert time.process_time() - began < 1
    assert (one.detail + one.recipient).encode("utf-8").isascii() or charset == b"punycode"
    assert "\0" not in one.detail


def cut(draw: random.Random, mail: bytes) -> bytes:
    return mail[: draw.randrange(len(mail) + 1)]


def flipped(draw: random.Random, mail: bytes) -> bytes:
    bytes_of = bytearray(mail)
    for _ in range(draw.randint(1, 40)):
        if bytes_of:
            bytes_of[draw.randrange(len(bytes_of))] = draw.randrange(256)
    return bytes(bytes_of)


def nested(draw: random.Random, mail: bytes) -> bytes:
    for level in range(draw.choice((3, 20, 200, 2_000))):
        if draw.random() < 0.5:
            mail = b"Content-Type: message/rfc822\n\n" + mail
        else:
            mark = b"n%d" % level
            mail = b"Content-Type: multipart/mixed; boundary=" + mark + b"\n\n--" + mark + b"\n" + mail
    return mail


def without_boundary(draw: random.Random, mail: bytes) -> bytes:
    return mail.replace(b'boundary="b"', draw.choice((b"", b"boundary=", b'boundary="', b"boundary=zz")))


def without_lines(draw: random.Random, mail: bytes) -> bytes:
    lines = mail.split(b"\n")
    return b"\n".join(line for line in lines if draw.random() < 0.8)


def shuffled(draw: random.Random, mail: bytes) -> bytes:
    lines = mail.split(b"\n")
    draw.shuffle(lines)
    return b"\n".join(lines)


def in_other_letters(draw: random.Random, mail: bytes) -> bytes:
    encoding = draw.choice((b"base64", b"quoted-printable", b"x-unknown", b"7bit"))
    charset = draw.choice((b"utf-16", b"iso-2022-jp", b"utf-7", b"hex", b"idna", b"no-such", b"shift_jis"))
    told = b"Content-Type: text/plain; charset=" + charset + b"\nContent-Transfer-Encoding: " + encoding
    return mail.replace(b"Content-Type: text/plain", told, 1)


def broken_words(draw: random.Random, mail: bytes) -> bytes:
    word = draw.choice(
        (b"=?utf-8?B?!!!?=", b"=?x?Q?=ZZ?=", b"=?iso-2022-jp?B?GyRC?=", b"=?", b"=?utf-8?Q?a?=")
    )
    return mail.replace(b"Subject: ", b"Subject: " + word, 1)


DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    cut, flipped, nested, without_boundary, without_lines, shuffled, in_other_letters, broken_words,
)  # fmt: skip
