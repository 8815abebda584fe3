"""From an order's page in the shop to its parcels: with the shop's proof, and nothing is told without."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import text

from flows.commerce import OrderState, Platform
from tests.app.web.conftest import Site
from tests.app.web.forwarding import forwarded
from tests.app.web.plugin_talk import secret_of
from tests.app.web.shopping import bought
from tests.security.parties import newcomer

WOO = Platform.WOOCOMMERCE


def proof(secret: str, order: str = "13") -> str:
    key = hmac.new(secret.encode(), b"order", hashlib.sha256).hexdigest()
    return hmac.new(key.encode(), order.encode(), hashlib.sha256).hexdigest()[:32]


def asked(site: Site, path: str, platform: Platform = WOO) -> tuple[int, str]:
    answer = site.client.get(forwarded(site, platform, path))
    assert answer.headers.get("Cache-Control", "no-store") == "no-store"
    return answer.status_code, answer.headers.get("Location", "")


def test_a_proven_order_leads_to_its_page(site: Site) -> None:
    bought(site, WOO)
    status, there = asked(site, f"o/13/{proof(secret_of(site))}")
    assert status == 302 and there.startswith("/apps/doorstep/t/")
    page = site.client.get(forwarded(site, WOO, there.removeprefix("/apps/doorstep/")))
    assert page.status_code == 200 and "Lampshade" in page.text


def test_all_else_leads_to_the_look_up_in_the_same_way(site: Site) -> None:
    """Unknown, unproven, another shop's, deleted: nobody can tell these from each other."""
    bought(site, WOO)
    mine = secret_of(site)
    thief = newcomer(site, WOO, "thief.example")
    answers = {
        "unknown": asked(site, f"o/14/{proof(mine, '14')}"),
        "unproven": asked(site, f"o/13/{'0' * 32}"),
        "of another order": asked(site, f"o/13/{proof(mine, '14')}"),
        "of another shop": asked(site, f"o/13/{proof(thief.secret)}"),
        "shorter": asked(site, f"o/13/{proof(mine)[:31]}"),
        "louder": asked(site, f"o/13/{proof(mine).upper()}"),
        "no number": asked(site, f"o/x%00y/{'0' * 32}"),
    }
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        gone = f'"{OrderState.GONE}"'
        session.execute(text("UPDATE orders SET body = jsonb_set(body, '{state}', :gone)"), {"gone": gone})
    answers["deleted"] = asked(site, f"o/13/{proof(mine)}")
    assert set(answers.values()) == {(302, "/apps/doorstep/track")}, answers


def test_nothing_without_the_store(site: Site) -> None:
    bought(site, WOO)
    path = f"/proxy/woocommerce/o/13/{proof(secret_of(site))}"
    assert site.client.get(path).status_code == 401
    assert site.client.get(f"/o/13/{proof(secret_of(site))}").status_code == 404
    assert site.client.post(forwarded(site, WOO, f"o/13/{proof(secret_of(site))}")).status_code == 405


def test_a_shopify_shop_has_no_such_links(site: Site) -> None:
    bought(site, Platform.SHOPIFY)
    secret = site.runtime.keys.plugin_secret(site.shopify.token)
    assert asked(site, f"o/13/{proof(secret)}", Platform.SHOPIFY)[0] == 404


def test_a_shop_that_left_has_none_either(site: Site) -> None:
    bought(site, WOO)
    with site.runtime.database.nobody() as session:
        session.execute(text("UPDATE shops SET state = 'uninstalled'"))
    assert asked(site, f"o/13/{proof(secret_of(site))}")[0] == 404
