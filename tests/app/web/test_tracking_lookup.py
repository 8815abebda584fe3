"""Finding an order without its link: right for its buyer, the same nothing for everybody else."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis

from app.clock import Clock
from app.db import Database
from app.limits import Limit, within
from app.queries.lookup import bare_number, find_order
from app.queue import Queue
from app.services.install import Attempt, connect
from flows.commerce import Address, Platform
from tests.app.desk import START
from tests.app.services.statements import counted
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, shop_of
from tests.proof import Count

PATH = "/s/larkhus.example/track"


def look(site: Site, number: str, proof: str, path: str = PATH, ip: str = "203.0.113.7") -> tuple[int, str]:
    answer = site.client.post(
        path, data={"number": number, "proof": proof}, environ_overrides={"REMOTE_ADDR": ip}
    )
    return answer.status_code, answer.headers.get("Location", "") or answer.text


@pytest.mark.parametrize(
    ("number", "proof"),
    [
        ("13", "mia@example.com"),
        (" #13 ", " MIA@Example.com "),
        ("13", "04109"),
        ("13", "041 09"),
        ("13", "SW1A 1AA"),
        ("13", "sw1a-1aa"),
    ],
)
def test_the_buyer_finds_it(site: Site, number: str, proof: str) -> None:
    bought(site, billing_address=Address(postcode="SW1A 1AA"))
    status, where = look(site, number, proof)
    assert status == 303 and where.startswith("/t/")
    assert site.client.get(where).status_code == 200


@pytest.mark.parametrize(
    ("number", "proof"),
    [("13", "eve@example.com"), ("14", "mia@example.com"), ("13", "04108"), ("13", "-"), ("13", "@")],
)
def test_anybody_else_finds_nothing(site: Site, number: str, proof: str) -> None:
    bought(site, billing_address=Address(postcode="-"))
    status, page = look(site, number, proof)
    assert (status, "We find no order with these two." in page) == (200, True)


def test_misses_are_alike(site: Site) -> None:
    """Unknown order and wrong address."""
    bought(site)

    def told(page: str) -> str:
        return re.sub(r"nonce(-|=\")\w+|value=\"[^\"]*\"", "", page)

    pages = [look(site, "13", "eve@example.com", ip="203.0.113.1")[1]]
    pages.append(look(site, "99", "mia@example.com", ip="203.0.113.2")[1])
    assert told(pages[0]) == told(pages[1])


def test_each_answer_costs_the_same_work(site: Site) -> None:
    bought(site)
    database: Database = site.runtime.database
    shop, counts = shop_of(site, Platform.WOOCOMMERCE), []
    for number, proof in (("13", "mia@example.com"), ("13", "eve@example.com"), ("99", "mia@example.com")):
        with database.shops(shop) as session, counted(database) as seen:
            find_order(session, shop, number, proof)
        counts.append(len(seen))
    assert counts == [1, 1, 1]


def test_ten_thousand_guesses_find_nothing(site: Site, count: Count) -> None:
    """Past the limits, straight at the question itself."""
    bought(site)
    chance, shop = random.Random(1), shop_of(site, Platform.WOOCOMMERCE)
    names = ("mia", "max", "eve", "anna")
    with site.runtime.database.shops(shop) as session:
        for _ in range(count(500, 10_000)):
            proof = f"{chance.choice(names)}{chance.randrange(99)}@example.com"
            if chance.random() < 0.5:
                proof = f"{chance.randrange(10_000, 99_999)}"
            assert find_order(session, shop, str(chance.randrange(30)), proof) is None


def test_an_empty_order_address_opens_nothing(site: Site) -> None:
    bought(site, email=None, shipping_address=None)
    for proof in ("", " ", "-", "@", "None", "null"):
        with site.runtime.database.shops(shop_of(site, Platform.WOOCOMMERCE)) as session:
            assert find_order(session, shop_of(site, Platform.WOOCOMMERCE), "13", proof) is None


def test_another_shop_s_order_is_not_found(site: Site) -> None:
    bought(site, Platform.SHOPIFY)
    assert look(site, "13", "mia@example.com")[0] == 200


def test_five_tries_a_minute(site: Site) -> None:
    bought(site)
    assert [look(site, str(n), "x@example.com")[0] for n in range(7)] == [200] * 5 + [429] * 2
    assert look(site, "13", "mia@example.com")[0] == 429, "a hit is counted like a miss"
    assert look(site, "13", "mia@example.com", ip="203.0.113.8")[0] == 303


def test_ten_tries_an_hour_for_one_order(site: Site) -> None:
    """In whatever way its number is written: they are the ways in which it is found."""
    bought(site)
    written = ("13", "#13", "# #13", " 13 ", "##13", "\u00a013")
    told = [look(site, written[n % 6], "x@example.com", ip=f"198.51.100.{n}")[0] for n in range(12)]
    assert told == [200] * 10 + [429] * 2
    assert {bare_number(one) for one in written} == {"13"}
    with site.runtime.database.shops(shop_of(site, Platform.WOOCOMMERCE)) as session:
        for one in written:
            assert find_order(session, shop_of(site, Platform.WOOCOMMERCE), one, "04109") == "13", one


def test_fifty_tries_a_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = START.replace(hour=12, minute=0)
    for n in range(51):
        monkeypatch.setattr(Clock, "real", lambda _, n=n: noon + timedelta(minutes=n))
        assert look(site, str(n), "x@example.com")[0] == (200 if n < 50 else 429)
    monkeypatch.setattr(Clock, "real", lambda _: noon + timedelta(days=1))
    assert look(site, "51", "x@example.com")[0] == 200


def test_sixty_misses_a_minute_in_one_shop(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many addresses they come from; hits do not use them up."""
    bought(site)
    noon = START.replace(hour=12, minute=0)
    monkeypatch.setattr(Clock, "real", lambda _: noon)
    assert look(site, "13", "04109", ip="203.0.113.1")[0] == 303
    told = [look(site, str(n), "x@example.com", ip=f"198.51.100.{n}")[0] for n in range(100, 162)]
    assert told == [200] * 60 + [429] * 2
    assert look(site, "13", "04109", ip="203.0.113.2")[0] == 429, "else guessing would go on"
    monkeypatch.setattr(Clock, "real", lambda _: noon + timedelta(minutes=1))
    assert look(site, "13", "04109", ip="203.0.113.2")[0] == 303


