"""What lets people install the web app: manifest, icons, offline page and service worker."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from scripts import app_icons
from ticket_app.settings import PROJECT_ROOT
from ticket_app.ui import routes, theme
from ticket_app.ui.installed_app import manifest, offline_page, service_worker, texts
from ticket_app.ui.security_middleware import SecurityMiddleware
from ticket_app.ui.static_files import InlineScriptParser, frontend_mount

ASSETS = PROJECT_ROOT / "assets"
BLUE = (62, 99, 221)
"""The background of the product's logo."""


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return json.loads(manifest.render_manifest())


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A client of the built files, behind the security middleware as in production."""
    (tmp_path / "manifest.webmanifest").write_text(manifest.render_manifest())
    (tmp_path / "offline.html").write_text(offline_page.render_offline_page())
    (tmp_path / "404.html").write_text("<html>The app</html>")
    (tmp_path / service_worker.FILE_NAME).write_text("// the bundled worker")
    shutil.copytree(app_icons.ICONS, tmp_path / "icons")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/root-Bx3.css").write_text("")
    files = Starlette(routes=[frontend_mount(tmp_path, lambda path: None)])
    with TestClient(SecurityMiddleware(files, public_url="https://desk.example")) as client:
        yield client


def test_manifest_describes_an_app_of_its_own_window(described: dict[str, Any]) -> None:
    assert {name: described[name] for name in ("id", "start_url", "scope")} == {
        "id": "/",
        "start_url": "/",
        "scope": "/",
    }
    assert described["name"] == described["short_name"] == "Ticket"
    assert described["display"] == "standalone"
    assert (described["theme_color"], described["background_color"]) == ("#ffffff", "#ffffff")
    assert described["color_scheme_dark"] == {
        "theme_color": "#111113",
        "background_color": "#111113",
    }


def test_window_colors_are_the_backgrounds_of_the_pages() -> None:
    css = (ASSETS / "styles/base.css").read_text()
    light = re.search(r"html, body \{[^}]*background: (#\w+)", css)
    dark = re.search(r"html\.dark, html\.dark body \{ background: (#\w+)", css)
    assert light
    assert dark
    short = light[1].removeprefix("#")
    assert {"light": "#" + short * (6 // len(short)), "dark": dark[1]} == theme.WINDOW_COLORS


def test_every_icon_of_the_manifest_has_its_size(described: dict[str, Any]) -> None:
    purposes = {(icon["purpose"], icon["sizes"]) for icon in described["icons"]}
    assert purposes == {
        (purpose, size) for purpose in ("any", "maskable") for size in ("192x192", "512x512")
    }
    for icon in described["icons"]:
        with Image.open(ASSETS / icon["src"].removeprefix("/")) as image:
            assert (image.format, "{}x{}".format(*image.size)) == ("PNG", icon["sizes"])


@pytest.mark.parametrize("name", sorted(app_icons.icons()))
def test_icons_are_drawn_from_the_logo(name: str) -> None:
    drawing, size = app_icons.icons()[name]
    with Image.open(app_icons.ICONS / name) as image:
        assert image.size == (size, size)
        pixels = image.convert("RGBA")
        corner = pixels.crop((0, 0, 1, 1)).tobytes()
        left = pixels.crop((size // 32, size // 2, size // 32 + 1, size // 2 + 1)).tobytes()
    if "badge" in name:
        assert corner[3] == left[3] == 0, "only the shape"
        assert "<rect" not in drawing
    elif 'rx="8"' in drawing:
        assert (corner[3], left) == (0, bytes((*BLUE, 255))), "round corners"
    else:
        assert corner == left == bytes((*BLUE, 255)), "phones cut the corners themselves"


def test_the_shape_of_a_maskable_icon_is_in_the_zone_that_phones_never_cut() -> None:
    with Image.open(app_icons.ICONS / "maskable-512.png") as image:
        pixels = image.convert("RGB")
    far = [
        (x, y)
        for x in range(512)
        for y in range(512)
        if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2 and pixels.getpixel((x, y)) != BLUE
    ]
    assert far == []


def test_shortcuts_lead_to_the_page_of_the_persons_role(described: dict[str, Any]) -> None:
    shortcuts = {one["name"]: one["url"] for one in described["shortcuts"]}
    assert shortcuts == {
        "New ticket": "/?open=new-ticket",
        "Inbox": "/?open=inbox",
        "My tickets": "/?open=my-tickets",
    }
    pages = {
        name: [
            routes.shortcut_page(url.rpartition("=")[2], is_staff=is_staff)
            for is_staff in (True, False)
        ]
        for name, url in shortcuts.items()
    }
    assert pages == {
        "New ticket": ["/desk/new", "/portal/new"],
        "Inbox": ["/desk/inbox", "/portal/inbox"],
        "My tickets": ["/desk/views/mine", "/portal"],
    }


@pytest.mark.parametrize("word", ["", "//other.example", "/admin", "login"])
def test_the_home_page_continues_to_no_other_address(word: str) -> None:
    assert routes.shortcut_page(word, is_staff=True) == ""


def test_head_of_every_page_names_manifest_icons_and_colors() -> None:
    shown = " ".join(map(str, theme.head_components()))
    for part in (
        theme.MANIFEST,
        theme.APPLE_TOUCH_ICON,
        "theme-color",
        "(prefers-color-scheme: light)",
        "(prefers-color-scheme: dark)",
        "apple-mobile-web-app-title",
        "mobile-web-app-capable",
    ):
        assert part in shown, part


def test_manifest_and_icons_are_served_with_their_types(client: TestClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == "application/manifest+json"
    assert answer.headers["cache-control"] == "no-cache"
    for path in (*(path for path, _, _ in manifest.ICONS), theme.APPLE_TOUCH_ICON):
        icon = client.get(path)
        assert (icon.status_code, icon.headers["content-type"]) == (200, "image/png"), path


def test_service_worker_is_served_fresh_from_the_root_and_may_load_its_own_site(
    client: TestClient,
) -> None:
    answer = client.get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == "text/javascript"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"].split("; ")
    assert "connect-src 'self'" in policy, "a policy without it forbids the worker to load anything"
    assert "default-src 'none'" in policy
    assert client.get("/assets/root-Bx3.css").headers["cache-control"].endswith("immutable")


def test_offline_page_is_complete_in_itself(client: TestClient) -> None:
    answer = client.get("/offline")
    html = answer.text
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    loaded = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert set(loaded) == {"data:,", theme.MANIFEST}
    assert "url(" not in html
    scripts = InlineScriptParser(html).texts
    assert len(scripts) == 1
    assert "'sha256-" in answer.headers["content-security-policy"], "its script may run"
    for text in (texts.OFFLINE_TITLE, texts.UNSENT_TEXT, texts.TRY_AGAIN):
        assert text in html
    assert (ASSETS / "favicon.svg").read_text().split("\n")[1].strip() in html


def test_worker_answers_for_every_page_and_for_no_api() -> None:
    starts = service_worker.page_path_starts()
    assert starts == [
        "",
        "admin",
        "desk",
        "forgot-password",
        "invitation",
        "login",
        "portal",
        "rate",
        "register",
        "reset-password",
        "settings",
        "verify",
    ]


def test_build_name_changes_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/root-1.js").touch()
    first = service_worker.build_name(tmp_path)
    assert service_worker.build_name(tmp_path) == first
    (tmp_path / "assets/root-1.js").rename(tmp_path / "assets/root-2.js")
    assert service_worker.build_name(tmp_path) != first
