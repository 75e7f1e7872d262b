"""Interface texts of the portal, sign-in and registration, ready for translation."""

from __future__ import annotations

from typing import Final

# portal/__init__
MY_TICKETS: Final = "My tickets"
NEW_TICKET: Final = "New ticket"
PROFILE: Final = "Profile"
NOTIFICATIONS: Final = "Notifications"

# portal/layout
NAVIGATION_WORKSPACE: Final = "Agent workspace"

# portal/my_tickets/state
TICKETS_SCOPE_OWN: Final = "My tickets"
TICKETS_SCOPE_COMPANY: Final = "My company's tickets"
TICKETS_TAB_ALL: Final = "All"
TICKETS_TAB_OPEN: Final = "Open"
TICKETS_TAB_WAITING: Final = "Waiting for you"
TICKETS_TAB_RESOLVED: Final = "Resolved"
TICKETS_TAB_CLOSED: Final = "Closed"
TICKETS_SORT_UPDATED: Final = "Last updated"
TICKETS_SORT_NEWEST: Final = "Newest first"
TICKETS_SORT_OLDEST: Final = "Oldest first"
TICKETS_SORT_PRIORITY: Final = "Priority"
TICKETS_SORT_STATUS: Final = "Status"
TICKETS_CREATED_7_DAYS: Final = "Last 7 days"
TICKETS_CREATED_30_DAYS: Final = "Last 30 days"
TICKETS_CREATED_90_DAYS: Final = "Last 90 days"
TICKETS_CREATED_YEAR: Final = "Last 12 months"
TICKETS_CREATED_RANGE: Final = "Custom range"

# portal/my_tickets/view
TICKETS_NUMBER_OPEN: Final = "open"
TICKETS_NUMBER_WAITING: Final = "waiting for you"
TICKETS_NUMBERS: Final = "Your tickets by status"
TICKETS_SEARCH: Final = "Search your tickets"
TICKETS_TYPE: Final = "Type"
TICKETS_ANY_TYPE: Final = "Any type"
TICKETS_PRIORITY: Final = "Priority"
TICKETS_ANY_PRIORITY: Final = "Any priority"
TICKETS_CREATED: Final = "Created"
TICKETS_CREATED_ANY: Final = "Any time"
TICKETS_CREATED_RANGE_ITEM: Final = "Custom range…"
TICKETS_SORT: Final = "Sort"
TICKETS_CLEAR_FILTERS: Final = "Clear filters"
TICKETS_FILTERS: Final = "Filters"
TICKETS_CREATED_FROM: Final = "Created from"
TICKETS_COMMENTS: Final = " comments"
TICKETS_EMPTY_TITLE: Final = "No tickets yet"
TICKETS_EMPTY_HINT: Final = "Your tickets and our replies appear here."
TICKETS_EMPTY_NEW_TICKET: Final = "Submit a ticket"
TICKETS_NO_MATCH_TITLE: Final = "No tickets match these filters"
TICKETS_NO_MATCH_HINT: Final = (
    "Search covers numbers, titles, descriptions and comments. Try fewer words or filters."
)
TICKETS_EMPTY_TAB_TITLE: Final = "No tickets here"
TICKETS_EMPTY_TAB_HINT: Final = "None of your tickets has this status."
TICKETS_EMPTY_TAB_ALL: Final = "View all tickets"
TICKETS_SHOW_MORE: Final = "Show more"

# portal/new_ticket/form
NEW_TICKET_BROWSER: Final = "Browser"
NEW_TICKET_OPERATING_SYSTEM: Final = "Operating system"
NEW_TICKET_SCREEN: Final = "Screen"
NEW_TICKET_LANGUAGE: Final = "Language"
NEW_TICKET_TIME_ZONE: Final = "Time zone"
NEW_TICKET_FIELD_SECTION: Final = "Section"
NEW_TICKET_FIELD_PLUGIN: Final = "Plugin name"
NEW_TICKET_FIELD_VERSION: Final = "Version"
NEW_TICKET_FIELD_UNNAMED: Final = "This"
NEW_TICKET_FIELD_TAGS: Final = "Each ticket"

