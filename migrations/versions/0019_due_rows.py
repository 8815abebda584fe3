"""A timer or an order that could not be worked on keeps why.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# `error`: what went wrong the last time that it was due; it is tried again at `due_at`.
COLUMNS = """
ALTER TABLE timers ADD COLUMN error text;
ALTER TABLE watches ADD COLUMN error text;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
