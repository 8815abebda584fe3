"""Foresight: what sells when and with what, and what is expected of each order.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
-- The merchant's own word on what a product, or all of a category, is. NULL: not said, so it is guessed.
-- `key`: a product's id, or a category's name in small letters. `lasts_days`: how long one piece lasts;
-- `pack`: how many usual portions one piece holds, in hundredths.
CREATE TABLE product_words (
    shop_id bigint NOT NULL REFERENCES shops,
    scope text NOT NULL CHECK (scope IN ('product', 'category')),
    key text NOT NULL,
    timing text,
    consumable boolean,
    durable boolean,
    digital boolean,
    lasts_days integer,
    pack integer,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, scope, key)
);

-- Which products are in which order: a narrow index over the orders' lines, kept with them.
CREATE TABLE order_products (
    shop_id bigint NOT NULL REFERENCES shops,
    order_id text NOT NULL,
    product_id text NOT NULL,
    quantity integer NOT NULL,
    placed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, order_id, product_id)
);
CREATE INDEX order_products_of ON order_products (shop_id, product_id, placed_at DESC)
    INCLUDE (order_id, quantity);

-- What was learnt of a product. `days`: the middle of the days between somebody's first and second order of
-- it, `early` and `late` the quartiles, `samples` the buyers it was learnt from, `quantity` the middle of the
-- pieces of their first orders. `stale`: an order of it was stored since.
CREATE TABLE product_habits (
    shop_id bigint NOT NULL REFERENCES shops,
    product_id text NOT NULL,
    orders integer NOT NULL DEFAULT 0,
    days integer,
    early integer,
    late integer,
    samples integer NOT NULL DEFAULT 0,
    quantity integer NOT NULL DEFAULT 1,
    stale boolean NOT NULL DEFAULT true,
    computed_at timestamptz,
    PRIMARY KEY (shop_id, product_id)
);
CREATE INDEX product_habits_stale ON product_habits (shop_id, product_id) WHERE stale;

-- What goes with a product, best first. `why`: "together", "bundle", "category", "vendor"; `support`: in how
-- many orders both were.
CREATE TABLE product_picks (
    shop_id bigint NOT NULL REFERENCES shops,
    product_id text NOT NULL,
    pick_id text NOT NULL,
    rank integer NOT NULL,
    why text NOT NULL,
    support integer NOT NULL,
    PRIMARY KEY (shop_id, product_id, pick_id)
);

-- What is expected of an order. `subject`: the product or parcel that it is about, '': the whole order.
CREATE TABLE estimates (
    shop_id bigint NOT NULL REFERENCES shops,
    order_id text NOT NULL,
    name text NOT NULL,
    subject text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    earliest timestamptz,
    latest timestamptz,
    samples integer NOT NULL,
    source text NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, order_id, name, subject)
);
"""

# Orders that are there already.
FILL = """
INSERT INTO order_products (shop_id, order_id, product_id, quantity, placed_at)
SELECT o.shop_id, o.id, l->>'product_id', least(sum((l->>'quantity')::bigint), 100000), o.placed_at
FROM orders o, jsonb_array_elements(o.body->'lines') AS l
WHERE o.body->>'state' = 'open' AND o.body->>'accepted_at' IS NOT NULL
    AND NOT (o.body->>'is_test')::boolean AND l->>'product_id' IS NOT NULL
    AND NOT (l->>'gift_card')::boolean AND (l->>'quantity')::bigint > 0
GROUP BY o.shop_id, o.id, l->>'product_id', o.placed_at
"""

TENANT_TABLES = ("product_words", "order_products", "product_habits", "product_picks", "estimates")

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


CROSSING = "(select current_setting('doorstep.crossing', true)) = 'on'"
# Which shop's products are looked at next.
STALE = f"CREATE POLICY product_habits_crossing ON product_habits FOR SELECT USING ({CROSSING})"


def upgrade() -> None:
    op.execute(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_shop ON {table} USING ({MINE}) WITH CHECK ({MINE})")
    op.execute(STALE)
    op.execute("SELECT set_config('doorstep.shops', array_agg(id)::text, true) FROM shops")
    op.execute(FILL)
    op.execute(
        "INSERT INTO product_habits (shop_id, product_id) SELECT DISTINCT shop_id, product_id FROM"
        " order_products"
    )
    op.execute("SELECT set_config('doorstep.shops', '', true)")
