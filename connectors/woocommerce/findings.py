"""What may stand between us and a shop, each under a name of its own. What merchants read of it stands in
app/words/connect_words.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# The oldest versions that we promise to work with. Since WooCommerce 8.2 orders lie in tables of their own.
OLDEST_WOOCOMMERCE = "8.2"
OLDEST_WORDPRESS = "6.2"

ANOTHER_SITE = "another_site"
ANOTHER_STORE = "another_store"
BROKEN_ANSWER = "broken_answer"
BUSY = "busy"
CERTIFICATE = "certificate"
CLOCK_OFF = "clock_off"
HEADER_LOST = "header_lost"
HOOKS_FAILING = "hooks_failing"
HTML_ANSWER = "html_answer"
HTTP_ONLY = "http_only"
KEYS_REFUSED = "keys_refused"
LOST_RIGHTS = "lost_rights"
MAINTENANCE = "maintenance"
MOVED = "moved"
NO_WOOCOMMERCE = "no_woocommerce"
OLD_VERSION = "old_version"
PASSWORD = "password"
PLAIN_PERMALINKS = "plain_permalinks"
PRIVATE_ADDRESS = "private_address"
PROXY_TLS = "proxy_tls"
READ_ONLY = "read_only"
REST_BLOCKED = "rest_blocked"
SLOW = "slow"
UNNAMED = "unnamed"
UNREACHABLE = "unreachable"

# Worth saying, while everything works.
HINTS = frozenset({ANOTHER_SITE, CLOCK_OFF, HEADER_LOST, OLD_VERSION, HOOKS_FAILING})
# May be different for a call with keys: the merchant may go on if they know better.
MAY_GO_ON = frozenset({BUSY, HTML_ANSWER, REST_BLOCKED, SLOW})


@dataclass(frozen=True, slots=True)
class Finding:
    """`facts` fill the gaps of the words: the right address, a status, a version."""

    key: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        return self.key not in HINTS

    @property
    def may_go_on(self) -> bool:
        return self.key in MAY_GO_ON

    def as_row(self) -> dict[str, str]:
        """As it is stored."""
        return {**self.facts, "key": self.key}


def blockers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.blocks)


def from_row(row: Mapping[str, str]) -> Finding:
    return Finding(row["key"], {name: value for name, value in row.items() if name != "key"})
