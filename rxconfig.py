"""What Reflex must know before it compiles or serves: one port, no telemetry, nothing implicit."""

import reflex as rx
from reflex.constants import StateManagerMode

from ticket_app.settings import settings
from ticket_app.ui import theme
from ticket_app.ui.frontend_patches import FrontendPatchPlugin, MinimalRadixThemesPlugin
from ticket_app.ui.installed_app.plugin import InstalledAppPlugin

redis_url = settings().redis_url

config = rx.Config(
    app_name="ticket_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=[],  # ui.gate decides which pages may open the socket
    redis_url=redis_url,
    state_manager_mode=StateManagerMode.REDIS if redis_url else StateManagerMode.MEMORY,
    frontend_compression_formats=["brotli", "gzip"],
    frontend_lazy_bundled_libraries=True,
    plugins=[
        MinimalRadixThemesPlugin(theme=theme.radix_theme()),
        FrontendPatchPlugin(),
        InstalledAppPlugin(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
