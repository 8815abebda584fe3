"""A shop's own tool that listens, and a sender that may call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.services.send import Sender
from tests.app.tool_server import Tool, a_tool
from wire.http import HttpClient


@pytest.fixture
def tool() -> Iterator[Tool]:
    with a_tool() as running:
        yield running


@pytest.fixture
def sender(sender: Sender, tool: Tool) -> Sender:
    return replace(sender, http=HttpClient(tool.origins))
