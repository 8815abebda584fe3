"""Whoever settles what was held back may be killed at any statement: the customer is written to, and once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.proof import Figure
from tests.quirks.held import PROCESSING, sent, turned_off
from tests.quirks.living import Home

MOST = 60

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def parent(home: Home) -> Iterator[subprocess.Popen[str]]:
    shop = f"https://{home.store.shop}"
    config = home.runtime.config
    assert config.sandbox is not None and config.database_url
    told = [config.database_url, shop, config.sandbox.origins[shop], str(home.shop.shop_id)]
    command = [sys.executable, "-m", "tests.quirks.held_child", *told]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        yield parent
        assert parent.stdin is not None
        parent.stdin.close()
        assert parent.wait(60) == 0


def _child(home: Home, parent: subprocess.Popen[str], dies_at: int) -> int:
    assert parent.stdin is not None and parent.stdout is not None
    print(home.clock.ahead.total_seconds(), dies_at, file=parent.stdin, flush=True)
    code = int(parent.stdout.readline())
    assert code in (0, -signal.SIGKILL)
    return code


def test_killed_at_each_statement_it_is_sent_once(
    home: Home, parent: subprocess.Popen[str], figure: Figure
) -> None:
    order = turned_off(home)
    home.look("orders")
    home.later(minutes=16)
    killed = 0
    for dies_at in range(1, MOST):
        if _child(home, parent, dies_at) == 0:
            break
        killed += 1
        assert sent(home, order).count(PROCESSING) <= 1
        home.later(minutes=4)  # its lease on the write is over
    assert 15 < killed < MOST - 1
    home.later(minutes=16)
    home.look("orders", "hooks")
    assert sent(home, order) == [PROCESSING]
    (row,) = home.rows("SELECT state FROM store_writes WHERE kind = 'release_mail'")
    assert row.state == "done"
    figure("times_killed", killed)
