"""A rendered mail with everything that is written on its outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from emails.address import valid_address
from emails.clean import single_spaced, web_address
from emails.message import Brand, Envelope, Links, RenderedMail
from emails.providers.base import SendFailed

_EXTRA = re.compile(r"X-[A-Za-z0-9-]{1,60}")


def envelope(
    mail: RenderedMail,
    *,
    brand: Brand,
    links: Links,
    recipient: str,
    message_id: str,
    now: datetime,
    extra: Mapping[str, str] | None = None,
) -> Envelope:
    """`message_id` in angle brackets; `now` becomes the Date; `extra` are X- headers of ours.

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
            "Date": format_datetime(now),
            "Auto-Submitted": "auto-generated",  # RFC 3834: vacation replies stay away
            **_unsubscribing(links),
            **_checked(extra or {}),
        },
    )


def _unsubscribing(links: Links) -> dict[str, str]:
    """RFC 8058: both headers or none."""
    address = web_address(links.one_click)
    if address is None:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _checked(extra: Mapping[str, str]) -> dict[str, str]:
    wrong = [name for name in extra if not _EXTRA.fullmatch(name)]
    if wrong:
        raise ValueError(f"not an X- header: {', '.join(wrong)}")
    return {name: single_spaced(value) for name, value in extra.items()}
