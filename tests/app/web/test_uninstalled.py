"""After an uninstall a shop has no pages for shoppers, at either door; leaving its mails works as before."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from flows.commerce import Platform
from tests.app.web.addresses import SHOPS
from tests.app.web.conftest import Site
from tests.app.web.forwarding import forwarded
from tests.app.web.shopping import bought, shop_of

BOTH = pytest.mark.parametrize("platform", list(Platform))


def pages(site: Site, platform: Platform) -> dict[str, str]:
    """Below either door. The first one that is left is that of leaving."""
    sign, shop = site.runtime.keys.sign, shop_of(site, platform)
    return {
        "leaving": f"u/{sign('unsubscribe', [shop, 1, 'S', 'hash'])}",
        "tracking": f"t/{sign('tracking', [shop, '13'])}",
        "review": f"r/{sign('review', [shop, 1, '13'])}",
        "look-up": "track",
        "reviews": "reviews.json",
        "ping": "ping",
    }


def hosted(platform: Platform, path: str) -> str:
    below_shop = path in ("track", "reviews.json")
    return f"/s/{SHOPS[platform]}/{path}" if below_shop else f"/{path}"


@BOTH
def test_only_leaving_is_left(site: Site, platform: Platform) -> None:
    bought(site, platform)
    there = pages(site, platform)
    doors = [(name, hosted(platform, path)) for name, path in there.items() if name != "ping"]
    doors += [(name, forwarded(site, platform, path)) for name, path in there.items()]
    assert {site.client.get(address).status_code for _, address in doors} == {200}
    with site.runtime.database.nobody() as session:
        session.execute(text("UPDATE shops SET state = 'uninstalled'"))
    for name, address in doors:
        assert site.client.get(address).status_code == (200 if name == "leaving" else 404), address
        if name in ("look-up", "review"):
            assert site.client.post(address, data={"number": "13", "proof": "04109"}).status_code == 404
    for n, (_, address) in enumerate(one for one in doors if one[0] == "leaving"):
        assert site.client.post(address).status_code == 200
        assert len(site.rows("SELECT * FROM suppressions")) == 1, f"once, also at door {n}"