# portal/new_ticket/state
SERVER_ERROR: Final = "Something went wrong. Try again."

# portal/new_ticket/view
NEW_TICKET_SEVERITY_CRITICAL: Final = "Critical: data loss, or nothing works"
NEW_TICKET_SEVERITY_MAJOR: Final = "Major: an important feature does not work"
NEW_TICKET_SEVERITY_MINOR: Final = "Minor: there is a workaround"
NEW_TICKET_SEVERITY_COSMETIC: Final = "Cosmetic: it only looks wrong"
NEW_TICKET_RATE_ALWAYS: Final = "Every time"
NEW_TICKET_RATE_SOMETIMES: Final = "Sometimes"
NEW_TICKET_RATE_RARELY: Final = "Rarely"
NEW_TICKET_RATE_ONCE: Final = "Once"
NEW_TICKET_TITLE: Final = "Title"
NEW_TICKET_TITLE_EXAMPLE: Final = "Export to PDF cuts off the last column"
NEW_TICKET_TITLE_HINT: Final = "Summarize the problem or request in one line."
NEW_TICKET_SIMILAR: Final = "These tickets are similar. Is one of them about the same?"
NEW_TICKET_SECTION: Final = "Section"
NEW_TICKET_SECTION_CHOOSE: Final = "Choose a section"
NEW_TICKET_SECTION_OTHER: Final = "Which section?"
NEW_TICKET_SECTION_OTHER_LABEL: Final = "Other section"
NEW_TICKET_SECTION_HINT: Final = (
    "The part of the application, so that the right team gets your ticket."
)
NEW_TICKET_BUG: Final = "Bug details"
NEW_TICKET_STEPS: Final = "Steps to reproduce"
NEW_TICKET_STEPS_HINT: Final = "What to do to see the problem, one step per line."
NEW_TICKET_STEPS_EXAMPLE: Final = "1. Open the report\n2. Choose Export to PDF"
NEW_TICKET_EXPECTED_EXAMPLE: Final = "All columns are included"
NEW_TICKET_EXPECTED: Final = "Expected result"
NEW_TICKET_ACTUAL_EXAMPLE: Final = "The last column is cut off"
NEW_TICKET_ACTUAL: Final = "Actual result"
NEW_TICKET_REPRODUCTION_RATE: Final = "How often"
NEW_TICKET_RATE_UNKNOWN: Final = "Not sure"
NEW_TICKET_SEVERITY: Final = "Severity"
NEW_TICKET_SEVERITY_HINT: Final = "How serious the effect is. Priority is how soon you need it."
NEW_TICKET_PLUGIN: Final = "Plugin"
NEW_TICKET_VERSION: Final = "Version"
NEW_TICKET_ENVIRONMENT: Final = "Technical details included with your ticket"
NEW_TICKET_ENVIRONMENT_HINT: Final = (
    "They help us reproduce the problem. You can edit or remove them."
)
NEW_TICKET_ENVIRONMENT_CLEAR: Final = "Remove all"
NEW_TICKET_KIND: Final = "Type"
NEW_TICKET_DESCRIPTION: Final = "Description"
NEW_TICKET_DESCRIPTION_EXAMPLE: Final = "Describe the problem or request. Markdown is supported: **bold**, `code`, lists, ``` for code blocks."
NEW_TICKET_PRIORITY: Final = "Priority"
NEW_TICKET_TAGS: Final = "Tags"
NEW_TICKET_TAGS_HINT: Final = "Keywords for this ticket. Press Enter or a comma to add a tag."
NEW_TICKET_NOT_SUBMITTED: Final = (
    "The ticket was not submitted. Everything you entered is still here."
)
NEW_TICKET_SUBMIT: Final = "Submit ticket"
NEW_TICKET_LEAD: Final = "Tell us what happened or what you need. We reply here."
NEW_TICKET_FILES: Final = "Files "
NEW_TICKET_OPTIONAL: Final = "optional"


