"""Interface texts of channels and of the delivery of messages, ready for translation."""

from __future__ import annotations

from typing import Final

CHANNELS: Final[dict[str, str]] = {
    "email": "Email",
    "mcp": "MCP",
    "import": "Import",
    "command_line": "Command line",
    "system": "System",
    "api": "API",
    "centcom": "API",
    "kubebro": "API",
    "bmasia": "API",
    "enterprise": "API",
    "ticketing": "API",
}
"""Labels of the channels of messages; the web app has two."""
WEB: Final = "Web"
PORTAL: Final = "Portal"
RECIPIENTS: Final = "Recipients"
STATES: Final[dict[str, str]] = {
    "failed": "Failed",
    "waiting": "Waiting",
    "delivered": "Delivered to server",
    "read": "Read",
    "not_emailed": "Not sent by email",
}
"""Labels of how far a message got to a person."""
