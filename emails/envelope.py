"""A rendered mail with everything that is written on its outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from emails.address import valid_address
from emails.clean import single_spaced, web_address
from emails.dkim import DkimKey
from emails.message import Brand, Envelope, Links, RenderedMail
from emails.providers.base import SendFailed

SENDER_ID = "doorstep"
_NOT_IN_FIELD = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_IN_LABEL = re.compile(r"[^a-z0-9]+")
_EXTRA = re.compile(r"X-[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class Labels:
    """What receivers sort a mail by: List-Id (RFC 2919) by shop and topic, and the Feedback-ID by which
    Gmail's Postmaster Tools count complaints (four fields parted by colons, the sender's own last).

    `topic`: by what people leave, "" for a mail that nobody can leave. `domain`: ours, where lists are named;
    it stays when the shop changes its From. `leave`: the address by which a reader leaves, "" for none."""

    flow: str
    shop: str
    mail_class: str
    topic: str
    domain: str
    leave: str = ""


def envelope(
    mail: RenderedMail,
    *,
    brand: Brand,
    links: Links,
    recipient: str,
    message_id: str,
    now: datetime,
    extra: Mapping[str, str] | None = None,
    labels: Labels | None = None,
    return_path: str = "",
    dkim: tuple[DkimKey, ...] = (),
) -> Envelope:
    """`message_id` in angle brackets; `now` becomes the Date; `extra` are X- headers of ours. `return_path`:
    where bounces go, "" for the sender's own; `dkim`: what the mail is signed with.

    Raises SendFailed("invalid_email", permanent) if no mail can reach the recipient.
    """
    address = valid_address(recipient)
    if address is None:
        raise SendFailed("invalid_email", permanent=True)
    return Envelope(
        sender=brand.sender,
        sender_name=single_spaced(brand.sender_name or brand.name),
        recipient=address,
        reply_to=valid_address(brand.support_email),
        message_id=message_id,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        headers={
            "Date": _written(now),
            "Auto-Submitted": "auto-generated",  # RFC 3834: vacation replies stay away
            **_leaving(links, labels),
            **_sorted_by(labels),
            **_checked(extra or {}),
        },
        return_path=return_path,
        dkim=dkim,
    )


@lru_cache(maxsize=16)
def _written(now: datetime) -> str:
    return format_datetime(now)


def _leaving(links: Links, labels: Labels | None) -> dict[str, str]:
    """RFC 8058: both headers or none. The https address stands first, as what a program should use; by mail
    a reader leaves whose program knows no other way (RFC 2369 3.2)."""
    address = web_address(links.one_click)
    if address is None:
        return {}
    by_mail = valid_address(labels.leave) if labels else None
    ways = f"<{address}>, <mailto:{by_mail}?subject=unsubscribe>" if by_mail else f"<{address}>"
    return {"List-Unsubscribe": ways, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _sorted_by(labels: Labels | None) -> dict[str, str]:
    """No Precedence: RFC 2076 calls it discouraged, and what is bulk goes by List-Id."""
    if labels is None:
        return {}
    list_id = _list_id(labels)
    fields = [labels.flow, labels.shop, labels.mail_class, SENDER_ID]
    found = {"Feedback-ID": ":".join(_NOT_IN_FIELD.sub("-", field) for field in fields)}
    return {"List-Id": f"<{list_id}>", **found} if list_id else found


def _list_id(labels: Labels) -> str:
    """RFC 2919: a label in a namespace that is ours, at most 255 signs."""
    if not labels.topic:
        return ""
    shop = _NOT_IN_LABEL.sub("-", labels.shop.lower()).strip("-")[:60].strip("-")
    found = f"{labels.topic}.{shop}.{labels.domain}" if shop else f"{labels.topic}.{labels.domain}"
    return found if len(found) <= 255 else ""


def _checked(extra: Mapping[str, str]) -> dict[str, str]:
    wrong = [name for name in extra if not _EXTRA.fullmatch(name)]
    if wrong:
        raise ValueError(f"not an X- header: {', '.join(wrong)}")
    return {name: single_spaced(value) for name, value in extra.items()}
