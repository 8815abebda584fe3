"""Scanners open every link of every mail, and every page behind it. Nothing is left but that they did."""

from __future__ import annotations

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from flows.commerce import Platform
from tests.app.mail_server import Mailbox
from tests.app.web.conftest import Site
from tests.proof import Figure
from tests.security.letters import APP, Addresses, addresses_in, mail_everything
from tests.security.parties import Party, all_rows, changed, residents

PREFIX = "/apps/doorstep"
TIMES = 3


class Crawler:
    """`clicks`: how many of its GETs counted as one. `beyond`: hosts (or schemes) that it did not ask."""

    def __init__(self, shop: Party) -> None:
        self.shop = shop
        self.requests = self.clicks = 0
        self.pages: set[str] = set()
        self.beyond: set[str] = set()

    def visit(self, address: str, method: str = "GET", hops: int = 5) -> None:
        """Follows redirects, into the store and back to us."""
        inside = self._inside(address)
        if inside is None:
            return
        path, asked = inside
        answer = self.shop.site.client.open(asked, method=method)
        page = answer.get_data(as_text=True)
        answer.close()
        self.requests += 1
        self.clicks += method == "GET" and path.startswith("/l/")
        assert answer.status_code in (200, 302, 303, 405), (address, answer.status_code)
        assert "Set-Cookie" not in answer.headers
        if "Location" in answer.headers:
            assert hops
            self.visit(urljoin(address, answer.headers["Location"]), method, hops - 1)
        elif answer.status_code == 200 and method == "GET":
            self.pages.add(path.split("/")[1])
            self._read_on(address, page, hops)

    def _read_on(self, address: str, page: str, hops: int) -> None:
        """What stands in a page is opened too, once for each way to it."""
        reader = Addresses()
        reader.feed(page)
        for found in reader.found:
            if hops:
                self.visit(urljoin(address, found), hops=0)

    def _inside(self, address: str) -> tuple[str, str] | None:
        """The path among ours, and how it is asked: below the store's prefix the store asks for it."""
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" == APP:
            return parts.path, f"{parts.path}?{parts.query}"
        if parts.hostname == self.shop.domain and parts.path.startswith(f"{PREFIX}/"):
            below = parts.path.removeprefix(f"{PREFIX}/")
            return f"/{below}", self.shop.forwarded(below, parse_qsl(parts.query))
        self.beyond.add(parts.hostname or parts.scheme)
        return None


@pytest.mark.parametrize(
    ("platform", "prefix"),
    [(Platform.WOOCOMMERCE, ""), (Platform.WOOCOMMERCE, PREFIX), (Platform.SHOPIFY, PREFIX)],
)
def test_only_clicks_are_left_behind(
    site: Site, port: int, mailbox: Mailbox, platform: Platform, prefix: str, figure: Figure
) -> None:
    shop = residents(site)[platform]
    mails = mail_everything(shop, port, mailbox, prefix)
    steps = [str(mail["X-Doorstep-Step"]) for mail in mails]
    assert steps == ["confirmation", "parcel", "arrived", "ask", "nudge", "last"]
    before, crawler = all_rows(shop), Crawler(shop)
    for mail in mails:
        for address in dict.fromkeys(addresses_in(mail)):
            for _ in range(TIMES):
                crawler.visit(address)
            crawler.visit(address, "HEAD")
    figure("requests", crawler.requests)
    figure("clicks", crawler.clicks)
    assert crawler.pages >= {"t", "r", "u"}, "every kind of page was reached"
    assert crawler.beyond <= {shop.domain, "track.example", "mailto", "data"}
    came = changed(before, all_rows(shop))
    assert set(came) == {"message_events"}
    kept = [row for row in came["message_events"] if row.startswith("+ ")]
    scanned = [row for row in kept if ",scanned," in row]
    assert len(kept) == len(came["message_events"])
    assert all(",clicked," in row for row in kept if row not in scanned)
    assert len(scanned) > len(kept) / 2, "whoever opens all links of a mail at once is no reader"
    assert len(came["message_events"]) == crawler.clicks > TIMES * len(mails)
