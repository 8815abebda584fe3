"""Coupons: one code for each mail that carries one. Birthdays are found by their day.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = """
-- A code that one mail carries: what it gives and until when. Whether the store has it by now is told by
-- what is owed to the store under `coupon:<code>`. `value`: whole percent, or minor units of `currency`;
-- `minimum`: the least subtotal, 0 for none.
CREATE TABLE coupons (
    shop_id bigint NOT NULL REFERENCES shops,
    journey_id bigint NOT NULL,
    step text NOT NULL,
    order_id text NOT NULL,
    flow_key text NOT NULL,
    code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('percent', 'amount', 'free_shipping')),
    value bigint NOT NULL,
    currency text NOT NULL,
    minimum bigint NOT NULL DEFAULT 0,
    ends_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, journey_id, step),
    UNIQUE (shop_id, code)
);
CREATE INDEX coupons_order ON coupons (shop_id, order_id);

-- Whose birthday is today: month and day, as "03-31".
CREATE INDEX customers_birthday ON customers (shop_id, (body->>'birthday'))
    WHERE body->>'birthday' IS NOT NULL;
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE coupons ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE coupons FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY coupons_of_shop ON coupons USING ({MINE}) WITH CHECK ({MINE})")
