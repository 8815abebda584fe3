"""What the shop pays the app for."""

from __future__ import annotations

from sandbox.shopify.admin_api.asking import Fields, global_id, moment, plain

FIELDS: dict[str, Fields] = {
    "AppSubscription": {
        "id": global_id("AppSubscription"),
        "name": plain("name"),
        "status": plain("status"),
        "test": lambda subscription, asking, arguments: True,
        "trialDays": lambda subscription, asking, arguments: 0,
        "createdAt": moment("created_at"),
        "lineItems": lambda subscription, asking, arguments: [subscription],
    },
    "AppSubscriptionLineItem": {
        "id": lambda subscription, asking, arguments: (
            f"gid://shopify/AppSubscriptionLineItem/{subscription['id']}?v=1&index=0"
        ),
        "plan": lambda subscription, asking, arguments: subscription,
    },
    "AppPlanV2": {"pricingDetails": lambda subscription, asking, arguments: subscription},
    "AppRecurringPricing": {
        "planHandle": plain("plan_handle"),
        "interval": lambda subscription, asking, arguments: "EVERY_30_DAYS",
        "price": lambda subscription, asking, arguments: {
            "amount": subscription["price"],
            "currency_code": "USD",
        },
    },
}
