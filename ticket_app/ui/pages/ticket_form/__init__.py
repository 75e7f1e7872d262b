"""The form of a new ticket, for staff and for requesters."""
