"""Reasons are kept without a name beside each of their values.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# A function that calls itself exists only after its first reading; PL/pgSQL reads it when it is called.
SHORTER = """
CREATE FUNCTION shorter(reasons jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_array(e->'rule', e->'passed', e->'value', e->'wanted')
        || shorter(e->'parts') ORDER BY place), '[]')
        FROM jsonb_array_elements(reasons) WITH ORDINALITY AS old(e, place));
END $$
"""
TABLES = ("journeys", "messages")


def upgrade() -> None:
    op.execute(SHORTER)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"UPDATE {table} SET reasons = shorter(reasons) WHERE reasons <> '[]'")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION shorter(jsonb)")
