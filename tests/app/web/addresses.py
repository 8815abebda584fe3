"""An example address of every route, and who may use it: the isolation matrix and the test that GETs
change nothing go through all of them. A route that is missing here fails both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt

from connectors.woocommerce.plugin_keys import PAGE, key_for
from flows.commerce import Platform
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.forwarding import forwarded

SHOPS = {Platform.SHOPIFY: "hollow-pine.myshopify.com", Platform.WOOCOMMERCE: "larkhus.example"}


@dataclass(frozen=True, slots=True)
class Address:
    """`path` of one shop's things, `headers` of whoever may use it. `fields`: what a POST sends."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


Make = Callable[[Site, Platform], Address]


def bearer(site: Site, platform: Platform, **claims: Any) -> dict[str, str]:
    """The header that the platform's back office would have our page send."""
    return {"Authorization": f"Bearer {page_token(site, platform, **claims)}"}


def page_token(site: Site, platform: Platform, secret: str = "", **claims: Any) -> str:
    domain, now = SHOPS[platform], site.runtime.clock.real()
    shopify = platform is Platform.SHOPIFY
    whole = {
        "iss": f"https://{domain}/admin" if shopify else f"https://{domain}",
        "dest": f"https://{domain}",
        "aud": "key-of-the-test" if shopify else "doorstep",
        "sub": "7",
        "name": "Mia",
        "nbf": now,
        "exp": now + timedelta(minutes=1),
        **claims,
    }
    own = (
        SHOPIFY_SECRET if shopify else key_for(PAGE, site.runtime.keys.plugin_secret(site.woocommerce.token))
    )
    given = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(given, secret or own, algorithm="HS256")


def signed(prefix: str, purpose: str, *carried: Any) -> Make:
    """A page behind a signed link; what it carries begins with the shop."""

    def make(site: Site, platform: Platform) -> Address:
        return Address(f"{prefix}/{site.runtime.keys.sign(purpose, [shop_of(site, platform), *carried])}")

    return make


def admin(path: str, **fields: str) -> Make:
    """A page of the admin, by the platform's prefix."""

    def make(site: Site, platform: Platform) -> Address:
        return Address(f"/{platform.value}/app{path}", bearer(site, platform), fields)

    return make


def store(path: str, purpose: str = "", *carried: Any) -> Make:
    """A page on the store's own domain, as the store forwards it; behind a signed link with `purpose`."""

    def make(site: Site, platform: Platform) -> Address:
        token = site.runtime.keys.sign(purpose, [shop_of(site, platform), *carried]) if purpose else ""
        return Address(forwarded(site, platform, path + token))

    return make


def plain(path: str) -> Make:
    return lambda site, platform: Address(path)


def shop_of(site: Site, platform: Platform) -> int:
    return site.shopify.shop_id if platform is Platform.SHOPIFY else site.woocommerce.shop_id


