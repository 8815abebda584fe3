"""Writing into a shop: every verb with what does it, or with the reason why nothing can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors import writes as verbs
from connectors.base import Malformed, RightMissing, Store, StoreUnreachable, Unsupported
from connectors.woocommerce.rest_api import Denied
from connectors.woocommerce.writes.address import change_address
from connectors.woocommerce.writes.cancel import cancel_order
from connectors.woocommerce.writes.discount import create_discount
from connectors.woocommerce.writes.note import note_order
from connectors.woocommerce.writes.release import release_mail
from connectors.woocommerce.writes.review import post_review
from connectors.writes import Write, Written

Do = Callable[[Store, Any], Written]

VERBS: Mapping[type[Write], Do] = {
    verbs.CreateDiscount: create_discount,
    verbs.PostReview: post_review,
    verbs.NoteOrder: note_order,
    verbs.CancelOrder: cancel_order,
    verbs.ChangeAddress: change_address,
    verbs.ReleaseMail: release_mail,
}
WHY_NOT: Mapping[type[Write], str] = {
    verbs.SetConsent: "WooCommerce keeps no marketing consent",
    verbs.SetRating: "WooCommerce counts the stars of its own list of reviews by itself",
    verbs.EditOrder: "WooCommerce changes what is in an order only by hand",
    verbs.AskReturn: "WooCommerce knows no returns",
    verbs.GrantCredit: "WooCommerce has no store credit",
    verbs.PointTracking: "WooCommerce leaves tracking links to the plugin that keeps them",
}


def write(store: Store, what: Write) -> Written:
    """Raises StoreError; Unsupported, with the reason and before any call, where there is no way."""
    if type(what) in WHY_NOT:
        raise Unsupported(WHY_NOT[type(what)])
    try:
        return VERBS[type(what)](store, what)
    except Denied:  # the key opens the shop still: a read will tell if its owner has lost more than this
        raise RightMissing(("manage_woocommerce",)) from None
    except Malformed as error:
        problem = StoreUnreachable(f"an answer that cannot be read: {error}")
    raise problem
