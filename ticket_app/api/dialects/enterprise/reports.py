"""Reports and Analytics."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Reports and Analytics")
