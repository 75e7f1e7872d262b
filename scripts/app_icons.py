"""Draws the icons of the installed app from the product's logo, assets/favicon.svg.

Run it when the logo changes, and commit the icons. It needs the Chromium of the browser tests.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
LOGO = ROOT / "assets/favicon.svg"
ICONS = ROOT / "assets/icons"
BACKGROUND = re.compile(r"<rect [^>]*/>")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def square(logo: str) -> str:
    """Return the logo without round corners: phones cut their own shape out of it."""
    return re.sub(r' rx="\d+"', "", logo, count=1)


def shape(logo: str) -> str:
    """Return the logo without its background: Android draws only the shape, in one colour."""
    return BACKGROUND.sub("", logo, count=1)


def icons() -> dict[str, tuple[str, int]]:
    """Return the drawing and the width in pixels of each icon, by file name."""
    logo = LOGO.read_text(encoding="utf-8")
    return {
        "icon-192.png": (logo, 192),
        "icon-512.png": (logo, 512),
        "maskable-192.png": (square(logo), 192),
        "maskable-512.png": (square(logo), 512),
        "apple-touch-icon-180.png": (square(logo), 180),
        "badge-96.png": (shape(logo), 96),
    }


def main() -> None:
    """Draw all icons."""
    ICONS.mkdir(exist_ok=True)
    named = os.environ.get("TICKET_TEST_BROWSER")
    path = named or next(found for name in BROWSERS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        for name, (drawing, size) in icons().items():
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(
                f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawing}"
            )
            page.screenshot(path=ICONS / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
