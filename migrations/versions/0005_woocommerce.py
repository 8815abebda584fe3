"""WooCommerce, complete: how a store is doing, and what its own words for shipping mean.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
-- What we last saw of a store. `findings`: what the connection suffers from,
-- a list of {"key": ..., ...}. `hooks_broken`: its webhooks had to be mended at the last look, or could not
-- be; `hooks_said`: what was done, a line each; `mended`: how many so far. `plugin`: what our plugin there
-- says of itself, NULL: it does not answer; `pushed`: what it was last told, without the secret.
-- `missed_at`: when a look at the orders last found a change that no webhook had told us of in time.
-- `failures`: calls in a row that brought nothing, `failing_since` the first of them; until `rests_until`
-- nothing is asked of the store. `strayed_from`: another address that last sent messages with this shop's
-- signature, a copy of it or its new home.
CREATE TABLE store_health (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    checked_at timestamptz,
    findings jsonb NOT NULL DEFAULT '[]',
    hooks_at timestamptz,
    hooks_broken boolean NOT NULL DEFAULT false,
    hooks_said jsonb NOT NULL DEFAULT '[]',
    mended bigint NOT NULL DEFAULT 0,
    plugin jsonb,
    plugin_seen_at timestamptz,
    plugin_error text NOT NULL DEFAULT '',
    pushed jsonb NOT NULL DEFAULT '{}',
    missed_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    rests_until timestamptz,
    strayed_from text NOT NULL DEFAULT '',
    strayed_at timestamptz
);

-- The merchant's own words for shipping. `statuses`: the store's order status -> "shipped", "partly",
-- "delivered" or "nothing". The keys name order fields in which another plugin keeps number, carrier and
-- link of a parcel. `known`: the statuses that the store has, a list of {"slug", "name", "orders"}.
CREATE TABLE shipment_words (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    statuses jsonb NOT NULL DEFAULT '{}',
    number_key text NOT NULL DEFAULT '',
    carrier_key text NOT NULL DEFAULT '',
    link_key text NOT NULL DEFAULT '',
    known jsonb NOT NULL DEFAULT '[]',
    changed_at timestamptz
);

-- Mails of a store's own that our plugin held back, each until it is settled: `replaced`, ours left in its
-- place; `released`, the store was asked to send it after all.
CREATE TABLE held_mails (
    shop_id bigint NOT NULL REFERENCES shops,
    order_id text NOT NULL,
    mail text NOT NULL,
    held_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'replaced', 'released')),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, order_id, mail)
);
CREATE INDEX held_mails_open ON held_mails (shop_id, held_at) WHERE state = 'held';

-- Why a store that has answered was not connected: a list of {"key": ..., ...}.
ALTER TABLE install_attempts ADD COLUMN findings jsonb NOT NULL DEFAULT '[]';

-- How often in a row this poll failed.
ALTER TABLE polls ADD COLUMN failures integer NOT NULL DEFAULT 0;
-- When this poll last came to its end, in real time.
ALTER TABLE polls ADD COLUMN looked_at timestamptz;
-- The newest change that the store told of in its listing, by its own clock.
ALTER TABLE polls ADD COLUMN newest timestamptz;
"""

NEW_POLLS = """
INSERT INTO polls (shop_id, noun, watermark, next_at)
SELECT id, noun, connected_at, connected_at FROM shops CROSS JOIN (VALUES ('hooks'), ('trash')) AS n(noun)
WHERE platform = 'woocommerce' AND state <> 'uninstalled' ON CONFLICT DO NOTHING
"""

TENANT_TABLES = ("store_health", "shipment_words", "held_mails")

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    # Shops that are connected already are looked at, too.
    op.execute("SELECT set_config('doorstep.crossing', 'on', true)")
    op.execute(NEW_POLLS)
    op.execute("SELECT set_config('doorstep.crossing', 'off', true)")
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_shop ON {table} USING ({MINE}) WITH CHECK ({MINE})")
