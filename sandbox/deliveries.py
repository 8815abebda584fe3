"""Sends the webhooks of a fake store in the background and keeps a record of every one.

A delivery is written down before its first attempt, so that a restart of the store goes on with
what was still open.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from sandbox.clock import real_now
from sandbox.document_store import DocumentStore

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_DROPPED = "dropped: there is nothing left to send"


@dataclass(frozen=True, slots=True)
class AttemptsPolicy:
    """`waits` in seconds before each repetition; empty: one attempt only.

    `connect` and `total` are the sender's patience in seconds.
    """

    waits: tuple[float, ...] = ()
    connect: float = 1.0
    total: float = 5.0


NEVER_AGAIN = AttemptsPolicy()
# Eight repetitions as the real platform makes within four hours, scaled to about two minutes.
EIGHT_TIMES = AttemptsPolicy(waits=(0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0))


# Headers and body for a delivery's `key`, asked for when it is sent; None: it is dropped after all.
Compose = Callable[[str], tuple[Mapping[str, str], bytes] | None]
# Told the record of every delivery that has ended.
Finished = Callable[[dict[str, Any]], None]


@dataclass(order=True, slots=True)
class _Job:
    due: float
    place: int
    id: str = field(compare=False)


class Deliveries:
    """`origins`: exact https origin -> loopback origin. Nothing is ever sent off this machine."""

    def __init__(
        self,
        documents: DocumentStore,
        origins: Mapping[str, str] | None = None,
        senders: int = 8,
        compose: Compose | None = None,
        finished: Finished | None = None,
    ) -> None:
        self._documents = documents
        self._origins = dict(origins or {})
        self._senders = senders
        self._compose = compose
        self._finished = finished
        self._places = itertools.count()
        self._jobs: list[_Job] = []
        self._busy = 0
        self._running = False
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts the sender threads and takes up what an earlier run left open."""
        self._running = True
        for open_one in self._documents.all("open_delivery"):
            self._queue(open_one["id"], 0.0)
        for place in range(self._senders):
            thread = threading.Thread(target=self._run, name=f"webhook-sender-{place}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        with self._changed:
            self._running = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads.clear()

    def enqueue(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        policy: AttemptsPolicy,
        *,
        shop: str,
        topic: str,
        late_seconds: float = 0.0,
        drop: bool = False,
        hold: bool = False,
        key: str = "",
    ) -> str:
        """Returns the id of the record. `drop`: it is recorded as dropped and never sent. `hold`: it
        waits until `release`.

        `key`: headers and body are not these but what `compose` makes of the key at sending time.
        """
        id = str(self._documents.next_number("delivery"))
        record = {
            "id": id, "shop": shop, "topic": topic, "url": url, "queued_at": _stamp(),
            "when": None, "status": None, "state": "dropped" if drop else "held" if hold else "open",
            "attempts": 0, "key": key,
        }  # fmt: skip
        with self._documents.transaction():
            self._documents.put("delivery", id, record)
            if not drop:
                letter = {
                    "id": id, "headers": dict(headers), "body": body.decode("utf-8"),
                    "waits": list(policy.waits), "connect": policy.connect, "total": policy.total,
                }  # fmt: skip
                self._documents.put("held_delivery" if hold else "open_delivery", id, letter)
        if not drop and not hold:
            self._queue(id, late_seconds)
        return id

    def release(self, shop: str) -> int:
        """Sends what was held back for a shop, oldest first. Returns how many that are."""
        held = [record["id"] for record in self.records(shop) if record["state"] == "held"]
        for id in held:
            with self._documents.transaction():
                record, letter = self._documents.get("delivery", id), self._documents.get("held_delivery", id)
                if record is None or letter is None:
                    continue
                self._documents.put("delivery", id, {**record, "state": "open"})
                self._documents.put("open_delivery", id, letter)
                self._documents.delete("held_delivery", id)
            self._queue(id, 0.0)
        return len(held)

    def records(self, shop: str) -> list[dict[str, Any]]:
        """Oldest first. `state`: open, held, delivered, failed, dropped; `status`: last HTTP answer."""
        return [record for record in self._documents.all("delivery") if record["shop"] == shop]

    def wait_until_idle(self, seconds: float) -> bool:
        """True once nothing is waiting or being sent; False when the time is over."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._jobs or self._busy:
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def _queue(self, id: str, wait: float) -> None:
        with self._changed:
            heapq.heappush(self._jobs, _Job(time.monotonic() + wait, next(self._places), id))
            self._changed.notify_all()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._attempt(job.id)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _next(self) -> _Job | None:
        """The next job that is due; None when the senders are told to stop."""
        with self._changed:
            while self._running:
                wait = self._jobs[0].due - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._jobs)
                self._changed.wait(wait)
        return None

    def _attempt(self, id: str) -> None:
        letter = self._documents.get("open_delivery", id)
        record = self._documents.get("delivery", id)
        if letter is None or record is None:
            return
        status, problem = self._send(record, letter)
        done = status is not None and 200 <= status < 300
        waits = letter["waits"]
        again = not done and record["attempts"] < len(waits)
        wait = waits[record["attempts"]] if again else 0.0
        state = "delivered" if done else "open" if again else "dropped" if problem == _DROPPED else "failed"
        record |= {"status": status, "problem": problem, "when": _stamp(), "state": state}
        record["attempts"] += 1
        with self._documents.transaction():
            self._documents.put("delivery", id, record)
            if not again:
                self._documents.delete("open_delivery", id)
        if again:
            self._queue(id, wait)
        elif self._finished is not None:
            self._finished(record)

    def _send(self, record: dict[str, Any], letter: dict[str, Any]) -> tuple[int | None, str]:
        headers, body = letter["headers"], letter["body"].encode("utf-8")
        if record["key"] and self._compose is not None:
            composed = self._compose(record["key"])
            if composed is None:
                return None, _DROPPED
            headers, body = composed
        return post(record["url"], headers, body, self._origins, (letter["connect"], letter["total"]))


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    origins: Mapping[str, str],
    patience: tuple[float, float] = (1.0, 5.0),
) -> tuple[int | None, str]:
    """HTTP status and "" or None and what went wrong. A redirect is an answer like any other.

    `patience`: seconds to connect and seconds to answer.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    headers = dict(headers)
    if origin in origins:
        headers["Host"] = parts.netloc
        url = origins[origin] + url[len(origin) :]
    if urlsplit(url).hostname not in _LOOPBACK:
        return None, "not sent: the address is outside this machine"
    # A fresh connection each time: a kept one that died unseen would look like a refusal.
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(url, data=body, headers=headers, timeout=patience, allow_redirects=False)
        except requests.RequestException as error:
            return None, type(error).__name__
        return answer.status_code, ""


def _stamp() -> str:
    return real_now().isoformat()
