"""What DNS says of a shop's own domain over the days, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.identity import UNVERIFIED_DOMAIN
from app.services.send import Sender
from app.services.sending_domain import (
    DAILY,
    PAUSE,
    SILENT_FOR,
    SOON,
    SURE_AFTER,
)
from connectors.base import Reading
from tests.app.desk import START, Desk, an_order
from tests.app.dns_server import SERVFAIL, Zone
from tests.app.mail_server import Mailbox
from tests.app.services.a_domain import (
    DAY,
    begin,
    held,
    look_at,
    look_later,
    offers_only,
    publish,
    verify,
)
from tests.app.services.test_coupons import allow, an_offer_is_due, offer, run


def test_a_look_is_not_repeated_at_once(desk: Desk, zone: Zone) -> None:
    begin(desk)
    assert look_at(desk, zone) is not None
    asked = len(zone.asked)
    assert look_at(desk, zone) is None
    assert len(zone.asked) == asked
    look_later(desk, zone)
    assert len(zone.asked) == 2 * asked


def test_records_that_go_break_the_domain_but_not_at_the_first_look(
    desk: Desk, strict: Sender, zone: Zone
) -> None:
    verify(desk, zone)
    zone.always = SERVFAIL
    look_later(desk, zone, DAILY)
    assert held(desk).verified and held(desk).failing_since is None, "silence says nothing"
    zone.always = ""
    zone.records.clear()
    assert not look_later(desk, zone).broke
    assert held(desk).verified and held(desk).failing_since == desk.real
    assert look_later(desk, zone, SURE_AFTER).broke
    assert held(desk).state == "broken"
    publish(desk, zone)
    first = held(desk).verified_at
    desk.now += 3 * DAY
    assert look_later(desk, zone).verified
    assert held(desk).verified_at == first, "it does not have to grow warm again"


def test_a_domain_of_which_dns_says_nothing_for_a_week_counts_no_more_until_it_does(
    desk: Desk, strict: Sender, zone: Zone
) -> None:
    verify(desk, zone)
    zone.always = SERVFAIL
    look_later(desk, zone, DAILY)
    silent_since = desk.real
    assert not look_later(desk, zone, SILENT_FOR - PAUSE).broke
    assert held(desk).verified and held(desk).unsure_since == silent_since
    assert look_later(desk, zone).broke
    assert not held(desk).verified and held(desk).unsure_since == silent_since
    allow(desk)
    an_offer_is_due(desk)
    run(desk, offers_only(strict))
    assert offer(desk) == ("due", UNVERIFIED_DOMAIN)
    zone.always = ""
    assert look_later(desk, zone).verified
    assert held(desk).verified and held(desk).unsure_since is None
    run(desk, offers_only(strict))
    assert offer(desk) == ("due", "coupon_pending"), "what waited is woken"


def test_one_sure_look_ends_a_silence(desk: Desk, zone: Zone) -> None:
    verify(desk, zone)
    for _ in range(3):
        zone.always = SERVFAIL
        look_later(desk, zone, SURE_AFTER)
        look_later(desk, zone, SILENT_FOR - SURE_AFTER)
        assert held(desk).verified
        zone.always = ""
        look_later(desk, zone)
        assert held(desk).unsure_since is None


def test_a_silence_in_part_is_a_silence_too(desk: Desk, zone: Zone) -> None:
    """Only the policy's name is not answered: no look was sure."""
    verify(desk, zone)
    zone.records["_dmarc.larkhus.example", "TXT"] = [SERVFAIL]
    look_later(desk, zone)
    assert look_later(desk, zone, SILENT_FOR).broke


def test_a_record_that_is_back_in_time_breaks_nothing(desk: Desk, zone: Zone) -> None:
    verify(desk, zone)
    zone.records.clear()
    look_later(desk, zone)
    publish(desk, zone)
    assert not look_later(desk, zone).verified, "it was all the time"
    assert held(desk).failing_since is None
    zone.records.clear()
    look_later(desk, zone, SURE_AFTER)
    assert held(desk).verified, "it counts from anew"


@pytest.mark.parametrize(("misdeed", "after"), [("", SURE_AFTER), (SERVFAIL, SILENT_FOR)])
def test_mails_of_a_broken_domain_leave_from_ours(
    desk: Desk, strict: Sender, mailbox: Mailbox, zone: Zone, misdeed: str, after: timedelta
) -> None:
    verify(desk, zone)
    zone.records.clear()
    zone.always = misdeed
    look_later(desk, zone)
    look_later(desk, zone, after)
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, strict)
    assert mailbox.mails[0]["From"] == '"larkhus.example" <hello@mail.example>'


def test_how_often_a_domain_is_looked_at(desk: Desk, zone: Zone) -> None:
    def again() -> timedelta:
        (row,) = desk.rows("SELECT look_at FROM sending_domains")
        found: timedelta = row.look_at - desk.real
        return found

    begin(desk)
    look_later(desk, zone)
    assert again() == SOON
    look_later(desk, zone, 4 * DAY)
    assert again() == DAILY, "nobody is at it any more"
    publish(desk, zone)
    look_later(desk, zone)
    assert again() == DAILY
    zone.always = SERVFAIL
    look_later(desk, zone)
    assert again() == SURE_AFTER
    look_later(desk, zone, SILENT_FOR)
    assert again() == DAILY, "it costs seconds each time"
    zone.always = ""
    look_later(desk, zone)
    zone.records.clear()
    look_later(desk, zone)
    assert again() == SURE_AFTER
