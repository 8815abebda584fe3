"""One shop of the fake store: its documents, its ids, its time, and the way its messages leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.clock import Clock, real_now
from sandbox.deliveries import Deliveries
from sandbox.document_store import DocumentStore
from sandbox.woocommerce.quirks import QUIRKS

# Orders, products and refunds of a real shop share one row of numbers; an old shop is past 1000.
_FIRST_POST = 1000
_FIRST_OF_OTHERS = 40


@dataclass(frozen=True, slots=True)
class Shop:
    """`home`: the front page's address as the shop itself names it, without a slash at the end."""

    domain: str
    home: str
    documents: DocumentStore
    clock: Clock
    deliveries: Deliveries

    @property
    def address(self) -> str:
        """What it tells others of where it is; `home` opens in a browser of this machine."""
        return f"https://{self.domain}"

    @property
    def name(self) -> str:
        return str(self.profile()["name"])

    @property
    def currency(self) -> str:
        return str(self.profile()["currency"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo("Asia/Tokyo" if self.quirks()["tokyo"] else str(self.profile()["timezone"]))

    def profile(self) -> dict[str, Any]:
        profile = self.read("shop", "profile")
        if profile is None:
            raise LookupError(f"{self.domain} has not been opened")
        return profile

    def quirks(self) -> dict[str, Any]:
        return {**QUIRKS, **(self.read("shop", "quirks") or {})}

    def now(self) -> datetime:
        return self.clock.now().replace(microsecond=0) + self._clock_error()

    def machine_time(self) -> datetime:
        """What the store's machine takes for the real time: its answers and its plugin tell this."""
        return real_now() + self._clock_error()

    def _clock_error(self) -> timedelta:
        return timedelta(hours=self.quirks()["clock_hours"])

    def read(self, noun: str, id: str | int) -> dict[str, Any] | None:
        return self.documents.get(f"{self.domain}/{noun}", str(id))

    def every(self, noun: str) -> list[dict[str, Any]]:
        """In the order of their first writing."""
        return self.documents.all(f"{self.domain}/{noun}")

    def write(self, noun: str, id: str | int, body: dict[str, Any]) -> None:
        self.documents.put(f"{self.domain}/{noun}", str(id), body)

    def forget(self, noun: str, id: str | int) -> bool:
        return self.documents.delete(f"{self.domain}/{noun}", str(id))

    def new_id(self, noun: str) -> int:
        """For orders, products, refunds and pictures: never one that a recorded resource holds."""
        while True:
            id = _FIRST_POST + self.documents.next_number(f"{self.domain}/post")
            if self.read(noun, id) is None:
                return id

    def number(self, name: str) -> int:
        """For lines, metadata, notes, webhooks, keys and people: each has a row of its own."""
        return _FIRST_OF_OTHERS + self.documents.next_number(f"{self.domain}/{name}")

    def stamps(self, name: str, moment: datetime | None) -> dict[str, str | None]:
        """`name` in the shop's own time without an offset, and its UTC twin without a Z."""
        if moment is None:
            return {name: None, f"{name}_gmt": None}
        return {name: _plain(moment.astimezone(self.zone)), f"{name}_gmt": _plain(moment)}

    def api(self, path: str) -> str:
        return f"{self.home}/wp-json/wc/v3/{path}"

    def links(self, collection: str, id: int, allow: tuple[str, ...] | None = None) -> dict[str, Any]:
        hints = list(allow or ("GET", "POST", "PUT", "PATCH", "DELETE"))
        return {
            "self": [{"href": self.api(f"{collection}/{id}"), "targetHints": {"allow": hints}}],
            "collection": [{"href": self.api(collection)}],
        }


def moment_of(gmt: Any) -> datetime | None:
    """A `*_gmt` text as an instant."""
    return datetime.fromisoformat(gmt).replace(tzinfo=UTC) if isinstance(gmt, str) and gmt else None


def _plain(moment: datetime) -> str:
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
