"""What one platform knows and the other does not. Each difference has its test, so that none is there by
chance:

- WooCommerce has no carrier's scans: no delay, no "out for delivery", and no arrival of one parcel of two;
- a bank transfer is accepted by WooCommerce when the money comes, by Shopify when it is ordered;
- an order of WooCommerce can be thrown away and taken back; one of Shopify is deleted for good;
- what a store tells of a delivery is a status of the whole order there, and the moment is that of its change.
"""

from __future__ import annotations

from tests.contract.twins import FAST, STANDARD, Twins

PLACED = ("OrderPlaced", "OrderPaid")


def test_scans_are_shopifys_alone(pair: Twins) -> None:
    pair.place(STANDARD)
    pair.act("ship")
    pair.home.later(minutes=1)
    pair.shopify.act("out-for-delivery")
    pair.woocommerce.act("delay")
    pair.rest()
    assert pair.shopify.told().kinds() == (*PLACED, "ParcelShipped", "ParcelOutForDelivery")
    assert pair.woocommerce.told().kinds() == (*PLACED, "ParcelShipped")
    assert pair.shopify.told().mails == pair.woocommerce.told().mails, "no mail hangs on it"


def test_the_first_of_two_parcels_arrives_unseen_in_woocommerce(pair: Twins) -> None:
    pair.place(STANDARD, FAST)
    pair.act("ship", line=0)
    pair.act("ship")
    pair.home.later(minutes=1)
    for side in pair.both:
        side.act("deliver", parcel_id=side.parcels[0])
    pair.rest()
    assert pair.shopify.told().kinds()[4:] == ("ParcelDelivered",)
    assert pair.woocommerce.told().kinds()[4:] == ()
    pair.home.later(minutes=1)
    for side in pair.both:
        side.act("deliver", parcel_id=side.parcels[1])
    pair.rest()
    pair.later(hours=3)
    ends = [sorted(side.told().kinds()) for side in pair.both]
    assert ends[0] == ends[1], "with the last one both know all"
    assert pair.shopify.told().mails == pair.woocommerce.told().mails


def test_a_bank_transfer_is_taken_on_by_woocommerce_when_the_money_comes(pair: Twins) -> None:
    pair.place(STANDARD, payment="bank_transfer")
    assert pair.shopify.told().kinds() == ("OrderPlaced",)
    assert pair.woocommerce.told().kinds() == ()
    pair.act("pay")
    assert pair.shopify.told().kinds() == pair.woocommerce.told().kinds() == PLACED
    assert pair.shopify.told().mails == pair.woocommerce.told().mails


def test_only_woocommerces_trash_gives_anything_back(pair: Twins) -> None:
    pair.place(STANDARD)
    pair.act("ship")
    pair.act("trash")
    assert [side.told().kinds()[-1] for side in pair.both] == ["OrderDeleted", "OrderDeleted"]
    assert pair.shopify.told().steps() == pair.woocommerce.told().steps()
    pair.home.later(minutes=1)
    pair.woocommerce.act("restore")
    pair.rest()
    (row,) = pair.home.rows(
        "SELECT o.body->>'state' AS state FROM orders o JOIN shops s ON s.id = o.shop_id"
        " WHERE s.platform = 'woocommerce'"
    )
    assert row.state == "open"
