"""Amazon SNS: whether a message is Amazon's, and our word that we want to hear of a topic.

(docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html)
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from wire.http import HttpClient, WireError

_HOST = re.compile(r"sns\.[a-z]{2}(-[a-z]+){1,3}-\d\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,80}\.pem")
_HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}
_OF_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_OF_THE_REST = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_KEPT = 50
_SECONDS = 5.0

_certificates: dict[str, bytes] = {}


def is_amazons(told: Mapping[str, Any], real: datetime, http: HttpClient) -> bool:
    """Signed with the key of a certificate that lies with SNS itself, and is good now. The certificate's
    place is pinned; TLS says that it is Amazon's."""
    place = told.get("SigningCertURL")
    digest = _HASHES.get(str(told.get("SignatureVersion")))
    if not isinstance(place, str) or digest is None or not _is_certificates_place(place):
        return False
    try:
        key = _key(place, real, http)
        signature = base64.b64decode(str(told.get("Signature", "")), validate=True)
        key.verify(signature, signed_text(told).encode(), PKCS1v15(), digest())
    except (WireError, InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def signed_text(told: Mapping[str, Any]) -> str:
    """What Amazon signs: names and values, each on a line, in an order that is prescribed."""
    names = _OF_NOTIFICATION if told.get("Type") == "Notification" else _OF_THE_REST
    return "".join(f"{name}\n{told[name]}\n" for name in names if isinstance(told.get(name), str))


def subscribe(told: Mapping[str, Any], http: HttpClient) -> None:
    """Answers a SubscriptionConfirmation. Raises WireError."""
    place = str(told.get("SubscribeURL", ""))
    if not _is_at_sns(place):
        raise WireError("the place of the confirmation is not Amazon's")
    answer = http.request("GET", place, timeout=_SECONDS)
    if answer.status != 200:
        raise WireError(f"the confirmation was answered with {answer.status}")


def _is_certificates_place(place: str) -> bool:
    if not _is_at_sns(place):
        return False
    parts = urlsplit(place)
    return _CERTIFICATE.fullmatch(parts.path) is not None and not parts.query


def _is_at_sns(place: str) -> bool:
    try:
        parts = urlsplit(place)
    except ValueError:
        return False
    return parts.scheme == "https" and _HOST.fullmatch(parts.netloc) is not None


def _key(place: str, real: datetime, http: HttpClient) -> RSAPublicKey:
    """Raises WireError, ValueError."""
    text = _certificates.get(place) or _fetched(place, http)
    certificate = x509.load_pem_x509_certificate(text)
    if not certificate.not_valid_before_utc <= real <= certificate.not_valid_after_utc:
        raise ValueError("the certificate is not good now")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the certificate has no RSA key")
    if len(_certificates) >= _KEPT:
        _certificates.clear()
    _certificates[place] = text
    return key


def _fetched(place: str, http: HttpClient) -> bytes:
    answer = http.request("GET", place, timeout=_SECONDS)
    if answer.status != 200:
        raise WireError(f"the certificate's place answered {answer.status}")
    return answer.body
