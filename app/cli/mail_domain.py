"""What DNS says of the domain that mails come from: signature, permission, policy, and where bounces go."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.cli.role import Finding
from app.config import Config, is_loopback
from app.services.sending_domain_dns import Dns, Heard, Question
from app.services.sending_domain_records import Found, Kind, Ours, State, Wanted, judged, questions
from emails.dkim import DkimKey, record_of


def examine_mail_domain(config: Config) -> list[Finding]:
    """Nothing is asked for an installation that only this machine can reach."""
    if is_loopback(config.address):
        return []
    dns, domain = Dns(config.dns_servers), config.mail_from_domain.lower()
    back = config.bounce_domain.lower()
    signs = urlsplit(config.smtp_url).scheme in ("smtp", "smtps")
    dmarc = Wanted(Kind.DMARC, "TXT", f"_dmarc.{domain}", "v=DMARC1; p=none;")
    permits = back or domain
    spf, mx = (permits, "TXT"), (back, "MX")
    asked = [*questions([dmarc], domain), *((key.name, "TXT") for key in config.dkim)]
    heard = dns.ask([*asked, *([spf] if signs else []), *([mx] if back else [])])
    ours = Ours(domain, back)
    return [
        *(_signatures(config.dkim, domain, heard, ours) if signs else [Finding("DKIM", "the vendor signs")]),
        *([_spf(permits, heard[spf])] if signs else []),
        _told("DMARC", judged(dmarc, domain, heard, ours), dmarc),
        *([_bounces(back, heard[mx])] if back else [_NO_BOUNCES]),
    ]


_NO_BOUNCES = Finding("Bounces", "MAIL_BOUNCE_DOMAIN is not set: they go to the From address")


def _signatures(
    keys: tuple[DkimKey, ...], domain: str, heard: Mapping[Question, Heard], ours: Ours
) -> list[Finding]:
    if not keys:
        wrong = "Set DKIM_KEY and DKIM_SELECTOR (docs/operations.md), or let your mail server sign."
        return [Finding("DKIM", "mails are not signed here", wrong)]
    found = []
    for key in keys:
        one = Wanted(Kind.DKIM, "TXT", key.name, record_of(key))
        found.append(_told(f"DKIM {key.selector}", _judged_key(one, heard), one))
    return found


def _judged_key(one: Wanted, heard: Mapping[Question, Heard]) -> Found:
    """As it was written, whichever kind of key it is; pieces and blanks do not count."""
    answer = heard[one.name, "TXT"]
    if not answer.values:
        return Found(State.MISSING if answer.sure else State.UNSURE)
    same = {value.replace(" ", "") for value in answer.values} == {one.value.replace(" ", "")}
    return Found(State.OK) if same else Found(State.WRONG, " | ".join(answer.values)[:80])


def _spf(domain: str, answer: Heard) -> Finding:
    """Which servers send is not known here: whether there is one record, and one alone."""
    records = [value for value in answer.values if value.lower().startswith("v=spf1")]
    if len(records) == 1:
        return Finding("SPF", records[0][:80])
    if not answer.sure:
        return Finding("SPF", "DNS did not answer", "Run it again when DNS answers.")
    seen = "more than one record" if records else "no record"
    return Finding("SPF", seen, f"Leave one TXT record at {domain}: v=spf1, your mail servers, ~all.")


def _bounces(domain: str, answer: Heard) -> Finding:
    if answer.values:
        return Finding("Bounces", f"{domain} goes to {answer.values[0].split()[-1]}")
    if not answer.sure:
        return Finding("Bounces", "DNS did not answer", "Run it again when DNS answers.")
    return Finding("Bounces", "no MX record", f"Add an MX record at {domain}, or many servers refuse.")


def _told(subject: str, found: Found, one: Wanted) -> Finding:
    if found.state is State.OK:
        return Finding(subject, one.name)
    if found.state is State.UNSURE:
        return Finding(subject, "DNS did not answer", "Run it again when DNS answers.")
    seen = {State.MISSING: "no record", State.SEVERAL: "more than one record"}.get(
        found.state, "another record"
    )
    return Finding(
        subject, f"{seen} {found.seen}".strip(), f"Leave one TXT record at {one.name}: {one.value}"
    )
