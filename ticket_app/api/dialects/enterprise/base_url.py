"""The address this API is called under, for the URLs it tells."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ticket_app.api.kit.public_urls import base_url


async def _base_url(request: Request) -> str:
    return base_url(request)


BaseUrlDep = Annotated[str, Depends(_base_url)]
"""`TICKET_PUBLIC_URL`, or what the request was sent to; no slash at the end."""
