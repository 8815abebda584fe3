"""Reports of other tools: signed for one shop and for now, counted once, bounded."""

from __future__ import annotations

import hmac
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from app.services.outside import MOST
from app.web.outside import A_MINUTE, LARGEST
from flows.commerce import Platform
from tests.app.web.addresses import shop_of
from tests.app.web.conftest import Site

PLATFORMS = pytest.mark.parametrize("platform", list(Platform))


def token_of(site: Site, platform: Platform) -> str:
    return str((site.shopify if platform is Platform.SHOPIFY else site.woocommerce).token)


def say(
    site: Site,
    told: Any,
    platform: Platform = Platform.WOOCOMMERCE,
    *,
    late: float = 0,
    secret: str | None = None,
    signature: str | None = None,
) -> Any:
    token = token_of(site, platform)
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    seconds = str(int(site.runtime.clock.real().timestamp() - late))
    key = secret if secret is not None else site.runtime.keys.outside_secret(token, "")
    made = hmac.new(key.encode(), f"{seconds}\n".encode() + body, sha256).hexdigest()
    headers = {
        "X-Doorstep-Time": seconds,
        "X-Doorstep-Signature": made if signature is None else signature,
    }
    return site.client.post(f"/sends/{token}", data=body, headers=headers)


def a_send(site: Site, **changes: Any) -> dict[str, Any]:
    at = site.runtime.clock.now() - timedelta(hours=1)
    return {
        "id": "n1",
        "email": "mia@example.com",
        "sent_at": at.isoformat(),
        "tool": "Newsletter",
        **changes,
    }


def held(site: Site, platform: Platform = Platform.WOOCOMMERCE) -> list[Any]:
    shop = shop_of(site, platform)
    return [row for row in site.rows("SELECT * FROM outside_sends ORDER BY id") if row.shop_id == shop]


@PLATFORMS
def test_a_report_counts_once(site: Site, platform: Platform) -> None:
    told = {"sends": [a_send(site), a_send(site, id="n2", **{"class": "S"})]}
    assert say(site, told, platform).get_json() == {"new": 2, "known": 0, "old": 0, "refused": []}
    assert say(site, told, platform).get_json()["known"] == 2
    first, second = held(site, platform)
    assert (first.mail_class, second.mail_class, first.tool) == ("M", "S", "Newsletter")
    assert "mia" not in str(tuple(first))


def test_only_who_holds_the_shops_secret_and_just_now(site: Site) -> None:
    told = {"sends": [a_send(site)]}
    other = site.runtime.keys.outside_secret(token_of(site, Platform.SHOPIFY), "")
    wrong = [
        say(site, told, late=330),
        say(site, told, late=-330),
        say(site, told, secret=other),
        say(site, told, secret=""),
        say(site, told, signature=""),
        say(site, told, signature="é" * 64),
        site.client.post(f"/sends/{token_of(site, Platform.WOOCOMMERCE)}", data=b"{}"),
    ]
    assert {answer.status_code for answer in wrong} == {401}
    assert not held(site)
    assert say(site, told, late=270).status_code == 200


def test_what_cannot_be_is_refused_and_the_rest_is_taken(site: Site) -> None:
    now = site.runtime.clock.now()
    told = [
        a_send(site, email="nobody"),
        a_send(site, sent_at="yesterday"),
        a_send(site, sent_at=(now + timedelta(days=2)).isoformat()),
        a_send(site, **{"class": "T"}),
        a_send(site, tool="x" * 81),
        a_send(site, id={"a": 1}),
        a_send(site, id="a\0b"),
        "text",
        a_send(site, id="old", sent_at=(now - timedelta(days=32)).isoformat()),
        a_send(site, id="good"),
    ]
    answer = say(site, {"sends": told}).get_json()
    assert (answer["new"], answer["old"]) == (1, 1)
    assert [one["place"] for one in answer["refused"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [row.id for row in held(site)] == ["good"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"sends": 3}', b"\xff", b"[" * 20_000])
def test_what_is_no_report(site: Site, body: bytes) -> None:
    assert say(site, body).status_code == 422


def test_bounds(site: Site) -> None:
    assert say(site, {"sends": [a_send(site)] * (MOST + 1)}).status_code == 422
    assert say(site, b" " * (LARGEST + 1)).status_code == 413
    answers = [say(site, {"sends": []}).status_code for _ in range(A_MINUTE + 1)]
    assert answers[-1] == 429 or 200 in answers  # the minute may have ended in between
    assert say(site, {"sends": []}).status_code in (200, 429)


def test_what_is_too_old_to_count_is_forgotten(site: Site) -> None:
    assert say(site, {"sends": [a_send(site)]}).status_code == 200
    with site.runtime.database.shops(shop_of(site, Platform.WOOCOMMERCE)) as session:
        session.exec_driver_sql("UPDATE outside_sends SET sent_at = sent_at - interval '40 days'")
    assert say(site, {"sends": [a_send(site, id="n2")]}).status_code == 200
    assert [row.id for row in held(site)] == ["n2"]
