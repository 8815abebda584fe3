"""What the admin page may load: on a real installation nothing from this machine's other ports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config import SandboxConfig
from app.web.admin.frame import frame_of
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS
from tests.app.web.conftest import Site

LOOPBACK = "http://127.0.0.1:*"


@pytest.mark.parametrize("platform", list(Platform))
def test_pictures_from_this_machine_are_the_sandbox_s_alone(site: Site, platform: Platform) -> None:
    config, domain = site.runtime.config, SHOPS[platform]
    assert LOOPBACK not in frame_of(domain, platform, config).policy
    playing = replace(config, sandbox=SandboxConfig({}, Path("clock"), Path("record"), 8000))
    assert f"img-src 'self' https: {LOOPBACK} data:" in frame_of(domain, platform, playing).policy
