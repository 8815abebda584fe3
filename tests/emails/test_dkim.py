"""Signatures that somebody else's program finds right: dkimpy, and in the proof Perl's Mail::DKIM."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from email import message_from_bytes
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.dkim import DkimKey, keys_of, new_key, record_of, relaxed_body, signed
from emails.mime import mail_bytes
from tests.emails.samples import coffee, reviewing
from tests.emails.test_envelope import ANYTHING, MAIL, labelled, sealed
from tests.proof import Count


def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


class _VerifyKey:
    """What dkimpy asks of PyNaCl, which is not among our libraries: whether one Ed25519 signature is right.
    What is signed, and how it is written down, stays dkimpy's own reading."""

    def __init__(self, key: bytes, encoder: object) -> None:
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(key))

    def verify(self, data: bytes, signature: bytes) -> bytes:
        try:
            self._key.verify(signature, data)
        except InvalidSignature as wrong:
            raise nacl.exceptions.BadSignatureError from wrong
        return data


nacl = SimpleNamespace(
    signing=SimpleNamespace(VerifyKey=_VerifyKey),
    encoding=SimpleNamespace(Base64Encoder=None),
    exceptions=SimpleNamespace(BadSignatureError=type("BadSignatureError", (Exception,), {})),
)


@pytest.fixture(autouse=True)
def _ed25519_for_dkimpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)


@cache
def both_keys() -> tuple[DkimKey, ...]:
    """RSA first: verifiers are told which signature to look at by its place."""
    ed = pem(ed25519.Ed25519PrivateKey.generate())
    return keys_of("hollow-pine.example", new_key("x", "x").pem + ed, ["d1", "d2"])


def dns_of(keys: Sequence[DkimKey]) -> Callable[..., bytes | None]:
    records = {f"{key.name}.".encode(): record_of(key).encode() for key in keys}
    return lambda name, timeout=5: records.get(name.encode() if isinstance(name, str) else name)


def is_right(mail: bytes, keys: Sequence[DkimKey] = ()) -> list[bool]:
    keys = keys or both_keys()
    return [_is_right(mail, place, keys) for place in range(len(keys))]


def _is_right(mail: bytes, place: int, keys: Sequence[DkimKey]) -> bool:
    try:
        return bool(dkim.DKIM(mail, minkey=2048).verify(idx=place, dnsfunc=dns_of(keys)))
    except dkim.ValidationError:  # what it says of a body that was changed
        return False


def a_mail() -> bytes:
    return mail_bytes(sealed(links=reviewing(coffee()).links))


def test_both_signatures_are_right_and_the_mail_is_as_it_was() -> None:
    mail = a_mail()
    written = signed(mail, both_keys())
    assert written.endswith(mail)
    assert written.count(b"DKIM-Signature:") == 2
    assert is_right(written) == [True, True]
    assert signed(mail, both_keys()) == written
    assert signed(mail, ()) == mail


# Written down here, not taken from the code: a second one of these could be shown in place of the first.
NEVER_TWICE = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")


def test_what_is_sealed_can_neither_be_changed_nor_added_to() -> None:
    """Every field of ours but the X- ones; both for leaving are among them, as RFC 8058 4 wants it."""
    mail = mail_bytes(sealed(links=reviewing(coffee()).links, labels=labelled()))
    written, ours = signed(mail, both_keys()), message_from_bytes(mail).keys()
    assert {"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID", *NEVER_TWICE} <= {*ours}
    for name in [name.encode() for name in ours if not name.startswith("X-")]:
        changed = written.replace(b"\r\n" + name + b":", b"\r\n" + name + b": x", 1)
        assert changed != written and is_right(changed) == [False] * 2, name
    for name in [name.encode() for name in NEVER_TWICE]:
        added = name + b": a@b.example\r\n"
        for changed in (added + written, written.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1)):
            assert is_right(changed) == [False] * 2, name
    assert is_right(written.replace(b"=\r\n", b"=\r\n\r\n", 1)) == [False] * 2


def test_what_servers_do_on_the_way_is_allowed() -> None:
    """They put lines on top, fold anew, end lines in blanks and the mail in empty lines."""
    written = signed(a_mail(), both_keys())
    head, gap, body = written.partition(b"\r\n\r\n")
    received = b"Received: from a by b;\r\n\tMon, 1 Jan 2026 00:00:00 +0000\r\n"
    assert is_right(received + written) == [True, True]
    assert is_right(head.replace(b"Subject: ", b"SUBJECT:\r\n \t") + gap + body) == [True, True]
    assert is_right(head + gap + body.replace(b"\r\n", b" \t\r\n") + b" \r\n\r\n") == [True, True]


