"""Interface texts of the settings pages, ready for translation."""

from __future__ import annotations

from typing import Final

# admin/__init__
PAGE_WEBHOOKS: Final = "Webhooks"
PAGE_APPROVALS: Final = "Approval policies"
PAGE_SERVICE_LEVELS: Final = "Service levels"
PAGE_JOBS: Final = "Background jobs"
PAGE_ROLES: Final = "Role permissions"
PAGE_PEOPLE: Final = "People"
PAGE_SETTINGS: Final = "Settings"

# admin/approvals/edit_dialog
APPROVAL_DEPARTMENT_MANAGER: Final = "Department manager"
APPROVAL_ADD_PERSON: Final = "Add person"
APPROVAL_FIND_PERSON: Final = "Search people"
APPROVAL_APPROVERS: Final = "Approvers"
APPROVAL_QUORUM: Final = "Approvals needed"
APPROVAL_QUORUM_ALL: Final = "All approvers"
APPROVAL_QUORUM_ANY: Final = "Any approver"
APPROVAL_QUORUM_AT_LEAST: Final = "At least"
APPROVAL_QUORUM_NUMBER: Final = "Number of approvals"
APPROVAL_TIME_LIMIT: Final = "Time limit (optional)"
APPROVAL_TIME_UNIT: Final = "Hours or days"
APPROVAL_STEP_MORE: Final = "Escalation and step name"
APPROVAL_ESCALATION: Final = "Escalate to (administrators by default)"
APPROVAL_STEP_NAME: Final = "Step name (optional)"
APPROVAL_ADD_TITLE: Final = "Add approval policy"
APPROVAL_HINT: Final = "New tickets that meet every condition wait for approval. A policy without conditions applies to every new ticket."
NAME: Final = "Name"
APPROVAL_ADD_STEP: Final = "Add step"
APPROVAL_ALLOW_OWN: Final = "Allow people to approve their own requests"
ORDER: Final = "Order"
APPROVAL_ORDER_HINT: Final = "The first matching policy applies. Lower numbers come first."
APPROVAL_ADD: Final = "Add policy"
SAVE: Final = "Save"
APPROVAL_DELETE_HINT: Final = (
    "New tickets will no longer need this approval. Past decisions and pending requests are kept."
)
APPROVAL_DELETE: Final = "Delete policy"
APPROVAL_DEPARTMENTS: Final = "Departments"
APPROVAL_ANY_DEPARTMENT: Final = "Any department"
CHOOSE: Final = "Choose"
APPROVAL_FIND_DEPARTMENT: Final = "Search departments"
EDIT_ITEM: Final = "Edit…"
DELETE_ITEM: Final = "Delete…"


def approval_step_number(number: object) -> str:
    return f"Step {number}"


def approval_remove_step(number: object) -> str:
    return f"Remove step {number}"


def edit_title(name: object) -> str:
    return f"Edit “{name}”"


def delete_title(name: object) -> str:
    return f"Delete “{name}”?"


def more_actions(name: object) -> str:
    return f"More actions for {name}"


def activate(name: object) -> str:
    return f"Activate {name}"


def deactivate(name: object) -> str:
    return f"Deactivate {name}"


def order_number(number: object) -> str:
    return f"Order {number}"


# admin/approvals/edit_state
FIELD_NAME: Final = "Name"
FIELD_ORDER: Final = "Order"
FIELD_THESE: Final = "These"
APPROVAL_FIELD_STEPS: Final = "Steps"
APPROVAL_FIELD_APPROVERS: Final = "Approvers"
APPROVAL_FIELD_QUORUM: Final = "Approvals needed"
APPROVAL_FIELD_TIME_LIMIT: Final = "Time limit"
APPROVAL_FIELD_ESCALATION: Final = "Escalation"
APPROVAL_SAVED_DETAIL: Final = "It applies to new tickets."
APPROVAL_DEACTIVATED: Final = "Policy deactivated"
APPROVAL_ACTIVATED: Final = "Policy activated"
MUST_BE_NUMBER: Final = "must be a number"
MUST_BE_NUMBER_OR_EMPTY: Final = "must be a number or empty"


