"""A shop of the site with orders and mails in it, as pages about mails need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.switches import switch_on
from connectors.base import Reading
from flows.commerce import Platform
from flows.presets import PRESETS
from tests.app.desk import START, an_order
from tests.app.web.addresses import bearer, shop_of
from tests.app.web.conftest import Site


@dataclass
class Counter:
    """One shop's back office: orders come in, pages are opened."""

    site: Site
    platform: Platform = Platform.WOOCOMMERCE
    now: datetime = START + timedelta(minutes=2)

    @property
    def shop_id(self) -> int:
        return shop_of(self.site, self.platform)

    def open_flows(self) -> None:
        """All of them, in a shop whose country is known, and with it the law by which it writes."""
        with self.site.runtime.database.shops(self.shop_id) as session:
            session.execute(text("UPDATE shops SET country = 'DE' WHERE id = :shop"), {"shop": self.shop_id})
            for flow in PRESETS:
                switch_on(session, self.shop_id, flow.key, START)

    def read(self, **reading: Any) -> None:
        with self.site.runtime.database.shops(self.shop_id) as session:
            lock_shop(session, self.shop_id)
            apply_readings(
                session, [(self.shop_id, Reading(**reading))], self.site.runtime.keys, self.now, self.now
            )

    def buy(self, number: str = "13", **changes: Any) -> None:
        self.read(orders=(an_order(id=number, number=f"#{number}", **changes),))

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with self.site.runtime.database.shops(self.shop_id) as session:
            found = session.execute(text(statement), {"shop": self.shop_id, **values})
            return list(found) if found.returns_rows else []

    def get(self, path: str) -> tuple[int, str]:
        answer = self.site.client.get(f"/{self.platform.value}/app{path}", headers=self._headers())
        return answer.status_code, answer.get_data(as_text=True)

    def post(self, path: str, **fields: Any) -> tuple[int, str]:
        answer = self.site.client.post(
            f"/{self.platform.value}/app{path}", headers=self._headers(), data=fields
        )
        return answer.status_code, answer.get_data(as_text=True)

    def _headers(self) -> dict[str, str]:
        return bearer(self.site, self.platform)
