"""The account of a shopper: the orders under one e-mail address, and each of them."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from sandbox.store import OrderSummary, Refusal
from sandbox.storefront import shopper
from sandbox.storefront.theme import Theme


def account_routes(pages: Blueprint, theme: Theme) -> None:
    def own_orders(email: str) -> list[OrderSummary]:
        wanted = email.lower()
        return [order for order in theme.front().orders() if wanted and (order.email or "").lower() == wanted]

    @pages.get("/account")
    def account() -> Response:
        email = shopper.logged_in(theme.front().name)
        if not email:
            return theme.page("log_in", problem="", given="")
        return theme.page("account", email=email, orders=own_orders(email))

    @pages.post("/account")
    def log_in() -> BaseResponse:
        given = request.form.get("email", "").strip()
        if "@" not in given:
            return theme.page("log_in", 400, problem="Please give an e-mail address.", given=given)
        response = redirect(url_for("storefront.account"), 303)
        shopper.log_in(response, theme.front().name, given)
        return response

    @pages.post("/account/leave")
    def log_out() -> BaseResponse:
        response = redirect(url_for("storefront.account"), 303)
        shopper.log_in(response, theme.front().name, "")
        return response

    @pages.get("/account/orders/<order_id>")
    def order(order_id: str) -> Response:
        mine = own_orders(shopper.logged_in(theme.front().name))
        found = next((one for one in mine if one.id == order_id), None)
        if found is None:
            raise Refusal(404, "There is no such order in this account.")
        return theme.page("order", order=found)
