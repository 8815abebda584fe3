"""What stores say of consent stands under an address as mails go there: its domain in ASCII.

Revision ID: 0018
Revises: 0017
"""

import idna
import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HELD = sa.text("SELECT shop_id, email FROM consents WHERE octet_length(email) > char_length(email)")
# Of two words about one address the newer one counts; of two without a time the one that forbids.
MOVE = sa.text(
    "INSERT INTO consents (shop_id, email, state, at, level)"
    " SELECT shop_id, :spelled, state, at, level FROM consents WHERE shop_id = :shop AND email = :email"
    " ON CONFLICT (shop_id, email) DO UPDATE"
    " SET state = excluded.state, at = excluded.at, level = excluded.level"
    " WHERE coalesce(consents.at, '-infinity') < coalesce(excluded.at, '-infinity')"
    " OR (consents.at IS NOT DISTINCT FROM excluded.at AND excluded.state <> 'subscribed')"
)
DROP = sa.text("DELETE FROM consents WHERE shop_id = :shop AND email = :email")


def upgrade() -> None:
    op.execute("ALTER TABLE consents NO FORCE ROW LEVEL SECURITY")
    connection = op.get_bind()
    for shop, email in connection.execute(HELD).all():
        local, _, domain = email.rpartition("@")
        try:
            spelled = f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
        except idna.IDNAError:
            continue
        if spelled != email:
            told = {"shop": shop, "email": email, "spelled": spelled}
            connection.execute(MOVE, told)
            connection.execute(DROP, told)
    op.execute("ALTER TABLE consents FORCE ROW LEVEL SECURITY")
