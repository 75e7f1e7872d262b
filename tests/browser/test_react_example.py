"""The example app of the React package, at another origin than the API, in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tests.api.serving import ROOT, Served, free_port, served
from tests.browser.test_accessible import findings
from tests.browser.test_other_origin import page_at
from tests.contracts import document
from tests.core import samples
from tests.sdk.conftest import PASSWORD, insert_example_data
from tests.sdk.node import NODE, run

EXAMPLE = ROOT / "var" / "react" / "example"
DROP = """(zone) => {
  const data = new DataTransfer();
  data.items.add(new File(['10:02 ERROR'], 'dropped.log', { type: 'text/plain' }));
  zone.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def built() -> Path:
    """Bundle the example as its README does and return the folder to serve."""
    command = [sys.executable, "scripts/react_sdk.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    run([str(NODE), "build.mjs"], EXAMPLE)
    return EXAMPLE / "dist"


@pytest.fixture(scope="module")
def origin() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, origin: str) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKET_CORS_ORIGINS", origin)
        patch.setenv("TICKET_SIGN_IN_TRIES_PER_MINUTE", "1000")
        with served(tmp_path_factory.mktemp("react")) as running:
            insert_example_data(running.database)
            yield running


@pytest.fixture
def example(
    visit: Callable[[], BrowserContext], built: Path, origin: str, server: Served
) -> Iterator[Page]:
    """The example, signed in as una; it looks for changes every half second."""
    with page_at(origin, built):
        page = visit().new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{origin}/?desk={server.address}&poll=0.5")
        sign_in(page)
        yield page
        assert errors == []
        page.context.close()


def sign_in(page: Page) -> None:
    page.get_by_label("Username").fill("una")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def call(server: Served, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Call the API as the agent."""
    request = urllib.request.Request(
        server.address + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {server.tokens['sam']}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def fill_form(page: Page, title: str) -> None:
    page.get_by_role("link", name="New ticket").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Section").select_option(label="Analysis")
    page.get_by_label("Description").fill("Since the **update**.\n\n- it stays empty")


def test_a_bug_with_a_file_is_submitted_and_followed(example: Page, server: Served) -> None:
    fill_form(example, "The chart stays empty")
    example.get_by_label("Title").fill("")
    expect(example.get_by_text("Enter a title.")).to_be_visible()
    example.get_by_label("Title").fill("The chart stays empty")
    example.get_by_role("button", name="Preview", exact=True).click()
    expect(example.locator(".tk-preview strong")).to_have_text("update")
    example.get_by_label("Steps to reproduce").fill("1. Open a chart")
    example.get_by_role("button", name="Add tag regression").click()
    picture = {"name": "shot.png", "mimeType": "image/png", "buffer": samples.png()}
    example.get_by_label("Files", exact=True).set_input_files(picture)
    expect(example.get_by_alt_text("Preview of shot.png")).to_be_visible()
    example.locator(".tk-drop").evaluate(DROP)
    expect(example.get_by_text("dropped.log")).to_be_visible()
    expect(example.get_by_text("You can submit 200 more tickets this hour.")).to_be_visible()
    example.get_by_role("button", name="Submit ticket").click()
    heading = example.get_by_role("heading", name="created")
    expect(heading).to_be_focused()
    key = heading.inner_text().split()[1]
    assert key.startswith("BUG-")
    expect(example.get_by_text("Uploaded")).to_have_count(2)

    example.get_by_role("link", name="Support").click()
    count = example.locator(".tk-counts [data-status=open] .tk-count")
    expect(count).to_have_text("1")
    example.get_by_label("Search tickets").fill("chart")
    example.get_by_role("button", name="The chart stays empty").click()
    expect(example.get_by_role("heading", name="The chart stays empty")).to_be_focused()
    expect(example.get_by_label("Files", exact=True).get_by_text("shot.png")).to_be_visible()
    expect(example.get_by_alt_text("Preview of shot.png")).to_be_visible()
    with example.expect_download() as download:
        example.get_by_role("button", name="Download dropped.log").click()
    assert download.value.suggested_filename == "dropped.log"
    assert Path(download.value.path()).read_text() == "10:02 ERROR"

    example.get_by_label("Add a comment").fill("It is **still** empty")
    example.get_by_role("button", name="Add comment").click()
    expect(example.locator(".tk-comment strong", has_text="still")).to_be_visible()
    example.get_by_label("Add a comment").fill("I am typing")
    call(server, "PATCH", f"/tickets/{key}", {"status": "in_progress"})
    call(server, "POST", f"/api/tickets/{key}/comments", {"content": "We look into it"})
    expect(example.locator(".tk-facts .tk-badge")).to_have_text("In progress")
    expect(example.get_by_text("We look into it")).to_be_visible()
    expect(example.locator(".tk-history li")).to_have_count(2)
    expect(example.get_by_label("Add a comment")).to_have_value("I am typing")
    example.get_by_role("button", name="Close ticket").click()
    expect(count).to_have_text("0")


def test_a_ticket_written_offline_is_offered_again_and_created_once(
    example: Page, server: Served
) -> None:
    fill_form(example, "Written on a train")
    log = {"name": "train.log", "mimeType": "text/plain", "buffer": b"10:02 ERROR"}
    example.get_by_label("Files", exact=True).set_input_files(log)
    expect(example.get_by_text("train.log")).to_be_visible()
    example.context.set_offline(True)
    example.get_by_role("button", name="Submit ticket").click()
    expect(example.get_by_text("Your ticket is kept in this browser.")).to_be_visible()
    example.context.set_offline(False)
    expect(example.get_by_text("You are online again.")).to_be_visible()
    example.reload()
    sign_in(example)
    expect(example.get_by_text("Not submitted: there was no connection")).to_be_visible()
    example.get_by_role("button", name="Continue Written on a train").click()
    expect(example.get_by_label("Description")).to_have_value(
        "Since the **update**.\n\n- it stays empty"
    )
    expect(example.get_by_text("train.log")).to_be_visible()
    example.get_by_role("button", name="Submit ticket").click()
    expect(example.get_by_role("heading", name="created")).to_be_visible()
    expect(example.get_by_text("Uploaded")).to_be_visible()
    example.get_by_role("link", name="Support").click()
    expect(example.get_by_role("button", name="Written on a train")).to_have_count(1)
    example.get_by_role("link", name="New ticket").click()
    expect(example.get_by_role("region", name="Drafts")).to_have_count(0)


def test_the_progress_of_an_upload_is_shown_and_a_failed_one_is_repeated(example: Page) -> None:
    fill_form(example, "With two logs")
    log = {"name": "slow.log", "mimeType": "text/plain", "buffer": b"10:02 ERROR\n" * 50_000}
    other = {"name": "lost.log", "mimeType": "text/plain", "buffer": b"10:03 ERROR"}
    example.get_by_label("Files", exact=True).set_input_files([log, other])
    network = example.context.new_cdp_session(example)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
    network.send("Network.emulateNetworkConditions", slow)

    def lose_the_second(route: Route) -> None:
        if b"lost.log" in (route.request.post_data_buffer or b""):
            route.abort()
        else:
            route.continue_()

    example.route("**/attachments", lose_the_second)
    example.get_by_role("button", name="Submit ticket").click()
    progress = example.get_by_role("progressbar", name="Upload of slow.log")
    expect(progress).to_have_attribute("value", re.compile(r"^[1-9]\d$"))
    expect(example.get_by_text("One file was not uploaded.")).to_be_visible()
    expect(example.get_by_text("· Uploaded")).to_have_count(1)
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    example.unroute("**/attachments")
    example.get_by_role("button", name="Upload again").click()
    expect(example.get_by_text("· Uploaded")).to_have_count(2)
    expect(example.get_by_text("not uploaded")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_grave_hinders_people_in_the_components(example: Page, theme: str) -> None:
    example.get_by_label("Theme").select_option(theme)
    fill_form(example, f"Look at it in a {theme} theme")
    example.get_by_label("Title").fill("")
    example.locator("summary").click()
    found = findings(example)
    example.get_by_label("Title").fill(f"Look at it in a {theme} theme")
    example.get_by_role("button", name="Submit ticket").click()
    expect(example.get_by_role("heading", name="created")).to_be_visible()
    found += findings(example)
    example.get_by_role("button", name="View ticket").click()
    expect(example.get_by_role("heading", name="Look at it")).to_be_visible()
    found += findings(example)
    example.get_by_role("button", name="Close ticket").click()
    expect(example.get_by_role("button", name="Look at it").first).to_be_visible()
    found += findings(example)
    assert found == []
    example.set_viewport_size({"width": 390, "height": 844})
    assert findings(example) == []
    example.get_by_label("Sort by").select_option(label="Oldest first")
    assert example.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_form_is_filled_in_by_keyboard(example: Page) -> None:
    example.get_by_role("link", name="New ticket").click()
    example.get_by_label("Description").fill("word")
    example.get_by_label("Description").select_text()
    example.keyboard.press("Control+b")
    expect(example.get_by_label("Description")).to_have_value("**word**")
    example.get_by_role("button", name="Bold").focus()
    example.keyboard.press("ArrowRight")
    expect(example.get_by_role("button", name="Italic")).to_be_focused()
    example.get_by_role("radio", name="Bug report").focus()
    example.keyboard.press("ArrowDown")
    expect(example.get_by_role("radio", name="Feature request")).to_be_checked()
    expect(example.get_by_label("Steps to reproduce")).to_have_count(0)
    example.get_by_label("Tags").fill("by-hand")
    example.keyboard.press("Enter")
    expect(example.get_by_role("button", name="Remove tag by-hand")).to_be_visible()
    example.get_by_role("button", name="Submit ticket").press("Enter")
    expect(example.get_by_label("Title")).to_be_focused()


GUIDES_FORM = """
import {{ CentcomTickets }} from '@company/ticket-system-react';
import {{ createRoot }} from 'react-dom/client';
import React, {{ useState }} from 'react';
const ticketClient = new CentcomTickets('{host}', '{token}');
{form}
createRoot(document.getElementById('root')!).render(<TicketSubmissionForm />);
"""


def test_the_guides_own_form_works_with_the_packages_client(
    tab: Page, built: Path, origin: str, server: Served, tmp_path: Path
) -> None:
    try:
        guide = document.read("centcom.md")
    except FileNotFoundError:
        pytest.skip(f"the guide is not here ({document.SPECS}), nor is its form")
    form = guide.section("Example UI Components").block("typescript")
    (tmp_path / "form.tsx").write_text(
        GUIDES_FORM.format(host=server.address, token=server.tokens["uma"], form=form)
    )
    (tmp_path / "node_modules").symlink_to(EXAMPLE / "node_modules")
    options = ["--bundle", "--format=esm", "--preserve-symlinks", "--outfile=main.js"]
    run(["node_modules/.bin/esbuild", "form.tsx", *options], tmp_path)
    shutil.copy(built / "index.html", tmp_path)
    messages: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        messages.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", dismiss)
    with page_at(origin, tmp_path):
        tab.goto(f"{origin}/index.html")
        fields = tab.get_by_role("textbox")
        for n, words in enumerate(("It stopped", "Since the update.", "Start it", "It runs", "No")):
            fields.nth(n).fill(words)
        with tab.expect_event("dialog"):
            tab.get_by_role("button", name="Submit Ticket").click()
    assert messages[0].startswith("Ticket BUG-")
    assert messages[0].endswith(" created successfully!")
