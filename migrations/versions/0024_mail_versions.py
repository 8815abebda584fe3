"""A merchant's own mail: words, blocks and their order, with every version that was published.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# `words`: by language and key, all own sentences of the mail. `arrangement`: the names of its blocks in their
# order, null as it is shipped. `live`: what is sent; without `published_at` it is the draft. What sending
# says stays in `texts`, where the program before this one reads and writes it, too: publishing writes both,
# and a mail that has no version yet is what `texts` says. So nothing has to be carried over.
TABLES = """
CREATE TABLE mail_versions (
    shop_id bigint NOT NULL REFERENCES shops,
    flow_key text NOT NULL,
    step text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    words jsonb NOT NULL,
    arrangement jsonb,
    own_html text NOT NULL,
    note text NOT NULL,
    saved_by text NOT NULL,
    saved_at timestamptz NOT NULL,
    published_at timestamptz,
    live boolean NOT NULL DEFAULT false,
    PRIMARY KEY (shop_id, flow_key, step, number),
    CHECK (published_at IS NOT NULL OR NOT live)
);
CREATE UNIQUE INDEX mail_versions_draft ON mail_versions (shop_id, flow_key, step) WHERE published_at IS NULL;
CREATE UNIQUE INDEX mail_versions_live ON mail_versions (shop_id, flow_key, step) WHERE live;
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE mail_versions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE mail_versions FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY mail_versions_of_shop ON mail_versions USING ({MINE}) WITH CHECK ({MINE})")
