"""Row-level security: the application's role sees the rows of the shops that it names, no others.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "shop_secrets",
    "inbox",
    "wishes",
    "polls",
    "orders",
    "parcels",
    "parcel_events",
    "refunds",
    "products",
    "customers",
    "consents",
    "suppressions",
    "events",
    "flow_switches",
    "journeys",
    "timers",
    "messages",
    "message_events",
)

# Work that is picked up for all shops at once; only app/db.py opens this scope.
CROSSED_TABLES = ("inbox", "wishes", "polls", "flow_switches", "timers", "messages")

# The sub-select makes PostgreSQL read the setting once per statement instead of once per row.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)
CROSSING = "(select current_setting('doorstep.crossing', true)) = 'on'"


def upgrade() -> None:
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_shop ON {table} USING ({MINE}) WITH CHECK ({MINE})")
    for table in CROSSED_TABLES:
        op.execute(f"CREATE POLICY {table}_crossing ON {table} USING ({CROSSING}) WITH CHECK ({CROSSING})")
    # The acknowledgement of a webhook may add a row for any shop and see none.
    op.execute("CREATE POLICY inbox_ack ON inbox FOR INSERT WITH CHECK (true)")
