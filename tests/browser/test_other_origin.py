"""The guide's own code in a page of another origin: its TypeScript client and its React form.

Only the guide's placeholders are filled in: the host, the token and the id of a ticket. Where the
guide is absent (it is no part of the repository) these tests are skipped.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.api.serving import ROOT
from tests.api.test_centcom_clients import HOST, cut
from tests.browser.conftest import Product
from tests.browser.test_portal import known
from tests.contracts import contract, document
from tests.contracts.document import Document
from tests.core import samples
from tests.sdk.node import NODE
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import opening

PACKAGES = ROOT / "var" / "web" / "node_modules"
"""What the frontend's build has fetched from npm: React, and a bundler that reads TypeScript."""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Centcom</title><link rel="icon" href="data:,">
</head><body><input type="file" id="file-input" aria-label="File"><div id="root"></div>
<button onclick="import('./{script}.js')">Go</button></body></html>
"""
FORM = """
import {{ createRoot }} from 'react-dom/client';
import React, {{ useState }} from 'react';
{client}
const ticketClient = new CentcomTicketClient('{host}', '{token}');
{form}
createRoot(document.getElementById('root')!).render(<TicketSubmissionForm />);
"""
EXAMPLE = """
const userAccessToken = '{token}';
{example}
export {{}};
"""
CONDITIONAL = """async ([address, token]) => {
  const headers = { Authorization: `Bearer ${token}` };
  const first = await fetch(`${address}/tickets?size=1`, { headers });
  const etag = first.headers.get('ETag');
  const again = await fetch(`${address}/tickets?size=1`, {
    headers: { ...headers, 'If-None-Match': etag }, cache: 'no-store',
  });
  const created = () => fetch(`${address}/tickets`, {
    method: 'POST',
    headers: { 'X-API-Key': token, 'Content-Type': 'application/json', 'Idempotency-Key': 'k1',
               'X-Request-ID': 'from-a-page' },
    body: JSON.stringify({ title: 'From afar', description: 'Across origins' }),
  });
  const one = await created();
  const two = await created();
  const id = (await one.json()).data.id;
  const gone = await fetch(`${address}/tickets/${id}`, {
    method: 'PATCH',
    headers: { ...headers, 'Content-Type': 'application/json', 'If-Match': 'W/"v999"' },
    body: JSON.stringify({ title: 'Changed from afar' }),
  });
  const nobody = await fetch(`${address}/tickets`);
  const nowhere = await fetch(`${address}/api/v1/nothing/`, { method: 'DELETE' });
  return {
    link: first.headers.get('Link'), etag: !!etag, again: again.status,
    left: first.headers.get('X-RateLimit-Remaining'),
    one: one.status, replayed: two.headers.get('Idempotency-Replayed'),
    asked: one.headers.get('X-Request-ID'), gone: gone.status,
    nobody: [nobody.status, (await nobody.json()).error.code],
    nowhere: [nowhere.status, Object.keys(await nowhere.json())],
  };
}"""


@pytest.fixture(scope="module")
def guide() -> Document:
    try:
        return document.read(contract.read("centcom")["guide"])
    except FileNotFoundError:
        pytest.skip(f"the guide is not here ({document.SPECS}), nor is its code")


@pytest.fixture
def token(product: Product) -> str:
    """An API token of the owner's."""
    actor = known(product, "owner")
    with open_unit_of_work(writes=True, actor=actor, bind=product.engine) as uow:
        return create_api_token(uow, "a page")[0]


@contextmanager
def page_at(origin: str, folder: Path) -> Iterator[None]:
    """Serve a folder under that origin."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002
            pass

    address = ("127.0.0.1", int(origin.rpartition(":")[2]))
    with ThreadingHTTPServer(address, partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def bundled(folder: Path, name: str, source: str) -> None:
    """Compile and bundle a page's script with the packages of npm."""
    (folder / f"{name}.tsx").write_text(source)
    (folder / f"{name}.html").write_text(PAGE.format(script=name))
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(PACKAGES)
    done = subprocess.run(
        [
            str(NODE),
            str(PACKAGES / "rolldown" / "bin" / "cli.mjs"),
            f"{name}.tsx",
            "--file",
            f"{name}.js",
            "--platform",
            "browser",
            "--transform.define",
            "process.env.NODE_ENV='production'",
        ],
        cwd=folder,
        env={**os.environ, "CI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_guides_typescript_client_runs_in_a_page_of_another_origin(
    tab: Page, product: Product, token: str, guide: Document, tmp_path: Path
) -> None:
    client, usage = cut(guide, "JavaScript/TypeScript Example", "typescript")
    actor = known(product, "owner")
    with open_unit_of_work(writes=True, actor=actor, bind=product.engine) as uow:
        draft = opening.TicketDraft(title="Take a file", description="From a page")
        ticket = str(opening.open_ticket(uow, draft).uuid)
    example = (client + usage).replace(HOST, product.address).replace("ticket-uuid", ticket)
    bundled(tmp_path, "example", EXAMPLE.format(token=token, example=example))
    messages: list[str] = []
    tab.on("console", lambda message: messages.append(message.text))
    with page_at(product.portal, tmp_path):
        tab.goto(f"{product.portal}/example.html")
        picture = {"name": "shot.png", "mimeType": "image/png", "buffer": samples.png()}
        tab.get_by_label("File").set_input_files(picture)
        with tab.expect_console_message(lambda message: "attachments" in message.text):
            tab.get_by_role("button", name="Go").click()
        result = tab.evaluate(CONDITIONAL, [product.address, token])
    assert messages[0].startswith("Ticket created: BUG-")
    assert messages[1].startswith("Found ")
    assert messages[2].startswith("File uploaded: ")
    assert messages[3] == "Found 1 attachments"
    assert result.pop("link").startswith(f"<{product.address}/tickets?")
    assert int(result.pop("left")) > 0
    assert result == {
        "etag": True,
        "again": 304,
        "one": 201,
        "replayed": "true",
        "asked": "from-a-page",
        "gone": 412,
        "nobody": [401, "AUTHENTICATION_REQUIRED"],
        "nowhere": [404, ["detail"]],
    }


def test_the_guides_react_form_files_a_ticket_from_another_origin(
    tab: Page, product: Product, token: str, guide: Document, tmp_path: Path
) -> None:
    client, _ = cut(guide, "JavaScript/TypeScript Example", "typescript")
    form = guide.section("Example UI Components").block("typescript")
    bundled(
        tmp_path,
        "form",
        FORM.format(client=client, host=product.address, token=token, form=form),
    )
    messages: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        messages.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", dismiss)
    with page_at(product.portal, tmp_path):
        tab.goto(f"{product.portal}/form.html")
        tab.get_by_role("button", name="Go").click()
        fields = tab.get_by_role("textbox")
        expect(fields).to_have_count(5)
        for n, words in enumerate(
            ("It stopped", "Since the update.", "Start it", "It starts", "It does not")
        ):
            fields.nth(n).fill(words)
        with tab.expect_event("dialog"):
            tab.get_by_role("button", name="Submit Ticket").click()
        assert messages[0].startswith("Ticket BUG-")
        assert messages[0].endswith(" created successfully!")
