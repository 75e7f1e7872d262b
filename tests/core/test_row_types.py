"""The types of rows name the columns that are read."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from sqlalchemy import select

from ticket_app.core.attachments import announced_files, stored_files
from ticket_app.core.attachments.rows import AnnouncedFileRow, AttachmentRow, StoredFileRow
from ticket_app.core.conversation import activity, follow_ups
from ticket_app.core.conversation.follow_ups import FollowUpRow
from ticket_app.core.conversation.rows import TicketEntryRow, TicketFileRow
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.rows import NotificationRow
from ticket_app.core.people import teams
from ticket_app.core.people.rows import TeamRow
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla.rows import CalendarRow, SlaPolicyRow
from ticket_app.core.tickets import linked_tickets, related, routing, routing_rules, time_log, trash
from ticket_app.core.tickets.counters import BucketRow
from ticket_app.core.tickets.linked_tickets import LinkedTicketRow
from ticket_app.core.tickets.list_columns import COLUMN_SETS
from ticket_app.core.tickets.related import RelatedTicketRow
from ticket_app.core.tickets.rows import (
    TicketDescriptionRow,
    TicketExportRow,
    TicketModelRow,
    TicketRow,
    TicketSlaRow,
    TicketSummaryRow,
)
from ticket_app.core.tickets.settings_rows import (
    RoutingRuleConditions,
    RoutingRuleRow,
    SectionRow,
    TemplateRow,
)
from ticket_app.core.tickets.time_log import TimeEntryRow
from ticket_app.core.tickets.trash import DeletedTicketRow
from ticket_app.core.timeline import timeline
from ticket_app.core.timeline.rows import EntryRow, ShortEntryRow
from ticket_app.core.webhooks import delivery_log, subscriptions
from ticket_app.core.webhooks.rows import DeliveryRow, DeliverySummaryRow, WebhookRow
from ticket_app.tables import (
    attachment_table,
    business_calendar_table,
    section_table,
    ticket_count_table,
    ticket_template_table,
    webhook_delivery_table,
)


@pytest.mark.parametrize(
    ("row_type", "columns"),
    [
        (TicketSummaryRow, COLUMN_SETS["summary"]),
        (TicketDescriptionRow, COLUMN_SETS["summary_with_description"]),
        (TicketSlaRow, COLUMN_SETS["summary_with_sla"]),
        (TicketModelRow, COLUMN_SETS["model"]),
        (TicketExportRow, COLUMN_SETS["export"]),
        (TicketRow, COLUMN_SETS["full"]),
        (EntryRow, timeline._SELECT_ENTRIES.selected_columns),
        (ShortEntryRow, timeline._SELECT_LATEST_ENTRIES.selected_columns),
        (TicketEntryRow, select(*activity._ENTRY_COLUMNS).selected_columns),
        (TicketFileRow, select(*activity._FILE_COLUMNS).selected_columns),
        (LinkedTicketRow, linked_tickets._SUMMARY_COLUMNS),
        (RelatedTicketRow, related._SUMMARY_COLUMNS),
        (FollowUpRow, follow_ups._SUMMARY_COLUMNS),
        (DeletedTicketRow, trash._SELECT_DELETED.selected_columns),
        (TimeEntryRow, time_log._SELECT_ENTRIES.selected_columns),
        (StoredFileRow, attachment_table.columns),
        (AnnouncedFileRow, announced_files._SELECT_OWN_ANNOUNCEMENTS.selected_columns),
        (BucketRow, ticket_count_table.columns),
        (AttachmentRow, stored_files._SELECT_FILES.selected_columns),
        (NotificationRow, notifications._SELECT_NOTIFICATIONS.selected_columns),
        (RoutingRuleRow, routing_rules._SELECT_RULES.selected_columns),
        (RoutingRuleConditions, routing._SELECT_RULES.selected_columns),
        (SectionRow, section_table.columns),
        (TemplateRow, ticket_template_table.columns),
        (TeamRow, teams._SELECT_TEAMS.selected_columns),
        (SlaPolicyRow, sla_policies._SELECT_POLICIES.selected_columns),
        (CalendarRow, business_calendar_table.columns),
        (WebhookRow, subscriptions._SELECT_WEBHOOKS.selected_columns),
        (DeliverySummaryRow, delivery_log._SELECT_DELIVERIES.selected_columns),
        (DeliveryRow, webhook_delivery_table.columns),
    ],
)
def test_row_type_names_every_column_that_is_read(row_type: type, columns: Any) -> None:
    names = {name for base in row_type.__mro__ for name in inspect.get_annotations(base)}
    assert names == {column.key for column in columns}
