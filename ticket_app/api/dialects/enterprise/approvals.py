"""Approvals: who must agree, what waits, and the decisions."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Approvals")