# portal/profile/state
PROFILE_TOKEN_30_DAYS: Final = "30 days"
PROFILE_TOKEN_90_DAYS: Final = "90 days"
PROFILE_TOKEN_FOREVER: Final = "No expiration"
PROFILE_TOKEN_REVOKED: Final = "Token revoked"
PROFILE_PASSWORD_CHANGED_DETAIL: Final = "You are signed out everywhere else."
PROFILE_PASSWORD_CHANGED: Final = "Password changed"


def profile_token_name_invalid(reason: object) -> str:
    return f"Name {reason}"


def profile_password_invalid(reason: object) -> str:
    return f"Password {reason}"


def profile_new_password_invalid(reason: object) -> str:
    return f"New password {reason}"


# portal/profile/view
PROFILE_YOU: Final = "Account"
PROFILE_NAME: Final = "Name"
PROFILE_USERNAME: Final = "Username"
PROFILE_PREFERENCES: Final = "Preferences"
PROFILE_NOTIFICATIONS: Final = "Notification settings"
PROFILE_THEME: Final = "Theme"
PROFILE_SHORTCUTS: Final = "Single-key shortcuts"
PROFILE_ASSIGN: Final = "Assign tickets to me when I begin to reply"
PROFILE_ASSIGN_HINT: Final = (
    "The first key of a reply on an unassigned ticket makes you its assignee. You can undo it."
)
PROFILE_UNDO_SEND: Final = "Undo send"
PROFILE_UNDO_SEND_HINT: Final = (
    "Your replies to customers wait this long, so that you can take them back with Undo or z."
)
PROFILE_SHORTCUTS_HINT: Final = "Use keys such as / and N while you are not typing."
PROFILE_PASSWORD: Final = "Password"
PROFILE_EMAIL: Final = "Email address"
PROFILE_EMAIL_UNVERIFIED: Final = "Your email address is not confirmed"
PROFILE_EMAIL_UNVERIFIED_HINT: Final = "Follow the link that we sent you, or have it sent again."
PROFILE_EMAIL_RESEND: Final = "Resend verification email"
PROFILE_EMAIL_ADDRESS: Final = "New email address"
PROFILE_EMAIL_HINT: Final = (
    "We send a link to it. Your current address stays until you have followed the link."
)
PROFILE_EMAIL_SEND: Final = "Send link"
PROFILE_EMAIL_SENT: Final = "Check your email"
PROFILE_EMAIL_SENT_DETAIL: Final = "Follow the link that we sent to confirm the address."
PROFILE_CURRENT_PASSWORD: Final = "Current password"
PROFILE_NEW_PASSWORD: Final = "New password"
PROFILE_CHANGE_PASSWORD: Final = "Change password"
PROFILE_NO_PASSWORD: Final = "You sign in through another application. Change your password there."
PROFILE_TOKEN_REVOKE: Final = "Revoke"
PROFILE_TOKEN_HEADER: Final = "Authorization: Bearer tk_…"
PROFILE_TOKEN_COPY_TITLE: Final = "Copy the token now. It won't be shown again."
PROFILE_TOKEN_COPY: Final = "Copy"
PROFILE_TOKEN_DONE: Final = "Done"
PROFILE_TOKENS: Final = "API tokens"
PROFILE_TOKEN_NEVER_USED: Final = ", never used"
PROFILE_TOKEN_NAME: Final = "Token name"
PROFILE_TOKEN_NAME_EXAMPLE: Final = "My script"
PROFILE_TOKEN_EXPIRES: Final = "Expires in"
PROFILE_TOKEN_CREATE: Final = "Create token"
PROFILE_TOKEN_CREATED: Final = " created "
PROFILE_TOKEN_USED: Final = ", last used "
PROFILE_TOKENS_BEFORE_HEADER: Final = "Send a token in the header "
PROFILE_TOKENS_AFTER_HEADER: Final = ". It has the same permissions as you."


