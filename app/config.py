"""What the program is told at its start. Read once, checked whole, then passed on as a value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app import environ as environs
from emails.dkim import DkimKey

_DATABASE_SCHEME = re.compile(r"^(postgres|postgresql|postgresql\+psycopg)://")
_MAIL_DOMAIN = re.compile(r"^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$", re.IGNORECASE)
_EMAIL = re.compile(r"^[a-z0-9._%+-]{1,64}@(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$", re.IGNORECASE)
_HANDLE = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")
_MAIL_SCHEMES = ("smtp", "smtps", "ses", "postmark", "resend")
_SHORTEST_SECRET = 32
_MOST_PROXIES = 9


class ConfigError(Exception):
    """`problems`: everything that is wrong, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """`origins`: exact https origin -> loopback origin. `clock_file`: seconds that business time is
    ahead. `record_file`: the mail sink's own record, one JSON object a line."""

    origins: Mapping[str, str]
    clock_file: Path
    record_file: Path
    port: int


@dataclass(frozen=True, slots=True)
class Config:
    """`encryption_keys` and `shopify_secrets`: newest first. `migration_database_url` is needed by
    `doorstep migrate` alone; without Shopify keys only WooCommerce shops can connect.
    `shopify_app_handle`: the app's name in addresses of the back office. `shopify_webhooks`: "api" (we
    subscribe each shop) or "toml" (the app's own configuration does). `billing`: shops of a platform that
    bills have plans with limits. `support_email`: where merchants get help. `trusted_proxies`: how many
    proxies of the operator's own stand in front of the web server.
    `event_secrets`: by mail vendor, what it signs with when it tells of mails; `bounce_mailbox`: where
    bounces are read, "" for nowhere.
    `bounce_domain`: where bounces come to, "" if they are read nowhere. `shared_domain_offers`: offers may
    leave from our own domain. `dns_servers`: like 127.0.0.1:53, none for the host's. `dkim`: what mails from
    our own domain are signed with. `second_smtp_url`: where mails go while
    the first account fails, "" for nowhere."""

    address: str
    port: int
    data: Path
    mail_from_domain: str
    shopify_api_key: str = ""
    shopify_app_handle: str = "doorstep"
    shopify_webhooks: str = "api"
    billing: bool = False
    support_email: str = ""
    trusted_proxies: int = 0
    bounce_domain: str = ""
    shared_domain_offers: bool = False
    dns_servers: tuple[str, ...] = ()
    dkim: tuple[DkimKey, ...] = field(default=(), repr=False)
    sandbox: SandboxConfig | None = None
    event_secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    bounce_mailbox: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    migration_database_url: str | None = field(default=None, repr=False)
    redis_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    second_smtp_url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    shopify_secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def origins(self) -> Mapping[str, str]:
        """The sandbox's table of addresses; empty outside of it."""
        return self.sandbox.origins if self.sandbox else {}

    @property
    def clock_file(self) -> Path | None:
        return self.sandbox.clock_file if self.sandbox else None

    @property
    def record_file(self) -> Path | None:
        return self.sandbox.record_file if self.sandbox else None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Config:
        """Raises ConfigError with every problem found, not only the first."""
        read = _Reader(environ)
        address = read.address()
        config = cls(
            address=address,
            port=read.port(),
            data=Path(environ.get("DOORSTEP_DATA") or "var").absolute(),
            mail_from_domain=read.mail_domain(),
            shopify_api_key=environ.get("SHOPIFY_API_KEY", ""),
            shopify_app_handle=read.app_handle(),
            shopify_webhooks=read.one_of("SHOPIFY_WEBHOOK_MODE", ("api", "toml")),
            billing=read.one_of("DOORSTEP_BILLING", ("off", "on")) == "on",
            support_email=read.support_email(),
            trusted_proxies=read.trusted_proxies(),
            bounce_domain=read.domain("MAIL_BOUNCE_DOMAIN"),
            shared_domain_offers=read.shared_domain_offers(),
            dns_servers=environs.dns_servers(environ, read.problems),
            dkim=environs.dkim(environ, read.problems),
            sandbox=read.sandbox(address),
            event_secrets=environs.event_secrets(environ),
            bounce_mailbox=environs.bounce_mailbox(environ, read.problems),
            database_url=read.database("DATABASE_URL") or "",
            migration_database_url=read.database("MIGRATION_DATABASE_URL", required=False),
            redis_url=read.url("REDIS_URL", ("redis", "rediss", "unix")),
            smtp_url=read.url("SMTP_URL", _MAIL_SCHEMES),
            second_smtp_url=read.url("SECOND_SMTP_URL", _MAIL_SCHEMES, required=False),
            secret=read.secret(),
            encryption_keys=environs.encryption_keys(
                read.wanted("DOORSTEP_ENCRYPTION_KEYS", "Fernet keys, newest first, separated by commas"),
                read.problems,
            ),
            shopify_secrets=read.shopify_secrets(),
        )
        if read.problems:
            raise ConfigError(read.problems)
        return config