def approval_subject(name: object) -> str:
    return f"The policy “{name}”"


def approval_policy_order_invalid(maximum: object) -> str:
    return f"must be a number from 0 to {maximum:,}"


def approval_deleted(name: object) -> str:
    return f"Policy “{name}” deleted"


def approval_added(name: object) -> str:
    return f"Policy “{name}” added"


def approval_changed(name: object) -> str:
    return f"Policy “{name}” saved"


# admin/approvals/list_page
APPROVALS_ALLOWS_OWN: Final = "People can approve their own requests."
APPROVALS_ADD: Final = "Add policy"
APPROVALS_LEAD: Final = "The first policy that matches a ticket applies. Changes do not affect approvals that have already started."
APPROVALS_EMPTY_TITLE: Final = "No approval policies yet"
APPROVALS_EMPTY_HINT: Final = "A policy sends new tickets for approval automatically. Without one, agents can still request approval on each ticket."

# admin/approvals/rows
APPROVALS_DELETED_PERSON: Final = "a deleted person"
APPROVALS_DEPARTMENT_MANAGER: Final = "the department manager"
KIND_BUGS: Final = "Bugs"
KIND_FEATURE_REQUESTS: Final = "Feature requests"
KIND_IMPROVEMENTS: Final = "Improvements"
KIND_SUPPORT: Final = "Support tickets"
KIND_INCIDENTS: Final = "Incidents"
KIND_REQUESTS: Final = "Requests"
KIND_PROBLEMS: Final = "Problems"
KIND_CHANGES: Final = "Changes"
KIND_OTHER: Final = "Other tickets"
APPROVALS_ROLE_SUPER_ADMIN: Final = "super administrator"
APPROVALS_PERMISSION: Final = "manage approval policies"
ALL_TICKETS: Final = "All tickets"
APPROVALS_DELETED_DEPARTMENT: Final = "a deleted department"
APPROVALS_ANY_ADMINISTRATOR: Final = "an administrator"
APPROVALS_DELETED_DEPARTMENT_OPTION: Final = "Deleted department"


def with_priority(priorities: object) -> str:
    return f"with {priorities} priority"


def approvals_in_departments(departments: object) -> str:
    return f"in {departments}"


def approvals_time_limit(step: object, duration: object, approvers: object) -> str:
    return f"{step}, within {duration}, then {approvers}"


def approvals_any_of_role(role: object) -> str:
    return f"any {role}"


def approvals_all_of_role(role: object) -> str:
    return f"all {role}s"


def approvals_number_of(number: object, approvers: str) -> str:
    return f"{number} of {approvers}"


def approvals_the_role(role: object) -> str:
    return f"the {role}s"


# admin/fields
CANCEL: Final = "Cancel"
FORM_KINDS: Final = "Types (none selected: any)"
FORM_PRIORITIES: Final = "Priorities (none selected: any)"

# admin/jobs/rows
JOBS_SCAN: Final = "Scan an uploaded file"
JOBS_WEBHOOK_MESSAGES: Final = "Prepare webhook messages"
JOBS_NOTIFICATIONS: Final = "Notifications"
JOBS_ACCOUNT_EMAIL: Final = "Email about accounts"
JOBS_PASSWORD_RESET: Final = "Password reset"
JOBS_PUSH = "Notifications of installed apps"
JOBS_SEARCH_INDEX: Final = "Update the search index"
JOBS_TAGS: Final = "Replace a tag on older tickets"
JOBS_NO_ERROR: Final = "No error was recorded. The process was probably terminated."

# admin/jobs/state
JOBS_ONE: Final = "1 job"


def jobs_retried(job: object) -> str:
    return f"Retrying job {job}"


def jobs_retried_all(jobs: object) -> str:
    return f"Retrying {jobs}"


def jobs_number(number: object) -> str:
    return f"{number:,} jobs"


