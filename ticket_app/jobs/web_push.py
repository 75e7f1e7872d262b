"""Tell installed apps of new notifications (Web Push)."""

from __future__ import annotations

from ticket_app.core.notifications import notifications, web_push
from ticket_app.core.notifications.web_push import PushRequest
from ticket_app.core.platform import outgoing_http
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.outgoing_http import RequestFailed
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.jobs.registry import OutboxQueue, Payload

PUSHES = OutboxQueue("push", concurrency=lambda: 2)
"""Push services that are slow delay no other work."""
UNKNOWN_SUBSCRIPTION = frozenset({404, 410})
TIMEOUT_SECONDS = 10.0


@PUSHES.handles_without_transaction(notifications.PUSH_TOPIC)
def push_notifications(payload: Payload) -> None:
    """Send what is new to the browsers of these people."""
    for person_id in payload["person_ids"]:
        with open_unit_of_work(writes=True) as uow:
            requests = web_push.compose(uow, int(person_id))
        for request in requests:
            _send(request)


def _send(request: PushRequest) -> None:
    """Send one message; a browser that its push service does not know any more is forgotten."""
    try:
        response = outgoing_http.post(
            request.endpoint, request.body, request.headers, timeout=TIMEOUT_SECONDS
        )
        status, reason = response.status, response.body[:200]
    except Invalid as error:
        status, reason = 410, error.message
    except RequestFailed as error:
        status, reason = 0, str(error)
    with open_unit_of_work(writes=True) as uow:
        if status in UNKNOWN_SUBSCRIPTION:
            web_push.delete_subscription(uow, request.subscription_id)
        elif 200 <= status < 300:
            web_push.record_success(uow, request.subscription_id)
        else:
            web_push.record_failure(uow, request)
            log().warning(
                "push_failed",
                subscription=request.subscription_id,
                status=status or None,
                reason=reason,
            )
