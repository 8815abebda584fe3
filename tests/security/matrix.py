"""What a shop may try against another: every route, every method, with all that names the other's things.

Made from the map of addresses itself; what a stranger is told at each stands in `ENTRIES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.routing import Rule

from connectors.woocommerce.plugin_message import order_proof
from flows.commerce import Platform
from tests.app.web.test_guards import plain_name
from tests.security.belongings import NUMBER, ORDER, POSTCODE, PRODUCT, Belongings
from tests.security.parties import Party

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = frozenset({400, 401, 403, 404})
# The asker's own page, or one that is there for everybody: the answer tells nothing of the other shop.
HARMLESS = frozenset({200, 303, 409, 422})


@dataclass(frozen=True)
class Entry:
    """`told`: what a stranger may be answered. `named`: form fields or parameters that name the other
    shop's things. `writes`: tables in which the asker's own rows may change. `keys`: what the address may
    be about, of what every shop has."""

    told: frozenset[int] = REFUSED
    named: Callable[[Belongings], Mapping[str, str]] = lambda _: {}
    writes: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ("review_request",)


@dataclass(frozen=True)
class Attack:
    """`told`: the statuses that are right; `writes` as in Entry."""

    name: str
    method: str
    path: str
    told: frozenset[int]
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    writes: frozenset[str] = frozenset()


OWN = Entry(HARMLESS)
# Anybody may begin, with a shop's address alone; too often, and it is told so.
CONNECTING = Entry(frozenset({200, 302, 400, 422, 429}), writes=frozenset({"install_attempts"}))
CHANGES = frozenset({"admin_changes", "flow_switches", "brand_kits", "texts", "mail_versions"})
WRITTEN = CHANGES | {"contents"}
LEAVING = frozenset({"suppressions"})
GUIDES = ("first_use_guide",)
GROUPS = ("own-1", "new")


def buyer(_: Belongings) -> dict[str, str]:
    return {"number": NUMBER, "proof": POSTCODE}


def review(_: Belongings) -> dict[str, str]:
    return {"product-0": f"{PRODUCT}1", "stars-0": "1", "order": ORDER}


def held(of: Belongings) -> dict[str, str]:
    return {"review": str(of.reviews["held"]), "reason": "spam", "seen": "2030-01-01T00:00:00+00:00"}


# By endpoint; an admin page's without the platform in front.
ENTRIES: Mapping[str, Entry] = {
    "static": Entry(),
    "health.healthz": Entry(HARMLESS | {503}),
    "install_shopify.install": Entry(),
    "install_shopify.callback": Entry(),
    "install_shopify.grant": Entry(),
    "install_woocommerce.install": CONNECTING,
    "install_woocommerce.form": CONNECTING,
    "install_woocommerce.connect_anew": CONNECTING,
    "connect_by_keys.form": OWN,
    "connect_by_keys.take": CONNECTING,
    "install_woocommerce.callback": Entry(),
    "install_woocommerce.returned": OWN,
    "webhooks.shopify": Entry(),
    "webhooks.woocommerce": Entry(),
    "outside.report": Entry(),
    "provider_events.take": Entry(),
    "plugin_door.hint": Entry(),
    "plugin_door.left": Entry(),
    "plugin_door.export": Entry(),
    "plugin_door.erase": Entry(),
    "links.click": Entry(REFUSED),
    "links.square": Entry(REFUSED),
    "tracking.page": Entry(),
    "tracking_lookup.form": OWN,
    "tracking_lookup.find": Entry(HARMLESS | {429}, buyer),
    "arrival.ask": Entry(),
    "arrival.say": Entry(named=lambda _: {"answer": "yes"}),
    "review.form": Entry(),
    "review.send": Entry(named=review),
    "review_list.hosted": Entry(HARMLESS, lambda _: {"product": f"{PRODUCT}1"}),
    "unsubscribe.ask": OWN,
    "unsubscribe.change": Entry(HARMLESS, lambda _: {"leave": "all"}, LEAVING),
    "unsubscribe.one_click": Entry(HARMLESS, writes=LEAVING),
    "proxy.ping": OWN,
    "proxy.tracking_page": Entry(),
    # To the look-up, whatever was asked; Shopify's shops have no such address.
    "proxy.order_link": Entry(frozenset({302, 404})),
    "proxy.lookup_form": OWN,
    "proxy.lookup": Entry(HARMLESS | {429}, buyer),
    "proxy.arrival": Entry(),
    "proxy.say_arrival": Entry(named=lambda _: {"answer": "yes"}),
    "proxy.review_form": Entry(),
    "proxy.send_review": Entry(named=review),
    "proxy.preferences": OWN,
    "proxy.change_preferences": Entry(HARMLESS, lambda _: {"leave": "all"}, LEAVING),
    "proxy.reviews": Entry(HARMLESS, lambda _: {"product": f"{PRODUCT}1"}),
    "storefront_api.tracking": Entry(frozenset({401}), lambda _: {"order": ORDER}),
    "brand_pictures.logo": Entry(),
    "session.session": Entry(HARMLESS | REFUSED),
    "legal.welcome": OWN,
    "legal.privacy": OWN,
    "legal.terms": OWN,
    "legal.support": OWN,
    # Where nothing is billed there is no such page; the asker's own shop is the only one that is looked at.
    "plan.page": Entry(HARMLESS | REFUSED, lambda _: {"plan_handle": "unlimited"}),
    "plan.read": Entry(HARMLESS | REFUSED, lambda _: {"plan_handle": "unlimited"}),
    "home.home": OWN,
    "home.nothing": Entry(),
    "brand.page": OWN,
    "storefront.page": OWN,
    # Of WooCommerce shops alone.
    "connection.page": Entry(HARMLESS | REFUSED),
    "shipping.page": Entry(HARMLESS | REFUSED),
    "shipping.save": Entry(
        HARMLESS | REFUSED,
        lambda _: {"seen": "", "status-completed": "nothing", "number_key": "a_stranger"},
        CHANGES | {"shipment_words", "polls"},
    ),
    "products.products": Entry(HARMLESS, lambda _: {"q": PRODUCT}),
    "products.product": Entry(HARMLESS | REFUSED, lambda _: {"scope": "product", "key": f"{PRODUCT}1"}),
    "products.save": Entry(
        HARMLESS | REFUSED,
        lambda _: {"scope": "product", "key": f"{PRODUCT}1", "seen": "", "lasts_days": "3"},
        CHANGES | {"product_words"},
    ),
    "connection.look": Entry(HARMLESS | REFUSED, writes=frozenset({"polls"})),
    "brand.save": Entry(HARMLESS, lambda _: {"revision": "0", "sender_name": "A stranger"}, CHANGES),
    "brand.look": OWN,
    "brand.logo": OWN,
    "brand.remove_logo": OWN,
    "flows.flows": OWN,
    "flows.throw": Entry(HARMLESS, lambda _: {"on": "1"}, CHANGES | {"polls"}),
    "flow.flow": OWN,
    "flow.ahead": Entry(HARMLESS, lambda _: {"step": "try_it", "standard_days": "14"}),
    "flow.turn_knobs": Entry(
        HARMLESS, lambda of: {"step": "try_it", "standard_days": "14", "journey": str(of.journey)}, CHANGES
    ),
    "flow_earlier.earlier": OWN,
    "flow_earlier.ask": Entry(HARMLESS, lambda _: {"days": "30", "count": "0"}),
    "flow_content.content": Entry(HARMLESS, keys=GUIDES),
    # Of a product that is another's there is nothing to be said.
    "flow_content.save": Entry(
        named=lambda _: {"scope": "product", "id": f"{PRODUCT}1", "body": "A stranger wrote"}, keys=GUIDES
    ),
    "flow_content.take_out": Entry(
        HARMLESS, lambda _: {"scope": "shop", "revision": "1"}, WRITTEN, keys=GUIDES
    ),
    "flow_settings.save": Entry(HARMLESS, lambda _: {"least_total": "300"}, CHANGES, keys=("vip_thank_you",)),
    "mail_editor.edit": OWN,
    "mail_editor.save": Entry(HARMLESS, lambda _: {"review.ask.subject": "A stranger wrote"}, CHANGES),
    "mail_editor.look": Entry(HARMLESS, lambda _: {"order": NUMBER}),
    "mail_editor.drop": Entry(HARMLESS, writes=CHANGES),
    "mail_editor_history.history": OWN,
    "mail_editor_sample.send": OWN,
    "mail_editor_history.restore": Entry(HARMLESS | REFUSED, lambda _: {"number": "1"}, CHANGES),
    "flow_trial.begin": Entry(HARMLESS, lambda _: {"subject": "A stranger wrote"}, CHANGES | {"trials"}),
    "flow_trial.end": Entry(HARMLESS, writes=CHANGES | {"trials"}),
    "flow_preview.show": Entry(named=lambda _: {"order": NUMBER}),
    "messages.messages": Entry(HARMLESS, lambda _: {"q": NUMBER}),
    "messages.search": Entry(HARMLESS, lambda _: {"q": NUMBER}),
    "message.message": Entry(),
    "message.of_order": Entry(named=lambda of: {"journey": str(of.journey)}),
    "settings.page": OWN,
    "settings.throw": Entry(
        HARMLESS | REFUSED, lambda _: {"on": "1"}, CHANGES | {"features", "store_writes"}
    ),
    "settings.rights": OWN,
    "segments.groups": OWN,
    # Of what the asker may have named so themselves.
    "segments.group": Entry(HARMLESS | REFUSED, keys=GROUPS),
    "segments.save": Entry(
        HARMLESS | REFUSED,
        lambda _: {"title": "A stranger", "rule-0": "is_gift"},
        CHANGES | {"segments"},
        GROUPS,
    ),
    "segments.remove": Entry(HARMLESS | REFUSED, writes=CHANGES | {"segments"}, keys=GROUPS),
    "segments.hold_back": Entry(HARMLESS, lambda _: {"share": "9"}, CHANGES, keys=("win_back",)),
    "segments.hold_back_of_all": Entry(HARMLESS, lambda _: {"share": "9"}, CHANGES | {"shops"}),
    "channel.page": OWN,
    "sending.page": OWN,
    "returned.page": OWN,
    "returned.go_on": Entry(HARMLESS, writes=CHANGES | {"shops", "messages"}),
    # A look asks DNS of this machine; of a shop without a domain there is nothing to ask.
    "sending.save": Entry(
        HARMLESS, lambda _: {"domain": "hello@stranger.example"}, CHANGES | {"sending_domains"}
    ),
    "sending.look_again": Entry(HARMLESS | REFUSED, writes=frozenset({"sending_domains"})),
    "sending.remove": Entry(HARMLESS, writes=CHANGES | {"sending_domains"}),
    "mail_account.page": OWN,
    # Without a server's name nothing is kept, and nobody is asked.
    "mail_account.save": Entry(
        HARMLESS | REFUSED,
        lambda _: {"sender": "hello@stranger.example", "host": ""},
        CHANGES | {"mail_accounts"},
        keys=("smtp",),
    ),
    "mail_account.remove": Entry(HARMLESS, writes=CHANGES | {"mail_accounts", "messages"}),
    "channel.save": Entry(
        HARMLESS, lambda _: {"url": "https://stranger.example/"}, CHANGES | {"webhook_doors"}
    ),
    "channel.rotate": Entry(HARMLESS, writes=CHANGES | {"webhook_doors"}),
    "channel.remove": Entry(HARMLESS, writes=CHANGES | {"webhook_doors"}),
    "channel.choose": Entry(HARMLESS, lambda _: {"channel": "email"}, CHANGES),
    "mail_file.mails": Entry(HARMLESS, writes=CHANGES),
    # A group of the asker's own, or one of ours.
    "audience.people": Entry(HARMLESS | REFUSED, lambda _: {"group": "gifts"}, CHANGES),
    "segments.only_for": Entry(HARMLESS | REFUSED, lambda _: {"group": "own-1"}, CHANGES),
    "limits.page": OWN,
    "limits.save": Entry(HARMLESS, lambda _: {"seen": "", "gap_hours": "1"}, CHANGES | {"mail_limits"}),
    "limits.upload": OWN,
    "limits.rotate": Entry(HARMLESS, writes=CHANGES | {"shops"}),
    "limits.remove": Entry(HARMLESS, lambda _: {"tool": "Newsletter"}, CHANGES | {"outside_sends"}),
    "consent.page": OWN,
    "consent.throw": Entry(HARMLESS, lambda _: {"on": "1"}, CHANGES | {"shops"}),
    "consent.name": Entry(
        HARMLESS | REFUSED, lambda _: {"agreed_key": "newsletter"}, CHANGES | {"shipment_words", "polls"}
    ),
    "reviews.reviews": Entry(HARMLESS, lambda _: {"tab": "published"}),
    "privacy.privacy": OWN,
    "privacy.told": Entry(),
    "reviews.publish_reviews": Entry(named=held),
    "reviews.keep": Entry(named=held),
}
# Each argument that an address can have, as the other shop's.
ARGUMENTS: Mapping[str, Callable[[Belongings], list[Any]]] = {
    "message_id": lambda of: [of.messages[state] for state in ("sent", "due", "skipped")],
    "review_id": lambda of: list(of.reviews.values()),
    "demand_id": lambda of: [of.demand],
    "order_id": lambda of: [ORDER],
    "flow_key": lambda of: ["order_confirmation", "review_request"],
    "slot": lambda of: ["guide"],
    "choice": lambda of: ["told_at_checkout"],
    "feature_name": lambda of: ["theme_stars", "own_reviews"],
    "step": lambda of: ["ask"],
    "which": lambda of: ["logo", "night_logo"],
    "name": lambda of: [of.logo],
    "shop_token": lambda of: [of.shop.token],
    "source": lambda of: ["resend"],
    "reference": lambda of: ["0" * 43],
    "proof": lambda of: [order_proof(of.shop.secret, ORDER), "0" * 32],
    "missing": lambda of: [f"shops/{of.shop.shop_id}", f"orders/{ORDER}"],
    "filename": lambda of: [f"{of.logo}.png", "../app/keys.py"],
}
# What a link of each purpose carries besides the shop.
CARRIED: Mapping[str, Callable[[Belongings], list[Any]]] = {
    "tracking": lambda of: [ORDER],
    "review": lambda of: [of.messages["sent"], ORDER],
    "arrival": lambda of: [ORDER, "qt2"],
    "unsubscribe": lambda of: [of.messages["sent"], "S", of.address_hash],
    "click": lambda of: [of.messages["sent"], f"https://{of.shop.domain}/"],
    "events": lambda of: ["resend"],
}


@dataclass
class Case:
    """One shop against another of either platform."""

    thief: Party
    of: Belongings

    def __post_init__(self) -> None:
        self.app = self.thief.site.client.application
        self._foreign: set[str] = set()

    def attacks(self, rule: Rule) -> Iterator[Attack]:
        guard = str(getattr(self.app.view_functions[rule.endpoint], "guard", ""))
        entry = ENTRIES[plain_name(rule.endpoint)]
        allowed = rule.methods or set()
        alike = [one for one in self.app.url_map.iter_rules() if one.rule == rule.rule]
        nobodys = set(METHODS).difference(*(one.methods or set() for one in alike))
        for method in [one for one in METHODS if one in allowed | nobodys]:
            if method in nobodys:
                path = next(self._addresses(rule, guard))
                yield Attack(rule.endpoint, method, path, REFUSED | {405}, self.thief.bearer())
            elif method == "OPTIONS":
                yield Attack(rule.endpoint, method, next(self._addresses(rule, guard)), frozenset({200}))
            else:
                yield from self._used(rule, guard, entry, method)

    def _used(self, rule: Rule, guard: str, entry: Entry, method: str) -> Iterator[Attack]:
        shop = self.of.shop
        fields = {**entry.named(self.of), "shop": shop.domain, "shop_id": str(shop.shop_id)}
        headers = {"X-Shopify-Shop-Domain": shop.domain}
        for path in self._addresses(rule, guard):
            if guard.startswith("through store"):
                yield from self._through_store(rule, path, method, entry, headers)
                continue
            told, writes = entry.told, entry.writes
            if guard.startswith("merchant"):
                headers |= self.thief.bearer()
                if not path.startswith(self.thief.prefix):
                    told, writes = frozenset({401}), frozenset()
            if guard.startswith("signed link") and self._is_foreign(path):
                told, writes = REFUSED, frozenset()
            whole = f"{path}?{urlencode(fields)}"
            yield Attack(rule.endpoint, method, whole, told, dict(headers), fields, writes)

    def _through_store(
        self, rule: Rule, path: str, method: str, entry: Entry, headers: Mapping[str, str]
    ) -> Iterator[Attack]:
        """Under the asker's own proxy, then as if the other store had forwarded it."""
        _, _, platform, below = path.split("/", 3)
        named = dict(entry.named(self.of))
        if platform == self.thief.platform.value:
            told = REFUSED if self._is_foreign(below) else entry.told
            own = self.thief.forwarded(below, named.items())
            yield Attack(rule.endpoint, method, own, told, headers, named, entry.writes)
        if self.of.shop == self.thief:
            return
        pretending = Party(self.thief.site, Platform(platform), 0, self.of.shop.domain, self.thief.token)
        forged = pretending.forwarded(below, named.items())
        if platform == Platform.SHOPIFY.value:  # no merchant holds what Shopify signs with
            forged = f"{forged[:-1]}{'0' if forged[-1] != '0' else '1'}"
        yield Attack(rule.endpoint, method, forged, frozenset({401}), headers, named)
        bare = f"{path}?shop={self.of.shop.domain}"
        yield Attack(rule.endpoint, method, bare, frozenset({401}), headers)

    def _is_foreign(self, below: str) -> bool:
        return any(token in below for token in self._foreign)

    def _addresses(self, rule: Rule, guard: str) -> Iterator[str]:
        values: list[dict[str, Any]] = [{}]
        for name in sorted(rule.arguments):
            options = self._options(rule, guard, name)
            values = [{**done, name: option} for done in values for option in options]
        method = next(iter((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}))
        adapter = self.app.url_map.bind("127.0.0.1")
        for one in values:
            yield adapter.build(rule.endpoint, one, method=method)

    def _options(self, rule: Rule, guard: str, name: str) -> list[Any]:
        if name == "platform":
            return [platform.value for platform in Platform]
        if name == "token":
            return self._tokens(guard.rpartition(": ")[2], guard.startswith("through store"))
        if name == "key":
            return list(ENTRIES[plain_name(rule.endpoint)].keys)
        if name == "domain":  # the asker's own: what stands at the other's is there for everybody
            return [self.thief.domain]
        return ARGUMENTS[name](self.of)

    def _tokens(self, purpose: str, through_store: bool) -> list[str]:
        """Links that we wrote for the asker, with the other's ids; the other's own links where the store
        in front of us is the asker's; and the other's links of another kind."""
        usual = purpose != "click" or self.thief is self.of.shop  # a click leads where it says, for anybody
        mine = [self.thief.link(purpose, *CARRIED[purpose](self.of))] if usual else []
        theirs = [self.of.shop.link(purpose, *CARRIED[purpose](self.of))] if through_store else []
        others = [
            self.of.shop.link(kind, *carried(self.of)) for kind, carried in CARRIED.items() if kind != purpose
        ]
        self._foreign.update(theirs, others)
        return [*mine, *theirs, *others]
