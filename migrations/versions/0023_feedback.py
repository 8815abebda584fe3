"""What mail vendors and mailboxes tell of our mails.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# `feedback`: one row for each thing told, once for ever; `address_hash` and `detail` hold no address.
# `applied_at`: all that follows from it has been done. `early_feedback`: what came before the mail's row
# could be found; it belongs to no shop yet. `messages.delivery`: the furthest that the mail is known to have
# come. `suppressions.until`: of an address that rests. `shops.brake`: why its offers wait, since `braked_at`;
# `brake_freed_at`: from when on mails count again after the merchant let them go on.
TABLES = """
CREATE TABLE feedback (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES shops,
    source text NOT NULL,
    key text NOT NULL,
    message_id bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    address_hash text NOT NULL,
    status text NOT NULL,
    detail text NOT NULL,
    machine boolean NOT NULL,
    received_at timestamptz NOT NULL,
    applied_at timestamptz,
    UNIQUE (shop_id, source, key)
);
CREATE INDEX feedback_message ON feedback (shop_id, message_id);
CREATE INDEX feedback_soft ON feedback (shop_id, address_hash, at) WHERE kind = 'soft_bounced';
CREATE INDEX feedback_back ON feedback (shop_id, at)
    WHERE kind IN ('hard_bounced', 'soft_bounced', 'complained');
CREATE INDEX feedback_open ON feedback (shop_id, id) WHERE applied_at IS NULL;

CREATE TABLE early_feedback (
    source text NOT NULL,
    key text NOT NULL,
    body jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    tried_at timestamptz NOT NULL,
    PRIMARY KEY (source, key)
);
CREATE INDEX early_feedback_tried ON early_feedback (tried_at);

ALTER TABLE messages ADD COLUMN delivery text, ADD COLUMN delivery_at timestamptz;
CREATE INDEX messages_message_id ON messages (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX messages_provider_id ON messages (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX messages_came_back ON messages (shop_id, sent_at) WHERE delivery IN ('bounced', 'complained');

-- Whoever told of a mail has it: it is not in doubt, whenever the doubt comes.
CREATE FUNCTION messages_told_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.state := 'sent';
    NEW.reason := NULL;
    NEW.sent_at := coalesce(NEW.sent_at, NEW.changed_at);
    RETURN NEW;
END $$;
CREATE TRIGGER messages_told_of BEFORE UPDATE OF state, delivery ON messages FOR EACH ROW
    WHEN (NEW.state = 'unknown' AND NEW.delivery IS NOT NULL)
    EXECUTE FUNCTION messages_told_of();

ALTER TABLE suppressions ADD COLUMN until timestamptz;
CREATE INDEX suppressions_until ON suppressions (until) WHERE until IS NOT NULL;

ALTER TABLE shops ADD COLUMN brake text, ADD COLUMN braked_at timestamptz,
    ADD COLUMN brake_freed_at timestamptz;
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)
CROSSING = "(select current_setting('doorstep.crossing', true)) = 'on'"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE feedback ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE feedback FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY feedback_of_shop ON feedback USING ({MINE}) WITH CHECK ({MINE})")
    # Which shops have something left to do is asked for all of them at once, and so is who has rested.
    op.execute(f"CREATE POLICY feedback_crossing ON feedback FOR SELECT USING ({CROSSING})")
    op.execute(
        "CREATE POLICY suppressions_rested ON suppressions"
        f" USING (until IS NOT NULL AND {CROSSING}) WITH CHECK (false)"
    )
