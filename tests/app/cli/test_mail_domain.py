"""What the doctor says of the operator's own domain, asked of a DNS server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from app.cli.mail_domain import examine_mail_domain
from app.config import Config
from emails.dkim import keys_of, new_key, record_of
from tests.app.dns_server import SERVFAIL, Zone, answering, pieces
from tests.emails.test_dkim import pem

DOMAIN = "mail.doorstep.shop"
KEYS = keys_of(DOMAIN, new_key("x", "x").pem + pem(ed25519.Ed25519PrivateKey.generate()), ["k1", "k2"])
SERVERS = "v=spf1 ip4:198.51.100.7 ~all"


@pytest.fixture
def zone() -> Iterator[Zone]:
    with answering(Zone()) as made:
        made.put({(key.name, "TXT"): record_of(key) for key in KEYS})
        made.put({(f"bounces.{DOMAIN}", "TXT"): SERVERS, (DOMAIN, "TXT"): SERVERS})
        made.put({("_dmarc.doorstep.shop", "TXT"): "v=DMARC1; p=reject"})
        made.records[f"bounces.{DOMAIN}", "MX"] = ["10 mx.doorstep.shop."]
        yield made


def examined(zone: Zone, **changes: object) -> dict[str, str | None]:
    values: dict[str, object] = {
        "address": "https://app.doorstep.shop",
        "port": 8000,
        "data": Path("var"),
        "mail_from_domain": DOMAIN,
        "bounce_domain": f"bounces.{DOMAIN}",
        "smtp_url": "smtp://mail.doorstep.shop",
        "dkim": KEYS,
        "dns_servers": (zone.address,),
    }
    # What a case changes has the type of its own field.
    config = Config(**{**values, **changes})  # type: ignore[arg-type]
    return {finding.subject: finding.wrong for finding in examine_mail_domain(config)}


def test_a_domain_with_all_its_records_has_nothing_wrong(zone: Zone) -> None:
    assert examined(zone) == dict.fromkeys(("DKIM k1", "DKIM k2", "SPF", "DMARC", "Bounces"))
    assert examined(zone, bounce_domain="") == dict.fromkeys(
        ("DKIM k1", "DKIM k2", "SPF", "DMARC", "Bounces")
    )


def test_each_thing_that_is_missing_is_named_with_what_to_do(zone: Zone) -> None:
    zone.records.clear()
    wrong = examined(zone)
    assert record_of(KEYS[0]) in str(wrong["DKIM k1"]) and "k1._domainkey" in str(wrong["DKIM k1"])
    assert f"Leave one TXT record at bounces.{DOMAIN}" in str(wrong["SPF"])
    assert "_dmarc" in str(wrong["DMARC"]) and "MX record" in str(wrong["Bounces"])
    assert "Set DKIM_KEY" in str(examined(zone, dkim=())["DKIM"])


def test_another_key_and_two_permissions_are_wrong(zone: Zone) -> None:
    zone.put({(KEYS[0].name, "TXT"): record_of(KEYS[1])})
    zone.records[f"bounces.{DOMAIN}", "TXT"] = [pieces(SERVERS), pieces("v=spf1 -all")]
    wrong = examined(zone)
    assert wrong["DKIM k1"] and wrong["SPF"] and not wrong["DKIM k2"]


def test_silence_is_not_taken_for_an_answer(zone: Zone) -> None:
    zone.always = SERVFAIL
    assert set(examined(zone).values()) == {"Run it again when DNS answers."}


def test_of_a_vendor_nothing_is_asked_that_is_its_own(zone: Zone) -> None:
    assert examined(zone, smtp_url="postmark://token", dkim=()) == dict.fromkeys(("DKIM", "DMARC", "Bounces"))


def test_nobody_is_asked_about_an_installation_on_this_machine(zone: Zone) -> None:
    assert examined(zone, address="http://127.0.0.1:8000") == {}
    assert zone.asked == []
