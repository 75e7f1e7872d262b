"""A new ticket: one form, kept on the server while it is written."""
