"""The connection goes to the address that was checked, while Host, SNI and certificate keep the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from wire.addresses import public_address
from wire.watch import POOLS


class PinnedAdapter(HTTPAdapter):
    """Keeps connections open per checked address and name.

    `address_of` gives the address to connect to for a name, or raises WireError.
    """

    def __init__(self, address_of: Callable[[str], str] = public_address) -> None:
        self.address_of = address_of
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> Any:
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        if where["scheme"] != "https":
            return where, how
        name = where["host"]
        where["host"] = self.address_of(name)
        return where, {**how, "server_hostname": name, "assert_hostname": name}
