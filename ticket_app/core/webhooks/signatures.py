"""How a message to a webhook proves where it comes from.

Two proofs go with each message: those of Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`,
`webhook-signature`), and `X-Webhook-Signature: sha256=<hex>` over the body alone for the simplest
receivers. A secret `whsec_...` holds its key in Base64; any other secret is its own key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets as random
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook as Standard

from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import Invalid

PREFIX = "whsec_"
PURPOSE = "webhook"
SHORTEST, LONGEST = 8, 200
SHORTEST_KEY, LONGEST_KEY = 24, 64


def new_secret() -> str:
    """A secret of 256 bits in the form of Standard Webhooks."""
    return PREFIX + base64.b64encode(random.token_bytes(32)).decode()


def checked_secret(secret: str) -> str:
    """A secret somebody chose. Raises `Invalid` if it is no good one."""
    if secret.startswith(PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
            raise Invalid("secret", "must hold 24 to 64 bytes in Base64 behind whsec_")
    elif not (SHORTEST <= len(secret) <= LONGEST and secret.isprintable()):
        raise Invalid("secret", f"must have {SHORTEST} to {LONGEST} printable characters")
    return secret


def seal(secret: str) -> str:
    """The secret as it is kept."""
    return secrets.lock_away(PURPOSE, secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The secret that is kept; None once TICKET_SECRET_KEY is another one."""
    secret = secrets.take_out(PURPOSE, sealed.encode())
    return None if secret is None else secret.decode()


def key_of(secret: str) -> bytes:
    """What Standard Webhooks signs with."""
    if secret.startswith(PREFIX):
        return base64.b64decode(secret.removeprefix(PREFIX))
    return secret.encode()


def signed(
    body: str, *, message_id: str, event: str, at: datetime, secrets: Sequence[str]
) -> dict[str, str]:
    """The headers that prove a body to be ours, by the current secret first, then by older ones.

    `X-Webhook-Signature` can hold one signature only: that of the current secret's characters.
    """
    moment = at.astimezone(UTC)
    plain = hmac.new(secrets[0].encode(), body.encode(), hashlib.sha256).hexdigest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(
            Standard(key_of(secret)).sign(message_id, moment, body) for secret in secrets
        ),
        "X-Webhook-Signature": f"sha256={plain}",
        "X-Webhook-Event": event,
    }
