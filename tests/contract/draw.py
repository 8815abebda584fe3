"""An address that is drawn for a surprise in a month: found as the shop's own draw finds it."""

from __future__ import annotations

import hashlib
from itertools import count

from tests.contract.buyer import Buyer

_SHARE = 2


def lucky(buyer: Buyer, month: str) -> str:
    """The name of the mailbox."""
    seed = buyer.home.runtime.keys.draw_seed(buyer.shop_id(), month)
    for number in count():
        mailbox = f"regular{number}"
        address = f"{mailbox}@{buyer.platform.value}.example.com"
        drawn = hashlib.md5(f"{seed}{address}".encode(), usedforsecurity=False).hexdigest()
        if int(drawn[:7], 16) < 0x10000000 * _SHARE / 100:
            return mailbox
    raise AssertionError("nobody is lucky")
