"""The dialects: one folder a document; none knows another."""

from __future__ import annotations

from ticket_app.api.dialects import centcom, enterprise
from ticket_app.api.dialects.centcom.routes import VOICE as CENTCOM
from ticket_app.api.dialects.enterprise.auth import VOICE as ENTERPRISE
from ticket_app.api.kit.fallback import fallback

DIALECTS = (centcom.router, enterprise.router)
"""In the order they are asked."""

FALLBACKS = (
    fallback(
        lambda _path: CENTCOM,
        centcom.router,
        "/api/tickets",
        "/api/tickets/{rest:path}",
        "/api/admin/{rest:path}",
    ),
    fallback(lambda _path: ENTERPRISE, enterprise.router, "/auth", "/auth/{rest:path}"),
)
"""What answers for everything else under their prefixes."""
