"""Links to an order and demands by law, from the plugin's PHP to the running app and back."""

from __future__ import annotations

import json
import random
from urllib.parse import urlsplit

from connectors.woocommerce.plugin_message import order_proof
from tests.app.web.shopping import bought
from tests.plugin.conftest import Pair
from tests.proof import Count

PAGES = "/apps/doorstep"
EMAIL = "kim.vale@example.com"


def proofs(pair: Pair, orders: list[str]) -> list[str]:
    told = json.dumps(json.dumps(orders))
    return list(
        pair.shop.run(f"return array_map( __NAMESPACE__ . '\\\\order_proof', json_decode( {told} ) );")
    )


def test_php_and_python_prove_orders_alike(pair: Pair, count: Count) -> None:
    chance = random.Random(2)
    orders = [str(chance.randrange(1, 10**9)) for _ in range(count(200, 5000))]
    assert proofs(pair, orders) == [order_proof(pair.secret, order) for order in orders]


def test_a_proven_link_leads_to_the_order(pair: Pair) -> None:
    bought(pair.site)
    (proof,) = proofs(pair, ["13"])
    answer = pair.shop.call("GET", f"{PAGES}/o/13/{proof}")
    assert answer.status_code == 302
    target = urlsplit(answer.headers["Location"])
    assert target.path.startswith(f"{PAGES}/t/") and target.netloc in ("", "larkhus.example")
    assert "Lampshade" in pair.shop.call("GET", target.path).text


def test_nobody_finds_orders_by_counting(pair: Pair) -> None:
    """Without its proof, with another order's, and for an order that is not there: the look-up, always."""
    bought(pair.site)
    proof, other = proofs(pair, ["13", "14"])
    for path in (f"13/{'0' * 32}", f"13/{other}", f"14/{other}", f"13/{proof.upper()}", f"13/{proof[:-1]}"):
        if path.endswith(proof):
            continue
        answer = pair.shop.call("GET", f"{PAGES}/o/{path}")
        assert answer.status_code in (302, 404), path
        assert "/t/" not in answer.headers.get("Location", ""), path
        assert "Lampshade" not in answer.text


def test_the_link_on_the_order_s_page_is_that_link(pair: Pair) -> None:
    bought(pair.site)
    order = "array( 'status' => 'processing', 'items' => array( 5 ) )"
    made = pair.shop.run(f"return order_link( new_order( 13, {order} ) );")
    (proof,) = proofs(pair, ["13"])
    assert made == f"https://larkhus.example{PAGES}/o/13/{proof}"


def test_an_export_brings_what_we_hold(pair: Pair) -> None:
    bought(pair.site, email=EMAIL)
    exported = pair.shop.run(f"return export_person( '{EMAIL}' );")
    assert exported["done"] is True
    told = json.dumps(exported["data"])
    assert "Lampshade" in told and EMAIL in told
    assert {"group_id", "group_label", "item_id", "data"} <= set(exported["data"][0])
    (message,) = pair.line.messages("export")
    assert json.loads(message.body) == {"email": EMAIL}


def test_of_a_stranger_there_is_nothing(pair: Pair) -> None:
    bought(pair.site, email=EMAIL)
    exported = pair.shop.run("return export_person( 'somebody@else.example' );")
    assert exported == {"data": [], "done": True}


def test_an_erasure_is_a_demand_that_the_job_meets(pair: Pair) -> None:
    bought(pair.site, email=EMAIL)
    erased = pair.shop.run(f"return erase_person( '{EMAIL}' );")
    assert (erased["items_removed"], erased["items_retained"], erased["done"]) == (True, False, True)
    (demand,) = pair.site.rows("SELECT kind, done_at FROM privacy_requests")
    assert (demand.kind, demand.done_at) == ("forget_person", None)


def test_an_erasure_that_did_not_reach_us_is_not_called_done(pair: Pair) -> None:
    pair.line.deaf = True
    erased = pair.shop.run(f"return erase_person( '{EMAIL}' );")
    assert not erased["items_removed"]
    assert erased["messages"]
    assert pair.site.rows("SELECT 1 FROM privacy_requests") == []
