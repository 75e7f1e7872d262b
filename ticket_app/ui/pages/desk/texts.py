"""The interface texts of the staff pages, by the page and the place where they are used."""

from typing import Final

# Used on several pages
DESK_PRIORITY: Final = "Priority"
DESK_DUE: Final = "Due"
DESK_STATUS: Final = "Status"
DESK_SEARCH_PEOPLE: Final = "Search people"
DESK_KIND: Final = "Kind"
DESK_SEARCH_COMPANIES: Final = "Search companies"
DESK_SECTION: Final = "Section"
DESK_COMPANY: Final = "Company"
DESK_DELETE: Final = "Delete"
DESK_UNASSIGNED: Final = "Unassigned"
DESK_PREVIEW: Final = "Preview"
DESK_ME: Final = "Me"
DESK_OPEN: Final = "Open"
DESK_MINE: Final = "Mine"
DESK_ALL_TICKETS: Final = "All tickets"
DESK_ALL: Final = "All"
DESK_COPY_TICKET_NUMBER: Final = "Copy ticket number"
DESK_BACK_TO_LIST: Final = "Back to the list"
DESK_UNDO: Final = "Undo"
DESK_MENU_DUPLICATE_OF: Final = "Duplicate of…"
DESK_CANCEL: Final = "Cancel"
DESK_DUE_DATE: Final = "Due date"
DESK_TAGS: Final = "Tags"
DESK_REQUESTER: Final = "Requester"
DESK_DUPLICATE_OF: Final = "Duplicate of"
DESK_ERROR_OTHER_TICKET_OPEN: Final = "Another ticket is open in this tab. Nothing was changed."
DESK_TRASH: Final = "Trash"

# The queue
QUEUE_WINDOW_TITLE: Final = "Tickets"
QUEUE_LAST_UPDATED: Final = "Last updated"
QUEUE_CREATED: Final = "Created"
QUEUE_SEARCH_TAGS: Final = "Search tags"
QUEUE_REMOVE_FILTER: Final = "Remove this filter"
QUEUE_SEARCH_MORE_ELSEWHERE: Final = " more in all tickets"
QUEUE_TAG: Final = "Tag"
QUEUE_DATES_FROM: Final = "From"
QUEUE_DATES_TO: Final = "To"
QUEUE_MORE_FILTERS: Final = "More filters"
QUEUE_MORE_CHANGES: Final = "More"
QUEUE_SORT: Final = "Sort"
QUEUE_ASSIGN: Final = "Assign"
QUEUE_SELECTED_TICKETS: Final = "Selected tickets"
QUEUE_CLEAR_SELECTION: Final = "Clear selection"
QUEUE_SEARCH_ALL_TICKETS: Final = "Search all tickets"
QUEUE_SLA: Final = "SLA"
QUEUE_ASSIGN_TO_ME: Final = "Assign to me"
QUEUE_NUMBER: Final = "Number"
QUEUE_UPDATED: Final = "Updated"
QUEUE_SELECT_PAGE: Final = "Select page"
QUEUE_FILTERS_CLEAR: Final = "Clear"
QUEUE_SEARCH_TICKETS: Final = "Search tickets"
QUEUE_PREVIEW_CLOSE: Final = "Close"
QUEUE_PREVIEW_LATEST_REPLY: Final = "Latest reply "
QUEUE_FILTER_APPLY: Final = "Apply"
QUEUE_SELECTION_FIRST: Final = "First "
QUEUE_SELECTION_ALL: Final = "All "
QUEUE_SELECTION_IN_VIEW: Final = " in this view selected"
QUEUE_SELECTION_ON_PAGE: Final = " on this page selected"
QUEUE_EMPTY_FILTERED_TITLE: Final = "No tickets match these filters"
QUEUE_EMPTY_FILTERED_TEXT: Final = "Change or clear the filters to see more."
QUEUE_EMPTY_SEARCH_TEXT: Final = (
    "Search by words, number, requester, email address, company or file name."
)
QUEUE_CLEAR_FILTERS: Final = "Clear filters"
QUEUE_CLEAR_SEARCH: Final = "Clear search"
QUEUE_ERROR_SELECTION_CHANGED: Final = "The selection has changed. Nothing was changed."

