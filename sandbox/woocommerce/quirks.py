"""How real stores misbehave, each a switch of /sandbox/quirks. One table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.store import Refusal

Value = bool | float


@dataclass(frozen=True, slots=True)
class Quirk:
    """`value`: what holds unless somebody says otherwise; its type is the only one taken. `signed`: a number
    that may lie below zero."""

    value: Value
    meaning: str
    signed: bool = False


TABLE: dict[str, Quirk] = {
    # How webhooks are told.
    "late_seconds": Quirk(0.0, "WP-Cron sleeps: deliveries wait so long, and their bodies are made then"),
    "merge": Quirk(False, "waiting updates of one order leave as one, with the last state"),
    "drop": Quirk(False, "deliveries are lost and never repeated"),
    "same_delivery_id": Quirk(False, "every delivery of a webhook bears one delivery id"),
    "ping_seconds": Quirk(0.0, "the ping at a webhook's making comes so late; from 5 s on it is given up"),
    "lost_rights": Quirk(False, "the key's owner is no manager any more: 403, and signed error bodies"),
    # How the REST API answers.
    "keys_revoked": Quirk(False, "every call with a key is answered 401"),
    "read_only": Quirk(False, "the key may read only: 401 for whatever changes something"),
    "basic_ignored": Quirk(False, "a proxy ends TLS, WordPress believes in http and looks at no key"),
    "html_200": Quirk(False, "a maintenance page answers, in HTML and with 200"),
    "html_403": Quirk(False, "a security plugin answers, in HTML and with 403"),
    "redirect": Quirk(False, "every call is sent on to www with 301"),
    "redirect_writes": Quirk(False, "the same for calls that write, while www answers a GET with 200"),
    "plain_permalinks": Quirk(False, "/wp-json leads home, ?rest_route= is 401; wc-auth has its query form"),
    "busy_seconds": Quirk(0.0, "429 with this Retry-After"),
    "away_seconds": Quirk(0.0, "503 with this Retry-After"),
    "slow_seconds": Quirk(0.0, "every answer takes so long"),
    "garbage": Quirk(False, "200 and JSON that breaks off in the middle"),
    "cache_seconds": Quirk(0.0, "answers to GET are kept so long: what is read after a write may be old"),
    "old_version": Quirk(False, "WooCommerce 3.9 and WordPress 5.3, as the status of the system says"),
    "sparse_index": Quirk(False, "the open index of the site is closed: 401"),
    # What the shop is like.
    "fulfillments": Quirk(False, "WooCommerce's own fulfilments are switched on"),
    "custom_statuses": Quirk(False, "a plugin has added statuses of the merchant's own"),
    "tokyo": Quirk(False, "the shop's zone is Asia/Tokyo: local dates nine hours ahead of their _gmt twins"),
    "clock_hours": Quirk(0.0, "the store's clock is so many hours ahead", signed=True),
    # The companion plugin.
    "no_plugin": Quirk(False, "the plugin is not installed"),
    "hints": Quirk(True, "the plugin tells at once what happened to an order, once it has its settings"),
    "app_away": Quirk(False, "the heartbeat is old for the plugin: the shop's own mails come back"),
}  # fmt: skip

QUIRKS: Mapping[str, Value] = {name: quirk.value for name, quirk in TABLE.items()}


def changed(quirks: Mapping[str, Value], wanted: Mapping[str, Any]) -> dict[str, Value]:
    """Raises Refusal 400 for an unknown name or a value that cannot be."""
    return {**quirks, **{name: _value(name, value) for name, value in wanted.items()}}


def _value(name: str, value: Any) -> Value:
    quirk = TABLE.get(name)
    if quirk is None or not isinstance(value, bool | int | float):
        raise Refusal(400, f"quirks are: {', '.join(TABLE)}")
    if isinstance(quirk.value, bool):
        return bool(value)
    if value < 0 and not quirk.signed:
        raise Refusal(400, f"{name} is no less than nothing")
    return float(value)
