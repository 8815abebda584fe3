"""The shop that a request is for."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.woocommerce.shop import Shop

CurrentShop = Callable[[], Shop]
