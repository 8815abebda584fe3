"""A domain of which DNS says nothing for long counts no more.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Since when no look was sure, in real time; NULL: the last one was.
    op.execute("ALTER TABLE sending_domains ADD COLUMN unsure_since timestamptz")
