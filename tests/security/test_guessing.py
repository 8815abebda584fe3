"""Guessing order numbers and addresses: through the form, and past its limits."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from statistics import median

import pytest

from app.queries.lookup import find_order
from app.web import tracking_lookup
from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought
from tests.proof import Count, Figure
from tests.security.parties import Party, residents

BOTH = pytest.mark.parametrize("platform", list(Platform))
ADDRESS, POSTCODE = "mia@example.com", "04109"
# Whoever knows how shops and people are named guesses better than by chance.
NAMES = ("mia", "max", "eve", "anna", "mia.berg", "m", "berg", "info", "hello", "admin")
HOSTS = ("example.com", "example.org", "gmail.com", "example.comm", "xample.com")


def guess(chance: random.Random) -> tuple[str, str]:
    """A number, most often that of an order there is, and something that is not its proof."""
    number = chance.choice(["13", "#13", " 13", f"{chance.randrange(200)}", "13' OR '1'='1"])
    proof = chance.choice(
        [
            f"{chance.choice(NAMES)}@{chance.choice(HOSTS)}",
            f"{chance.randrange(100_000):05}",
            f"{ADDRESS}{chance.choice('.,;x')}",
            ADDRESS[chance.randrange(1, 9) :],
            f"%{chance.choice(('', '@example.com'))}",
            chance.choice(
                ["*", "_____", "null", "None", "0", "' OR 1=1 --", "mia@", "@example.com", "Lindenhof 7"]
            ),
        ]
    )
    return number, proof


def guesses(count: int) -> list[tuple[str, str]]:
    chance, found = random.Random(11), list[tuple[str, str]]()
    while len(found) < count:
        number, proof = guess(chance)
        if proof not in (ADDRESS, POSTCODE):
            found.append((number, proof))
    return found


def ask(shop: Party, number: str, proof: str, visitor: str, *, inside: bool) -> int:
    """Through the shop's own pages or through ours. The status."""
    address = shop.forwarded("track") if inside else f"/s/{shop.domain}/track"
    answer = shop.site.client.post(
        address,
        data={"number": number, "proof": proof},
        headers={"X-Forwarded-For": visitor} if inside else {},
        environ_overrides={"REMOTE_ADDR": visitor},
    )
    return answer.status_code


@BOTH
def test_ten_thousand_guesses_through_the_form_find_nothing(
    site: Site, platform: Platform, count: Count, figure: Figure
) -> None:
    """From a thousand addresses at once; most of them are not even looked up."""
    shop = residents(site)[platform]
    bought(site, platform)
    told: dict[int, int] = {}
    for place, (number, proof) in enumerate(guesses(count(150, 10_000))):
        visitor = f"198.51.{place // 7 % 250}.{place // 7 // 250}"
        status = ask(shop, number, proof, visitor, inside=bool(place % 2))
        told[status] = told.get(status, 0) + 1
    figure("turned_away", told.get(429, 0))
    assert set(told) == {200, 429}
    assert ask(shop, "13", ADDRESS, "203.0.113.1", inside=False) == 429, "this order was asked for too often"


@BOTH
def test_ten_thousand_guesses_past_the_limits_find_nothing(
    site: Site, platform: Platform, count: Count
) -> None:
    shop = residents(site)[platform]
    bought(site, platform)
    with shop.session() as session:
        for number, proof in guesses(count(1_000, 10_000)):
            assert find_order(session, shop.shop_id, number, proof) is None, (number, proof)
        assert find_order(session, shop.shop_id, "13", ADDRESS) == "13"
        assert find_order(session, shop.shop_id, "13", POSTCODE) == "13"


def test_time_does_not_tell_whether_an_order_exists(
    site: Site, count: Count, figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three kinds of question in turn, each answered with the limits out of the way. What is compared is
    this program's own time; the bound is wide, because a machine has more to do than this."""

    monkeypatch.setattr(tracking_lookup, "within", lambda *_: True)
    monkeypatch.setattr(tracking_lookup, "used_up", lambda *_: False)
    shop = residents(site)[Platform.WOOCOMMERCE]
    bought(site)
    kinds: dict[str, Callable[[], int]] = {
        "wrong_proof": lambda: ask(shop, "13", "eve@example.com", "203.0.113.1", inside=False),
        "no_order": lambda: ask(shop, "99", "eve@example.com", "203.0.113.1", inside=False),
        "right": lambda: ask(shop, "13", ADDRESS, "203.0.113.1", inside=False),
    }
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for turn in range(count(60, 1_000)):
        for name in random.Random(turn).sample(list(kinds), len(kinds)):
            began = time.thread_time()
            status = kinds[name]()
            spent[name].append(time.thread_time() - began)
            assert status == (303 if name == "right" else 200)
    told = {name: median(times) * 1e6 for name, times in spent.items()}
    for name, microseconds in told.items():
        figure(f"{name}_us", round(microseconds))
    assert max(told["wrong_proof"], told["no_order"]) < 2 * min(told["wrong_proof"], told["no_order"])
