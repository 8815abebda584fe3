"""What a shop's own tool is told of a message: whom it is for, and what it says."""

from __future__ import annotations

from app.services.ledger import Claimed
from emails.message import Links, MailContext, RenderedMail
from flows.facts import Facts, MailClass


def told_of(
    row: Claimed, facts: Facts, domain: str, context: MailContext, mail: RenderedMail, links: Links
) -> dict[str, object]:
    """Plain values under names that stay."""
    order, home = facts.picture.order, facts.home
    # A yes to mails is none to calls: the number goes along with what the order demands, and with that alone.
    may_call = home is not None and row.mail_class == MailClass.TRANSACTIONAL
    return {
        "shop": domain,
        "flow": row.flow_key,
        "step": row.step,
        "variant": row.variant,
        "class": row.mail_class,
        "due_at": row.due_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "order": {"id": order.id, "number": order.number},
        "to": {
            "email": facts.recipient,
            "phone": home.phone if home is not None and may_call else "",
            "first_name": order.first_name,
            "last_name": order.last_name,
            "language": context.locale,
            "country": home.country if home is not None else "",
        },
        "subject": mail.subject,
        "text": mail.text,
        "tracking_url": links.tracking,
        "unsubscribe_url": links.unsubscribe,
    }
