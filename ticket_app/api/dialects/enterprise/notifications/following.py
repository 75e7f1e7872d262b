"""Follow a ticket, stop following it, and list who follows it."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.notifications.schemas import (
    FollowState,
    TicketFollower,
    format_follower,
)
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.conversation import following

router = create_router("Notifications")


@router.put("/tickets/{ticket_id}/follow", response_model=SuccessResponse[FollowState])
def follow_ticket(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Follow a ticket: the caller is notified of its replies and changes of status."""
    followed_id = following.follow_ticket(uow, ticket_id)
    return success_response(
        uow, {"ticket_id": followed_id, "is_following": True}, "You follow this ticket"
    )


@router.delete("/tickets/{ticket_id}/follow", response_model=SuccessResponse[FollowState])
def unfollow_ticket(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Stop following a ticket."""
    unfollowed_id = following.unfollow_ticket(uow, ticket_id)
    return success_response(
        uow, {"ticket_id": unfollowed_id, "is_following": False}, "You no longer follow this ticket"
    )


@router.get(
    "/tickets/{ticket_id}/followers", response_model=SuccessResponse[PageData[TicketFollower]]
)
def list_followers(
    ticket_id: str, uow: AuthenticatedUow, page_parameters: PageParametersDep
) -> JsonResponse:
    """List who follows a ticket, at most 200 people. For staff."""
    rows = following.list_followers(uow, ticket_id)
    return success_response(uow, page_parameters.slice_and_format_page(rows, format_follower))
