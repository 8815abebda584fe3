"""What DNS says, asked side by side and with an end to the patience. What it answers is a stranger's text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import dns.exception
import dns.resolver
from dns.nameserver import Do53Nameserver
from dns.rdtypes.ANY.TXT import TXT

SECONDS = 4.0
"""The most that one question takes; all of them are asked at the same time."""
_MOST_RECORDS, _LONGEST = 40, 4_000

Question = tuple[str, str]
"""A name, and the type of its records: TXT or CNAME."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`sure` False: nobody answered, or nothing that could be understood."""

    values: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Dns:
    """`servers`: like 127.0.0.1:5353; none: those of this machine."""

    servers: tuple[str, ...] = ()
    seconds: float = SECONDS

    def ask(self, questions: Collection[Question]) -> Mapping[Question, Heard]:
        """All of them within `seconds` and a little."""
        wanted = list(dict.fromkeys(questions))
        if not wanted:
            return {}
        with ThreadPoolExecutor(max_workers=min(len(wanted), 8)) as threads:
            return dict(zip(wanted, threads.map(self._heard, wanted), strict=True))

    def _heard(self, question: Question) -> Heard:
        name, kind = question
        try:
            answer = self._resolver().resolve(name, kind, lifetime=self.seconds, search=False)
            return Heard(tuple(_text(one) for one in list(answer)[:_MOST_RECORDS]))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return Heard()
        except (dns.exception.DNSException, OSError, ValueError):
            return Heard(sure=False)  # no answer, a broken one, or names that point at each other

    def _resolver(self) -> dns.resolver.Resolver:
        if not self.servers:
            return dns.resolver.Resolver()
        found = dns.resolver.Resolver(configure=False)
        found.nameservers = [_server(one) for one in self.servers]
        return found


def _server(address: str) -> Do53Nameserver:
    host, _, port = address.rpartition(":")
    return Do53Nameserver(host, int(port))


def _text(record: object) -> str:
    """A TXT's pieces belong together without a gap (RFC 7208 3.3, RFC 6376 3.6.2.2)."""
    if isinstance(record, TXT):
        return b"".join(record.strings)[:_LONGEST].decode("utf-8", "backslashreplace")
    return str(record)[:_LONGEST].rstrip(".").lower()