# The standard views of the queue
QUEUE_VIEW_ALL_OPEN: Final = "All open"
QUEUE_VIEW_DUE_SOON: Final = "Due soon"
QUEUE_VIEW_OVERDUE: Final = "Overdue"
QUEUE_VIEW_WAITING: Final = "Waiting"
QUEUE_VIEW_RECENTLY_CLOSED: Final = "Recently closed"
QUEUE_VIEW_OPEN_EMPTY_TITLE: Final = "No open tickets"
QUEUE_VIEW_OPEN_EMPTY_TEXT: Final = "New tickets appear here."
QUEUE_VIEW_MINE_EMPTY_TITLE: Final = "No tickets assigned to you"
QUEUE_VIEW_MINE_EMPTY_TEXT: Final = "Open tickets that are assigned to you appear here."
QUEUE_VIEW_UNASSIGNED_EMPTY_TITLE: Final = "No unassigned tickets"
QUEUE_VIEW_UNASSIGNED_EMPTY_TEXT: Final = "Tickets without an assignee appear here."
QUEUE_VIEW_SNOOZED: Final = "Snoozed"
QUEUE_VIEW_SNOOZED_EMPTY_TITLE: Final = "No snoozed tickets"
QUEUE_VIEW_SNOOZED_EMPTY_TEXT: Final = (
    "Press H on a ticket to put it aside. It comes back at the time you choose, or when there is "
    "new activity."
)
QUEUE_VIEW_DUE_SOON_EMPTY_TITLE: Final = "No tickets due soon"
QUEUE_VIEW_DUE_SOON_EMPTY_TEXT: Final = "Tickets due within a day appear here."
QUEUE_VIEW_OVERDUE_EMPTY_TITLE: Final = "No overdue tickets"
QUEUE_VIEW_OVERDUE_EMPTY_TEXT: Final = "Tickets past their due date appear here."
QUEUE_VIEW_WAITING_EMPTY_TITLE: Final = "No waiting tickets"
QUEUE_VIEW_WAITING_EMPTY_TEXT: Final = "Tickets waiting for a reply or an approval appear here."
QUEUE_VIEW_CLOSED_EMPTY_TITLE: Final = "No recently closed tickets"
QUEUE_VIEW_CLOSED_EMPTY_TEXT: Final = "Tickets closed in the last two weeks appear here."
QUEUE_VIEW_ALL_EMPTY_TITLE: Final = "No tickets yet"
QUEUE_VIEW_ALL_EMPTY_TEXT: Final = (
    "Create the first ticket, or ask people to submit theirs in the portal."
)

