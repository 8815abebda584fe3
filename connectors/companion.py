"""What is said between us and the plugin of ours that runs inside a store, where a platform has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """All that it is told. `secret`: what it signs with, and we. `app`: our address; `door`: where its
    messages go; `shop`: its shop as we call it; `pages`: below which path it forwards visitors to us.
    `mails_off`: the store's own mails that ours take the place of; `script`: whether its pages may load our
    widgets; `at`: our clock, by which it sets its own; `since`: orders of before, as the store
    dates them, are none that we write about."""

    secret: str = field(repr=False)
    app: str
    door: str
    shop: str
    pages: str
    mails_off: tuple[str, ...]
    script: bool
    at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class PluginSaid:
    """What it says of itself and of where it runs. `offset`: by how many seconds its clock is ahead of
    ours."""

    version: str
    wordpress: str
    woocommerce: str
    php: str
    offset: int
