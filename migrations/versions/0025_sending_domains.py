"""A shop sends from its own domain.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# `local`: what stands before the @. `record`: the public half of the sealed key, as DNS is to have it.
# `found`: by record, what the last look found. `verified_at`: business time, from which a new domain grows
# warm; `warm_day` is the day of that, and `warm_taken` how many mails took their place on it.
# `failing_since`: since when a record is surely not there any more. All else is real time.
TABLES = """
CREATE TABLE sending_domains (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    domain text NOT NULL,
    local text NOT NULL,
    selector text NOT NULL,
    record text NOT NULL,
    sealed_key bytea NOT NULL,
    state text NOT NULL DEFAULT 'unverified' CHECK (state IN ('unverified', 'verified', 'broken')),
    found jsonb NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL,
    asked_at timestamptz,
    looked_at timestamptz,
    look_at timestamptz NOT NULL,
    verified_at timestamptz,
    failing_since timestamptz,
    warm_day integer NOT NULL DEFAULT 0,
    warm_taken integer NOT NULL DEFAULT 0
);
CREATE INDEX sending_domains_look_at ON sending_domains (look_at);

-- On which day of its domain's growing warm a mail took a place, so that it takes no second one.
ALTER TABLE messages ADD COLUMN warm_day integer;
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)
CROSSING = "(select current_setting('doorstep.crossing', true)) = 'on'"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE sending_domains ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE sending_domains FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sending_domains_of_shop ON sending_domains USING ({MINE}) WITH CHECK ({MINE})")
    # Whose domain is to be looked at today is asked for all shops at once.
    op.execute(f"CREATE POLICY sending_domains_crossing ON sending_domains USING ({CROSSING})")
