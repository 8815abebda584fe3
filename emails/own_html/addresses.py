"""Where a link or a picture of a merchant's block may lead."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from emails.address import valid_address
from emails.clean import web_address

_PHONE = re.compile(r"tel:\+?[0-9][0-9 ()./-]{2,24}")
_SUBJECT = re.compile(r"subject=[A-Za-z0-9%._~+!-]{0,200}")


def link_address(href: str) -> str | None:
    """As it is written, if it is for the web, a mailbox or a phone; else None."""
    href = href.strip()
    if href.lower().startswith("mailto:"):
        mailbox, _, rest = href[7:].partition("?")
        return href if valid_address(mailbox) and (not rest or _SUBJECT.fullmatch(rest)) else None
    if href.lower().startswith("tel:"):
        return href if _PHONE.fullmatch(href) else None
    found = web_address(href)
    return found if found is not None and not _has_login(found) else None


def picture_address(src: str) -> str | None:
    found = web_address(src.strip())
    return found if found is not None and found.startswith("https://") and not _has_login(found) else None


def _has_login(url: str) -> bool:
    """ "https://your-bank.example@evil.example/" leads to evil.example."""
    return "@" in urlsplit(url).netloc
