"""Comments."""

from __future__ import annotations

from collections.abc import Sequence

from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Comment
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, known, segment
from ticket_system_sdk.tickets import TextFormat


class Comments(Resource):
    """What is said on tickets."""

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
        """Say something on a ticket; mentions are "@username".

        `format` is that of the content: plain unless given. Raises `PermissionDenied`.
        """
        said = {
            **known(format=format),
            "content": content,
            "is_internal": is_internal,
            "mentions": [*mentions],
            "attachments": [*attachments],
        }
        path = f"/comments/ticket/{segment(ticket_id)}"
        return self._one(Comment, Call(method="POST", path=path, json=said))

    def list(
        self,
        ticket_id: int | str,
        *,
        page: int | None = None,
        size: int | None = None,
        include_internal: bool = False,
    ) -> Page[Comment]:
        """A page of a ticket's comments. Raises `NotFound`."""
        params = known(page=page, size=size, include_internal=str(include_internal).lower())
        path = f"/comments/ticket/{segment(ticket_id)}"
        return self._page(Comment, Call(method="GET", path=path, params=params))

    def update(
        self,
        id: int,  # noqa: A002
        content: str | None = None,
        *,
        format: TextFormat | None = None,  # noqa: A002
    ) -> Comment:
        """Change a comment's content, its format, or both; what is not given stays.

        Raises `PermissionDenied`, `NotFound`.
        """
        changes = known(content=content, format=format)
        call = Call(method="PATCH", path=f"/comments/{segment(id)}", json=changes)
        return self._one(Comment, call)

    def delete(self, id: int) -> None:  # noqa: A002
        """Take a comment away. Raises `PermissionDenied`, `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/comments/{segment(id)}"))
