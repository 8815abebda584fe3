"""The tracking link for the platform's own pages: for whom the token names, and for nobody else."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import text

from app.clock import Clock
from app.services.install import Attempt, connect
from app.web import storefront_api
from flows.commerce import Platform
from tests.app.web.addresses import page_token
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.shopping import bought
from tests.proof import Count

MIA, OTHER = "gid://shopify/Customer/7", "gid://shopify/Customer/8"
WORD = "K9XQ2LW4T"
HERE = "/shopper/tracking.json"


def token(site: Site, secret: str = SHOPIFY_SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """As a page of the checkout gives it; a claim of None is left out."""
    now = site.runtime.clock.real()
    whole = {
        "dest": "hollow-pine.myshopify.com",
        "aud": "key-of-the-test",
        "nbf": now,
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": "6c992878",
        **claims,
    }
    given = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(given, secret, algorithm=algorithm)


def ask(site: Site, held: str, order: str = "gid://shopify/Order/13", **more: str) -> Any:
    return site.client.get(
        HERE, query_string={"order": order, **more}, headers={"Authorization": f"Bearer {held}"}
    )


@pytest.fixture
def order(site: Site) -> Site:
    bought(site, Platform.SHOPIFY, customer_id="7", confirmation=WORD)
    return site


def test_a_customer_gets_the_link_of_an_own_order(order: Site) -> None:
    answer = ask(order, token(order, sub=MIA))
    assert answer.status_code == 200
    told = answer.get_json()
    page = order.client.get(told["url"].removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200 and told["headline"] in page.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    for spelling in ("13", "gid://shopify/OrderIdentity/13"):
        assert ask(order, token(order, sub=MIA), spelling).get_json() == told


def test_the_link_is_on_the_store_s_own_address_where_that_leads_to_us(order: Site) -> None:
    with order.runtime.database.shops(order.shopify.shop_id) as session:
        session.execute(
            text("UPDATE shops SET url = 'https://pine.example', pages_prefix = '/a/post' WHERE id = :id"),
            {"id": order.shopify.shop_id},
        )
    told = ask(order, token(order, sub=MIA)).get_json()["url"]
    assert told.startswith("https://pine.example/a/post/t/")


def test_a_guest_needs_the_confirmation_number(order: Site) -> None:
    assert ask(order, token(order), confirmation=WORD).status_code == 200
    assert ask(order, token(order), confirmation=f" {WORD.lower()} ").status_code == 200
    for wrong in ("", WORD[:-1], f"{WORD}X", "é"):
        assert ask(order, token(order), confirmation=wrong).status_code == 404


def test_an_order_without_such_a_number_is_nobody_s(site: Site) -> None:
    bought(site, Platform.SHOPIFY, customer_id=None)
    for told in ({}, {"confirmation": ""}):
        assert ask(site, token(site), **told).status_code == 404
    assert ask(site, token(site, sub=MIA)).status_code == 404


def test_what_is_not_theirs_looks_like_what_is_not_there(order: Site) -> None:
    """Another customer's, another shop's, an unknown one, a broken id: one answer, byte for byte."""
    attempt = Attempt(Platform.SHOPIFY, "other.myshopify.com", "https://other.myshopify.com")
    connect(order.runtime.database, order.runtime.keys, attempt, {"access_token": "t"}, order.now, order.now)
    bought(order, Platform.WOOCOMMERCE, id="14", number="14", customer_id="7", confirmation=WORD)
    elsewhere = token(order, sub=MIA, dest="other.myshopify.com")
    answers = [
        ask(order, token(order, sub=OTHER)),
        ask(order, token(order, sub=OTHER), confirmation=WORD),
        ask(order, elsewhere),
        ask(order, elsewhere, confirmation=WORD),
        ask(order, token(order, sub=MIA), "14"),
        ask(order, token(order, sub=MIA), "99"),
        ask(order, token(order, sub=MIA), "gid://shopify/Order/13' or 1=1"),
        ask(order, token(order, sub=MIA), ""),
        ask(order, token(order), "13\0"),
    ]
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}


def test_a_trashed_order_is_gone_here_too(order: Site) -> None:
    with order.runtime.database.shops(order.shopify.shop_id) as session:
        session.execute(text("UPDATE orders SET body = jsonb_set(body, '{state}', '\"gone\"')"))
    assert ask(order, token(order, sub=MIA)).status_code == 404


def refused(site: Site) -> list[str]:
    good = token(site, sub=MIA)
    head, body, signature = good.split(".")
    soon, past = site.runtime.clock.real() + timedelta(minutes=2), timedelta(minutes=6)
    now = site.runtime.clock.real()
    return [
        "",
        "x",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"eyJhbGciOiJub25lIn0.{body}.",
        token(site, "another-secret-of-32-bytes-or-more-long", sub=MIA),
        token(site, algorithm="HS512", sub=MIA),
        token(site, sub=MIA, exp=None),
        token(site, sub=MIA, nbf=None),
        token(site, sub=MIA, dest=None),
        token(site, sub=MIA, aud=None),
        token(site, sub=MIA, aud="another-app"),
        token(site, sub=MIA, aud=["key-of-the-test"]),
        token(site, sub=MIA, nbf=soon, iat=soon),
        token(site, sub=MIA, nbf=now - past, iat=now - past, exp=now - timedelta(minutes=1)),
        *(
            token(site, sub=MIA, dest=dest)
            for dest in (
                "hollow-pine.myshopify.com.evil.example",
                "http://hollow-pine.myshopify.com",
                "https://hollow-pine.myshopify.com/",
                "https://hollow-pine.myshopify.com:443",
                "hollow-pine.myshopify.com\n",
                "Hollow-Pine.myshopify.com",
                "https://https://hollow-pine.myshopify.com",
                "nobody.myshopify.com",
                "",
            )
        ),
        *(
            token(site, sub=sub)
            for sub in ("7", "", "gid://shopify/StaffMember/7", f"{MIA}x", "gid://shopify/Customer/")
        ),
        page_token(site, Platform.SHOPIFY),  # of the back office, for its staff
        page_token(site, Platform.WOOCOMMERCE),
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_no_other_token_opens_anything(order: Site) -> None:
    for held in refused(order):
        answer = ask(order, held, confirmation=WORD)
        assert (answer.status_code, answer.get_json()) == (401, {"error": "Unauthorized"}), held
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    bare = order.client.get(f"{HERE}?order=13&confirmation={WORD}&id_token={token(order, sub=MIA)}")
    assert bare.status_code == 401, "an address carries no token"


def test_a_changed_letter_of_a_token_is_noticed(order: Site, count: Count) -> None:
    good, chance = token(order, sub=MIA), random.Random(5)
    letters = [at for at in range(len(good) - 1) if good[at] != "."]  # the last has bits that nothing reads
    for at in chance.sample(letters, count(40, len(letters))):
        changed = f"{good[:at]}{'A' if good[at] not in 'ABCD' else 'Z'}{good[at + 1 :]}"
        assert ask(order, changed).status_code == 401, at


def test_a_shopper_s_token_opens_no_admin_page(order: Site) -> None:
    for claims in ({"sub": MIA}, {"sub": MIA, "dest": "https://hollow-pine.myshopify.com"}, {}):
        held = {"Authorization": f"Bearer {token(order, **claims)}"}
        assert order.client.get("/shopify/app/messages", headers=held).status_code == 401


def test_an_uninstalled_shop_answers_nobody(order: Site) -> None:
    with order.runtime.database.nobody() as session:
        session.execute(text("UPDATE shops SET state = 'uninstalled'"))
    assert ask(order, token(order, sub=MIA)).status_code == 401


def test_the_browser_s_own_question_is_answered(site: Site) -> None:
    answer = site.client.options(
        HERE, headers={"Origin": "null", "Access-Control-Request-Headers": "authorization"}
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def _stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries are counted by the minute: none may begin while the test counts."""
    now = datetime.now(UTC)
    monkeypatch.setattr(Clock, "real", lambda _: now)


