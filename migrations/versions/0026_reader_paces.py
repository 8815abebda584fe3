"""How often a person wants to hear from a shop.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# `offer_days`: between two offers at least, 0: as they come. `break_until`: before it nothing but mails about
# orders. Whoever chose a pace has a row in desk_turns as well.
TABLES = """
CREATE TABLE reader_paces (
    shop_id bigint NOT NULL REFERENCES shops,
    address_hash text NOT NULL,
    offer_days integer NOT NULL,
    break_until timestamptz,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, address_hash)
);
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE reader_paces ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE reader_paces FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reader_paces_of_shop ON reader_paces USING ({MINE}) WITH CHECK ({MINE})")