def profile_new_password_hint(length: object) -> str:
    return f"At least {length} characters, and not a common password. You will be signed out on all other devices. API tokens keep working."


def profile_email_invalid(reason: object) -> str:
    return f"Email {reason}"


def profile_revoke_token(name: object) -> str:
    return f"Revoke {name}"


def profile_token_expires(date: object) -> str:
    return f", expires {date}"


# portal/ticket/rows
TICKET_WAITING_HINT: Final = "We will reply here."
TICKET_STATUS_NEW: Final = "We received your request"
TICKET_STATUS_ASSIGNED: Final = "Your request is assigned"
TICKET_STATUS_ASSIGNED_HINT: Final = "Work on it has not started yet."
TICKET_STATUS_IN_PROGRESS: Final = "We are working on it"
TICKET_STATUS_IN_PROGRESS_HINT: Final = "We will reply here."
TICKET_STATUS_ANSWERED_HINT: Final = "Reply below if you need more help."
TICKET_STATUS_ANSWERED: Final = "We replied"
TICKET_STATUS_ANSWERED_WORKING: Final = "We replied and are working on it"
TICKET_STATUS_ANSWERED_WORKING_HINT: Final = "Reply below if you want to add something."
TICKET_STATUS_REPLIED: Final = "We received your reply"
TICKET_STATUS_REPLIED_WORKING_HINT: Final = "We received your reply and will respond here."
TICKET_STATUS_REOPENED: Final = "We are looking at it again"
TICKET_STATUS_PENDING_HINT: Final = "Reply below so that we can continue."
TICKET_STATUS_PENDING: Final = "We need your reply"
TICKET_STATUS_APPROVAL: Final = "Waiting for approval"
TICKET_STATUS_APPROVAL_HINT: Final = "Work continues as soon as it is approved."
TICKET_STATUS_RESOLVED_HINT: Final = "If it isn't, reply below or reopen it."
TICKET_STATUS_RESOLVED: Final = "This ticket is resolved"
TICKET_STATUS_RESOLVED_OLD_HINT: Final = "If you need more help, reply below."
TICKET_STATUS_CLOSED_HINT: Final = "If the problem returns, reply below."
TICKET_STATUS_CLOSED: Final = "This ticket is closed"
TICKET_STATUS_DUPLICATE: Final = "This is handled in another ticket"
TICKET_STATUS_MERGED_HINT: Final = "We handle both together."
TICKET_STATUS_MERGED: Final = "This continues in another ticket"
TICKET_STATUS_WONT_FIX: Final = "We won't fix this"
TICKET_STATUS_WONT_FIX_HINT: Final = "See the conversation below for the reason."
REPLY: Final = "Reply"
TICKET_REPLY_CLOSED_NOTICE: Final = "Your reply will be added here. This ticket stays closed."
TICKET_REPLY_REOPEN: Final = "Reply and reopen"
TICKET_REPLY_REOPEN_NOTICE: Final = "Your reply will reopen this ticket."
TICKET_REPLY_NEW: Final = "Reply in a new ticket"
TICKET_REPLY_NEW_NOTICE: Final = "This ticket was finished more than {days} days ago. Your reply will open a new ticket linked to it."
TICKET_APPROVAL_REJECTED: Final = "Not approved"
TICKET_APPROVAL_CONDITIONS: Final = "Approved with conditions"
TICKET_AUTHOR_STAFF: Final = "Support"
TICKET_HISTORY_UNASSIGNED: Final = "removed the assignee"
TICKET_HISTORY_DUE_SET: Final = "set a due date"
TICKET_HISTORY_DUE_REMOVED: Final = "removed the due date"
TICKET_HISTORY_APPROVAL_REQUESTED: Final = "requested approval"
TICKET_HISTORY_APPROVED: Final = "approved the request"
TICKET_HISTORY_REJECTED: Final = "rejected the request"
TICKET_HISTORY_INFO_REQUESTED: Final = "requested more information"
TICKET_HISTORY_INFO_GIVEN: Final = "provided the requested information"
TICKET_HISTORY_APPROVAL_CANCELLED: Final = "canceled the approval request"
TICKET_HISTORY_SYSTEM: Final = "System"
TICKET_HISTORY_SUBMITTED: Final = "submitted the ticket"
TICKET_SECTION: Final = "Section"
TICKET_REPRODUCTION_RATE: Final = "How often"
TICKET_DEPARTMENT: Final = "Department"
TICKET_STEPS: Final = "Steps to reproduce"
TICKET_EXPECTED: Final = "Expected result"
TICKET_ACTUAL: Final = "Actual result"
TICKET_NOTE: Final = "Note from support"


