"""One shopper of one shop: what they do, what the shop does for them, and what is then known of both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import requests

from flows.commerce import Platform
from sandbox.woocommerce import customers
from tests.contract.twins import Side

_LINK = re.compile(r"https?://\S+/l/[\w.-]+")
_BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@dataclass
class Buyer(Side):
    """`name`: of the life that they live, and of their mailbox. `zone`: where they live. `orders`: all of
    theirs, the newest last."""

    name: str = ""
    zone: Any = None
    mailbox: str = ""
    orders: list[str] = field(default_factory=list)

    @property
    def to(self) -> str:
        return f"{self.mailbox or self.name}@{self.platform.value}.example.com"

    @property
    def by_scans(self) -> bool:
        """Whether the shop's carriers are heard of."""
        return self.platform is Platform.SHOPIFY

    def place(self, *skus: Any, **more: Any) -> None:
        super().place(*skus, **more)
        self.parcels.clear()
        self.orders.append(str(self.order["id"]))

    def is_born(self, day: str) -> None:
        """With an account, where the platform has a field for it that plugins use."""
        if self.by_scans:
            return
        wish = {"email": self.to, "first_name": "Ada", "last_name": "Fields"}
        self.account = self.store.rest("POST", "customers", json=wish).json()["id"]
        self.store.settle()  # both are of the same second: the later one is to be told later
        shop = self.store.stores.named(self.domain)
        customer = shop.read("customer", self.account)
        customer["meta_data"] = [{"id": 1, "key": "billing_birth_date", "value": day}]
        customers.change(shop, customer, {}, shop.now())

    def waits_at_the_shop(self) -> None:
        """By a carrier's scan; where the store hears of none, by a status of the merchant's own."""
        if self.by_scans:
            self.act("scan", status="ready_for_pickup")
        else:
            self.act("status", status="at-the-shop")

    def clicks(self, step: str) -> None:
        """The first link of the newest mail of this step."""
        answer = requests.get(_LINK.findall(_words(self.mail(step)))[0], headers=_BROWSER,
                              allow_redirects=False, timeout=30)  # fmt: skip
        assert answer.status_code == 302, answer.text

    def leaves(self, step: str) -> None:
        """By the button that mail programs show, from the newest mail of this step."""
        address = str(self.mail(step)["List-Unsubscribe"]).split(",")[0].strip(" <>")
        answer = requests.post(address, data={"List-Unsubscribe": "One-Click"}, timeout=30)
        assert answer.status_code == 200, answer.text

    def reviews(self, stars: int) -> None:
        (row,) = self.home.rows("SELECT body FROM orders WHERE shop_id = :shop AND id = :id",
                                shop=self.shop_id(), id=str(self.order["id"]))  # fmt: skip
        said = {"product-0": row.body["lines"][0]["product_id"], "stars-0": str(stars), "body-0": "So it is.",
                "name": "Ada F."}  # fmt: skip
        self._says("r", self._signed("review", 1, str(self.order["id"])), said)

    def answers(self, said: str) -> None:
        """Whether the parcel is here: "yes" or "no"."""
        (row,) = self.home.rows("SELECT id FROM parcels WHERE shop_id = :shop AND order_id = :id",
                                shop=self.shop_id(), id=str(self.order["id"]))  # fmt: skip
        self._says("a", self._signed("arrival", str(self.order["id"]), row.id), {"answer": said})

    def _signed(self, purpose: str, *carried: Any) -> str:
        return str(self.home.runtime.keys.sign(purpose, [self.shop_id(), *carried]))

    def _says(self, page: str, token: str, said: dict[str, str]) -> None:
        address = f"{self.home.runtime.config.address}/{page}/{token}"
        answer = requests.post(address, data=said, headers=_BROWSER, allow_redirects=False, timeout=30)
        assert answer.status_code == 303, answer.text

    def mail(self, step: str) -> EmailMessage:
        rows = self.home.rows(
            "SELECT message_id FROM messages WHERE shop_id = :shop AND recipient = :to AND state = 'sent'"
            " AND template = :step ORDER BY sent_at DESC LIMIT 1",
            shop=self.shop_id(), to=self.to, step=step,
        )  # fmt: skip
        assert rows, f"{self.to} got no {step}"
        return next(m for m in self.home.mailbox.mails if str(m["Message-ID"]) == rows[0].message_id)

    def got(self) -> list[tuple[datetime, str]]:
        """(when, template) of what reached the mailbox, in its order; the ledger says the same."""
        rows = self.home.rows(
            "SELECT message_id, template, sent_at FROM messages WHERE shop_id = :shop AND recipient = :to"
            " AND state = 'sent' ORDER BY sent_at, id", shop=self.shop_id(), to=self.to,
        )  # fmt: skip
        here = [str(mail["Message-ID"]) for mail in self.home.mailbox.mails if self.to in str(mail["To"])]
        assert here == [row.message_id for row in rows], "the ledger and the mail server agree"
        return [(row.sent_at, row.template) for row in rows]

    def kept_back(self) -> list[tuple[str, str]]:
        """(template, reason) of mails that were decided on and did not leave."""
        rows = self.home.rows(
            "SELECT template, state, reason FROM messages WHERE shop_id = :shop AND order_id = any(:orders)"
            " AND state <> 'sent' ORDER BY changed_at, id", shop=self.shop_id(), orders=self.orders,
        )  # fmt: skip
        return [(row.template, row.reason or row.state) for row in rows]

    def ends(self) -> list[tuple[str, str]]:
        """(flow, how its journey ended) in the order of the orders, then of the alphabet."""
        rows = self.home.rows(
            "SELECT flow_key, status, end_reason, order_id FROM journeys WHERE shop_id = :shop"
            " AND order_id = any(:orders) ORDER BY flow_key, id", shop=self.shop_id(), orders=self.orders,
        )  # fmt: skip
        named = [(row.order_id, row.flow_key, row.end_reason or row.status) for row in rows]
        named.sort(key=lambda one: (self.orders.index(one[0]), one[1]))
        return [(flow, end) for _, flow, end in named]


def _words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
