"""Whether everything is up."""

from __future__ import annotations

from flask import Blueprint
from redis.exceptions import RedisError
from sqlalchemy import text

from app.web.guards import open_to_all, runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_to_all("tells only which parts answer")
def healthz() -> tuple[dict[str, str], int]:
    """200 when database, queue and a worker answer; without Redis mails are late, so that shows too."""
    at = runtime()
    with at.database.nobody() as session:
        session.execute(text("SELECT 1"))
    parts = {"database": "ok", "redis": "ok", "worker": "ok"}
    try:
        if not at.queue.has_worker():
            parts["worker"] = "none"
    except RedisError:
        parts["redis"] = "away"
    healthy = set(parts.values()) == {"ok"}
    return parts, 200 if healthy else 503