# admin/jobs/view
JOBS_RETRY: Final = "Retry"
JOBS_NO_WORKER: Final = "No background worker is running"
JOBS_NO_WORKER_HINT: Final = "Files are not scanned and webhooks are not sent. Start a worker (python -m ticket_app worker), or set TICKET_JOBS=true for serve."
JOBS_LEAD: Final = "These jobs failed 20 times and are no longer retried automatically. Fix the cause, then retry them."
JOBS_EMPTY_TITLE: Final = "No failed jobs"
JOBS_EMPTY_HINT: Final = (
    "Background jobs that fail 20 times, such as file scans and webhook messages, appear here."
)
JOBS_RETRY_ALL: Final = "Retry all"


def jobs_job(number: object) -> str:
    return f"Job {number}"


def jobs_attempts(number: object) -> str:
    return f"{number} attempts"


def jobs_retry_job(number: object) -> str:
    return f"Retry job {number}"


def jobs_shown(shown: object, total: object) -> str:
    return f"Showing the oldest {shown} of {total}."


# admin/layout
SETTINGS_TITLE: Final = "Settings"
SETTINGS_DENIED_TITLE: Final = "You don't have access to this page"

# admin/people/edit_dialog
PERSON_FIELD_USERNAME: Final = "Username"
PERSON_FIELD_FIRST_NAME: Final = "First name"
PERSON_FIELD_LAST_NAME: Final = "Last name"
PERSON_FIELD_EMAIL: Final = "Email"
PERSON_FIELD_PASSWORD: Final = "Password"
PERSON_FIELD_DEPARTMENT: Final = "Department"
FIELD_PERMISSIONS: Final = "Permissions"
PERSON_PERMISSIONS: Final = "Permissions"
PERSON_ROLE_PERMISSIONS: Final = "Same as role"
PERSON_OWN_PERMISSIONS: Final = "Custom"
PERSON_ADD_TITLE: Final = "Add person"
PERSON_ADD_HINT: Final = "Requesters can also create their own account."
PERSON_EDIT_HINT: Final = "Deactivating signs them out everywhere."
PERSON_USERNAME: Final = "Username"
PERSON_FIRST_NAME: Final = "First name"
PERSON_LAST_NAME: Final = "Last name"
PERSON_ROLE: Final = "Role"
PERSON_DEPARTMENT: Final = "Department"
PERSON_PASSWORD: Final = "Password (optional)"
PERSON_ACTIVE: Final = "Active"
PERSON_ADD: Final = "Add person"
PERSON_LIMITS: Final = "API requests per hour"
PERSON_LIMITS_HINT: Final = "Leave a field empty to use the limit shown in it."
PERSON_LIMIT_GENERAL: Final = "General"
PERSON_LIMIT_UPLOADS: Final = "Uploads"
PERSON_LIMIT_SEARCHES: Final = "Searches"
PERSON_LIMIT_REPORTS: Final = "Reports"
PERSON_LIMIT_IMPORTS: Final = "Imports"
PERSON_NO_LIMIT: Final = "No limit"


def person_added(username: object) -> str:
    return f"{username} added"


def person_changed(username: object) -> str:
    return f"{username} changed"


def person_subject(username: object) -> str:
    return f"The account {username}"


def person_password_hint(length: object) -> str:
    return f"At least {length} characters. Leave empty for people who sign in through another application."


def person_edit_title(username: object) -> str:
    return f"Edit “{username}”"


# admin/people/list_page
PEOPLE_FILTER_ALL: Final = "All"
PEOPLE_FILTER_ACTIVE: Final = "Active"
PEOPLE_INACTIVE: Final = "Deactivated"
PEOPLE_TITLE: Final = "People"
PEOPLE_ROLES: Final = "Role permissions"
PEOPLE_OWN_PERMISSIONS: Final = "Custom permissions"
PEOPLE_LAST_SIGN_IN: Final = "Last signed in"
PEOPLE_NEVER_SIGNED_IN: Final = "Never signed in"
PEOPLE_SEARCH: Final = "Search people"
PEOPLE_ROLE: Final = "Role"
PEOPLE_ANY_ROLE: Final = "Any role"
PEOPLE_STATUS: Final = "Status"
PEOPLE_ADD: Final = "Add person"
PEOPLE_EMPTY_TITLE: Final = "No people match these filters"
PEOPLE_EMPTY_HINT: Final = "Search covers names, usernames and email addresses."
PEOPLE_CLEAR: Final = "Clear filters"


