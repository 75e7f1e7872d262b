"""File Attachments."""

from __future__ import annotations

import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol, overload

from ticket_system_sdk.call import Call
from ticket_system_sdk.files import FileSource, Source
from ticket_system_sdk.models import Attachment
from ticket_system_sdk.operation import Listing, Operation, content, nothing, one, saved
from ticket_system_sdk.resource import Resource, endpoint, listing, path_segment, without_none
from ticket_system_sdk.transport import AsyncTransport, Transport, TransportT


class DownloadMethod(Protocol):
    """`download` of a client that blocks."""

    @overload
    def __call__(self, id: int) -> bytes: ...
    @overload
    def __call__(self, id: int, to: str | os.PathLike[str]) -> Path: ...


class AsyncDownloadMethod(Protocol):
    """`download` of a client to await."""

    @overload
    def __call__(self, id: int) -> Coroutine[Any, Any, bytes]: ...
    @overload
    def __call__(self, id: int, to: str | os.PathLike[str]) -> Coroutine[Any, Any, Path]: ...


class _Download:
    """Return the content of a file, or with `to` write it to that path and return the path.

    Raises `NotFound`, `ConnectionFailed` if the download is interrupted, `OSError`.
    """

    @overload
    def __get__(self, attachments: Attachments[Transport], owner: type) -> DownloadMethod: ...
    @overload
    def __get__(
        self, attachments: Attachments[AsyncTransport], owner: type
    ) -> AsyncDownloadMethod: ...
    def __get__(self, attachments: Any, owner: type) -> Any:
        def download(
            id: int,  # noqa: A002
            to: str | os.PathLike[str] | None = None,
        ) -> Any:
            call = Call(method="GET", path=f"/attachments/{path_segment(id)}/download")
            operation: Operation[Any] = content(call) if to is None else saved(call, to)
            return attachments.transport.run(operation)

        download.__doc__ = self.__doc__
        return download


class Attachments(Resource[TransportT]):
    """The files of tickets."""

    @endpoint
    def upload(
        self,
        ticket_id: int | str,
        file: FileSource,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        description: str | None = None,
        is_internal: bool = False,
    ) -> Operation[Attachment]:
        """Upload a file, given as its path, its bytes or an open binary file.

        Raises `ValidationError` if the server does not accept the file, `NotFound`, `OSError`.
        """
        fields = without_none(description=description, is_internal=str(is_internal).lower())
        path = f"/attachments/ticket/{path_segment(ticket_id)}/upload"
        source = Source(file, filename, content_type)
        return one(Attachment, Call(method="POST", path=path, fields=fields, source=source))

    @listing
    def list(
        self, ticket_id: int | str, *, page: int | None = None, size: int | None = None
    ) -> Listing[Attachment]:
        """Return a page of a ticket's files, `size` per page. Raises `NotFound`."""
        path = f"/attachments/ticket/{path_segment(ticket_id)}"
        call = Call(method="GET", path=path, params=without_none(page=page, size=size))
        return Listing(call, Attachment)

    @endpoint
    def get(self, id: int) -> Operation[Attachment]:  # noqa: A002
        """Return the metadata of a file. Raises `NotFound`."""
        return one(Attachment, Call(method="GET", path=f"/attachments/{path_segment(id)}"))

    download = _Download()

    @endpoint
    def delete(self, id: int) -> Operation[None]:  # noqa: A002
        """Delete a file. Raises `PermissionDenied`, `NotFound`."""
        return nothing(Call(method="DELETE", path=f"/attachments/{path_segment(id)}"))
