"""What is known of the ways of a batch before any of its messages leaves."""

from __future__ import annotations

from collections.abc import Sequence

from app.db import Session
from app.services.ledger import Claimed
from app.services.mail_accounts import load_accounts
from app.services.routes import Vendors
from app.services.tool_calls import ToolCalls
from app.services.vendor_health import load_health
from app.services.ways_out import Ways
from app.services.webhook_door import load_doors
from flows.facts import Channel


def load_ways(session: Session, rows: Sequence[Claimed], vendors: Vendors) -> Ways:
    """One statement where a message goes to a tool; two where any is a mail."""
    calls = {row.shop_id for row in rows if row.channel == Channel.WEBHOOK}
    mails = {row.shop_id for row in rows if row.channel != Channel.WEBHOOK}
    tools = ToolCalls(load_doors(session, calls) if calls else {})
    if not mails:
        return Ways(tools)
    own = load_accounts(session, mails)
    accounts = {vendors.account, vendors.second_account, *(one.account for one in own.values())}
    second = vendors.second_account if vendors.second is not None else ""
    return Ways(tools, own, second, load_health(session, accounts))