def people_range(first: object, last: object, total: object) -> str:
    return f"{first:,}–{last:,} of {total:,}"


# admin/people/roles_table
ROLES_EDIT: Final = "Edit"
ROLES_CUSTOMIZED: Final = "customized"
ROLES_ALL_PERMISSIONS: Final = "all permissions"
ROLES_HINT: Final = "Takes effect immediately. People with custom permissions keep theirs."
ROLES_PERMISSIONS: Final = "Permissions"
ROLES_RESET: Final = "Reset to defaults"
ROLES_COLUMN_PERMISSION: Final = "Permission"
ROLES_TITLE: Final = "Role permissions"


def describe_role_in_messages(role: object) -> str:
    return f"The role {role}"


def roles_saved(role: object) -> str:
    return f"Permissions of the {role} role saved"


def roles_edit_title(role: object) -> str:
    return f"Permissions of the {role} role"


def roles_edit_role(role: object) -> str:
    return f"Edit permissions of the {role} role"


# admin/people/rows
PEOPLE_ROLE_USER: Final = "User"
PEOPLE_ROLE_AGENT: Final = "Agent"
PEOPLE_ROLE_MANAGER: Final = "Manager"
PEOPLE_ROLE_ADMIN: Final = "Administrator"
PEOPLE_ROLE_SUPER_ADMIN: Final = "Super administrator"
PEOPLE_PERMISSION: Final = "manage people and permissions"
PEOPLE_NO_DEPARTMENT: Final = "No department"

# admin/service_levels/calendar_dialog
FIELD_THIS: Final = "This"
CALENDAR_FIELD_HOURS: Final = "Opening hours"
CALENDAR_FIELD_REGION: Final = "Region"
CALENDAR_NO_HOLIDAYS: Final = "None"
SLA_SAVED_DETAIL: Final = "It applies to new SLA targets."
CALENDAR_HOURS_INVALID: Final = "must be times such as 09:00–12:00, 13:00–17:30"
CALENDAR_HOURS_NOT_ORDERED: Final = (
    "must end after they begin, not overlap, and stay between 00:00 and 24:00"
)
CALENDAR_CLOSED: Final = "Closed"
CALENDAR_ADD_TITLE: Final = "Add calendar"
CALENDAR_HINT: Final = "SLA targets count only the time in which their calendar is open."
CALENDAR_TIME_ZONE: Final = "Time zone"
CALENDAR_TIME_ZONE_EXAMPLE: Final = "Europe/Berlin"
CALENDAR_OPENING_HOURS: Final = "Opening hours"
CALENDAR_OPENING_HOURS_HINT: Final = (
    "Separate several periods with commas: 09:00–12:00, 13:00–17:30."
)
CALENDAR_HOLIDAYS: Final = "Public holidays"
CALENDAR_REGION: Final = "State or region (optional)"
CALENDAR_CLOSED_DAYS: Final = "Other closed days (optional)"
CALENDAR_CLOSED_DAYS_HINT: Final = "One date per line."
CALENDAR_IS_DEFAULT: Final = "Default calendar for new service levels"
CALENDAR_ADD: Final = "Add calendar"
CALENDAR_DELETE_HINT: Final = "This cannot be undone."
CALENDAR_DELETE: Final = "Delete calendar"


def calendar_subject(name: object) -> str:
    return f"The calendar “{name}”"


def calendar_deleted(name: object) -> str:
    return f"Calendar “{name}” deleted"


