"""The address this API is called under, for the URLs it tells."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ticket_app.settings import settings


async def _address(request: Request) -> str:
    return (settings().public_url or str(request.base_url)).rstrip("/")


Address = Annotated[str, Depends(_address)]
"""`TICKET_PUBLIC_URL`, or what the request was sent to; no slash at the end."""
