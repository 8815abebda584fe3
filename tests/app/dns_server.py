"""A real DNS server on a loopback port that answers from a table, or misbehaves as told."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

SILENCE = "(says nothing)"
GARBAGE = "(answers with noise)"
SERVFAIL = "(has failed itself)"
LOOP = "(names that point at each other)"

Question = tuple[str, str]


@dataclass
class Zone:
    """`records`: by (name, type), as DNS files write their values; what is not in it does not exist. A value
    may be one of the misdeeds above; `always`: one for every question."""

    records: dict[Question, list[str]] = field(default_factory=dict)
    always: str = ""
    port: int = 0
    asked: list[Question] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def put(self, records: Mapping[Question, str]) -> None:
        """TXT values in pieces of at most 255 bytes, as pages of DNS write them."""
        for (name, kind), value in records.items():
            self.records[name, kind] = [pieces(value) if kind == "TXT" else f"{value}."]

    def answer(self, wire: bytes, longest: int) -> bytes | None:
        asked = dns.message.from_wire(wire)
        question = asked.question[0]
        key = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(key)
        values = self.records.get(key, [])
        misdeed = self.always or (values[0] if values and values[0].startswith("(") else "")
        if misdeed == SILENCE:
            return None
        if misdeed == GARBAGE:
            return wire[:2] + b"\xff" * 40
        told = dns.message.make_response(asked)
        told.flags |= dns.flags.RA
        if misdeed == SERVFAIL:
            told.set_rcode(dns.rcode.SERVFAIL)
        elif misdeed == LOOP:
            other = dns.name.from_text("b." + key[0] if not key[0].startswith("b.") else key[0][2:])
            for here, there in ((question.name, other), (other, question.name)):
                told.answer.append(dns.rrset.from_text(here, 60, "IN", "CNAME", there.to_text()))
        elif values:
            told.answer.append(dns.rrset.from_text(question.name, 60, "IN", key[1], *values))
        else:
            told.set_rcode(dns.rcode.NXDOMAIN)
        whole = told.to_wire(max_size=65_535)
        if len(whole) <= longest:
            return whole
        told.answer.clear()
        told.flags |= dns.flags.TC
        return told.to_wire()


def pieces(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    cut = [raw[start : start + 255] for start in range(0, len(raw), 255)] or [b""]
    return " ".join('"' + "".join(f"\\{byte:03d}" for byte in one) + '"' for one in cut)


@contextmanager
def answering(zone: Zone) -> Iterator[Zone]:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        zone.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", zone.port))
        udp.settimeout(0.1)
        tcp.settimeout(0.1)
        threads = [
            threading.Thread(target=work, args=(zone, door)) for work, door in ((_udp, udp), (_tcp, tcp))
        ]
        for thread in threads:
            thread.start()
        try:
            yield zone
        finally:
            zone.stop.set()
            for thread in threads:
                thread.join(5)


def _udp(zone: Zone, door: socket.socket) -> None:
    while not zone.stop.is_set():
        with suppress(TimeoutError, OSError):
            wire, who = door.recvfrom(4_096)
            told = zone.answer(wire, 1_232)
            if told is not None:
                door.sendto(told, who)


def _tcp(zone: Zone, door: socket.socket) -> None:
    while not zone.stop.is_set():
        with suppress(TimeoutError, OSError, struct.error):
            line, _ = door.accept()
            with line:
                line.settimeout(2)
                (size,) = struct.unpack("!H", line.recv(2))
                told = zone.answer(line.recv(size), 65_535)
                if told is not None:
                    line.sendall(struct.pack("!H", len(told)) + told)