def calendar_added(name: object) -> str:
    return f"Calendar “{name}” added"


def calendar_changed(name: object) -> str:
    return f"Calendar “{name}” saved"


# admin/service_levels/list_page
SLA_CALENDAR_DEFAULT: Final = "Default"
SLA_ADD: Final = "Add service level"
SLA_EMPTY_TITLE: Final = "No service levels yet"
SLA_EMPTY_HINT: Final = "A service level sets how quickly tickets get a first reply and a resolution. The remaining time is shown in every list."
SLA_CALENDAR_ADD: Final = "Add calendar"
SLA_CALENDARS: Final = "Business calendars"
SLA_CALENDARS_EMPTY: Final = "Without a calendar, SLA targets count around the clock."

# admin/service_levels/policy_dialog
SLA_POLICY_FIELD_COMPANY: Final = "Company"
SLA_POLICY_FIELD_FIRST_REPLY: Final = "First reply"
SLA_POLICY_FIELD_RESOLUTION: Final = "Resolution"
SLA_POLICY_FIELD_CALENDAR: Final = "Calendar"
SLA_POLICY_FIELD_WARNING: Final = "Warning"
SLA_POLICY_ALWAYS_OPEN: Final = "Around the clock"
SLA_POLICY_DEACTIVATED: Final = "Service level deactivated"
SLA_POLICY_ACTIVATED: Final = "Service level activated"
SLA_POLICY_TIME_UNIT: Final = "Hours or minutes"
SLA_POLICY_ADD_TITLE: Final = "Add service level"
SLA_POLICY_HINT: Final = "The first service level whose conditions a ticket meets applies to it."
SLA_POLICY_COMPANY: Final = "Company"
SLA_POLICY_ANY_COMPANY: Final = "Any company"
SLA_POLICY_FIND_COMPANY: Final = "Search companies"
SLA_POLICY_FIRST_REPLY: Final = "First reply within"
SLA_POLICY_RESOLUTION: Final = "Resolution within"
SLA_POLICY_CALENDAR: Final = "Business calendar"
SLA_POLICY_WARNING: Final = "Warn at (% of the time)"
SLA_POLICY_WARNING_HINT: Final = "Leave empty for no warning."
SLA_POLICY_ALERTS: Final = "Also alert"
SLA_POLICY_ALERTS_HINT: Final = (
    "Warnings and breaches always go to the assignee; without one to the team, then the managers."
)
SLA_ALERT_GROUPS: Final[dict[str, str]] = {
    "team": "The team",
    "department_manager": "The department's manager",
    "managers": "All managers",
}
SLA_POLICY_ORDER_HINT: Final = "Lower numbers come first."
SLA_POLICY_ADD: Final = "Add service level"
SLA_POLICY_DELETE_HINT: Final = "New tickets no longer get SLA targets from it."
SLA_POLICY_DELETE: Final = "Delete service level"


def sla_policy_subject(name: object) -> str:
    return f"The service level “{name}”"


def sla_policy_number_invalid(maximum: object) -> str:
    return f"must be a whole number of at most {maximum:,}"


def sla_policy_deleted(name: object) -> str:
    return f"Service level “{name}” deleted"


def sla_policy_added(name: object) -> str:
    return f"Service level “{name}” added"


def sla_policy_changed(name: object) -> str:
    return f"Service level “{name}” saved"


# admin/service_levels/rows
SLA_FRIDAY: Final = "Friday"
SLA_MONDAY: Final = "Monday"
SLA_SATURDAY: Final = "Saturday"
SLA_SUNDAY: Final = "Sunday"
SLA_THURSDAY: Final = "Thursday"
SLA_TUESDAY: Final = "Tuesday"
SLA_WEDNESDAY: Final = "Wednesday"
SLA_AROUND_THE_CLOCK: Final = "around the clock"
SLA_NO_WARNING: Final = "No warning"


def sla_first_reply_within(duration: object) -> str:
    return f"first reply within {duration}"


def sla_resolution_within(duration: object) -> str:
    return f"resolution within {duration}"


