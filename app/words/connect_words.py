"""What a merchant reads where their WooCommerce shop cannot be connected: what is wrong, why it matters, what
to do, and who can help."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.connect_variants import VARIANTS
from app.words.told import BUILDER, HOST, SECURITY, YOURSELF, Facts, Told, variant
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import OLDEST_WOOCOMMERCE, OLDEST_WORDPRESS, Finding


def told(finding: Finding) -> Told:
    """The words for a finding, its facts filled in."""
    words = VARIANTS.get(variant(finding)) or WORDS[finding.key]
    facts = Facts(finding.facts)
    return Told(
        words.title.format_map(facts),
        words.why.format_map(facts),
        tuple(step.format_map(facts) for step in words.do),
        words.helps,
    )


WORDS: Mapping[str, Told] = {
    found.PLAIN_PERMALINKS: Told(
        "Your shop uses plain permalinks",
        "WooCommerce opens its interface to other programs only where addresses are readable ones.",
        (
            "In WordPress open Settings, Permalinks, and choose any structure but “Plain”; “Post name”"
            " is usual.",
            "Save, then try again. Old links keep working.",
        ),
        YOURSELF,
    ),
    found.HTTP_ONLY: Told(
        "Your shop is not reached by https",
        "Keys and orders would travel unencrypted, so WooCommerce and we refuse to work that way.",
        (
            "Have a certificate installed. Most hosting companies give one for free (“SSL”, “Let's"
            " Encrypt”).",
            "In WordPress open Settings, General, and write https:// in both addresses.",
        ),
        HOST,
    ),
    found.PROXY_TLS: Told(
        "WordPress does not know that it is reached by https",
        "A server in front of your shop ends the encryption and does not say so. WooCommerce then"
        " overlooks every key, also the right one: it refused one that it had made seconds before.",
        (
            "Have the server in front pass on the header `X-Forwarded-Proto`.",
            "Where WordPress needs telling: add to `wp-config.php`, above “That's all”:"
            " `if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') $_SERVER['HTTPS'] = 'on';`",
            "Then connect again.",
        ),
        HOST,
    ),
    found.HEADER_LOST: Told(
        "Your server removes the header that our key is sent in",
        "WooCommerce wants keys in the header `Authorization`, which does not arrive. So we send ours in the"
        " address. That works, but addresses are written into logs.",
        (
            'On Apache, add to `.htaccess`: `SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1`',
            "On other servers, have it passed on to PHP. We notice by ourselves.",
        ),
        HOST,
    ),
    found.HTML_ANSWER: Told(
        "A page answered where your shop's interface should be",
        "We asked WooCommerce for data and got a web page (status {status}). Mostly a security plugin, a"
        " firewall or a “coming soon” page stands in front of it.",
        (
            "Look into your security plugin or firewall for “REST API” and allow addresses that begin"
            " with `/wp-json/wc`.",
            "Switch a “coming soon” or maintenance page off, at least for `/wp-json/`.",
            "If your shop lives in a folder, type its address with the folder: shop.example/store.",
        ),
        SECURITY,
    ),
    found.BROKEN_ANSWER: Told(
        "Your shop's answers break off",
        "What WooCommerce sends us cannot be read: it ends too early, or something else is mixed into it.",
        (
            "Plugins that print warnings are the usual cause. Set `WP_DEBUG_DISPLAY` to false in"
            " `wp-config.php`.",
            "If it stays so, your host's error log names the plugin.",
        ),
        BUILDER,
    ),
    found.MOVED: Told(
        "Your shop lives at {to}",
        "The address that was typed sends visitors there. Browsers follow; keys must not, or they could"
        " end up with somebody else.",
        ("Connect it by its own address.",),
        "You can do this yourself, now.",
    ),
    found.READ_ONLY: Told(
        "This key may read, but not write",
        "We have to set up messages from your shop, and write coupons and notes where you ask for it.",
        ("Make a key with the permission “Read/Write” and use that one.",),
        YOURSELF,
    ),
    found.LOST_RIGHTS: Told(
        "The key belongs to a user who may not manage the shop",
        "A key can do what its user can do. This one's user is no administrator or shop manager (any more).",
        (
            "In WordPress open Users and give that user the role “Shop manager”,",
            "or connect as somebody who has it.",
        ),
        YOURSELF,
    ),
    found.OLD_VERSION: Told(
        "WooCommerce {woocommerce} on WordPress {wordpress} is older than what we promise to work with",
        f"We promise WooCommerce {OLDEST_WOOCOMMERCE} and WordPress {OLDEST_WORDPRESS} or newer. Older ones"
        " may tell us too little: changes can be missed.",
        ("Make a back-up, then update WordPress and WooCommerce under Dashboard, Updates.",),
        BUILDER,
    ),
    found.NO_WOOCOMMERCE: Told(
        "There is no WooCommerce at this address",
        "We found neither a shop nor WordPress there.",
        (
            "Check the spelling. If the shop lives in a folder, type it too: shop.example/store.",
            "If your shop runs on something else, it cannot be connected here.",
        ),
        YOURSELF,
    ),
    found.REST_BLOCKED: Told(
        "Your shop's interface is closed",
        "WordPress answered that strangers may not use its REST API (status {status}). That is a setting"
        " of a security plugin; it often shuts out keys as well.",
        (
            "Look there for “REST API” or “Disable REST API” and allow it for WooCommerce (`/wp-json/wc`).",
            "If it is meant for strangers only, go on: our key may still be let in.",
        ),
        SECURITY,
    ),
    found.CLOCK_OFF: Told(
        "Your server's clock is {off} {way}",
        "Times in mails and the order of changes go by it.",
        ("Have the server's clock set by time servers (NTP).",),
        HOST,
    ),
    found.PRIVATE_ADDRESS: Told(
        "This address leads into a private network",
        "It can be opened from within that network only, so we do not call it.",
        (
            "Type the address by which your customers reach the shop.",
            "A shop on your own computer cannot be connected before it is on the internet.",
        ),
        HOST,
    ),
    found.UNREACHABLE: Told(
        "Nobody answers at this address",
        "We could not open a connection by https.",
        (
            "Check the spelling, and whether the shop opens in your browser with https:// in front.",
            "If it does, a firewall may keep servers of other countries out: have ours let in.",
        ),
        HOST,
    ),
    found.CERTIFICATE: Told(
        "Your shop's certificate cannot be trusted",
        "It has expired, belongs to another name, or a part of its chain is missing. Browsers are"
        " sometimes more lenient than programs may be.",
        (
            "Have the certificate renewed for exactly this name, with its whole chain (“intermediate"
            " certificates”).",
        ),
        HOST,
    ),
    found.SLOW: Told(
        "Your shop takes too long to answer",
        "We waited for ten seconds. An approval that is waited for can fail on that.",
        (
            "Try again: the first call after a pause is often the slowest.",
            "If it stays slow, ask your host what holds it up; caching for `/wp-json/` does not help.",
        ),
        HOST,
    ),
    found.BUSY: Told(
        "Your shop asks us to come back later",
        "Its server says that there are too many questions at the moment (status 429).",
        (
            "Wait a minute, then try again.",
            "If it stays so, have our server's address let through.",
        ),
        HOST,
    ),
    found.MAINTENANCE: Told(
        "Your shop is not available at the moment",
        "It answers with status {status}: it is being maintained, or something in it is broken.",
        (
            "End the maintenance, or wait until an update is done. A file `.maintenance` that was left"
            " behind keeps it up.",
            "Then try again.",
        ),
        BUILDER,
    ),
    found.PASSWORD: Told(
        "A password protects the whole site",
        "The web server asks for a user and password before WordPress is reached, so neither we nor"
        " buyers get in.",
        ("Take the password off, at least for addresses that begin with `/wp-json/` and `/wc-auth/`.",),
        HOST,
    ),
    found.HOOKS_FAILING: Told(
        "Your shop's messages do not reach us",
        "Your shop switches them off by itself after seven failures in a row, and we switch them on again"
        " each time. Until they arrive we ask for changes ourselves, so mails leave some minutes later.",
        (
            "Have your server let out calls to our address; a firewall for outgoing calls is the usual"
            " cause.",
            "With WP-Cron switched off, have the host call `wp-cron.php` every minute.",
        ),
        HOST,
    ),
    found.KEYS_REFUSED: Told(
        "Your shop does not accept these keys",
        "They are misspelt, were deleted, or belong to another shop. More seldom a server in front of"
        " WordPress does not tell it about https; then no key is looked at.",
        (
            "Copy both again, or make a new pair: WooCommerce shows the secret only once.",
            "Check that the address is that of the same shop.",
        ),
        YOURSELF,
    ),
    found.UNNAMED: Told(
        "The keys did not come from this shop, as far as we can tell",
        "A shop says in its call which one it is. This call named none, and keys of one shop must not be"
        " tried at another. A plugin, or the host, may have it say nothing.",
        ("Make the keys by hand: the link stands below.",),
        YOURSELF,
    ),
    found.ANOTHER_SITE: Told(
        "Messages come from another address: {named}",
        "A copy of your shop, for trying things out, sends them with your shop's signature. We leave them"
        " alone, so that no customer is written to because of it. If your shop has moved to that address, we"
        " hear nothing of its orders by message.",
        (
            "If your shop has moved: connect it anew by the new address.",
            "If it is a copy: nothing is to be done. Deleting our plugin there ends it.",
        ),
        YOURSELF,
    ),
    found.ANOTHER_STORE: Told(
        "Another store is connected under this address",
        "What answers there now is a different installation of WooCommerce. What we keep of the former"
        " one may not be shown to whoever owns the address today.",
        (
            "If both are yours, write to the person or company that runs this installation of Doorstep:"
            " they can let the new one in.",
        ),
        "Only the operator of Doorstep can change this.",
    ),
}
