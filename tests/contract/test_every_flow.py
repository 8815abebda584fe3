"""All flows, lived through on both platforms: which mails left, when, in which order, what was kept back and
why, and how each journey ended. Every flow is on in both shops, so that each life tells of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

from app.cli.servers import Postgres, Valkey
from flows.commerce import Platform
from flows.facts import MailClass
from flows.presets import BY_KEY, PRESETS
from sandbox.shopify.bodies.addresses import place_for
from tests.app.mail_server import Mailbox
from tests.conftest import a_database
from tests.contract.buyer import Buyer
from tests.contract.conftest import a_pair, both_settings
from tests.contract.lives import LIVES
from tests.contract.shelves import open_shelves
from tests.contract.told import Told, told
from tests.contract.twins import Side, Twins
from tests.contract.year import START, Year
from tests.ports import free_ports

pytestmark = pytest.mark.timeout(900)

STORIES = {
    "order_confirmation": "without_a_word",
    "digital_access": "reads",
    "order_progress": "waits",
    "shipped": "without_a_word",
    "delivery_updates": "fetches",
    "arrival_check": "waits",
    "delivered": "without_a_word",
    "cancel_refund_exchange": "calls_off",
    "first_buyer_welcome": "without_a_word",
    "prepare_for_arrival": "learns",
    "first_use_guide": "learns",
    "care_warranty": "learns",
    "vip_thank_you": "spends",
    "gift_guide": "gives",
    "review_request": "without_a_word",
    "review_reply": "is_happy",
    "cross_sell_series": "looks",
    "second_order_offer": "stays_away",
    "replenishment": "comes_back",
    "milestone_seasonal": "stays_away",
    "win_back": "stays_away",
    "anniversary_birthday": "looks",
    "surprise_delight": "is_lucky",
}
"""By flow, a life in which it writes. What each life comes to is in `told/`."""

GRID = timedelta(minutes=5)
"""A mail leaves within this after its instant, and never before it."""

Lives = Mapping[tuple[Platform, str], Buyer]


@pytest.fixture(scope="module")
def lived(
    postgres: Postgres, valkey_server: Valkey, schema: Path, pictures: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Lives]:  # fmt: skip
    """Two years and some, lived once for all tests."""
    mailbox, port = Mailbox(), free_ports()
    letters = Controller(mailbox, hostname="127.0.0.1", port=port)
    letters.start()
    settings = both_settings(tmp_path_factory.mktemp("year"), schema, pictures)
    with (
        a_database(postgres, "a_year") as database,
        a_pair(settings, database.app_url, valkey_server.url, mailbox, port) as pair,
    ):
        open_shelves(pair)
        buyers = _buyers(pair)
        year = Year(pair)
        for life in LIVES:
            for platform in Platform:
                year.begin(life, buyers[platform, life.__name__])
        year.pass_by()
        yield buyers
    letters.stop()


def _buyers(pair: Twins) -> dict[tuple[Platform, str], Buyer]:
    return {
        (side.platform, life.__name__): _buyer(side, life.__name__) for life in LIVES for side in pair.both
    }


def _buyer(side: Side, name: str) -> Buyer:
    buyer = Buyer(side.platform, side.domain, side.address, side.home, side.store, app=side.app, name=name)
    buyer.zone = ZoneInfo("Europe/Berlin")
    if side.platform is Platform.SHOPIFY:
        west = place_for(buyer.to).state_code == "OR"
        buyer.zone = ZoneInfo("America/Los_Angeles" if west else "America/Chicago")
    return buyer


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("life", [life.__name__ for life in LIVES])
def test_a_life(lived: Lives, life: str, platform: Platform) -> None:
    buyer = lived[platform, life]
    meant = told(life, platform, buyer.zone)
    assert _in_order(buyer.got()) == _in_order(meant.mails)
    assert Counter(buyer.kept_back()) == meant.kept
    assert Counter(buyer.ends()) == meant.ends


def _in_order(mails: list[tuple[datetime, str]] | tuple[tuple[datetime, str], ...]) -> list[str]:
    """At the same moment neither is the first."""
    placed = sorted(((at - START) // GRID, step) for at, step in mails)
    return [f"{START + place * GRID:%Y-%m-%d %H:%M} {step}" for place, step in placed]


def test_mails_reach_people_in_three_zones(lived: Lives) -> None:
    assert len({buyer.zone for buyer in lived.values()}) == 3


@pytest.mark.parametrize("platform", list(Platform))
def test_every_flow_has_a_life_in_which_it_writes(platform: Platform) -> None:
    assert set(STORIES) == {flow.key for flow in PRESETS}
    for flow, life in STORIES.items():
        assert flow in _flows(_told(life, platform)), f"{life} tells nothing of {flow}"


@pytest.mark.parametrize("platform", list(Platform))
def test_nothing_follows_what_is_over(platform: Platform) -> None:
    """By kind of mail: a cancelled order, money that went back, somebody who left."""
    called_off = _told("calls_off", platform)
    assert [step for _, step in called_off.mails] == [
        "order_confirmation/confirmation", "cancel_refund_exchange/cancelled",
    ]  # fmt: skip
    back = _told("gives_back", platform)
    assert back.mails[-1][1] == "cancel_refund_exchange/refunded"
    left = _told("leaves", platform)
    after = [step for at, step in left.mails if at > START + timedelta(days=12)]
    assert after, "what is no offer goes on"
    assert not [one for one in after if BY_KEY[one.partition("/")[0]].mail_class is MailClass.MARKETING]


def _told(life: str, platform: Platform) -> Told:
    return told(life, platform, ZoneInfo("Europe/Berlin"))


def _flows(life: Told) -> set[str]:
    return {step.partition("/")[0] for _, step in life.mails}
