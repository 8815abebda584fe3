from __future__ import annotations

import json

from app.db import as_json
from app.services.kept_reasons import kept, recorded
from flows.facts import Reason


def test_a_tree_comes_back_as_it_was() -> None:
    leaf = Reason("is_vip", False, "41.00 EUR", "500.00 EUR or more")
    tree = (
        Reason("all", False, parts=(Reason("any", True, parts=(leaf,)), leaf)),
        Reason("flow_was_on", True, "since March"),
    )
    assert recorded(json.loads(as_json(kept(tree)))) == tree
    assert recorded(kept(())) == ()
