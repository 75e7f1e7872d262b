"""Refusals, with fields by the document's names."""

from __future__ import annotations

from ticket_app.api.kit.drf import DrfVoice

VOICE = DrfVoice("kubebro", {"assignee": "assigned_to", "kind": "category"})
