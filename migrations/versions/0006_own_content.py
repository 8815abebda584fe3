"""What merchants write for mails: guides, checklists, care, a story, for a product, a category or the shop.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# `scope`: 'shop', 'category' or 'product'; `scope_id`: '' for the shop, the category in small letters, the
# product's id. `revision` counts the changes of one entry, so that two who edit it notice each other.
TABLES = """
CREATE TABLE contents (
    shop_id bigint NOT NULL REFERENCES shops,
    slot text NOT NULL,
    scope text NOT NULL CHECK (scope IN ('shop', 'category', 'product')),
    scope_id text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    url text NOT NULL,
    revision integer NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, slot, scope, scope_id)
);
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE contents ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contents FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY contents_of_shop ON contents USING ({MINE}) WITH CHECK ({MINE})")
