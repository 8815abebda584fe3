"""Shopify's tokens for what a merchant brings: a code, or an id token. One exchange a shop at a time, and
none while a good token is stored, because each revokes the token before it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, see_shops
from app.keys import BadSeal, Keys
from app.models.shop import CONNECTED
from app.queries.shops import shop_by_domain
from app.services.install import Attempt, Connected, connect_within
from app.services.tokens import Tokens, is_over, token_secrets
from connectors.shopify.tokens import exchange_code, exchange_id_token
from flows.commerce import Platform


def by_code(tokens: Tokens, attempt: Attempt, code: str, now: datetime, real: datetime) -> Connected:
    """Raises StoreError, Refused. The code counts once, so it is used whatever is stored: the merchant has
    just granted something."""
    with tokens.database.nobody() as session:
        _alone(session, attempt.domain)
        token = exchange_code(tokens.http, attempt.domain, tokens.shopify, code, real)
        return connect_within(session, tokens.keys, attempt, token_secrets(token), now, real)


def by_id_token(tokens: Tokens, shop: str, id_token: str, now: datetime, real: datetime) -> Connected | None:
    """None: a good token is stored, and stays. Raises StoreError, and Refused where Shopify does not take the
    id token."""
    if has_good_token(tokens.database, tokens.keys, shop, real):
        return None
    with tokens.database.nobody() as session:
        _alone(session, shop)
        if has_good_token(tokens.database, tokens.keys, shop, real):
            return None  # whoever was faster
        token = exchange_id_token(tokens.http, shop, tokens.shopify, id_token, real)
        attempt = Attempt(Platform.SHOPIFY, shop, f"https://{shop}")
        return connect_within(session, tokens.keys, attempt, token_secrets(token), now, real)


def has_good_token(database: Database, keys: Keys, shop: str, real: datetime) -> bool:
    """Whether the shop is connected by a token that can be used, or renewed, without the merchant."""
    with database.nobody() as session:
        row = shop_by_domain(session, Platform.SHOPIFY, shop)
        if row is None or row.state != CONNECTED:
            return False
        see_shops(session, [row.id])
        sealed = session.execute(
            text("SELECT sealed FROM shop_secrets WHERE shop_id = :id"), {"id": row.id}
        ).scalar_one_or_none()
    try:
        return sealed is not None and not is_over(keys.unseal(row.id, bytes(sealed)), real)
    except BadSeal:
        return False


def _alone(session: Session, domain: str) -> None:
    """Until the transaction ends: no other exchange for this shop, known or not, and no renewal. The shop
    comes before its secrets, as everywhere."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"token:{domain}"}
    )
    row = session.execute(
        text("SELECT id FROM shops WHERE platform = 'shopify' AND domain = :domain FOR NO KEY UPDATE"),
        {"domain": domain},
    ).one_or_none()
    if row is not None:
        see_shops(session, [row.id])
        session.execute(
            text("SELECT shop_id FROM shop_secrets WHERE shop_id = :id FOR UPDATE"), {"id": row.id}
        )
