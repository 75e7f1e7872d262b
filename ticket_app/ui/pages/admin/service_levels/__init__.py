"""The settings page for SLA policies and business calendars."""
