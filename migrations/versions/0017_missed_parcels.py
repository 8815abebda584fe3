"""Parcels that somebody misses are found by when that was told, however many events a shop has.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX events_missed ON events (shop_id, happened_at)"
        " WHERE kind IN ('ParcelLate', 'ParcelStalled', 'ParcelFailed', 'ArrivalDenied')"
    )
