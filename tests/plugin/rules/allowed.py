"""What the rules find in the plugin and is right there. A finding that is not listed fails, and so does
a line of this list that nothing is found for."""

from __future__ import annotations

# Rule, file, function, and why.
ALLOWED = {
    ("assets", "frame.php", "show_frame"): (
        "the app's page itself, in the back office of a shop that is connected with it"
    ),
    ("output", "page.php", "print_page"): (
        "the app's own page, escaped by the app: it came over TLS, asked for with this shop's signature"
    ),
    ("output", "proxy.php", "answer_visitor"): (
        "data under its own content type, of a list without HTML, with nosniff"
    ),
    ("prefixes", "account.php", "add_account_rule"): "track-orders stands in an address that customers read",
    ("prefixes", "answer.php", "keep_from_caches"): "DONOTCACHEPAGE is the name that page caches look for",
    (
        "prefixes",
        "mail-marks.php",
        "put_mails",
    ): "whoever calls it names one of the two fields, which are ours",
    ("prefixes", "rules.php", "on_deactivation"): (
        "rewrite_rules is WordPress's own: taken away, it is written anew without our addresses"
    ),
    ("redirects", "answer.php", "send_headers_of"): (
        "headers of a list of names, without control characters; where the app leads is checked before"
    ),
    ("remote", "proxy.php", "ask_doorstep"): (
        "the app's address only, and reject_unsafe_urls unless it was built into the plugin"
    ),
    ("remote", "tell.php", "tell"): (
        "the app's address only, and reject_unsafe_urls unless it was built into the plugin"
    ),
}
