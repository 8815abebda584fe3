"""One shop against another, at every address that there is.

A route, or an argument of one, that the matrix does not know fails.
"""

from __future__ import annotations

import pytest

from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.app.web.test_guards import plain_name
from tests.proof import Figure
from tests.security.belongings import WORD, furnish
from tests.security.matrix import ARGUMENTS, ENTRIES, REFUSED, Attack, Case
from tests.security.parties import all_rows, changed, newcomer, residents


def pairs(site: Site) -> list[Case]:
    """Both shops of the site are robbed, by a newcomer of either platform."""
    furnished = [furnish(shop) for shop in residents(site).values()]
    thieves = [
        newcomer(site, Platform.WOOCOMMERCE, "thief.example"),
        newcomer(site, Platform.SHOPIFY, "thief.myshopify.com"),
    ]
    return [Case(thief, of) for thief in thieves for of in furnished]


def wrong_with(site: Site, attack: Attack) -> str:
    """What is wrong with the answer, "" if nothing."""
    changing = attack.method not in ("GET", "HEAD", "OPTIONS")
    answer = site.client.open(
        attack.path,
        method=attack.method,
        headers=dict(attack.headers),
        data=dict(attack.fields) if changing else None,
        environ_overrides={"REMOTE_ADDR": "203.0.113.7"},
    )
    if answer.status_code not in attack.told:
        return f"answered {answer.status_code}"
    told = answer.get_data() + str(answer.headers).encode()
    return "told the other shop's words" if WORD.lower().encode() in told.lower() else ""


def test_every_route_and_every_argument_is_known(site: Site) -> None:
    rules = list(site.client.application.url_map.iter_rules())
    assert {plain_name(rule.endpoint) for rule in rules} == set(ENTRIES)
    arguments = {name for rule in rules for name in rule.arguments}
    assert arguments == {*ARGUMENTS, "key", "token", "platform", "domain"}


@pytest.mark.timeout(300)
def test_no_shop_reaches_into_another(site: Site, figure: Figure) -> None:
    cases = pairs(site)
    thieves, victims = ({case.thief for case in cases}, {case.of.shop for case in cases})
    held = {shop: all_rows(shop) for shop in thieves | victims}
    faults, tried = list[str](), 0
    for rule in site.client.application.url_map.iter_rules():
        attacks = [attack for case in cases for attack in case.attacks(rule)]
        for attack in attacks:
            if wrong := wrong_with(site, attack):
                faults.append(f"{rule.endpoint} {attack.method} {attack.path[:90]}: {wrong}")
        tried += len(attacks)
        allowed = frozenset[str]().union(*(attack.writes for attack in attacks))
        for shop, before in held.items():
            held[shop] = all_rows(shop)
            own = allowed if shop in thieves else allowed & {"install_attempts"}
            for table in changed(before, held[shop]).keys() - own:
                faults.append(f"{rule.endpoint} changed {table} of {shop.domain}")
    figure("requests", tried)
    figure("routes", len(ENTRIES))
    assert not faults, "\n".join(faults)


# What only its owner may open: each of these must work for the owner, or the refusals above prove nothing.
OWNERS = [
    name
    for name, entry in ENTRIES.items()
    if entry.told == REFUSED
    and name.partition(".")[0]
    in ("tracking", "review", "proxy", "brand_pictures", "flow_preview", "message", "reviews")
]


@pytest.mark.parametrize("platform", Platform)
def test_the_owner_gets_in_at_the_same_addresses(site: Site, platform: Platform) -> None:
    shop = residents(site)[platform]
    case = Case(shop, furnish(shop))
    for rule in site.client.application.url_map.iter_rules():
        name = plain_name(rule.endpoint)
        if name not in OWNERS or (rule.endpoint != name and not rule.endpoint.startswith(platform.value)):
            continue
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        statuses = [
            site.client.open(
                one.path, method=method, headers=dict(one.headers), data=dict(one.fields) or None
            )
            for one in case.attacks(rule)
            if one.method == method
        ]
        assert any(answer.status_code in (200, 302, 303) for answer in statuses), (rule.endpoint, statuses)
        if method == "GET" and name != "brand_pictures.logo":
            assert any(WORD in answer.get_data(as_text=True) for answer in statuses), rule.endpoint
