"""Every route says who may enter."""

from __future__ import annotations

from flows.commerce import Platform
from tests.app.web.addresses import GETS
from tests.app.web.conftest import Site

ALLOWED = (
    "open: ",
    "checked inside: ",
    "signed link: ",
    "signed webhook: ",
    "signed vendor event: ",
    "signed plugin message: ",
    "signed report: ",
    "through store: ",
    "merchant: ",
    "shopper's page: ",
)
# GETs that may write: OAuth returns, and the append-only click. A visit to a page about an order is appended
# as a click is, of who agreed to it; here nobody did.
WRITING_GETS = {
    "install_shopify.install",
    "install_shopify.callback",
    "install_shopify.grant",
    "install_woocommerce.form",
    "install_woocommerce.install",
    "links.click",
}


def test_every_route_wears_a_guard(site: Site) -> None:
    app = site.client.application
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not str(getattr(app.view_functions[rule.endpoint], "guard", "")).startswith(ALLOWED)
    ]
    assert bare == []


def test_a_get_changes_nothing(site: Site) -> None:
    """Each page is opened by whoever may; the database holds the same rows afterwards."""
    app = site.client.application
    gets = {
        plain_name(rule.endpoint)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    }
    assert gets == set(GETS) | WRITING_GETS
    before = counts(site)
    for make in GETS.values():
        for platform in Platform:
            address = make(site, platform)
            site.client.get(address.path, headers=dict(address.headers))
    assert counts(site) == before


def plain_name(endpoint: str) -> str:
    """An admin page's name without the platform in front."""
    return endpoint.removeprefix("shopify_").removeprefix("woocommerce_")


def counts(site: Site) -> dict[str, int]:
    from app.models import base

    return {table: site.rows(f"SELECT count(*) AS n FROM {table}")[0].n for table in base.metadata.tables}


def test_links_that_we_did_not_write_lead_nowhere(site: Site) -> None:
    keys = site.runtime.keys
    good = keys.sign("click", [site.woocommerce.shop_id, 1, "https://larkhus.example/"])
    assert site.client.get(f"/l/{good}").status_code == 302
    for at in range(len(good)):
        changed = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        answer = site.client.get(f"/l/{changed}")
        assert answer.status_code == 404 or answer.headers["Location"] == "https://larkhus.example/"
    assert site.client.get(f"/t/{good}").status_code == 404, "a link serves its own purpose only"
    assert site.client.get(f"/u/{good}").status_code == 404


def test_unsubscribing_takes_one_post(site: Site) -> None:
    shop = site.woocommerce.shop_id
    token = site.runtime.keys.sign("unsubscribe", [shop, 1, "S", "hash-of-the-address"])
    assert site.client.get(f"/u/{token}").status_code == 200
    assert site.rows("SELECT * FROM suppressions") == []
    assert site.client.post(f"/u/{token}/one-click", data="List-Unsubscribe=One-Click").status_code == 200
    assert site.client.post(f"/u/{token}").status_code == 200
    (row,) = site.rows("SELECT * FROM suppressions")
    assert (row.address_hash, row.scope, row.reason) == ("hash-of-the-address", "S", "unsubscribed")
