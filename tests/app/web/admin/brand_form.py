"""The form of the brand page, as a merchant sends it."""

from __future__ import annotations

from werkzeug.test import TestResponse

from flows.commerce import Platform
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site

HTMX = {"HX-Request": "true"}
GOOD = {
    "accent": "#FFDD00",
    "ink": "123",
    "page": "",
    "fonts": "book",
    "radius": "3",
    "sender_name": " Larkhus   at home ",
    "support_name": "Malin",
    "support_email": "malin@larkhus.example",
    "postal_address": "Lindenweg 12\r\n10437 Berlin",
}


def post(site: Site, path: str, **fields: str) -> TestResponse:
    headers = {**bearer(site, Platform.WOOCOMMERCE), **HTMX}
    return site.client.post(f"/woocommerce/app{path}", headers=headers, data=fields)
