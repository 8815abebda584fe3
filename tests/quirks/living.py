"""A store with bad habits and the app that lives with it: both listen, everything between them is HTTP.

The jobs are done here one after the other, so that a test can look in between; time passes when it says so.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import requests
from sqlalchemy import text
from werkzeug.serving import BaseWSGIServer, make_server

from app.clock import Clock
from app.config import Config, SandboxConfig
from app.jobs import entry
from app.runtime import Runtime, build
from app.services.errands import run_errand
from app.services.heal import run_poll
from app.services.hinted_reads import read_hinted
from app.services.install import Attempt, Connected, connect
from app.services.intake import take_in
from app.services.look import look_due
from app.services.polls import poke
from app.services.privacy import run_request
from app.services.send import Sender, send_due
from app.services.store_writes import run_write
from app.services.switches import switch_on
from app.services.wake import wake_due
from connectors.registry import connector_for
from connectors.woocommerce.plugin_keys import PAGE, key_for
from flows.commerce import Platform
from flows.presets import PRESETS
from sandbox.clock import Clock as StoreClock
from sandbox.server import QuietHandler
from tests.app.desk import KEYS, take_for_service
from tests.app.mail_server import Mailbox
from tests.app.web.conftest import application
from tests.sandbox.woocommerce.running import Body, Store

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SHOPPER = "kim.vale@example.com"
CONFIRMED, SHIPPED, ARRIVED = "order_confirmation/confirmation", "shipped/parcel", "delivered/arrived"


class MovedClock(Clock):
    """Of an app whose every time is ahead, leases and signatures too: hours of waiting are over at once.
    With `business_alone` those keep real time, as in the sandbox: years pass and no key grows old."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()
        self.business_alone = False

    def now(self) -> datetime:
        return super().now() + self.ahead

    def real(self) -> datetime:
        return super().real() if self.business_alone else super().real() + self.ahead


class OneAnswer(QuietHandler):
    """A connection for each request, so that all threads end with what they were asked."""

    protocol_version = "HTTP/1.0"


class AppDoor:
    """The app's web process, which can be shut and opened again: then nobody listens."""

    def __init__(self, app: WSGIApplication, port: int) -> None:
        self._app = app
        self._port = port
        self._server: BaseWSGIServer | None = None
        self._listening: threading.Thread | None = None

    def open(self) -> None:
        self._server = make_server(
            "127.0.0.1", self._port, self._app, threaded=True, request_handler=OneAnswer
        )
        vars(self._server)["daemon_threads"] = False  # closing waits for who is still answering
        self._listening = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._listening.start()

    def shut(self) -> None:
        """Returns when the last answer is given."""
        if self._server is not None and self._listening is not None:
            self._server.shutdown()
            # It closes the server as it ends. Closed from here as well, each would leave it to the other
            # to wait for who is still answering.
            self._listening.join()
        self._server = self._listening = None


