"""The interface texts of the widgets, by the widget in which they are used."""

from typing import Final

# Files
UPLOAD_CHOOSE_FILES: Final = "Choose files"
UPLOAD_DROP_OR_PASTE: Final = ", drop them here or paste a screenshot"
FILE_REMOVE: Final = "Remove file"

# Badges
AVATAR_UNASSIGNED: Final = "Unassigned"
TICKET_COPY_NUMBER: Final = "Copy number"
TAG_REMOVE: Final = "Remove "
BUTTON_MORE_OPTIONS: Final = "More options"
CHOICE_KIND: Final = "Kind"
CHOICE_PRIORITY: Final = "Priority"

# Composer
COMPOSER_PLACEHOLDER: Final = "Write a reply"
COMPOSER_REPLY: Final = "Reply"
COMPOSER_ADD_NOTE: Final = "Add note"
COMPOSER_REPLY_AND_RESOLVE: Final = "Reply and resolve"
COMPOSER_REPLY_AND_WAIT: Final = "Reply and wait"
COMPOSER_INTERNAL_NOTE: Final = "Internal note"
COMPOSER_AUDIENCE: Final = "Visible to"
COMPOSER_NOTE_AUDIENCE: Final = "Visible to staff only"
COMPOSER_REPLY_WITH_STATUS: Final = "Reply and change the status"
COMPOSER_SAVED_REPLIES: Final = "Saved replies"
COMPOSER_SAVED_REPLIES_TOOLTIP: Final = "Saved replies (/)"
COMPOSER_ATTACH_FILES: Final = "Attach files"

# Conversation
CONVERSATION: Final = "Conversation"
CONVERSATION_NEW: Final = "New"
CONVERSATION_INTERNAL_NOTE: Final = "Internal note"
TICKET_PROPERTIES: Final = "Properties"

# Errors, loading and drafts
LOADING_TICKETS: Final = "Loading tickets"
LOADING_CONVERSATION: Final = "Loading the conversation"
OFFLINE: Final = "You are offline. What you write is saved on this device."
DRAFT_SAVED: Final = "Draft saved"
DRAFT_SAVED_ON_DEVICE: Final = "Saved on this device"
DRAFT_WILL_BE_SENT: Final = "Will be sent when you are back online"

# Layout
LAYOUT_BRAND: Final = "Ticket, home"
THEME_LIGHT: Final = "Light"
THEME_DARK: Final = "Dark"
THEME_SYSTEM: Final = "System"
THEME: Final = "Theme"
THEME_TOGGLE: Final = "Switch between light and dark"
LAYOUT_VIEWS: Final = "Views"
LAYOUT_MAIN: Final = "Main"
LAYOUT_SKIP_TO_CONTENT: Final = "Skip to content"
LAYOUT_NOTIFICATION_SETTINGS: Final = "Notification settings"
LAYOUT_NOTIFICATIONS: Final = "Notifications"
LAYOUT_INSTALL_APP: Final = "Install app"
LAYOUT_SIGN_OUT: Final = "Sign out"
LAYOUT_PALETTE: Final = "Search and commands"
LAYOUT_OPEN_MENU: Final = "Open menu"
LAYOUT_FILTERS: Final = "Filters"
LAYOUT_LIST_WIDTH: Final = "Width of the list"
LAYOUT_ACCOUNT: Final = "Your account"
LAYOUT_COLLAPSE_SIDEBAR: Final = "Collapse the sidebar"

# Lists
LIST_UNREAD: Final = "Unread"
LIST_TICKETS: Final = "Tickets"
LIST_SEARCH: Final = "Search"
LIST_STATUS: Final = "Status"
LIST_PAGES: Final = "Pages"
LIST_SELECTED_TICKETS: Final = "Selected tickets"
LIST_PREVIOUS: Final = "Previous"
LIST_NEXT: Final = "Next"
LIST_SELECT: Final = "Select "

# Markdown
MARKDOWN_BOLD: Final = "Bold"
MARKDOWN_ITALIC: Final = "Italic"
MARKDOWN_CODE: Final = "Code"
MARKDOWN_LINK: Final = "Link"
MARKDOWN_LIST: Final = "List"
MARKDOWN_QUOTE: Final = "Quote"
MARKDOWN_FORMATTING: Final = "Formatting"
MARKDOWN_WRITE: Final = "Write"
MARKDOWN_PREVIEW: Final = "Preview"


def unread_notifications(number: object) -> str:
    return f"Notifications, {number} unread"


def menu_of(label: str) -> str:
    return f"{label} of "


def with_shortcut(label: str, keys: str) -> str:
    return f"{label} ({keys})"
