"""The manifest, from which browsers and phones install the web app.

It is the same for everyone, because browsers ask for it without the session cookie. The shortcuts
lead to the home page, which continues to the right page for the person's role.
"""

from __future__ import annotations

import json
from typing import Final

from ticket_app.ui import routes, theme
from ticket_app.ui.installed_app import texts
from ticket_app.ui.texts import PRODUCT_NAME

ICONS: Final = (
    ("/icons/icon-192.png", 192, "any"),
    ("/icons/icon-512.png", 512, "any"),
    ("/icons/maskable-192.png", 192, "maskable"),
    ("/icons/maskable-512.png", 512, "maskable"),
)
"""Path, width in pixels and purpose. `scripts/app_icons.py` draws them from the favicon."""
SHORTCUTS: Final = (
    (texts.SHORTCUT_NEW_TICKET, "new-ticket"),
    (texts.SHORTCUT_INBOX, "inbox"),
    (texts.SHORTCUT_MY_TICKETS, "my-tickets"),
)


def render_manifest() -> str:
    """Return the manifest as JSON. Its paths are relative to the host, so any host may serve it."""
    icons = [
        {"src": path, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for path, size, purpose in ICONS
    ]
    light, dark = theme.WINDOW_COLORS["light"], theme.WINDOW_COLORS["dark"]
    manifest = {
        "id": routes.HOME,
        "name": PRODUCT_NAME,
        "short_name": PRODUCT_NAME,
        "description": texts.DESCRIPTION,
        "lang": "en",
        "dir": "ltr",
        "start_url": routes.HOME,
        "scope": routes.HOME,
        "display": "standalone",
        "theme_color": light,
        "background_color": light,
        "color_scheme_dark": {"theme_color": dark, "background_color": dark},
        "categories": ["business", "productivity"],
        "icons": icons,
        "shortcuts": [
            {"name": name, "url": routes.home_shortcut(page), "icons": icons[:1]}
            for name, page in SHORTCUTS
        ],
    }
    return json.dumps(manifest, indent=2)
