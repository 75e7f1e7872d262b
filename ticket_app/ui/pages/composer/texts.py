"""Interface texts of the composer, ready for translation."""

from __future__ import annotations

from typing import Final

COMPOSER_OTHER_TICKET_OPEN: Final = "Another ticket is open in this tab. Nothing was changed."