def ticket_reply_follow_up_notice(number: object) -> str:
    return f"This ticket is closed. Your reply will be added to its follow-up {number}."


def ticket_history_reopened(old: object, new: object) -> str:
    return f"reopened the ticket: {old} to {new}"


def ticket_history_status(old: object, new: object) -> str:
    return f"changed the status from {old} to {new}"


def ticket_history_field_changed(field: object) -> str:
    return f"changed the {field}"


def ticket_history_assigned(name: object) -> str:
    return f"assigned the ticket to {name}"


def ticket_history_merged(number: object) -> str:
    return f"merged the ticket with {number}"


def ticket_history_unmerged(number: object) -> str:
    return f"undid the merge with {number}"


def ticket_history_set(field: str, value: str) -> str:
    return f"changed the {field} to {value}"


def ticket_history_rated(rating: object) -> str:
    return f"rated the ticket {rating} out of 5"


def ticket_history_file_removed(name: object) -> str:
    return f"removed the file {name}"


def ticket_history_file_renamed(old: object, new: object) -> str:
    return f"renamed the file {old} to {new}"


def ticket_submitted_by(name: object) -> str:
    return f"{name} submitted this ticket"


TICKET_SHARED_HINT: Final = "You can view this ticket because your company shares its tickets."
TICKET_HISTORY_FILE_DESCRIBED: Final = "changed the description of a file"


def ticket_history_title(title: object) -> str:
    return f"changed the title to {title}"


def ticket_history_tags(tags: object) -> str:
    return f"set the tags to {tags}"


def ticket_history_follow_up(number: object) -> str:
    return f"replied in the new ticket {number}"


def ticket_history_follow_up_of(number: object) -> str:
    return f"opened the ticket as a follow-up to {number}"


def ticket_history_file_added(name: object) -> str:
    return f"added the file {name}"


# portal/ticket/state
TICKET_SUBMITTED_DETAIL: Final = "We will reply here."
TICKET_REPLY_EMPTY: Final = "Enter a reply."
TICKET_OTHER_OPEN: Final = "Another ticket has been opened in this tab. Nothing was changed."


def ticket_rated(number: object, rating: object) -> str:
    return f"{number} rated {rating} out of 5"


def ticket_submitted(number: object) -> str:
    return f"{number} submitted"


def ticket_saved(number: object) -> str:
    return f"{number} saved"


def ticket_field_set(number: object, label: str, value: str) -> str:
    return f"{number}: {label} set to {value}"


def ticket_reopened(number: object) -> str:
    return f"{number} reopened"


