"""What stands beneath the title of a finding where a shop is connected already: what follows from it, or what
to do about it, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.told import Facts, variant
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import OLDEST_WOOCOMMERCE, OLDEST_WORDPRESS, Finding


def line(finding: Finding) -> str:
    words = _VARIANTS.get(variant(finding)) or LINES[finding.key]
    return words.format_map(Facts(finding.facts))


LINES: Mapping[str, str] = {
    found.PLAIN_PERMALINKS: "We cannot read it so. Choose another structure under Settings, Permalinks.",
    found.HTTP_ONLY: "It needs a certificate, and https in both addresses under Settings, General.",
    found.PROXY_TLS: "A server in front of it does not say so, and every key is overlooked.",
    found.HEADER_LOST: "So we send it in the address, where logs may keep it. Have the header passed on.",
    found.HTML_ANSWER: "A security plugin, a firewall or a “coming soon” page answers (status {status}).",
    found.BROKEN_ANSWER: "A plugin that prints warnings is the usual cause. We go on asking, more seldom.",
    found.MOVED: "Connect it again by that address: we do not follow, because keys must not be sent on.",
    found.READ_ONLY: "Connect again, or set the key's permission to “Read/Write” in WooCommerce.",
    found.LOST_RIGHTS: "Give that user the role “Shop manager” again, or connect as somebody who has it.",
    found.OLD_VERSION: (
        f"We promise WooCommerce {OLDEST_WOOCOMMERCE} and WordPress {OLDEST_WORDPRESS} or newer. Update under"
        " Dashboard, Updates."
    ),
    found.UNNAMED: "Keys that name no shop are not tried.",
    found.ANOTHER_SITE: (
        "A copy of your shop, most likely; we leave them alone. Has it moved? Connect by that address."
    ),
    found.ANOTHER_STORE: "It is not the one whose orders we keep.",
    found.NO_WOOCOMMERCE: "We go on asking, in case it comes back.",
    found.REST_BLOCKED: (
        "Strangers may not use its REST API (status {status}). While our key is let in, all that we miss is"
        " your time zone."
    ),
    found.CLOCK_OFF: "Your host can have it set by time servers. Nothing is lost meanwhile.",
    found.PRIVATE_ADDRESS: "We do not call your shop until its name leads to the internet again.",
    found.UNREACHABLE: "Your shop cannot be reached by https. We go on asking; nothing is lost.",
    found.CERTIFICATE: "It has expired, belongs to another name or is incomplete: have it renewed.",
    found.SLOW: "We waited for ten seconds. What is missed by that is asked for again.",
    found.BUSY: "Its server says that we ask too often. We ask less until it does not.",
    found.MAINTENANCE: "Status {status}: it is being maintained or broken. We go on asking, more seldom.",
    found.PASSWORD: "Take it off, at least for addresses that begin with /wp-json/.",
    found.HOOKS_FAILING: (
        "We ask every two minutes instead. A firewall for outgoing calls, or WP-Cron that is off, is the"
        " usual cause."
    ),
    found.KEYS_REFUSED: (
        "They were deleted there, or a server in front hides https from WordPress. Connecting again makes new"
        " ones."
    ),
}
_VARIANTS: Mapping[tuple[str, str], str] = {
    (found.MOVED, "nowhere"): "It redirects to an address that is not public, so we do not follow.",
    (
        found.MOVED,
        "writing",
    ): "What we write is sent on to there, and gets lost. Connect again by that address.",
    (found.HTML_ANSWER, "writing"): (
        "Reading works. A firewall or a security plugin answers instead of your shop (status {status})."
    ),
    (found.NO_WOOCOMMERCE, "wordpress"): "WordPress answers. Activate WooCommerce under Plugins.",
    (found.UNREACHABLE, "name"): "Has the registration of the name run out? We go on asking.",
}
