"""Where a fact changes what is to be said of a finding. By the finding and that fact."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.told import BUILDER, HOST, SECURITY, YOURSELF, Told
from connectors.woocommerce import findings as found

VARIANTS: Mapping[tuple[str, str], Told] = {
    (found.MOVED, "nowhere"): Told(
        "Your shop sends us elsewhere",
        "Its address redirects to one that is not public, so we do not follow.",
        ("Type the address by which your customers reach the shop.",),
        BUILDER,
    ),
    (found.UNNAMED, "named"): Told(
        "The keys came from {named}",
        "A shop says in its call which one it is. This one named another address than was typed, and keys of"
        " one shop must not be tried at another.",
        (
            "If your shop is known by that address, connect it by that one.",
            "Or make the keys by hand: the link stands below.",
        ),
        YOURSELF,
    ),
    (found.MOVED, "writing"): Told(
        "Your shop lives at {to}",
        "Reading works at the address that was typed, but whatever is written is sent on to the other,"
        " and gets lost on the way.",
        ("Connect it by its own address.",),
        "You can do this yourself, now.",
    ),
    (found.HTML_ANSWER, "writing"): Told(
        "Something stops what we write",
        "Reading works, but a page answered (status {status}) when we asked whether we may write. Mostly"
        " that is a firewall or a security plugin.",
        ("Look there for blocked calls to `/wp-json/wc` with the method POST, and allow them.",),
        SECURITY,
    ),
    (found.NO_WOOCOMMERCE, "wordpress"): Told(
        "WooCommerce is not switched on there",
        "WordPress answers at this address, WooCommerce does not.",
        (
            "In WordPress open Plugins and activate WooCommerce.",
            "Then try again.",
        ),
        YOURSELF,
    ),
    (found.UNREACHABLE, "name"): Told(
        "This name leads nowhere",
        "No server is known under it.",
        (
            "Check the spelling.",
            "A name that was registered or moved today can take some hours to be known everywhere.",
        ),
        HOST,
    ),
}
