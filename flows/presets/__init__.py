"""The flows that we ship."""

from flows.flow import Flow
from flows.presets.anniversary_birthday import ANNIVERSARY_BIRTHDAY
from flows.presets.arrival_check import ARRIVAL_CHECK
from flows.presets.cancel_refund_exchange import CANCEL_REFUND_EXCHANGE
from flows.presets.care_warranty import CARE_WARRANTY
from flows.presets.cross_sell_series import CROSS_SELL_SERIES
from flows.presets.delivered import DELIVERED
from flows.presets.delivery_updates import DELIVERY_UPDATES
from flows.presets.digital_access import DIGITAL_ACCESS
from flows.presets.first_buyer_welcome import FIRST_BUYER_WELCOME
from flows.presets.first_use_guide import FIRST_USE_GUIDE
from flows.presets.gift_guide import GIFT_GUIDE
from flows.presets.milestone_seasonal import MILESTONE_SEASONAL
from flows.presets.order_confirmation import ORDER_CONFIRMATION
from flows.presets.order_progress import ORDER_PROGRESS
from flows.presets.prepare_for_arrival import PREPARE_FOR_ARRIVAL
from flows.presets.replenishment import REPLENISHMENT
from flows.presets.review_reply import REVIEW_REPLY
from flows.presets.review_request import REVIEW_REQUEST
from flows.presets.second_order_offer import SECOND_ORDER_OFFER
from flows.presets.shipped import SHIPPED
from flows.presets.surprise_delight import SURPRISE_DELIGHT
from flows.presets.vip_thank_you import VIP_THANK_YOU
from flows.presets.win_back import WIN_BACK

PRESETS: tuple[Flow, ...] = (
    ORDER_CONFIRMATION,
    DIGITAL_ACCESS,
    ORDER_PROGRESS,
    SHIPPED,
    DELIVERY_UPDATES,
    ARRIVAL_CHECK,
    DELIVERED,
    CANCEL_REFUND_EXCHANGE,
    FIRST_BUYER_WELCOME,
    PREPARE_FOR_ARRIVAL,
    FIRST_USE_GUIDE,
    CARE_WARRANTY,
    VIP_THANK_YOU,
    GIFT_GUIDE,
    REVIEW_REQUEST,
    REVIEW_REPLY,
    CROSS_SELL_SERIES,
    SECOND_ORDER_OFFER,
    REPLENISHMENT,
    MILESTONE_SEASONAL,
    WIN_BACK,
    ANNIVERSARY_BIRTHDAY,
    SURPRISE_DELIGHT,
)

STARTER = (
    "order_progress",
    "delivery_updates",
    "arrival_check",
    "delivered",
    "first_buyer_welcome",
    "first_use_guide",
    "review_request",
    "review_reply",
    "replenishment",
)
"""What a new shop begins with. All the others wait for the merchant's word."""

BY_KEY = {flow.key: flow for flow in PRESETS}


def preset(key: str) -> Flow:
    """Raises KeyError for a key that no preset has."""
    return BY_KEY[key]
