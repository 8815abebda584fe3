from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from sandbox.faults import Fault, faults_path, write_faults
from sandbox.outbox_store import listing, outbox_path
from sandbox.settings import Settings
from sandbox.sink import open_sink, start_sink


@dataclass(frozen=True)
class RunningSink:
    settings: Settings
    port: int

    def records(self) -> list[dict[str, object]]:
        if not self.settings.record_file.exists():
            return []
        return [json.loads(line) for line in self.settings.record_file.read_text().splitlines()]

    def mails(self, shop: str = "", to: str = "") -> list[str]:
        return [mail.recipient for mail in listing(outbox_path(self.settings.folder), shop, to)]

    def fail(self, *faults: Fault) -> None:
        write_faults(faults_path(self.settings.folder), faults)


@contextmanager
def running(folder: Path) -> Iterator[RunningSink]:
    settings = Settings(
        data=folder,
        port=0,
        app_address="http://127.0.0.1:8000",
        shopify_key="k",
        shopify_secret="s",
        origins={},
        clock_file=folder / "clock",
        record_file=folder / "sink.jsonl",
    )
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        with open_sink(settings) as sink:
            server = await start_sink(sink, 0)
            ready.set_result((asyncio.get_running_loop(), stop, server.sockets[0].getsockname()[1]))
            await stop.wait()
            server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    loop, stop, port = ready.result(timeout=10)
    yield RunningSink(settings, port)
    loop.call_soon_threadsafe(stop.set)
    thread.join()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[RunningSink]:
    with running(tmp_path) as started:
        yield started


def compose(
    to: str = "ada@example.com", row: str = "17", shop: str = "hollow-pine.myshopify.com"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Hollow Pine <hello@hollow-pine.example>"
    message["To"] = to
    message["Subject"] = "Ist das Päckchen da? ☕"
    message["Date"] = "Sat, 21 Nov 2026 12:00:00 +0100"
    message["Message-ID"] = f"<row-{row}@mail.example>"
    message["X-Doorstep-Shop"] = shop
    message["X-Doorstep-Flow"] = "review_request"
    message["X-Doorstep-Step"] = "ask"
    message["X-Doorstep-Row"] = row
    message.set_content("Hello\n.a line that begins with a dot\n")
    return message


@pytest.fixture(name="mail")
def mail_fixture() -> Callable[..., EmailMessage]:
    return compose
