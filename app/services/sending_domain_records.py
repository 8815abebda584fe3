"""The records that a domain needs before mails may come from it, and whether DNS has them.

Receivers ask for a signature (DKIM), a sender that comes back to the same domain (SPF, by the return path
where bounces come to us) and a word of the domain's owner about both (DMARC); large ones refuse bulk mail
without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.services.identity import BOUNCES
from app.services.sending_domain_dns import Heard, Question

_SHOWN = 160
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*([^;]*?)\s*(?:;|$)")
_NOTHING = Heard(sure=False)


class Kind(StrEnum):
    DKIM = "dkim"
    RETURN_PATH = "return_path"
    SPF = "spf"
    DMARC = "dmarc"


class State(StrEnum):
    """UNSURE: DNS did not answer. DOUBLED: it stands under the domain's name written twice."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"
    SEVERAL = "several"
    DOUBLED = "doubled"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Wanted:
    kind: Kind
    type: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """`seen`: what stands there instead, in short."""

    state: State
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """`domain`: what mails of shops without a domain come from, and whose SPF names our servers. `bounces`:
    the domain whose mail comes back to us, "" where nobody reads it."""

    domain: str
    bounces: str = ""


def wanted(domain: str, selector: str, record: str, ours: Ours) -> tuple[Wanted, ...]:
    """In the order in which they are shown."""
    back = (
        Wanted(Kind.RETURN_PATH, "CNAME", f"{BOUNCES}.{domain}", ours.bounces)
        if ours.bounces
        else Wanted(Kind.SPF, "TXT", domain, f"v=spf1 include:{ours.domain} ~all")
    )
    return (
        Wanted(Kind.DKIM, "TXT", f"{selector}._domainkey.{domain}", record),
        back,
        Wanted(Kind.DMARC, "TXT", f"_dmarc.{domain}", "v=DMARC1; p=none;"),
    )


def questions(records: Iterable[Wanted], domain: str) -> list[Question]:
    """All that is asked at once: besides each record itself, where it stands by mistake, and the word of the
    domains above about DMARC."""
    asked: list[Question] = []
    for one in records:
        asked += [(one.name, one.type), (_doubled(one, domain), one.type)]
        if one.kind is Kind.DMARC:
            asked += [(f"_dmarc.{above}", "TXT") for above in _above(domain)]
    return [(name, kind) for name, kind in asked if len(name) <= 253]


def judged(one: Wanted, domain: str, heard: Mapping[Question, Heard], ours: Ours) -> Found:
    answer = heard.get((one.name, one.type), _NOTHING)
    found = _JUDGES[one.kind](one, domain, answer, heard, ours)
    if found.state is State.MISSING:
        doubled = heard.get((_doubled(one, domain), one.type), _NOTHING)
        if one.name != domain and _JUDGES[one.kind](one, domain, doubled, {}, ours).state is State.OK:
            return Found(State.DOUBLED, _doubled(one, domain))
    return found


def _dkim(one: Wanted, _: str, answer: Heard, __: Mapping[Question, Heard], ___: Ours) -> Found:
    if not answer.values:
        return _nothing(answer)
    key = _tags(one.value).get("p", "")
    if any(_same_key(value, key) for value in answer.values):
        return Found(State.OK) if len(answer.values) == 1 else Found(State.SEVERAL, _short(answer.values))
    return Found(State.WRONG, _short(answer.values))


def _same_key(value: str, key: str) -> bool:
    tags = _tags(value)
    return (
        re.sub(r"\s", "", tags.get("p", "")) == key
        and tags.get("v", "DKIM1") == "DKIM1"
        and tags.get("k", "rsa") == "rsa"
    )


def _return_path(one: Wanted, _: str, answer: Heard, __: Mapping[Question, Heard], ___: Ours) -> Found:
    if not answer.values:
        return _nothing(answer)
    right = answer.values == (one.value.lower(),)
    return Found(State.OK) if right else Found(State.WRONG, _short(answer.values))


def _spf(one: Wanted, _: str, answer: Heard, __: Mapping[Question, Heard], ours: Ours) -> Found:
    """RFC 7208 3.2: one record at most, else all of them count for nothing."""
    records = [value for value in answer.values if re.match(r"v=spf1(?: |$)", value.lower())]
    if not records:
        return _nothing(answer)
    if len(records) > 1:
        return Found(State.SEVERAL, _short(records))
    named = {term.lstrip("+") for term in records[0].lower().split()[1:]}
    right = named & {f"include:{ours.domain}", f"redirect={ours.domain}"}
    return Found(State.OK) if right else Found(State.WRONG, _short(records))


def _dmarc(_: Wanted, domain: str, answer: Heard, heard: Mapping[Question, Heard], __: Ours) -> Found:
    """RFC 7489 6.6.3: of the domain itself, else of the one above it; of several records none counts."""
    answers = [answer, *(heard.get((f"_dmarc.{above}", "TXT"), _NOTHING) for above in _above(domain))]
    for one in answers:
        records = [value for value in one.values if value.lower().replace(" ", "").startswith("v=dmarc1")]
        if len(records) > 1:
            return Found(State.SEVERAL, _short(records))
        if records:
            right = _tags(records[0]).get("p", "").lower() in ("none", "quarantine", "reject")
            return Found(State.OK) if right else Found(State.WRONG, _short(records))
        if not one.sure:
            return Found(State.UNSURE)
    return Found(State.MISSING)


_JUDGES = {Kind.DKIM: _dkim, Kind.RETURN_PATH: _return_path, Kind.SPF: _spf, Kind.DMARC: _dmarc}


def _nothing(answer: Heard) -> Found:
    return Found(State.MISSING if answer.sure else State.UNSURE)


def _doubled(one: Wanted, domain: str) -> str:
    """Pages of DNS often add the domain by themselves."""
    return f"{one.name}.{domain}"


def _above(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels) - 1)][:4]


def _tags(value: str) -> dict[str, str]:
    return {found[1].lower(): found[2] for found in _TAG.finditer(value[:2_000])}


def _short(values: Iterable[str]) -> str:
    shown = " ".join(" | ".join(values).split())
    printable = "".join(letter if letter.isprintable() else "?" for letter in shown[: 2 * _SHOWN])
    return f"{printable[:_SHOWN]}…" if len(printable) > _SHOWN else printable
