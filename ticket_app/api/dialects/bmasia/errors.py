"""Status Codes: refusals, with fields by the document's names."""

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
