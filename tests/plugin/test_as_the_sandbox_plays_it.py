"""The sandbox's store plays the plugin in Python, and most of the app's tests meet that one. Here it stands
beside the plugin's own PHP, and both say and do the same."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from connectors.woocommerce.plugin_keys import PAGE, key_for
from sandbox.woocommerce.plugin import new_token, order_link, plugin_of
from sandbox.woocommerce.plugin_messages import message_signature
from tests.plugin.shop import KEYS, MERCHANT, PhpShop
from tests.ports import free_ports
from tests.sandbox.woocommerce.pluginland import SECRET, SETTINGS, settings_for
from tests.sandbox.woocommerce.receiving import Received, receiving
from tests.sandbox.woocommerce.running import Store, serving, settings_in

MAILS = ["customer_processing_order", "customer_completed_order", "customer_fulfillment_created"]
RELEASE = "/wp-json/wc-doorstep/v1/mails"
DOOR = "/woocommerce/plugin/token-of-this-shop"
Both = tuple[PhpShop, Store]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    """Neither is connected. What they tell goes to one place."""
    settings = settings_in(tmp_path)
    folder = tmp_path / "php"
    folder.mkdir()
    with receiving(settings.port) as receiver, serving(settings, receiver) as store:
        php = PhpShop(folder, free_ports(), receiver.address, domain=store.shop)
        php.start()
        yield php, store
        php.stop()


def settle(both: Both, **changes: Any) -> tuple[Any, Any]:
    """The answers of both to the same settings."""
    php, store = both
    told = settings_for(store, door=store.receiver.address + DOOR) | changes
    return (
        php.call("POST", SETTINGS, json=told, auth=KEYS[MERCHANT]),
        store.call("POST", SETTINGS, json=told, auth=store.key),
    )


def hints(store: Store) -> list[Received]:
    return [one for one in store.receiver.got if one.path == f"{DOOR}/hint"]


def test_settings_are_answered_alike(both: Both) -> None:
    real, played = (answer.json() for answer in settle(both, mails_off=MAILS))
    assert real["connected"] is played["connected"] is True
    assert {name: type(value) for name, value in real.items()} == {
        name: type(value) for name, value in played.items()
    }
    assert abs(real["offset"] - played["offset"]) <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": 5},
        {"secret": ""},
        {"app": 7},
        {"app": "javascript:alert(1)"},
        {"door": 1},
        {"door": "nonsense"},
        {"mails_off": "customer_note"},
        {"mails_off": [1]},
        {"script": "yes"},
        {"time": "now"},
        {"shop": None},
        {"pages": []},
    ],
    ids=str,
)
def test_wrong_settings_are_refused_alike(both: Both, wrong: dict[str, Any]) -> None:
    for answer in settle(both, **wrong):
        assert answer.status_code == 400
        # WordPress takes null for missing.
        missing = None in wrong.values() and "rest_missing_callback_param"
        assert answer.json()["code"] in ("rest_invalid_param", missing)
    assert both[0].kept == {} and plugin_of(both[1].stores.named(both[1].shop)) is None


def test_tokens_and_links_are_the_same(both: Both) -> None:
    settle(both)
    php, store = both
    shop = store.stores.named(store.shop)
    plugin = plugin_of(shop)
    assert plugin is not None
    real = php.run("return page_token( wp_set_current_user( 1 ) );")
    claims = [
        jwt.decode(token, key_for(PAGE, SECRET), algorithms=["HS256"], audience="doorstep")
        for token in (real, new_token(shop, plugin))
    ]
    for name in ("nbf", "iat", "exp"):
        assert abs(claims[0].pop(name) - claims[1].pop(name)) <= 5
    assert claims[0] == claims[1]
    proof = php.run("return pages_path() . '/o/1047/' . order_proof( '1047' );")
    assert proof == order_link(shop, "1047")


def test_a_hint_has_the_same_bytes(both: Both) -> None:
    settle(both)
    php, store = both
    order = store.order()
    store.settle()
    (played,) = hints(store)
    php.test("order", id=order["id"], data={"status": "pending"})
    php.test("status", id=order["id"], to="processing")
    end = time.monotonic() + 5
    while len(hints(store)) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    real = hints(store)[1]
    assert real.raw == played.raw
    for one in (real, played):
        at = one.headers["X-Doorstep-Time"]
        assert one.headers["X-Doorstep-Signature"] == message_signature(SECRET, "hint", at, one.raw)


@pytest.mark.parametrize("off", [[], MAILS, MAILS[:1]], ids=len)
@pytest.mark.parametrize("minutes", [0, 29, 31])
def test_the_same_mails_are_held_back(both: Both, off: list[str], minutes: int) -> None:
    settle(both, mails_off=off)
    php, store = both
    php.again(ahead=60 * minutes)
    shop = store.stores.named(store.shop)
    plugin = plugin_of(shop)
    assert plugin is not None
    shop.write("shop", "plugin", plugin | {"received_at": plugin["received_at"] - 60 * minutes})
    order = store.order()
    store.act(order, "status", status="completed")
    own = {
        mail["id"]: mail["sent"] for mail in store.get("/sandbox/mails") if mail["order"] == str(order["id"])
    }
    assert {"new_order", *MAILS[:2]} <= set(own)
    assert {mail: php.test("mail", id=mail)["goes"] for mail in own} == own


def test_what_was_held_back_is_noted_and_had_after_all_alike(both: Both) -> None:
    """A paid order, told by the shop's own mailer: marks, answers and mails are the same on both sides."""
    settle(both, mails_off=MAILS)
    php, store = both
    order = store.order()
    placed = {"status": "processing", "created": int(time.time()) + 60, "ways": ["flat_rate:1"]}
    php.test("order", id=order["id"], data=placed)
    php.run(
        "\\add_action( 'test_notification', static function () {"
        " foreach ( \\WC()->mailer()->get_emails() as $one )"
        f" {{ if ( 'customer_processing_order' === $one->id ) {{ $one->trigger( {order['id']} ); }} }} }} );"
        " \\do_action( 'test_notification' ); return true;"
    )

    def noted() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        played = store.read(f"orders/{order['id']}")["meta_data"]
        real = php.state["orders"][str(order["id"])]["meta"]
        return (
            {key: list(value) for key, value in real.items()},
            {meta["key"]: list(meta["value"]) for meta in played if meta["key"].startswith("_doorstep")},
        )

    assert noted() == ({"_doorstep_held": MAILS[:1]},) * 2
    for mail in (MAILS[1], MAILS[0], MAILS[0], "customer_note", ""):
        asked = {"order": str(order["id"]), "mail": mail}
        real = php.call("POST", RELEASE, json=asked, auth=KEYS[MERCHANT])
        played = store.call("POST", RELEASE, json=asked, auth=store.key)
        assert (real.status_code, real.json().get("sent")) == (played.status_code, played.json().get("sent"))
    assert noted() == ({"_doorstep_wrote": MAILS[:1]},) * 2
    assert php.state["sent"] == [[int(order["id"]), MAILS[0]]]


def test_both_forget(both: Both) -> None:
    settle(both, mails_off=MAILS)
    php, store = both
    assert php.call("DELETE", SETTINGS, auth=KEYS[MERCHANT]).status_code == 200
    assert store.call("DELETE", SETTINGS, auth=store.key).status_code == 200
    assert php.kept == {} and plugin_of(store.stores.named(store.shop)) is None
    assert json.dumps(php.state).find(SECRET) == -1
