"""Shopify, complete: rights, pauses, returns, writes to the store, features, plans, privacy requests.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
-- `platform_id`: the store's own number for the shop, which bodies name. `scopes`: rights granted, a comma
-- list. `paused_at`: since when nothing is woken or handed over, because the store does not let us in.
ALTER TABLE shops ADD COLUMN platform_id text NOT NULL DEFAULT '';
ALTER TABLE shops ADD COLUMN scopes text NOT NULL DEFAULT '';
ALTER TABLE shops ADD COLUMN paused_at timestamptz;
ALTER TABLE shops ADD COLUMN redacted_at timestamptz;
UPDATE shops SET paused_at = connected_at WHERE state = 'needs_reconnect';

-- Where on the store's own address our pages are looked for: a merchant may move them. `pages_prefix` is
-- where they were found.
ALTER TABLE shops ADD COLUMN pages_path text NOT NULL DEFAULT '/apps/doorstep';

-- Whether the platform bills this shop for us; only then does it have a plan, and a limit. `counted_at`:
-- when the first flow began for an order that counts against the plan of that month.
ALTER TABLE shops ADD COLUMN billed boolean NOT NULL DEFAULT false;
-- `for_tests`: the store says that it sells nothing, so its test orders stand for real ones.
ALTER TABLE shops ADD COLUMN for_tests boolean NOT NULL DEFAULT false;
ALTER TABLE orders ADD COLUMN counted_at timestamptz;
CREATE INDEX orders_counted ON orders (shop_id, counted_at) WHERE counted_at IS NOT NULL;

-- `sealed_with`: which encryption key opens the row, by its id. `renewed_at`: when the token was last changed
-- for its successor; `changed_at` stays the time of the merchant's grant.
ALTER TABLE shop_secrets ADD COLUMN sealed_with text NOT NULL DEFAULT '';
ALTER TABLE shop_secrets ADD COLUMN renewed_at timestamptz;

-- How far a listing has come, in the store's own count; NULL: it does not say.
ALTER TABLE polls ADD COLUMN done bigint;
ALTER TABLE polls ADD COLUMN total bigint;
-- Somebody is at it, and `next_at` is until when: whoever wants it sooner has to wait for that.
ALTER TABLE polls ADD COLUMN held boolean NOT NULL DEFAULT false;

-- Who ordered before, where an address is missing.
CREATE INDEX orders_customer ON orders (shop_id, (body->>'customer_id'), placed_at);

-- When a process that must never be silent was last alive; whoever finds a gap heals it.
CREATE TABLE heartbeats (
    name text PRIMARY KEY,
    at timestamptz NOT NULL
);

CREATE TABLE returns (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    order_id text NOT NULL,
    version timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX returns_order ON returns (shop_id, order_id);

-- What we owe the store: written once, by its key; a repeat finds it done.
CREATE TABLE store_writes (
    shop_id bigint NOT NULL REFERENCES shops,
    key text NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'given_up')),
    asked_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    answer text,
    error text,
    PRIMARY KEY (shop_id, key)
);
CREATE INDEX store_writes_open ON store_writes (next_at) WHERE state = 'open';

-- What a merchant turned on that needs more rights than the app has from the start.
CREATE TABLE features (
    shop_id bigint NOT NULL REFERENCES shops,
    key text NOT NULL,
    enabled boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, key)
);

-- The plan that the platform says the shop is on. No row: the free one.
CREATE TABLE shop_plans (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    plan text NOT NULL,
    status text NOT NULL,
    subscription_id text NOT NULL DEFAULT '',
    verified_at timestamptz NOT NULL
);

-- What a person or a shop may demand of us by law; `body` is emptied when it is done.
CREATE TABLE privacy_requests (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    kind text NOT NULL CHECK (kind IN ('export', 'forget_person', 'forget_shop')),
    key text NOT NULL,
    body jsonb NOT NULL DEFAULT '{}',
    received_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    export bytea,
    export_until timestamptz,
    error text,
    UNIQUE (shop_id, kind, key)
);
CREATE INDEX privacy_requests_open ON privacy_requests (next_at) WHERE done_at IS NULL;

-- Whom and what a shop was told to forget, as keyed hashes: what is said late of them is stored without them.
CREATE TABLE forgotten (
    shop_id bigint NOT NULL REFERENCES shops,
    hash text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, hash)
);
"""

NEW_POLLS = """
INSERT INTO polls (shop_id, noun, watermark, next_at)
SELECT s.id, n.noun, s.connected_at, s.connected_at
FROM shops s, (VALUES ('customers'), ('nightly')) AS n(noun)
WHERE s.state <> 'uninstalled' ON CONFLICT DO NOTHING
"""
TENANT_TABLES = ("returns", "store_writes", "features", "shop_plans", "privacy_requests", "forgotten")
CROSSED_TABLES = ("store_writes", "privacy_requests")

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)
CROSSING = "(select current_setting('doorstep.crossing', true)) = 'on'"


def upgrade() -> None:
    op.execute(TABLES)
    # Shops that are connected already are asked these questions, too.
    op.execute("SELECT set_config('doorstep.crossing', 'on', true)")
    op.execute(NEW_POLLS)
    op.execute("SELECT set_config('doorstep.crossing', 'off', true)")
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_shop ON {table} USING ({MINE}) WITH CHECK ({MINE})")
    for table in CROSSED_TABLES:
        op.execute(f"CREATE POLICY {table}_crossing ON {table} USING ({CROSSING}) WITH CHECK ({CROSSING})")