# A ticket's page
TICKET_WINDOW_TITLE: Final = "Ticket"
TICKET_FILTER_MESSAGES: Final = "Conversation"
TICKET_FILTER_NOTES: Final = "Notes"
TICKET_FILTER_HISTORY: Final = "History"
TICKET_EDIT_HINT_PLAIN_TEXT: Final = "Plain text: shown exactly as written."
TICKET_EDIT_HINT_MARKDOWN: Final = "Markdown is supported."
TICKET_MISSING_TITLE: Final = "Ticket not found"
TICKET_MISSING_TEXT: Final = "Check the number. The ticket may also be in the trash."
TICKET_FILTER_CONVERSATION: Final = "Filter the conversation"
TICKET_EDIT_HINT_FEEDBACK: Final = "The requester can see this on their ticket. "
TICKET_EDIT_HINT_NOTES: Final = "Only staff can see this. "
TICKET_EDIT_HINT_HOURS: Final = "In hours, such as 1.5. Leave it empty for none."
TICKET_EDIT_HINT_TIME_ZONE: Final = "In your time zone, "
TICKET_EDIT_HINT_DUPLICATE: Final = "Enter the number of the original ticket."
TICKET_DELETED_TITLE: Final = "This ticket is in the trash"
TICKET_DELETED_TEXT: Final = "Undo the deletion to work on it again."
TICKET_PREVIOUS_TICKET: Final = "Previous ticket"
TICKET_NEXT_TICKET: Final = "Next ticket"
TICKET_RESOLVE: Final = "Resolve"
TICKET_RESOLVE_AND_NEXT: Final = " and next"
TICKET_UPDATED_BY: Final = "Ticket updated by "
TICKET_SHOW_CHANGES: Final = "Show changes"
TICKET_DISMISS: Final = "Dismiss"
TICKET_CONVERSATION_EMPTY: Final = "Nothing here yet."
TICKET_COMPOSER_PLACEHOLDER: Final = "Write a message"
TICKET_EDIT_DUPLICATE_LABEL: Final = "Number of the original ticket"
TICKET_RESOLVE_NEXT_TOOLTIP: Final = "Resolve and open the next ticket (E)"
TICKET_PROPERTIES: Final = "Properties"
TICKET_MORE: Final = "More"
TICKET_MENU_EDIT_DESCRIPTION: Final = "Edit description"
TICKET_MENU_EDIT_TITLE: Final = "Edit title"
TICKET_MENU_REQUEST_APPROVAL: Final = "Request approval…"
TICKET_COMPOSER_REPLY_RESOLVE: Final = "Reply and resolve"
TICKET_COMPOSER_REPLY_WAIT: Final = "Reply and wait for requester"
TICKET_EDIT_CURRENT_VALUE: Final = "Current value: "
TICKET_EDIT_MARK_DUPLICATE: Final = "Mark as duplicate"
TICKET_EDIT_SAVE: Final = "Save"
TICKET_RESOLVED_WITHOUT_REPLY: Final = "No one has replied to the requester."
TICKET_MARKED_AS_DUPLICATE: Final = "marked as a duplicate"
TICKET_EDIT_CONFLICT: Final = "Someone else changed this. Save again to replace their change."
TICKET_COMPOSER_FILE_FAILED: Final = "A file was not accepted. Remove it before you send."
TICKET_DUE_DATE_REMOVED: Final = "has no due date"
TICKET_COMPOSER_NOTE_EMPTY: Final = "Write a note first."
TICKET_COMPOSER_REPLY_EMPTY: Final = "Write a reply first."
TICKET_FREQUENCY: Final = "Frequency"
TICKET_STEPS_REPRODUCE: Final = "Steps to reproduce"
TICKET_EXPECTED: Final = "Expected"
TICKET_ACTUAL: Final = "Actual"
TICKET_EVENT_SYSTEM: Final = "System"

# The side panel of a ticket
LOOKUP_SEARCH_CONTACTS: Final = "Search contacts"
TICKET_PANEL_SEARCH_TEAMS: Final = "Search teams"
TICKET_PANEL_SEARCH_DEPARTMENTS: Final = "Search departments"
TICKET_PANEL_REQUEST_APPROVAL: Final = "Waiting for approval…"
TICKET_PANEL_DUE_IN_4_HOURS: Final = "In 4 hours"
TICKET_PANEL_DUE_IN_1_DAY: Final = "In 1 day"
TICKET_PANEL_DUE_IN_2_DAYS: Final = "In 2 days"
TICKET_PANEL_DUE_IN_1_WEEK: Final = "In 1 week"
TICKET_PANEL_CHOOSE_TIME: Final = "Choose a time…"
TICKET_PANEL_NO_DUE_DATE: Final = "No due date"
TICKET_PANEL_FIRST_REPLY: Final = "First reply"
TICKET_PANEL_RESOLUTION: Final = "Resolution"
TICKET_PANEL_FOLLOW_UP_TO: Final = "Follow-up to"
TICKET_PANEL_FOLLOW_UPS: Final = "Follow-ups"
TICKET_PANEL_PUBLIC_EMPTY: Final = "Empty. The requester can see this text."
TICKET_PANEL_INTERNAL_EMPTY: Final = "Empty. Only staff can see this text."
TICKET_PANEL_ESTIMATE: Final = "Estimate"
TICKET_PANEL_TIME_SPENT: Final = "Time spent"
TICKET_PANEL_SIMILAR: Final = "Similar tickets"
NEW_TICKET_SIMILAR: Final = "There are similar tickets:"
TICKET_PANEL_ASSIGNEE_OF: Final = "Assignee of "
TICKET_PANEL_NONE: Final = "None"
TICKET_PANEL_FIRST_TICKET: Final = "First ticket "
TICKET_PANEL_ENVIRONMENT: Final = "Environment"
TICKET_PANEL_FILES: Final = "Files"
TICKET_PANEL_CLOSE_PROPERTIES: Final = "Close properties"
TICKET_PANEL_OTHER_OPEN_TICKETS: Final = "Other open tickets ("
TICKET_PANEL_DUPLICATES: Final = "Duplicates"

