"""Groups of shoppers that a merchant puts together, and what mails earned.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
-- A merchant's own group: plain data of a condition. A flow may be for one group alone.
CREATE TABLE segments (
    shop_id bigint NOT NULL REFERENCES shops,
    key text NOT NULL,
    title text NOT NULL,
    condition jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, key)
);
ALTER TABLE flow_switches ADD COLUMN only_for text;

-- Per cent of people who get nothing, of one flow and of all, so that what mails do can be told from chance.
ALTER TABLE flow_switches ADD COLUMN holdout smallint NOT NULL DEFAULT 0 CHECK (holdout BETWEEN 0 AND 50);
ALTER TABLE shops ADD COLUMN holdout smallint NOT NULL DEFAULT 0 CHECK (holdout BETWEEN 0 AND 50);

-- What somebody has spent at least who is among the best buyers, by their share in whole percent.
ALTER TABLE shops ADD COLUMN top_spent jsonb NOT NULL DEFAULT '{}';
ALTER TABLE shops ADD COLUMN top_counted_at timestamptz;

-- What a mail earned: one row for an order that came of it. `amount`: minor units that the shop keeps of the
-- order, 0 once it was cancelled or given back; `rule`: how it is known.
CREATE TABLE credits (
    shop_id bigint NOT NULL REFERENCES shops,
    order_id text NOT NULL,
    message_id bigint NOT NULL,
    flow_key text NOT NULL,
    step text NOT NULL,
    rule text NOT NULL CHECK (rule IN ('click', 'coupon')),
    amount bigint NOT NULL,
    currency text NOT NULL,
    at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);
CREATE INDEX credits_at ON credits (shop_id, at);
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("segments", "credits"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_shop ON {table} USING ({MINE}) WITH CHECK ({MINE})")
