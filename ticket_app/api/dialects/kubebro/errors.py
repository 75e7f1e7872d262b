"""Errors, with the document's field names."""

from __future__ import annotations

from ticket_app.api.kit.drf import DrfErrorRenderer

ERROR_RENDERER = DrfErrorRenderer("kubebro", {"assignee": "assigned_to", "kind": "category"})
