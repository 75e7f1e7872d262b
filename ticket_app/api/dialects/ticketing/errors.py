"""Errors, with the document's field names."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.vocabulary import FIELD_NAMES
from ticket_app.api.kit.drf import DrfErrorRenderer

ERROR_RENDERER = DrfErrorRenderer("ticketing", FIELD_NAMES)
