"""Where a shopper's page is: on the store's own domain where that is proven, else with us."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import text

from app.db import Session

# Where a store forwards to us, unless its merchant has moved that.
STORE_PATH = "/apps/doorstep"


class Fronted(Protocol):
    @property
    def url(self) -> str: ...

    @property
    def pages_prefix(self) -> str: ...


def page_address(app_address: str, shop: Fronted, path: str) -> str:
    """`path` without a slash in front ("t/<token>")."""
    if shop.pages_prefix and shop.url:
        return f"{shop.url.rstrip('/')}{shop.pages_prefix}/{path}"
    return f"{app_address}/{path}"


def page_of(session: Session, shop_id: int, app_address: str, path: str) -> str:
    """The same, for where the shop's pages are now."""
    shop = session.execute(text("SELECT url, pages_prefix FROM shops WHERE id = :id"), {"id": shop_id}).one()
    return page_address(app_address, shop, path)
