"""Service levels: promises, calendars, and how far they were kept."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Service Levels")
