"""The SDKs accept genuine webhooks and reject forged ones."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from ticket_system_sdk import InvalidSignature, verify_webhook

from tests.sdk import languages
from tests.sdk.node import NODE, run
from tests.sdk.webhook_receiver import Message

pytestmark = pytest.mark.xdist_group("served")

SECRET = "whsec_" + b64encode(b"a key that only the two of us know").decode()
BODY = {"event": "ticket.created", "timestamp": "2026-11-21T09:00:00Z", "data": {"title": "\u00e9"}}
INVALID = "InvalidSignature"
IN_JAVASCRIPT = """
import { verifyWebhook } from '@company/ticket-system-sdk';
const { BODY, HEADERS, SECRET } = process.env;
const body = Buffer.from(BODY, 'base64');
const event = await verifyWebhook(body, JSON.parse(HEADERS), SECRET).catch((error) => error);
console.log(event.event ?? event.name);
"""

Verifier = Callable[[Message, str], str]


def by_python(message: Message, secret: str) -> str:
    try:
        return verify_webhook(message.body, message.headers, secret).event
    except InvalidSignature:
        return INVALID


def by_javascript(package: Path, message: Message, secret: str) -> str:
    (package / "verify.mjs").write_text(IN_JAVASCRIPT)
    return run(
        [str(NODE), "verify.mjs"],
        package,
        BODY=b64encode(message.body).decode(),
        HEADERS=json.dumps(dict(message.headers)),
        SECRET=secret,
    ).strip()


def by_program(driver: list[str], folder: Path, message: Message, secret: str) -> str:
    """Verify with the program of another language; it prints the event, or the error and more."""
    variables = {"BODY": b64encode(message.body).decode(), "SECRET": secret}
    printed = run(
        [*driver, "verify"], folder, HEADERS=json.dumps(dict(message.headers)), **variables
    )
    return printed.strip().partition("|")[0]


@pytest.fixture(params=["python", "javascript", "php", "java"])
def verify(request: pytest.FixtureRequest, tmp_path: Path) -> Verifier:
    """Return a function that returns the event of a message, or the name of the error."""
    if request.param == "python":
        return by_python
    if request.param == "php":
        return partial(by_program, languages.php("driver"), tmp_path)
    if request.param == "java":
        return partial(by_program, request.getfixturevalue("java")("driver"), tmp_path)
    return partial(by_javascript, request.getfixturevalue("package"))


def sign_message(*, age: timedelta = timedelta(), secret: str = SECRET) -> Message:
    """Return a message signed by the reference implementation of the standard."""
    moment = datetime.now(UTC) - age
    body = json.dumps(BODY)
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(moment.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", moment, body),
    }
    return Message(headers, body.encode())


def test_genuine_webhook_is_accepted(verify: Verifier) -> None:
    message = sign_message()
    assert verify(message, SECRET) == "ticket.created"
    both = f"v1,bm90IHRoaXM= {message.headers['Webhook-Signature']} v2,x"
    rotated = replace(message, headers={**message.headers, "Webhook-Signature": both})
    assert verify(rotated, SECRET) == "ticket.created"


def test_forged_altered_or_old_webhook_is_rejected(verify: Verifier) -> None:
    message = sign_message()
    assert verify(message, "whsec_" + b64encode(b"another key").decode()) == INVALID
    assert verify(replace(message, body=message.body + b" "), SECRET) == INVALID
    renamed = {**message.headers, "Webhook-Id": "msg_2"}
    assert verify(replace(message, headers=renamed), SECRET) == INVALID
    assert verify(sign_message(age=timedelta(minutes=6)), SECRET) == INVALID
    assert verify(sign_message(age=timedelta(minutes=-6)), SECRET) == INVALID


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "m", "webhook-timestamp": "now", "webhook-signature": "v1,x"},
        {"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "v1,\u00e9"},
        {"webhook-id": "m", "webhook-timestamp": "9" * 400, "webhook-signature": "v1,"},
    ],
)
def test_malformed_webhook_is_rejected(headers: dict[str, str], verify: Verifier) -> None:
    assert verify(Message(headers, b"{}"), SECRET) == INVALID
    assert verify(sign_message(), "whsec_not base64!") == INVALID
