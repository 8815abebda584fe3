"""The desk: what a shopper gets at most, what other tools sent, how fresh an order is that a mail tells of.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
-- The merchant's limits; a shop without a row has the usual ones (flows/limits.py). Times of day are minutes
-- after midnight. `quiet_service`: quiet hours hold for service mails, too. `fresh_*`: how many minutes an
-- order may be unconfirmed before a mail of the class (0: however many). `unread_minutes`: so long a
-- transactional mail waits for a store that cannot be read, NULL: as long as it may leave at all.
CREATE TABLE mail_limits (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    gap_hours integer NOT NULL,
    month integer NOT NULL,
    week integer NOT NULL,
    quiet_from integer NOT NULL,
    quiet_until integer NOT NULL,
    quiet_service boolean NOT NULL,
    fresh_transactional integer NOT NULL,
    fresh_service integer NOT NULL,
    fresh_marketing integer NOT NULL,
    unread_minutes integer,
    changed_at timestamptz NOT NULL
);

-- Whoever marks a mail that counts takes the next turn of its recipient: who decided on an older one has to
-- look again.
CREATE TABLE desk_turns (
    shop_id bigint NOT NULL REFERENCES shops,
    address_hash text NOT NULL,
    turn bigint NOT NULL,
    PRIMARY KEY (shop_id, address_hash)
);

-- What other tools of the merchant sent, as they reported it. `mail_class`: M or S.
CREATE TABLE outside_sends (
    shop_id bigint NOT NULL REFERENCES shops,
    id text NOT NULL,
    address_hash text NOT NULL,
    tool text NOT NULL,
    mail_class text NOT NULL CHECK (mail_class IN ('S', 'M')),
    sent_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX outside_sends_age ON outside_sends (shop_id, sent_at);
CREATE INDEX outside_sends_person ON outside_sends (shop_id, address_hash, sent_at);

-- When the desk first put this mail off, and when its order was first asked for again (real time).
ALTER TABLE messages ADD COLUMN postponed_at timestamptz;
ALTER TABLE messages ADD COLUMN reread_at timestamptz;
CREATE INDEX messages_touches ON messages (shop_id, lower(recipient), changed_at)
    WHERE state IN ('sending', 'sent', 'unknown') AND mail_class <> 'T';

-- What a mail of the flow is worth beside one of another flow, where the shop says so (flows/worth.py).
ALTER TABLE flow_switches ADD COLUMN worth integer;
-- When the store last told of the order or was asked for it, in real time.
ALTER TABLE orders ADD COLUMN read_at timestamptz;
-- When the look that is under way began, and when the last one that came to its end did (real time): what
-- had changed by then was listed.
ALTER TABLE polls ADD COLUMN asked_at timestamptz;
ALTER TABLE polls ADD COLUMN confirmed_at timestamptz;
"""

TENANT_TABLES = ("mail_limits", "desk_turns", "outside_sends")

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_shop ON {table} USING ({MINE}) WITH CHECK ({MINE})")
