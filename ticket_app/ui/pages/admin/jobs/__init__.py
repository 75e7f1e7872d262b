"""The settings page for failed background jobs."""