# The time log of a ticket
TIME_LOG_TITLE: Final = "Time log"
TIME_LOG_ADD: Final = "Log time"
TIME_LOG_EDIT_ENTRY: Final = "Edit time entry of "
TIME_LOG_EMPTY: Final = "No time logged yet. Only staff can see the entries."
TIME_LOG_HINT: Final = "Only staff can see this. For example 45, 1h 30m or 1:30."
TIME_LOG_DURATION: Final = "Time spent"
TIME_LOG_EXAMPLE: Final = "1h 30m"
TIME_LOG_DAY: Final = "Day"
TIME_LOG_NOTE: Final = "What was done"
TIME_LOG_INVALID: Final = "Enter a duration such as 45, 1h 30m or 1:30."
TIME_LOG_INVALID_DAY: Final = "Enter a day."
TIME_LOG_CHANGED: Final = "time entry changed"
TIME_LOG_DELETED: Final = "time entry deleted"

# Merging tickets
TICKET_MERGE_MENU_ITEM: Final = "Merge into…"
TICKET_MERGE_NOTICE_TITLE: Final = "Merged into "
TICKET_MERGE_NOTICE_TEXT: Final = ". Continue the conversation there."
TICKET_MERGE_TRASHED_TITLE: Final = "Merged into a ticket that is in the trash"
TICKET_MERGE_TRASHED_TEXT: Final = "Its replies and notes are there too."
TICKET_MERGE_SOURCES: Final = "Merged tickets"
TICKET_MERGE_DIALOG_TEXT: Final = (
    "Moves replies, notes, files and tags to the ticket you enter and closes this one. Both "
    "tickets need the same requester."
)
TICKET_MERGE_DIALOG_TITLE: Final = "Merge "
TICKET_MERGE_OPEN_TARGET: Final = "Open "
TICKET_MERGE_TARGET_LABEL: Final = "Number of the target ticket"
TICKET_MERGE_SUBMIT: Final = "Merge"

# The dialog that edits a field
TICKET_DUE_IN_4_HOURS: Final = "in 4 hours"
TICKET_DUE_IN_1_DAY: Final = "in 1 day"
TICKET_DUE_IN_2_DAYS: Final = "in 2 days"
TICKET_DUE_IN_1_WEEK: Final = "in 1 week"
TICKET_EDIT_INVALID_TIME: Final = "is not a valid date and time"

# Files

