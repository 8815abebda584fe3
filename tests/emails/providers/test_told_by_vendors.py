"""What vendors tell of mails: each of their words has one meaning."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from emails.feedback import Feedback, Told
from emails.providers.base import Unreadable
from emails.providers.registry import EVENT_SOURCES

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

RESEND, POSTMARK, SES = EVENT_SOURCES["resend"], EVENT_SOURCES["postmark"], EVENT_SOURCES["ses"]


def ses_event(kind: str, **parts: Any) -> list[Feedback]:
    told = {
        "eventType": kind,
        "mail": {
            "timestamp": "2026-11-02T08:59:00.000Z",
            "messageId": "0102018b-000000",
            "destination": ["mia@example.com"],
            "headers": [{"name": "message-id", "value": "<0f12ab@mail.example>"}],
        },
        **parts,
    }
    return SES.parse_events(json.dumps({"Type": "Notification", "Message": json.dumps(told)}).encode())


WHEN = {"timestamp": "2026-11-02T09:00:00.000Z"}


def leaving(everything: bool) -> dict[str, Any]:
    return {"newTopicPreferences": {"unsubscribeAll": everything}}


@pytest.mark.parametrize(
    ("kind", "parts", "meaning"),
    [
        (
            "Bounce",
            {"bounce": {**WHEN, "bounceType": "Permanent", "bounceSubType": "General"}},
            Told.HARD_BOUNCED,
        ),
        ("Bounce", {"bounce": {**WHEN, "bounceType": "Transient"}}, Told.SOFT_BOUNCED),
        ("Bounce", {"bounce": {**WHEN, "bounceType": "Undetermined"}}, Told.SOFT_BOUNCED),
        (
            "Bounce",
            {"bounce": {**WHEN, "bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList"}},
            Told.FAILED,
        ),
        ("Complaint", {"complaint": {**WHEN, "complaintFeedbackType": "abuse"}}, Told.COMPLAINED),
        ("Complaint", {"complaint": {**WHEN, "complaintFeedbackType": "not-spam"}}, None),
        ("Delivery", {"delivery": WHEN}, Told.DELIVERED),
        ("DeliveryDelay", {"deliveryDelay": WHEN}, Told.DELAYED),
        ("Reject", {"reject": {"reason": "Bad content"}}, Told.FAILED),
        ("Rendering Failure", {"failure": {"errorMessage": "x"}}, Told.FAILED),
        ("Open", {"open": WHEN}, Told.OPENED),
        ("Click", {"click": WHEN}, Told.CLICKED),
        (
            "Subscription",
            {"subscription": {**WHEN, "newTopicPreferences": {"unsubscribeAll": True}}},
            Told.UNSUBSCRIBED,
        ),
        ("Subscription", {"subscription": {**WHEN, **leaving(False)}}, None),
        ("Send", {"send": {}}, None),
        ("Something new", {}, None),
    ],
)
def test_what_ses_tells(kind: str, parts: dict[str, Any], meaning: Told | None) -> None:
    told = ses_event(kind, **parts)
    assert [one.kind for one in told] == ([meaning] if meaning else [])
    for one in told:
        assert (one.message_id, one.provider_id) == ("<0f12ab@mail.example>", "0102018b-000000")
        assert one.recipient == "mia@example.com"
        assert "mia" not in one.key, "keys are kept when people are forgotten"


def test_ses_tells_of_each_address_with_its_status() -> None:
    people = [
        {"emailAddress": "a@x.example", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 unknown"},
        {"emailAddress": "b@x.example", "status": "nonsense"},
    ]
    bounce = {**WHEN, "bounceType": "Permanent", "bouncedRecipients": people}
    told = ses_event("Bounce", bounce=bounce)
    assert [(one.recipient, one.status, one.detail) for one in told] == [
        ("a@x.example", "5.1.1", "smtp; 550 5.1.1 unknown"),
        ("b@x.example", "", ""),
    ]
    assert len({one.key for one in told}) == 2 and ses_event("Bounce", bounce=bounce) == told


def resend_event(kind: str, **data: Any) -> list[Feedback]:
    told = {
        "email_id": "56761188",
        "to": ["mia@example.com"],
        "created_at": "2026-11-02 08:59:00.1+00",
        **data,
    }
    return RESEND.parse_events(
        json.dumps({"type": kind, "created_at": "2026-11-02T09:00:00.000Z", "data": told}).encode()
    )


@pytest.mark.parametrize(
    ("kind", "data", "meaning"),
    [
        ("email.delivered", {}, Told.DELIVERED),
        ("email.delivery_delayed", {}, Told.DELAYED),
        (
            "email.bounced",
            {"bounce": {"type": "Permanent", "message": "no"}},
            Told.HARD_BOUNCED,
        ),
        ("email.bounced", {"bounce": {"type": "Permanent", "subType": "Suppressed"}}, Told.FAILED),
        ("email.bounced", {"bounce": {"type": "Transient"}}, Told.SOFT_BOUNCED),
        ("email.bounced", {}, Told.SOFT_BOUNCED),
        ("email.complained", {}, Told.COMPLAINED),
        ("email.opened", {}, Told.OPENED),
        ("email.clicked", {"click": {"timestamp": "2026-11-02T09:00:01Z"}}, Told.CLICKED),
        ("email.failed", {"failed": {"reason": "reached_daily_quota"}}, Told.FAILED),
        ("email.suppressed", {}, Told.FAILED),
        ("email.sent", {}, None),
        ("contact.created", {}, None),
    ],
)
def test_what_resend_tells(kind: str, data: dict[str, Any], meaning: Told | None) -> None:
    told = resend_event(kind, **data)
    assert [one.kind for one in told] == ([meaning] if meaning else [])
    for one in told:
        assert (one.provider_id, one.recipient, one.at) == ("56761188", "mia@example.com", NOW)


def postmark_event(record: str, **changes: Any) -> list[Feedback]:
    when = {
        "Delivery": "DeliveredAt",
        "Bounce": "BouncedAt",
        "SpamComplaint": "BouncedAt",
        "SubscriptionChange": "ChangedAt",
    }.get(record, "ReceivedAt")
    told = {
        "RecordType": record,
        "MessageID": "883953f4",
        "Recipient": "mia@example.com",
        "Metadata": {"message-id": "0f12ab@mail.example"},
        when: "2026-11-02T10:00:00.0000000+01:00",
        **changes,
    }
    return POSTMARK.parse_events(json.dumps(told).encode())


@pytest.mark.parametrize(
    ("record", "changes", "meaning"),
    [
        ("Delivery", {}, Told.DELIVERED),
        ("Bounce", {"Type": "HardBounce", "ID": 4323372036854775807}, Told.HARD_BOUNCED),
        ("Bounce", {"Type": "BadEmailAddress"}, Told.HARD_BOUNCED),
        ("Bounce", {"Type": "SoftBounce"}, Told.SOFT_BOUNCED),
        ("Bounce", {"Type": "Transient"}, Told.SOFT_BOUNCED),
        ("Bounce", {"Type": "Blocked"}, Told.SOFT_BOUNCED),
        ("Bounce", {"Type": "SpamNotification"}, Told.SOFT_BOUNCED),
        ("Bounce", {"Type": "AutoResponder"}, Told.REPLIED),
        ("Bounce", {"Type": "SpamComplaint"}, Told.COMPLAINED),
        ("Bounce", {"Type": "ManuallyDeactivated"}, Told.FAILED),
        ("SpamComplaint", {}, Told.COMPLAINED),
        ("Open", {}, Told.OPENED),
        ("Click", {}, Told.CLICKED),
        (
            "SubscriptionChange",
            {"SuppressSending": True, "Origin": "Recipient", "SuppressionReason": "ManualSuppression"},
            Told.UNSUBSCRIBED,
        ),
        (
            "SubscriptionChange",
            {"SuppressSending": True, "Origin": "Admin", "SuppressionReason": "ManualSuppression"},
            None,
        ),
        ("SubscriptionChange", {"SuppressSending": False, "Origin": "Recipient"}, None),
        ("Inbound", {}, None),
    ],
)
def test_what_postmark_tells(record: str, changes: dict[str, Any], meaning: Told | None) -> None:
    told = postmark_event(record, **changes)
    assert [one.kind for one in told] == ([meaning] if meaning else [])
    for one in told:
        assert (one.message_id, one.provider_id) == ("<0f12ab@mail.example>", "883953f4")
        assert (one.recipient, one.at) == ("mia@example.com", NOW)


@pytest.mark.parametrize("name", sorted(EVENT_SOURCES))
@pytest.mark.parametrize("body", [b"", b"no", b"[1]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_said_to_be_unreadable(name: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        EVENT_SOURCES[name].parse_events(body)


@pytest.mark.parametrize("wrong", [None, [], {}, 7, "x", True, "2026-13-45", "\x00", "9" * 5000])
def test_whatever_is_something_else_gives_no_surprise(wrong: Any) -> None:
    """Each value in turn is another thing than the documentation has: read, left out or Unreadable."""
    wholes: list[tuple[str, dict[str, Any]]] = [
        (
            "postmark",
            {"RecordType": "Bounce", "MessageID": "m", "BouncedAt": "2026-11-02T09:00:00Z", "ID": 1},
        ),
        ("resend", {"type": "email.clicked", "created_at": WHEN["timestamp"], "data": {"email_id": "1"}}),
        ("ses", {"Type": "Notification", "Message": "{}"}),
    ]
    for name, whole in wholes:
        for field in whole:
            try:
                found = EVENT_SOURCES[name].parse_events(json.dumps({**whole, field: wrong}).encode())
            except Unreadable:
                continue
            assert all(len(one.detail) <= 300 for one in found)
    for part in ("mail", "bounce"):
        try:
            ses_event("Bounce", **{"bounce": WHEN, part: wrong})
        except Unreadable:
            continue
