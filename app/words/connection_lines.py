"""The same in one sentence, for a shop that is connected: what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.told import Facts, variant
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import OLDEST_WOOCOMMERCE, OLDEST_WORDPRESS, Finding


def line(finding: Finding) -> str:
    words = _VARIANTS.get(variant(finding)) or LINES[finding.key]
    return words.format_map(Facts(finding.facts))


LINES: Mapping[str, str] = {
    found.PLAIN_PERMALINKS: (
        "Your shop uses plain permalinks, so we cannot read it: choose another structure under Settings,"
        " Permalinks."
    ),
    found.HTTP_ONLY: (
        "Your shop answers without encryption only: it needs a certificate and https in its addresses."
    ),
    found.PROXY_TLS: (
        "A server in front of your shop does not tell WordPress about https, so every key is overlooked."
    ),
    found.HEADER_LOST: "Your server removes the header Authorization, in which our key is sent.",
    found.HTML_ANSWER: (
        "A web page answers instead of WooCommerce (status {status}): a security plugin, a firewall or a"
        " “coming soon” page."
    ),
    found.BROKEN_ANSWER: (
        "What WooCommerce answers cannot be read: it breaks off. We go on asking, at longer intervals."
    ),
    found.MOVED: "Your shop now answers from {to}: connect it again by that address.",
    found.READ_ONLY: (
        "Our key may only read: connect the shop again, or set its permission to “Read/Write” in WooCommerce."
    ),
    found.LOST_RIGHTS: (
        "The user whom our key belongs to may not manage the shop any more: restore the role, or connect"
        " again."
    ),
    found.OLD_VERSION: (
        "WooCommerce {woocommerce} on WordPress {wordpress} is old: we promise to work with"
        f" {OLDEST_WOOCOMMERCE} on {OLDEST_WORDPRESS} or newer. Update under Dashboard, Updates."
    ),
    found.ANOTHER_STORE: "Another store answers at your shop's address now.",
    found.NO_WOOCOMMERCE: "No WooCommerce answers at your shop's address any more.",
    found.REST_BLOCKED: (
        "A plugin closes your site's REST API to strangers (status {status}). As long as our key is let"
        " in, all that we miss is your time zone."
    ),
    found.CLOCK_OFF: (
        "Your server's clock is {off} {way}. Your host can have it set by time servers; nothing is lost"
        " meanwhile."
    ),
    found.PRIVATE_ADDRESS: (
        "Your shop's name leads into a private network. We do not call it until it leads to the internet"
        " again."
    ),
    found.UNREACHABLE: (
        "Your shop cannot be reached by https. We go on asking; mails wait where they need it."
    ),
    found.CERTIFICATE: (
        "Your shop's certificate has expired, belongs to another name or is incomplete: have it renewed."
    ),
    found.SLOW: "Your shop takes longer than ten seconds to answer. What it misses is asked for again.",
    found.BUSY: (
        "Your shop's server turns questions away for being too many. We ask less often until it does not."
    ),
    found.MAINTENANCE: (
        "Your shop answers with status {status}: it is being maintained or broken. We go on asking, less"
        " and less often."
    ),
    found.PASSWORD: "The web server asks everybody for a password. Take it off, at least for /wp-json/.",
    found.HOOKS_FAILING: (
        "None of your shop's messages (webhooks) reaches us, so we ask every two minutes instead. A"
        " firewall for outgoing calls, or WP-Cron that is off, is the usual cause."
    ),
    found.KEYS_REFUSED: (
        "Your shop does not accept our keys any more: they were deleted there, or a server in front"
        " hides https from WordPress. Connect it again."
    ),
}
_VARIANTS: Mapping[tuple[str, str], str] = {
    (found.MOVED, "nowhere"): (
        "Your shop redirects to an address that is not public: connect it by the one that your customers use."
    ),
    (found.MOVED, "writing"): (
        "What we write is sent on to {to} and gets lost on the way: connect the shop again by that address."
    ),
    (found.HTML_ANSWER, "writing"): (
        "We can read your shop but not write to it: a firewall or security plugin answers instead"
        " (status {status})."
    ),
    (found.NO_WOOCOMMERCE, "wordpress"): (
        "WordPress answers, WooCommerce does not: activate it under Plugins."
    ),
    (found.UNREACHABLE, "name"): (
        "Your shop's name leads nowhere at the moment. Has its registration run out? We go on asking."
    ),
}
