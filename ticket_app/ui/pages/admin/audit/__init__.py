"""The settings page with the audit log."""
