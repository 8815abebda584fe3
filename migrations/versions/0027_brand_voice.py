"""A brand's tone, its places elsewhere and its logo for dark screens.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE brand_kits ADD COLUMN tone text NOT NULL DEFAULT '',"
        " ADD COLUMN places text NOT NULL DEFAULT '', ADD COLUMN night_logo_hash text"
    )
