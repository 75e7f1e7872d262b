"""The base URL of this API, for URLs in responses."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ticket_app.api.kit.public_urls import base_url


async def _base_url(request: Request) -> str:
    return base_url(request)


BaseUrlDep = Annotated[str, Depends(_base_url)]
"""`TICKET_PUBLIC_URL`, or the address of the request, without a trailing slash."""
