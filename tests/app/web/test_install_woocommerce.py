"""Beginning to connect a WooCommerce store: each beginning is a row, and nobody makes many of them."""

from __future__ import annotations

import pytest

from app.clock import Clock
from app.web.install_woocommerce import MOST_PER_MINUTE
from tests.app.web.conftest import Site


def _begin(site: Site, visitor: str) -> int:
    told = {"REMOTE_ADDR": visitor}
    return site.client.get("/woocommerce/install?shop=larkhus.example", environ_base=told).status_code


def _attempts(site: Site) -> int:
    with site.runtime.database.nobody() as session:
        return int(session.exec_driver_sql("SELECT count(*) FROM install_attempts").scalar_one())


def test_one_visitor_begins_only_so_often(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    now = site.runtime.clock.real()
    monkeypatch.setattr(Clock, "real", lambda _: now)  # no minute may begin while the test counts
    assert {_begin(site, "192.0.2.1") for _ in range(MOST_PER_MINUTE)} == {302}
    before = _attempts(site)
    assert (_begin(site, "192.0.2.1"), _begin(site, "192.0.2.2")) == (429, 302)
    assert _attempts(site) == before + 1


def test_an_address_that_is_none_is_not_counted(site: Site) -> None:
    for _ in range(MOST_PER_MINUTE + 1):
        assert site.client.get("/woocommerce/install?shop=nonsense").status_code == 400
    assert _begin(site, "127.0.0.1") == 302
