"""The JavaScript package in a real browser, as a page of the desk's own address imports it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.api.serving import ROOT, Served, served
from tests.sdk.node import installed

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
def uow(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


def test_the_package_works_in_a_page(tab: Page, uow: Served, tmp_path: Path) -> None:
    installed(tmp_path)

    def give(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name == "page":
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            path = ROOT / "var/sdk/dist" / name
            route.fulfill(path=path, content_type="text/javascript")

    tab.route("**/package/*", give)
    tab.goto(f"{uow.address}/package/page")
    tab.wait_for_function("window.sdk")
    assert tab.evaluate(USE, uow.tokens["uma"]) == [
        ["From a page"],
        "file.txt",
        "it broke",
        True,
    ]
