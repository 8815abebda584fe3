"""One run from the first order to the verdict."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import psycopg

from app.services import errands, poll_rows
from sandbox.outbox_store import find, listing, outbox_path
from tests.chaos import shopify_dialect, woocommerce_dialect
from tests.chaos.driver import Driver
from tests.chaos.lives import JUMPS, WEIGHTS, ChaosShop, Fate, Phase, plan
from tests.chaos.nemesis import VICTIMS, Nemesis
from tests.chaos.oracle import Verdict, judge
from tests.chaos.store import serve_stores
from tests.chaos.truth import Truth
from tests.chaos.virtual_time import VirtualTime
from tests.chaos.world import World, libpq

TICK = 0.04
PHASE_SECONDS = 300.0
STRIDE = timedelta(hours=4)
# Before a phase's mails are due, so that what happens in it and its kills meet them.
LAST_LEG = timedelta(hours=39)
# After which nothing is left to be killed in the middle of: what a bug lost leaves no mail to send. Longer
# than a vendor that swallowed answers is left alone, since mails go on after that.
SILENCE = 45.0
KILLS_IN = {Phase.DELIVERY: 0.62, Phase.ARRIVAL: 0.08, Phase.ASK: 0.14, Phase.NUDGE: 0.08, Phase.LAST: 0.08}


@dataclass(frozen=True)
class Scale:
    """`seconds`: how long orders come in, `pause`: the longest between two steps of one. `outage`: how
    long Redis is away; 0: nothing but kills goes wrong. `lease`: seconds, or "-" for the app's own.
    `losses`: answers that the sink swallows, twice. `rest`: how long open work may take between phases."""

    lives: int
    kills: int
    seconds: float
    outage: float
    lease: str
    workers: int = 2
    losses: int = 6
    until: Phase = Phase.LAST
    pause: float = 2.5
    rest: float = 180.0
    fates: Mapping[Fate, int] = field(default_factory=lambda: WEIGHTS)
    victims: Mapping[str, int] = field(default_factory=lambda: VICTIMS)


@dataclass
class Outcome:
    verdict: Verdict
    nemesis: Nemesis
    driver: Driver
    restarts: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    acknowledged_without_redis: int = 0
    first_mail_after_redis: float = 0.0
    audit: int | None = None
    restless: list[str] = field(default_factory=list)


Deed = tuple[float, Callable[[], None]]


class Run:
    """The main thread beats time, nemesis and supervisor; the driver posts from threads of its own."""

    def __init__(self, world: World, scale: Scale, seed: int) -> None:
        self.world, self.scale = world, scale
        self.clock = VirtualTime(world.folder / "clock")
        self.truth = Truth(world.folder / "truth.jsonl")
        world.start()
        world.wait_until_up()
        self.shops = world.connect_shops(self.clock)
        lives, happenings = plan(seed, scale.lives, self.shops, scale.seconds, scale.pause, scale.fates)
        self.driver = Driver(world.port, lives, happenings, self.truth, self.clock, seed)
        self.store = serve_stores(world.port + 1, self.driver)
        self.nemesis = Nemesis(world, seed, scale.victims)
        self.outcome = Outcome(Verdict(), self.nemesis, self.driver, world.fleet.restarts)
        self._redis_back: float | None = None
        self._healed = 0

    def go(self) -> Outcome:
        for shop in self.shops:
            self._announce_product(shop)
        for phase in Phase:
            if phase <= self.scale.until:
                started = time.monotonic()
                self._phase(phase)
                self.outcome.seconds[phase.name.lower()] = round(time.monotonic() - started, 1)
        if self.scale.until is Phase.LAST:
            self.outcome.audit = self._audit()
        dsn = libpq(self.world.servers.postgres.url("postgres", self.world.name))
        self.outcome.verdict = judge(
            self.truth.file, self.world.record, dsn, self.clock.now(), self.scale.until
        )
        return self.outcome

    def close(self) -> None:
        self.driver.stop()
        self.store.shutdown()
        self.world.fleet.stop()

    def _phase(self, phase: Phase) -> None:
        self.truth.log("phase", self.clock.now(), phase)
        self._travel(phase, JUMPS[phase] - LAST_LEG)
        self.driver.begin(phase)
        self.nemesis.wake(round(self.scale.kills * KILLS_IN[phase]))
        self._travel(phase, min(JUMPS[phase], LAST_LEG))
        deeds = self._deeds(phase)
        began = heard = time.monotonic()
        recorded = self.world.record.stat().st_size
        while deeds or not self.driver.done or not self.nemesis.resting:
            if time.monotonic() > began + self.scale.seconds + self.scale.outage + PHASE_SECONDS:
                raise TimeoutError(f"phase {phase.name} does not end; logs in {self.world.folder}")
            if deeds and time.monotonic() - began >= deeds[0][0]:
                deeds.pop(0)[1]()
            self._beat()
            if (size := self.world.record.stat().st_size) != recorded or not self.driver.done:
                recorded, heard = size, time.monotonic()
            elif not deeds and time.monotonic() > heard + SILENCE:
                self.nemesis.spare_the_rest()
        self._rest(phase)
        if phase is Phase.ASK:
            self._unsubscribe()

    def _travel(self, phase: Phase, left: timedelta) -> None:
        """Hours pass in strides: a parcel is late on an evening, whatever weekday it left on, and whoever
        wakes days later asks nobody."""
        while left > STRIDE:
            self.clock.jump(STRIDE)
            self._rest(phase)
            left -= STRIDE
        self.clock.jump(max(left, timedelta(0)))

    def _deeds(self, phase: Phase) -> list[Deed]:
        """What goes wrong at which second, besides the kills."""
        nemesis, scale = self.nemesis, self.scale
        if phase is Phase.DELIVERY and scale.outage:
            return [
                (scale.seconds * 0.10, lambda: nemesis.lose_answers(scale.losses)),
                (scale.seconds * 0.20, nemesis.flush_redis),
                (scale.seconds * 0.40, nemesis.crash_postgres),
                (scale.seconds * 0.60, self._take_redis),
            ]
        if phase is Phase.ASK and scale.outage:
            return [(0.5, lambda: nemesis.lose_answers(scale.losses)), (1.5, nemesis.crash_postgres)]
        return []

    def _beat(self) -> None:
        self.clock.beat()
        self.driver.happen()
        away = self.nemesis.redis_is_away
        self.nemesis.beat()
        if away and not self.nemesis.redis_is_away:
            self._redis_came_back()
        if self._redis_back is not None and self.world.record.stat().st_size > self._recorded:
            self.outcome.first_mail_after_redis = round(time.monotonic() - self._redis_back, 1)
            self._redis_back = None
        self.world.fleet.mend()
        time.sleep(TICK)

    def _take_redis(self) -> None:
        self._acknowledged = self.driver.answers["200"]
        self.nemesis.take_redis(self.scale.outage)

    def _redis_came_back(self) -> None:
        self.outcome.acknowledged_without_redis = self.driver.answers["200"] - self._acknowledged
        self._redis_back = time.monotonic()
        self._recorded = self.world.record.stat().st_size

    def _rest(self, phase: Phase) -> None:
        """Until nothing is open any more; what stays open is found by the oracle."""
        end = time.monotonic() + self.scale.rest
        # What is dropped while we rest is healed in the next rest.
        dropped = self.driver.dropped
        healed = dropped == self._healed
        asked_at, asked = datetime.now(UTC), time.monotonic() if healed else 0.0
        while time.monotonic() < end:
            self._beat()
            with suppress(psycopg.Error), closing(self.world.connection()) as connection:
                if time.monotonic() - asked > 5:
                    asked = time.monotonic()
                    connection.execute(POLLS_DUE, {"all": not healed, "lease": poll_rows.LEASE})
                    connection.execute(READS_DUE, {"lease": errands.LEASE})
                parameters = {"now": self.clock.now(), "asked": asked_at}
                row = connection.execute(OPEN, parameters).fetchone()
                if row is not None:
                    healed = healed or row[0] == 0
                    if healed and row[1] == 0:
                        self._healed = dropped
                        return
            for _ in range(10):
                self._beat()
        self.outcome.restless.append(phase.name.lower())

    def _unsubscribe(self) -> None:
        """Shoppers use the one-click address of the mail that they got."""
        path = outbox_path(self.world.folder / "sandbox")
        for life in self.driver.lives.values():
            asks = listing(path, to=life.email) if life.fate is Fate.UNSUBSCRIBED else []
            for mail in asks:
                found = find(path, mail.id)
                if found is None or mail.step != "ask":
                    continue
                address = re.findall(r"<(.*?)>", message_from_bytes(found[1])["List-Unsubscribe"])[0]
                self._post(urllib.request.Request(address, b"List-Unsubscribe=One-Click"))
                at, told = self.clock.now(), {"email": life.email, "shop": life.shop.domain}
                self.truth.log("unsubscribe", at, Phase.ASK, **told)

    def _announce_product(self, shop: ChaosShop) -> None:
        now = self.clock.now()
        if shop.platform == "shopify":
            body = shopify_dialect.encode(shopify_dialect.product_body(now))
            path, headers = (
                "/webhooks/shopify",
                shopify_dialect.headers(shop, "products/create", body, shop.id),
            )
        else:
            body = woocommerce_dialect.encode(woocommerce_dialect.product_body(now))
            path = f"/webhooks/woocommerce/{shop.token}"
            headers = woocommerce_dialect.headers(shop, "product.created", body, shop.id)
        self._post(urllib.request.Request(f"http://127.0.0.1:{self.world.port}{path}", body, headers))

    def _post(self, request: urllib.request.Request) -> None:
        """Until it is answered 200: a process may be coming up again."""
        end = time.monotonic() + self.scale.rest
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise
            self._beat()

    def _audit(self) -> int:
        """The app's own comparison of ledger and record; 0 where it holds."""
        command = [sys.executable, "-m", "app.cli.main", "audit"]
        ran = subprocess.run(
            command, cwd=self.world.fleet.tree, env=self.world.fleet.environ, capture_output=True
        )
        Path(self.world.folder / "log" / "audit.log").write_bytes(ran.stdout + ran.stderr)
        return ran.returncode