# Sidebar and shortcuts
SHORTCUTS_ANYWHERE: Final = "Anywhere"
SHORTCUTS_GO_TO: Final = "Go to"
SHORTCUTS_IN_LIST: Final = "In the list"
SHORTCUTS_ON_TICKET: Final = "On a ticket"
LAYOUT_NEW_TICKET: Final = "New ticket"
LAYOUT_INBOX: Final = "Inbox"
LAYOUT_APPROVALS: Final = "Approvals"
SHORTCUTS_TITLE: Final = "Keyboard shortcuts"
SHORTCUTS_TEXT: Final = (
    "Shortcuts work outside of text fields. You can turn them off in your profile."
)
LAYOUT_NEW: Final = "New"
SHORTCUT_HELP: Final = "This help"
SHORTCUT_SEARCH: Final = "Search"
SHORTCUT_PALETTE: Final = "Search and commands"
SHORTCUT_THEME: Final = "Switch between light and dark"
SHORTCUT_HOME: Final = "Home"
SHORTCUT_COPY: Final = "Copy the number; with the title; with the link"
SHORTCUT_TEAM_TAGS: Final = "Set team, edit tags"
SHORTCUT_FOLLOW: Final = "Follow the ticket, or stop"
TICKET_ASSIGN_TO_ME: Final = "Assign to me"
TICKET_CLOSE: Final = "Close the ticket"
TICKET_COPY_WITH_TITLE: Final = "Copy number and title"
TICKET_COPY_WITH_LINK: Final = "Copy number, title and link"
SHORTCUT_COLLAPSE_SIDEBAR: Final = "Collapse the sidebar"
LAYOUT_ANALYTICS: Final = "Analytics"
LAYOUT_SETTINGS: Final = "Settings"
SHORTCUT_NEXT_IN_LIST: Final = "Next, previous ticket"
SHORTCUT_SELECT: Final = "Select; several with Shift and a click or an arrow key"
SHORTCUT_CHANGE_SELECTED: Final = "Assign, set status or set priority of the selected tickets"
SHORTCUT_CLEAR_SELECTION: Final = "Clear the selection, close"
SHORTCUT_REPLY: Final = "Reply"
SHORTCUT_NOTE: Final = "Internal note"
SHORTCUT_SNOOZE: Final = "Snooze"
SHORTCUT_CHANGE_TICKET: Final = "Assign, set status, set priority"
SHORTCUT_MACROS: Final = "Macros, then the macro's key"
SHORTCUT_SAVED_REPLIES: Final = "Saved replies, in the composer"
SHORTCUT_RESOLVE_NEXT: Final = "Resolve and open the next ticket"
SHORTCUT_NEXT_IN_VIEW: Final = "Next, previous ticket in the view"
SHORTCUT_SEND: Final = "Send"
SHORTCUT_SEND_RESOLVE: Final = "Send and resolve"
LAYOUT_SIGN_OUT: Final = "Sign out"
LAYOUT_PROFILE: Final = "Profile"
LAYOUT_MY_REPLIES: Final = "Saved replies and macros"
LAYOUT_MY_TICKETS: Final = "My tickets"
LAYOUT_NOTIFICATION_SETTINGS: Final = "Notification settings"

# Searchable menus
LOOKUP_NO_MATCHES: Final = "No matches"

# The trash
TRASH_RESTORE: Final = "Restore"
TRASH_DENIED_TITLE: Final = "Only administrators can open the trash"
TRASH_EMPTY_TITLE: Final = "The trash is empty"
TRASH_EMPTY_TEXT: Final = "Deleted tickets appear here and can be restored."

# Changes of tickets, as in "BUG-15 assigned to Mia"
CHANGE_UNASSIGNED: Final = "unassigned"

# Undo

# Titles of windows and the settings menu
SETTINGS_PEOPLE: Final = "People"
SETTINGS_TICKETS: Final = "Tickets"
SETTINGS_AUTOMATION: Final = "Saved replies and macros"
SETTINGS_APPROVALS: Final = "Approvals"
SETTINGS_SERVICE_LEVELS: Final = "Service levels"
SETTINGS_RATINGS: Final = "Ratings"
SETTINGS_WEBHOOKS: Final = "Webhooks"
SETTINGS_MAIL: Final = "Email"
SETTINGS_JOBS: Final = "Background jobs"
SETTINGS_AUDIT: Final = "Audit log"

