"""What Shopify tells of one person and their order, before and after it has forgotten them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.app.services.canary import CUSTOMER, EMAIL, FIRST, LAST, NAME, ORDER, PHONE, STREET
from tests.connectors.shopify import one_order

LIVE_ORDER = "880017001"


@dataclass
class Told:
    """What Shopify still knows of the person: everything, or nothing any more."""

    forgotten: bool = False

    def order(self, at: datetime, number: str = ORDER) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(json.dumps(one_order.webhook_order()))
        body |= {"id": int(number), "admin_graphql_api_id": f"gid://shopify/Order/{number}"}
        body |= {"updated_at": at.isoformat(), "created_at": at.isoformat(), "processed_at": at.isoformat()}
        where = {"name": NAME, "address1": STREET, "phone": PHONE, "country_code": "IS"}
        person = {"id": int(CUSTOMER), "email": EMAIL, "first_name": FIRST, "last_name": LAST}
        live = number == LIVE_ORDER
        if live:
            where, person = (
                {"name": "Mia Hart"},
                {"id": 8001, "email": "mia@example.com", "first_name": "Mia"},
            )
        gone = self.forgotten and not live
        body |= {
            "email": None if gone else person["email"],
            "contact_email": None,
            "phone": None if gone or live else PHONE,
            "customer": {"id": person["id"]} if gone else person,
            "shipping_address": None if gone else where,
            "billing_address": None if gone else where,
            "note": None if gone else f"for {where['name']}",
            "order_status_url": None,
            "fulfillments": [],
            "refunds": [],
        }
        return body

    def parcel(self, at: datetime) -> dict[str, Any]:
        where = {} if self.forgotten else {"name": NAME, "address1": STREET}
        return {
            "id": 31,
            "order_id": int(ORDER),
            "status": "success",
            "created_at": at.isoformat(),
            "updated_at": at.isoformat(),
            "email": None if self.forgotten else EMAIL,
            "destination": where,
        }

    def customer(self, at: datetime) -> dict[str, Any]:
        names = {} if self.forgotten else {"email": EMAIL, "first_name": FIRST, "last_name": LAST}
        return {"id": int(CUSTOMER), "updated_at": at.isoformat(), **names}


def consent(at: datetime) -> tuple[str, dict[str, Any]]:
    given = {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": at.isoformat()}
    body = {"customer_id": int(CUSTOMER), "email_address": EMAIL, "email_marketing_consent": given}
    return "customers_email_marketing_consent/update", body