def test_who_guesses_is_stopped(order: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    _stop_the_clock(monkeypatch)
    for _ in range(30):
        assert ask(order, token(order), confirmation="WRONG").status_code == 404
    assert ask(order, token(order), confirmation=WORD).status_code == 429


def test_one_who_asks_without_end_takes_nobody_else_s_turn(
    order: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stop_the_clock(monkeypatch)
    monkeypatch.setattr(storefront_api, "MOST_OF_A_SHOP", 35)
    for _ in range(60):
        ask(order, token(order, sub=MIA))
    assert ask(order, token(order, sub=MIA)).status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    held = {"Authorization": f"Bearer {token(order, sub=MIA)}"}
    answer = order.client.get(f"{HERE}?order=13", headers=held, environ_overrides=elsewhere)
    assert answer.status_code == 200


def test_without_redis_nothing_is_told(order: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    order.runtime.queue.redis.connection_pool.disconnect()
    monkeypatch.setitem(order.runtime.queue.redis.connection_pool.connection_kwargs, "path", "/nowhere")
    answer = ask(order, token(order, sub=MIA))
    assert (answer.status_code, answer.get_json()) == (503, {"error": "not available"})


def test_who_is_logged_in_and_agreed_has_come(order: Site) -> None:
    """The token names them. Whoever shows a confirmation number alone may be anybody."""
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}

    def look(held: str, **more: str) -> int:
        headers = {"Authorization": f"Bearer {held}", **phone}
        answer = order.client.get(HERE, query_string={"order": "13", **more}, headers=headers)
        return int(answer.status_code)

    assert look(token(order, sub=MIA)) == 200
    assert order.rows("SELECT 1 FROM visits") == [], "nobody has agreed yet"
    agree(order)
    assert look(token(order), confirmation=WORD) == 200
    assert look(token(order, sub=OTHER)) == 404
    assert order.rows("SELECT 1 FROM visits") == []
    assert look(token(order, sub=MIA)) == look(token(order, sub=MIA)) == 200
    assert [(row.order_id, row.page) for row in order.rows("SELECT * FROM visits")] == [("13", "account")]


def test_the_tracking_page_of_who_agreed_was_come_to(order: Site) -> None:
    agree(order)
    link = order.runtime.keys.sign("tracking", [order.shopify.shop_id, "13"])
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}
    assert order.client.head(f"/t/{link}", headers=phone).status_code == 200
    assert order.rows("SELECT 1 FROM visits") == [], "whoever asks for the head alone reads nothing"
    order.client.get(f"/t/{link}", headers=phone)
    order.client.get(f"/t/{link}x", headers=phone)
    assert [(row.order_id, row.page) for row in order.rows("SELECT * FROM visits")] == [("13", "tracking")]


def agree(site: Site) -> None:
    with site.runtime.database.shops(site.shopify.shop_id) as session:
        session.execute(
            text(
                "INSERT INTO consents SELECT shop_id, lower(email), 'subscribed', placed_at, '' FROM orders"
                " WHERE id = '13'"
            )
        )
