"""The tables behind the models, under full names, for statements that select columns."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from ticket_app.tables.access import ApiToken, PermissionSet, RefreshToken, SignIn
from ticket_app.tables.approvals import (
    ApprovalAsk,
    ApprovalPolicy,
    ApprovalRequest,
    ApprovalStep,
)
from ticket_app.tables.merging import Merge, MovedAttachment, MovedEntry
from ticket_app.tables.notices import Notification
from ticket_app.tables.outbox import (
    IdempotentAnswer,
    OutboxMessage,
    Webhook,
    WebhookDelivery,
)
from ticket_app.tables.people import Company, Contact, Department, Person, Team
from ticket_app.tables.processes import BackgroundProcess
from ticket_app.tables.service_levels import BusinessCalendar, ServicePolicy
from ticket_app.tables.tickets import Counter, Tag, Tally, Ticket, TicketTag, TicketText
from ticket_app.tables.timeline import Attachment, Draft, Entry, PromisedFile


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


api_token_table: Final = _table(ApiToken)
approval_ask_table: Final = _table(ApprovalAsk)
approval_policy_table: Final = _table(ApprovalPolicy)
approval_request_table: Final = _table(ApprovalRequest)
approval_step_table: Final = _table(ApprovalStep)
attachment_table: Final = _table(Attachment)
background_process_table: Final = _table(BackgroundProcess)
business_calendar_table: Final = _table(BusinessCalendar)
company_table: Final = _table(Company)
contact_table: Final = _table(Contact)
counter_table: Final = _table(Counter)
department_table: Final = _table(Department)
draft_table: Final = _table(Draft)
entry_table: Final = _table(Entry)
idempotent_answer_table: Final = _table(IdempotentAnswer)
merge_table: Final = _table(Merge)
moved_attachment_table: Final = _table(MovedAttachment)
moved_entry_table: Final = _table(MovedEntry)
notification_table: Final = _table(Notification)
outbox_message_table: Final = _table(OutboxMessage)
permission_set_table: Final = _table(PermissionSet)
person_table: Final = _table(Person)
promised_file_table: Final = _table(PromisedFile)
refresh_token_table: Final = _table(RefreshToken)
service_policy_table: Final = _table(ServicePolicy)
sign_in_table: Final = _table(SignIn)
tag_table: Final = _table(Tag)
tally_table: Final = _table(Tally)
team_table: Final = _table(Team)
ticket_table: Final = _table(Ticket)
ticket_tag_table: Final = _table(TicketTag)
ticket_text_table: Final = _table(TicketText)
webhook_table: Final = _table(Webhook)
webhook_delivery_table: Final = _table(WebhookDelivery)
