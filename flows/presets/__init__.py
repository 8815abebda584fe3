"""The flows that we ship."""

from flows.flow import Flow
from flows.presets.delivered import DELIVERED
from flows.presets.order_confirmation import ORDER_CONFIRMATION
from flows.presets.review_request import REVIEW_REQUEST
from flows.presets.shipped import SHIPPED

PRESETS: tuple[Flow, ...] = (ORDER_CONFIRMATION, SHIPPED, DELIVERED, REVIEW_REQUEST)

BY_KEY = {flow.key: flow for flow in PRESETS}


def preset(key: str) -> Flow:
    """Raises KeyError for a key that no preset has."""
    return BY_KEY[key]
