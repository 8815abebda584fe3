"""What tests of the app share: an opened database, a connected shop, a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from app.db import Database, open_database
from app.services.send import Sender
from tests.app.desk import Desk, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.sending import smtp_sender
from tests.ports import free_ports


@pytest.fixture
def db(database: Any) -> Iterator[Database]:
    opened = open_database(database.app_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def desk(db: Database) -> Desk:
    return connect_shop(db)


@pytest.fixture
def sender(desk: Desk, port: int) -> Sender:
    return smtp_sender(desk, port)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    number = free_ports()
    controller = Controller(mailbox, hostname="127.0.0.1", port=number)
    controller.start()
    yield number
    controller.stop()
