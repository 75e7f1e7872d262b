"""SQLAlchemy tables behind the models, for statements that select columns."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from ticket_app.tables.absences import Absence
from ticket_app.tables.approvals import (
    ApprovalDecision,
    ApprovalPolicy,
    ApprovalRequest,
    ApprovalStep,
)
from ticket_app.tables.audit import AuditEntry
from ticket_app.tables.automation import Macro, MacroUse, SavedReply, SavedReplyUse
from ticket_app.tables.background_processes import BackgroundProcess
from ticket_app.tables.credentials import AccountLink, ApiToken, PermissionSet, RefreshToken, SignIn
from ticket_app.tables.email import (
    BlockedSender,
    EmailTemplate,
    IncomingEmail,
    Mailbox,
    OutgoingEmail,
    UndeliverableAddress,
)
from ticket_app.tables.held_replies import HeldReply
from ticket_app.tables.merges import Merge, MovedAttachment, MovedEntry
from ticket_app.tables.notifications import Follower, Notification, PushSubscription
from ticket_app.tables.outbox import (
    IdempotentResponse,
    OutboxMessage,
    Webhook,
    WebhookDelivery,
)
from ticket_app.tables.people import Company, Contact, Department, Person, Team
from ticket_app.tables.presence import Presence
from ticket_app.tables.saved_views import SavedView, SavedViewChoice
from ticket_app.tables.sla import BusinessCalendar, SlaPolicy
from ticket_app.tables.snoozes import Snooze
from ticket_app.tables.ticket_settings import (
    RatingRequestSettings,
    RoutingRule,
    Section,
    TicketTemplate,
)
from ticket_app.tables.tickets import (
    NumberSequence,
    Tag,
    Ticket,
    TicketCount,
    TicketTag,
    TicketText,
)
from ticket_app.tables.time_entries import TimeEntry
from ticket_app.tables.timeline import AnnouncedFile, Attachment, Draft, Entry


def _table_of_model(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


api_token_table: Final = _table_of_model(ApiToken)
approval_decision_table: Final = _table_of_model(ApprovalDecision)
approval_policy_table: Final = _table_of_model(ApprovalPolicy)
approval_request_table: Final = _table_of_model(ApprovalRequest)
approval_step_table: Final = _table_of_model(ApprovalStep)
attachment_table: Final = _table_of_model(Attachment)
audit_entry_table: Final = _table_of_model(AuditEntry)
background_process_table: Final = _table_of_model(BackgroundProcess)
business_calendar_table: Final = _table_of_model(BusinessCalendar)
company_table: Final = _table_of_model(Company)
contact_table: Final = _table_of_model(Contact)
number_sequence_table: Final = _table_of_model(NumberSequence)
department_table: Final = _table_of_model(Department)
draft_table: Final = _table_of_model(Draft)
entry_table: Final = _table_of_model(Entry)
idempotent_response_table: Final = _table_of_model(IdempotentResponse)
merge_table: Final = _table_of_model(Merge)
moved_attachment_table: Final = _table_of_model(MovedAttachment)
moved_entry_table: Final = _table_of_model(MovedEntry)
notification_table: Final = _table_of_model(Notification)
outbox_message_table: Final = _table_of_model(OutboxMessage)
permission_set_table: Final = _table_of_model(PermissionSet)
person_table: Final = _table_of_model(Person)
announced_file_table: Final = _table_of_model(AnnouncedFile)
refresh_token_table: Final = _table_of_model(RefreshToken)
routing_rule_table: Final = _table_of_model(RoutingRule)
rating_request_settings_table: Final = _table_of_model(RatingRequestSettings)
section_table: Final = _table_of_model(Section)
sla_policy_table: Final = _table_of_model(SlaPolicy)
sign_in_table: Final = _table_of_model(SignIn)
tag_table: Final = _table_of_model(Tag)
ticket_count_table: Final = _table_of_model(TicketCount)
team_table: Final = _table_of_model(Team)
ticket_table: Final = _table_of_model(Ticket)
ticket_tag_table: Final = _table_of_model(TicketTag)
ticket_template_table: Final = _table_of_model(TicketTemplate)
ticket_text_table: Final = _table_of_model(TicketText)
time_entry_table: Final = _table_of_model(TimeEntry)
webhook_table: Final = _table_of_model(Webhook)
webhook_delivery_table: Final = _table_of_model(WebhookDelivery)
blocked_sender_table: Final = _table_of_model(BlockedSender)
email_template_table: Final = _table_of_model(EmailTemplate)
incoming_email_table: Final = _table_of_model(IncomingEmail)
mailbox_table: Final = _table_of_model(Mailbox)
outgoing_email_table: Final = _table_of_model(OutgoingEmail)
undeliverable_address_table: Final = _table_of_model(UndeliverableAddress)
held_reply_table: Final = _table_of_model(HeldReply)
presence_table: Final = _table_of_model(Presence)
snooze_table: Final = _table_of_model(Snooze)
absence_table: Final = _table_of_model(Absence)
follower_table: Final = _table_of_model(Follower)
push_subscription_table: Final = _table_of_model(PushSubscription)
account_link_table: Final = _table_of_model(AccountLink)
saved_view_table: Final = _table_of_model(SavedView)
saved_view_choice_table: Final = _table_of_model(SavedViewChoice)
saved_reply_table: Final = _table_of_model(SavedReply)
saved_reply_use_table: Final = _table_of_model(SavedReplyUse)
macro_table: Final = _table_of_model(Macro)
macro_use_table: Final = _table_of_model(MacroUse)
