"""A mail server that delivers to nobody: it keeps and records every mail, then says so.

The record line is flushed before the answer, so whatever a client was promised is on record.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TextIO

from sandbox.clock import Clock
from sandbox.faults import FaultScript, faults_path
from sandbox.outbox_store import ACCEPTED, ANSWER_LOST, keep, open_outbox, outbox_path
from sandbox.parent import die_with_parent
from sandbox.settings import HOST, Settings, SettingsError

MAX_BYTES = 32 * 1024 * 1024
PATIENCE = 300.0
GREETING = f"250-doorstep.sandbox\r\n250-SIZE {MAX_BYTES}\r\n250-8BITMIME\r\n250 SMTPUTF8"


class HangUp(Exception):
    """The conversation is over, without a further word."""


@dataclass(frozen=True, slots=True)
class Sink:
    """What all conversations of one server share."""

    outbox: sqlite3.Connection
    record: TextIO
    clock: Clock
    faults: FaultScript


@dataclass(frozen=True, slots=True)
class Letter:
    sender: str = ""
    recipients: tuple[str, ...] = ()


@contextlib.contextmanager
def open_sink(settings: Settings) -> Iterator[Sink]:
    """To be opened and used in one thread."""
    settings.record_file.parent.mkdir(parents=True, exist_ok=True)
    outbox = open_outbox(outbox_path(settings.folder))
    with contextlib.closing(outbox), settings.record_file.open("a", encoding="utf-8") as record:
        yield Sink(outbox, record, Clock(settings.clock_file), FaultScript(faults_path(settings.folder)))


async def start_sink(sink: Sink, port: int) -> asyncio.Server:
    """Listens on the loopback interface. Port 0 picks a free one."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(sink, reader, writer)
        except asyncio.LimitOverrunError:
            await _say(writer, "552 Too large")
        except (HangUp, ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(converse, HOST, port, limit=MAX_BYTES, backlog=256)


async def _converse(sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _answer(sink, writer, "connect", "220 doorstep.sandbox ESMTP")
    letter = Letter()
    while True:
        line = (await asyncio.wait_for(reader.readuntil(b"\n"), PATIENCE)).decode("utf-8", "replace").strip()
        verb = line.split(" ", 1)[0].upper()
        match verb:
            case "EHLO":
                await _say(writer, GREETING)
            case "MAIL":
                if await _answer(sink, writer, "mail", "250 OK"):
                    letter = Letter(sender=_address(line))
            case "RCPT":
                if await _answer(sink, writer, "rcpt", "250 OK", _address(line)):
                    letter = replace(letter, recipients=(*letter.recipients, _address(line)))
            case "DATA" if not letter.recipients:
                await _say(writer, "503 Who is it for?")
            case "DATA":
                if await _answer(sink, writer, "data", "354 End with a dot", letter.recipients[0]):
                    await _take(sink, reader, writer, letter)
                letter = Letter()
            case "RSET":
                letter = Letter()
                await _say(writer, "250 OK")
            case "HELO" | "NOOP":
                await _say(writer, "250 OK")
            case "QUIT":
                await _say(writer, "221 Bye")
                return
            case _:
                await _say(writer, "500 Not understood")


async def _take(
    sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, letter: Letter
) -> None:
    """The text up to its dot; kept and recorded once per recipient, then answered."""
    start = await asyncio.wait_for(reader.readexactly(3), PATIENCE)
    rest = b"" if start == b".\r\n" else await asyncio.wait_for(reader.readuntil(b"\r\n.\r\n"), PATIENCE)
    text = (start + rest).removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
    fault = sink.faults.strike("end", letter.recipients[0])
    kind = fault.kind if fault else ""
    if fault and kind == "delay":
        await asyncio.sleep(fault.seconds)
    if kind == "drop":
        raise HangUp
    if fault and kind == "refuse":
        await _say(writer, f"{fault.code} {fault.text}")
        return
    for recipient in letter.recipients:
        status = ANSWER_LOST if kind == "lose" else ACCEPTED
        mail = keep(sink.outbox, text, letter.sender, recipient, sink.clock.now(), status)
        sink.record.write(mail.record_line() + "\n")
        sink.record.flush()
    if kind == "lose":
        raise HangUp
    await _say(writer, "250 Kept")


async def _answer(sink: Sink, writer: asyncio.StreamWriter, at: str, line: str, recipient: str = "") -> bool:
    """Says `line` unless the script wants something else here; True where the step went well."""
    fault = sink.faults.strike(at, recipient)
    if fault and fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    if fault and fault.kind == "drop":
        if at == "data":
            await _say(writer, line)
        raise HangUp
    if fault and fault.kind == "refuse":
        await _say(writer, f"{fault.code} {fault.text}")
        if at == "connect":
            raise HangUp
        return False
    await _say(writer, line)
    return True


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(line.encode() + b"\r\n")
    await writer.drain()


def _address(line: str) -> str:
    """The address of MAIL FROM:<..> or RCPT TO:<..>, parameters left out."""
    return line.partition(":")[2].strip().partition(">")[0].removeprefix("<")


async def serve_sink(settings: Settings) -> None:
    """Until the stop signal. Open conversations are cut, not waited for."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with open_sink(settings) as sink:
        server = await start_sink(sink, settings.sink_port)
        await stop.wait()
        server.close()


def main() -> int:
    """The sink alone, without the stores: `python -m sandbox.sink`."""
    die_with_parent()
    try:
        asyncio.run(serve_sink(Settings.from_environ(os.environ)))
    except (SettingsError, OSError) as error:
        print(f"sink: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
