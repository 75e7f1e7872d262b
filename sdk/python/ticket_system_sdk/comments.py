"""Comments."""

from __future__ import annotations

from collections.abc import Sequence

from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Comment
from ticket_system_sdk.operation import Listing, Operation, nothing, one
from ticket_system_sdk.resource import Resource, endpoint, listing, path_segment, without_none
from ticket_system_sdk.tickets import TextFormat
from ticket_system_sdk.transport import TransportT


class Comments(Resource[TransportT]):
    """The comments of tickets."""

    @endpoint
    def create(
        self,
        *,
        ticket_id: int | str,
        content: str,
        is_internal: bool = False,
        mentions: Sequence[str] = (),
        attachments: Sequence[str | int] = (),
        format: TextFormat | None = None,  # noqa: A002
    ) -> Operation[Comment]:
        """Add a comment to a ticket; mentions are "@username".

        `format` applies to the content; the default is plain. Raises `PermissionDenied`,
        `NotFound`.
        """
        body = {
            **without_none(format=format),
            "content": content,
            "is_internal": is_internal,
            "mentions": [*mentions],
            "attachments": [*attachments],
        }
        path = f"/comments/ticket/{path_segment(ticket_id)}"
        return one(Comment, Call(method="POST", path=path, json=body))

    @listing
    def list(
        self,
        ticket_id: int | str,
        *,
        page: int | None = None,
        size: int | None = None,
        include_internal: bool = False,
    ) -> Listing[Comment]:
        """Return a page of a ticket's comments, `size` per page. Raises `NotFound`."""
        params = without_none(page=page, size=size, include_internal=str(include_internal).lower())
        path = f"/comments/ticket/{path_segment(ticket_id)}"
        return Listing(Call(method="GET", path=path, params=params), Comment)

    @endpoint
    def update(
        self,
        id: int,  # noqa: A002
        content: str | None = None,
        *,
        format: TextFormat | None = None,  # noqa: A002
    ) -> Operation[Comment]:
        """Change a comment's content, its format or both.

        Raises `PermissionDenied`, `NotFound`.
        """
        changes = without_none(content=content, format=format)
        call = Call(method="PATCH", path=f"/comments/{path_segment(id)}", json=changes)
        return one(Comment, call)

    @endpoint
    def delete(self, id: int) -> Operation[None]:  # noqa: A002
        """Delete a comment. Raises `PermissionDenied`, `NotFound`."""
        return nothing(Call(method="DELETE", path=f"/comments/{path_segment(id)}"))
