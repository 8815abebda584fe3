"""A half-configured start is refused with a list of everything that is wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.config import Config, ConfigError, is_loopback
from emails.dkim import new_key

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER_KEY = base64.urlsafe_b64encode(b"o" * 32).decode()
WHOLE = {
    "DOORSTEP_ADDRESS": "https://mail.example.com/",
    "DATABASE_URL": "postgres://app:hunter2@db/doorstep",
    "MIGRATION_DATABASE_URL": "postgresql://owner:hunter3@db/doorstep",
    "REDIS_URL": "redis://:hunter4@queue:6379/0",
    "DOORSTEP_SECRET": "s" * 32,
    "DOORSTEP_ENCRYPTION_KEYS": f"{KEY}, {OTHER_KEY}",
    "SHOPIFY_API_KEY": "public-key",
    "SHOPIFY_API_SECRET": "shpss_current",
    "SHOPIFY_API_SECRET_OLD": "shpss_old",
    "SMTP_URL": "smtps://mailer:hunter5@smtp.example.com",
    "MAIL_FROM_DOMAIN": "mail.example.com",
    "PORT": "9000",
    "TRUSTED_PROXIES": "2",
    "DOORSTEP_DATA": "/data",
}


def problems(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Config.from_environ(environ)
    return caught.value.problems


def test_a_whole_environment_is_read() -> None:
    config = Config.from_environ(WHOLE)
    assert config.address == "https://mail.example.com"
    assert config.database_url == "postgresql+psycopg://app:hunter2@db/doorstep"
    assert config.migration_database_url == "postgresql+psycopg://owner:hunter3@db/doorstep"
    assert config.encryption_keys == (KEY, OTHER_KEY)
    assert config.shopify_secrets == ("shpss_current", "shpss_old")
    assert config.port == 9000
    assert config.trusted_proxies == 2
    assert config.data == Path("/data")
    assert config.sandbox is None
    assert config.origins == {}
    assert config.clock_file is None
    assert config.record_file is None


def test_plans_are_off_until_they_are_switched_on() -> None:
    assert not Config.from_environ(WHOLE).billing
    assert Config.from_environ({**WHOLE, "DOORSTEP_BILLING": "on"}).billing
    assert problems({**WHOLE, "DOORSTEP_BILLING": "yes"}) == ["DOORSTEP_BILLING must be one of: off, on."]


@pytest.mark.parametrize(
    "address", ["help", "a@b@c.example", "help@example.com\nBcc: x@y.example", "<x>@a.b"]
)
def test_the_support_address_is_one_address(address: str) -> None:
    assert Config.from_environ({**WHOLE, "SUPPORT_EMAIL": "help@example.com"}).support_email
    assert problems({**WHOLE, "SUPPORT_EMAIL": address})


def test_every_problem_is_named_at_once() -> None:
    found = problems({})
    for name in (
        "DOORSTEP_ADDRESS",
        "DATABASE_URL",
        "REDIS_URL",
        "DOORSTEP_SECRET",
        "DOORSTEP_ENCRYPTION_KEYS",
        "SMTP_URL",
        "MAIL_FROM_DOMAIN",
    ):
        assert any(problem.startswith(name) for problem in found), name
    assert len(found) == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOORSTEP_ADDRESS", "http://mail.example.com"),
        ("DOORSTEP_ADDRESS", "https://mail.example.com/path"),
        ("DOORSTEP_ADDRESS", "mail.example.com"),
        ("DATABASE_URL", "mysql://app@db/doorstep"),
        ("MIGRATION_DATABASE_URL", "sqlite:///doorstep.db"),
        ("REDIS_URL", "http://queue"),
        ("DOORSTEP_SECRET", "s" * 31),
        ("DOORSTEP_ENCRYPTION_KEYS", f"{KEY},not-a-key"),
        ("SHOPIFY_API_SECRET", ""),
        ("SHOPIFY_API_KEY", ""),
        ("SMTP_URL", "https://smtp.example.com"),
        ("MAIL_FROM_DOMAIN", "somebody@example.com"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "10"),
        ("TRUSTED_PROXIES", "yes"),
        ("MAIL_BOUNCE_DOMAIN", "bounces@example.com"),
        ("DOORSTEP_SHARED_DOMAIN_OFFERS", "yes"),
        ("DNS_SERVERS", "127.0.0.1"),
        ("DNS_SERVERS", "dns.example:53"),
        ("DKIM_KEY", "hunter8"),
        ("DKIM_SELECTOR", "d1"),
    ],
)
def test_what_cannot_be_is_refused(name: str, value: str) -> None:
    found = problems({**WHOLE, name: value})
    assert any(name in problem for problem in found)


def test_mails_are_signed_with_the_keys_that_are_given() -> None:
    pem = new_key("x", "x").pem
    told = {**WHOLE, "DKIM_KEY": pem.replace("\n", "\\n") * 2, "DKIM_SELECTOR": "d1, d2"}
    keys = Config.from_environ(told).dkim
    assert [key.name for key in keys] == ["d1._domainkey.mail.example.com", "d2._domainkey.mail.example.com"]
    assert "PRIVATE" not in repr(Config.from_environ(told))
    assert "hunter8" not in " ".join(problems({**told, "DKIM_KEY": "hunter8"}))


def test_offers_leave_from_the_shared_domain_in_the_sandbox_alone(tmp_path: Path) -> None:
    assert not Config.from_environ(WHOLE).shared_domain_offers
    tried_out = {**WHOLE, **sandbox(tmp_path)}
    assert Config.from_environ(tried_out).shared_domain_offers
    switched = Config.from_environ({**tried_out, "DOORSTEP_SHARED_DOMAIN_OFFERS": "off"})
    assert not switched.shared_domain_offers


def test_an_old_shopify_secret_alone_is_refused() -> None:
    without = {name: value for name, value in WHOLE.items() if not name.startswith("SHOPIFY_API_")}
    assert problems({**without, "SHOPIFY_API_SECRET_OLD": "shpss_old"})
    assert Config.from_environ(without).shopify_secrets == ()


def test_no_secret_is_shown() -> None:
    shown = repr(Config.from_environ(WHOLE))
    for secret in ("hunter", KEY, OTHER_KEY, "shpss_", "s" * 32):
        assert secret not in shown
    said = " ".join(problems({**WHOLE, "DOORSTEP_ENCRYPTION_KEYS": "hunter6", "DATABASE_URL": "x://hunter7"}))
    assert "hunter" not in said


def sandbox(folder: Path, inside: str = "http://127.0.0.1:8001") -> Mapping[str, str]:
    file = folder / "sandbox.json"
    table = {
        "origins": {"https://shop.example": inside},
        "clock_file": str(folder / "clock"),
        "record_file": str(folder / "sink.jsonl"),
        "port": 8000,
    }
    file.write_text(json.dumps(table))
    return {**WHOLE, "DOORSTEP_ADDRESS": "http://127.0.0.1:8000", "DOORSTEP_SANDBOX": str(file)}


def test_the_sandbox_is_read_on_this_machine(tmp_path: Path) -> None:
    config = Config.from_environ(sandbox(tmp_path))
    assert config.origins == {"https://shop.example": "http://127.0.0.1:8001"}
    assert config.clock_file == tmp_path / "clock"
    assert config.record_file == tmp_path / "sink.jsonl"


@pytest.mark.parametrize(
    "address", ["https://mail.example.com", "https://127.0.0.1.example.com", "https://10.0.0.1"]
)
def test_a_public_address_refuses_the_sandbox(tmp_path: Path, address: str) -> None:
    assert any(
        "DOORSTEP_SANDBOX" in problem
        for problem in problems({**sandbox(tmp_path), "DOORSTEP_ADDRESS": address})
    )


def test_a_sandbox_origin_must_lead_to_this_machine(tmp_path: Path) -> None:
    assert any(
        "DOORSTEP_SANDBOX" in problem for problem in problems(sandbox(tmp_path, "http://192.0.2.1:80"))
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", "no json"])
def test_a_broken_sandbox_file_is_named(tmp_path: Path, text: str) -> None:
    environ = sandbox(tmp_path)
    (tmp_path / "sandbox.json").write_text(text)
    assert any("DOORSTEP_SANDBOX" in problem for problem in problems(environ))


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8000", True),
        ("http://localhost:1", True),
        ("http://localhost.example.com", False),
        ("http://0.0.0.0", False),
        ("http://example.com/127.0.0.1", False),
        ("http://127.0.0.1@example.com", False),
    ],
)
def test_loopback(address: str, answer: bool) -> None:
    assert is_loopback(address) is answer


def test_what_vendors_sign_with_is_read_by_vendor() -> None:
    config = Config.from_environ({**WHOLE, "EVENTS_RESEND": "whsec_a, whsec_b", "EVENTS_SES": " "})
    assert config.event_secrets == {"resend": ("whsec_a", "whsec_b")}
    assert "whsec" not in repr(config)


def test_a_mailbox_that_cannot_be_read_is_told_without_its_password() -> None:
    for url in ("imap://u:hunter6@mail.example.com/INBOX", "pop3://u:hunter6@mail.example.com", "/var/mail"):
        (problem,) = problems({**WHOLE, "BOUNCE_MAILBOX": url})
        assert problem.startswith("BOUNCE_MAILBOX cannot be used: ")
        assert "hunter6" not in problem
    good = "imaps://u:hunter6@mail.example.com/INBOX"
    config = Config.from_environ({**WHOLE, "BOUNCE_MAILBOX": good})
    assert config.bounce_mailbox == good
    assert "hunter6" not in repr(config)
