"""The caller's notifications."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.notifications.schemas import (
    NotificationPreferencesData,
    PreferencesUpdate,
    format_preferences,
)
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.notifications import notifications, preferences
from ticket_app.core.platform.ticket_numbers import MAX_ID

router = create_router("Notifications")

NotificationId = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.get("/notifications", response_model=SuccessResponse[PageData[data_models.Notification]])
def list_notifications(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, unread: bool = False
) -> JsonResponse:
    """List the caller's notifications, newest first; `unread` leaves out those already read."""
    page_request = page_parameters.page_request
    rows = notifications.list_own(
        uow, limit=page_request.limit, offset=page_request.offset, unread_only=unread
    )
    total = notifications.count_own(uow, unread_only=unread)
    return success_response(
        uow, page_parameters.format_page(map(data_models.format_notification, rows), total)
    )


@router.get(
    "/notifications/preferences", response_model=SuccessResponse[NotificationPreferencesData]
)
def get_preferences(uow: AuthenticatedUow) -> JsonResponse:
    """Get the caller's preferences: the channels of each kind, and when email is sent."""
    return success_response(uow, format_preferences(preferences.get_own_preferences(uow)))


@router.patch(
    "/notifications/preferences", response_model=SuccessResponse[NotificationPreferencesData]
)
def update_preferences(body: PreferencesUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Change some or all of the caller's preferences, and return all of them."""
    changed = preferences.update_own_preferences(uow, body.to_changes())
    return success_response(uow, format_preferences(changed), "Preferences updated successfully")


@router.post(
    "/notifications/read-all", response_model=SuccessResponse[data_models.ReadNotifications]
)
def read_all_notifications(uow: AuthenticatedUow) -> JsonResponse:
    """Mark all of the caller's notifications as read."""
    return success_response(
        uow, {"read": notifications.mark_all_read(uow)}, "Notifications marked as read"
    )


@router.post(
    "/notifications/{notification_id}/read",
    response_model=SuccessResponse[data_models.Notification],
)
def read_notification(notification_id: NotificationId, uow: AuthenticatedUow) -> JsonResponse:
    """Mark one of the caller's notifications as read."""
    notifications.mark_read(uow, notification_id)
    row = notifications.get_own(uow, notification_id)
    return success_response(
        uow, data_models.format_notification(row), "Notification marked as read"
    )