# Polls that have not looked since (in real time: how far they have read is told by the store's own clock),
# and work that is open. A mail that waits until its vendor is tried again waits by real time, which no jump
# shortens: its moment could be over after one. So could the moment of what a store is telling just now, to
# somebody who looked at the clock before. (Reads that Shopify refuses have an error and go on for ever.)
OPEN = """
select (select count(*) from polls where looked_at is null or looked_at < %(asked)s),
       (select count(*) from inbox where state = 'new')
     + (select count(*) from polls where held)
     + (select count(*) from wishes where state = 'open' and error is null)
     + (select count(*) from timers where due_at <= %(now)s)
     + (select count(*) from watches where due_at <= %(now)s)
     + (select count(*) from messages
        where state in ('claimed', 'sending') or (state = 'due'
            and (next_at <= %(now)s or reason in ('vendor_waits', 'vendor_paced', 'vendor_busy'))))
"""
# Who was killed while a store was being read leaves a lease of minutes.
POLLS_DUE = """
update polls set next_at = '-infinity'
where case when held then next_at < now() + %(lease)s - interval '15 seconds' else %(all)s end
"""
READS_DUE = """
update wishes set next_at = '-infinity'
where state = 'open' and error is null and next_at < now() + %(lease)s - interval '15 seconds'
"""
