"""What hands over a desk's mails: on its clocks, in the name of the app of all tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.services import ledger
from app.services.send import Sender
from emails.providers.base import Provider
from emails.providers.registry import provider_for
from flows.flow import Flow
from flows.presets import PRESETS
from tests.app.desk import Desk


def sender_of(desk: Desk, provider: Provider, flows: Sequence[Flow] = PRESETS) -> Sender:
    return Sender(
        database=desk.database,
        secrets=desk.keys,
        provider=provider,
        address="http://127.0.0.1:8000",
        mail_domain="mail.example",
        shared_domain_offers=True,
        now=lambda: desk.now,
        real=lambda: desk.real,
        flows=flows,
    )


def smtp_sender(desk: Desk, port: int) -> Sender:
    return sender_of(desk, provider_for(f"smtp://127.0.0.1:{port}"))


def mark(
    desk: Desk,
    row: ledger.Claimed,
    now: datetime | None = None,
    provider: str = "smtp",
    account: str | None = None,
    real: datetime | None = None,
) -> bool:
    """What stands right before a hand-over: whether the row may still leave."""
    return ledger.mark(
        desk.database,
        row,
        now or desk.now,
        recipient="mia@example.com",
        subject="",
        message_id=f"<{row.id}@x>",
        provider=provider,
        reasons=(),
        account=account,
        real=real,
    )
