"""The address at which mail vendors tell what became of mails."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.services.event_doors import events_address
from app.services.mail_accounts import Wanted, keep_account
from app.web import provider_events
from tests.app.desk import Desk
from tests.app.services.told_mails import barred, mails, message_id, provider_id
from tests.app.web.conftest import Site

KEY = base64.b64encode(b"k" * 24).decode()
SECRET = f"whsec_{KEY}"
PASSWORD = "a password of ours"


@pytest.fixture
def heard(site: Site) -> Site:
    """We have accounts at two vendors."""
    config = replace(site.runtime.config, event_secrets={"resend": (SECRET,), "postmark": (PASSWORD,)})
    runtime = replace(site.runtime, config=config)
    site.client.application.extensions["doorstep"] = runtime
    return replace(site, runtime=runtime)


def desk_of(site: Site) -> Desk:
    at = site.runtime
    return Desk(at.database, site.woocommerce.shop_id, at.clock.now(), at.clock.real(), at.keys)


def path_for(site: Site, source: str = "resend", shop_id: int = 0) -> str:
    return events_address(site.runtime.keys, "", source, shop_id)


def bounced(mail: int, kind: str = "Permanent") -> bytes:
    return json.dumps(
        {
            "type": "email.bounced",
            "created_at": "2026-11-02T10:00:00.000Z",
            "data": {
                "email_id": provider_id(mail),
                "to": ["mia@example.com"],
                "headers": [{"name": "Message-ID", "value": message_id(mail)}],
                "bounce": {"type": kind, "message": "550 no such user"},
            },
        }
    ).encode()


def signed(body: bytes, at: datetime, key: str = KEY) -> dict[str, str]:
    seconds = str(int(at.timestamp()))
    mac = hmac.digest(base64.b64decode(key), f"msg_1.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "svix-id": "msg_1",
        "svix-timestamp": seconds,
        "svix-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def post(site: Site, path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
    given = signed(body, site.runtime.clock.real()) if headers is None else headers
    return site.client.post(path, data=body, headers=given)


def test_what_a_vendor_signed_is_stored_and_acted_on(heard: Site) -> None:
    (mail,) = mails(desk_of(heard), 1)
    answers = [post(heard, path_for(heard), bounced(mail)) for _ in range(3)]
    assert [one.status_code for one in answers] == [200] * 3
    assert answers[0].get_json() == {"outcome": "stored", "told": 1, "early": 0}
    assert barred(desk_of(heard)) == {"*": "hard_bounce"}
    assert heard.rows("SELECT count(*) AS n FROM feedback")[0].n == 1


def test_what_is_not_signed_by_it_is_refused(heard: Site) -> None:
    (mail,) = mails(desk_of(heard), 1)
    body, real = bounced(mail), heard.runtime.clock.real()
    other = base64.b64encode(b"x" * 24).decode()
    good = signed(body, real)
    spoilt: list[dict[str, str]] = [
        {},
        signed(body, real, other),
        signed(body + b" ", real),
        signed(body, real - timedelta(minutes=6)),
        signed(body, real + timedelta(minutes=6)),
        {**good, "svix-id": "msg_2"},
        {**good, "svix-signature": ""},
        {**good, "svix-signature": "v1,"},
        {**good, "svix-signature": good["svix-signature"].replace("v1", "v2")},
        {**good, "svix-timestamp": "soon"},
    ]
    assert [post(heard, path_for(heard), body, headers).status_code for headers in spoilt] == [401] * len(
        spoilt
    )
    assert heard.rows("SELECT count(*) AS n FROM feedback")[0].n == 0
    assert barred(desk_of(heard)) == {}


def test_an_address_that_we_did_not_write_is_none(heard: Site) -> None:
    keys = heard.runtime.keys
    for path in (
        "/events/resend/guessed",
        f"/events/postmark/{keys.sign('events', [0, 'resend'])}",
        f"/events/nobody/{keys.sign('events', [0, 'nobody'])}",
        f"/events/resend/{keys.sign('click', [0, 'resend'])}",
    ):
        assert post(heard, path, b"{}").status_code == 404, path


def test_a_vendor_without_a_secret_is_not_believed(heard: Site) -> None:
    assert post(heard, path_for(heard, "ses"), b"{}").status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"\xff\xfe", b'{"type": "email.bounced", "data": 3}']
)
def test_what_is_signed_and_cannot_be_read_stores_nothing(heard: Site, body: bytes) -> None:
    assert post(heard, path_for(heard), body).status_code in (200, 400)
    assert heard.rows("SELECT count(*) AS n FROM feedback")[0].n == 0


@pytest.mark.parametrize("known", [True, False])
def test_letters_that_no_database_keeps_are_left_out(heard: Site, known: bool) -> None:
    (mail,) = mails(desk_of(heard), 1)
    body = bounced(mail if known else 0).replace(b"no such user", b"no such \\ud800\\u0000user")
    assert post(heard, path_for(heard), body).get_json()["told" if known else "early"] == 1


def test_more_than_a_megabyte_is_not_read(heard: Site) -> None:
    body = b" " * (provider_events.LARGEST + 1)
    assert post(heard, path_for(heard), body).status_code == 413


def test_while_the_database_is_away_the_vendor_is_told_to_come_back(
    heard: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr(provider_events, "take_events", away)
    assert post(heard, path_for(heard), bounced(1)).status_code == 503


def test_postmark_comes_with_its_password(heard: Site) -> None:
    (mail,) = mails(desk_of(heard), 1)
    heard.rows("UPDATE messages SET provider = 'postmark' RETURNING 1")
    body = json.dumps(
        {
            "RecordType": "SpamComplaint",
            "ID": 42,
            "MessageID": provider_id(mail),
            "BouncedAt": "2026-11-02T10:00:00Z",
            "Email": "mia@example.com",
        }
    ).encode()
    basic = base64.b64encode(f"doorstep:{PASSWORD}".encode()).decode()
    path = path_for(heard, "postmark")
    assert post(heard, path, body, {"Authorization": "Basic eDp5"}).status_code == 401
    assert post(heard, path, body, {"Authorization": f"Basic {basic}"}).status_code == 200
    assert barred(desk_of(heard)) == {"S": "complaint", "M": "complaint"}


def test_a_shops_own_account_signs_with_its_own_secret_and_tells_of_its_mails(heard: Site) -> None:
    (mail,) = mails(desk_of(heard), 1)
    at, own = heard.runtime, base64.b64encode(b"o" * 24).decode()
    wanted = Wanted("resend", "resend://key", "hello@larkhus.example", f"whsec_{own}")
    for shop in (heard.woocommerce, heard.shopify):
        with at.database.shops(shop.shop_id) as session:
            keep_account(session, at.keys, shop.shop_id, wanted, at.clock.now(), at.clock.real())
    body, real = bounced(mail), at.clock.real()
    heard.rows("UPDATE messages SET provider = 'resend' RETURNING 1")
    # Of another shop's mail it may say what it likes, by whichever name it knows that.
    for told in (
        body,
        body.replace(b"Message-ID", b"X-Other"),
        body.replace(b'"%s"' % provider_id(mail).encode(), b'"none"'),
    ):
        stranger = post(heard, path_for(heard, shop_id=heard.shopify.shop_id), told, signed(told, real, own))
        assert (stranger.status_code, stranger.get_json()["told"]) == (200, 0)
    assert barred(desk_of(heard)) == {}
    mine = path_for(heard, shop_id=heard.woocommerce.shop_id)
    assert post(heard, mine, body).status_code == 401
    assert post(heard, mine, body, signed(body, real, own)).get_json()["told"] == 1
    assert barred(desk_of(heard)) == {"*": "hard_bounce"}


def test_at_the_address_of_a_vendor_that_a_shop_has_left_nobody_is_believed(heard: Site) -> None:
    """Its account is at Resend by now; whoever knows that secret is no Postmark."""
    (mail,) = mails(desk_of(heard), 1)
    at, shop = heard.runtime, heard.woocommerce.shop_id
    wanted = Wanted("resend", "resend://key", "hello@larkhus.example", SECRET)
    with at.database.shops(shop) as session:
        keep_account(session, at.keys, shop, wanted, at.clock.now(), at.clock.real())
    basic = base64.b64encode(f"doorstep:{SECRET}".encode()).decode()
    told = post(heard, path_for(heard, "postmark", shop), b"{}", {"Authorization": f"Basic {basic}"})
    assert told.status_code == 401
    assert post(heard, path_for(heard, "resend", shop), bounced(mail)).status_code == 200
