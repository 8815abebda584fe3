"""What Amazon SES tells of mails, through SNS; `secrets` are the topics that may tell.

(docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from emails.feedback import Feedback, Told
from emails.providers.base import Unreadable
from emails.providers.ses_sns import is_amazons, subscribe
from emails.providers.told import header_told, in_brackets, inner, instant, objects, told_object, words
from wire.http import HttpClient

_PARTS = {
    "Bounce": "bounce",
    "Complaint": "complaint",
    "Delivery": "delivery",
    "Reject": "reject",
    "Open": "open",
    "Click": "click",
    "Rendering Failure": "failure",
    "DeliveryDelay": "deliveryDelay",
    "Subscription": "subscription",
}
_KINDS = {
    "Delivery": Told.DELIVERED,
    "Reject": Told.FAILED,
    "Open": Told.OPENED,
    "Click": Told.CLICKED,
    "Rendering Failure": Told.FAILED,
    "DeliveryDelay": Told.DELAYED,
}
_PEOPLE = {
    "Bounce": "bouncedRecipients",
    "Complaint": "complainedRecipients",
    "DeliveryDelay": "delayedRecipients",
}
_NOT_ASKED = frozenset(("Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient"))
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class SesEvents:
    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        real: datetime,
        http: HttpClient,
    ) -> bool:
        try:
            told = told_object(body)
        except Unreadable:
            return False
        # The topic first: for a stranger's, nothing is asked of anybody.
        return told.get("TopicArn") in [topic for topic in secrets if topic] and is_amazons(told, real, http)

    def parse_events(self, body: bytes) -> list[Feedback]:
        envelope = told_object(body)
        if envelope.get("Type") != "Notification":
            return []
        inside = envelope.get("Message")
        if not isinstance(inside, str):
            raise Unreadable("the notification holds no message")
        if not inside.lstrip().startswith("{"):
            return []  # SNS and SES send a sentence to try whether they are heard
        told = told_object(inside.encode())
        event = words(told, "eventType") or words(told, "notificationType")
        mail, part = inner(told, "mail"), inner(told, _PARTS.get(event, ""))
        meaning = _meaning(event, part)
        provider_id = words(mail, "messageId")
        if meaning is None or not provider_id:
            return []
        at = instant(part if "timestamp" in part else mail, "timestamp")
        people = objects(part, _PEOPLE[event]) if event in _PEOPLE else []
        # SNS has an id for each message, but the same event may come as two of them. No address is in the
        # key: it is kept when the person is forgotten.
        return [
            Feedback(
                key=f"{provider_id}:{event}:{at.isoformat()}:{place}",
                kind=meaning,
                at=at,
                message_id=in_brackets(header_told(objects(mail, "headers"), "message-id")),
                provider_id=provider_id,
                recipient=words(person, "emailAddress"),
                status=_status(person),
                detail=words(person, "diagnosticCode")
                or words(part, "reason")
                or words(part, "errorMessage"),
            )
            for place, person in enumerate(people or [{"emailAddress": _reader(mail, part)}])
        ]

    def confirm(self, body: bytes, http: HttpClient) -> bool:
        told = told_object(body)
        if told.get("Type") == "SubscriptionConfirmation":
            subscribe(told, http)
        return told.get("Type") in ("SubscriptionConfirmation", "UnsubscribeConfirmation")


def _meaning(event: str, part: Mapping[str, Any]) -> Told | None:
    if event == "Bounce":
        if words(part, "bounceSubType") in _NOT_ASKED:
            return Told.FAILED
        return Told.HARD_BOUNCED if words(part, "bounceType") == "Permanent" else Told.SOFT_BOUNCED
    if event == "Complaint":
        # Some mail programs tell as well that somebody took a mail out of the junk again.
        return None if words(part, "complaintFeedbackType") == "not-spam" else Told.COMPLAINED
    if event == "Subscription":
        leaves = inner(part, "newTopicPreferences").get("unsubscribeAll") is True
        return Told.UNSUBSCRIBED if leaves else None
    return _KINDS.get(event)


def _reader(mail: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """Whom a mail went to, where the event names nobody: ours go to one address each."""
    for told, name in ((part, "recipients"), (mail, "destination")):
        listed = told.get(name)
        if isinstance(listed, list) and listed:
            return words({"it": listed[0]}, "it")
    return ""


def _why(part: Mapping[str, Any]) -> str:
    return words(part, "reason") or words(part, "errorMessage")


def _status(person: Mapping[str, Any]) -> str:
    found = _STATUS.fullmatch(words(person, "status"))
    return found[0] if found else ""
