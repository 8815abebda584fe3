"""The road: shops, inbox, what the store said, journeys, timers, the send ledger.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE shops (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform text NOT NULL CHECK (platform IN ('shopify', 'woocommerce')),
    domain text NOT NULL,
    token text NOT NULL UNIQUE,
    base_url text NOT NULL,
    state text NOT NULL CHECK (state IN ('connected', 'needs_reconnect', 'uninstalled')),
    generation integer NOT NULL DEFAULT 1,
    connected_at timestamptz NOT NULL,
    imported_at timestamptz,
    problem text,
    name text NOT NULL DEFAULT '',
    url text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    currency text NOT NULL DEFAULT '',
    timezone text NOT NULL DEFAULT 'UTC',
    locale text NOT NULL DEFAULT 'en',
    country text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    UNIQUE (platform, domain)
);

CREATE TABLE install_attempts (
    reference_hash text PRIMARY KEY,
    platform text NOT NULL,
    domain text NOT NULL,
    base_url text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    shop_id bigint
);

CREATE TABLE drops (
    day date NOT NULL,
    platform text NOT NULL,
    reason text NOT NULL,
    count bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (day, platform, reason)
);

CREATE TABLE shop_secrets (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    sealed bytea NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    topic text NOT NULL,
    dedupe text NOT NULL,
    body bytea NOT NULL,
    triggered_at timestamptz,
    received_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'quarantined')),
    outcome text,
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    error text,
    processed_at timestamptz,
    UNIQUE (shop_id, dedupe)
);
CREATE INDEX inbox_waiting ON inbox (shop_id, id) WHERE state = 'new';

CREATE TABLE wishes (
    shop_id bigint NOT NULL REFERENCES shops,
    noun text NOT NULL,
    id text NOT NULL,
    reason text NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    attempts integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'given_up')),
    error text,
    PRIMARY KEY (shop_id, noun, id)
);
CREATE INDEX wishes_open ON wishes (next_at) WHERE state = 'open';

CREATE TABLE polls (
    shop_id bigint NOT NULL REFERENCES shops,
    noun text NOT NULL,
    watermark timestamptz NOT NULL,
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    began_at timestamptz,
    cursor text,
    healed bigint NOT NULL DEFAULT 0,
    error text,
    PRIMARY KEY (shop_id, noun)
);
CREATE INDEX polls_next ON polls (next_at);

CREATE TABLE orders (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    version timestamptz NOT NULL,
    number text NOT NULL,
    email text,
    placed_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX orders_number ON orders (shop_id, number);
CREATE INDEX orders_email ON orders (shop_id, email, placed_at);

CREATE TABLE parcels (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    order_id text NOT NULL,
    version timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX parcels_order ON parcels (shop_id, order_id);

CREATE TABLE parcel_events (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    order_id text NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX parcel_events_order ON parcel_events (shop_id, order_id);

CREATE TABLE refunds (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    order_id text NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX refunds_order ON refunds (shop_id, order_id);

CREATE TABLE products (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    version timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE customers (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    version timestamptz NOT NULL,
    email text,
    body jsonb NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX customers_email ON customers (shop_id, email);

CREATE TABLE consents (
    shop_id bigint NOT NULL REFERENCES shops,
    email text NOT NULL,
    state text NOT NULL,
    at timestamptz,
    PRIMARY KEY (shop_id, email)
);

CREATE TABLE suppressions (
    shop_id bigint NOT NULL REFERENCES shops,
    address_hash text NOT NULL,
    mail_class text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, address_hash, mail_class)
);

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    generation integer NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    order_id text NOT NULL,
    parcel_id text,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    inbox_id bigint,
    declined jsonb NOT NULL DEFAULT '{}',
    UNIQUE (shop_id, generation, key)
);
CREATE INDEX events_order ON events (shop_id, order_id);

CREATE TABLE flow_switches (
    shop_id bigint NOT NULL REFERENCES shops,
    flow_key text NOT NULL,
    enabled boolean NOT NULL,
    since timestamptz NOT NULL,
    ends_at timestamptz,
    knobs jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (shop_id, flow_key)
);
CREATE INDEX flow_switches_ending ON flow_switches (ends_at) WHERE ends_at IS NOT NULL;

CREATE TABLE journeys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    generation integer NOT NULL,
    flow_key text NOT NULL,
    flow_version integer NOT NULL,
    subject text NOT NULL,
    order_id text NOT NULL,
    parcel_id text,
    event_key text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'done', 'ended', 'declined')),
    step text,
    anchor timestamptz NOT NULL,
    wake_at timestamptz,
    end_reason text,
    revision integer NOT NULL DEFAULT 1,
    reasons jsonb NOT NULL DEFAULT '[]',
    started_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    UNIQUE (shop_id, generation, flow_key, subject)
);
CREATE INDEX journeys_order ON journeys (shop_id, order_id);
CREATE INDEX journeys_active ON journeys (shop_id, flow_key) WHERE status = 'active';

CREATE TABLE timers (
    journey_id bigint PRIMARY KEY REFERENCES journeys,
    shop_id bigint NOT NULL,
    due_at timestamptz NOT NULL,
    lane smallint NOT NULL
);
CREATE INDEX timers_due ON timers (lane, shop_id, due_at);
CREATE INDEX timers_next ON timers (due_at);

CREATE TABLE messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    generation integer NOT NULL,
    journey_id bigint NOT NULL REFERENCES journeys,
    flow_key text NOT NULL,
    step text NOT NULL,
    occurrence integer NOT NULL,
    template text NOT NULL,
    mail_class text NOT NULL,
    lane smallint NOT NULL,
    order_id text NOT NULL,
    parcel_id text,
    recipient text,
    state text NOT NULL DEFAULT 'due' CHECK (state IN (
        'due', 'claimed', 'sending', 'sent', 'failed', 'unknown', 'skipped', 'cancelled', 'expired')),
    due_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    lease_until timestamptz,
    token bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    reason text,
    reasons jsonb NOT NULL DEFAULT '[]',
    subject text,
    message_id text,
    provider text,
    provider_id text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    sent_at timestamptz,
    UNIQUE (shop_id, journey_id, step, occurrence)
);
CREATE INDEX messages_due ON messages (lane, shop_id, next_at) WHERE state = 'due';
CREATE INDEX messages_next ON messages (next_at) WHERE state = 'due';
CREATE INDEX messages_leased ON messages (lease_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX messages_order ON messages (shop_id, order_id);
CREATE INDEX messages_recipient ON messages (shop_id, lower(recipient));
CREATE INDEX messages_open ON messages (shop_id, flow_key) WHERE state IN ('due', 'claimed');

CREATE TABLE message_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    message_id bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX message_events_message ON message_events (shop_id, message_id);
"""


def upgrade() -> None:
    op.execute(TABLES)
