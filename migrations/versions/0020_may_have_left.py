"""A message that may have left is never said to have been held back.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# `may_have_left`: a call to a shop's tool broke off when it may have been heard; it is made again. Whatever
# withdraws the row before that, in whichever place: nobody can know any more.
COLUMN = """
ALTER TABLE messages ADD COLUMN may_have_left boolean NOT NULL DEFAULT false;
CREATE FUNCTION messages_in_doubt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.state := 'unknown';
    NEW.reason := 'withdrawn_too_late';
    RETURN NEW;
END $$;
CREATE TRIGGER messages_in_doubt BEFORE UPDATE OF state ON messages FOR EACH ROW
    WHEN (NEW.may_have_left AND NEW.state IN ('skipped', 'cancelled', 'expired', 'failed'))
    EXECUTE FUNCTION messages_in_doubt();
"""


def upgrade() -> None:
    op.execute(COLUMN)
