"""The app asks the plugin's own PHP, over HTTP and with the shop's keys, for a mail that was held back."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from connectors.writes import ReleaseMail, Written
from tests.plugin.conftest import Pair

PROCESSING = "customer_processing_order"


def _placed(pair: Pair) -> None:
    pair.shop.test(
        "order",
        id=31,
        data={"status": "processing", "created": int(time.time()) + 60, "ways": ["flat_rate:1"]},
    )


def _told(pair: Pair) -> None:
    """The shop's mailer is told that the order was paid."""
    pair.shop.run(
        "\\add_action( 'test_notification', static function () {"
        " foreach ( \\WC()->mailer()->get_emails() as $one )"
        " { if ( 'customer_processing_order' === $one->id ) { $one->trigger( 31 ); } } } );"
        " \\do_action( 'test_notification' ); return true;"
    )


def _asked(pair: Pair) -> Written:
    store, stores = pair.store(), pair.site.runtime.stores()
    return stores.connector(store.platform).write(store, ReleaseMail("31", PROCESSING, datetime.now(UTC)))


def _noted(pair: Pair) -> Any:
    return {key: list(mails) for key, mails in pair.shop.state["orders"]["31"].get("meta", {}).items()}


def test_it_is_sent_once(pair: Pair) -> None:
    pair.switch("order_confirmation")
    pair.push()
    _placed(pair)
    _told(pair)
    assert _noted(pair) == {"_doorstep_held": [PROCESSING]}
    assert _asked(pair) == Written()
    assert pair.shop.state["sent"] == [[31, PROCESSING]]
    assert _noted(pair) == {"_doorstep_wrote": [PROCESSING]}
    assert _asked(pair) == Written(already=True)
    assert pair.shop.state["sent"] == [[31, PROCESSING]]


def test_with_the_flow_off_the_shop_sends_and_notes_it(pair: Pair) -> None:
    pair.push()
    _placed(pair)
    _told(pair)
    assert pair.shop.state["sent"] == [[31, PROCESSING]]
    assert _noted(pair) == {"_doorstep_wrote": [PROCESSING]}
    assert _asked(pair) == Written(already=True)
