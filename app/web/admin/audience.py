"""Who of a group agreed to offers, as a file for the shop's other tools."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from flask import Blueprint, Response, abort, request

from app.services.audience import as_csv, audience
from app.services.groups import held_groups
from app.web.admin.doors import Merchant, merchant
from app.web.admin.files import csv_file
from app.web.guards import runtime

blueprint = Blueprint("audience", __name__)


@blueprint.post("/segments/people")
@merchant
def people(seen: Merchant) -> Response:
    """The file, a line at a time however many there are; 404 for a group that does not exist. A POST, because
    the list of changes tells of it."""
    at, key = runtime(), request.form.get("group", "")
    with at.database.shops(seen.shop_id) as session:
        found = next((one.group for one in held_groups(session, seen.shop_id) if one.group.key == key), None)
    if found is None:
        abort(404)
    lines = as_csv(audience(at.database, at.keys, seen.shop_id, found, seen.user, at.clock.now()))
    return csv_file(key, _begun(lines))


def _begun(lines: Iterator[str]) -> Iterator[str]:
    """What fails at the first people fails before anything is answered."""
    return chain(list(islice(lines, 2)), lines)
