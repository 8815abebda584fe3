"""150 hostile texts in every place that shows a word from outside, in a real browser.

The guard of each page tells of dialogs, errors, refused scripts and requests to strangers; `traces` looks
at what became of the texts in the document. Pages are opened as people open them. Those that show one
text at a time are laid together instead, without the policy that would stop a script that got through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from emails.own_words import EDITABLE
from flows.presets import PRESETS
from flows.steps import Send, steps_within
from tests.browser.conftest import OpenPage
from tests.browser.doors import app, open_app, store
from tests.browser.guard import Guard
from tests.browser.hostile_ground import Ground, mail, quoted
from tests.browser.hostile_rows import FULL, MARK, TEXTS, dress, poisoned, some
from tests.browser.traces import lay_out, unharmed
from tests.proof import Figure
from tests.stories.conftest import SHOPIFY, STORES, WOOCOMMERCE, Road

pytestmark = pytest.mark.timeout(600)


ADMIN = (
    *("/", "/flows", "/flows/review_request", "/flows/review_request/mail/ask", "/messages", "/brand"),
    *("/flows/order_confirmation/preview/confirmation", "/reviews", "/reviews?tab=published"),
    "/reviews?tab=kept",
)


@pytest.fixture(scope="module")
def ground(road: Road) -> Iterator[Ground]:
    found = Ground(road)
    yield found
    found.runtime.queue.redis.close()
    found.runtime.database.engine.dispose()


@pytest.fixture(scope="module")
def messages(ground: Ground) -> Iterator[dict[str, list[int]]]:
    """Both shops are full of the texts while these tests run."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(poisoned(shop, ground.product(name), ground.runtime.clock.now()))
            for name, shop in ground.shops.items()
        }


def test_a_page_that_forgets_to_escape_is_noticed(browser: Browser, road: Road) -> None:
    """Every one of the three ways to notice, by texts that are simply printed."""
    watching = Guard()
    with browser.new_context() as context:
        watching.watch(context)
        page = context.new_page()
        with pytest.raises(AssertionError):
            lay_out(page, road, [f"<p title='{text}'>{text}</p>" for text in TEXTS[:30]])
        page.wait_for_timeout(100)
        with pytest.raises(AssertionError):
            lay_out(page, road, ["<a href='java\tscript:alert(1)'>x</a>"])
        lay_out(page, road, ["<p>nothing</p>"])
    assert sum("dialog: " in line for line in watching.found) >= 3, watching.found


@pytest.mark.parametrize("shop", list(STORES))
def test_reviews_on_the_storefront(
    ground: Ground, messages: dict[str, list[int]], desk: Page, shop: str, figure: Figure
) -> None:
    """All of them, then each row of stars."""
    road = ground.road
    desk.goto(store(road, shop, ground.page(shop)))
    widget = desk.locator("doorstep-reviews")
    more = widget.get_by_role("button", name=re.compile("Show more|Mehr zeigen"))
    items = widget.locator("li")
    items.first.wait_for()
    while more.count():
        shown = items.count()
        more.click()
        desk.wait_for_function(
            "n => document.querySelector('doorstep-reviews').shadowRoot.querySelectorAll('li').length > n",
            arg=shown,
        )
    figure("reviews_shown", items.count())
    assert items.count() >= len(TEXTS)
    unharmed(desk)
    for row in widget.locator("button.row").all():
        row.click()
    items.first.wait_for()
    unharmed(desk)


@pytest.mark.parametrize("shop", list(STORES))
def test_shopper_pages_inside_the_store(
    ground: Ground, messages: dict[str, list[int]], open_page: OpenPage, shop: str, figure: Figure
) -> None:
    """Tracking, review and choices, set into the theme; the store's Liquid finds nothing to run."""
    held, page, seen = ground.shops[shop], open_page(375), 0
    for n in range(FULL):
        paths = [f"t/{held.link('tracking', f'{MARK}-{n}')}"]
        if n % 2 == 0:
            paths.append(f"r/{held.link('review', messages[shop][n], f'{MARK}-{n}')}")
        if n == 0:
            paths.append(f"u/{held.link('unsubscribe', messages[shop][n], 'S', 'hash')}")
        for path in paths:
            answer = page.goto(store(ground.road, shop, f"/apps/doorstep/{path}"))
            assert answer is not None and answer.status == 200, path
            unharmed(page)
            seen += 1
    figure("pages", seen)


def test_shopper_pages_with_us(
    ground: Ground, messages: dict[str, list[int]], desk: Page, figure: Figure
) -> None:
    """As they are, and all together without their policy."""
    held, documents = ground.shops[WOOCOMMERCE], list[str]()
    for n in range(FULL):
        tracking = f"/t/{held.link('tracking', f'{MARK}-{n}')}"
        review = f"/r/{held.link('review', 1, f'{MARK}-{n}')}"
        if n < 3:
            for path in (tracking, review, f"{review}?sent=1"):
                desk.goto(app(ground.road, path))
                unharmed(desk)
        documents += [ground.get(tracking), ground.get(review), ground.get(review, sent="1")]
        fields = dict[str, str]()
        for place, text in enumerate(some(n * 20, 20)):
            fields |= {
                f"product-{place}": f"{MARK}-{n}-{place}",
                f"body-{place}": text,
                f"title-{place}": text,
            }
        documents.append(ground.send(review, {**fields, "name": some(n, 1)[0]}))
    for n, message in enumerate(messages[WOOCOMMERCE]):
        documents.append(ground.get(f"/u/{held.link('unsubscribe', message, 'S', f'hash{n}')}"))
    figure("documents", lay_out(desk, ground.road, documents))


