"""Plays both platforms: lets lives happen and tells the app about it, as badly as real platforms do.

Deliveries come twice and more, overtake each other, and are repeated until they are answered 200; a
few of WooCommerce's never come at all, and only the healing poll can find what they would have said.
"""

from __future__ import annotations

import heapq
import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.chaos import shopify_dialect, woocommerce_dialect
from tests.chaos.lives import Fate, Happening, Life, Phase
from tests.chaos.truth import Truth
from tests.chaos.virtual_time import VirtualTime

POSTERS = 6
OVERTAKE_SECONDS = 2.0
REPEAT_AFTER = 0.3
COPIES = (1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3)
DROPPED = 0.02


@dataclass(order=True)
class Delivery:
    due: float
    number: int
    path: str = field(compare=False)
    headers: dict[str, str] = field(compare=False)
    body: bytes = field(compare=False)


class Driver:
    """`happen` from one thread; the posting is done by threads of its own."""

    def __init__(
        self,
        port: int,
        lives: dict[int, Life],
        happenings: list[Happening],
        truth: Truth,
        clock: VirtualTime,
        seed: int,
    ) -> None:
        self.lives = lives
        self.lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.dropped = 0
        self.phase = Phase.DELIVERY
        self._port = port
        self._left = happenings
        self._truth = truth
        self._clock = clock
        self._chance = random.Random(seed + 1)
        self._began = 0.0
        self._heap: list[Delivery] = []
        self._waiting = threading.Condition()
        self._under_way = 0
        self._numbers = 0
        self._stopped = False
        self._threads = [threading.Thread(target=self._post_all, daemon=True) for _ in range(POSTERS)]
        for thread in self._threads:
            thread.start()

    def begin(self, phase: Phase) -> None:
        self.phase = phase
        self._began = time.monotonic()

    def happen(self) -> None:
        """Lets happen what is due in this phase."""
        passed = time.monotonic() - self._began
        while self._left and self._left[0].phase is self.phase and self._left[0].after <= passed:
            self._happen(self._left.pop(0))

    @property
    def done(self) -> bool:
        """Everything of this phase has happened and every delivery was answered 200."""
        with self._waiting:
            posted = not self._heap and not self._under_way
        return posted and not (self._left and self._left[0].phase is self.phase)

    def stop(self) -> None:
        with self._waiting:
            self._stopped = True
            self._waiting.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def _happen(self, one: Happening) -> None:
        life = self.lives[one.life]
        with self.lock:
            now = self._clock.now().replace(microsecond=0)
            if one.what == "place" and life.fate is Fate.OLD:
                now -= timedelta(days=30)
            if life.changed_at is not None:
                # Stores tell time in seconds; two states of one order in the same one are not told apart.
                now = max(now, life.changed_at + timedelta(seconds=1))
            full = change(life, one, now)
            if life.shop.platform == "shopify":
                told = shopify_dialect.messages(life, one.what, one.detail)
            else:
                told = woocommerce_dialect.messages(life, one.what)
        self._truth.log(
            one.what,
            now,
            one.phase,
            life=life.number,
            email=life.email,
            shop=life.shop.domain,
            parcels=life.all_parcels,
            parcel=one.detail,
            full=full,
            old=life.fate is Fate.OLD,
        )
        for topic, body in told:
            self._announce(life, topic, body)

    def _announce(self, life: Life, topic: str, body: bytes) -> None:
        self._numbers += 1
        if life.shop.platform == "shopify":
            path, headers = (
                "/webhooks/shopify",
                shopify_dialect.headers(life.shop, topic, body, self._numbers),
            )
        else:
            path = f"/webhooks/woocommerce/{life.shop.token}"
            headers = woocommerce_dialect.headers(life.shop, topic, body, self._numbers)
            if self._chance.random() < DROPPED:
                self.dropped += 1
                return
        for _ in range(self._chance.choice(COPIES)):
            due = time.monotonic() + self._chance.uniform(0, OVERTAKE_SECONDS)
            self._push(Delivery(due, self._numbers, path, headers, body))

    def _push(self, delivery: Delivery) -> None:
        with self._waiting:
            heapq.heappush(self._heap, delivery)
            self._waiting.notify()

    def _post_all(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while (delivery := self._next()) is not None:
            answer = _post(connection, delivery)
            self.answers[answer] += 1
            with self._waiting:
                self._under_way -= 1
                if answer != "200":
                    delivery.due = time.monotonic() + REPEAT_AFTER
                    heapq.heappush(self._heap, delivery)
            if answer == "no answer":
                time.sleep(REPEAT_AFTER)

    def _next(self) -> Delivery | None:
        with self._waiting:
            while not self._stopped:
                wait = self._heap[0].due - time.monotonic() if self._heap else 1.0
                if self._heap and wait <= 0:
                    self._under_way += 1
                    return heapq.heappop(self._heap)
                self._waiting.wait(min(wait, 1.0))
        return None


def change(life: Life, one: Happening, now: datetime) -> bool:
    """Writes the happening into the life. True where all the money has gone back."""
    match one.what:
        case "place":
            life.placed_at = now
        case "cancel":
            life.cancelled_at = now
        case "ship":
            life.shipped[one.detail] = now
        case "deliver":
            life.delivered[one.detail] = now
        case "refund":
            life.refunds.append(((one.detail,) if one.detail else (1, 2), now))
    life.changed_at = now
    return life.fully_refunded


def _post(connection: http.client.HTTPConnection, delivery: Delivery) -> str:
    """The status, or "no answer"."""
    try:
        connection.request("POST", delivery.path, body=delivery.body, headers=delivery.headers)
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, http.client.HTTPException):
        connection.close()
        return "no answer"
