"""Which pictures a shop keeps: those that mails may show, and of these the newest."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import text

from app.services.brand_logo import MOST_LOGOS, set_logo
from app.services.logo import Logo, logo_from
from flows.commerce import Platform
from tests.app.desk import START
from tests.app.web.conftest import Site
from tests.app.web.shopping import shop_of

HOUR = timedelta(hours=1)


def drawn(n: int) -> Logo:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (n, 0, 0)).save(out, "PNG")
    return logo_from(out.getvalue())


def choose(site: Site, logo: Logo | None, at: datetime, *, night: bool = False) -> None:
    shop = shop_of(site, Platform.WOOCOMMERCE)
    with site.runtime.database.shops(shop) as session:
        set_logo(session, shop, logo, "Mia", at, night=night)


def mailed(site: Site, at: datetime, state: str = "sent", platform: Platform = Platform.WOOCOMMERCE) -> None:
    """A mail got into this state then."""
    shop = shop_of(site, platform)
    with site.runtime.database.shops(shop) as session:
        session.execute(
            text(
                "WITH j AS (INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject,"
                " order_id, event_key, status, anchor, started_at, changed_at) VALUES (:shop, 1, 'f', 1,"
                " :subject, '13', :subject, 'done', :at, :at, :at) RETURNING id)"
                " INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence,"
                " template, mail_class, lane, order_id, recipient, state, due_at, expires_at, next_at, token,"
                " attempts, created_at, changed_at) SELECT :shop, 1, id, 'f', 'ask', 1, 't', 'S', 1, '13',"
                " 'mia@example.com', :state, :at, :at, :at, 0, 0, :at, :at FROM j"
            ),
            {"shop": shop, "at": at, "state": state, "subject": at.isoformat() + state},
        )


def shown(site: Site, *logos: Logo) -> list[bool]:
    addresses = [f"/brand/larkhus.example/{logo.hash}.png" for logo in logos]
    return [site.client.get(address).status_code == 200 for address in addresses]


def test_a_picture_that_was_only_tried_goes(site: Site) -> None:
    """It costs the older mails nothing, however many are tried."""
    first = drawn(0)
    choose(site, first, START)
    mailed(site, START + HOUR)
    tried = [drawn(n) for n in range(1, 40)]
    for n, logo in enumerate(tried):
        choose(site, logo, START + 2 * HOUR + timedelta(minutes=n))
    assert shown(site, first, tried[-1]) == [True, True]
    assert not any(shown(site, *tried[:-1]))
    choose(site, None, START + 9 * HOUR)
    assert shown(site, first, tried[-1]) == [True, False]


@pytest.mark.parametrize(
    ("state", "stays"),
    [
        ("sent", True),
        ("sending", True),
        ("claimed", True),
        ("unknown", True),
        ("due", False),
        ("skipped", False),
    ],
)
def test_a_mail_that_may_show_it_keeps_it(site: Site, state: str, stays: bool) -> None:
    one, other = drawn(1), drawn(2)
    mailed(site, START - HOUR, "sent")
    mailed(site, START + HOUR, "sent", Platform.SHOPIFY)
    choose(site, one, START)
    mailed(site, START + HOUR, state)
    choose(site, other, START + 2 * HOUR)
    assert shown(site, one, other) == [stays, True]


def test_a_shop_keeps_its_newest(site: Site) -> None:
    logos = [drawn(n) for n in range(MOST_LOGOS + 5)]
    for n, logo in enumerate(logos):
        choose(site, logo, START + n * HOUR)
        mailed(site, START + n * HOUR + timedelta(minutes=1))
    assert shown(site, *logos) == [False] * 5 + [True] * MOST_LOGOS
    choose(site, logos[6], START + 99 * HOUR)
    choose(site, drawn(99), START + 100 * HOUR)
    assert len(site.rows("SELECT hash FROM brand_logos")) == MOST_LOGOS
    choose(site, drawn(98), START + 101 * HOUR)
    (kit,) = site.rows("SELECT logo_hash FROM brand_kits")
    assert kit.logo_hash == drawn(98).hash and shown(site, drawn(98)) == [True]