# Approvals: the dialog of a decision
APPROVAL_APPROVE: Final = "Approve"
APPROVAL_APPROVE_HINT: Final = (
    "Only staff can see the comment. The requester can see the conditions."
)
APPROVAL_COMMENT: Final = "Comment (optional)"
APPROVAL_REJECT: Final = "Reject"
APPROVAL_REJECT_HINT: Final = "The requester can see the reason. The ticket is closed as won't fix."
APPROVAL_REASON: Final = "Reason"
APPROVAL_ASK_TITLE: Final = "Ask the requester"
APPROVAL_ASK_HINT: Final = (
    "The requester can see your question on the ticket. Their answer returns the request to you."
)
APPROVAL_ASK: Final = "Ask"
APPROVAL_ASK_QUESTION: Final = "What do you need to know?"
APPROVAL_ASK_DONE: Final = "question sent to the requester"
APPROVAL_DELEGATE: Final = "Delegate"
APPROVAL_DELEGATE_HINT: Final = "Another person decides in your place."
APPROVAL_MESSAGE: Final = "Message (optional)"
APPROVAL_REQUEST: Final = "Request approval"
APPROVAL_REQUEST_HINT: Final = "The ticket waits for the decision. Without an approver, the matching policy applies, or the department's manager decides."
APPROVAL_REQUEST_REASON: Final = "Reason (optional)"
APPROVAL_REQUEST_DONE: Final = "approval requested"
APPROVAL_APPROVE_DONE: Final = "approved"
APPROVAL_REJECT_DONE: Final = "rejected"
APPROVAL_DELEGATE_DONE: Final = "delegated"
APPROVAL_WITHDRAW_DONE: Final = "approval request withdrawn"
APPROVAL_REQUIRED_FIELD: Final = "This field is required."
APPROVAL_CHOOSE_DELEGATE: Final = "Choose a delegate."
APPROVAL_APPROVER: Final = "Approver (optional)"
APPROVAL_DELEGATE_TO: Final = "Delegate to"
APPROVAL_CHANGE_PERSON: Final = "Change"
APPROVAL_CONDITIONS: Final = "Conditions, one per line (optional)"

# Approvals: the list
APPROVALS_SELECT: Final = "Select "
APPROVALS_SELECTED: Final = " selected"
APPROVALS_REQUESTED_AT: Final = "asked "
APPROVALS_EMPTY_TITLE: Final = "No pending approvals"
APPROVALS_EMPTY_TEXT: Final = "Requests for your approval appear here."
APPROVAL_DUE: Final = "Decide"
APPROVALS_ASK: Final = "Ask the requester…"
APPROVALS_DELEGATE: Final = "Delegate…"
APPROVALS_MORE_ACTIONS: Final = "More actions for "
APPROVAL_ANY_APPROVER: Final = "any of them"
APPROVAL_ALL_APPROVERS: Final = "all of them"
APPROVAL_TITLE: Final = "Approval"

# Approvals: the panel on a ticket
APPROVAL_STATE_WAITING: Final = "Upcoming"
APPROVAL_STATE_PENDING: Final = "Waiting"
APPROVAL_STATE_INFO_REQUESTED: Final = "Waiting for information"
APPROVAL_STATE_APPROVED: Final = "Approved"
APPROVAL_STATE_REJECTED: Final = "Rejected"
APPROVAL_STATE_DELEGATED: Final = "Delegated"
APPROVAL_STATE_CANCELLED: Final = "Not needed"
APPROVAL_NEXT_STEP: Final = "next"
APPROVAL_REQUESTED_BY: Final = ", requested by "
APPROVAL_NEEDS_YOURS: Final = "Needs your approval"
APPROVAL_WAITING: Final = "Waiting for approval"
APPROVAL_QUESTION: Final = "Question to the requester: "
APPROVAL_WITHDRAW: Final = "Withdraw"

# Filters of the queue that reports link to
QUEUE_FILTER_SLA_MET: Final = "SLA met"
QUEUE_FILTER_SLA_BREACHED: Final = "SLA breached"
QUEUE_FILTER_RESPONSE_MET: Final = "First reply on time"
QUEUE_FILTER_RESPONSE_BREACHED: Final = "First reply late"
QUEUE_FILTER_ANSWERED: Final = "Answered"
QUEUE_FILTER_RATED: Final = "Rated"
QUEUE_FILTER_REOPENED: Final = "Reopened"
QUEUE_FILTER_RESOLVED_ONCE: Final = "Resolved at least once"
QUEUE_DATES_RESOLVED: Final = "Resolved"
QUEUE_DATES_FIRST_REPLY: Final = "First reply"
QUEUE_DATES_SLA: Final = "SLA met or breached"

