"""Store credit: one account for each customer and currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, as_moment, moment, number_in, plain
from sandbox.shopify.admin_api.connections import Rows, rows
from sandbox.shopify.admin_api.fields.money import money
from sandbox.shopify.admin_api.writes import Body, done, refused
from sandbox.shopify.money import minor
from sandbox.shopify.shop import number_of


def of_customer(customer: Body, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_store_credit_accounts")
    return rows(_accounts(asking, number_of(customer)), lambda account: (account["id"],))


def _accounts(asking: Asking, customer: str) -> list[Body]:
    return [one for one in asking.shop.all("credit_account") if one["customer"] == customer]


def _account(source: Any, asking: Asking, arguments: Arguments) -> Body | None:
    asking.needs("read_store_credit_accounts")
    return asking.shop.read("credit_account", number_in(arguments["id"], "StoreCreditAccount"))


def _credit(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_store_credit_account_transactions")
    wanted, shop = arguments["creditInput"], asking.shop
    given, currency = wanted["creditAmount"]["amount"], wanted["creditAmount"]["currencyCode"]
    if given <= 0:
        return refused("Credit amount must be positive", "NEGATIVE_OR_ZERO_AMOUNT", ["creditInput"])
    ends = wanted.get("expiresAt")
    if ends is not None and ends <= shop.clock.now():
        return refused("Expiry date must be in the future", "EXPIRES_AT_IN_PAST", ["creditInput"])
    with shop.documents.transaction():
        account = _opened(asking, arguments["id"], currency)
        if account is None:
            return refused("Owner or account does not exist", "OWNER_NOT_FOUND", ["id"])
        id = shop.new_id("credit")
        transaction = {
            "id": id,
            "amount": str(given),
            "currency": currency,
            "created_at": shop.now_text(),
            "expires_at": None if ends is None else ends.isoformat(),
        }
        account["balance"] = str(Decimal(account["balance"]) + given)
        account["transactions"].append(transaction)
        shop.write("credit_account", account, str(account["id"]))
    return done(storeCreditAccountTransaction=transaction | {"account": account})


def _opened(asking: Asking, id: str, currency: str) -> Body | None:
    """The account itself or the customer's; the first credit in a currency opens one."""
    shop = asking.shop
    if "/StoreCreditAccount/" in id:
        return shop.read("credit_account", number_in(id, "StoreCreditAccount"))
    customer = number_in(id, "Customer")
    if shop.read("customer", customer) is None:
        return None
    for account in _accounts(asking, customer):
        if account["currency"] == currency:
            return account
    new = shop.new_id("credit_account")
    return {"id": new, "customer": customer, "currency": currency, "balance": "0", "transactions": []}


def _transactions(account: Body, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_store_credit_account_transactions")
    listed = [one | {"account": account} for one in account["transactions"]]
    return rows(listed, lambda one: (one["id"],))


QUERIES: Fields = {"storeCreditAccount": _account}
MUTATIONS: Fields = {"storeCreditAccountCredit": _credit}
FIELDS: dict[str, Fields] = {
    "StoreCreditAccount": {
        "id": lambda account, asking, arguments: f"gid://shopify/StoreCreditAccount/{account['id']}",
        "balance": lambda account, asking, arguments: money(minor(account["balance"]), account["currency"]),
        "transactions": _transactions,
    },
    "StoreCreditAccountCreditTransaction": {
        "id": lambda one, asking, arguments: f"gid://shopify/StoreCreditAccountCreditTransaction/{one['id']}",
        "account": plain("account"),
        "amount": lambda one, asking, arguments: money(minor(one["amount"]), one["currency"]),
        "createdAt": moment("created_at"),
        "event": lambda one, asking, arguments: "ADJUSTMENT",
        "expiresAt": lambda one, asking, arguments: as_moment(one["expires_at"]),
    },
}
