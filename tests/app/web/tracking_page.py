"""The tracking page of an order, as a shopper opens it."""

from __future__ import annotations

import re

from tests.app.web.conftest import Site
from tests.app.web.shopping import link


def page(site: Site, order: str = "13", **headers: str) -> str:
    answer = site.client.get(link(site, "tracking", order), headers=headers)
    assert answer.status_code == 200
    return answer.text


def headline(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text)
    assert found
    return found[1]
