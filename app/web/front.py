"""Where a shopper's page stands: with us, a whole document, or inside a page of the store itself."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from flask import request

from flows.commerce import Platform


@dataclass(frozen=True, slots=True)
class Front:
    """`base` goes before every link of the page. `platform` is None with us: the page is then a whole
    document; inside a store it is a fragment."""

    shop_id: int
    base: str = ""
    platform: Platform | None = None

    @property
    def whole(self) -> bool:
        return self.platform is None

    def visitor(self, trusted_proxies: int) -> str:
        """The visitor's network address: an IPv6 one by its /64, because a home owns all of that."""
        told = (request.remote_addr or "") if self.whole else _told_by_store(trusted_proxies)
        try:
            address = ipaddress.ip_address(told)
        except ValueError:
            return "unknown"
        if address.version == 6:
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address)


def _told_by_store(trusted_proxies: int) -> str:
    """Whom the store saw. Shopify sends that address alone; a web server that the plugin runs behind adds
    it to whatever the visitor sent. So it is the last one, before those that our own proxies added."""
    told = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    before = told[: len(told) - trusted_proxies]
    return before[-1].strip() if before else ""