# New ticket
NEW_TICKET_SUBJECT_NAME: Final = "The name"
NEW_TICKET_SUBJECT_EMAIL: Final = "An email address"
NEW_TICKET_SUBJECT_SECTION: Final = "The section"
NEW_TICKET_SUBJECT_TITLE: Final = "A title"
NEW_TICKET_SUBJECT_DESCRIPTION: Final = "A description"
NEW_TICKET_SUBJECT_TAGS: Final = "Each ticket"
NEW_TICKET_CHOOSE_REQUESTER: Final = "Choose a requester"
NEW_TICKET_NEW_PERSON: Final = "New person"
NEW_TICKET_PERSON_PLACEHOLDER: Final = "Name or email"
NEW_TICKET_TITLE: Final = "Title"
NEW_TICKET_DESCRIPTION: Final = "Description"
NEW_TICKET_SEARCH_PEOPLE: Final = "Search by name or email"
NEW_TICKET_PERSON_NAME: Final = "Name"
NEW_TICKET_PERSON_EMAIL: Final = "Email"
NEW_TICKET_FAILED: Final = "The ticket was not created. Your text is still here."
NEW_TICKET_ASSIGN_TO_ME: Final = "Assign to me"
NEW_TICKET_DRAFT_FOR: Final = "For "
NEW_TICKET_SUBMIT: Final = "Create ticket"
NEW_TICKET_NO_SECTION: Final = "None"
NEW_TICKET_CHANNEL: Final = "Contacted by"

# The history of a ticket
HISTORY_APPROVAL: Final = "approval"
HISTORY_APPROVAL_REQUESTED: Final = "requested approval"
HISTORY_APPROVAL_REQUESTED_FROM: Final = "requested approval from"
HISTORY_APPROVAL_APPROVED: Final = "approved"
HISTORY_APPROVAL_REJECTED: Final = "rejected"
HISTORY_APPROVAL_COMMENTED: Final = "commented on the approval"
HISTORY_APPROVAL_DELEGATED: Final = "delegated the approval to"
HISTORY_APPROVAL_ASKED: Final = "asked the requester for information"
HISTORY_APPROVAL_ANSWERED: Final = "answered the approvers' question"
HISTORY_APPROVAL_ESCALATED: Final = "escalated the approval to"
HISTORY_APPROVAL_WITHDRAWN: Final = "withdrew the approval request"
HISTORY_UNMERGED_FROM: Final = "unmerged this from"
HISTORY_MERGED_INTO: Final = "merged this into"
HISTORY_UNMERGED: Final = "unmerged"
HISTORY_MERGED_IN: Final = "merged in"
HISTORY_ROUTED: Final = "routed the ticket by the rule"
HISTORY_FOLLOW_UP: Final = "replied to the closed ticket and opened"
HISTORY_FOLLOW_UP_OF: Final = "opened this as a follow-up to"
HISTORY_SLA_AT_RISK: Final = "is at risk,"
HISTORY_SLA_BREACHED: Final = "was breached,"
HISTORY_SLA_CHANGED: Final = "changed,"
HISTORY_ATTACHED: Final = "attached"
HISTORY_DELETED: Final = "moved the ticket to the trash"
HISTORY_RESTORED: Final = "restored the ticket"
HISTORY_REOPENED: Final = "reopened the ticket as"
HISTORY_FILE_REMOVED: Final = "removed the file"
HISTORY_FILE_RENAMED: Final = "renamed a file to"
HISTORY_CC_ADDED: Final = "added to Cc"
HISTORY_CC_REMOVED: Final = "removed from Cc"
HISTORY_COMMENT_EDITED: Final = "edited a comment:"
HISTORY_COMMENT_DELETED: Final = "deleted a comment"
HISTORY_ASSIGNED: Final = "assigned this to"
HISTORY_UNASSIGNED: Final = "unassigned"


# Texts with values
def queue_filter(name: str, value: str) -> str:
    return f"{name}: {value}"


def queue_date_range(since: str, until: str) -> str:
    return f"{since} to {until}"


def queue_matches_elsewhere(number: str) -> str:
    return f"No matches in this view, {number} in all tickets"


def queue_searched_for(search: str) -> str:
    return f"Searched for “{search}”."