@dataclass
class Home:
    """One shop of the store, the app that it is connected with, and the mail server behind that."""

    store: Store
    runtime: Runtime
    door: AppDoor
    mailbox: Mailbox
    clock: MovedClock
    shop: Connected

    def now(self) -> datetime:
        return self.clock.now()

    def real(self) -> datetime:
        return self.clock.real()

    def later(self, **span: float) -> None:
        """Time passes, for the app and in the store; the plugin learns of it with our next word."""
        self.clock.ahead += timedelta(**span)
        StoreClock(self.store.settings.clock_file).set_offset(self.clock.ahead.total_seconds())

    def quirks(self, **wanted: Any) -> None:
        self.store.post("/sandbox/quirks", wanted)

    def order(self, *skus: str, **more: Any) -> Body:
        return self.store.order(*skus, **more)

    def rest(self) -> None:
        """Until the store has told what it has to tell, and the app has done what is due."""
        self.store.settle()
        while self.work():
            self.store.settle()

    def work(self) -> bool:
        """The app does what is due now, whatever the store has still to tell. False: nothing was."""
        at, stores = self.runtime, self.runtime.stores()
        sender = Sender(
            at.database,
            at.keys,
            at.provider,
            at.config.address,
            at.config.mail_from_domain,
            self.now,
            self.real,
            shared_domain_offers=at.config.shared_domain_offers,
        )
        worked = False
        with at.provider.connect() as courier:
            while True:
                now, real = self.now(), self.real()
                done = (
                    take_in(at.database, connector_for, at.keys, now, real),
                    look_due(at.database, at.keys, now),
                    wake_due(at.database, at.keys, now),
                    send_due(sender, courier, real + entry.SHARE),
                    read_hinted(at.database, stores, now, real),
                    run_errand(at.database, stores, now, real),
                    run_poll(at.database, stores, now, real, lambda: False),
                    run_write(at.database, stores, real),
                    run_request(at.database, at.keys, now, real),
                )
                if not any(done):
                    return worked
                worked = True

    def look_now(self, *nouns: str) -> None:
        """These polls are due now; what the store has still to tell is not waited for."""
        with self.runtime.database.shops(self.shop.shop_id) as session:
            for noun in nouns:
                poke(session, self.shop.shop_id, noun, self.real())
        self.work()

    def look(self, *nouns: str) -> None:
        """The same, until everything rests."""
        self.look_now(*nouns)
        self.rest()

    def calls(self) -> int:
        """How often the store's API was called so far."""
        return len(self.store.asked)

    def secret(self) -> str:
        """What the shop signs its messages with."""
        return self.runtime.keys.webhook_secret(self.shop.token)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.runtime.database.shops(self.shop.shop_id) as session:
            return list(session.execute(text(sql), {"shop": self.shop.shop_id, **values}))

    def healed(self) -> int:
        """Orders that no message told of, by whichever listing came first: in one hour of the day that is the
        nightly one."""
        return int(
            self.one("SELECT sum(healed) FROM polls WHERE shop_id = :shop AND noun IN ('orders', 'nightly')")
        )

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]

    def state(self) -> str:
        return str(self.one("SELECT state FROM shops WHERE id = :shop"))

    def steps(self, to: str = SHOPPER) -> list[str]:
        """What the person was sent, in its order. Every row of the ledger is one mail at the server."""
        rows = self.rows(
            "SELECT flow_key || '/' || step AS step FROM messages WHERE shop_id = :shop AND recipient = :to"
            " AND state = 'sent' ORDER BY sent_at, id",
            to=to,
        )
        assert len(rows) == len([mail for mail in self.mailbox.mails if to in str(mail["To"])])
        return [row.step for row in rows]

    def outcomes(self) -> list[str]:
        rows = self.rows("SELECT outcome FROM inbox WHERE shop_id = :shop ORDER BY id")
        return [row.outcome for row in rows]

    def webhooks(self) -> dict[str, str]:
        """Topic and status of those that lead to us."""
        found = self.store.stores.named(self.store.shop).every("webhook")
        ours = [one for one in found if str(one["delivery_url"]).startswith(self.runtime.config.address)]
        assert len(ours) == len({one["topic"] for one in ours}), "doubled"
        return {one["topic"]: one["status"] for one in ours}

    def page(self, path: str = "/") -> str:
        """A page of the admin, as the merchant reads it."""
        now, origin = self.runtime.clock.real(), f"https://{self.store.shop}"
        claims = {"iss": origin, "dest": origin, "aud": "doorstep", "sub": "1", "name": "Malin", "nbf": now}
        secret = key_for(PAGE, self.runtime.keys.plugin_secret(self.shop.token))
        token = jwt.encode({**claims, "exp": now + timedelta(minutes=1)}, secret, algorithm="HS256")
        answer = requests.get(
            f"{self.runtime.config.address}/woocommerce/app{path}",
            headers={"Authorization": f"Bearer {token}"}, timeout=30,
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@contextmanager
def living(
    store: Store, database_url: str, redis_url: str, smtp_port: int, mailbox: Mailbox
) -> Iterator[Home]:
    """Connected a moment ago with keys of its own, every flow on, at rest."""
    settings = store.settings
    origins = {**settings.origins, f"https://www.{store.shop}": settings.origins[f"https://{store.shop}"]}
    config = Config(
        address=settings.app_address,
        port=settings.port,
        data=Path(settings.data),
        mail_from_domain="mail.example",
        shared_domain_offers=True,
        sandbox=SandboxConfig(origins, settings.clock_file, settings.record_file, settings.port),
        database_url=database_url,
        redis_url=redis_url,
        smtp_url=f"smtp://127.0.0.1:{smtp_port}",
        secret=KEYS.secret,
        encryption_keys=KEYS.encryption,
    )
    clock = MovedClock()
    runtime = replace(build(config), clock=clock)
    door = AppDoor(application(config, runtime), config.port)
    door.open()
    key, secret = store.key
    attempt = Attempt(Platform.WOOCOMMERCE, store.shop, f"https://{store.shop}")
    secrets = {"consumer_key": key, "consumer_secret": secret}
    now, real = runtime.clock.now(), runtime.clock.real()
    shop = connect(runtime.database, runtime.keys, attempt, secrets, now, real)
    home = Home(store, runtime, door, mailbox, clock, shop)
    with runtime.database.shops(home.shop.shop_id) as session:
        take_for_service(session, home.shop.shop_id)
        for flow in PRESETS:
            switch_on(session, home.shop.shop_id, flow.key, now)
    home.rest()
    yield home
    door.shut()
    runtime.database.engine.dispose()
    runtime.queue.redis.close()
