"""Two subjects tried side by side; what a journey drew stays with it.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
-- A second subject beside the first. One that has ended stays, for journeys that drew it.
CREATE TABLE trials (
    shop_id bigint NOT NULL REFERENCES shops,
    flow_key text NOT NULL,
    step text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    language text NOT NULL,
    subject text NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (shop_id, flow_key, step, number)
);
CREATE UNIQUE INDEX trials_running ON trials (shop_id, flow_key, step) WHERE ended_at IS NULL;

-- By step, the variant that was drawn when the journey began; and of a mail the one that it is.
ALTER TABLE journeys ADD COLUMN variants jsonb NOT NULL DEFAULT '{}';
ALTER TABLE messages ADD COLUMN variant text;
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE trials ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE trials FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY trials_of_shop ON trials USING ({MINE}) WITH CHECK ({MINE})")
