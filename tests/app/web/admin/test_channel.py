"""A merchant gives the address of an own tool, sees its secret once, and says which flows go there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.services.webhook_door import failed, load_doors
from emails.providers.base import SendFailed
from flows.commerce import Platform
from tests.app.web.admin.hand import Hand, words_of

URL = "https://own.example/hears"


def secrets_in(page: str) -> list[str]:
    return re.findall(r"whsec_[A-Za-z0-9+/=]{20,}", page)


def test_the_secret_is_shown_once_and_anew_when_it_changes(hand: Hand) -> None:
    first = hand.post("/channel", url=f" {URL} ")
    assert first.status_code == 200
    (secret,) = secrets_in(first.text)
    assert secrets_in(hand.get("/channel").text) == []
    assert secrets_in(hand.post("/channel", url=f"{URL}/2").text) == [], "it stays with another address"
    (changed,) = secrets_in(hand.post("/channel/secret").text)
    assert changed != secret
    assert secrets_in(hand.get("/channel").text) == []
    (row,) = hand.rows("SELECT * FROM webhook_doors")
    assert row.url == f"{URL}/2" and secret not in str(row)
    said = [words for _, area, words in hand.changes() if area == "channel"]
    # Whatever stands behind the name is often a secret itself.
    assert said == [*["Messages may go to own.example."] * 2, "The secret was changed."]


@pytest.mark.parametrize(
    "url", ["", "tool.example", "http://tool.example", "https://127.0.0.1/", "https://a:b@tool.example/"]
)
def test_an_address_that_may_not_be_called_stays_in_the_form(hand: Hand, url: str) -> None:
    answer = hand.post("/channel", url=url)
    assert answer.status_code == 422
    assert "This address cannot be called" in words_of(answer) and f'value="{url}"' in answer.text
    assert hand.rows("SELECT 1 FROM webhook_doors") == hand.changes() == []


def test_a_flow_goes_there_and_comes_back_when_the_address_is_taken_out(hand: Hand) -> None:
    assert hand.post("/flows/win_back/channel", channel="webhook").status_code == 409
    assert "How it goes out" not in words_of(hand.get("/flows/win_back"))
    hand.post("/channel", url=URL)
    answer = hand.post("/flows/win_back/channel", channel="webhook")
    assert answer.status_code == 200
    assert "planned from now on leave to your own tool" in words_of(answer)
    assert '<option value="webhook" selected>' in answer.text
    assert channels(hand) == {"win_back": "webhook"}
    assert "All flows send mails again." in words_of(hand.post("/channel/remove"))
    assert channels(hand) == {"win_back": "email"}
    assert hand.post("/channel/secret").status_code == 409


def test_there_is_no_third_way(hand: Hand) -> None:
    hand.post("/channel", url=URL)
    assert hand.post("/flows/win_back/channel", channel="pigeon").status_code == 400
    assert hand.post("/flows/gone/channel", channel="email").status_code == 404


def test_what_fails_is_said_with_its_reason(hand: Hand) -> None:
    hand.post("/channel", url=URL)
    hand.post("/flows/win_back/channel", channel="webhook")
    shop = hand.site.woocommerce.shop_id
    database = hand.site.runtime.database
    with database.shops(shop) as session:
        door = load_doors(session, [shop])[shop]
    failed(database, door, SendFailed("webhook_refused", code=500), hand.now)
    assert "Nothing has got through since" in words_of(hand.get("/channel"))
    assert "The last failure: 500." in words_of(hand.get("/channel"))
    failed(database, door, SendFailed("webhook_refused", code=502), hand.now + timedelta(days=3))
    page = words_of(hand.get("/channel"))
    assert "Nothing had got through for 3 days. The last failure: 502." in page and "Stopped" in page
    assert "Your tool is not told any more" in words_of(hand.get("/flows/win_back"))
    assert "Stopped" not in words_of(hand.post("/channel", url=URL))


def test_another_shop_sees_nothing_of_it(hand: Hand) -> None:
    hand.post("/channel", url=URL)
    assert URL not in hand.get("/channel", Platform.SHOPIFY).text


def channels(hand: Hand) -> dict[str, str]:
    rows = hand.rows("SELECT flow_key, channel FROM flow_switches WHERE flow_key = 'win_back'")
    return {row.flow_key: row.channel for row in rows}
