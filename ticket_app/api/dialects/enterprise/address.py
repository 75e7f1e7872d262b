"""The address this API is called under, for the URLs it tells."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ticket_app.api.kit.address import base_url


async def _address(request: Request) -> str:
    return base_url(request)


Address = Annotated[str, Depends(_address)]
"""`TICKET_PUBLIC_URL`, or what the request was sent to; no slash at the end."""
