from __future__ import annotations

import pytest

from connectors.registry import connector_for
from flows.commerce import Platform


@pytest.mark.parametrize("platform", list(Platform))
def test_every_platform_has_its_connector(platform: Platform) -> None:
    assert connector_for(platform).platform is platform