def sla_calendar_hours(calendar: object) -> str:
    return f"in the hours of {calendar}"


def sla_warning(percent: object) -> str:
    return f"Warns at {percent}%"


def sla_alerts(groups: object) -> str:
    return f"alerts {groups} too"


def sla_of_company(company: object) -> str:
    return f"from {company}"


def sla_holidays(country: object, region: object) -> str:
    return f"Public holidays in {country}{region}"


def sla_closed_days(days: object) -> str:
    return f"{days} closed in addition"


def sla_date_invalid(text: object) -> str:
    return f"must be dates such as 2026-12-24; “{text}” is not a date"


# admin/webhooks/deliveries_page
WEBHOOK_LOG_FILTER_ALL: Final = "All"
WEBHOOK_LOG_FILTER_FAILED: Final = "Failed"
WEBHOOK_LOG_FILTER_PENDING: Final = "Pending"
WEBHOOK_LOG_FILTER_DELIVERED: Final = "Delivered"
WEBHOOK_LOG_TEST_SENT: Final = "Sending a test message"
WEBHOOK_LOG_REPLAYED: Final = "Sending the message again"
WEBHOOK_LOG_NO_RESPONSE: Final = "did not respond"
WEBHOOK_LOG_TEST_FAILED_DETAIL: Final = "Open the message to see each attempt."
WEBHOOK_LOG_ATTEMPTS: Final = "Attempts"
WEBHOOK_LOG_ONE_ATTEMPT: Final = "1 attempt"
WEBHOOK_LOG_RESPONSE: Final = "Response"
WEBHOOK_LOG_PAYLOAD: Final = "Payload"
WEBHOOK_LOG_CLOSE: Final = "Close"
WEBHOOK_LOG_REPLAY: Final = "Send again"
WEBHOOK_LOG_TITLE: Final = "Messages"
WEBHOOK_LOG_EMPTY_TITLE: Final = "No messages yet"
WEBHOOK_LOG_EMPTY_HINT: Final = (
    "Messages are kept here for 30 days, with each attempt and its response."
)
WEBHOOK_LOG_EMPTY_FILTERED_TITLE: Final = "No messages match this filter"
WEBHOOK_LOG_WINDOW_TITLE: Final = "Webhook"
WEBHOOK_LOG_BACK: Final = "Webhooks"
WEBHOOK_LOG_SEND_TEST: Final = "Send test"
WEBHOOK_LOG_MORE: Final = "More actions"
WEBHOOK_LOG_FAILING_SINCE: Final = "No message accepted since "
WEBHOOK_LOG_FAILING_HINT: Final = (
    ". Messages are retried for several days; then the webhook is deactivated."
)
WEBHOOK_LOG_CREATED_BY: Final = "Created by "
WEBHOOK_LOG_CREATED_AT: Final = "created "
WEBHOOK_LOG_MESSAGE_ID: Final = "Message ID: "


def webhook_log_range(first: object, last: object, total: object) -> str:
    return f"{first}–{last} of {total}"


def webhook_log_test_delivered(status: object) -> str:
    return f"Delivered: the receiver responded with {status}"


def webhook_log_responded(status: object) -> str:
    return f"responded with {status}"


def webhook_log_test_failed(result: object) -> str:
    return f"Not delivered: the receiver {result}"


def webhook_log_window_title(host: object) -> str:
    return f"Webhook to {host}"


def webhook_log_old_secret_until(time: object) -> str:
    return f"Previous secret valid until {time}"


def webhook_log_open_message(event: object, ticket: object) -> str:
    return f"Open {event} {ticket}"


def webhook_log_attempts(number: object) -> str:
    return f"{number} attempts"