# By endpoint; an admin page's without the platform in front.
GETS: Mapping[str, Make] = {
    "unsubscribe.ask": signed("/u", "unsubscribe", 1, "S", "hash"),
    "tracking.page": signed("/t", "tracking", "13"),
    "tracking_lookup.form": lambda site, platform: Address(f"/s/{SHOPS[platform]}/track"),
    "links.square": lambda site, platform: Address(
        f"{signed('/qr', 'click', 1, f'https://{SHOPS[platform]}/')(site, platform).path}.png"
    ),
    "arrival.ask": signed("/a", "arrival", "13", "t1"),
    "review.form": signed("/r", "review", 1, "13"),
    "review_list.hosted": lambda site, platform: Address(f"/s/{SHOPS[platform]}/reviews.json?product=p1"),
    "proxy.ping": store("ping"),
    "proxy.tracking_page": store("t/", "tracking", "13"),
    "proxy.order_link": store("o/13/0123456789abcdef0123456789abcdef"),
    "proxy.lookup_form": store("track"),
    "proxy.arrival": store("a/", "arrival", "13", "t1"),
    "proxy.review_form": store("r/", "review", 1, "13"),
    "proxy.preferences": store("u/", "unsubscribe", 1, "S", "hash"),
    "proxy.reviews": store("reviews.json"),
    "storefront_api.tracking": lambda site, platform: Address(
        "/shopper/tracking.json?order=13", bearer(site, platform, sub="gid://shopify/Customer/7", iss=None)
    ),
    "health.healthz": plain("/healthz"),
    "connect_by_keys.form": plain("/woocommerce/keys?shop=new-shop.example"),
    "install_woocommerce.returned": plain("/woocommerce/return?user_id=x"),
    "legal.welcome": plain("/"),
    "legal.privacy": plain("/privacy"),
    "legal.terms": plain("/terms"),
    "legal.support": plain("/support"),
    "plan.page": admin("/plan?plan_handle=growth"),
    "home.home": admin("/"),
    "home.nothing": admin("/no-such-page"),
    "brand.page": admin("/brand"),
    "storefront.page": admin("/storefront"),
    "connection.page": admin("/connection"),
    "shipping.page": admin("/shipping"),
    "limits.page": admin("/limits"),
    "channel.page": admin("/channel"),
    "sending.page": admin("/sending"),
    "returned.page": admin("/returned"),
    "mail_account.page": admin("/mail-account"),
    "segments.groups": admin("/segments"),
    "segments.group": admin("/segments/new"),
    "products.products": admin("/products?q=lamp"),
    "products.product": admin("/products/one?scope=product&key=p1"),
    "brand_pictures.logo": lambda site, platform: Address(f"/brand/{SHOPS[platform]}/{'0' * 32}.png"),
    "flows.flows": admin("/flows"),
    "flow.flow": admin("/flows/review_request"),
    "flow.ahead": admin("/flows/review_request/knobs?step=try_it&standard_days=14"),
    "flow_earlier.earlier": admin("/flows/review_request/earlier?days=14"),
    "flow_content.content": admin("/flows/first_use_guide/content/guide"),
    "mail_editor.edit": admin("/flows/review_request/mail/ask"),
    "mail_editor_history.history": admin("/flows/review_request/mail/ask/history"),
    "flow_preview.show": admin("/flows/review_request/preview/ask"),
    "messages.messages": admin("/messages?q=13"),
    "message.message": admin("/messages/1"),
    "message.of_order": admin("/messages/order/13/shipped"),
    "reviews.reviews": admin("/reviews"),
    "privacy.privacy": admin("/privacy"),
    "privacy.told": admin("/privacy/1"),
    "settings.page": admin("/settings"),
    "consent.page": admin("/consent"),
    "session.session": lambda site, platform: Address(
        f"/{platform.value}/app/session?shop={SHOPS[platform]}"
    ),
}
POSTS: Mapping[str, Make] = {
    "returned.go_on": admin("/returned/go-on"),
    "provider_events.take": lambda site, platform: Address(
        f"/events/resend/{site.runtime.keys.sign('events', [0, 'resend'])}"
    ),
    "reviews.publish_reviews": admin("/reviews/publish", review="1", seen="2030-01-01T00:00:00+00:00"),
    "reviews.keep": admin("/reviews/1/keep", reason="spam", seen="2030-01-01T00:00:00+00:00"),
    "connect_by_keys.take": lambda site, platform: Address(
        "/woocommerce/keys", fields={"shop": "new-shop.example"}
    ),
    "install_woocommerce.connect_anew": lambda site, platform: Address(
        "/woocommerce/connect", fields={"shop": "nonsense"}
    ),
    "tracking_lookup.find": lambda site, platform: Address(f"/s/{SHOPS[platform]}/track"),
    "arrival.say": signed("/a", "arrival", "13", "t1"),
    "review.send": signed("/r", "review", 1, "13"),
    "unsubscribe.change": signed("/u", "unsubscribe", 1, "S", "hash"),
    "unsubscribe.one_click": lambda site, platform: Address(
        f"{signed('/u', 'unsubscribe', 1, 'S', 'hash')(site, platform).path}/one-click"
    ),
    "proxy.lookup": store("track"),
    "proxy.say_arrival": store("a/", "arrival", "13", "t1"),
    "proxy.send_review": store("r/", "review", 1, "13"),
    "proxy.change_preferences": store("u/", "unsubscribe", 1, "S", "hash"),
    "brand.save": admin("/brand", revision="0", sender_name="Larkhus and friends"),
    "brand.look": admin("/brand/preview", accent="#ffdd00"),
    "brand.logo": admin("/brand/logo"),
    "brand.remove_logo": admin("/brand/logo/remove"),
    "messages.search": admin("/messages", q="13"),
    "plan.read": admin("/plan/read"),
    "connection.look": admin("/connection/look"),
    "shipping.save": admin("/shipping", seen="", number_key="parcel_no"),
    "products.save": admin("/products/one", scope="product", key="p1", seen="", lasts_days="40"),
    "limits.save": admin("/limits", seen="", gap_hours="120"),
    "limits.upload": admin("/limits/sends"),
    "limits.rotate": admin("/limits/secret"),
    "limits.remove": admin("/limits/tools/remove", tool="Newsletter"),
    "segments.save": admin("/segments/new", **{"title": "Gifts", "rule-0": "is_gift"}),
    "segments.remove": admin("/segments/own-1/remove"),
    "segments.hold_back": admin("/flows/win_back/holdout", share="10"),
    "segments.hold_back_of_all": admin("/segments/holdout", share="10"),
    "channel.save": admin("/channel", url="https://tool.example/messages"),
    "channel.rotate": admin("/channel/secret"),
    "channel.remove": admin("/channel/remove"),
    "sending.save": admin("/sending", domain="hello@larkhus.example"),
    "sending.look_again": admin("/sending/look"),
    "sending.remove": admin("/sending/remove"),
    "channel.choose": admin("/flows/win_back/channel", channel="email"),
    "mail_account.save": admin("/mail-account/smtp", sender="hello@larkhus.example", host=""),
    "mail_account.remove": admin("/mail-account/remove"),
    "mail_file.mails": admin("/messages/file", state="sent"),
    "audience.people": admin("/segments/people", group="gifts"),
    "segments.only_for": admin("/flows/win_back/group", group="gifts"),
    "settings.throw": admin("/settings/features/theme_stars", on="1"),
    "settings.rights": admin("/settings/rights"),
    "consent.throw": admin("/consent/choices/told_at_checkout", on="1"),
    "consent.name": admin("/consent/field", agreed_key="newsletter"),
    "flows.throw": admin("/flows/review_request/switch", on="1"),
    "flow.turn_knobs": admin("/flows/review_request/knobs", step="try_it"),
    "flow_earlier.ask": admin("/flows/review_request/earlier", days="14", count="0"),
    "flow_content.save": admin("/flows/first_use_guide/content/guide", scope="shop", body="Charge it."),
    "flow_content.take_out": admin("/flows/first_use_guide/content/guide/remove", scope="shop"),
    "flow_settings.save": admin("/flows/vip_thank_you/settings", least_total="300"),
    "mail_editor.save": admin("/flows/review_request/mail/ask", seen="stale"),
    "mail_editor.look": admin("/flows/review_request/mail/ask/preview"),
    "mail_editor.drop": admin("/flows/review_request/mail/ask/drop", seen="stale"),
    "mail_editor_sample.send": admin("/flows/review_request/mail/ask/sample"),
    "mail_editor_history.restore": admin("/flows/review_request/mail/ask/restore", number="1", seen="stale"),
    "flow_trial.begin": admin("/flows/review_request/trial/ask", subject="Did it fit?"),
    "flow_trial.end": admin("/flows/review_request/trial/ask/end"),
}