def test_one_visitor_uses_up_nobody_else_s_tries(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bought(site)
    noon = START.replace(hour=12, minute=0)
    monkeypatch.setattr(Clock, "real", lambda _: noon)
    told = [look(site, "13", "x@example.com", ip="198.51.100.1")[0] for _ in range(80)]
    assert told == [200] * 5 + [429] * 75
    assert look(site, "13", "04109", ip="203.0.113.2")[0] == 303


def test_a_home_has_one_address(site: Site) -> None:
    told = [look(site, str(n), "x@example.com", ip=f"2001:db8:1:2::{n}")[0] for n in range(7)]
    assert told == [200] * 5 + [429] * 2


def test_limits_go_by_real_time(site: Site, valkey: str) -> None:
    """Windows end: the same tries are allowed again. Keys are forgotten by themselves."""
    with Redis.from_url(valkey) as redis:
        limit = [Limit("x", "k", 2, 60)]
        assert [within(redis, limit, START) for _ in range(3)] == [True, True, False]
        assert within(redis, limit, START + timedelta(minutes=1))
        assert all(redis.ttl(key) > 0 for key in redis.scan_iter("doorstep:limit:*"))


def test_no_address_stands_in_redis(site: Site, valkey: str) -> None:
    look(site, "4711", "mia@example.com", ip="203.0.113.99")
    with Redis.from_url(valkey) as redis:
        keys = b" ".join(redis.scan_iter("doorstep:limit:*"))
    assert keys and not any(word in keys for word in (b"4711", b"203.0.113", b"mia"))


def test_without_redis_the_page_says_so(site: Site) -> None:
    away = Queue(Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1))
    site.client.application.extensions["doorstep"] = replace(site.runtime, queue=away)
    bought(site)
    status, page = look(site, "13", "mia@example.com")
    assert (status, "The link in your mail does" in page) == (503, True)


def test_what_is_missing_is_said_beneath_its_field(site: Site) -> None:
    status, page = look(site, "", "04109")
    assert status == 200 and "Write the order number." in page
    assert "Write the e-mail address" not in page and 'value="04109"' in page
    assert 'aria-invalid="true" autofocus' in page


@pytest.mark.parametrize("hostile", ["\x00", "13\x00", "<script>", "'; --", "x" * 100_000, "\ud800"])
def test_hostile_words_find_nothing(site: Site, hostile: str) -> None:
    bought(site)
    data = {"number": hostile.encode("utf-8", "surrogatepass"), "proof": b"\xff\xfe\x00a"}
    answer = site.client.post(PATH, data=data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 413) and "<script" not in answer.text


@pytest.mark.parametrize(
    "domain", ["nobody.example", "a%00b", "larkhus.example%00", "%00", "nobody.myshopify.com"]
)
def test_an_unknown_shop_has_no_look_up(site: Site, domain: str) -> None:
    bought(site)
    path = f"/s/{domain}/track"
    assert site.client.get(path).status_code == 404
    assert look(site, "13", "mia@example.com", path)[0] == 404


def test_a_shop_below_a_path_has_a_look_up(site: Site) -> None:
    domain = "shop.example/en"
    attempt = Attempt(Platform.WOOCOMMERCE, domain, f"https://{domain}")
    connect(site.runtime.database, site.runtime.keys, attempt, {"consumer_key": "ck"}, START, START)
    path = f"/s/{domain}/track"
    page = site.client.get(path)
    assert page.status_code == 200 and f'action="{path}"' in page.text
    assert "We find no order with these two." in look(site, "13", "mia@example.com", path)[1]
    assert site.client.get(f"/s/{domain}/reviews.json?product=p1").status_code == 200
    assert site.client.get("/s/shop.example/track").status_code == 404
