"""DNS is asked over a real socket: what is there is found, and no answer holds anybody up."""

from __future__ import annotations

import time

import pytest

from app.services.sending_domain_dns import Dns, Heard
from app.services.sending_domain_records import (
    Found,
    Kind,
    Ours,
    State,
    Wanted,
    judged,
    questions,
    wanted,
)
from tests.app.dns_server import GARBAGE, LOOP, SERVFAIL, SILENCE, Zone, pieces

DOMAIN = "larkhus.example"
RECORD = "v=DKIM1; k=rsa; p=" + "MIIB" * 98
BY_RETURN_PATH = Ours("mail.doorstep.example", "bounces.doorstep.example")
BY_SPF = Ours("mail.doorstep.example")


def look(
    zone: Zone, ours: Ours = BY_RETURN_PATH, seconds: float = 20.0, domain: str = DOMAIN
) -> dict[Kind, Found]:
    records = wanted(domain, "d1", RECORD, ours)
    heard = Dns((zone.address,), seconds).ask(questions(records, domain))
    return {one.kind: judged(one, domain, heard, ours) for one in records}


def right(ours: Ours = BY_RETURN_PATH, domain: str = DOMAIN) -> dict[tuple[str, str], str]:
    return {(one.name, one.type): one.value for one in wanted(domain, "d1", RECORD, ours)}


def states(found: dict[Kind, Found]) -> dict[str, str]:
    return {kind.value: one.state.value for kind, one in found.items()}


@pytest.mark.parametrize("ours", [BY_RETURN_PATH, BY_SPF])
def test_all_records_are_found(zone: Zone, ours: Ours) -> None:
    zone.put(right(ours))
    assert set(states(look(zone, ours)).values()) == {"ok"}


def test_nothing_is_there_yet(zone: Zone) -> None:
    assert states(look(zone)) == {"dkim": "missing", "return_path": "missing", "dmarc": "missing"}


def test_the_word_of_a_domain_above_counts(zone: Zone) -> None:
    domain = "mail.shop.larkhus.example"
    zone.put({**right(domain=domain)})
    del zone.records[f"_dmarc.{domain}", "TXT"]
    assert look(zone, domain=domain)[Kind.DMARC].state is State.MISSING
    zone.put({("_dmarc.larkhus.example", "TXT"): "v=DMARC1;p=reject; rua=mailto:a@b.example"})
    assert look(zone, domain=domain)[Kind.DMARC].state is State.OK
    assert ("_dmarc.example", "TXT") not in zone.asked


@pytest.mark.parametrize(
    ("name", "kind", "values", "state"),
    [
        ("d1._domainkey", "TXT", ["v=DKIM1; k=rsa; p=MIIBother"], State.WRONG),
        ("d1._domainkey", "TXT", ["v=DKIM1; k=rsa; p="], State.WRONG),  # taken back, RFC 6376 3.6.1
        ("d1._domainkey", "TXT", [RECORD.replace("k=rsa; ", "").replace("MIIBMIIB", "MIIB MIIB")], State.OK),
        ("d1._domainkey", "TXT", [RECORD, "v=DKIM1; p=MIIBother"], State.SEVERAL),
        ("bounces", "CNAME", ["elsewhere.example"], State.WRONG),
        ("bounces", "CNAME", ["BOUNCES.Doorstep.example"], State.OK),
        ("_dmarc", "TXT", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], State.SEVERAL),
        ("_dmarc", "TXT", ["v=DMARC1; rua=mailto:x@y.example"], State.WRONG),
        ("_dmarc", "TXT", ["google-site-verification=abc"], State.MISSING),
        ("", "TXT", ["v=spf1 include:other.example -all"], State.WRONG),
        ("", "TXT", ["v=spf1 include:other.example +include:Mail.Doorstep.example -all"], State.OK),
        ("", "TXT", ["v=spf1 include:notmail.doorstep.example.evil.example ~all"], State.WRONG),
        ("", "TXT", ["v=spf1 ~all", "v=spf1 include:mail.doorstep.example ~all"], State.SEVERAL),
        ("", "TXT", ["v=spf10 include:mail.doorstep.example"], State.MISSING),
    ],
)
def test_what_stands_there_instead(zone: Zone, name: str, kind: str, values: list[str], state: State) -> None:
    ours = BY_RETURN_PATH if name else BY_SPF
    zone.put(right(ours))
    place = f"{name}.{DOMAIN}" if name else DOMAIN
    zone.records[place, kind] = [pieces(one) if kind == "TXT" else f"{one}." for one in values]
    found = {one.name: one for one in wanted(DOMAIN, "d1", RECORD, ours)}[place]
    assert look(zone, ours)[found.kind].state is state


def test_a_record_under_a_doubled_name_is_found_out(zone: Zone) -> None:
    zone.put({(f"{name}.{DOMAIN}", kind): value for (name, kind), value in right().items()})
    assert states(look(zone)) == {"dkim": "doubled", "return_path": "doubled", "dmarc": "doubled"}


@pytest.mark.parametrize("misdeed", [SILENCE, GARBAGE, SERVFAIL, LOOP])
def test_whatever_dns_does_the_answer_comes_in_time(zone: Zone, misdeed: str) -> None:
    zone.always = misdeed
    began = time.monotonic()
    found = states(look(zone, seconds=1.0))
    # A name that points elsewhere is a wrong one, wherever that leads.
    expected = "wrong" if misdeed == LOOP else "unsure"
    assert found == {"dkim": "unsure", "return_path": expected, "dmarc": "unsure"}
    assert time.monotonic() - began < 3


def test_one_silent_name_takes_nothing_from_the_others(zone: Zone) -> None:
    zone.put(right())
    zone.records[f"d1._domainkey.{DOMAIN}", "TXT"] = [SILENCE]
    assert states(look(zone, seconds=1.0)) == {"dkim": "unsure", "return_path": "ok", "dmarc": "ok"}


def test_strange_texts_are_cut_and_made_printable(zone: Zone) -> None:
    zone.put(right())
    strange = pieces(b"v=DKIM1; p=\x00\x1b[2J\xff\xfe<script>\r\n" + b"x" * 40_000)
    zone.records[f"d1._domainkey.{DOMAIN}", "TXT"] = [strange] + [pieces(f"{n}" * 200) for n in range(60)]
    found = look(zone)[Kind.DKIM]
    assert found.state is State.WRONG and len(found.seen) <= 161 and found.seen.isprintable()


def test_no_name_is_asked_that_cannot_be(zone: Zone) -> None:
    domain = ".".join(["a" * 60] * 3) + ".example"
    assert set(states(look(zone, domain=domain)).values()) == {"missing"}
    assert all(len(name) <= 253 for name, _ in zone.asked)


def test_a_server_that_is_away_is_no_answer() -> None:
    began = time.monotonic()
    heard = Dns(("127.0.0.1:1",), 1.0).ask([("larkhus.example", "TXT")])
    assert heard == {("larkhus.example", "TXT"): Heard(sure=False)}
    assert time.monotonic() - began < 3


def test_a_record_is_shown_as_it_is_to_be_typed() -> None:
    assert wanted(DOMAIN, "d1", RECORD, BY_SPF) == (
        Wanted(Kind.DKIM, "TXT", "d1._domainkey.larkhus.example", RECORD),
        Wanted(Kind.SPF, "TXT", "larkhus.example", "v=spf1 include:mail.doorstep.example ~all"),
        Wanted(Kind.DMARC, "TXT", "_dmarc.larkhus.example", "v=DMARC1; p=none;"),
    )