def test_signatures_of_drawn_mails_are_right(count: Count) -> None:
    """Whatever a name, a subject or a text holds."""

    @settings(max_examples=count(60, 3_000), deadline=None)
    @given(ANYTHING, ANYTHING, ANYTHING)
    def holds(subject: str, name: str, text: str) -> None:
        mail = mail_bytes(replace(sealed(), subject=subject, sender_name=name, text=_writable(text)))
        assert is_right(signed(mail, both_keys())) == [True, True]

    holds()


def _writable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def test_signatures_of_drawn_bytes_are_right(count: Count) -> None:
    """Bodies that no builder of ours writes: blanks and empty lines wherever they can stand; several fields
    of one name."""
    lines = st.lists(st.sampled_from([b"", b" ", b"\t ", b"a", b" a  b ", b"a\t", b".", b"==", b"\xc3\xa4"]))
    names = st.lists(st.sampled_from([b"To", b"List-Id", b"Subject", b"X-Other", b"feedback-ID"]), max_size=6)

    @settings(max_examples=count(150, 10_000), deadline=None)
    @given(lines, names)
    def holds(body: list[bytes], fields: list[bytes]) -> None:
        head = b"".join(
            name + b": \t a \r\n  folded\t" + str(place).encode() + b" \r\n"
            for place, name in enumerate(fields)
        )
        mail = b"From: a@hollow-pine.example\r\n" + head + b"\r\n" + b"\r\n".join((*body, b""))
        assert is_right(signed(mail, both_keys())) == [True, True]

    holds()


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b" \t\r\n \r\n", b""),
        (b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n"),  # the example of RFC 6376 3.4.5
        (b"no end", b"no end\r\n"),
        (b"no end \t", b"no end\r\n"),
        (b"a\r\n \r\nb", b"a\r\n\r\nb\r\n"),
    ],
)
def test_the_body_in_its_relaxed_form(body: bytes, canonical: bytes) -> None:
    assert relaxed_body(body) == canonical


def test_keys_are_read_as_they_are_configured() -> None:
    one, other = both_keys()
    inline = (one.pem + other.pem).replace("\n", "\\n")
    assert keys_of("hollow-pine.example", inline, ["d1", "d2"]) == tuple(
        DkimKey(key.domain, key.selector, key.pem.strip()) for key in (one, other)
    )
    small = pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))
    for wrong, selectors in (
        ("", ["d1"]),
        ("secret", ["d1"]),
        (one.pem, ["d1", "d2"]),
        (one.pem, ["d.1"]),
        (one.pem, ["D1"]),
        (small, ["d1"]),
        (one.pem.replace("M", "N", 40), ["d1"]),
    ):
        with pytest.raises(ValueError) as refused:
            keys_of("hollow-pine.example", wrong, selectors)
        assert "MII" not in str(refused.value)
    assert one.pem not in repr(one)


@pytest.mark.proof
def test_perls_verifier_agrees(tmp_path: Path) -> None:
    """A second implementation, of other people: Debian's libmail-dkim-perl. Its version checks RSA alone or
    both; what it calls pass has to be every signature that it can check."""
    perl = os.environ.get("DOORSTEP_PERL") or shutil.which("perl")
    assert perl, "perl is not installed"
    keys = both_keys()[:1]
    program = tmp_path / "verify.pl"
    program.write_text(_PERL.replace("RECORD", record_of(keys[0])).replace("NAME", keys[0].name))
    mails = [signed(a_mail(), keys)]
    for body in ("Grüße " * 200, " \n\n a \t \n\n\n", "."):
        mails.append(
            signed(mail_bytes(sealed(replace(MAIL, subject=f"한국어 {body[:60]}", text=body))), keys)
        )
    for mail in mails:
        assert _asked(perl, program, mail) == "pass"
        assert _asked(perl, program, mail.replace(b"Subject: ", b"Subject: x", 1)) == "fail"


def _asked(perl: str, program: Path, mail: bytes) -> str:
    done = subprocess.run([perl, str(program)], input=mail, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().split()[0]


_PERL = r"""
use strict; use warnings;
use Mail::DKIM::Verifier; use Mail::DKIM::PublicKey;
{
    no warnings 'redefine';
    *Mail::DKIM::PublicKey::fetch_async = sub {
        my ($class, %asked) = @_;
        my $key = $class->parse('RECORD');
        die "asked for $asked{Selector}._domainkey.$asked{Domain}"
            unless "$asked{Selector}._domainkey.$asked{Domain}" eq 'NAME';
        my $on = $asked{Callbacks}{Success};
        return sub { return $on ? $on->($key) : $key };
    };
}
my $verifier = Mail::DKIM::Verifier->new();
binmode STDIN; local $/; my $mail = <STDIN>;
$verifier->PRINT($mail); $verifier->CLOSE;
print $verifier->result, "\n";
"""
