"""The settings pages for email: outgoing, parked, mailboxes, templates and addresses."""