def queue_no_matches(search: str) -> str:
    return f"No tickets match “{search}”"


def queue_range(first: int, last: int, total: str) -> str:
    return f"{first:,}–{last:,} of {total}"


def queue_select_all(total: str) -> str:
    return f"Select all {total} in this view"


def queue_select_first(number: int, total: str) -> str:
    return f"Select the first {number} of {total} in this view"


def queue_not_changed(number: int, reason: str) -> str:
    return f"{number} not changed: {reason}"


def change_set_to(value: str) -> str:
    return f"set to {value}"


def change_set_priority(priority: str) -> str:
    return f"set to {priority} priority"


def change_assigned(name: str) -> str:
    return f"assigned to {name}"


def change_moved(group: str, name: str) -> str:
    return f"moved to {group} {name}"


def change_removed(group: str) -> str:
    return f"removed from its {group}"


def change_due(when: str) -> str:
    return f"is due {when}"


def ticket_has_changed(number: str) -> str:
    return f"{number} has changed since you last saw it. Nothing was changed."


def ticket_edit_invalid(reason: str) -> str:
    return f"This {reason.removesuffix('.')}."


def ticket_field_of(field: str, number: str) -> str:
    return f"{field} of {number}"


def ticket_menu_of(label: str) -> str:
    return f"{label} of "


def time_logged(duration: str) -> str:
    return f"{duration} logged"


def log_time_on(number: str) -> str:
    return f"Log time on {number}"


def time_entry_of(number: str) -> str:
    return f"Time entry of {number}"


def time_outside_log(duration: str) -> str:
    return f"{duration} outside the time log"


def time_estimated(duration: str) -> str:
    return f"{duration} estimated"


def ticket_field_changed(field: str) -> str:
    return f"{field} changed"


def contact_with_company(name: str, company: str) -> str:
    return f"{name}, {company}"


def queue_any(field: str) -> str:
    return f"Any {field}"


def no_value(field: str) -> str:
    return f"No {field}"


def ticket_edit(field: str) -> str:
    return f"Edit {field}"


def ticket_mark_duplicate(number: str) -> str:
    return f"Mark {number} as a duplicate"


def ticket_merged(number: str, target: str) -> str:
    return f"{number} merged into {target}"


def ticket_actors(name: str, others: int) -> str:
    return f"{name} and {others} more"


def ticket_changes_by(number: int, actors: str) -> str:
    return f"{number} changes by {actors}"


def history_edited(field: str) -> str:
    return f"edited the {field}"


def history_set(field: str) -> str:
    return f"set the {field} to"


def history_cleared(field: str) -> str:
    return f"cleared the {field}"


def history_sla_target(goal: str, change: str) -> str:
    return f"noted that the {goal} target {change} due"


def approval_review_first(reason: str) -> str:
    return f"{reason} Review it before you decide."


def approval_done(tickets: str, change: str) -> str:
    return f"{tickets}: {change}"


def approval_quorum(number: object) -> str:
    return f"{number} of them"


def approval_step(number: int) -> str:
    return f"Step {number}"


QUEUE_FILTER_WITH_SNOOZED: Final = "Including snoozed"
QUEUE_FILTER_LABELS: Final[dict[str, str]] = {
    "sla_met": QUEUE_FILTER_SLA_MET,
    "sla_breached": QUEUE_FILTER_SLA_BREACHED,
    "response_met": QUEUE_FILTER_RESPONSE_MET,
    "response_breached": QUEUE_FILTER_RESPONSE_BREACHED,
    "answered": QUEUE_FILTER_ANSWERED,
    "rated": QUEUE_FILTER_RATED,
    "reopened": QUEUE_FILTER_REOPENED,
    "resolved_once": QUEUE_FILTER_RESOLVED_ONCE,
    "with_snoozed": QUEUE_FILTER_WITH_SNOOZED,
}
CHANGE_STATUS_VERBS: Final[dict[str, str]] = {
    "resolved": "resolved",
    "closed": "closed",
    "reopened": "reopened",
}
"""The statuses whose toast is a verb; the others are "set to"."""
