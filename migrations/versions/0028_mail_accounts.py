"""A shop's own account at a mail vendor, and how fast each vendor takes mails.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# `sealed`: the account's address with its login, and what its events are signed with. `account`: a keyed name
# for the login, from which nothing can be read. `failing_since`: mails wait since then, and why.
# `mail_vendors` belongs to no shop: by account, what is known of how it is. `per_second` NULL: as fast as it
# goes. `allowance`: mails that may leave at once, by `filled_at`; below 0 nothing leaves for a while.
# `booked_until`: up to then the mails that wait have their moments. `outcomes`: of the last tries, "." or
# "x".
# `open_until`: nothing is tried before; `probe_until`: somebody tries with one mail. All of it is real time.
# `messages.account` is the one that a mail was last marked for, since `first_try_at` (real time) the first
# time: within a day a vendor that knows keys drops a second copy.
TABLES = """
CREATE TABLE mail_accounts (
    shop_id bigint PRIMARY KEY REFERENCES shops,
    kind text NOT NULL CHECK (kind IN ('smtp', 'ses', 'postmark', 'resend')),
    sealed bytea NOT NULL,
    account text NOT NULL,
    sender text NOT NULL,
    checked_at timestamptz NOT NULL,
    failing_since timestamptz,
    problem text,
    changed_at timestamptz NOT NULL
);

CREATE TABLE mail_vendors (
    account text PRIMARY KEY,
    per_second double precision,
    allowance double precision NOT NULL DEFAULT 0,
    filled_at timestamptz NOT NULL,
    booked_until timestamptz,
    paced_at timestamptz,
    outcomes text NOT NULL DEFAULT '',
    open_until timestamptz,
    probe_until timestamptz
);

ALTER TABLE messages ADD COLUMN account text, ADD COLUMN first_try_at timestamptz;
CREATE INDEX messages_unknown ON messages (changed_at) WHERE state = 'unknown';
"""

# As in 0002, which stays as it was released.
MINE = (
    "shop_id = any((select coalesce(nullif(current_setting('doorstep.shops', true), ''), '{}')"
    "::bigint[])::bigint[])"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE mail_accounts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE mail_accounts FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY mail_accounts_of_shop ON mail_accounts USING ({MINE}) WITH CHECK ({MINE})")
