"""A request to the API, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ticket_system_sdk.files import Source, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. A `repeatable` one may be sent again even if the first may have taken effect."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    json: Any = None
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    source: Source | None = None
    """The file to upload, and `file` when it is open."""
    file: Upload | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_authorized: bool = True
    repeatable: bool = True
