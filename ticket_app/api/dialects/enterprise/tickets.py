"""Tickets: list, file, read, change, delete."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Tickets")
