"""The `format` field of request bodies that contain texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ticket_app.core.platform.vocabulary import TextFormat

TextFormatField = Annotated[
    TextFormat | None,
    Field(
        description="How the texts of this body are shown: exactly as written, or as "
        "Markdown. By default, new texts use the API's format and changed texts keep theirs."
    ),
]
