"""Refusals, with fields by the document's names."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.vocabulary import FIELD
from ticket_app.api.kit.drf import DrfVoice

VOICE = DrfVoice("ticketing", FIELD)
