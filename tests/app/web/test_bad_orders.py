"""Orders as they should not be: stored and safe in every mail, or skipped with a reason."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast

import pytest

from app.services.send import Sender, send_due
from app.services.switches import switch_on
from emails.providers.registry import provider_for
from tests.app.desk import START
from tests.app.mail_server import Mailbox
from tests.app.web.conftest import Site, recording


def order(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(recording("order.created.paid"))
    body["billing"] = {**body["billing"], **changes.pop("billing", {})}
    line = {**body["line_items"][0], **changes.pop("line", {})}
    return {**body, "line_items": [line], **changes}


def lines(count: int) -> list[dict[str, Any]]:
    (line,) = order()["line_items"]
    return [{**line, "id": number, "name": f"Lamp number {number}"} for number in range(1, count + 1)]


def sent(site: Site, port: int, mailbox: Mailbox, body: dict[str, Any]) -> list[tuple[str, str | None]]:
    shop = site.woocommerce.shop_id
    with site.runtime.database.shops(shop) as session:
        switch_on(session, shop, "order_confirmation", START)
    assert site.woo("order.created", json.dumps(body).encode()) == (200, "stored")
    site.settle()
    sender = Sender(
        site.runtime.database,
        site.runtime.keys,
        provider_for(f"smtp://127.0.0.1:{port}"),
        "http://127.0.0.1:8000",
        "mail.example",
        lambda: site.now,
        site.runtime.clock.real,
    )
    with sender.provider.connect() as courier:
        while send_due(sender, courier, site.runtime.clock.real() + timedelta(seconds=20)):
            pass
    return [(row.state, row.reason) for row in site.rows("SELECT state, reason FROM messages")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (order(billing={"email": ""}), "no_email"),
        (order(billing={"email": "not an address"}), "invalid_email"),
        (order(billing={"email": "a" * 290 + "@example.com"}), "invalid_email"),
        (order(billing={"email": "a@example.com\r\nBcc: b@example.com"}), "invalid_email"),
    ],
)
def test_nobody_to_write_to(
    site: Site, port: int, mailbox: Mailbox, body: dict[str, Any], reason: str
) -> None:
    assert sent(site, port, mailbox, body) == [("skipped", reason)]
    assert mailbox.mails == []
    assert len(site.rows("SELECT id FROM orders")) == 1


@pytest.mark.parametrize(
    "body",
    [
        order(line_items=lines(399)),
        order(line={"quantity": 80_995}),
        order(total="0.00"),
        order(total="-12.50"),
        order(currency="QQQ"),
        order(billing={"first_name": "Mia\r\nSubject: gift"}),
        order(billing={"first_name": "\N{GRINNING FACE}" * 40}),
        order(billing={"first_name": "\u05de\u05d9\u05d4"}, line={"name": "\u0645\u0635\u0628\u0627\u062d"}),
        order(billing={"first_name": "<script>x</script>"}, line={"name": "<img src=x onerror=y>"}),
        order(line={"name": "x" * 3000}),
        order(line={"name": "a\u0000b\u202ec"}),
    ],
)
def test_strange_orders_make_safe_mails(
    site: Site, port: int, mailbox: Mailbox, body: dict[str, Any]
) -> None:
    assert sent(site, port, mailbox, body) == [("sent", None)]
    (mail,) = mailbox.mails
    assert mail["To"] == "mia.hart@example.com"
    assert mail["Subject"].startswith("Order 13")
    html = cast(EmailMessage, mail.get_body(("html",))).get_content()
    assert "<script>x" not in html
    assert "<img src=x" not in html
    assert len(mail.as_bytes()) < 102_000


def test_an_order_without_lines_is_stored_and_decided(site: Site, port: int, mailbox: Mailbox) -> None:
    ((state, reason),) = sent(site, port, mailbox, order(line_items=[]))
    assert (state, reason) in {("sent", None), ("skipped", "nothing_left")}
