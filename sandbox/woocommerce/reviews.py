"""The shop's own list of reviews, and the average that it makes of them."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from sandbox.woocommerce.shop import Shop

Body = dict[str, Any]

STATUSES = ("approved", "hold", "spam", "trash")
_BOUGHT = ("processing", "completed", "shipped", "partial-shipped", "delivered")


def every(shop: Shop) -> list[Body]:
    return shop.every("review")


def make(shop: Shop, product: Body, wanted: Body) -> Body:
    """Posted straight as approved it is in no average: the platform counts on a change of place, and knows
    the stars only after the posting."""
    id, email = shop.number("review"), str(wanted["reviewer_email"])
    face = f"https://secure.gravatar.com/avatar/{hashlib.sha256(email.lower().encode()).hexdigest()}"
    review = {
        "id": id, **shop.stamps("date_created", shop.now()), "product_id": product["id"],
        "product_name": product["name"], "product_permalink": product["permalink"],
        "status": str(wanted.get("status", "approved")), "reviewer": str(wanted["reviewer"]),
        "reviewer_email": email, "review": _kept(str(wanted["review"])),
        "rating": int(wanted.get("rating", 0)),
        "verified": _has_bought(shop, product, email),
        "reviewer_avatar_urls": {str(size): f"{face}?s={size}&d=mm&r=g" for size in (24, 48, 96)},
        "_links": {
            **shop.links("products/reviews", id), "up": [{"href": shop.api(f"products/{product['id']}")}],
        },
    }  # fmt: skip
    shop.write("review", id, review)
    return review


def is_double(shop: Shop, wanted: Body) -> bool:
    """The same words by the same name or address, wherever they lie but in the bin."""
    return any(
        one["status"] != "trash"
        and one["product_id"] == wanted["product_id"]
        and one["review"] == wanted["review"]
        and (one["reviewer"] == wanted["reviewer"] or one["reviewer_email"] == wanted["reviewer_email"])
        for one in every(shop)
    )


def move(shop: Shop, review: Body, status: str) -> None:
    before, review["status"] = review["status"], status
    shop.write("review", review["id"], review)
    if "approved" in (before, status) and before != status:
        _count(shop, review["product_id"])


def as_read(review: Body) -> Body:
    """As the platform sets it for a page: "edit" gives it as it was written."""
    parts = (part.replace("\n", "<br />\n") for part in review["review"].split("\n\n"))
    return {**review, "review": "".join(f"<p>{part}</p>\n" for part in parts)}


def _kept(words: str) -> str:
    """Backslashes are eaten on the way in, and quotes get one too many."""
    return re.sub(r"([\"'])", r"\\\1", words.replace("\\", ""))


def _count(shop: Shop, product_id: int) -> None:
    """Saved without a word to anybody."""
    product = shop.read("product", product_id)
    stars = [
        one["rating"]
        for one in every(shop)
        if one["product_id"] == product_id and one["status"] == "approved" and one["rating"]
    ]
    if product is not None:
        product["average_rating"] = f"{sum(stars) / len(stars) if stars else 0:.2f}"
        product["rating_count"] = len(stars)
        shop.write("product", product_id, product)


def _has_bought(shop: Shop, product: Body, email: str) -> bool:
    return any(
        order["status"] in _BOUGHT
        and order["billing"]["email"].lower() == email.lower()
        and any(line["product_id"] == product["id"] for line in order["line_items"])
        for order in shop.every("order")
    )
