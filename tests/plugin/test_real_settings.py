"""Settings: sent by our Python, taken by the plugin's PHP; and what it does with the shop's own mails while
we are there, when we are gone, and whatever its clock says."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.words.shop_mails import KEPT, REPLACED
from tests.plugin.conftest import Pair
from tests.plugin.shop import CUSTOMER, EDITOR, KEYS, MERCHANT

PATH = "/wp-json/wc-doorstep/v1/settings"
PROCESSING, COMPLETED = "customer_processing_order", "customer_completed_order"


def goes(pair: Pair, *mails: str) -> list[bool]:
    """Whether the shop's own mails go out, of an order that was placed just now."""
    return [pair.shop.test("mail", id=mail)["goes"] for mail in mails]


def told(pair: Pair, **changed: Any) -> dict[str, Any]:
    now = int(pair.site.runtime.clock.real().timestamp())
    whole = {
        "secret": pair.secret,
        "app": pair.line.address,
        "door": f"{pair.line.address}/woocommerce/plugin/{pair.token}",
        "shop": "larkhus.example",
        "pages": "/apps/doorstep",
        "mails_off": [PROCESSING],
        "script": True,
        "time": now,
        "since": now,
    }
    return whole | changed


def send(pair: Pair, user: int | None, settings: Any, method: str = "POST") -> int:
    headers = {"Content-Type": "application/json"}
    if user is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(':'.join(KEYS[user]).encode()).decode()}"
    return pair.shop.call(method, PATH, data=json.dumps(settings), headers=headers).status_code


def test_php_keeps_what_python_says(apart: Pair) -> None:
    assert apart.shop.kept == {}
    apart.switch("order_confirmation", "shipped")
    apart.push()
    kept = apart.shop.kept
    assert kept["secret"] == apart.secret
    assert kept["app"] == apart.line.address
    assert kept["door"] == f"{apart.line.address}/woocommerce/plugin/{apart.token}"
    assert (kept["shop"], kept["pages"], kept["script"]) == ("larkhus.example", "/apps/doorstep", True)
    on = ("order_confirmation", "shipped")
    assert set(kept["mails_off"]) == {mail for flow in on for mail in REPLACED[flow]}


def test_python_keeps_what_php_says(pair: Pair) -> None:
    health = pair.health()
    assert {**health.plugin, "php": health.plugin["php"].split(".")[0]} == {
        "version": "1.0.0",
        "wordpress": "6.8.8",
        "woocommerce": "10.2.4",
        "php": "8",
        "offset": health.plugin["offset"],
    }
    # One clock for both, read one after the other: at most as far apart as the telling took.
    assert abs(health.plugin["offset"]) < 30
    assert health.plugin_error == "" and health.plugin_seen_at is not None


@pytest.mark.parametrize(("user", "status"), [(None, 401), (CUSTOMER, 403), (EDITOR, 403)])
def test_others_keys_set_nothing(apart: Pair, user: int | None, status: int) -> None:
    assert send(apart, user, told(apart)) == status
    assert apart.shop.kept == {}


def test_a_store_that_lost_our_rights_is_no_news_of_the_plugin(pair: Pair) -> None:
    """The keys are there and their user is no merchant any more: what was kept stays, and we know why."""
    state = pair.shop.state
    state["users"][str(MERCHANT)]["caps"] = ["read"]
    (pair.shop.folder / "state.json").write_text(json.dumps(state), "utf-8")
    before = pair.shop.kept
    pair.push()
    assert pair.shop.kept == before
    assert pair.health().plugin_error != ""


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "short"},
        {"secret": 5},
        {"secret": "A" * 64},
        {"app": "https://elsewhere.example"},
        {"app": "javascript:alert(1)"},
        {"door": "https://elsewhere.example/woocommerce/plugin/abcdefgh"},
        {"shop": "Larkhus Example"},
        {"pages": "../wp-admin"},
        {"pages": "/apps/doorstep/"},
        {"mails_off": "customer_note"},
        {"mails_off": ["<script>"]},
        {"mails_off": {"a": "customer_note"}},
        {"script": "yes"},
        {"time": "1795669995"},
        {"time": 5},
    ],
    ids=str,
)
def test_what_is_no_setting_is_not_kept(pair: Pair, changed: dict[str, Any]) -> None:
    before = pair.shop.kept
    assert send(pair, MERCHANT, told(pair, **changed)) == 400
    assert pair.shop.kept == before


