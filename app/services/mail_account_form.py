"""What a merchant types about an own account, as an address of a provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from app.services.mail_accounts import Wanted
from emails.address import valid_address
from emails.providers.account_url import is_name, is_token
from emails.providers.api import Reach
from emails.providers.base import Provider
from emails.providers.smtp_public import PORTS, shops_provider

KINDS = ("smtp", "ses", "postmark", "resend")
SECRETS = ("password", "secret", "token", "key", "events")
"""Fields that no page ever shows again."""
_LONGEST = 512
_QUICK = "connect_seconds=8&command_seconds=8&answer_seconds=60"


class Misfilled(Exception):
    """`errors`: by field, what is wrong with it, in a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("misfilled")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Typed:
    wanted: Wanted
    provider: Provider


def read_form(kind: str, form: Mapping[str, str], reach: Reach) -> Typed:
    """Raises Misfilled."""
    typed = {name: value.strip()[: _LONGEST + 1] for name, value in form.items()}
    errors = {name: "This is too long." for name, value in typed.items() if len(value) > _LONGEST}
    sender = valid_address(typed.get("sender", ""))
    if sender is None:
        errors["sender"] = "Give the address that your mails come from, like hello@your-shop.com."
    url = "" if errors else _URLS[kind](typed, errors)
    if errors or sender is None:
        raise Misfilled(errors)
    try:
        provider = shops_provider(url, reach)
    except ValueError as wrong:
        raise Misfilled({_FIRST[kind]: f"This cannot be used: {wrong}."}) from wrong
    return Typed(Wanted(kind, url, sender, typed.get("events", "")), provider)


def _smtp(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    host, port = typed.get("host", "").lower(), typed.get("port", "") or "587"
    user, password = typed.get("user", ""), typed.get("password", "")
    if not host or not host.isascii() or any(letter in host for letter in "/?#@ :[]"):
        errors["host"] = "Give the name of the mail server alone, like smtp.example.com."
    if not (port.isascii() and port.isdecimal() and len(port) <= 5):
        errors["port"] = f"Give one of the ports {', '.join(map(str, PORTS))}."
    if bool(user) != bool(password):
        errors["password" if user else "user"] = "A user and a password go together."
    if not (user + password).isascii():
        errors["password"] = "Only letters, digits and signs without accents can be sent."
    scheme = "smtps" if port == "465" else "smtp"
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    return f"{scheme}://{login}{host}:{port}?{_QUICK}"


def _ses(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    for name in ("key", "secret"):
        if not is_token(typed.get(name, "")):
            errors[name] = "Copy it from the IAM console, without blanks."
    chosen = typed.get("configuration_set", "")
    if chosen and not is_name(chosen):
        errors["configuration_set"] = "A name of letters, digits, hyphens and underscores."
    key, secret = quote(typed.get("key", ""), safe=""), quote(typed.get("secret", ""), safe="")
    option = f"?configuration_set={chosen}" if chosen else ""
    return f"ses://{key}:{secret}@{quote(typed.get('region', ''), safe='-')}{option}"


def _postmark(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    if not is_token(typed.get("token", "")):
        errors["token"] = "Copy the server's API token, without blanks."
    given = {name: typed[name] for name in ("stream", "broadcast") if typed.get(name)}
    for name, value in given.items():
        if not is_name(value):
            errors[name] = "A name of letters, digits, hyphens and underscores."
    options = "&".join(f"{name}={value}" for name, value in given.items())
    return f"postmark://{quote(typed.get('token', ''), safe='')}{f'?{options}' if options else ''}"


def _resend(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    if not is_token(typed.get("key", "")):
        errors["key"] = "Copy the API key, without blanks."
    return f"resend://{quote(typed.get('key', ''), safe='')}"


_URLS = {"smtp": _smtp, "ses": _ses, "postmark": _postmark, "resend": _resend}
_FIRST = {"smtp": "host", "ses": "region", "postmark": "token", "resend": "key"}
