"""What a merchant may type as the domain that mails come from, and what is said of the rest."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from emails.address import valid_address

LONGEST = 200
"""Signs; names of records before it have to fit into the 253 of a DNS name."""
# Names before the ending under which everybody has a mailbox, and the endings.
_MAILBOXES = re.compile(
    "126|163|aol|daum|free|freenet|gmail|gmx|googlemail|hanmail|hotmail|icloud|inbox|laposte|libero|live|mac"
    "|mail|mailbox|me|msn|naver|orange|outlook|pm|posteo|proton|protonmail|qq|sfr|t-online|virgilio|wanadoo"
    "|web|yahoo|yandex|ymail|zoho"
)
_OF_MAILBOXES = re.compile(r"com|net|org|de|fr|it|es|me|ru|ca|co\.uk|co\.jp|ne\.jp|com\.br")
_OF_HOSTS = (
    "myshopify.com",
    "shopifypreview.com",
    "wordpress.com",
    "wpcomstaging.com",
    "wpengine.com",
    "wixsite.com",
    "webflow.io",
    "squarespace.com",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "vercel.app",
    "pages.dev",
    "workers.dev",
    "web.app",
    "firebaseapp.com",
    "azurewebsites.net",
    "cloudfront.net",
    "amazonaws.com",
    "blogspot.com",
)
_SECOND_LEVEL = re.compile(
    r"(?:co|com|net|org|gov|gob|gouv|edu|ac|or|ne|go|gr|lg|ltd|plc|me|nom|web)\.[a-z]{2}"
)
"""Endings under which domains are sold, like co.uk and com.my."""


class NotUsable(Exception):
    """The text says to the merchant what to type instead."""


@dataclass(frozen=True, slots=True)
class From:
    """`domain` in ASCII and small letters."""

    domain: str
    local: str


def typed(text: str, ours: str) -> From:
    """A domain, an e-mail address or the address of a page. `ours`: the domain that the app itself sends
    from. Raises NotUsable."""
    wanted = text.strip().rstrip(".")
    if not wanted:
        raise NotUsable("Type your domain, like shop.com.")
    local, domain = _parted(wanted)
    found = valid_address(f"{local}@{domain}") if len(domain) <= LONGEST else None
    if found is None:
        raise NotUsable(_no_domain(domain, local))
    domain = found.rpartition("@")[2]
    domain = domain.removeprefix("www.") if domain.count(".") > 1 else domain
    _refuse_what_is_others(domain, ours.lower())
    return From(domain, found.rpartition("@")[0])


def readable(domain: str) -> str:
    """As people write it: with letters of their own language where it has such."""
    try:
        return ".".join(
            label.encode("ascii").decode("idna") if label.startswith("xn--") else label
            for label in domain.split(".")
        )
    except UnicodeError:
        return domain


def _parted(wanted: str) -> tuple[str, str]:
    if "://" in wanted or "/" in wanted:
        try:
            host = urlsplit(wanted if "://" in wanted else f"https://{wanted}").hostname
        except ValueError:
            host = None
        return "hello", (host or "").rstrip(".")
    local, at, domain = wanted.rpartition("@")
    return (local if at else "hello"), domain


def _no_domain(domain: str, local: str) -> str:
    try:
        ipaddress.ip_address(domain.strip("[]"))
    except ValueError:
        pass
    else:
        return "This is a number of a server. Type the name of your domain, like shop.com."
    if valid_address(f"{local}@example.com") is None:
        return "What stands before the @ may hold letters, digits, dots and hyphens, like orders@shop.com."
    if "." not in domain:
        return "A domain has an ending, like shop.com."
    return "This is no domain name. It looks like shop.com."


def _refuse_what_is_others(domain: str, ours: str) -> None:
    name, _, ending = domain.partition(".")
    if _SECOND_LEVEL.fullmatch(domain):
        raise NotUsable(f"Under {domain} everybody has a domain. Type yours, like shop.{domain}.")
    if _MAILBOXES.fullmatch(name) and _OF_MAILBOXES.fullmatch(ending):
        raise NotUsable(
            f"{domain} belongs to a mailbox provider, and only they may send from it."
            " Type a domain of your own, like the one of your shop."
        )
    for host in _OF_HOSTS:
        if domain == host or domain.endswith(f".{host}"):
            raise NotUsable(
                f"{host} belongs to whoever runs it, so no record can be added there."
                " Type the domain that you bought for your shop."
            )
    if domain == ours or domain.endswith(f".{ours}") or ours.endswith(f".{domain}"):
        raise NotUsable("This is the domain that Doorstep itself sends from. Type a domain of your own.")
