"""Whoever settles what was held back may be killed at any statement: the customer is written to, and once."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.proof import Figure
from tests.quirks.living import Home
from tests.quirks.test_held_mails import PROCESSING, _sent, _turned_off

MOST = 60

pytestmark = pytest.mark.timeout(300)


def _child(home: Home, dies_at: int) -> int:
    shop = f"https://{home.store.shop}"
    config = home.runtime.config
    assert config.sandbox is not None and config.database_url
    called = [config.database_url, shop, config.sandbox.origins[shop], home.shop.shop_id]
    told = [str(one) for one in (*called, home.clock.ahead.total_seconds(), dies_at)]
    command = [sys.executable, "-m", "tests.quirks.held_child", *told]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def test_killed_at_each_statement_it_is_sent_once(home: Home, figure: Figure) -> None:
    order = _turned_off(home)
    home.look("orders")
    home.later(minutes=16)
    killed = 0
    for dies_at in range(1, MOST):
        if _child(home, dies_at) == 0:
            break
        killed += 1
        assert _sent(home, order).count(PROCESSING) <= 1
        home.later(minutes=4)  # its lease on the write is over
    assert 15 < killed < MOST - 1
    home.later(minutes=16)
    home.look("orders", "hooks")
    assert _sent(home, order) == [PROCESSING]
    (row,) = home.rows("SELECT state FROM store_writes WHERE kind = 'release_mail'")
    assert row.state == "done"
    figure("times_killed", killed)