def test_half_of_the_settings_are_none(pair: Pair) -> None:
    before, whole = pair.shop.kept, told(pair)
    for name in ("secret", "app", "door", "shop", "pages", "mails_off", "script", "time"):
        assert send(pair, MERCHANT, {key: value for key, value in whole.items() if key != name}) == 400
    assert pair.shop.kept == before


def test_a_mail_is_silenced_while_its_flow_is_on(pair: Pair) -> None:
    assert goes(pair, PROCESSING, COMPLETED) == [True, True]
    pair.switch("order_confirmation")
    pair.push()
    assert goes(pair, PROCESSING, COMPLETED) == [False, True]
    pair.switch("shipped", off=("order_confirmation",))
    pair.push()
    assert goes(pair, PROCESSING, COMPLETED) == [True, False]


def test_no_other_mail_is_ever_silenced(pair: Pair) -> None:
    """Not even if we asked for it."""
    assert send(pair, MERCHANT, told(pair, mails_off=[*KEPT, PROCESSING])) == 200
    assert goes(pair, *KEPT) == [True] * len(KEPT)
    assert goes(pair, PROCESSING) == [False]


def test_a_shop_that_waits_sends_its_own_mails(pair: Pair) -> None:
    """Our side sends nothing while the shop is paused, so its mails come back with the next word."""
    pair.switch("order_confirmation")
    pair.push()
    assert goes(pair, PROCESSING) == [False]
    with pair.site.runtime.database.shops(pair.site.woocommerce.shop_id) as session:
        session.execute(text("UPDATE shops SET paused_at = now()"))
    pair.push()
    assert goes(pair, PROCESSING) == [True]


@pytest.mark.parametrize(
    ("minutes", "silent"), [(0, True), (29, True), (31, False), (600, False), (-5, False)]
)
def test_without_a_word_for_half_an_hour_the_mails_come_back(pair: Pair, minutes: int, silent: bool) -> None:
    """A clock that was set back is no news either: in doubt the shop's own mail goes out."""
    pair.switch("order_confirmation", "shipped")
    pair.push()
    pair.shop.again(ahead=60 * minutes)
    assert goes(pair, PROCESSING, COMPLETED) == [not silent] * 2
    pair.push()
    assert goes(pair, PROCESSING, COMPLETED) == [False, False], "the next word counts again"


@pytest.mark.parametrize("ahead", [-10_800, 10_800])
def test_a_clock_three_hours_off_works(pair: Pair, ahead: int) -> None:
    """Everything that is signed is signed by our clock, and the silence is counted by its own."""
    pair.switch("order_confirmation")
    pair.shop.again(ahead)
    pair.push()
    assert abs(pair.health().plugin["offset"] - ahead) <= 1
    assert goes(pair, PROCESSING) == [False]
    answer = pair.shop.call("GET", "/apps/doorstep/track")
    assert answer.status_code == 200 and "<form" in answer.text
    page = pair.shop.call("GET", "/wp-admin/admin.php?page=doorstep", headers=pair.shop.logged_in())
    assert "id_token" in page.text


@pytest.mark.parametrize(("hours", "goes_out"), [(2, True), (4, False)])
def test_a_clock_that_is_behind_keeps_the_shop_s_mails_so_much_longer(
    pair: Pair, hours: int, goes_out: bool
) -> None:
    """Orders of now are dated before the flow was on, and our flow leaves those alone."""
    pair.shop.again(-10_800)
    pair.switch("order_confirmation", since=timedelta(hours=hours))
    pair.push()
    assert goes(pair, PROCESSING) == [goes_out]


def test_the_app_may_be_told_to_forget(pair: Pair) -> None:
    assert send(pair, EDITOR, {}, "DELETE") == 403
    assert pair.shop.kept != {}
    assert send(pair, MERCHANT, {}, "DELETE") == 200
    assert pair.shop.kept == {}
    assert goes(pair, PROCESSING) == [True]
