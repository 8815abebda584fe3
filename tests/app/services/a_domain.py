"""A shop's own domain: chosen, published in DNS and looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.queries.sending_domains import SendingDomain, load_sending_domains
from app.services.send import Sender
from app.services.sending_domain import (
    PAUSE,
    Look,
    choose,
    look,
)
from app.services.sending_domain_dns import Dns
from app.services.sending_domain_names import From
from app.services.sending_domain_records import Ours, wanted
from flows.presets import preset
from tests.app.desk import KEYS, Desk
from tests.app.dns_server import Zone

OURS = Ours("mail.example", "bounces.mail.example")
CHOSEN = From("larkhus.example", "orders")
DAY = timedelta(days=1)


def offers_only(sender: Sender) -> Sender:
    return replace(sender, flows=(preset("second_order_offer"),))


def begin(desk: Desk, chosen: From = CHOSEN) -> bool:
    with desk.database.shops(desk.shop_id) as session:
        return choose(session, KEYS, desk.shop_id, chosen, desk.real)


def held(desk: Desk) -> SendingDomain:
    with desk.database.shops(desk.shop_id) as session:
        return load_sending_domains(session, [desk.shop_id])[desk.shop_id]


def publish(desk: Desk, zone: Zone) -> None:
    domain = held(desk)
    records = wanted(domain.domain, domain.selector, domain.record, OURS)
    zone.put({(one.name, one.type): one.value for one in records})


def look_at(desk: Desk, zone: Zone) -> Look | None:
    dns = Dns((zone.address,), 2.0)
    return look(desk.database, dns, OURS, desk.shop_id, desk.now, desk.real)


def look_later(desk: Desk, zone: Zone, after: timedelta = PAUSE) -> Look:
    desk.real += after
    found = look_at(desk, zone)
    assert found is not None
    return found


def verify(desk: Desk, zone: Zone) -> None:
    begin(desk)
    publish(desk, zone)
    assert look_later(desk, zone).verified
