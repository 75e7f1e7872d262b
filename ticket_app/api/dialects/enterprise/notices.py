"""Notifications: what the caller has been told."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Notifications")
