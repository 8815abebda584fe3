"""Names of shops that come in addresses: whatever is in them, and whichever platform they are of."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.queries.shops import all_shops, find_shop, open_shop_at, shop_at, shop_by_domain
from flows.commerce import Platform
from tests.app.web.conftest import Site


@pytest.mark.parametrize(
    "address",
    [
        "/shopify/app/session?shop=%00",
        "/woocommerce/app/session?shop=a%00",
        "/woocommerce/app/session?shop=larkhus.example%00",
        f"/brand/a%00b/{'0' * 32}.png",
        f"/brand/larkhus.example%00/{'0' * 32}.png",
        "/s/a%00b/reviews.json?product=p1",
        "/s/a%00b/track",
    ],
)
def test_a_name_with_a_nul_is_nobody_s(site: Site, address: str) -> None:
    assert site.client.get(address).status_code == 404


@pytest.mark.parametrize("platform", list(Platform))
def test_a_store_that_names_itself_with_a_nul_is_not_let_in(site: Site, platform: Platform) -> None:
    assert site.client.get(f"/proxy/{platform.value}/ping?shop=larkhus.example%00").status_code == 401


def test_an_address_never_shows_the_other_platform_s_shop(site: Site) -> None:
    """Were there two shops of one name, the name itself would say whose address it is."""
    with site.runtime.database.nobody() as session:
        for mine, other in (("hollow-pine.myshopify.com", "woocommerce"), ("larkhus.example", "shopify")):
            session.execute(
                text(
                    "INSERT INTO shops (platform, domain, token, base_url, state, connected_at)"
                    " VALUES (:platform, :domain, :domain, '', 'connected', '2026-01-01Z')"
                ),
                {"platform": other, "domain": mine},
            )
        assert len(all_shops(session)) == 4
        for domain, platform in (
            ("hollow-pine.myshopify.com", Platform.SHOPIFY),
            ("larkhus.example", Platform.WOOCOMMERCE),
        ):
            found = open_shop_at(session, domain)
            assert found is not None and found.platform == platform
            assert found == shop_at(session, domain) == shop_by_domain(session, platform, domain)
        assert find_shop(session, "larkhus.example\0") is None
