"""The settings of an installation, read from the environment."""

from __future__ import annotations

from ticket_app.settings.hosts import HOST_PATTERN, is_loopback, normalized_origin
from ticket_app.settings.issuers import TrustedIssuer
from ticket_app.settings.loading import (
    InvalidSettings,
    check_variable_names,
    reload_settings,
    settings,
)
from ticket_app.settings.secret_file import load_or_create_secret
from ticket_app.settings.variables import PROJECT_ROOT, Settings

__all__ = [
    "HOST_PATTERN",
    "PROJECT_ROOT",
    "SESSION_COOKIE",
    "ZONE_COOKIE",
    "InvalidSettings",
    "Settings",
    "TrustedIssuer",
    "check_variable_names",
    "is_loopback",
    "load_or_create_secret",
    "normalized_origin",
    "reload_settings",
    "settings",
]

SESSION_COOKIE = "desk_session"
"""The name of the session cookie."""


ZONE_COOKIE = "time_zone"
"""The cookie with the browser's time zone (assets/js/before_paint.js)."""
