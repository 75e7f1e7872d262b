"""Verification of webhooks by their Standard Webhooks signature."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import timedelta

from ticket_system_sdk.errors import InvalidSignature
from ticket_system_sdk.models import WebhookEvent

TOLERANCE = timedelta(minutes=5)


def verify(
    payload: bytes | str,
    headers: Mapping[str, str],
    secret: str,
    *,
    tolerance: timedelta = TOLERANCE,
) -> WebhookEvent:
    """Return the event of a webhook request that was recently signed with the secret.

    `payload` is the raw body of the request. Raises `InvalidSignature`.
    """
    body = payload.encode() if isinstance(payload, str) else payload
    by_name = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, moment = by_name["webhook-id"], by_name["webhook-timestamp"]
        signatures = by_name["webhook-signature"].split()
        age = int(time.time()) - int(moment)
    except (KeyError, ValueError):
        raise InvalidSignature("the webhook's headers are missing or malformed") from None
    if abs(age) > tolerance.total_seconds():
        raise InvalidSignature("the webhook's timestamp is too old or in the future")
    signed_content = b".".join((message_id.encode(), moment.encode(), body))
    digest = hmac.new(_key(secret), signed_content, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    matches = [hmac.compare_digest(expected, one.encode()) for one in signatures]
    if not any(matches):
        raise InvalidSignature("the webhook was not signed with this secret")
    try:
        return WebhookEvent.model_validate_json(body)
    except ValueError:
        raise InvalidSignature("the webhook's body is not an event") from None


def _key(secret: str) -> bytes:
    """Return the key of a secret: decoded after `whsec_`, else its own bytes."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise InvalidSignature("what follows `whsec_` in the secret is not Base64") from None
