"""The JavaScript package works in a real browser, imported by a page of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.api.serving import ROOT, Served, served
from tests.sdk.node import install_package

PAGE = """<script type="module">
import * as sdk from './index.js';
window.sdk = sdk;
</script>"""
USE = """async (token) => {
  const api = new sdk.TicketSystemAPI({ baseURL: '', apiKey: token });
  const ticket = await api.tickets.create({ title: 'From a page', description: 'It works' });
  const file = new Blob(['it broke'], { type: 'text/plain' });
  const sent = await api.attachments.upload(ticket.id, { file });
  const titles = [];
  for await (const one of (await api.tickets.list({ size: 1 })).all()) titles.push(one.title);
  const refused = await api.tickets.get('nothing').catch((error) => error);
  const download = await api.attachments.download(sent.id);
  return [titles, sent.filename, await download.text(), refused instanceof sdk.NotFound];
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


def test_javascript_sdk_works_in_a_page(tab: Page, server: Served, tmp_path: Path) -> None:
    install_package(tmp_path)

    def serve_file(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name == "page":
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            path = ROOT / "var/sdk/dist" / name
            route.fulfill(path=path, content_type="text/javascript")

    tab.route("**/package/*", serve_file)
    tab.goto(f"{server.address}/package/page")
    tab.wait_for_function("window.sdk")
    assert tab.evaluate(USE, server.tokens["uma"]) == [
        ["From a page"],
        "file.txt",
        "it broke",
        True,
    ]
