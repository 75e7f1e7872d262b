"""Errors, with the document's field names (Status Codes)."""

from __future__ import annotations

from ticket_app.api.kit.drf import DrfErrorRenderer

ERROR_RENDERER = DrfErrorRenderer(
    "bmasia",
    {
        "title": "subject",
        "content": "text",
        "assignee": "assigned_to",
        "team": "assigned_team",
        "due_at": "due_date",
    },
)
