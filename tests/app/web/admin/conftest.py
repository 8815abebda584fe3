"""What tests of the admin pages share."""

from __future__ import annotations

import pytest

from tests.app.web.admin.hand import Hand
from tests.app.web.conftest import Site


@pytest.fixture
def hand(site: Site, monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(site, monkeypatch)
