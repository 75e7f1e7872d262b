"""Notifications: what the caller has been told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from ticket_app.api.dialects.enterprise import shapes
from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.door import Caller
from ticket_app.core.notifications import notifications
from ticket_app.core.platform.ticket_numbers import LARGEST_ID

router = part("Notifications")

NoticeId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.get("/notifications", response_model=Told[Listed[shapes.Notice]])
def list_notifications(desk: Caller, leaf: Paging, unread: bool = False) -> Any:
    """What the caller has been told, the newest first; `unread` leaves out what they have read."""
    part = leaf.part
    rows = notifications.mine(desk, most=part.limit, offset=part.offset, unread=unread)
    total = notifications.count(desk, unread=unread)
    return told(desk, leaf.listed(map(shapes.notice, rows), total))


@router.post("/notifications/read-all", response_model=Told[shapes.ReadNotices])
def read_all_notifications(desk: Caller) -> Any:
    """The caller has read them all."""
    return told(desk, {"read": notifications.read_all(desk)}, "Notifications marked as read")


@router.post("/notifications/{notification_id}/read", response_model=Told[shapes.Notice])
def read_notification(notification_id: NoticeId, desk: Caller) -> Any:
    """The caller has read one of them."""
    notifications.read(desk, notification_id)
    row = notifications.one(desk, notification_id)
    return told(desk, shapes.notice(row), "Notification marked as read")
