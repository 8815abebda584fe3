"""/wc/v3/products/reviews."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sandbox.woocommerce import reviews
from sandbox.woocommerce.rest.answers import COLLECTION, ITEM, RestError, answer, bad_parameter, sent
from sandbox.woocommerce.rest.listing import asked_list, page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_ORDERINGS = {"date_gmt": "date_created_gmt", "date": "date_created_gmt", "id": "id"}
_LISTS = {"all": ("approved", "hold"), **{one: (one,) for one in reviews.STATUSES}}
_REQUIRED = ("product_id", "review", "reviewer", "reviewer_email")


def review_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_reviews", __name__)

    @routes.get("/products/reviews")
    def listing() -> Response:
        shop = shop_of()
        return page(shop, "products/reviews", [_shown(one) for one in _filtered(shop)], _ORDERINGS)

    @routes.post("/products/reviews")
    def make() -> Response:
        shop, wanted = shop_of(), sent()
        if missing := [name for name in _REQUIRED if name not in wanted]:
            raise bad_parameter(missing[0], f"{missing[0]} is a required property.")
        status = _status(wanted.get("status", "approved"))
        with shop.documents.transaction():
            product = shop.read("product", str(wanted["product_id"]))
            if product is None or product["type"] == "variation":
                raise RestError(404, "woocommerce_rest_product_invalid_id", "Invalid product ID.")
            if not str(wanted["review"]).strip():
                invalid = "woocommerce_rest_review_content_invalid"
                raise RestError(400, invalid, "Invalid review content.")
            if reviews.is_double(shop, wanted):
                double = "woocommerce_rest_comment_duplicate"
                said = "Duplicate comment detected; it looks as though you&#8217;ve already said that!"
                raise RestError(409, double, said)
            review = reviews.make(shop, product, wanted | {"status": status})
        return answer(shop, review, COLLECTION, 201)

    @routes.get("/products/reviews/<int:review_id>")
    def one(review_id: int) -> Response:
        shop = shop_of()
        return answer(shop, _shown(_found(shop, review_id)), ITEM)

    @routes.route("/products/reviews/<int:review_id>", methods=["PUT", "POST", "PATCH"])
    def change(review_id: int) -> Response:
        shop, wanted = shop_of(), sent()
        with shop.documents.transaction():
            review = _found(shop, review_id)
            review |= {name: wanted[name] for name in ("rating", "reviewer") if name in wanted}
            reviews.move(shop, review, _status(wanted.get("status", review["status"])))
        return answer(shop, review, ITEM)

    @routes.delete("/products/reviews/<int:review_id>")
    def delete(review_id: int) -> Response:
        shop = shop_of()
        review = _found(shop, review_id)
        reviews.move(shop, review, "trash")
        if request.args.get("force", "").lower() in ("true", "1"):
            shop.forget("review", review_id)
        return answer(shop, review, ITEM)

    return routes


def _found(shop: Shop, review_id: int) -> reviews.Body:
    review = shop.read("review", review_id)
    if review is None:
        raise RestError(404, "woocommerce_rest_review_invalid_id", "Invalid review ID.")
    return review


def _filtered(shop: Shop) -> list[reviews.Body]:
    wanted = request.args.get("status", "approved")
    if wanted not in _LISTS:
        raise bad_parameter("status", f"status is not one of {', '.join(_LISTS)}.")
    products, email = asked_list("product"), request.args.get("reviewer_email")
    return [
        one
        for one in reviews.every(shop)
        if one["status"] in _LISTS[wanted]
        and (not products or str(one["product_id"]) in products)
        and (email is None or one["reviewer_email"].lower() == email.lower())
    ]


def _shown(review: reviews.Body) -> reviews.Body:
    return review if request.args.get("context") == "edit" else reviews.as_read(review)


def _status(wanted: object) -> str:
    if wanted not in reviews.STATUSES:
        raise bad_parameter("status", f"status is not one of {', '.join(reviews.STATUSES)}.")
    return str(wanted)
