"""Webhook Integration."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Webhooks")
