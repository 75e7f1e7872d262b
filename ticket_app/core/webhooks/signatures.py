"""Sign webhook deliveries so that receivers can verify the sender.

Each delivery carries the signature of Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`,
`webhook-signature`) and, for simple receivers, `X-Webhook-Signature: sha256=<hex>` over the body
alone. A secret `whsec_...` contains its key in Base64; any other secret is used as the key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets as stdlib_secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook as StandardWebhook

from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import Invalid

SECRET_PREFIX = "whsec_"  # noqa: S105
ENCRYPTION_PURPOSE = "webhook"
MIN_SECRET_LENGTH, MAX_SECRET_LENGTH = 8, 200
MIN_KEY_BYTES, MAX_KEY_BYTES = 24, 64


def generate_secret() -> str:
    """Return a new 256-bit secret in the format of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(stdlib_secrets.token_bytes(32)).decode()


def validate_secret(secret: str) -> str:
    """Return the secret that a user has chosen. Raises `Invalid` if it is too short, long or
    malformed.
    """
    if secret.startswith(SECRET_PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
            raise Invalid("secret", "must contain 24 to 64 bytes in Base64 after whsec_")
    elif not (MIN_SECRET_LENGTH <= len(secret) <= MAX_SECRET_LENGTH and secret.isprintable()):
        raise Invalid(
            "secret", f"must have {MIN_SECRET_LENGTH} to {MAX_SECRET_LENGTH} printable characters"
        )
    return secret


def encrypt_secret(secret: str) -> str:
    """Return the encrypted secret, as stored."""
    return secrets.encrypt(ENCRYPTION_PURPOSE, secret.encode()).decode()


def decrypt_secret(encrypted: str) -> str | None:
    """Return the stored secret, or None if TICKET_SECRET_KEY has changed since."""
    secret = secrets.decrypt(ENCRYPTION_PURPOSE, encrypted.encode())
    return None if secret is None else secret.decode()


def signing_key(secret: str) -> bytes:
    """Return the key with which Standard Webhooks signs."""
    if secret.startswith(SECRET_PREFIX):
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return secret.encode()


def signature_headers(
    body: str, *, message_id: str, event: str, sent_at: datetime, signing_secrets: Sequence[str]
) -> dict[str, str]:
    """Return the signature headers of a body; the current secret comes first.

    `X-Webhook-Signature` holds one signature only, made with the current secret.
    """
    sent_at_utc = sent_at.astimezone(UTC)
    body_signature = hmac.new(
        signing_secrets[0].encode(), body.encode(), hashlib.sha256
    ).hexdigest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at_utc.timestamp())),
        "webhook-signature": " ".join(
            StandardWebhook(signing_key(secret)).sign(message_id, sent_at_utc, body)
            for secret in signing_secrets
        ),
        "X-Webhook-Signature": f"sha256={body_signature}",
        "X-Webhook-Event": event,
    }
