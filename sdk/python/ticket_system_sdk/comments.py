"""Comments."""

from __future__ import annotations

from collections.abc import Sequence

from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Comment
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, path_segment, without_none
from ticket_system_sdk.tickets import TextFormat


class Comments(Resource):
    """The comments of tickets."""

    def create(
        self,
        *,
        ticket_id: int | str,
        content: str,
        is_internal: bool = False,
        mentions: Sequence[str] = (),
        attachments: Sequence[str | int] = (),
        format: TextFormat | None = None,  # noqa: A002
    ) -> Comment:
        """Add a comment to a ticket; mentions are "@username".

        `format` applies to the content; the default is plain. Raises `PermissionDenied`.
        """
        body = {
            **without_none(format=format),
            "content": content,
            "is_internal": is_internal,
            "mentions": [*mentions],
            "attachments": [*attachments],
        }
        path = f"/comments/ticket/{path_segment(ticket_id)}"
        return self._one(Comment, Call(method="POST", path=path, json=body))

    def list(
        self,
        ticket_id: int | str,
        *,
        page: int | None = None,
        size: int | None = None,
        include_internal: bool = False,
    ) -> Page[Comment]:
        """Return a page of a ticket's comments. Raises `NotFound`."""
        params = without_none(page=page, size=size, include_internal=str(include_internal).lower())
        path = f"/comments/ticket/{path_segment(ticket_id)}"
        return self._page(Comment, Call(method="GET", path=path, params=params))

    def update(
        self,
        id: int,  # noqa: A002
        content: str | None = None,
        *,
        format: TextFormat | None = None,  # noqa: A002
    ) -> Comment:
        """Change a comment's content, its format or both.

        Raises `PermissionDenied`, `NotFound`.
        """
        changes = without_none(content=content, format=format)
        call = Call(method="PATCH", path=f"/comments/{path_segment(id)}", json=changes)
        return self._one(Comment, call)

    def delete(self, id: int) -> None:  # noqa: A002
        """Delete a comment. Raises `PermissionDenied`, `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/comments/{path_segment(id)}"))
