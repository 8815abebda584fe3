"""Store credit, never twice for one key.

The API takes no key with it and keeps no note of ours on it. So a mark is set first, in a metafield that
belongs to our installation: under the key, with the newest grant that the account held by then. Who finds
the mark looks whether a grant like his has come since, and sets it anew before he grants. Of two at once,
only one can set it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.amounts import decimal_text
from connectors.base import NotThere, Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import Complaint, call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig, listed
from connectors.writes import GrantCredit, Written

NAMESPACE = "doorstep_credit"
ACCOUNTS, GRANTS_PER_PAGE = 50, 100
_MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class _Mark:
    """`before`: the newest grant of the time when it was set first. `digest`: of the mark as it was read."""

    before: str
    tries: int = 0
    digest: str | None = None

    @staticmethod
    def of(field: Any) -> _Mark | None:
        """Raises StoreUnreachable for what is none of ours."""
        if field is None:
            return None
        try:
            value = json.loads(dig(field, "value"))
            return _Mark(str(value["before"]), int(value["tries"]), str(dig(field, "compareDigest")))
        except (ValueError, TypeError, KeyError) as error:
            raise StoreUnreachable("our own mark cannot be read") from error


def grant_credit(store: Store, what: GrantCredit) -> Written:
    """Raises StoreUnreachable where another process is about to grant the same."""
    if what.amount <= 0:
        raise StoreRefused("a credit must be more than nothing")
    mark = hashlib.sha256(what.key.encode()).hexdigest()[:40]
    customer = gid("Customer", what.customer_id)
    found = call(store, "credit_accounts", {"id": customer, "mark": mark, "first": ACCOUNTS})
    if dig(found, "customer") is None:
        raise NotThere("there is no such customer")
    account = _account(found, what.currency)
    known = _Mark.of(dig(found, "currentAppInstallation.metafield"))
    if known is None:
        newest = next(_grants(store, account), None) if account else None
        known = _Mark(str(dig(newest, "id") or ""))
    else:
        for node in _since(store, account, known.before):
            if _is_this(node, what):
                return Written(str(dig(node, "id")), already=True)
    _set_mark(store, str(dig(found, "currentAppInstallation.id") or ""), mark, known)
    credit = {
        "creditAmount": {"amount": decimal_text(what.amount, what.currency), "currencyCode": what.currency},
        "expiresAt": what.ends_at.isoformat() if what.ends_at else None,
        "notify": False,
    }
    made = call(store, "credit_grant", {"id": customer, "credit": credit})
    return Written(str(dig(made, "storeCreditAccountCredit.storeCreditAccountTransaction.id") or ""))


def _account(found: Any, currency: str) -> str:
    """Empty: the first credit in this currency opens one."""
    for node in listed(found, "customer.storeCreditAccounts.nodes"):
        if dig(node, "balance.currencyCode") == currency:
            return str(dig(node, "id") or "")
    return ""


def _grants(store: Store, account: str) -> Iterator[Any]:
    """Credits of the account, newest first."""
    after = None
    for _ in range(_MOST_PAGES):
        asked = {"id": account, "first": GRANTS_PER_PAGE, "after": after}
        page = dig(call(store, "credit_grants", asked), "storeCreditAccount.transactions")
        for node in listed(page, "nodes"):
            if dig(node, "__typename") == "StoreCreditAccountCreditTransaction":
                yield node
        after = dig(page, "pageInfo.endCursor")
        if not dig(page, "pageInfo.hasNextPage") or not isinstance(after, str):
            return
    raise StoreUnreachable("the list of credits does not end")


def _since(store: Store, account: str, before: str) -> Iterator[Any]:
    if not account:
        return
    for node in _grants(store, account):
        if dig(node, "id") == before:
            return
        yield node


def _is_this(node: Any, what: GrantCredit) -> bool:
    """Given by hand or by an app, not by a refund; of the same amount, until the same day."""
    try:
        amount = Decimal(str(dig(node, "amount.amount")))
    except InvalidOperation:
        return False
    ends = dig(node, "expiresAt")
    return (
        dig(node, "event") == "ADJUSTMENT"
        and amount == Decimal(decimal_text(what.amount, what.currency))
        and _day(ends) == (what.ends_at.date() if what.ends_at else None)
    )


def _day(text: Any) -> Any:
    try:
        return datetime.fromisoformat(text).date() if isinstance(text, str) else None
    except ValueError:
        return None


def _set_mark(store: Store, owner: str, key: str, mark: _Mark) -> None:
    """Only where it is still as it was read: of two that try at once, one is turned away here."""
    if not owner:
        raise StoreUnreachable("the store does not name our installation")
    field = {
        "ownerId": owner,
        "namespace": NAMESPACE,
        "key": key,
        "type": "json",
        "value": json.dumps({"before": mark.before, "tries": mark.tries + 1}),
        "compareDigest": mark.digest,
    }
    try:
        call(store, "metafields_set", {"metafields": [field]})
    except Complaint as complaint:
        if complaint.codes & {"INVALID_COMPARE_DIGEST", "STALE_OBJECT"}:
            raise StoreUnreachable("the same credit is being granted at this moment") from None
        raise
