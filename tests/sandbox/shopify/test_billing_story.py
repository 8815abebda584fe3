"""Plans as a merchant and a reviewer go through them, over HTTP, with the store that bills: accept, decline,
upgrade, downgrade, an unpaid bill, cancellation, removal and coming back."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text
from werkzeug.serving import make_server

from app.config import Config, SandboxConfig
from app.factory import create_app
from app.runtime import Runtime, build
from app.services.heal import run_poll
from app.services.intake import take_in
from app.services.switches import switch_on
from sandbox.settings import Settings
from tests.app.desk import KEYS
from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Quiet, Store, serving

OFFICE = "/store/hollow-pine"
ADMIN = "https://admin.shopify.com"


@dataclass
class Merchant:
    """A merchant's browser in the back office, and the app's own jobs, run when a test says so."""

    store: Store
    runtime: Runtime
    shop_id: int = 0

    def open(self, path: str = "") -> str:
        """The app's page in its frame."""
        page = self.store.call("GET", f"{OFFICE}/apps/doorstep{path}", "127.0.0.1")
        assert page.status_code == 200, page.text
        (frame,) = re.findall(r'<iframe [^>]*src="([^"]+)"', page.text)
        answer = requests.get(unescape(frame), timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.text

    def press(self, page: str) -> str:
        """What the page has asked as soon as it is there, with a fresh token."""
        (address,) = re.findall(r'<div id="plan" hx-post="([^"]+)" hx-trigger="load"', page)
        token = self.store.get("/sandbox/id-token")["id_token"]
        asked = f"{self.runtime.config.address}{unescape(address)}"
        answer = requests.post(asked, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.text

    def decide(self, plan: str, decision: str = "approve") -> str:
        """From the app's button to where the store leads back to, as a path below the app."""
        (button,) = re.findall(r'target="_top" href="([^"]+)">Change plan', self.open("/plan"))
        assert unescape(button).startswith(f"{self.store.address}{OFFICE}/charges/doorstep/pricing_plans")
        choice = f"{OFFICE}/charges/doorstep/pricing_plans/{plan}"
        answer = self.store.call("POST", choice, "127.0.0.1", data={"decision": decision})
        assert answer.status_code == 303
        return answer.headers["Location"].removeprefix(f"{OFFICE}/apps/doorstep")

    def work(self) -> None:
        """Everything that the store said and that polls have to ask, bulk reading aside."""
        self.store.settle()
        at = self.runtime
        while take_in(at.database, at.connector, at.keys, at.clock.now(), at.clock.real()):
            pass
        self.rows(
            "UPDATE polls SET next_at = 'infinity' WHERE noun NOT IN ('connection', 'plan') RETURNING 1"
        )
        while run_poll(at.database, at.stores(), at.clock.now(), at.clock.real(), lambda: False):
            pass

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.runtime.database.nobody() as session:
            ids = [row.id for row in session.execute(text("SELECT id FROM shops"))]
        with self.runtime.database.shops(*ids) as session:
            return list(session.execute(text(sql), values))

    def plan(self) -> tuple[str, str] | None:
        found = [(row.plan, row.status) for row in self.rows("SELECT plan, status FROM shop_plans")]
        return found[0] if found else None

    def sold(self) -> str:
        """What becomes of the confirmation of a new order: "started", or why it was not."""
        number = self.store.order()["id"]
        self.work()
        begun = self.rows(
            "SELECT 1 FROM journeys WHERE order_id = :id AND status <> 'declined'", id=str(number)
        )
        (event,) = self.rows(
            "SELECT declined FROM events WHERE order_id = :id AND kind = 'OrderPlaced'", id=str(number)
        )
        return "started" if begun else str(event.declined["order_confirmation"])

    def use_up(self, orders: int) -> None:
        """As if that many orders of this month had got mails."""
        self.rows("UPDATE orders SET counted_at = NULL RETURNING 1")
        self.rows(
            "INSERT INTO orders (shop_id, id, version, number, placed_at, body, counted_at)"
            " SELECT s.id, 'x' || n, :at, n::text, :at, '{}', :at FROM shops s, generate_series(1, :n) n"
            " ON CONFLICT (shop_id, id) DO UPDATE SET counted_at = :at RETURNING 1",
            at=self.runtime.clock.now(),
            n=orders,
        )

    def switch_on(self) -> None:
        with self.runtime.database.nobody() as session:
            self.shop_id = session.execute(text("SELECT id FROM shops")).scalar_one()
        with self.runtime.database.shops(self.shop_id) as session:
            switch_on(session, self.shop_id, "order_confirmation", self.runtime.clock.now())


@pytest.fixture
def merchant(settings: Settings, database: Any, valkey: str, tmp_path: Path) -> Iterator[Merchant]:
    served: list[Any] = []
    server = make_server("127.0.0.1", 0, lambda *call: served[0](*call), threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    with serving(replace(settings, app_address=address)) as store:
        origins = {f"https://{MAIN}": store.address, ADMIN: store.address}
        config = Config(
            address=address,
            port=server.server_port,
            data=tmp_path,
            mail_from_domain="mail.example",
            shared_domain_offers=True,
            shopify_api_key=KEY,
            billing=True,
            sandbox=SandboxConfig(origins, tmp_path / "clock", tmp_path / "record", server.server_port),
            database_url=database.app_url,
            redis_url=valkey,
            smtp_url="smtp://127.0.0.1:1",
            secret=KEYS.secret,
            encryption_keys=KEYS.encryption,
            shopify_secrets=(SECRET,),
        )
        runtime = build(config)
        served.append(create_app(config, runtime))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        made = Merchant(store, runtime)
        assert store.call("POST", f"{OFFICE}/apps/doorstep/install", "127.0.0.1").status_code == 303
        made.open()
        made.work()
        made.switch_on()
        yield made
        server.shutdown()
        server.server_close()
        runtime.database.engine.dispose()
        runtime.queue.redis.close()


def test_accepting_a_plan(merchant: Merchant) -> None:
    assert merchant.plan() == ("free", "")
    merchant.use_up(49)
    assert merchant.sold() == "started"
    assert merchant.sold() == "plan_limit"
    assert "The 50 orders of your plan are used up." in merchant.open()
    back = merchant.decide("growth")
    assert back == "/plan?plan_handle=growth"
    page = merchant.open(back)
    assert merchant.plan() == ("free", "")
    assert "Shopify says that your plan is Growth." in merchant.press(page)
    assert merchant.sold() == "started"
    assert "used up" not in merchant.open()


def test_a_plan_in_the_address_that_nobody_approved(merchant: Merchant) -> None:
    page = merchant.open("/plan?plan_handle=unlimited")
    assert merchant.plan() == ("free", "")
    assert "Shopify says that your plan is Free." in merchant.press(page)
    assert merchant.plan() == ("free", "")


def test_declining_leaves_everything_as_it_is(merchant: Merchant) -> None:
    merchant.decide("starter")
    merchant.work()
    assert merchant.decide("growth", "decline") == ""
    merchant.work()
    assert merchant.plan() == ("starter", "ACTIVE")


def test_up_and_down_without_coming_back(merchant: Merchant) -> None:
    """The merchant closes the window: the store's message has the plan asked."""
    for plan in ("starter", "growth", "starter", "unlimited", "free"):
        merchant.decide(plan)
        merchant.work()
        assert merchant.plan() == (plan, "ACTIVE")
    merchant.use_up(50)
    assert merchant.sold() == "plan_limit"


def test_an_unpaid_bill_and_a_cancelled_plan(merchant: Merchant) -> None:
    merchant.decide("starter")
    merchant.work()
    merchant.use_up(50)
    assert merchant.sold() == "started"
    for status, then in (("FROZEN", "plan_limit"), ("ACTIVE", "started"), ("CANCELLED", "plan_limit")):
        merchant.store.post("/sandbox/plan", {"status": status})
        merchant.work()
        assert merchant.sold() == then
    assert merchant.plan() == ("free", "")


def test_a_message_that_never_came_is_made_up_for_by_the_daily_look(merchant: Merchant) -> None:
    merchant.store.post("/sandbox/quirks", {"drop": True})
    merchant.decide("growth")
    merchant.work()
    assert merchant.plan() == ("free", "")
    (due,) = merchant.rows("SELECT next_at FROM polls WHERE noun = 'plan'")
    assert 23 < (due.next_at - merchant.runtime.clock.real()).total_seconds() / 3600 <= 24
    merchant.rows("UPDATE polls SET next_at = now() WHERE noun = 'plan' RETURNING 1")
    merchant.work()
    assert merchant.plan() == ("growth", "ACTIVE")


def test_removed_and_installed_again_it_has_to_be_approved_anew(merchant: Merchant) -> None:
    merchant.decide("growth")
    merchant.work()
    merchant.use_up(50)
    merchant.store.post("/sandbox/uninstall")
    merchant.work()
    assert merchant.plan() is None
    time.sleep(0.01)
    assert merchant.store.call("POST", f"{OFFICE}/apps/doorstep/install", "127.0.0.1").status_code == 303
    merchant.open()
    merchant.work()
    merchant.switch_on()
    assert merchant.plan() == ("free", "")
    assert merchant.sold() == "plan_limit"
    merchant.press(merchant.open(merchant.decide("growth")))
    assert merchant.sold() == "started"