# portal/ticket/view
TICKET_DETAILS: Final = "Details"
TICKET_NUMBER: Final = "Number"
TICKET_TYPE: Final = "Type"
TICKET_SIMILAR: Final = "Similar tickets"
TICKET_YOU: Final = "you"
TICKET_EDIT: Final = "Edit title and description"
TICKET_EDIT_TITLE: Final = "Title"
TICKET_EDIT_DESCRIPTION: Final = "Description"
TICKET_SUBMITTED: Final = "Submitted"
TICKET_UPDATED: Final = "Updated"
TICKET_TAGS: Final = "Tags"
TICKET_RATING: Final = "Your rating"
TICKET_RATE_TICKET: Final = "How was our support?"
TICKET_REPLY_FORM: Final = "Your reply"
TICKET_NOT_SENT: Final = "Your reply was not sent. Your text is still here."
TICKET_REPLY_PLACEHOLDER: Final = "Write a reply"
TICKET_FOLLOW_UP_HINT: Final = ". Your later reply is there."
TICKET_MERGED_HINT: Final = ". Your messages and files are there."
TICKET_MERGED_DELETED_TITLE: Final = "This ticket was merged into a ticket that has been deleted"
TICKET_MERGED_DELETED_HINT: Final = "Submit a new ticket to continue."
TICKET_QUESTION: Final = "Question before approval"
TICKET_REOPEN: Final = "Reopen"
TICKET_MISSING_TITLE: Final = "Ticket not found"
TICKET_MISSING_HINT: Final = (
    "Check the number. You can only see your own tickets and those your company shares."
)
TICKET_WINDOW_TITLE: Final = "Ticket"
TICKET_HISTORY: Final = "History "
TICKET_FOLLOW_UP_OF: Final = "Follow-up to "


def ticket_stars(rating: object, maximum: object) -> str:
    return f"{rating} of {maximum}"


def ticket_continues_in(number: object) -> str:
    return f"This continues in {number}"


def ticket_open(number: object) -> str:
    return f"Open {number}"


# sign_in
SIGN_IN_OPENING: Final = "Opening the help desk"
SIGN_IN_USERNAME_OR_EMAIL: Final = "Username or email"
SIGN_IN_PASSWORD: Final = "Password"
SIGN_IN_TITLE: Final = "Sign in"
SIGN_IN_DEMO: Final = "Demo accounts"
SIGN_IN_DEMO_PASSWORD: Final = "Password for all demo accounts: "
SIGN_IN_CREATE_ACCOUNT: Final = "Create account"
REGISTER_USERNAME: Final = "Username"
REGISTER_USERNAME_FREE: Final = "Username is available"
REGISTER_USERNAME_HINT: Final = "Letters, digits and . _ @ + -"
REGISTER_EMAIL: Final = "Email"
REGISTER_FIRST_NAME: Final = "First name"
REGISTER_LAST_NAME: Final = "Last name"
REGISTER_SUBMIT: Final = "Create account"
REGISTER_CLOSED_TITLE: Final = "Registration is closed"
REGISTER_CLOSED_HINT: Final = "Ask an administrator to create an account for you."
NOT_FOUND_TITLE: Final = "Page not found"
NOT_FOUND_HINT: Final = "Check the address, or go to the home page."
NOT_FOUND_HOME: Final = "Go to home page"
NOT_FOUND_WINDOW: Final = "Page not found"
HOME_WINDOW: Final = "Help desk"
SIGN_IN_NEW_HERE: Final = "New here? "
REGISTER_HAVE_ACCOUNT: Final = "Already have an account? "


def register_password_hint(length: object) -> str:
    return f"At least {length} characters, and not a common password"


def sign_in_as(name: object) -> str:
    return f"Sign in as {name}"


# New ticket: fields in error messages
NEW_TICKET_SUBJECT_TITLE: Final = "A title"
NEW_TICKET_SUBJECT_DESCRIPTION: Final = "A description"
PROFILE_TOKEN_YEAR: Final = "A year"


def profile_undo_seconds(seconds: int) -> str:
    """How long a reply is held."""
    return f"{seconds} seconds" if seconds else "Off"


def new_ticket_files_limits(max_size: str) -> str:
    return f"Screenshots, videos, logs and documents up to {max_size} each"
