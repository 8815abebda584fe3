"""One shop of the fake store: its documents, its ids, its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.clock import Clock
from sandbox.document_store import DocumentStore

# The first id of each noun and the step between two: 13 to 14 digits, as in real shops.
_FIRST_IDS = {
    "product": 8_604_213_700_000, "variant": 46_120_338_500_000, "image": 41_870_652_300_000,
    "inventory_item": 48_215_907_100_000, "option": 10_954_418_200_000, "media": 34_417_820_600_000,
    "customer": 7_350_916_400_000, "address": 9_412_775_300_000, "order": 5_871_640_200_000,
    "line": 14_902_337_600_000, "shipping_line": 4_906_122_800_000, "fulfillment": 5_208_431_900_000,
    "fulfillment_event": 28_117_450_300_000, "refund": 9_318_206_500_000,
    "refund_line": 6_105_772_400_000, "refund_shipping_line": 1_204_556_100_000,
    "transaction": 7_064_339_800_000, "webhook_subscription": 1_417_609_300_000,
    "tracking": 4_471_900_000_000, "discount": 1_339_204_700_000, "metafield": 31_204_118_900_000,
    "edit": 92_115_300_000, "return": 4_118_203_600_000, "credit_account": 6_201_337_400_000,
    "credit": 8_830_114_200_000, "exchange_line": 2_660_174_500_000,
}  # fmt: skip
_STEP = 4_099


@dataclass(frozen=True, slots=True)
class Shop:
    """`address`: where a browser reaches its pages, without a slash at the end."""

    domain: str
    address: str
    documents: DocumentStore
    clock: Clock

    @property
    def handle(self) -> str:
        return self.domain.removesuffix(".myshopify.com")

    def read(self, noun: str, id: str | int) -> dict[str, Any] | None:
        return self.documents.get(self._kind(noun), str(id))

    def all(self, noun: str, since: datetime | None = None) -> list[dict[str, Any]]:
        """In the order of their making; with `since` only those updated then or later."""
        return self.documents.all(self._kind(noun), None if since is None else since.timestamp())

    def write(self, noun: str, body: dict[str, Any], id: str | None = None) -> None:
        """Under the number in its global id, or under `id`."""
        changed = parse_time(body.get("updated_at"))
        self.documents.put(
            self._kind(noun), id or number_of(body), body, 0.0 if changed is None else changed.timestamp()
        )

    def forget(self, noun: str, id: str | int) -> bool:
        return self.documents.delete(self._kind(noun), str(id))

    def new_id(self, noun: str) -> int:
        return _FIRST_IDS[noun] + _STEP * self.documents.next_number(f"id/{noun}")

    def profile(self) -> dict[str, Any]:
        profile = self.read("shop", "profile")
        if profile is None:
            raise LookupError(f"{self.domain} has not been opened")
        return profile

    def currency(self) -> str:
        return str(self.profile()["currency"])

    def local(self, moment: datetime) -> str:
        """With the shop's offset, as webhooks carry it."""
        zone = ZoneInfo(str(self.profile()["iana_timezone"]))
        return moment.astimezone(zone).isoformat(timespec="seconds")

    def now_text(self) -> str:
        return self.local(self.clock.now())

    def quirks(self) -> dict[str, Any]:
        return self.read("shop", "quirks") or {}

    def _kind(self, noun: str) -> str:
        return f"{self.domain}/{noun}"


def number_of(body: dict[str, Any]) -> str:
    """The number behind the global id: recorded bodies hold a rounded plain `id`."""
    gid = body.get("admin_graphql_api_id")
    return str(gid).rsplit("/", 1)[-1] if gid else str(body["id"])


def parse_time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def not_before(earlier: str, moment: datetime) -> datetime:
    """`moment`, unless the clock was turned back: a modification time never falls. Changes within one
    second share it, as they do in real shops."""
    return max(moment, datetime.fromisoformat(earlier))
