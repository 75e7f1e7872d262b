"""Status Codes: refusals, with fields by the document's names."""

from __future__ import annotations

from ticket_app.api.kit.drf import DrfVoice

VOICE = DrfVoice(
    "bmasia",
    {
        "title": "subject",
        "content": "text",
        "assignee": "assigned_to",
        "team": "assigned_team",
        "due_at": "due_date",
    },
)
