"""What several tests of a shop's own domain stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.services.send import Sender
from tests.app.dns_server import Zone, answering
from tests.app.services.a_domain import OURS


@pytest.fixture
def zone() -> Iterator[Zone]:
    with answering(Zone()) as made:
        yield made


@pytest.fixture
def strict(sender: Sender) -> Sender:
    """As in production: offers leave from a domain of the shop's own."""
    return replace(sender, shared_domain_offers=False, bounce_domain=OURS.bounces)