@pytest.mark.parametrize("shop", list(STORES))
def test_back_office(ground: Ground, messages: dict[str, list[int]], desk: Page, shop: str) -> None:
    """Every page of the admin in its frame."""
    paths = [*ADMIN, f"/messages/{messages[shop][0]}", f"/messages/order/{MARK}-0/shipped"]
    frame = open_app(desk, ground.road, shop, paths[0])
    token = ground.shops[shop].page_token
    for path in paths:
        query = f"{'&' if '?' in path else '?'}id_token={token()}"
        frame.goto(app(ground.road, f"{ground.shops[shop].prefix}{path}{query}"))
        frame.wait_for_selector("main")
        unharmed(desk)


def test_each_mail_and_each_message(
    ground: Ground, messages: dict[str, list[int]], desk: Page, figure: Figure
) -> None:
    """Mails as pages that may run scripts; what the admin tells of each, in both skins."""
    held, documents = ground.shops[SHOPIFY], list[str]()
    templates = [
        step.template for flow in PRESETS for step in steps_within(flow.steps) if isinstance(step, Send)
    ]
    with held.session() as session:
        for n in range(FULL):
            for template in templates:
                documents.append(mail(ground, session, held, template, n))
    figure("mails", len(documents))
    for shop in STORES:
        each = messages[shop][STORES[shop] :: 8]
        documents += [ground.admin(shop, f"/messages/{message}") for message in each]
        documents += [ground.admin(shop, "/messages"), ground.admin(shop, "/messages", q=f"{MARK}-w1")]
    figure("documents", lay_out(desk, ground.road, documents))


def test_a_shop_that_is_dressed_in_them(
    ground: Ground, messages: dict[str, list[int]], desk: Page, figure: Figure
) -> None:
    """Name, sender, contact and address; a real page of each kind for the first of them."""
    shop, documents = ground.shops[WOOCOMMERCE], list[str]()
    tracking = f"/t/{shop.link('tracking', f'{MARK}-0')}"
    for place in range(0, len(TEXTS), 5):
        dress(shop, place)
        if place == 0:
            for path in (tracking, f"/s/{shop.domain}/track"):
                desk.goto(app(ground.road, path))
                unharmed(desk)
        documents += [ground.get(tracking), ground.get(f"/s/{shop.domain}/track")]
        if place % 25 == 0:
            documents += [ground.admin(WOOCOMMERCE, "/brand"), ground.admin(WOOCOMMERCE, "/")]
        with shop.session() as session:
            for template in ("order_confirmation/confirmation", "review_request/ask"):
                documents.append(mail(ground, session, shop, template, 0))
    figure("documents", lay_out(desk, ground.road, documents))


def test_what_was_typed_is_only_shown(
    ground: Ground, messages: dict[str, list[int]], desk: Page, figure: Figure
) -> None:
    """Forms that keep it, searches and errors that repeat it, addresses that carry it. Several texts in one
    field are as good as each alone: the first one that is more than text is seen."""
    documents, shops = list[str](), [(name, shop.prefix, shop.domain) for name, shop in ground.shops.items()]
    for n in range(0, len(TEXTS), 3):
        (shop, prefix, domain), told = shops[n % 2], " ".join(TEXTS[n : n + 3])
        documents += [
            ground.admin(shop, "/messages", q=told, before=told, state=told),
            ground.send(f"/s/{domain}/track", {"number": told, "proof": told}),
        ]
    for n in range(0, len(TEXTS), 10):
        (shop, prefix, domain), told = shops[n // 10 % 2], " ".join(TEXTS[n : n + 10])
        brand = dict.fromkeys(("sender_name", "support_name", "support_email", "accent", "radius"), told)
        knobs = {"step": "try_it", "standard_days": told, "ask_hour": told}
        fields = EDITABLE["review_request/ask"]
        pairs = [" ".join(TEXTS[at : at + 2]) for at in range(n, n + 10, 2)]
        sentences = {field.key: pair for field, pair in zip(fields, pairs, strict=True)}
        documents += [
            ground.admin(shop, f"/{quoted(told)}", shop=told),
            ground.get(f"{prefix}/session", **{"shop": domain, "shopify-reload": TEXTS[n]}),
            ground.get(f"{prefix}/flows", shop=told, id_token=told),
            ground.get("/woocommerce/install", shop=told),
            ground.get("/woocommerce/keys", shop=told),
            ground.get("/woocommerce/return", user_id=told),
            ground.get("/shopify/install", shop=told, hmac=told),
            ground.get(f"/t/{quoted(told)}", x=told),
            ground.get(f"/s/{quoted(told)}/track"),
            ground.get(f"/{quoted(told)}"),
            ground.admin(shop, "/flows/review_request/preview/ask", order=told, part=told, width=told),
            ground.admin(shop, "/flows/review_request", open=told, kind=told),
            ground.post(shop, "/brand", brand),
            ground.post(shop, "/brand/preview", {"sender_name": TEXTS[n], "postal_address": told}),
            ground.post(
                shop, "/brand", {"revision": "0", "sender_name": TEXTS[n], "postal_address": told[:300]}
            ),
            ground.post(shop, "/flows/review_request/knobs", knobs),
            ground.post(shop, "/flows/review_request/mail/ask", {**sentences, "own_html": told}),
            ground.post(shop, "/flows/review_request/mail/ask/preview", {**sentences, "own_html": told}),
        ]
    documents.append(ground.admin(SHOPIFY, "/reviews", tab=" ".join(TEXTS)))
    figure("documents", lay_out(desk, ground.road, documents))
