"""A first order is welcomed and shown how to begin, a second one is thanked for. In both stores."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.services.content import Place, put
from app.words.slots import SLOTS
from tests.stories.conftest import SHOPIFY, STORES, WOOCOMMERCE, Placed, Road

pytestmark = pytest.mark.timeout(600)

SKU = {SHOPIFY: "HP-MUG-MOSS", WOOCOMMERCE: "LK-SHADE-30"}
FLOWS = ("first_buyer_welcome", "first_use_guide")
WELCOME, THANKS, GUIDE = "first_buyer_welcome/welcome", "first_buyer_welcome/thanks", "first_use_guide/guide"
STORY = "Two sisters and a workshop by the harbour."


@pytest.fixture(scope="module", autouse=True)
def written(road: Road) -> None:
    for shop in STORES:
        road.start.command("flows", "--shop", shop, *(word for key in FLOWS for word in ("--on", key)))
    now = datetime.now(UTC)
    for row in road.rows("SELECT id FROM shops"):
        with road.database.shops(row.id) as session:
            for key in FLOWS:
                words = {
                    "body": STORY if key == FLOWS[0] else "Wipe it once.",
                    "url": "https://help.example/",
                }
                put(session, row.id, Place(SLOTS[key][0].key, "shop"), words, 0, now)


def service(road: Road, email: str) -> list[str]:
    return [step for step in road.steps(email) if step.partition("/")[0] in FLOWS]


def delivered(road: Road, order: Placed) -> None:
    road.act(order, "ship")
    road.act(order, "deliver")
    road.rest()


@pytest.mark.parametrize("shop", list(STORES))
def test_a_first_order_and_a_second(road: Road, shop: str) -> None:
    email = f"newcomer@{STORES[shop]}.example.com"
    first = road.order(shop, email, SKU[shop])
    road.wait("2d")
    assert service(road, email) == [WELCOME]
    welcome = next(mail for mail in road.mails(email) if mail["flow"] == FLOWS[0])
    assert STORY in welcome["text"]
    delivered(road, first)
    road.wait("2d")
    assert service(road, email) == [WELCOME, GUIDE]
    second = road.order(shop, email, SKU[shop])
    road.wait("2d")
    assert service(road, email) == [WELCOME, GUIDE, THANKS]
    told = road.start.command(
        "explain", "--shop", shop, "--order", second.number, "--flow", "first_buyer_welcome"
    )
    assert "first_buyer_welcome" in told
    sent = [datetime.fromisoformat(mail["sent_at"]) for mail in road.mails(email) if mail["flow"] in FLOWS]
    assert {at.minute for at in sent} == {0}, "at a full hour, the next morning"
