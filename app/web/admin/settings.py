"""Settings: what writes into the shop or reads more of it, each with the rights that it needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from app.queries.store_writes import Tally, tallies
from app.services.feature_switch import AREA, turn_off, turn_on
from app.services.features import BY_KEY, Feature, enabled_keys, features_of
from app.services.rights import missing_rights, read_rights
from app.services.shipment_words import held_words
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.shipping_words import in_short
from app.web.guards import runtime
from connectors.base import StoreError
from flows.commerce import Platform

blueprint = Blueprint("settings", __name__)

log = logging.getLogger("doorstep.web")

_NONE = Tally(0, 0, 0, "")
# Where the merchant says what the store's words for shipping mean.
_SAYS_SHIPPING = (Platform.WOOCOMMERCE,)


@dataclass(frozen=True, slots=True)
class Row:
    """A feature as the page shows it. `missing`: the rights that it is to have and has not."""

    feature: Feature
    on: bool
    missing: tuple[str, ...]
    said: str


@blueprint.get("/settings")
@merchant
def page(seen: Merchant) -> str:
    return _drawn(seen, "admin/settings.html")


@blueprint.post("/settings/features/<feature_name>")
@merchant
def throw(seen: Merchant, feature_name: str) -> str:
    """Acts at once. Where rights are missing the page has the back office ask for them."""
    feature, on = BY_KEY.get(feature_name), request.form.get("on")
    if feature is None or seen.platform not in feature.platforms:
        abort(404)
    if on not in ("0", "1"):
        abort(400, "a switch goes on or off")
    at = runtime()
    now = at.clock.now()
    missing: tuple[str, ...] = ()
    with at.database.shops(seen.shop_id) as session:
        if on == "1":
            missing = turn_on(session, seen.shop_id, feature, seen.user, now, at.clock.real())
        else:
            turn_off(session, seen.shop_id, feature, seen.user, now, at.clock.real())
    at.queue.kick("work")
    return _drawn(seen, "admin/settings_features.html", asking=feature.key if missing else "")


@blueprint.post("/settings/rights")
@merchant
def rights(seen: Merchant) -> str:
    """The back office has asked the merchant; what came of it is what the store says, and nothing else."""
    at, real = runtime(), runtime().clock.real()
    try:
        with at.database.shops(seen.shop_id) as session:
            store = at.stores().open(session, seen.shop_id, real)
        if store is not None:
            read_rights(at.database, at.stores(), seen.shop_id, store, real)
    except StoreError as error:
        log.warning("the rights could not be read: %s", error)
        return _drawn(seen, "admin/settings_features.html", answered=False)
    return _drawn(seen, "admin/settings_features.html", answered=True)


def _drawn(seen: Merchant, template: str, asking: str = "", answered: bool | None = None) -> str:
    """`asking`: the feature whose rights are asked for at once. `answered`: whether the store just said
    which rights we have. What a platform allows from the first day needs no word about permissions."""
    with runtime().database.shops(seen.shop_id) as session:
        on, counts = enabled_keys(session, seen.shop_id), tallies(session, seen.shop_id)
        rows = [
            Row(
                feature,
                feature.key in on,
                missing_rights(session, seen.shop_id, feature),
                _said(counts.get(feature.writes, _NONE)) if feature.key in on else "",
            )
            for feature in features_of(seen.platform)
        ]
        changed = latest_changes(session, seen, AREA)
        words = held_words(session, seen.shop_id).words
    return render_template(
        template,
        seen=seen,
        page="settings",
        rows=rows,
        asking=asking,
        answered=answered,
        asks=seen.platform is Platform.SHOPIFY,
        shipping=in_short(len(words.statuses), words.number_key) if seen.platform in _SAYS_SHIPPING else "",
        changed=changed,
    )


def _said(tally: Tally) -> str:
    parts = [
        f"{count:,} {words}"
        for count, words in ((tally.done, "written"), (tally.waits, "waiting"), (tally.refused, "refused"))
        if count
    ]
    told = f"{', '.join(parts)}." if parts else ""
    return f"{told} The last reason: {tally.why.partition(': ')[2] or tally.why}." if tally.why else told
