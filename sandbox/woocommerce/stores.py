"""Every shop of the fake store by its name, and the sender that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.deliveries import Deliveries
from sandbox.document_store import DocumentStore
from sandbox.settings import HOST, Settings
from sandbox.store import Refusal
from sandbox.woocommerce import announcements
from sandbox.woocommerce.seed import open_shop
from sandbox.woocommerce.shop import Shop

MAIN_SHOP = "larkhus.example"
_HERE = (HOST, "localhost")


class Stores:
    """Opens the main shop with its past; `deliveries` still has to be started."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._documents = DocumentStore(settings.folder / "woocommerce.sqlite")
        self._clock = Clock(settings.clock_file)
        self.deliveries = Deliveries(
            self._documents, settings.origins, compose=self._compose, finished=self._finished
        )
        open_shop(self.named(MAIN_SHOP), "Larkhus", with_past=True)

    def named(self, domain: str) -> Shop:
        """The main shop's links must open in a browser, which knows none of the other names."""
        here = f"http://{HOST}:{self._settings.woocommerce_port}"
        home = here if domain == MAIN_SHOP else f"https://{domain}"
        return Shop(domain, home, self._documents, self._clock, self.deliveries)

    def asked_for(self, name: str) -> Shop | None:
        """By the Host of a request, www or not; this machine's own address is the main shop. None: not
        opened."""
        shop = self.named(MAIN_SHOP if name in _HERE else name.removeprefix("www."))
        return None if shop.read("shop", "profile") is None else shop

    def open_throw_away(self, domain: str) -> None:
        """Raises Refusal 400."""
        if f"https://{domain}" not in self._settings.origins:
            raise Refusal(400, f"{domain} is not in the table of origins")
        open_shop(self.named(domain), domain.partition(".")[0].title(), with_past=False)

    def close(self) -> None:
        self.deliveries.stop()
        self._documents.close()

    def _compose(self, key: str) -> tuple[Mapping[str, str], bytes] | None:
        domain, webhook_id, number = key.split("/")
        return announcements.compose(self.named(domain), webhook_id, number)

    def _finished(self, record: Mapping[str, Any]) -> None:
        if not record["key"]:  # the plugin's own message, which no webhook counts
            return
        domain, webhook_id, _ = record["key"].split("/")
        if record["state"] != "dropped":
            announcements.settle(self.named(domain), webhook_id, record["status"])