def is_loopback(address: str) -> bool:
    """Whether a URL's host can only be this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Reader:
    """Reads one variable after the other and collects what is wrong. Never repeats a value that may
    be secret."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def wanted(self, name: str, what: str) -> str:
        value = self.environ.get(name, "").strip()
        if not value:
            self.problems.append(f"{name} is missing: {what}.")
        return value

    def address(self) -> str:
        value = self.wanted(
            "DOORSTEP_ADDRESS", "the public address of the app, like https://mail.example.com"
        )
        value = value.rstrip("/")
        parts = urlsplit(value)
        if value and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query
        ):
            self.problems.append(
                "DOORSTEP_ADDRESS must be scheme and host only, like https://mail.example.com."
            )
        elif parts.scheme == "http" and not is_loopback(value):
            self.problems.append(
                "DOORSTEP_ADDRESS must be https: stores and mail programs call it over the net."
            )
        return value

    def port(self) -> int:
        text = self.environ.get("PORT", "8000").strip()
        if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
            return int(text)
        self.problems.append("PORT must be a number from 1 to 65535.")
        return 0

    def trusted_proxies(self) -> int:
        text = self.environ.get("TRUSTED_PROXIES", "").strip() or "0"
        if text.isascii() and text.isdigit() and int(text) <= _MOST_PROXIES:
            return int(text)
        self.problems.append(f"TRUSTED_PROXIES must be a number from 0 to {_MOST_PROXIES}.")
        return 0

    def app_handle(self) -> str:
        value = self.environ.get("SHOPIFY_APP_HANDLE", "").strip() or "doorstep"
        if not _HANDLE.match(value):
            self.problems.append("SHOPIFY_APP_HANDLE must be lower-case letters, digits and hyphens.")
        return value

    def one_of(self, name: str, values: tuple[str, ...]) -> str:
        value = self.environ.get(name, "").strip() or values[0]
        if value not in values:
            self.problems.append(f"{name} must be one of: {', '.join(values)}.")
        return value

    def support_email(self) -> str:
        value = self.environ.get("SUPPORT_EMAIL", "").strip()
        if value and not _EMAIL.match(value):
            self.problems.append("SUPPORT_EMAIL must be one e-mail address, like help@example.com.")
        return value

    def mail_domain(self) -> str:
        self.wanted("MAIL_FROM_DOMAIN", "the domain that mails are sent from")
        return self.domain("MAIL_FROM_DOMAIN")

    def domain(self, name: str) -> str:
        value = self.environ.get(name, "").strip()
        if value and not _MAIL_DOMAIN.match(value):
            self.problems.append(f"{name} must be a domain name, like mail.example.com.")
        return value

    def shared_domain_offers(self) -> bool:
        """The sandbox has no domain that anybody could verify."""
        tried_out = bool(self.environ.get("DOORSTEP_SANDBOX", "").strip())
        values = ("on", "off") if tried_out else ("off", "on")
        return self.one_of("DOORSTEP_SHARED_DOMAIN_OFFERS", values) == "on"

    def database(self, name: str, *, required: bool = True) -> str | None:
        what = "postgresql://user:password@host/database, of the application's role"
        value = self.wanted(name, what) if required else self.environ.get(name, "").strip()
        if value and not _DATABASE_SCHEME.match(value):
            self.problems.append(f"{name} must start with postgresql:// (PostgreSQL is the only database).")
        return _DATABASE_SCHEME.sub("postgresql+psycopg://", value) or None

    def url(self, name: str, schemes: tuple[str, ...], *, required: bool = True) -> str:
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        if not required and not self.environ.get(name, "").strip():
            return ""
        value = self.wanted(name, f"an address that starts with {starts}")
        if value and urlsplit(value).scheme not in schemes:
            self.problems.append(f"{name} must start with {starts}.")
        return value

    def secret(self) -> str:
        value = self.wanted(
            "DOORSTEP_SECRET", f"at least {_SHORTEST_SECRET} random characters; it signs links"
        )
        if value and len(value) < _SHORTEST_SECRET:
            self.problems.append(f"DOORSTEP_SECRET is too short: at least {_SHORTEST_SECRET} characters.")
        return value

    def shopify_secrets(self) -> tuple[str, ...]:
        key, current, old = (
            self.environ.get(name, "").strip()
            for name in ("SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_API_SECRET_OLD")
        )
        if bool(key) != bool(current):
            missing = "SHOPIFY_API_SECRET" if key else "SHOPIFY_API_KEY"
            self.problems.append(f"{missing} is missing: Shopify needs the key and the secret, or neither.")
        if old and not current:
            self.problems.append("SHOPIFY_API_SECRET_OLD is set without SHOPIFY_API_SECRET.")
        return tuple(secret for secret in (current, old) if secret)

    def sandbox(self, address: str) -> SandboxConfig | None:
        path = self.environ.get("DOORSTEP_SANDBOX", "").strip()
        if not path:
            return None
        if not is_loopback(address):
            self.problems.append(
                "DOORSTEP_SANDBOX is refused: DOORSTEP_ADDRESS is not on this machine (127.0.0.1)."
            )
            return None
        try:
            return _sandbox(json.loads(Path(path).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            self.problems.append(f"DOORSTEP_SANDBOX cannot be read: {type(error).__name__}: {error}.")
            return None


def _sandbox(data: Mapping[str, Any]) -> SandboxConfig:
    origins = {str(outside): str(inside) for outside, inside in data["origins"].items()}
    for inside in origins.values():
        if not is_loopback(inside):
            raise ValueError(f"{inside} is not on this machine")
    return SandboxConfig(
        origins=origins,
        clock_file=Path(data["clock_file"]),
        record_file=Path(data["record_file"]),
        port=int(data["port"]),
    )
