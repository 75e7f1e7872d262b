"""Whether a webhook came from the desk: Standard Webhooks signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import timedelta

from ticket_system_sdk.errors import SignatureInvalid
from ticket_system_sdk.models import WebhookEvent

TOLERANCE = timedelta(minutes=5)


def verify(
    payload: bytes | str,
    headers: Mapping[str, str],
    secret: str,
    *,
    tolerance: timedelta = TOLERANCE,
) -> WebhookEvent:
    """The event a webhook's request brings, if it was signed with the secret, and lately.

    `payload` is the body as it arrived, byte for byte. Raises `SignatureInvalid`.
    """
    body = payload.encode() if isinstance(payload, str) else payload
    told = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, moment = told["webhook-id"], told["webhook-timestamp"]
        signatures = told["webhook-signature"].split()
        age = int(time.time()) - int(moment)
    except (KeyError, ValueError):
        raise SignatureInvalid("the webhook's headers are missing or malformed") from None
    if abs(age) > tolerance.total_seconds():
        raise SignatureInvalid("the webhook is too old, or from a clock that is ahead")
    signed = b".".join((message_id.encode(), moment.encode(), body))
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    matches = [hmac.compare_digest(expected, one.encode()) for one in signatures]
    if not any(matches):
        raise SignatureInvalid("the webhook was not signed with this secret")
    try:
        return WebhookEvent.model_validate_json(body)
    except ValueError:
        raise SignatureInvalid("the webhook's body is no event") from None


def _key(secret: str) -> bytes:
    """The bytes of a `whsec_` secret; another secret is its own bytes."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise SignatureInvalid("the secret is not what follows `whsec_` elsewhere") from None
