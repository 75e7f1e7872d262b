"""File Attachments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import overload

from ticket_system_sdk.call import Call
from ticket_system_sdk.files import Source, opened, put
from ticket_system_sdk.models import Attachment
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, known, segment


class Attachments(Resource):
    """Files of tickets."""

    def upload(
        self,
        ticket_id: int | str,
        file: Source,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        description: str | None = None,
        is_internal: bool = False,
    ) -> Attachment:
        """Send a file: its path, its bytes, or an open binary file.

        Raises `ValidationError` for a file the desk does not take, `NotFound`, `OSError`.
        """
        fields = known(description=description, is_internal=str(is_internal).lower())
        path = f"/attachments/ticket/{segment(ticket_id)}/upload"
        with opened(file, filename, content_type) as upload:
            call = Call(method="POST", path=path, fields=fields, file=upload)
            return self._one(Attachment, call)

    def list(
        self, ticket_id: int | str, *, page: int | None = None, size: int | None = None
    ) -> Page[Attachment]:
        """A page of a ticket's files. Raises `NotFound`."""
        path = f"/attachments/ticket/{segment(ticket_id)}"
        call = Call(method="GET", path=path, params=known(page=page, size=size))
        return self._page(Attachment, call)

    def get(self, id: int) -> Attachment:  # noqa: A002
        """What is known of a file. Raises `NotFound`."""
        return self._one(Attachment, Call(method="GET", path=f"/attachments/{segment(id)}"))

    @overload
    def download(self, id: int) -> bytes: ...
    @overload
    def download(self, id: int, to: str | os.PathLike[str]) -> Path: ...
    def download(
        self,
        id: int,  # noqa: A002
        to: str | os.PathLike[str] | None = None,
    ) -> bytes | Path:
        """The bytes of a file, or with `to` the path they were written to, whole.

        Raises `NotFound`, `ConnectionFailed` if it broke off, `OSError`.
        """
        call = Call(method="GET", path=f"/attachments/{segment(id)}/download")
        with self._transport.stream(call) as answer:
            return answer.read() if to is None else put(answer.iter_bytes(), to)

    def delete(self, id: int) -> None:  # noqa: A002
        """Take a file away. Raises `PermissionDenied`, `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/attachments/{segment(id)}"))
