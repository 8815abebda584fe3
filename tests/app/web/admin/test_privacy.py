"""The page of demands by law: what was asked, how far it is, and what was gathered."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta

import pytest

from app.services.privacy import drop_old_exports, hear, run_request
from connectors.base import Reading
from connectors.news import PrivacyAsk, PrivacyKind
from flows.commerce import Platform
from tests.app.desk import START, an_order
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site

EXPORT = PrivacyAsk(PrivacyKind.EXPORT, "7", "191167", "mia@example.com")


def asked(site: Site, ask: PrivacyAsk = EXPORT, met: bool = True) -> int:
    from app.services.intake import apply_readings
    from app.services.locks import lock_shop

    at, shop = site.runtime, site.shopify.shop_id
    with at.database.shops(shop) as session:
        lock_shop(session, shop)
        order = an_order(email="mia@example.com", customer_id="191167", note="<script>alert(1)</script>")
        apply_readings(session, [(shop, Reading(orders=(order,)))], at.keys, START, at.clock.real())
        hear(session, [(shop, ask)], at.clock.real())
    while met and run_request(at.database, at.keys, START, at.clock.real()):
        pass
    (row,) = site.rows("SELECT max(id) AS id FROM privacy_requests")
    return int(row.id)


def page(site: Site, path: str = "", platform: Platform = Platform.SHOPIFY) -> tuple[int, str]:
    answer = site.client.get(f"/{platform.value}/app/privacy{path}", headers=bearer(site, platform))
    return answer.status_code, answer.get_data(as_text=True)


def test_nothing_was_asked(site: Site) -> None:
    assert "Nobody has asked for anything." in page(site)[1]


def test_what_was_gathered_can_be_read_and_kept(site: Site) -> None:
    number = asked(site)
    status, text = page(site)
    assert status == 200 and "Gathered on" in text and "Kept here until" in text and "(191167)" in text
    status, text = page(site, f"/{number}")
    assert status == 200 and "<script>alert" not in text and "mia@example.com" in text
    (file,) = re.findall(
        r'href="data:application/json;charset=utf-8;base64,([^"]+)" download="customer-data-', text
    )
    told = json.loads(base64.b64decode(file))
    assert told["orders"][0]["order"]["note"] == "<script>alert(1)</script>"


def test_it_is_gone_when_its_time_is_over(site: Site) -> None:
    number = asked(site)
    real = site.runtime.clock.real()
    assert drop_old_exports(site.runtime.database, real + timedelta(days=29)) == 0
    assert drop_old_exports(site.runtime.database, real + timedelta(days=31)) == 1
    assert page(site, f"/{number}")[0] == 404
    assert "It is no longer kept here." in page(site)[1]


def test_nobody_else_reads_it(site: Site) -> None:
    number = asked(site)
    assert page(site, f"/{number}", Platform.WOOCOMMERCE)[0] == 404
    assert site.client.get(f"/shopify/app/privacy/{number}").status_code in (302, 401)
    assert page(site, f"/{2**70}")[0] == 404


@pytest.mark.parametrize("kind", [PrivacyKind.FORGET_PERSON, PrivacyKind.FORGET_SHOP])
def test_what_was_forgotten_is_told_without_whom(site: Site, kind: PrivacyKind) -> None:
    asked(site, PrivacyAsk(kind, "k", "191167", "mia@example.com"))
    text = page(site)[1]
    assert "Forgotten on" in text and "Done" in text
    assert "191167" not in text and "mia@" not in text


def test_what_is_under_way_says_until_when(site: Site) -> None:
    asked(site, met=False)
    text = page(site)[1]
    assert "Under way" in text and "To be done by" in text
    site.rows("UPDATE privacy_requests SET error = 'OperationalError' RETURNING 1")
    assert "Trying again" in page(site)[1]
    site.rows("UPDATE privacy_requests SET due_at = '2020-01-01Z' RETURNING 1")
    assert "Late" in page(site)[1]
