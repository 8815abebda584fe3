"""Against the labels of a collection of real bounces (Sisimai's, BSD 2-clause): DOORSTEP_BOUNCES names the
folder with `labels_dev.jsonl` and `messages_dev.tar.xz`."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from emails.feedback import Told
from emails.inbound.read import read_mail
from tests.proof import Figure

NOW = datetime(2026, 11, 3, tzinfo=UTC)
LATER = frozenset((Told.SOFT_BOUNCED, Told.DELAYED))


@pytest.mark.proof
def test_nine_in_ten_are_told_as_they_are_labelled(figure: Figure) -> None:
    right = all_of_them = 0
    hard = {"found": 0, "missed": 0, "wrong": 0}
    complaints = []
    for labels, raw in labelled():
        found = [one.kind for one in read_mail(raw, NOW).told]
        for label in labels:
            wanted = wanted_of(label)
            told = taken(found, wanted)
            all_of_them += 1
            right += told in wanted
            if told is Told.HARD_BOUNCED or Told.HARD_BOUNCED in wanted:
                hard[
                    "wrong" if Told.HARD_BOUNCED not in wanted else "found" if told in wanted else "missed"
                ] += 1
            if wanted == {Told.COMPLAINED}:
                complaints.append(told is Told.COMPLAINED)
        hard["wrong"] += found.count(Told.HARD_BOUNCED)  # of somebody whom no label names
    recall = hard["found"] / (hard["found"] + hard["missed"])
    precision = hard["found"] / (hard["found"] + hard["wrong"])
    figure("as labelled, per cent", 100 * right / all_of_them)
    figure("hard recall, per cent", 100 * recall)
    figure("hard precision, per cent", 100 * precision)
    figure("complaints", len(complaints))
    assert right / all_of_them >= 0.9
    assert recall >= 0.85
    assert precision >= 0.9
    assert complaints and all(complaints)


def labelled() -> Iterator[tuple[list[Any], bytes]]:
    place = Path(os.environ["DOORSTEP_BOUNCES"])
    with tarfile.open(place / "messages_dev.tar.xz") as archive:
        mails = {Path(member.name).name: archive.extractfile(member) for member in archive if member.isfile()}
        for line in (place / "labels_dev.jsonl").read_text("utf-8").splitlines():
            told = json.loads(line)
            held = mails[told["file"]]
            assert held is not None
            yield told["recipients"], held.read()


def wanted_of(label: dict[str, Any]) -> frozenset[Told]:
    if label["feedback"] == "abuse":
        return frozenset((Told.COMPLAINED,))
    if label["feedback"] == "opt-out":
        return frozenset((Told.UNSUBSCRIBED,))
    if label["feedback"] or label["reason"] == "vacation":
        return frozenset((Told.REPLIED,))
    if label["reason"] == "delivered":
        return frozenset((Told.DELIVERED,))
    return frozenset((Told.HARD_BOUNCED,)) if label["hard"] else LATER


def taken(found: list[Told], wanted: frozenset[Told]) -> Told | None:
    """What was told of one label: labels and findings are in no common order."""
    told = next((one for one in found if one in wanted), found[0] if found else None)
    if told is not None:
        found.remove(told)
    return told
