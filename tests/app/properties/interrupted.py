"""A store that answers slowly and a courier that is watched: other things happen in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from connectors.base import Page, Reading, Store, Wish
from connectors.shopify.connector import ShopifyConnector
from emails.message import Envelope
from emails.providers.base import Courier, Receipt
from tests.app.properties.told_of_person import Told, consent


class Story(Protocol):
    """What goes on meanwhile."""

    told: Told
    now: datetime

    def meanwhile(self) -> None: ...

    def hand_over(self, row: str) -> None: ...


class Shelf(ShopifyConnector):
    """The store's side of reads, which takes its time: other things happen before its answer is there."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def fetch(self, store: Store, wish: Wish) -> Reading:
        return self._slowly()

    def changed_since(self, store: Store, since: datetime, cursor: str | None) -> Page:
        return Page(self._slowly())

    def customers(self, store: Store, cursor: str | None) -> Page:
        return Page(self._slowly())

    def history(self, store: Store, cursor: str | None, since: datetime | None = None) -> Page:
        return Page(self._slowly(), "more" if cursor is None else None)

    def _slowly(self) -> Reading:
        told, at = self.story.told, self.story.now
        readings = [
            self.normalise("orders/updated", told.order(at - timedelta(minutes=3))),
            self.normalise("customers/update", told.customer(at - timedelta(minutes=3))),
        ]
        consents = () if told.forgotten else (self.normalise(*consent(at)).consents)
        self.story.meanwhile()
        return Reading(orders=readings[0].orders, customers=readings[1].customers, consents=consents)


class Watching:
    """A real courier; other things happen before a mail is marked, and each hand-over is looked at."""

    def __init__(self, courier: Courier, story: Story) -> None:
        self.courier, self.story = courier, story
        self.row = ""

    def prepare(self, envelope: Envelope) -> None:
        self.row = dict(envelope.headers)["X-Doorstep-Row"]
        self.story.meanwhile()
        self.courier.prepare(envelope)

    def hand_over(self) -> Receipt:
        self.story.hand_over(self.row)
        return self.courier.hand_over()

    def drop(self) -> None:
        self.courier.drop()

    def __enter__(self) -> Watching:
        return self

    def __exit__(self, *_: object) -> None:
        """The real one stays open for the next."""
