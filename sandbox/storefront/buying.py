"""From the product to the thank-you page: basket, checkout, order."""

from __future__ import annotations

import re

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from sandbox.store import Refusal, UnknownCode
from sandbox.storefront import shopper, view
from sandbox.storefront.brands import brand_of
from sandbox.storefront.checkout_form import order_from, problems_of, suggested
from sandbox.storefront.theme import Theme


def buying_routes(pages: Blueprint, theme: Theme) -> None:
    def chosen() -> dict[str, int]:
        shop = theme.front()
        return shopper.basket(shop.name, {card["sku"] for card in shop.products()})

    def keep(response: BaseResponse, pieces: dict[str, int]) -> BaseResponse:
        shopper.keep_basket(response, theme.front().name, pieces)
        return response

    def basket_lines() -> list[view.BasketLine]:
        return view.basket_lines(theme.front().products(), chosen())

    @pages.post("/basket")
    def put_in() -> BaseResponse:
        sku, pieces = request.form.get("sku", ""), chosen()
        if sku not in {card["sku"] for card in theme.front().products()}:
            raise Refusal(404, "There is no such product here.")
        pieces[sku] = min(pieces.get(sku, 0) + _pieces(request.form), shopper.MOST_PIECES)
        there = "checkout" if request.form.get("then") == "checkout" else "basket"
        return keep(redirect(url_for(f"storefront.{there}"), 303), pieces)

    @pages.get("/basket")
    def basket() -> Response:
        lines = basket_lines()
        return theme.page("basket", lines=lines, sums=view.sums(lines, theme.front()))

    @pages.post("/basket/change")
    def change() -> BaseResponse:
        pieces, sku = chosen(), request.form.get("sku", "")
        if sku in pieces:
            pieces[sku] = 0 if "remove" in request.form else _pieces(request.form)
        return keep(redirect(url_for("storefront.basket"), 303), pieces)

    @pages.get("/checkout")
    def checkout() -> BaseResponse:
        if not chosen():
            return redirect(url_for("storefront.basket"), 303)
        shop = theme.front()
        given = suggested(brand_of(shop.currency), shopper.logged_in(shop.name))
        return checkout_page(given, {}, "", 200)

    @pages.post("/checkout")
    def place() -> BaseResponse:
        shop, given, lines = theme.front(), dict(request.form), chosen()
        problems = problems_of(given, brand_of(shop.currency))
        if problems:
            return checkout_page(given, problems, "Some fields below need another look.", 400)
        try:
            placed = shop.place_order(order_from(given, tuple(lines.items())))
        except UnknownCode:
            problems["discount_code"] = "We do not know this code. Leave it empty to go on without one."
            return checkout_page(given, problems, "The discount code needs another look.", 400)
        except Refusal as refusal:
            return checkout_page(given, {}, refusal.message, refusal.status)
        response = redirect(url_for("storefront.placed", order=placed.id), 303)
        shopper.log_in(response, shop.name, given["email"].strip())
        return keep(response, {})

    @pages.get("/placed")
    def placed() -> Response:
        return theme.page("placed", order=theme.front().order(request.args.get("order", "")))

    def checkout_page(given: dict[str, str], problems: dict[str, str], problem: str, status: int) -> Response:
        lines = basket_lines()
        return theme.page(
            "checkout", status, lines=lines, sums=view.sums(lines, theme.front()), given=given,
            problems=problems, problem=problem,
        )  # fmt: skip


def _pieces(form: dict[str, str]) -> int:
    """Raises Refusal 400."""
    quantity = form.get("quantity", "1")
    if not re.fullmatch("[1-9][0-9]?", quantity):
        raise Refusal(400, "Please choose between 1 and 99 pieces.")
    return int(quantity)