# admin/webhooks/edit_dialog
WEBHOOK_FIELD_EVENTS: Final = "Events"
WEBHOOK_FIELD_URL: Final = "URL"
WEBHOOK_FIELD_SECRET: Final = "Secret"
WEBHOOK_DEACTIVATED: Final = "Webhook deactivated"
WEBHOOK_ACTIVATED: Final = "Webhook activated"
WEBHOOK_SECRET_TITLE: Final = "Copy the secret now. It won't be shown again."
WEBHOOK_SECRET_COPY: Final = "Copy"
WEBHOOK_SECRET_DONE: Final = "Done"
WEBHOOK_ADD_TITLE: Final = "Add webhook"
WEBHOOK_HINT: Final = "A signed message is sent to this URL for each of the selected events."
WEBHOOK_URL: Final = "URL"
WEBHOOK_EVENTS: Final = "Events"
WEBHOOK_SECRET: Final = "Secret (optional)"
WEBHOOK_SECRET_HINT: Final = "Used to sign messages. Leave empty to generate one."
WEBHOOK_ADD: Final = "Add webhook"
WEBHOOK_ROTATE_HINT: Final = (
    "For one day, messages are signed with both secrets, so that you can update the receiver."
)
WEBHOOK_ROTATE: Final = "Create new secret"
WEBHOOK_DELETE: Final = "Delete webhook"
WEBHOOK_SECRET_BEFORE_URL: Final = "Messages to "
WEBHOOK_SECRET_AFTER_URL: Final = " are signed with it."


def webhook_subject(url: object) -> str:
    return f"The webhook to {url}"


def webhook_deleted(url: object) -> str:
    return f"Webhook to {url} deleted"


def webhook_added(url: object) -> str:
    return f"Webhook to {url} added"


def webhook_changed(url: object) -> str:
    return f"Webhook to {url} saved"


def webhook_edit_title(host: object) -> str:
    return f"Edit the webhook to {host}"


def webhook_rotate_title(host: object) -> str:
    return f"Create a new secret for {host}?"


def webhook_delete_title(host: object) -> str:
    return f"Delete the webhook to {host}?"


def webhook_delete_hint(host: object) -> str:
    return f"Nothing more is sent to {host}, and its message log is deleted. This cannot be undone."


# admin/webhooks/list_page
WEBHOOKS_ALL_EVENTS: Final = "All events"
WEBHOOKS_DELIVERED: Final = "Delivered"
WEBHOOKS_FAILED: Final = "Failed"
WEBHOOKS_RETRYING: Final = "Retrying"
WEBHOOKS_PENDING: Final = "Pending"
WEBHOOKS_ROTATE_ITEM: Final = "New secret…"
WEBHOOKS_NOTHING_SENT: Final = "No messages yet"
WEBHOOKS_ADD: Final = "Add webhook"
WEBHOOKS_LEAD: Final = "Webhooks send signed messages about the events you choose. Failed messages are retried for several days."
WEBHOOKS_EMPTY_TITLE: Final = "No webhooks yet"
WEBHOOKS_EMPTY_HINT: Final = "A webhook sends a signed message to your URL when tickets are created, updated, answered or approved."

# admin/webhooks/rows
WEBHOOKS_EVENT_DESCRIPTIONS: Final[dict[str, str]] = {
    "ticket.created": "A ticket was created",
    "ticket.updated": "A ticket field changed",
    "ticket.status_changed": "The status changed",
    "ticket.assigned": "A ticket was assigned",
    "comment.added": "A comment was added",
    "approval.requested": "An approval was requested",
    "approval.processed": "An approval was decided",
    "file.uploaded": "A file was uploaded",
    "ticket.sla_warning": "A ticket is close to an SLA target",
    "ticket.sla_breached": "A ticket is past an SLA target",
}
"""When each webhook event is sent."""
WEBHOOKS_NO_RESPONSE: Final = "no response"


def webhooks_payload_cut(payload: object) -> str:
    return f"{payload}\\n… truncated; the API returns the whole payload"


def webhooks_responded(status: object) -> str:
    return f"responded with {status}"


def webhooks_attempt(result: object, milliseconds: object) -> str:
    return f"{result} after {milliseconds} ms"


SLA_DAY_CLOSED: Final = "closed"
