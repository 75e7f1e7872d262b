"""File Attachments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import overload

from ticket_system_sdk.call import Call
from ticket_system_sdk.files import FileSource, open_upload, write_file
from ticket_system_sdk.models import Attachment
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, path_segment, without_none


class Attachments(Resource):
    """The files of tickets."""

    def upload(
        self,
        ticket_id: int | str,
        file: FileSource,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        description: str | None = None,
        is_internal: bool = False,
    ) -> Attachment:
        """Upload a file, given as its path, its bytes or an open binary file.

        Raises `ValidationError` if the server does not accept the file, `NotFound`, `OSError`.
        """
        fields = without_none(description=description, is_internal=str(is_internal).lower())
        path = f"/attachments/ticket/{path_segment(ticket_id)}/upload"
        with open_upload(file, filename, content_type) as upload:
            call = Call(method="POST", path=path, fields=fields, file=upload)
            return self._one(Attachment, call)

    def list(
        self, ticket_id: int | str, *, page: int | None = None, size: int | None = None
    ) -> Page[Attachment]:
        """Return a page of a ticket's files. Raises `NotFound`."""
        path = f"/attachments/ticket/{path_segment(ticket_id)}"
        call = Call(method="GET", path=path, params=without_none(page=page, size=size))
        return self._page(Attachment, call)

    def get(self, id: int) -> Attachment:  # noqa: A002
        """Return the metadata of a file. Raises `NotFound`."""
        return self._one(Attachment, Call(method="GET", path=f"/attachments/{path_segment(id)}"))

    @overload
    def download(self, id: int) -> bytes: ...
    @overload
    def download(self, id: int, to: str | os.PathLike[str]) -> Path: ...
    def download(
        self,
        id: int,  # noqa: A002
        to: str | os.PathLike[str] | None = None,
    ) -> bytes | Path:
        """Return the content of a file, or with `to` write it to that path and return the path.

        Raises `NotFound`, `ConnectionFailed` if the download is interrupted, `OSError`.
        """
        call = Call(method="GET", path=f"/attachments/{path_segment(id)}/download")
        with self._transport.stream(call) as answer:
            return answer.read() if to is None else write_file(answer.iter_bytes(), to)

    def delete(self, id: int) -> None:  # noqa: A002
        """Delete a file. Raises `PermissionDenied`, `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/attachments/{path_segment(id)}"))
