"""What each merchant chose where the law leaves a choice, and how sure a store is of a person's yes.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# `consent_choices`: only what differs from the careful side. `level`: the store's own word for how somebody
# agreed ('single_opt_in', 'confirmed_opt_in'), '' where it has none. `agreed_key`: the field of an order in
# which a WooCommerce checkout keeps that the buyer agreed to offers.
COLUMNS = """
ALTER TABLE shops ADD COLUMN consent_choices jsonb NOT NULL DEFAULT '{}';
ALTER TABLE consents ADD COLUMN level text NOT NULL DEFAULT '';
ALTER TABLE shipment_words ADD COLUMN agreed_key text NOT NULL DEFAULT '';
"""


def upgrade() -> None:
    op.execute(COLUMNS)
